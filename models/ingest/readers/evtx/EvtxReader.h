// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"

namespace tocsin::ingest {

/// Windows event logs (EVTX) into SecurityEvent and Event, or into WindowsEvent when the user says that they were forwarded.
class EvtxReader final : public LogReader {
public:
    std::string_view id() const override { return "evtx"; }
    std::string_view title() const override { return "Windows event log (EVTX)"; }
    Confidence probe(std::string_view head, std::string_view fileName, std::uint64_t size) const override;
    Result<void> read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const override;
};

} // namespace tocsin::ingest
