// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/FlowLog.h"

#include "base/Utf8.h"
#include "network/TagScope.h"

#include <algorithm>
#include <charconv>

namespace tocsin::network {
namespace {

std::vector<std::string_view> fieldsOf(std::string_view text)
{
    std::vector<std::string_view> fields;
    for (std::size_t start = 0; start <= text.size();) {
        const auto comma = std::min(text.find(',', start), text.size());
        fields.push_back(trimSpaces(text.substr(start, comma - start)));
        start = comma + 1;
    }
    return fields;
}

std::optional<std::int64_t> number(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return !text.empty() && error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<std::uint16_t> port(std::string_view text)
{
    const auto value = number(text);
    return value && *value >= 0 && *value <= 65535 ? std::optional(static_cast<std::uint16_t>(*value)) : std::nullopt;
}

/// An empty counter (records that begin a flow) is 0; a negative one is refused.
bool counters(const std::vector<std::string_view>& fields, std::size_t first, FlowTuple& tuple)
{
    std::int64_t* const places[]{&tuple.packetsSent, &tuple.bytesSent, &tuple.packetsReceived, &tuple.bytesReceived};
    for (std::size_t i = 0; i < 4 && first + i < fields.size(); ++i) {
        if (fields[first + i].empty())
            continue;
        const auto value = number(fields[first + i]);
        if (!value || *value < 0)
            return false;
        *places[i] = *value;
    }
    return true;
}

std::int64_t added(std::int64_t a, std::int64_t b) { return a > INT64_MAX - b ? INT64_MAX : a + b; }

bool isAzurePublic(const Inventory& inventory, const IpAddress& address)
{
    if (const ServiceTag* cloud = inventory.serviceTags->find("AzureCloud"))
        return cloud->addresses.contains(address);
    const auto& tags = inventory.serviceTags->tags();
    return std::any_of(tags.begin(), tags.end(), [&](const auto& entry) { return entry.second.addresses.contains(address); });
}

std::vector<Index> vnetsOf(const Inventory& inventory, const IpAddress& address)
{
    std::vector<Index> found;
    for (std::size_t i = 0; i < inventory.vnets.size(); ++i)
        if (inventory.vnets[i].space().contains(address))
            found.push_back(static_cast<Index>(i));
    return found;
}

} // namespace

std::optional<FlowTuple> parseFlowTuple(std::string_view text)
{
    const auto fields = fieldsOf(text);
    if (fields.size() < 8)
        return std::nullopt;
    FlowTuple tuple;
    const auto epoch = number(fields[0]);
    const auto source = parseIp(fields[1]);
    const auto destination = parseIp(fields[2]);
    const auto sourcePort = port(fields[3]);
    const auto destinationPort = port(fields[4]);
    const auto direction = parseDirection(fields[6]);
    if (!epoch || !source || !destination || !sourcePort || !destinationPort || !direction)
        return std::nullopt;
    // Milliseconds have 13 digits until the year 2286; seconds do not reach that.
    tuple.epochMilliseconds = *epoch > 100'000'000'000 || *epoch < -9'000'000'000'000 ? *epoch : *epoch * 1000;
    tuple.source = *source;
    tuple.destination = *destination;
    tuple.sourcePort = *sourcePort;
    tuple.destinationPort = *destinationPort;
    tuple.direction = *direction;
    if (fields[5] == "T" || fields[5] == "U") {
        tuple.protocol = fields[5] == "T" ? 6 : 17;
        if (fields[7] != "A" && fields[7] != "D")
            return std::nullopt;
        tuple.denied = fields[7] == "D";
        if (fields.size() > 8 && !fields[8].empty())
            tuple.state = fields[8][0];
        return counters(fields, 9, tuple) ? std::optional(tuple) : std::nullopt;
    }
    const auto protocol = number(fields[5]);
    if (!protocol || *protocol < 0 || *protocol > 255 || fields[7].size() != 1)
        return std::nullopt;
    tuple.protocol = static_cast<int>(*protocol);
    tuple.state = fields[7][0];
    if (tuple.state == 'D')
        tuple.denied = true;
    return counters(fields, 9, tuple) ? std::optional(tuple) : std::nullopt; // field 8 is the encryption
}

FlowTotals addFlows(const std::vector<std::string>& tuples)
{
    FlowTotals totals;
    for (const std::string& text : tuples) {
        const auto tuple = parseFlowTuple(text);
        if (!tuple) {
            ++totals.refused;
            continue;
        }
        ++totals.tuples;
        ++(tuple->denied.value_or(false) ? totals.denied : totals.allowed);
        totals.packetsSent = added(totals.packetsSent, tuple->packetsSent);
        totals.bytesSent = added(totals.bytesSent, tuple->bytesSent);
        totals.packetsReceived = added(totals.packetsReceived, tuple->packetsReceived);
        totals.bytesReceived = added(totals.bytesReceived, tuple->bytesReceived);
    }
    totals.packets = added(totals.packetsSent, totals.packetsReceived);
    totals.bytes = added(totals.bytesSent, totals.bytesReceived);
    return totals;
}

std::string flowType(const Inventory& inventory, const IpAddress& a, const IpAddress& b, const AddressSet& malicious)
{
    if (malicious.contains(a) || malicious.contains(b))
        return "MaliciousFlow";
    const auto here = vnetsOf(inventory, a);
    const auto there = vnetsOf(inventory, b);
    if (here.empty() && there.empty())
        return "Unknown";
    if (!here.empty() && !there.empty()) {
        const bool shared = std::any_of(here.begin(), here.end(), [&](Index one) { return std::find(there.begin(), there.end(), one) != there.end(); });
        return shared ? "IntraVNet" : "InterVNet";
    }
    const IpAddress& other = here.empty() ? a : b;
    bool site = false;
    bool client = false;
    for (std::size_t i = 0; i < inventory.vnets.size(); ++i)
        for (const GatewayPrefix& one : gatewayPrefixes(inventory, static_cast<Index>(i)))
            if (one.prefix.length > 0 && one.prefix.contains(other))
                (one.isClientPool ? client : site) = true;
    if (client)
        return "P2S";
    if (site)
        return "S2S";
    if (isPrivateIp(other) || parsePrefix("100.64.0.0/10")->contains(other))
        return "UnknownPrivate";
    return isAzurePublic(inventory, other) ? "AzurePublic" : "ExternalPublic";
}

} // namespace tocsin::network
