// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Connectivity.h"

#include "base/Guid.h"
#include "base/Utf8.h"
#include "network/Assumptions.h"
#include "network/Firewall.h"
#include "network/ResourceId.h"

#include <algorithm>
#include <map>

namespace tocsin::network {
namespace {

/// A guid made of a text, so that the same request gives the same hop ids.
std::string stableGuid(std::string_view text)
{
    Guid guid;
    for (std::size_t half = 0; half < 2; ++half) {
        std::uint64_t hash = 0xcbf29ce484222325ULL + half * 0x9e3779b97f4a7c15ULL;
        for (const char c : text)
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
        for (std::size_t i = 0; i < 8; ++i)
            guid.bytes[half * 8 + i] = static_cast<std::uint8_t>(hash >> (8 * i));
    }
    guid.bytes[6] = static_cast<std::uint8_t>((guid.bytes[6] & 0x0F) | 0x80);
    guid.bytes[8] = static_cast<std::uint8_t>((guid.bytes[8] & 0x3F) | 0x80);
    return formatGuid(guid);
}

/// Asks the rules along a path. Scopes are kept, for a path meets the same subnets again and again.
class PathJudge {
public:
    PathJudge(const Inventory& inventory, const ConnectivityRequest& request, const PathQuestion& question)
        : m_inventory(inventory), m_request(request), m_question(question)
    {
    }

    /// The issue a filter raises, if it does not let the packet pass; `unknown` is set if it cannot be told.
    std::optional<ConnectivityIssue> judge(const PathFilter& filter, bool& unknown)
    {
        for (const PortRange part : sourceParts(filter)) {
            const FlowQuestion packet = packetAt(filter, part);
            if (filter.firewall != kNone) {
                const auto verdict = verifyFirewall(m_inventory.firewalls[static_cast<std::size_t>(filter.firewall)], packet, m_question.destination.fqdn, scopeOf(filter.position));
                if (verdict.access == Access::Allow)
                    continue;
                return ConnectivityIssue{"Inbound", "Error", "NetworkSecurityRule",
                                         {{"RuleName", verdict.rule ? verdict.rule->name : "DefaultDeny"},
                                          {"AzureFirewall", m_inventory.firewalls[static_cast<std::size_t>(filter.firewall)].info.name}}};
            }
            const FlowVerdict verdict = verifyFlow(m_inventory, filter.position, packet, scopeOf(filter.position));
            if (verdict.access == Access::Allow)
                continue;
            unknown = unknown || verdict.access == Access::Unknown;
            return issueOf(verdict, filter.direction);
        }
        return std::nullopt;
    }

    PortVerdict ports(const PathFilter& filter)
    {
        PortVerdict result{PortSet::everything(), {}};
        for (const PortRange part : sourceParts(filter)) {
            const FlowQuestion packet = packetAt(filter, part);
            PortVerdict verdict;
            if (filter.firewall != kNone)
                verdict.allowed = firewallPorts(m_inventory.firewalls[static_cast<std::size_t>(filter.firewall)], packet, m_question.destination.fqdn, scopeOf(filter.position));
            else
                verdict = verifyPorts(m_inventory, filter.position, packet, scopeOf(filter.position));
            // Behind a translation there is one port; what holds for it holds for every port that leads to it.
            if (filter.port) {
                verdict.allowed = verdict.allowed.contains(*filter.port) ? PortSet::everything() : PortSet();
                verdict.unknown = verdict.unknown.contains(*filter.port) ? PortSet::everything() : PortSet();
            }
            const PortSet possible = result.allowed.united(result.unknown).intersected(verdict.allowed.united(verdict.unknown));
            result.allowed = result.allowed.intersected(verdict.allowed);
            result.unknown = possible.minus(result.allowed);
        }
        return result;
    }

private:
    TagScope& scopeOf(Position position)
    {
        const auto [entry, isNew] = m_scopes.try_emplace(position.subnet, m_inventory, vnetOf(m_inventory, position), position.subnet);
        return entry->second;
    }

    std::vector<PortRange> sourceParts(const PathFilter& filter) const
    {
        if (m_request.source.port)
            return {{*m_request.source.port, *m_request.source.port}};
        return filter.firewall != kNone ? std::vector<PortRange>{{kFirstEphemeralPort, 65535}} : ephemeralParts(m_inventory, filter.position);
    }

    FlowQuestion packetAt(const PathFilter& filter, PortRange sourcePorts) const
    {
        const std::uint16_t port = filter.port.value_or(m_question.port);
        return {filter.direction, m_question.protocol, filter.source, filter.destination, sourcePorts, {port, port}};
    }

