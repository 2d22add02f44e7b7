// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Questions.h"

#include "base/Utf8.h"
#include "network/Answers.h"
#include "network/CaptureFilter.h"
#include "network/Errors.h"
#include "network/FlowLog.h"
#include "network/Usage.h"
#include "network/VpnDiagnostics.h"

#include <array>
#include <filesystem>
#include <set>
#include <utility>

namespace tocsin::network {
namespace {

using Answer = Result<void> (*)(const Inventory&, const JsonTree&, JsonWriter&);

Result<Direction> directionOf(const JsonTree& question)
{
    const auto direction = parseDirection(question.get("direction").view());
    if (!direction)
        return fail(kBadQuestion, "direction", "Inbound or Outbound is needed");
    return *direction;
}

Result<Protocol> protocolOf(const JsonTree& question)
{
    const JsonTree& text = question.get("protocol");
    const auto protocol = parseProtocol(text.isNull() ? "Tcp" : text.text());
    if (!protocol)
        return fail(kBadProtocol, text.text());
    return *protocol;
}

TargetName targetOf(const JsonTree& question)
{
    const std::string nic = question.get("nic").isNull() ? question.get("targetNicResourceId").text() : question.get("nic").text();
    return {question.get("vm").isNull() ? question.get("targetResourceId").text() : question.get("vm").text(), nic};
}

Result<std::optional<std::uint16_t>> portOf(const JsonTree& node)
{
    if (node.isNull() || (node.isString() && trimSpaces(node.view()).empty()) || node.view() == "*")
        return std::nullopt;
    const auto port = node.integer();
    if (!port || *port < 0 || *port > 65535)
        return fail(kBadPort, node.text());
    return static_cast<std::uint16_t>(*port);
}

Result<ConnectivityEndpoint> endpointOf(const JsonTree& node)
{
    ConnectivityEndpoint endpoint;
    if (node.isString()) {
        endpoint.address = node.text();
        return endpoint;
    }
    endpoint.interface = node.get("nic").text();
    endpoint.machine = node.get("vm").text();
    endpoint.resource = node.get("resourceId").text();
    for (const char* key : {"ip", "address", "fqdn", "uri"})
        if (endpoint.address.empty())
            endpoint.address = node.get(key).text();
    TOCSIN_TRY_ASSIGN(endpoint.port, portOf(node.get("port")));
    return endpoint;
}

Result<ConnectivityRequest> requestOf(const JsonTree& question)
{
    ConnectivityRequest request;
    TOCSIN_TRY_ASSIGN(request.source, endpointOf(question.get("source")));
    TOCSIN_TRY_ASSIGN(request.destination, endpointOf(question.get("destination")));
    TOCSIN_TRY_ASSIGN(request.protocol, protocolOf(question));
    TOCSIN_TRY_ASSIGN(const auto port, portOf(question.get("port")));
    if (port)
        request.destination.port = port;
    TOCSIN_TRY_ASSIGN(const auto sourcePort, portOf(question.get("sourcePort")));
    if (sourcePort)
        request.source.port = sourcePort;
    return request;
}

Result<void> ipFlowVerify(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    FlowVerifyRequest request;
    request.target = targetOf(question);
    TOCSIN_TRY_ASSIGN(request.direction, directionOf(question));
    TOCSIN_TRY_ASSIGN(request.protocol, protocolOf(question));
    request.localAddress = question.get("localIPAddress").text();
    request.localPort = question.get("localPort").text();
    request.remoteAddress = question.get("remoteIPAddress").text();
    request.remotePort = question.get("remotePort").text();
    TOCSIN_TRY_ASSIGN(const FlowVerdict verdict, verifyIpFlow(inventory, request));
    writeFlowVerdict(out, verdict);
    return {};
}

Result<void> nsgDiagnostics(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    RuleDiagnosticsRequest request;
    request.target = targetOf(question);
    TOCSIN_TRY_ASSIGN(request.direction, directionOf(question));
    TOCSIN_TRY_ASSIGN(request.protocol, protocolOf(question));
    request.source = question.get("source").text();
    request.destination = question.get("destination").text();
    request.destinationPort = question.get("destinationPort").text();
    TOCSIN_TRY_ASSIGN(const FlowVerdict verdict, diagnoseRules(inventory, request));
    writeDiagnostics(out, request, verdict);
    return {};
}

Result<void> nextHop(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    TOCSIN_TRY_ASSIGN(const NextHopAnswer answer, askNextHop(inventory, targetOf(question), question.get("destinationIPAddress").text(), question.get("sourceIPAddress").text()));
    writeNextHop(out, answer);
    return {};
}

/// Rows one prefix each, the form the question language compares; and the REST form beside them.
Result<void> effectiveRoutesAnswer(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    TOCSIN_TRY_ASSIGN(const Index nic, findTarget(inventory, targetOf(question)));
    const EffectiveRoutes routes = effectiveRoutes(inventory, positionOf(inventory, nic).subnet);
    std::set<std::string> active;
    std::set<std::string> candidates{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "0.0.0.0/0"};
    out.beginObject();
    out.key("contains").beginArray();
    for (const EffectiveRoute& row : routes.rows)
        for (const IpPrefix& prefix : row.prefixes) {
            const std::string text = formatPrefix(prefix);
            (row.active ? active : candidates).insert(text);
            out.beginObject();
            out.key("source").string(name(row.source));
            out.key("state").string(row.active ? "Active" : "Invalid");
            out.key("addressPrefix").string(text);
            out.key("nextHopType").string(name(row.nextHopType));
            out.key("nextHopIpAddress");
            if (row.nextHopAddress.empty())
                out.null();
            else
                out.string(row.nextHopAddress);
            out.endObject();
        }
    out.endArray();
    out.key("absentActive").beginArray();
    for (const std::string& prefix : candidates)
        if (!active.contains(prefix))
            out.string(prefix);
    out.endArray();
    out.key("effectiveRoutes");
    writeEffectiveRoutes(out, inventory, routes);
    out.endObject();
    return {};
}

Result<void> effectiveRulesAnswer(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    TOCSIN_TRY_ASSIGN(const Index nic, findTarget(inventory, targetOf(question)));
    writeEffectiveRules(out, inventory, nic);
    return {};
}

Result<void> expandTagAnswer(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    std::vector<std::string> addresses;
    for (const JsonTree& address : question.get("addresses").items())
        addresses.push_back(address.text());
    TOCSIN_TRY_ASSIGN(const auto members, expandTag(inventory, targetOf(question), question.get("tag").text(), addresses));
    out.beginObject();
    for (const auto& [address, isMember] : members)
        out.key(address).boolean(isMember);
    out.endObject();
    return {};
}

/// Rules without the prefix that says where they come from.
std::string plainRule(std::string_view rule)
{
    for (const std::string_view prefix : {"UserRule_", "DefaultRule_"})
        if (rule.starts_with(prefix))
            return std::string(rule.substr(prefix.size()));
    return std::string(rule);
}

Result<void> connectivityCheck(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    TOCSIN_TRY_ASSIGN(const ConnectivityRequest request, requestOf(question));
    TOCSIN_TRY_ASSIGN(const ConnectivityResult result, checkConnectivity(inventory, request));
    out.beginObject();
    out.key("connectionStatus").string(name(result.status));
    out.key("hops").beginArray();
    for (const ConnectivityHop& hop : result.hops)
        if (!hop.address.empty())
            out.string(hop.address);
    out.endArray();
    out.key("failure");
    if (const auto failure = result.failure(); failure.issue) {
        out.beginObject();
        out.key("address").string(failure.hop->address);
        out.key("issueType").string(failure.issue->type);
        out.key("origin").string(failure.issue->origin);
        const std::string rule = plainRule(failure.issue->value("RuleName"));
        out.key("ruleName");
        if (rule.empty())
            out.null();
        else
            out.string(rule);
        out.endObject();
    } else {
        out.null();
    }
    out.key("connectivity");
    writeConnectivity(out, result);
    out.endObject();
    return {};
}

Result<AddressSet> addressIn(const JsonTree& node)
{
    const auto set = parseAddressSet(node.view());
    if (!set)
        return fail(kBadAddress, node.text());
    return *set;
}

Result<PortRange> portsIn(const JsonTree& node)
{
    if (node.isNull())
        return PortRange{};
    const auto range = parsePortRange(node.text());
    if (!range)
        return fail(kBadPort, node.text());
    return *range;
}

Result<void> statefulReply(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    const JsonTree& node = question.get("opening");
    FlowQuestion opening;
    TOCSIN_TRY_ASSIGN(opening.direction, directionOf(node));
    TOCSIN_TRY_ASSIGN(opening.protocol, protocolOf(node));
    TOCSIN_TRY_ASSIGN(opening.source, addressIn(node.get("sourceIPAddress")));
    TOCSIN_TRY_ASSIGN(opening.destination, addressIn(node.get("destinationIPAddress")));
    TOCSIN_TRY_ASSIGN(opening.sourcePorts, portsIn(node.get("sourcePort")));
    TOCSIN_TRY_ASSIGN(opening.destinationPorts, portsIn(node.get("destinationPort")));
    TOCSIN_TRY_ASSIGN(const ReplyVerdict verdict, verifyReply(inventory, targetOf(question), opening));
    out.beginObject();
    out.key("openingAccess").string(name(verdict.opening.access));
    out.key("replyAccess").string(name(verdict.reply));
    out.key("ruleName").string(verdict.opening.ruleName());
    out.endObject();
    return {};
}

Result<void> reachablePortsAnswer(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    TOCSIN_TRY_ASSIGN(const ConnectivityRequest request, requestOf(question));
    TOCSIN_TRY_ASSIGN(const PortReach reach, reachablePorts(inventory, request));
    out.beginObject();
    out.key("ranges");
    writePortRanges(out, reach.reachable);
    out.key("unknown");
    writePortRanges(out, reach.unknown);
    out.key("assumptions");
    writeTexts(out, reach.assumptions);
    out.endObject();
    return {};
}

Result<void> whatIfAnswer(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    TOCSIN_TRY_ASSIGN(const ConnectivityRequest request, requestOf(question));
    TOCSIN_TRY_ASSIGN(const PortChange change, whatIf(inventory, question.get("edits"), request));
    out.beginObject();
    out.key("gained");
    writePortRanges(out, change.gained);
    out.key("lost");
    writePortRanges(out, change.lost);
    out.key("before");
    writePortRanges(out, change.before.reachable);
    out.key("after");
    writePortRanges(out, change.after.reachable);
    out.endObject();
    return {};
}

Result<void> flowTotals(const Inventory&, const JsonTree& question, JsonWriter& out)
{
    std::vector<std::string> tuples;
    for (const JsonTree& tuple : question.get("flowTuples").items())
        tuples.push_back(tuple.text());
    const FlowTotals totals = addFlows(tuples);
    out.beginObject();
    out.key("packets").number(totals.packets);
    out.key("bytes").number(totals.bytes);
    out.key("packetsSent").number(totals.packetsSent);
    out.key("bytesSent").number(totals.bytesSent);
    out.key("packetsReceived").number(totals.packetsReceived);
    out.key("bytesReceived").number(totals.bytesReceived);
    out.key("tuples").number(static_cast<std::int64_t>(totals.tuples));
    out.key("allowed").number(static_cast<std::int64_t>(totals.allowed));
    out.key("denied").number(static_cast<std::int64_t>(totals.denied));
    out.key("refused").number(static_cast<std::int64_t>(totals.refused));
    out.endObject();
    return {};
}

Result<void> flowTypeAnswer(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    const auto a = parseIp(question.get("a").view());
    const auto b = parseIp(question.get("b").view());
    if (!a || !b)
        return fail(kBadAddress, a ? question.get("b").text() : question.get("a").text());
    AddressSet malicious;
    for (const JsonTree& indicator : question.get("malicious").items())
        if (const auto set = parseAddressSet(indicator.view()))
            malicious = malicious.united(*set);
    out.beginObject().key("flowType").string(flowType(inventory, *a, *b, malicious)).endObject();
    return {};
}

Result<void> captureFilterAnswer(const Inventory&, const JsonTree& question, JsonWriter& out)
{
    std::vector<CaptureFilter> filters;
    for (const JsonTree& node : question.get("filters").items()) {
        TOCSIN_TRY_ASSIGN(CaptureFilter filter, parseCaptureFilter(node));
        filters.push_back(std::move(filter));
    }
    AddressSet locals;
    for (const JsonTree& address : question.get("localAddresses").items()) {
        TOCSIN_TRY_ASSIGN(const AddressSet one, addressIn(address));
        locals = locals.united(one);
    }
    if (locals.isEmpty())
        locals = AddressSet::everything();
    out.beginObject();
    out.key("captured").beginArray();
    const auto& packets = question.get("packets").items();
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const JsonTree& node = packets[i];
        const auto source = parseIp(node.get("src").view());
        const auto destination = parseIp(node.get("dst").view());
        if (!source || !destination)
            return fail(kBadAddress, source ? node.get("dst").text() : node.get("src").text());
        CapturedPacket packet{parseProtocol(node.get("proto").view()).value_or(Protocol::Any), *source, *destination};
        TOCSIN_TRY_ASSIGN(const auto sourcePort, portOf(node.get("sport")));
        TOCSIN_TRY_ASSIGN(const auto destinationPort, portOf(node.get("dport")));
        packet.sourcePort = sourcePort.value_or(0);
        packet.destinationPort = destinationPort.value_or(0);
        if (isCaptured(filters, locals, packet))
            out.number(static_cast<std::int64_t>(i));
    }
    out.endArray();
    out.key("expression").string(captureExpression(filters, locals));
    out.endObject();
    return {};
}

Result<void> vpnTroubleshoot(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    const VpnReport report = diagnoseVpn(inventory, question.get("targetResourceId").view());
    out.beginObject();
    out.key("code").string(report.healthy ? "Healthy" : "UnHealthy");
    out.key("faults").beginArray();
    for (const VpnFault& fault : report.faults)
        if (!fault.isWarning)
            out.string(fault.reasonType);
    out.endArray();
    out.key("results").beginArray();
    for (const VpnFault& fault : report.faults) {
        out.beginObject();
        out.key("id").string(fault.resourceId);
        out.key("reasonType").string(fault.reasonType);
        out.key("summary").string(fault.summary);
        out.key("detail").string(fault.detail);
        out.key("recommendedActions").beginArray().beginObject().key("actionText").string(fault.action).endObject().endArray();
        out.endObject();
    }
    out.endArray().endObject();
    return {};
}

Result<void> subnetUsageAnswer(const Inventory& inventory, const JsonTree& question, JsonWriter& out)
{
    TOCSIN_TRY_ASSIGN(const Index vnet, inventory.findVnet(question.get("vnet").view()));
    TOCSIN_TRY_ASSIGN(const Index subnet, inventory.findSubnet(question.get("subnet").view(), vnet));
    const SubnetUsage usage = subnetUsage(inventory, subnet);
    out.beginObject();
    out.key("limit").number(usage.limit);
    out.key("currentValue").number(usage.currentValue);
    out.key("id").string(inventory.subnets[static_cast<std::size_t>(subnet)].id);
    out.endObject();
    return {};
}

Result<void> limits(const Inventory& inventory, const JsonTree&, JsonWriter& out)
{
    out.beginObject();
    out.key("value").beginArray();
    for (const LimitUsage& row : limitUsages(inventory)) {
        out.beginObject();
        out.key("name").beginObject().key("value").string(row.name).endObject();
        out.key("scope").string(row.scope);
        out.key("currentValue").number(row.currentValue);
        out.key("limit").number(row.limit);
        out.key("unit").string("Count");
        out.endObject();
    }
    out.endArray().endObject();
    return {};
}

Result<void> topology(const Inventory& inventory, const JsonTree&, JsonWriter& out)
{
    writeTopology(out, buildTopology(inventory));
    return {};
}

constexpr auto kOperations = std::to_array<std::pair<std::string_view, Answer>>({{"ipFlowVerify", ipFlowVerify},
                                                                                {"nsgDiagnostics", nsgDiagnostics},
                                                                                {"nextHop", nextHop},
                                                                                {"effectiveRoutes", effectiveRoutesAnswer},
                                                                                {"effectiveRules", effectiveRulesAnswer},
                                                                                {"expandTag", expandTagAnswer},
                                                                                {"connectivityCheck", connectivityCheck},
                                                                                {"statefulReply", statefulReply},
                                                                                {"reachablePorts", reachablePortsAnswer},
                                                                                {"whatIf", whatIfAnswer},
                                                                                {"flowTotals", flowTotals},
                                                                                {"flowType", flowTypeAnswer},
                                                                                {"captureFilter", captureFilterAnswer},
                                                                                {"vpnTroubleshoot", vpnTroubleshoot},
                                                                                {"subnetUsage", subnetUsageAnswer},
                                                                                {"limits", limits},
                                                                                {"topology", topology}});

Result<std::string> answerTree(const Inventory& inventory, const JsonTree& question)
{
    const std::string_view op = question.get("op").view();
    for (const auto& [known, answer] : kOperations) {
        if (!equalsIgnoringCase(known, op))
            continue;
        std::string text;
        JsonWriter out(text);
        TOCSIN_TRY(answer(inventory, question, out));
        return text;
    }
    return fail(kBadQuestion, "op", "there is no operation '" + std::string(op) + "'");
}

} // namespace

