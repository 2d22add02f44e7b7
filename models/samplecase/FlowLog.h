// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "samplecase/Company.h"
#include "samplecase/FileSet.h"

#include <map>
#include <utility>
#include <vector>

namespace tocsin::samplecase {

struct Flow {
    Ticks time = 0;
    int seconds = 0;              ///< length; ignored for a denied flow
    std::string source;
    std::string target;
    int sourcePort = 0;
    int targetPort = 0;
    char protocol = 'T';          ///< T or U
    std::string_view group;       ///< the network security group that decided
    std::string_view rule;        ///< with `UserRule_` or `DefaultRule_`
    bool inbound = true;
    bool allowed = true;
    std::uint64_t sentPackets = 0; ///< source to target, in all
    std::uint64_t sentBytes = 0;
    std::uint64_t receivedPackets = 0;
    std::uint64_t receivedBytes = 0;
};

/// NSG flow logs, version 2: a file a network security group, a record a minute.
class FlowLog {
public:
    explicit FlowLog(std::uint64_t seed) : m_random(seed, "flows") {}

    /// Begin, continuing (every five minutes) and end tuples of an allowed flow, whose counters are what was new since the last;
    /// one tuple for a denied flow. A source port of 0 takes a random one.
    void add(Flow flow);
    /// No flow is logged by the group in the interval: its machine is off, or the log was deleted.
    void silence(std::string_view group, Ticks from, Ticks to) { m_gaps[std::string(group)] = {from, to}; }
    Result<void> write(FileSet& files);

    /// `network/app-nsg.json`.
    static std::string path(std::string_view group) { return "network/" + std::string(group) + ".json"; }

private:
    struct Tuple {
        Ticks time;
        std::string_view rule;
        std::string text;
    };
    void tuple(const Flow& flow, Ticks time, char state, const std::string& counters);
    Random m_random;
    std::map<std::string, std::vector<Tuple>, std::less<>> m_groups;
    std::map<std::string, std::pair<Ticks, Ticks>, std::less<>> m_gaps;
};

} // namespace tocsin::samplecase
