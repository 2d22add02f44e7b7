// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "samplecase/FileSet.h"
#include "samplecase/WindowsEvents.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tocsin::samplecase {

/// The event logs of the Windows machines: collects events in any order, writes one EVTX file for each machine and channel.
class WindowsLog {
public:
    explicit WindowsLog(std::uint64_t seed) : m_random(seed, "windows") {}

    void add(const Host& host, Ticks time, EvtxEvent event);

    /// While it is switched off a machine writes nothing: events of the interval are dropped.
    void switchOff(const Host& host, Ticks from, Ticks to) { m_outages[host.name] = {from, to}; }
    /// A logon: 4624, and 4672 for a privileged account. A logon id that the caller chose is kept, else one is drawn.
    Session logon(const Host& host, Ticks time, LogonFacts facts);
    /// Events 4688 and, where Sysmon runs, 1. Fills in identifiers that are missing and returns the whole.
    ProcessFacts process(const Host& host, Ticks time, ProcessFacts facts);
    /// A process started by another one.
    ProcessFacts child(const Host& host, Ticks time, const ProcessFacts& parent, std::string image, std::string commandLine);
    void connection(const Host& host, Ticks time, const ProcessFacts& process, std::string_view targetIp, std::string_view targetHost,
                    std::uint16_t targetPort);

    /// `hosts/mgmt-vm01/Security.evtx`.
    static std::string path(const Host& host, std::string_view channel);
    Result<void> write(FileSet& files);

private:
    struct Log {
        std::string path;
        std::vector<EvtxEvent> events;
    };
    Random m_random;
    std::map<std::string, Log> m_logs;
    std::map<std::string, std::pair<Ticks, Ticks>> m_outages;
};

} // namespace tocsin::samplecase
