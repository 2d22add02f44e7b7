// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/FlowSums.h"

#include "base/IpAddress.h"
#include "ingest/readers/ResourceId.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace tocsin::ingest {

namespace {

bool isPublic(const std::string& address)
{
    const auto ip = parseIp(address);
    return ip && !isPrivateIp(*ip);
}

/// The rule's name without the prefix that tells who made it.
std::pair<std::string_view, std::string_view> ruleParts(std::string_view rule)
{
    if (rule.starts_with("UserRule_"))
        return {rule.substr(9), "User Defined"};
    if (rule.starts_with("DefaultRule_"))
        return {rule.substr(12), "Default"};
    return {rule, ""};
}

std::string listName(std::string_view id)
{
    const ResourceIdParts parts = splitResourceId(id);
    return lowerAscii(fmt::format("{}/{}/{}", parts.subscription, parts.group, parts.name));
}

std::string_view encryptionName(std::string_view code)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kNames{{{"X", "Encrypted"}, {"NX", "Unencrypted"},
        {"NX_HW_NOT_SUPPORTED", "Unsupported hardware"}, {"NX_SW_NOT_READY", "Software not ready"}, {"NX_NOT_ACCEPTED", "Drop due to no encryption"},
        {"NX_NOT_SUPPORTED", "Discovery not supported"}, {"NX_LOCAL_DST", "Destination on same host"}, {"NX_FALLBACK", "Fall back to no encryption"}}};
    for (const auto& [key, name] : kNames)
        if (key == code)
            return name;
    return code;
}

} // namespace

std::string_view applicationOfPort(std::int64_t port)
{
    static constexpr std::array<std::pair<int, std::string_view>, 24> kPorts{{{20, "ftp-data"}, {21, "ftp"}, {22, "ssh"}, {23, "telnet"}, {25, "smtp"}, {53, "dns"},
        {67, "dhcp"}, {80, "http"}, {88, "kerberos"}, {110, "pop3"}, {123, "ntp"}, {135, "epmap"}, {137, "netbios-ns"}, {138, "netbios-dgm"}, {139, "netbios-ssn"},
        {143, "imap"}, {161, "snmp"}, {389, "ldap"}, {443, "https"}, {445, "microsoft-ds"}, {636, "ldaps"}, {1433, "ms-sql-s"}, {3306, "mysql"},
        {3389, "ms-wbt-server"}}};
    for (const auto& [number, name] : kPorts)
        if (number == port)
            return name;
    return "Unknown";
}

void FlowSums::add(const FlowTuple& tuple)
{
    const Ticks hour = tuple.time - tuple.time % kTicksPerHour;
    m_key.clear();
    fmt::format_to(std::back_inserter(m_key), "{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", hour, tuple.resourceId, tuple.mac, tuple.acl, tuple.rule, tuple.sourceIp,
        tuple.destinationIp, tuple.destinationPort, tuple.protocol, tuple.direction, tuple.status);
    auto found = m_sums.find(m_key);
    if (found == m_sums.end()) {
        Sum sum;
        sum.resourceId = tuple.resourceId;
        sum.mac = tuple.mac;
        sum.acl = tuple.acl;
        sum.rule = tuple.rule;
        sum.sourceIp = tuple.sourceIp;
        sum.destinationIp = tuple.destinationIp;
        sum.protocol = tuple.protocol;
        sum.encryption = tuple.encryption;
        sum.destinationPort = tuple.destinationPort;
        sum.direction = tuple.direction;
        sum.status = tuple.status;
        sum.hour = hour;
        sum.first = sum.last = tuple.time;
        found = m_sums.emplace(m_key, std::move(sum)).first;
    }
    Sum& sum = found->second;
    sum.first = std::min(sum.first, tuple.time);
    sum.last = std::max(sum.last, tuple.time);
    sum.begun += tuple.state == 'B' || tuple.state == 0;
    sum.completed += tuple.state == 'E';
    sum.packetsOut += tuple.packetsOut.value_or(0);
    sum.bytesOut += tuple.bytesOut.value_or(0);
    sum.packetsIn += tuple.packetsIn.value_or(0);
    sum.bytesIn += tuple.bytesIn.value_or(0);
}

std::string FlowSums::column(std::string_view name, std::string_view suffix) const
{
    return m_target == Target::NetworkAnalytics ? fmt::format("{}{}", name, suffix) : std::string(name);
}

