// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/TopologyGraph.h"

namespace tocsin::network {
struct Inventory;
}

namespace tocsin::items {

/// What of an inventory is drawn: networks, subnets and what stands in them. Security groups and route tables are named in the
/// details of what they belong to; next hops of user routes are dashed lines between interfaces.
TopologyGraph topologyOf(const network::Inventory& inventory);

} // namespace tocsin::items
