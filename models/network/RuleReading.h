// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/JsonTree.h"
#include "network/Resources.h"

#include <functional>
#include <string>
#include <vector>

namespace tocsin::network {

/// Called with a stable code and an English sentence for each thing that is odd about a rule.
using RuleComplaint = std::function<void(std::string code, std::string text)>;

/// The union of a singular and a plural field, without empty texts: exports fill either or both.
std::vector<std::string> tokensOf(const JsonTree& node, std::string_view singular, std::string_view plural);
/// Prefixes, ranges, `*` and tags. In a user rule 0.0.0.0/0 is IPv4 only; in a default rule it means everything.
AddressSpec parseAddressSpec(const std::vector<std::string>& tokens, std::vector<std::string> groups, bool isDefault);
PortSet parsePorts(const std::vector<std::string>& tokens, const RuleComplaint& complain);

/// A rule of a network security group, in REST or command line form.
SecurityRule readSecurityRule(const JsonTree& node, bool isDefault, const std::string& groupId, const RuleComplaint& complain);
/// A rule of an answer of List effective security admin rules.
SecurityRule readAdminRule(const JsonTree& node, const RuleComplaint& complain);
/// The six rules every group has. https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
std::vector<SecurityRule> defaultRules(const std::string& groupId);

} // namespace tocsin::network