void FlowSums::write(RowSet& rows)
{
    if (m_sums.empty())
        return;
    TableBuilder& table = rows.table(m_target == Target::NetworkAnalytics ? "AzureNetworkAnalytics_CL" : "NTANetAnalytics");
    for (const auto& [key, sum] : m_sums)
        writeRow(sum, table, rows);
    m_sums.clear();
}

void FlowSums::writeRow(const Sum& sum, TableBuilder& table, RowSet& rows) const
{
    const auto text = [&](std::string_view name, std::string_view value) {
        if (const auto found = table.findFolded(column(name, "_s")))
            table.setText(*found, value);
    };
    const auto time = [&](std::string_view name, Ticks value) { table.time(column(name, "_t"), value); };
    const bool older = m_target == Target::NetworkAnalytics;
    const ResourceIdParts parts = splitResourceId(sum.resourceId);
    const auto [rule, ruleType] = ruleParts(sum.rule);
    text("FASchemaVersion", older ? "2" : "3");
    text("SubType", "FlowLog");
    time("FlowStartTime", sum.first);
    time("FlowEndTime", sum.last);
    time("FlowIntervalStartTime", sum.hour);
    time("FlowIntervalEndTime", sum.hour + kTicksPerHour);
    time("TimeProcessed", rows.options().importTime);
    text("L4Protocol", sum.protocol);
    text("L7Protocol", applicationOfPort(sum.destinationPort));
    text("FlowDirection", std::string_view(&sum.direction, 1));
    text("FlowStatus", std::string_view(&sum.status, 1));
    text("NSGRule", rule);
    text("AclRule", rule);
    text("NSGRuleType", ruleType);
    text("NSGList", older ? listName(sum.resourceId) : std::string());
    text("AclGroup", sum.acl);
    text("MACAddress", sum.mac);
    text("FlowEncryption", encryptionName(sum.encryption));
    text("TargetResourceId", sum.resourceId);
    table.text("Subscription_g", older ? parts.subscription : std::string_view());
    writePublicSide(sum, table);
    writeNumbers(sum, table);
    rows.endRow(table, {sum.hour + kTicksPerHour, "Azure", sum.resourceId, 0}, 0);
}

void FlowSums::writePublicSide(const Sum& sum, TableBuilder& table) const
{
    const auto text = [&](std::string_view name, std::string_view value) {
        if (const auto found = table.findFolded(column(name, "_s")))
            table.setText(*found, value);
    };
    const bool sourcePublic = isPublic(sum.sourceIp);
    const bool destinationPublic = isPublic(sum.destinationIp);
    const auto entry = [&](const std::string& ip) {
        return fmt::format("{}|{}|{}|{}|{}|{}|{}", ip, sum.begun, sum.completed, sum.packetsOut, sum.packetsIn, sum.bytesOut, sum.bytesIn);
    };
    text("FlowType", sourcePublic || destinationPublic ? "ExternalPublic" : "Unknown");
    text(sourcePublic ? "SrcPublicIPs" : "SrcIP", sourcePublic ? entry(sum.sourceIp) : sum.sourceIp);
    text(destinationPublic ? "DestPublicIPs" : "DestIP", destinationPublic ? entry(sum.destinationIp) : sum.destinationIp);
}

void FlowSums::writeNumbers(const Sum& sum, TableBuilder& table) const
{
    const bool older = m_target == Target::NetworkAnalytics;
    const auto number = [&](std::string_view name, std::int64_t value) { table.number(column(name, "_d"), value); };
    number("DestPort", sum.destinationPort);
    number("AllowedInFlows", sum.status == 'A' && sum.direction == 'I' ? sum.begun : 0);
    number("AllowedOutFlows", sum.status == 'A' && sum.direction == 'O' ? sum.begun : 0);
    number("DeniedInFlows", sum.status == 'D' && sum.direction == 'I' ? sum.begun : 0);
    number("DeniedOutFlows", sum.status == 'D' && sum.direction == 'O' ? sum.begun : 0);
    number("CompletedFlows", sum.completed);
    number("FlowCount", sum.begun);
    number(older ? "OutboundPackets" : "PacketsSrcToDest", sum.packetsOut);
    number(older ? "OutboundBytes" : "BytesSrcToDest", sum.bytesOut);
    number(older ? "InboundPackets" : "PacketsDestToSrc", sum.packetsIn);
    number(older ? "InboundBytes" : "BytesDestToSrc", sum.bytesIn);
}

} // namespace tocsin::ingest
