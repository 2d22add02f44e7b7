// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Connectivity.h"
#include "network/Requests.h"

#include <string>
#include <string_view>

namespace tocsin::network {

/// The direct commands of the command line, each a JSON text in the field names of the public REST API.
std::string topologyJson(const Inventory& inventory);
Result<std::string> flowVerifyJson(const Inventory& inventory, const FlowVerifyRequest& request);
Result<std::string> nextHopJson(const Inventory& inventory, const TargetName& target, const std::string& destination, const std::string& source = {});
Result<std::string> effectiveRulesJson(const Inventory& inventory, const TargetName& target);
Result<std::string> effectiveRoutesJson(const Inventory& inventory, const TargetName& target);
Result<std::string> checkJson(const Inventory& inventory, const ConnectivityRequest& request);
Result<std::string> reachJson(const Inventory& inventory, const ConnectivityRequest& request);
/// `edits` is a JSON array; see WhatIf.h.
Result<std::string> whatIfJson(const Inventory& inventory, std::string_view edits, const ConnectivityRequest& request);
/// What the loader found odd about the inventory.
std::string findingsJson(const Inventory& inventory);

} // namespace tocsin::network
