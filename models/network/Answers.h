// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Json.h"
#include "network/Connectivity.h"
#include "network/EffectiveRules.h"
#include "network/Requests.h"
#include "network/Topology.h"
#include "network/WhatIf.h"

namespace tocsin::network {

/// Results as JSON in the field names of the public REST API, with our own fields beside them (`assumptions`, `networkSecurityGroup`,
/// `losers` …). Absent measurements are null. Each writes exactly one JSON value.
void writeFlowVerdict(JsonWriter& out, const FlowVerdict& verdict);
/// NSG diagnostics: `results[].networkSecurityGroupResult`.
void writeDiagnostics(JsonWriter& out, const RuleDiagnosticsRequest& request, const FlowVerdict& verdict);
void writeNextHop(JsonWriter& out, const NextHopAnswer& answer);
void writeEffectiveRoutes(JsonWriter& out, const Inventory& inventory, const EffectiveRoutes& routes);
void writeEffectiveRules(JsonWriter& out, const Inventory& inventory, Index nic);
void writeConnectivity(JsonWriter& out, const ConnectivityResult& result);
void writeTopology(JsonWriter& out, const TopologyGraph& graph);
void writePortRanges(JsonWriter& out, const PortSet& ports);
void writeTexts(JsonWriter& out, const std::vector<std::string>& texts);

} // namespace tocsin::network
