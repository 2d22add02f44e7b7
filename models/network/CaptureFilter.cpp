// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/CaptureFilter.h"

#include "base/Utf8.h"
#include "network/Errors.h"

#include <algorithm>

namespace tocsin::network {
namespace {

/// Entries of "a;b;" without the empty one behind the last semicolon.
std::vector<std::string> entries(std::string_view text)
{
    std::vector<std::string> result;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find(';', start), text.size());
        if (const auto entry = trimSpaces(text.substr(start, end - start)); !entry.empty())
            result.emplace_back(entry);
        start = end + 1;
    }
    return result;
}

bool mixesForms(const std::vector<std::string>& list)
{
    return list.size() > 1 && std::any_of(list.begin(), list.end(), [](const std::string& one) { return one.find('-') != std::string::npos; });
}

Result<AddressSet> addresses(const JsonTree& node)
{
    const auto list = entries(node.view());
    if (list.empty())
        return AddressSet::everything();
    std::vector<AddressRange> ranges;
    for (const std::string& entry : list) {
        const auto set = parseAddressSet(entry);
        if (!set || mixesForms(list))
            return fail(kBadAddress, node.view());
        ranges.insert(ranges.end(), set->ranges().begin(), set->ranges().end());
    }
    return AddressSet(std::move(ranges));
}

Result<PortSet> ports(const JsonTree& node)
{
    const auto list = entries(node.text());
    if (list.empty())
        return PortSet::everything();
    std::vector<PortRange> ranges;
    for (const std::string& entry : list) {
        const auto range = parsePortRange(entry);
        if (!range || mixesForms(list))
            return fail(kBadPort, node.text());
        ranges.push_back(*range);
    }
    return PortSet(std::move(ranges));
}

bool matches(const CaptureFilter& filter, const AddressSet& locals, const CapturedPacket& packet, bool outgoing)
{
    const IpAddress& local = outgoing ? packet.source : packet.destination;
    const IpAddress& remote = outgoing ? packet.destination : packet.source;
    const std::uint16_t localPort = outgoing ? packet.sourcePort : packet.destinationPort;
    const std::uint16_t remotePort = outgoing ? packet.destinationPort : packet.sourcePort;
    if (filter.protocol != Protocol::Any && filter.protocol != packet.protocol)
        return false;
    if (!locals.contains(local) || !filter.local.contains(local) || !filter.remote.contains(remote))
        return false;
    return filter.localPorts.contains(localPort) && filter.remotePorts.contains(remotePort);
}

std::string alternatives(const std::vector<std::string>& terms)
{
    std::string out;
    for (const std::string& term : terms)
        out += (out.empty() ? "" : " or ") + term;
    return terms.size() > 1 ? "(" + out + ")" : out;
}

std::string addressTerm(std::string_view side, const AddressSet& set)
{
    if (set == AddressSet::everything())
        return {};
    std::vector<std::string> terms;
    for (const IpPrefix& prefix : set.prefixes()) {
        const bool whole = prefix.length == (prefix.address.isV4() ? 32 : 128);
        terms.push_back(std::string(side) + (whole ? " host " + formatIp(prefix.address) : " net " + formatPrefix(prefix)));
    }
    return alternatives(terms);
}

std::string portTerm(std::string_view side, const PortSet& set)
{
    if (set == PortSet::everything())
        return {};
    std::vector<std::string> terms;
    for (const PortRange range : set.ranges())
        terms.push_back(std::string(side) + (range.isSingle() ? " port " : " portrange ") + formatPortRange(range));
    return alternatives(terms);
}

std::string oneWay(const CaptureFilter& filter, const AddressSet& locals, std::string_view localSide, std::string_view remoteSide)
{
    std::vector<std::string> terms;
    if (filter.protocol != Protocol::Any)
        terms.push_back(lowered(name(filter.protocol)));
    for (std::string term : {addressTerm(localSide, filter.local.intersected(locals)), addressTerm(remoteSide, filter.remote), portTerm(localSide, filter.localPorts),
                             portTerm(remoteSide, filter.remotePorts)})
        if (!term.empty())
            terms.push_back(std::move(term));
    std::string out;
    for (const std::string& term : terms)
        out += (out.empty() ? "" : " and ") + term;
    return "(" + out + ")";
}

} // namespace

Result<CaptureFilter> parseCaptureFilter(const JsonTree& node)
{
    CaptureFilter filter;
    const auto protocol = parseProtocol(node.get("protocol").isNull() ? "Any" : node.get("protocol").view());
    if (!protocol || (*protocol != Protocol::Tcp && *protocol != Protocol::Udp && *protocol != Protocol::Any))
        return fail(kBadProtocol, node.get("protocol").text());
    filter.protocol = *protocol;
    TOCSIN_TRY_ASSIGN(filter.local, addresses(node.get("localIPAddress")));
    TOCSIN_TRY_ASSIGN(filter.remote, addresses(node.get("remoteIPAddress")));
    TOCSIN_TRY_ASSIGN(filter.localPorts, ports(node.get("localPort")));
    TOCSIN_TRY_ASSIGN(filter.remotePorts, ports(node.get("remotePort")));
    return filter;
}

bool isCaptured(const std::vector<CaptureFilter>& filters, const AddressSet& localAddresses, const CapturedPacket& packet)
{
    return filters.empty() || std::any_of(filters.begin(), filters.end(), [&](const CaptureFilter& filter) {
        return matches(filter, localAddresses, packet, true) || matches(filter, localAddresses, packet, false);
    });
}

std::string captureExpression(const std::vector<CaptureFilter>& filters, const AddressSet& localAddresses)
{
    std::string out;
    for (const CaptureFilter& filter : filters)
        for (const auto& [local, remote] : {std::pair("src", "dst"), std::pair("dst", "src")})
            out += (out.empty() ? "" : " or ") + oneWay(filter, localAddresses, local, remote);
    return out;
}

} // namespace tocsin::network
