// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/SnapshotPins.h"

#include <algorithm>
#include <limits>

namespace tocsin::store {

SnapshotPins::Pin::~Pin()
{
    const std::lock_guard lock(m_pins->m_mutex);
    m_pins->m_pinned.erase(m_pins->m_pinned.find(m_epoch));
}

std::shared_ptr<const SnapshotPins::Pin> SnapshotPins::pin()
{
    const std::lock_guard lock(m_mutex);
    m_pinned.insert(m_epoch);
    return std::shared_ptr<const Pin>(new Pin(shared_from_this(), m_epoch));
}

void SnapshotPins::retire(const std::vector<std::int64_t>& segments)
{
    if (segments.empty())
        return;
    const std::lock_guard lock(m_mutex);
    ++m_epoch;
    for (const std::int64_t segment : segments)
        m_retired.emplace_back(m_epoch, segment);
}

std::vector<std::int64_t> SnapshotPins::takeUnneeded()
{
    const std::lock_guard lock(m_mutex);
    const std::uint64_t oldest = m_pinned.empty() ? std::numeric_limits<std::uint64_t>::max() : *m_pinned.begin();
    std::vector<std::int64_t> unneeded;
    std::erase_if(m_retired, [&](const auto& entry) {
        if (entry.first > oldest)
            return false;
        unneeded.push_back(entry.second);
        return true;
    });
    return unneeded;
}

} // namespace tocsin::store
