// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "network/JsonTree.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::network {

/// Where a template is taken to be deployed: a file does not tell.
struct DeploymentPlace {
    std::string subscription = "00000000-0000-0000-0000-000000000000";
    std::string resourceGroup = "template";
    std::string location = "westeurope";
};

/// Values a template's expressions can see. Functions whose value only a deployment knows (reference, listKeys, uniqueString,
/// guid …) give an opaque text in angle brackets that is the same for the same arguments.
/// https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions
class ArmScope {
public:
    ArmScope(const JsonTree& templateTree, const JsonTree& parameterValues, DeploymentPlace place);

    /// Replaces every expression in the value, and expands property copy loops.
    Result<JsonTree> evaluate(const JsonTree& value);
    /// A whole template string: an expression in brackets, an escaped bracket, or plain text.
    Result<JsonTree> evaluateText(std::string_view text);

    Result<JsonTree> parameter(std::string_view name);
    Result<JsonTree> variable(std::string_view name);
    Result<JsonTree> copyIndex(std::string_view loop) const;
    void enterLoop(const std::string& name, std::int64_t index);
    void leaveLoop();

    const DeploymentPlace& place() const { return m_place; }
    DeploymentPlace& place() { return m_place; }
    /// Names of parameters that have neither value nor default.
    const std::set<std::string>& missingParameters() const { return m_missing; }

private:
    Result<JsonTree> evaluateObject(const JsonTree& value);
    Result<JsonTree> expandCopy(const JsonTree& loop);
    Result<JsonTree> evaluateOnce(const std::string& key, std::map<std::string, JsonTree>& known, const JsonTree& source);

    const JsonTree* m_template;
    JsonTree m_given;
    DeploymentPlace m_place;
    std::map<std::string, JsonTree> m_parameters, m_variables; ///< evaluated already, by lower-case name
    std::set<std::string> m_busy;                              ///< being evaluated: a second visit is a cycle
    std::set<std::string> m_missing;
    std::vector<std::pair<std::string, std::int64_t>> m_loops;
    int m_depth = 0;
    long m_budget = 500'000; ///< values evaluated at most, against templates that multiply
};

/// How many times a copy loop may run; Azure's own limit.
inline constexpr std::int64_t kMostCopies = 800;

} // namespace tocsin::network
