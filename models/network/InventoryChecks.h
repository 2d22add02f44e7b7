// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Inventory.h"

namespace tocsin::network {

/// Adds findings about a loaded inventory: duplicate priorities, overlapping subnets, next hops nobody owns, tags a place cannot use.
void checkInventory(Inventory& inventory);

} // namespace tocsin::network
