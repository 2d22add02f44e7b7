// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/FlowLog.h"

#include "base/Json.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace tocsin::samplecase {

namespace {

/// The share of a total that falls on one of `parts` intervals; the last one takes the rest.
std::uint64_t share(std::uint64_t total, int part, int parts)
{
    const std::uint64_t each = total / static_cast<std::uint64_t>(parts);
    return part == parts - 1 ? total - each * static_cast<std::uint64_t>(parts - 1) : each;
}

/// Of the interface behind the group, as in the bundled inventory: the last bytes spell its address.
std::string macOf(std::string_view group)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kMacs{{{"app-nsg", "002248100104"}, {"au-nsg", "002248100304"},
        {"db-nsg", "002248100404"}, {"mgmt-nsg", "002248100504"}, {"dc-nsg", "002248100604"}, {"wks-nsg", "002248100A1F"}}};
    for (const auto& [name, mac] : kMacs)
        if (name == group)
            return std::string(mac);
    return "002248100000";
}

} // namespace

void FlowLog::tuple(const Flow& flow, Ticks time, char state, const std::string& counters)
{
    if (const auto gap = m_gaps.find(flow.group); gap != m_gaps.end() && time >= gap->second.first && time < gap->second.second)
        return;
    std::string text = std::to_string((time - kUnixEpoch) / kTicksPerSecond) + ',' + flow.source + ',' + flow.target + ',';
    text += std::to_string(flow.sourcePort) + ',' + std::to_string(flow.targetPort) + ',';
    for (const char c : {flow.protocol, flow.inbound ? 'I' : 'O', flow.allowed ? 'A' : 'D', state})
        (text += c) += ',';
    text += counters;
    m_groups[std::string(flow.group)].push_back({time, flow.rule, std::move(text)});
}

void FlowLog::add(Flow flow)
{
    static constexpr int kInterval = 300; // a lasting flow is reported every five minutes
    if (flow.sourcePort == 0)
        flow.sourcePort = static_cast<int>(m_random.between(49700, 64900));
    tuple(flow, flow.time, 'B', ",,,");
    if (!flow.allowed)
        return;
    const int parts = std::max(1, (flow.seconds + kInterval - 1) / kInterval);
    for (int part = 0; part < parts; ++part) {
        const bool last = part == parts - 1;
        const Ticks time = flow.time + (last ? std::max(1, flow.seconds) : (part + 1) * kInterval) * kTicksPerSecond;
        const std::string counters = std::to_string(share(flow.sentPackets, part, parts)) + ',' + std::to_string(share(flow.sentBytes, part, parts)) + ','
                                     + std::to_string(share(flow.receivedPackets, part, parts)) + ',' + std::to_string(share(flow.receivedBytes, part, parts));
        tuple(flow, time, last ? 'E' : 'C', counters);
    }
}

Result<void> FlowLog::write(FileSet& files)
{
    for (auto& [group, tuples] : m_groups) {
        std::stable_sort(tuples.begin(), tuples.end(), [](const Tuple& a, const Tuple& b) { return a.time < b.time; });
        std::string resource = Company::resourceId("Microsoft.Network/networkSecurityGroups/" + group);
        for (char& c : resource)
            c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        Random random(fnv1a(group), "nic");
        const std::string mac = macOf(group);
        const std::string systemId = random.guidText();

        std::string out = "{\"records\":[";
        for (std::size_t first = 0; first < tuples.size();) {
            const Ticks minute = tuples[first].time / kTicksPerMinute;
            std::map<std::string_view, std::vector<std::string_view>> rules;
            std::size_t next = first;
            for (; next < tuples.size() && tuples[next].time / kTicksPerMinute == minute; ++next)
                rules[tuples[next].rule].push_back(tuples[next].text);
            out += first == 0 ? "\n" : ",\n";
            JsonWriter json(out);
            json.beginObject().key("time").string(formatDateTime((minute + 1) * kTicksPerMinute + 3'518'317)).key("systemId").string(systemId);
            json.key("macAddress").string(mac).key("category").string("NetworkSecurityGroupFlowEvent").key("resourceId").string(resource);
            json.key("operationName").string("NetworkSecurityGroupFlowEvents");
            json.key("properties").beginObject().key("Version").number(2).key("flows").beginArray();
            for (const auto& [rule, texts] : rules) {
                json.beginObject().key("rule").string(rule).key("flows").beginArray().beginObject().key("mac").string(mac);
                json.key("flowTuples").beginArray();
                for (const std::string_view text : texts)
                    json.string(text);
                json.endArray().endObject().endArray().endObject();
            }
            json.endArray().endObject().endObject();
            first = next;
        }
        out += "\n]}\n";
        TOCSIN_TRY(files.write(path(group), "NSG flow log", tuples.size(), out));
    }
    return {};
}

} // namespace tocsin::samplecase
