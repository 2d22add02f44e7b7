// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/ArmScope.h"
#include "network/InventoryBuilder.h"

namespace tocsin::network {

/// Evaluates a deployment template and hands its resources to the builder: copy loops, conditions, child resources and
/// inline nested deployments included. What cannot be evaluated becomes a finding; the rest is still loaded.
void expandTemplate(const JsonTree& document, const JsonTree& parameterValues, const DeploymentPlace& place, const std::string& source, InventoryBuilder& builder);

} // namespace tocsin::network
