// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/evtx/EvtxReader.h"

#include "ingest/readers/evtx/EvtxFile.h"
#include "ingest/readers/evtx/WindowsEventMapping.h"

namespace tocsin::ingest {

Confidence EvtxReader::probe(std::string_view head, std::string_view, std::uint64_t) const
{
    return head.starts_with(std::string_view("ElfFile\0", 8)) ? Confidence::Certain : Confidence::No;
}

Result<void> EvtxReader::read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const
{
    WindowsEventMapping mapping(options, sink);
    EvtxListener listener;
    listener.event = [&](const EvtxEvent& event) { return mapping.add(event); };
    listener.reject = [&](Reject reject) { sink.reject(std::move(reject)); };
    listener.warning = [&](Reject note) { sink.warning(std::move(note)); };
    listener.progress = [&](std::uint64_t bytes) { sink.progress(bytes); };
    TOCSIN_TRY(forEachEvent(source, listener, stop));
    return mapping.finish();
}

} // namespace tocsin::ingest
