// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Commands.h"

#include "network/Answers.h"

namespace tocsin::network {
namespace {

template <typename Write>
std::string written(const Write& write)
{
    std::string text;
    JsonWriter out(text);
    write(out);
    return text;
}

void writeReach(JsonWriter& out, const PortReach& reach)
{
    out.beginObject();
    out.key("ranges");
    writePortRanges(out, reach.reachable);
    out.key("unknown");
    writePortRanges(out, reach.unknown);
    out.key("assumptions");
    writeTexts(out, reach.assumptions);
    out.endObject();
}

} // namespace

std::string topologyJson(const Inventory& inventory)
{
    return written([&](JsonWriter& out) { writeTopology(out, buildTopology(inventory)); });
}

Result<std::string> flowVerifyJson(const Inventory& inventory, const FlowVerifyRequest& request)
{
    TOCSIN_TRY_ASSIGN(const FlowVerdict verdict, verifyIpFlow(inventory, request));
    return written([&](JsonWriter& out) { writeFlowVerdict(out, verdict); });
}

Result<std::string> nextHopJson(const Inventory& inventory, const TargetName& target, const std::string& destination, const std::string& source)
{
    TOCSIN_TRY_ASSIGN(const NextHopAnswer answer, askNextHop(inventory, target, destination, source));
    return written([&](JsonWriter& out) { writeNextHop(out, answer); });
}

Result<std::string> effectiveRulesJson(const Inventory& inventory, const TargetName& target)
{
    TOCSIN_TRY_ASSIGN(const Index nic, findTarget(inventory, target));
    return written([&](JsonWriter& out) { writeEffectiveRules(out, inventory, nic); });
}

Result<std::string> effectiveRoutesJson(const Inventory& inventory, const TargetName& target)
{
    TOCSIN_TRY_ASSIGN(const Index nic, findTarget(inventory, target));
    return written([&](JsonWriter& out) { writeEffectiveRoutes(out, inventory, effectiveRoutes(inventory, positionOf(inventory, nic).subnet)); });
}

Result<std::string> checkJson(const Inventory& inventory, const ConnectivityRequest& request)
{
    TOCSIN_TRY_ASSIGN(const ConnectivityResult result, checkConnectivity(inventory, request));
    return written([&](JsonWriter& out) { writeConnectivity(out, result); });
}

Result<std::string> reachJson(const Inventory& inventory, const ConnectivityRequest& request)
{
    TOCSIN_TRY_ASSIGN(const PortReach reach, reachablePorts(inventory, request));
    return written([&](JsonWriter& out) { writeReach(out, reach); });
}

Result<std::string> whatIfJson(const Inventory& inventory, std::string_view edits, const ConnectivityRequest& request)
{
    TOCSIN_TRY_ASSIGN(const JsonTree tree, parseJsonTree(edits, "edits"));
    TOCSIN_TRY_ASSIGN(const PortChange change, whatIf(inventory, tree, request));
    return written([&](JsonWriter& out) {
        out.beginObject();
        out.key("gained");
        writePortRanges(out, change.gained);
        out.key("lost");
        writePortRanges(out, change.lost);
        out.key("before");
        writeReach(out, change.before);
        out.key("after");
        writeReach(out, change.after);
        out.endObject();
    });
}

std::string findingsJson(const Inventory& inventory)
{
    return written([&](JsonWriter& out) {
        out.beginArray();
        for (const Finding& finding : inventory.findings) {
            out.beginObject();
            out.key("severity").string(finding.severity == FindingSeverity::Error ? "Error" : finding.severity == FindingSeverity::Warning ? "Warning" : "Information");
            out.key("code").string(finding.code);
            out.key("resource").string(finding.resource);
            out.key("place").string(finding.place);
            out.key("text").string(finding.text);
            out.endObject();
        }
        out.endArray();
    });
}

} // namespace tocsin::network
