// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Answers.h"

#include <cmath>

namespace tocsin::network {
namespace {

void writeMaybe(JsonWriter& out, std::string_view text)
{
    if (text.empty())
        out.null();
    else
        out.string(text);
}

void writeMaybe(JsonWriter& out, const std::optional<double>& value)
{
    if (!value)
        out.null();
    else if (*value == std::floor(*value) && std::abs(*value) < 1e15)
        out.number(static_cast<std::int64_t>(*value));
    else
        out.real(*value);
}

void writeMaybe(JsonWriter& out, const std::optional<std::int64_t>& value)
{
    if (value)
        out.number(*value);
    else
        out.null();
}

std::string shownRuleName(const SecurityRule& rule) { return (rule.isDefault ? "DefaultRule_" : "UserRule_") + rule.name; }

void writeTrial(JsonWriter& out, const RuleTrial& trial)
{
    out.beginObject();
    out.key("name").string(shownRuleName(*trial.rule));
    out.key("protocolMatched").boolean(trial.protocol);
    out.key("sourceMatched").boolean(trial.source == Match::Yes);
    out.key("sourcePortMatched").boolean(trial.sourcePort);
    out.key("destinationMatched").boolean(trial.destination == Match::Yes);
    out.key("destinationPortMatched").boolean(trial.destinationPort);
    if (trial.source == Match::Unknown || trial.destination == Match::Unknown)
        out.key("needsServiceTags").boolean(true);
    out.endObject();
}

void writeStages(JsonWriter& out, const std::vector<RuleStage>& stages)
{
    out.beginArray();
    for (const RuleStage& stage : stages) {
        out.beginObject();
        out.key("networkSecurityGroupId").string(stage.groupId);
        out.key("appliedTo").string(stage.appliedToId);
        out.key("matchedRule").beginObject();
        out.key("ruleName");
        writeMaybe(out, stage.rule ? stage.appliedTo == AppliedTo::VirtualNetwork ? stage.rule->name : shownRuleName(*stage.rule) : std::string());
        out.key("action").string(name(stage.access));
        out.endObject();
        out.key("rulesEvaluationResult").beginArray();
        for (const RuleTrial& trial : stage.trials)
            writeTrial(out, trial);
        out.endArray().endObject();
    }
    out.endArray();
}

void writePrefixes(JsonWriter& out, const std::vector<IpPrefix>& prefixes)
{
    out.beginArray();
    for (const IpPrefix& prefix : prefixes)
        out.string(formatPrefix(prefix));
    out.endArray();
}

void writeRoute(JsonWriter& out, const Inventory* inventory, const EffectiveRoute& row, bool propagationDisabled)
{
    out.beginObject();
    out.key("name");
    writeMaybe(out, row.name);
    out.key("source").string(name(row.source));
    out.key("state").string(row.active ? "Active" : "Invalid");
    out.key("addressPrefix");
    writePrefixes(out, row.prefixes);
    out.key("nextHopType").string(name(row.nextHopType));
    out.key("nextHopIpAddress").beginArray();
    if (!row.nextHopAddress.empty())
        out.string(row.nextHopAddress);
    out.endArray();
    out.key("disableBgpRoutePropagation").boolean(propagationDisabled);
    out.key("hasBgpOverride").boolean(row.hasBgpOverride);
    if (inventory)
        out.key("routeTable").string(routeTableName(*inventory, &row));
    if (!row.tag.empty())
        out.key("tag").string(row.tag);
    if (!row.why.empty())
        out.key("why").string(row.why);
    out.endObject();
}

void writeRangesAsText(JsonWriter& out, const PortSet& ports)
{
    out.beginArray();
    for (const PortRange range : ports.ranges())
        out.string(std::to_string(range.first) + "-" + std::to_string(range.last));
    out.endArray();
}

void writeEffectiveRule(JsonWriter& out, const EffectiveRule& effective)
{
    const SecurityRule& rule = *effective.rule;
    out.beginObject();
    out.key("name").string((rule.isDefault ? "defaultSecurityRules/" : "securityRules/") + rule.name);
    out.key("protocol").string(rule.protocol == Protocol::Any ? "All" : name(rule.protocol));
    out.key("sourcePortRanges");
    writeRangesAsText(out, rule.sourcePorts);
    out.key("destinationPortRanges");
    writeRangesAsText(out, rule.destinationPorts);
    out.key("sourceAddressPrefixes");
    writeTexts(out, rule.source.groups.empty() ? rule.source.written : rule.source.groups);
    out.key("destinationAddressPrefixes");
    writeTexts(out, rule.destination.groups.empty() ? rule.destination.written : rule.destination.groups);
    out.key("expandedSourceAddressPrefix");
    writeTexts(out, effective.expandedSource);
    out.key("expandedDestinationAddressPrefix");
    writeTexts(out, effective.expandedDestination);
    out.key("access").string(name(rule.access));
    out.key("priority").number(rule.priority);
    out.key("direction").string(name(rule.direction));
    if (effective.coveredBy)
        out.key("coveredBy").string(effective.coveredBy->name);
    out.endObject();
}

void writeIssue(JsonWriter& out, const ConnectivityIssue& issue)
{
    out.beginObject();
    out.key("origin").string(issue.origin);
    out.key("severity").string(issue.severity);
    out.key("type").string(issue.type);
    out.key("context").beginArray();
    for (const auto& [key, value] : issue.context)
        out.beginObject().key("key").string(key).key("value").string(value).endObject();
    out.endArray();
    out.key("class").string(name(issue.issueClass()));
    out.endObject();
}

} // namespace

void writeTexts(JsonWriter& out, const std::vector<std::string>& texts)
{
    out.beginArray();
    for (const std::string& text : texts)
        out.string(text);
    out.endArray();
}

void writePortRanges(JsonWriter& out, const PortSet& ports)
{
    out.beginArray();
    for (const PortRange range : ports.ranges())
        out.beginArray().number(range.first).number(range.last).endArray();
    out.endArray();
}

void writeFlowVerdict(JsonWriter& out, const FlowVerdict& verdict)
{
    out.beginObject();
    out.key("access").string(name(verdict.access));
    out.key("ruleName");
    writeMaybe(out, verdict.ruleName());
    out.key("networkSecurityGroup");
    writeMaybe(out, verdict.groupName);
    out.key("networkSecurityGroupId");
    writeMaybe(out, verdict.groupId);
    out.key("appliedTo");
    writeMaybe(out, name(verdict.appliedTo));
    out.key("priority");
    writeMaybe(out, verdict.rule ? std::optional<std::int64_t>(verdict.rule->priority) : std::nullopt);
    out.key("note");
    writeMaybe(out, verdict.note);
    out.key("evaluatedNetworkSecurityGroups");
    writeStages(out, verdict.stages);
    out.endObject();
}

void writeDiagnostics(JsonWriter& out, const RuleDiagnosticsRequest& request, const FlowVerdict& verdict)
{
    out.beginObject();
    out.key("securityRuleAccessResult").string(name(verdict.access));
    out.key("evaluated").beginArray();
    for (const RuleStage& stage : verdict.stages) {
        out.beginObject();
        out.key("appliedTo").string(name(stage.appliedTo));
        out.key("networkSecurityGroup").string(stage.groupName);
        out.key("ruleName");
        writeMaybe(out, stage.rule ? stage.rule->name : std::string());
        out.key("action").string(name(stage.access));
        out.endObject();
    }
    out.endArray();
    out.key("results").beginArray().beginObject();
    out.key("profile").beginObject();
    out.key("direction").string(name(request.direction));
    out.key("protocol").string(name(request.protocol));
    out.key("source").string(request.source);
    out.key("destination").string(request.destination);
    out.key("destinationPort").string(request.destinationPort);
    out.endObject();
    out.key("networkSecurityGroupResult").beginObject();
    out.key("securityRuleAccessResult").string(name(verdict.access));
    out.key("evaluatedNetworkSecurityGroups");
    writeStages(out, verdict.stages);
    out.endObject().endObject().endArray();
    out.key("note");
    writeMaybe(out, verdict.note);
    out.endObject();
}

void writeNextHop(JsonWriter& out, const NextHopAnswer& answer)
{
    out.beginObject();
    out.key("nextHopType").string(name(answer.hop.type()));
    out.key("nextHopIpAddress");
    writeMaybe(out, answer.address);
    out.key("routeTable").string(answer.routeTable);
    out.key("routeTableId").string(answer.routeTableId);
    out.key("addressPrefix");
    writeMaybe(out, answer.hop.route ? formatPrefix(answer.hop.prefix) : std::string());
    out.key("routeName");
    writeMaybe(out, answer.hop.route ? answer.hop.route->name : std::string());
    out.key("losers").beginArray();
    for (const LosingRoute& loser : answer.hop.losers) {
        out.beginObject();
        out.key("source").string(name(loser.route->source));
        out.key("addressPrefix").string(formatPrefix(loser.prefix));
        out.key("nextHopType").string(name(loser.route->nextHopType));
        out.key("reason").string(loser.reason);
        out.endObject();
    }
    out.endArray();
    out.key("assumptions");
    writeTexts(out, answer.routes.assumptions);
    out.endObject();
}

void writeEffectiveRoutes(JsonWriter& out, const Inventory& inventory, const EffectiveRoutes& routes)
{
    out.beginObject();
    out.key("value").beginArray();
    for (const EffectiveRoute& row : routes.rows)
        writeRoute(out, &inventory, row, routes.propagationDisabled);
    out.endArray();
    out.key("assumptions");
    writeTexts(out, routes.assumptions);
    out.endObject();
}

void writeEffectiveRules(JsonWriter& out, const Inventory& inventory, Index nic)
{
    out.beginObject();
    out.key("value").beginArray();
    for (const EffectiveRuleGroup& group : effectiveRules(inventory, nic)) {
        out.beginObject();
        out.key("networkSecurityGroup").beginObject().key("id").string(group.groupId).endObject();
        const std::string_view place = group.appliedTo == AppliedTo::VirtualNetwork ? "networkManager" : name(group.appliedTo);
        out.key("association").beginObject().key(place).beginObject().key("id").string(group.appliedToId).endObject().endObject();
        out.key("effectiveSecurityRules").beginArray();
        for (const EffectiveRule& rule : group.rules)
            writeEffectiveRule(out, rule);
        out.endArray().endObject();
    }
    out.endArray();
    TagScope scope(inventory, inventory.vnetOfInterface(nic), inventory.interfaces[static_cast<std::size_t>(nic)].subnet());
    out.key("openPorts").beginObject();
    for (const Protocol protocol : {Protocol::Tcp, Protocol::Udp}) {
        const OpenPorts open = openPorts(inventory, nic, protocol, scope.internet().minus(AddressSet::allIpv6()));
        out.key(name(protocol)).beginObject();
        out.key("fromInternet");
        writePortRanges(out, open.fromAll);
        out.key("fromSomeOfInternet");
        writePortRanges(out, open.fromSome);
        out.endObject();
    }
    out.endObject().endObject();
}

void writeConnectivity(JsonWriter& out, const ConnectivityResult& result)
{
    out.beginObject();
    out.key("connectionStatus").string(name(result.status));
    out.key("avgLatencyInMs");
    writeMaybe(out, result.avgLatencyInMs);
    out.key("minLatencyInMs");
    writeMaybe(out, result.minLatencyInMs);
    out.key("maxLatencyInMs");
    writeMaybe(out, result.maxLatencyInMs);
    out.key("probesSent");
    writeMaybe(out, result.probesSent);
    out.key("probesFailed");
    writeMaybe(out, result.probesFailed);
    out.key("hops").beginArray();
    for (const ConnectivityHop& hop : result.hops) {
        out.beginObject();
        out.key("type").string(hop.type);
        out.key("id").string(hop.id);
        out.key("name");
        writeMaybe(out, hop.name);
        out.key("address");
        writeMaybe(out, hop.address);
        out.key("resourceId").string(hop.resourceId);
        out.key("nextHopIds");
        writeTexts(out, hop.nextHopIds);
        out.key("previousHopIds");
        writeTexts(out, hop.previousHopIds);
        out.key("issues").beginArray();
        for (const ConnectivityIssue& issue : hop.issues)
            writeIssue(out, issue);
        out.endArray().endObject();
    }
    out.endArray();
    out.key("assumptions");
    writeTexts(out, result.assumptions);
    out.endObject();
}

void writeTopology(JsonWriter& out, const TopologyGraph& graph)
{
    std::vector<std::vector<const TopologyEdge*>> outgoing(graph.nodes.size());
    for (const TopologyEdge& edge : graph.edges)
        outgoing[static_cast<std::size_t>(edge.from)].push_back(&edge);
    out.beginObject();
    out.key("resources").beginArray();
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const TopologyNode& node = graph.nodes[i];
        out.beginObject();
        out.key("name").string(node.name);
        out.key("id").string(node.id);
        out.key("type").string(node.type);
        out.key("location").string(node.location);
        out.key("associations").beginArray();
        for (const TopologyEdge* edge : outgoing[i]) {
            const TopologyNode& other = graph.nodes[static_cast<std::size_t>(edge->to)];
            out.beginObject();
            out.key("name").string(other.name);
            out.key("resourceId").string(other.id);
            out.key("associationType").string(name(edge->kind));
            if (!edge->label.empty())
                out.key("label").string(edge->label);
            out.endObject();
        }
        out.endArray().endObject();
    }
    out.endArray().endObject();
}

} // namespace tocsin::network
