// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/FlowTuple.h"

#include "base/IpAddress.h"
#include "ingest/TimestampReader.h"

#include <array>
#include <charconv>

namespace tocsin::ingest {

namespace {

constexpr std::size_t kMaxFields = 16;

struct Fields {
    std::array<std::string_view, kMaxFields> at;
    std::size_t count = 0;
};

Fields split(std::string_view text)
{
    Fields fields;
    while (fields.count < kMaxFields) {
        const std::size_t comma = text.find(',');
        fields.at[fields.count++] = text.substr(0, comma);
        if (comma == std::string_view::npos)
            break;
        text.remove_prefix(comma + 1);
    }
    return fields;
}

std::optional<std::int64_t> number(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0)
        return {};
    return value;
}

const char* parseEnds(const Fields& fields, FlowTuple& tuple)
{
    const auto epoch = number(fields.at[0]);
    const auto time = epoch ? TimestampReader::fromEpoch(*epoch) : std::nullopt;
    if (!time)
        return "time";
    tuple.time = *time;
    tuple.sourceIp = fields.at[1];
    tuple.destinationIp = fields.at[2];
    if (!parseIp(tuple.sourceIp) || !parseIp(tuple.destinationIp))
        return "address";
    const auto source = number(fields.at[3]);
    const auto destination = number(fields.at[4]);
    if (!source || !destination || *source > 65535 || *destination > 65535)
        return "port";
    tuple.sourcePort = *source;
    tuple.destinationPort = *destination;
    if (fields.at[6] != "I" && fields.at[6] != "O")
        return "direction";
    tuple.direction = fields.at[6][0];
    return nullptr;
}

const char* parseCounters(const Fields& fields, std::size_t first, FlowTuple& tuple)
{
    std::optional<std::int64_t>* const targets[] = {&tuple.packetsOut, &tuple.bytesOut, &tuple.packetsIn, &tuple.bytesIn};
    for (std::size_t i = 0; i < 4; ++i) {
        const std::string_view text = fields.at[first + i];
        *targets[i] = number(text);
        if (!text.empty() && !*targets[i])
            return "counter";
    }
    return nullptr;
}

} // namespace

const char* parseSecurityGroupTuple(std::string_view text, FlowTuple& tuple)
{
    const Fields fields = split(text);
    if (fields.count != 8 && fields.count != 13)
        return "number of fields";
    if (const char* wrong = parseEnds(fields, tuple))
        return wrong;
    if (fields.at[5] != "T" && fields.at[5] != "U")
        return "protocol";
    tuple.protocol = fields.at[5];
    if (fields.at[7] != "A" && fields.at[7] != "D")
        return "decision";
    tuple.status = fields.at[7][0];
    tuple.state = 0;
    tuple.packetsOut = tuple.bytesOut = tuple.packetsIn = tuple.bytesIn = std::nullopt;
    if (fields.count == 8)
        return nullptr;
    if (fields.at[8] != "B" && fields.at[8] != "C" && fields.at[8] != "E")
        return "state";
    tuple.state = fields.at[8][0];
    return parseCounters(fields, 9, tuple);
}

const char* parseVirtualNetworkTuple(std::string_view text, FlowTuple& tuple)
{
    const Fields fields = split(text);
    if (fields.count != 13)
        return "number of fields";
    if (const char* wrong = parseEnds(fields, tuple))
        return wrong;
    if (!number(fields.at[5]))
        return "protocol";
    tuple.protocol = fields.at[5] == "6" ? std::string_view("T") : fields.at[5] == "17" ? std::string_view("U") : fields.at[5];
    const std::string_view state = fields.at[7];
    if (state != "B" && state != "C" && state != "E" && state != "D")
        return "state";
    // A denied flow is written once, in place of its begin.
    tuple.status = state == "D" ? 'D' : 'A';
    tuple.state = state == "D" ? 'B' : state[0];
    tuple.encryption = fields.at[8];
    return parseCounters(fields, 9, tuple);
}

} // namespace tocsin::ingest
