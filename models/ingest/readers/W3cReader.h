// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"
#include "ingest/SchemaLibrary.h"

namespace tocsin::ingest {

/// W3C extended log files: web logs of IIS and App Service as W3CIISLog, the Windows Firewall's as WindowsFirewall. Format after the
/// W3C draft "Extended Log File Format" (WD-logfile-960323).
class W3cReader final : public LogReader {
public:
    explicit W3cReader(const SchemaLibrary& schemas) : m_schemas(schemas) {}

    std::string_view id() const override { return "w3c"; }
    std::string_view title() const override { return "W3C extended log (IIS, Windows Firewall)"; }
    Confidence probe(std::string_view head, std::string_view fileName, std::uint64_t size) const override;
    Result<void> read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const override;

private:
    const SchemaLibrary& m_schemas;
};

} // namespace tocsin::ingest
