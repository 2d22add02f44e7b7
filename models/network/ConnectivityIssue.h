// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::network {

/// Whose business an issue is.
enum class IssueClass { UserConfiguration, Platform, Resource, Unknown };

/// What is wrong at a hop, in the words of the public API.
/// https://learn.microsoft.com/azure/network-watcher/connection-troubleshoot-overview
struct ConnectivityIssue {
    std::string origin;   ///< Local, Inbound (the link before the hop), Outbound (behind it)
    std::string severity; ///< Error, Warning
    std::string type;     ///< NetworkSecurityRule, UserDefinedRoute, GuestFirewall, DnsResolution, Platform, CPU, Memory …
    std::vector<std::pair<std::string, std::string>> context; ///< RuleName, RouteType, RouteName, Reason …

    bool isError() const { return severity == "Error"; }
    std::string_view value(std::string_view key) const;
    IssueClass issueClass() const;
    bool operator==(const ConnectivityIssue&) const = default;
};

/// `UserConfiguration`, `Platform`, `Resource`, `Unknown`.
std::string_view name(IssueClass issueClass);

} // namespace tocsin::network
