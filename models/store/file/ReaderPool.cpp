// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/file/ReaderPool.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kMostIdle = 16;

} // namespace

Result<ReaderPool::Lease> ReaderPool::acquire()
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            Connection connection = std::move(m_idle.back());
            m_idle.pop_back();
            return Lease(*this, std::move(connection));
        }
    }
    TOCSIN_TRY_ASSIGN(Connection connection, openReader(m_access));
    return Lease(*this, std::move(connection));
}

void ReaderPool::giveBack(Connection connection)
{
    const std::lock_guard lock(m_mutex);
    if (m_idle.size() < kMostIdle)
        m_idle.push_back(std::move(connection));
}

} // namespace tocsin::store
