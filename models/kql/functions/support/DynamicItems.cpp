// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/DynamicItems.h"

#include "kql/functions/support/Hashing.h"

#include <algorithm>

namespace tocsin::kql {

std::size_t ItemSet::slotOf(std::string_view encoded) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = hashBytes(encoded) & mask;
    while (m_slots[slot] != 0 && m_items.item(m_slots[slot] - 1) != encoded)
        slot = (slot + 1) & mask;
    return slot;
}

void ItemSet::grow()
{
    m_slots.assign(std::max<std::size_t>(8, m_slots.size() * 2), 0);
    for (std::size_t i = 0; i < m_items.size(); ++i)
        m_slots[slotOf(m_items.item(i))] = static_cast<std::uint32_t>(i + 1);
}

bool ItemSet::insert(std::string_view encoded)
{
    if (m_items.size() * 4 >= m_slots.size() * 3)
        grow();
    const std::size_t slot = slotOf(encoded);
    if (m_slots[slot] != 0)
        return false;
    m_items.appendEncodedItem(encoded);
    m_slots[slot] = static_cast<std::uint32_t>(m_items.size());
    return true;
}

bool ItemSet::contains(std::string_view encoded) const { return !m_slots.empty() && m_slots[slotOf(encoded)] != 0; }

} // namespace tocsin::kql
