// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"
#include "ingest/SchemaLibrary.h"

namespace tocsin::ingest {

/// Syslog messages as the table Syslog: RFC 3164 and 5424 with priority, and files as the daemons write them. Lines without a time
/// continue the message before them. Messages that hold CEF become CommonSecurityLog instead.
class SyslogReader final : public LogReader {
public:
    explicit SyslogReader(const SchemaLibrary& schemas) : m_schemas(schemas) {}

    std::string_view id() const override { return "syslog"; }
    std::string_view title() const override { return "Syslog (RFC 3164, RFC 5424, log files)"; }
    Confidence probe(std::string_view head, std::string_view fileName, std::uint64_t size) const override;
    Result<void> read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const override;

private:
    const SchemaLibrary& m_schemas;
};

/// The facility of a log file by its name (`auth.log` is authpriv); daemon for others.
int facilityOfFile(std::string_view path);

} // namespace tocsin::ingest