Result<std::string> answerQuestion(const Inventory& inventory, std::string_view questionJson)
{
    TOCSIN_TRY_ASSIGN(const JsonTree question, parseJsonTree(questionJson, "question"));
    return answerTree(inventory, question);
}

Result<std::shared_ptr<const Inventory>> InventoryCache::get(const std::string& path)
{
    if (const auto found = m_loaded.find(path); found != m_loaded.end())
        return found->second;
    LoadOptions options;
    options.baseFolder = m_baseFolder;
    // An absolute path stays what it is.
    auto loaded = loadInventory((std::filesystem::path(m_baseFolder) / path).string(), options);
    Result<std::shared_ptr<const Inventory>> kept = loaded ? Result<std::shared_ptr<const Inventory>>(std::make_shared<const Inventory>(std::move(*loaded)))
                                                           : Result<std::shared_ptr<const Inventory>>(std::unexpected(loaded.error()));
    return m_loaded.emplace(path, std::move(kept)).first->second;
}

std::string answerLine(InventoryCache& inventories, std::string_view line)
{
    std::string text;
    JsonWriter out(text);
    out.beginObject();
    const auto tree = parseJsonTree(line, "line");
    const auto answer = [&]() -> Result<std::string> {
        if (!tree)
            return std::unexpected(tree.error());
        out.key("id").raw(tree->get("id").dump());
        const JsonTree& path = tree->get("inventory");
        std::shared_ptr<const Inventory> inventory = std::make_shared<const Inventory>();
        if (path.isString()) {
            TOCSIN_TRY_ASSIGN(inventory, inventories.get(path.text()));
        }
        return answerTree(*inventory, tree->get("question"));
    }();
    if (answer)
        out.key("answer").raw(*answer);
    else
        out.key("error").string(errorMessage(answer.error()));
    out.endObject();
    return text;
}

} // namespace tocsin::network
