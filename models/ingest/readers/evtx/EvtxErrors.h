// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"

namespace tocsin::ingest {

inline constexpr ErrorKind kEvtxNotALog{"evtx.not_a_log", "{0} is not a Windows event log (EVTX)", "Choose another format, or export the log again as .evtx."};

// One record each.
inline constexpr ErrorKind kEvtxRecordSize{"evtx.record_size", "The size of the record, {0} bytes, cannot be right",
                                           "The file is damaged here; export the log again if you can."};
inline constexpr ErrorKind kEvtxRecordCut{"evtx.record_cut", "The file ends inside record {0}", "The file was cut off; copy it again if you can."};
inline constexpr ErrorKind kEvtxRecordTail{"evtx.record_tail", "The end of record {0} is missing or was overwritten",
                                           "The file is damaged here; export the log again if you can."};
inline constexpr ErrorKind kEvtxRecordSignature{"evtx.record_signature", "Bytes that are no record, {0} of them, stand between records",
                                                "The file is damaged here; export the log again if you can."};
inline constexpr ErrorKind kEvtxBinXml{"evtx.binxml", "Record {0} cannot be read: {1} at byte {2} of its chunk",
                                       "The file is damaged here; export the log again if you can."};
inline constexpr ErrorKind kEvtxRecordLimits{"evtx.record_limits", "Record {0} unfolds to more text than an event can hold",
                                             "The record was made to harm its reader or is damaged; it was left out."};

// One chunk each.
inline constexpr ErrorKind kEvtxChunkSignature{"evtx.chunk_signature", "A chunk of the log has lost its header; {0} record(s) seen in it were left out",
                                               "The file is damaged here; export the log again if you can."};

// Warnings: nothing was lost, or only what the file itself lacks.
inline constexpr ErrorKind kEvtxChunkMark{"evtx.chunk_mark", "The signature of a chunk is spoilt; its records were read all the same", ""};
inline constexpr ErrorKind kEvtxHeaderChecksum{"evtx.header_checksum", "The checksum of the file header is wrong", ""};
inline constexpr ErrorKind kEvtxChunkChecksum{"evtx.chunk_checksum", "The checksum of a chunk header is wrong", ""};
inline constexpr ErrorKind kEvtxRecordsChecksum{"evtx.records_checksum", "The checksum of the records of a chunk is wrong", ""};
inline constexpr ErrorKind kEvtxRecordsMissing{"evtx.records_missing", "A chunk announces {0} records but holds {1} before its empty space", ""};

} // namespace tocsin::ingest
