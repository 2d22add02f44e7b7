// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"
#include "ingest/readers/evtx/EvtxEvent.h"

#include <functional>
#include <stop_token>

namespace tocsin::ingest {

/// Who hears what is found in a log. Empty functions are not called. Calls come from the calling thread, in the order of the file.
struct EvtxListener {
    std::function<Result<void>(const EvtxEvent&)> event; ///< an error ends the reading and is returned
    std::function<void(Reject)> reject;                  ///< a record (or a chunk without its header) that cannot be used
    std::function<void(Reject)> warning;                 ///< damage that cost no readable record
    std::function<void(std::uint64_t)> progress;         ///< bytes done
};

/// Reads every event of a Windows event log (EVTX). Chunks are found by the size of the file, not by its header, which is wrong in logs
/// copied from a running system. Errors: kEvtxNotALog, kCancelled, what the source or the listener return.
Result<void> forEachEvent(ByteSource& source, const EvtxListener& listener, std::stop_token stop = {});
/// The events alone; damage is passed over in silence.
Result<void> forEachEvent(ByteSource& source, const std::function<void(const EvtxEvent&)>& event);

} // namespace tocsin::ingest
