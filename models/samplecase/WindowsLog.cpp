// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/WindowsLog.h"

#include <algorithm>

namespace tocsin::samplecase {

std::string WindowsLog::path(const Host& host, std::string_view channel)
{
    std::string file;
    for (const char c : channel) // the event log service writes the slash of a channel as %4
        file += c == '/' ? std::string("%4") : std::string(1, c);
    return "hosts/" + host.name + '/' + file + ".evtx";
}

void WindowsLog::add(const Host& host, Ticks time, EvtxEvent event)
{
    if (const auto outage = m_outages.find(host.name); outage != m_outages.end() && time >= outage->second.first && time < outage->second.second)
        return;
    event.time = time;
    Log& log = m_logs[host.name + '|' + event.channel];
    if (log.path.empty())
        log.path = path(host, event.channel);
    log.events.push_back(std::move(event));
}

Session WindowsLog::logon(const Host& host, Ticks time, LogonFacts facts)
{
    const std::uint64_t drawn = 0x100000 + m_random.below(0x3F000000);
    if (facts.session.logonId == Session{}.logonId)
        facts.session.logonId = drawn;
    facts.session.logonGuid = m_random.guid();
    if (facts.port == 0 && facts.address != "-")
        facts.port = static_cast<std::uint32_t>(m_random.between(49700, 64900));
    add(host, time, logonEvent(host, facts));
    if (facts.elevated)
        add(host, time + 20 * kTicksPerMicrosecond, specialPrivilegesEvent(host, facts.session));
    return facts.session;
}

ProcessFacts WindowsLog::process(const Host& host, Ticks time, ProcessFacts facts)
{
    if (facts.pid == 0)
        facts.pid = static_cast<std::uint32_t>(m_random.between(300, 3000) * 4);
    if (facts.parentPid == 0)
        facts.parentPid = static_cast<std::uint32_t>(m_random.between(150, 800) * 4);
    if (facts.guid == Guid{})
        facts.guid = m_random.guid();
    if (facts.parentGuid == Guid{})
        facts.parentGuid = m_random.guid();
    add(host, time, processEvent(host, facts));
    if (host.sysmon) {
        const Ticks seen = time + m_random.between(1, 9) * kTicksPerMillisecond;
        add(host, seen, sysmonProcessEvent(host, facts, time));
    }
    return facts;
}

ProcessFacts WindowsLog::child(const Host& host, Ticks time, const ProcessFacts& parent, std::string image, std::string commandLine)
{
    ProcessFacts facts;
    facts.session = parent.session;
    facts.integrity = parent.integrity;
    facts.image = std::move(image);
    facts.commandLine = std::move(commandLine);
    facts.parentImage = parent.image;
    facts.parentCommandLine = parent.commandLine;
    facts.parentPid = parent.pid;
    facts.parentGuid = parent.guid;
    return process(host, time, std::move(facts));
}

void WindowsLog::connection(const Host& host, Ticks time, const ProcessFacts& process, std::string_view targetIp, std::string_view targetHost,
                            std::uint16_t targetPort)
{
    if (!host.sysmon)
        return;
    ConnectionFacts facts;
    facts.guid = process.guid;
    facts.pid = process.pid;
    facts.image = process.image;
    facts.user = accountText(process.session.account);
    facts.sourceIp = host.ip;
    facts.sourcePort = static_cast<std::uint16_t>(m_random.between(49700, 64900));
    facts.targetIp = targetIp;
    facts.targetHost = targetHost;
    facts.targetPort = targetPort;
    add(host, time, sysmonConnectionEvent(host, facts, time));
}

Result<void> WindowsLog::write(FileSet& files)
{
    for (auto& [key, log] : m_logs) {
        std::stable_sort(log.events.begin(), log.events.end(), [](const EvtxEvent& a, const EvtxEvent& b) { return a.time < b.time; });
        EvtxWriter writer(1000 + fnv1a(key) % 900'000);
        std::uint64_t written = 0;
        for (const EvtxEvent& event : log.events) {
            if (!writer.add(event))
                return fail(kInternal, "an event of the demo case is larger than a chunk: " + key);
            ++written;
        }
        TOCSIN_TRY(files.write(log.path, "EVTX", written, writer.finish()));
    }
    return {};
}

} // namespace tocsin::samplecase
