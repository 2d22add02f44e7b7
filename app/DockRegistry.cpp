// SPDX-License-Identifier: GPL-3.0-or-later
#include "DockRegistry.h"

#include <algorithm>

namespace tocsin::app {

void DockRegistry::add(DockDescription dock)
{
    Q_ASSERT(!find(dock.id));
    m_docks.push_back(std::move(dock));
}

const DockDescription* DockRegistry::find(const QString& id) const
{
    const auto found = std::find_if(m_docks.begin(), m_docks.end(), [&id](const DockDescription& dock) { return dock.id == id; });
    return found == m_docks.end() ? nullptr : &*found;
}

} // namespace tocsin::app
