// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/ColumnCache.h"

namespace tocsin::store {

std::shared_ptr<const StoredPart> ColumnCache::find(const Key& key)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_places.find(key);
    if (found == m_places.end())
        return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, found->second);
    return found->second->stored;
}

void ColumnCache::put(const Key& key, std::shared_ptr<const StoredPart> stored)
{
    const std::size_t bytes = stored->memoryBytes();
    const std::lock_guard lock(m_mutex);
    if (bytes > m_budget || m_places.contains(key))
        return;
    m_entries.push_front({key, std::move(stored), bytes});
    m_places[key] = m_entries.begin();
    m_bytes += bytes;
    dropBeyondBudget();
}

void ColumnCache::dropBeyondBudget()
{
    while (m_bytes > m_budget) {
        m_bytes -= m_entries.back().bytes;
        m_places.erase(m_entries.back().key);
        m_entries.pop_back();
    }
}

void ColumnCache::replace(const Key& key, std::shared_ptr<const StoredPart> stored)
{
    const std::size_t bytes = stored->memoryBytes();
    const std::lock_guard lock(m_mutex);
    const auto found = m_places.find(key);
    if (found == m_places.end())
        return;
    Entry& entry = *found->second;
    m_bytes = m_bytes - entry.bytes + bytes;
    entry.stored = std::move(stored);
    entry.bytes = bytes;
    dropBeyondBudget();
}

std::size_t ColumnCache::bytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

} // namespace tocsin::store
