// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin::ingest {

/// One flow tuple of a flow log with what its record says about it. Views into the record.
struct FlowTuple {
    Ticks time = 0;
    int version = 0;             ///< of the log: 1, 2 or 4
    std::string_view resourceId; ///< the security group, or the flow log's target
    std::string_view mac;
    std::string_view acl;        ///< of virtual network logs
    std::string_view rule;       ///< as sent
    std::string_view sourceIp;
    std::string_view destinationIp;
    std::int64_t sourcePort = 0;
    std::int64_t destinationPort = 0;
    std::string_view protocol;   ///< `T`, `U`, else the IANA number as sent
    char direction = 0;          ///< `I` or `O`
    char status = 0;             ///< `A` or `D`
    char state = 0;              ///< `B`, `C`, `E`, or 0 in version 1
    std::string_view encryption;
    std::optional<std::int64_t> packetsOut; ///< source to destination, since the tuple before
    std::optional<std::int64_t> bytesOut;
    std::optional<std::int64_t> packetsIn;
    std::optional<std::int64_t> bytesIn;
};

/// Reads the 8 fields of version 1 or the 13 of version 2 of a security group's log. Null on success, else what is wrong.
const char* parseSecurityGroupTuple(std::string_view text, FlowTuple& tuple);
/// Reads the 13 fields of a virtual network's log (version 4).
const char* parseVirtualNetworkTuple(std::string_view text, FlowTuple& tuple);

} // namespace tocsin::ingest
