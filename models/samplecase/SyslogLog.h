// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "samplecase/RecordList.h"

#include <map>

namespace tocsin::samplecase {

/// Facilities and severities of RFC 5424, as far as the case needs them.
enum class Facility { Kern = 0, User = 1, Daemon = 3, Syslog = 5, Cron = 9, AuthPriv = 10 };
enum class Severity { Error = 3, Warning = 4, Notice = 5, Info = 6 };

/// What the Linux machines sent to the syslog collector: RFC 5424 lines, a file a machine.
class SyslogLog {
public:
    void add(Ticks time, std::string_view host, Facility facility, Severity severity, std::string_view process, int pid, std::string_view message);
    Result<void> write(FileSet& files);

    /// `syslog/app-vm01.log`.
    static std::string path(std::string_view host) { return "syslog/" + std::string(host) + ".log"; }

private:
    std::map<std::string, RecordList, std::less<>> m_hosts;
};

} // namespace tocsin::samplecase
