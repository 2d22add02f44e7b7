// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "samplecase/RecordList.h"

#include <map>
#include <utility>

namespace tocsin::samplecase {

/// Facilities and severities of RFC 5424, as far as the case needs them.
enum class Facility { Kern = 0, User = 1, Daemon = 3, Syslog = 5, Cron = 9, AuthPriv = 10 };
enum class Severity { Error = 3, Warning = 4, Notice = 5, Info = 6 };

/// What the Linux machines sent to the syslog collector: RFC 5424 lines, a file a machine.
class SyslogLog {
public:
    void add(Ticks time, std::string_view host, Facility facility, Severity severity, std::string_view process, int pid, std::string_view message);
    /// While it is switched off a machine sends nothing.
    void switchOff(std::string_view host, Ticks from, Ticks to) { m_outages[std::string(host)] = {from, to}; }
    Result<void> write(FileSet& files);

    /// `syslog/au-vm01.log`.
    static std::string path(std::string_view host) { return "syslog/" + std::string(host) + ".log"; }

private:
    std::map<std::string, RecordList, std::less<>> m_hosts;
    std::map<std::string, std::pair<Ticks, Ticks>, std::less<>> m_outages;
};

} // namespace tocsin::samplecase
