// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/SyslogLog.h"

namespace tocsin::samplecase {

void SyslogLog::add(Ticks time, std::string_view host, Facility facility, Severity severity, std::string_view process, int pid,
                    std::string_view message)
{
    if (const auto outage = m_outages.find(host); outage != m_outages.end() && time >= outage->second.first && time < outage->second.second)
        return;
    // <PRI>1 time host app pid msgid structured-data message; microseconds, as RFC 5424 allows at most six decimals.
    std::string line = '<' + std::to_string(static_cast<int>(facility) * 8 + static_cast<int>(severity)) + ">1 ";
    line += formatDateTime(time).substr(0, 26);
    ((line += "Z ") += host) += ' ';
    line += process;
    line += ' ' + (pid == 0 ? std::string("-") : std::to_string(pid)) + " - - ";
    line += message;
    m_hosts[std::string(host)].add(time, std::move(line));
}

Result<void> SyslogLog::write(FileSet& files)
{
    for (auto& [host, records] : m_hosts)
        TOCSIN_TRY(records.writeLines(files, path(host), "Syslog"));
    return {};
}

} // namespace tocsin::samplecase
