// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/InventoryLoader.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace tocsin::network {

/// Answers one question of the network question language: a JSON object with `op` and the fields of that operation
/// (ipFlowVerify, nsgDiagnostics, nextHop, effectiveRoutes, effectiveRules, expandTag, connectivityCheck, statefulReply, reachablePorts,
/// whatIf, flowTotals, flowType, captureFilter, vpnTroubleshoot, subnetUsage, limits, topology). Gives a JSON object.
/// Errors: kBadJson, kBadQuestion and those of the operations.
Result<std::string> answerQuestion(const Inventory& inventory, std::string_view questionJson);

/// Inventories of a batch, each loaded once. Paths are relative to the base folder unless absolute. Not for several threads.
class InventoryCache {
public:
    explicit InventoryCache(std::string baseFolder) : m_baseFolder(std::move(baseFolder)) {}
    Result<std::shared_ptr<const Inventory>> get(const std::string& path);

private:
    std::string m_baseFolder;
    std::map<std::string, Result<std::shared_ptr<const Inventory>>> m_loaded;
};

/// One line of a batch: `{"id","inventory","question"}` in, `{"id","answer"}` or `{"id","error"}` out. Never fails: what is wrong
/// with a line is its answer. A null inventory is an empty one.
std::string answerLine(InventoryCache& inventories, std::string_view line);

} // namespace tocsin::network
