// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"

#include <cstdint>
#include <stop_token>
#include <string_view>

namespace tocsin::ingest {

/// Bytes that may be read behind the text of a record, as simdjson wants them.
inline constexpr std::size_t kJsonPadding = 64;
/// A longer record is rejected.
inline constexpr std::size_t kMaxJsonRecord = 256u << 20;

/// The text of one record of a JSON file; not yet checked to be valid JSON.
struct JsonRecord {
    std::uint64_t offset = 0;
    std::uint64_t line = 1;
    std::string_view text;  ///< kJsonPadding readable bytes follow; valid during the call
    std::string_view table; ///< the table name a query answer gives its rows; empty elsewhere
};

/// Takes the records of a walk, in order.
class JsonRecordHandler {
public:
    virtual ~JsonRecordHandler() = default;
    virtual Result<void> record(const JsonRecord& record) = 0;
    virtual void reject(Reject reject) = 0;
    virtual void warning(Reject note) = 0;
    virtual void progress(std::uint64_t bytes) = 0;
};

/// Finds the records of a JSON file whatever holds them: `records` or `value` members (nested too), bare arrays, one object, an
/// object a line, objects without separators, API examples (`responses.200.body`), the tables of query answers (rows become
/// objects). The file is read in pieces; memory holds one record. A broken record is rejected, and the walk goes on at the next
/// place where a record can start. Errors: I/O, cancelled, or what the handler returns.
Result<void> walkJsonRecords(ByteSource& source, JsonRecordHandler& handler, std::stop_token stop);

} // namespace tocsin::ingest