    static ConnectivityIssue issueOf(const FlowVerdict& verdict, Direction direction)
    {
        ConnectivityIssue issue{std::string(name(direction)), "Error", "NetworkSecurityRule", {}};
        if (verdict.rule)
            issue.context.emplace_back("RuleName", (verdict.rule->isDefault ? "DefaultRule_" : "UserRule_") + verdict.rule->name);
        if (!verdict.groupName.empty())
            issue.context.emplace_back("NetworkSecurityGroup", verdict.groupName);
        if (verdict.appliedTo != AppliedTo::Nothing)
            issue.context.emplace_back("AppliedTo", name(verdict.appliedTo));
        if (!verdict.note.empty())
            issue.context.emplace_back("Reason", verdict.note);
        return issue;
    }

    const Inventory& m_inventory;
    const ConnectivityRequest& m_request;
    const PathQuestion& m_question;
    std::map<Index, TagScope> m_scopes;
};

bool refersTo(const Inventory& inventory, std::string_view text, Index nicIndex)
{
    const NetworkInterface& nic = inventory.interfaces[static_cast<std::size_t>(nicIndex)];
    const auto same = [text](const ResourceInfo& info) { return equalsIgnoringCase(info.name, text) || (text.find('/') != std::string_view::npos && info.key == resourceKey(text)); };
    if (same(nic.info) || (nic.machine != kNone && same(inventory.machines[static_cast<std::size_t>(nic.machine)].info)))
        return true;
    const auto address = parseIp(text);
    return address && std::any_of(nic.configurations.begin(), nic.configurations.end(), [&](const IpConfiguration& one) { return one.address == address; });
}

/// Things seen on the machine of a hop that no configuration tells.
std::vector<ConnectivityIssue> observedAt(const Inventory& inventory, const PathHop& hop, const PathQuestion& question, bool isSource)
{
    std::vector<ConnectivityIssue> issues;
    if (hop.nic == kNone)
        return issues;
    for (const ObservedIssue& seen : inventory.observations) {
        if (!refersTo(inventory, seen.resource, hop.nic) || (seen.protocol && *seen.protocol != question.protocol) || (seen.port && *seen.port != question.port))
            continue;
        issues.push_back({seen.origin, seen.severity, seen.type, seen.context});
    }
    const Index machine = inventory.interfaces[static_cast<std::size_t>(hop.nic)].machine;
    if (machine == kNone)
        return issues;
    const std::string& state = inventory.machines[static_cast<std::size_t>(machine)].powerState;
    if (!state.empty() && state != "running")
        issues.push_back({isSource ? "Local" : "Inbound", "Error", isSource ? "AgentStopped" : "Platform", {{"PowerState", state}, {"Reason", "the virtual machine is not running"}}});
    return issues;
}

void addMeasurement(const Inventory& inventory, const PathQuestion& question, ConnectivityResult& result)
{
    const auto matches = [&](const std::string& text, const PathEnd& end) {
        return (end.nic != kNone && refersTo(inventory, text, end.nic)) || parseIp(text) == end.address || (!end.fqdn.empty() && equalsIgnoringCase(text, end.fqdn));
    };
    for (const LatencyRecord& record : inventory.latencies) {
        if (!matches(record.source, question.source) || !matches(record.destination, question.destination)
            || (record.protocol && *record.protocol != question.protocol) || (record.port && *record.port != question.port))
            continue;
        result.avgLatencyInMs = record.average;
        result.minLatencyInMs = record.minimum;
        result.maxLatencyInMs = record.maximum;
        result.probesSent = record.probesSent;
        result.probesFailed = record.probesFailed;
        return;
    }
}

ConnectivityResult unresolvedName(const Inventory& inventory, const PathQuestion& question, const std::string& host)
{
    ConnectivityResult result;
    result.status = ConnectionStatus::Unknown;
    ConnectivityHop hop;
    hop.type = "Source";
    hop.address = formatIp(question.source.address);
    hop.id = stableGuid("0|" + hop.address);
    if (question.source.nic != kNone) {
        const NetworkInterface& nic = inventory.interfaces[static_cast<std::size_t>(question.source.nic)];
        hop.name = nic.info.name;
        hop.resourceId = nic.configuration(question.source.address)->id;
    }
    hop.issues.push_back({"Local", "Error", "DnsResolution", {{"HostName", host}, {"Reason", "no private endpoint or public address of the inventory has this name"}}});
    result.hops.push_back(std::move(hop));
    return result;
}

void linkHops(ConnectivityResult& result)
{
    for (std::size_t i = 0; i < result.hops.size(); ++i) {
        ConnectivityHop& hop = result.hops[i];
        hop.id = stableGuid(std::to_string(i) + "|" + hop.resourceId + "|" + hop.address);
        if (i > 0) {
            hop.previousHopIds.push_back(result.hops[i - 1].id);
            result.hops[i - 1].nextHopIds.push_back(hop.id);
        }
    }
}

} // namespace

std::string_view ConnectivityIssue::value(std::string_view key) const
{
    for (const auto& [name, text] : context)
        if (name == key)
            return text;
    return {};
}

IssueClass ConnectivityIssue::issueClass() const
{
    for (const std::string_view user : {"NetworkSecurityRule", "UserDefinedRoute", "GuestFirewall", "SocketBind"})
        if (type == user)
            return IssueClass::UserConfiguration;
    for (const std::string_view platform : {"Platform", "AgentStopped", "PortThrottled"})
        if (type == platform)
            return IssueClass::Platform;
    for (const std::string_view resource : {"CPU", "Memory", "DnsResolution"})
        if (type == resource)
            return IssueClass::Resource;
    return IssueClass::Unknown;
}

std::string_view name(IssueClass issueClass)
{
    switch (issueClass) {
    case IssueClass::UserConfiguration: return "UserConfiguration";
    case IssueClass::Platform: return "Platform";
    case IssueClass::Resource: return "Resource";
    case IssueClass::Unknown: break;
    }
    return "Unknown";
}

std::string_view name(ConnectionStatus status)
{
    switch (status) {
    case ConnectionStatus::Reachable: return "Reachable";
    case ConnectionStatus::Unreachable: return "Unreachable";
    case ConnectionStatus::Unknown: break;
    }
    return "Unknown";
}

ConnectivityResult::Failure ConnectivityResult::failure() const
{
    for (const ConnectivityHop& hop : hops)
        for (const ConnectivityIssue& issue : hop.issues)
            if (issue.isError())
                return {&hop, &issue};
    return {};
}

Result<ConnectivityResult> checkConnectivity(const Inventory& inventory, const ConnectivityRequest& request)
{
    std::string unresolved;
    TOCSIN_TRY_ASSIGN(const PathQuestion question, resolveRequest(inventory, request, &unresolved));
    if (!unresolved.empty())
        return unresolvedName(inventory, question, unresolved);
    const Path path = tracePath(inventory, question);
    ConnectivityResult result;
    result.assumptions = path.assumptions;
    PathJudge judge(inventory, request, question);
    bool stopped = false;
    bool unknown = path.uncertain;
    for (std::size_t i = 0; i < path.hops.size(); ++i) {
        const PathHop& hop = path.hops[i];
        ConnectivityHop out{hop.type, {}, hop.name, hop.address, hop.resourceId, {}, {}, {}};
        const auto raise = [&](ConnectivityIssue issue) {
            // Behind the place where the packet stops nothing more is to be said; the hops only show where it was bound for.
            if (stopped)
                return;
            stopped = issue.isError();
            out.issues.push_back(std::move(issue));
        };
        for (const auto& event : hop.events) {
            if (const auto* issue = std::get_if<ConnectivityIssue>(&event))
                raise(*issue);
            else if (auto denied = stopped ? std::nullopt : judge.judge(std::get<PathFilter>(event), unknown))
                raise(std::move(*denied));
        }
        for (ConnectivityIssue& issue : observedAt(inventory, hop, question, i == 0))
            raise(std::move(issue));
        result.hops.push_back(std::move(out));
    }
    linkHops(result);
    if (!path.arrives && !stopped && !path.uncertain)
        stopped = true;
    result.status = unknown ? ConnectionStatus::Unknown : stopped ? ConnectionStatus::Unreachable : ConnectionStatus::Reachable;
    if (stopped && path.uncertain && result.failure().issue)
        result.status = ConnectionStatus::Unreachable;
    if (result.status == ConnectionStatus::Reachable)
        addMeasurement(inventory, question, result);
    return result;
}

Result<PortReach> reachablePorts(const Inventory& inventory, const ConnectivityRequest& request)
{
    std::string unresolved;
    TOCSIN_TRY_ASSIGN(PathQuestion question, resolveRequest(inventory, request, &unresolved));
    PortReach reach;
    if (!unresolved.empty())
        return reach;
    PathJudge judge(inventory, request, question);
    // Load balancers choose by port, so several paths may be needed to cover all ports.
    for (PortSet open = PortSet::everything(); !open.isEmpty();) {
        question.port = open.ranges().front().first;
        const Path path = tracePath(inventory, question);
        PortSet allowed = path.arrives ? PortSet::everything() : PortSet();
        PortSet possible = allowed;
        for (const PathHop& hop : path.hops)
            for (const auto& event : hop.events) {
                if (const auto* issue = std::get_if<ConnectivityIssue>(&event)) {
                    if (issue->isError())
                        allowed = possible = PortSet();
                } else if (!possible.isEmpty()) {
                    const PortVerdict verdict = judge.ports(std::get<PathFilter>(event));
                    allowed = allowed.intersected(verdict.allowed);
                    possible = possible.intersected(verdict.allowed.united(verdict.unknown));
                }
            }
        const PortSet here = path.applicable.united(PortSet({{question.port, question.port}})).intersected(open);
        reach.reachable = reach.reachable.united(allowed.intersected(here));
        reach.unknown = reach.unknown.united(possible.minus(allowed).intersected(here));
        reach.assumptions = path.assumptions;
        open = open.minus(here);
    }
    if (!request.source.port)
        reach.assumptions.emplace_back(assumed::kEphemeralSource);
    return reach;
}

} // namespace tocsin::network
