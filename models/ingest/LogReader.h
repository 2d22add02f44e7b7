// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Executor.h"
#include "base/Result.h"
#include "catalog/TableSchema.h"
#include "column/Batch.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

/// Bytes of one input. Reads may be at any place; a plain file, an unpacked archive member, a test's buffer.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    virtual std::uint64_t size() const = 0;
    /// Copies up to out.size() bytes from `offset`; fewer only at the end. I/O errors are errors, never short reads.
    virtual Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> out) = 0;
    /// What the user calls it: a path, or `archive.zip/member`.
    virtual const std::string& name() const = 0;
};

/// A record that could not be used. Counted and kept; it never stops the rest.
struct Reject {
    std::uint64_t offset = 0;          ///< byte position of the record in the source
    std::optional<std::uint64_t> line; ///< 1-based, for text formats
    Error reason;
};

/// Where a reader puts what it found. Calls come from one thread, in the order of the source.
class RowSink {
public:
    virtual ~RowSink() = default;
    /// Rows for one table. The columns stand in the order of `schema`, whose names the reader chose from the table's published
    /// schema (extra columns are allowed and are added to the stored table). `records` = source records these rows came from.
    virtual Result<void> rows(const catalog::TableSchema& schema, Batch batch, std::uint64_t records) = 0;
    virtual void reject(Reject reject) = 0;
    /// Something odd that lost no record (a bad checksum over good data, an unknown year).
    virtual void warning(Reject note) = 0;
    /// Bytes consumed so far, for progress.
    virtual void progress(std::uint64_t bytes) = 0;
    /// Forgets what was handed over: the reader found that it took the source for something else and begins again.
    virtual Result<void> restart() = 0;
};

/// What a reader needs to know beside the bytes.
struct ReadOptions {
    Ticks importTime = 0;              ///< the import's own time (TimeCollected, the year of year-less syslog stamps)
    std::optional<std::string> table;  ///< the user's choice of table, where the format leaves one (CSV, plain JSON)
    bool forwardedWindowsEvents = false; ///< EVTX as `WindowsEvent` instead of SecurityEvent and Event
    int sourceUtcOffsetMinutes = 0;    ///< zone of timestamps that carry none
    Executor* executor = nullptr;      ///< threads a reader may use beside its own
};

/// How sure a reader is that a source is of its format, from the first bytes.
enum class Confidence { No, Maybe, Likely, Certain };

/// One log format: bytes in, typed rows and rejected records out. A new format is one file in readers/, one test and one line of
/// registration. Readers are stateless; `read` may run on several threads for different sources.
class LogReader {
public:
    virtual ~LogReader() = default;
    /// Short stable identifier, for `--format`: `evtx`, `azure-activity`, …
    virtual std::string_view id() const = 0;
    /// For people: "Windows event log (EVTX)".
    virtual std::string_view title() const = 0;
    /// `head` are the first bytes (up to 64 KiB) of a source of `size` bytes.
    virtual Confidence probe(std::string_view head, std::string_view fileName, std::uint64_t size) const = 0;
    /// Reads the whole source. An error means that nothing more could be read (I/O, not this format at all, cancelled, or the sink
    /// refused); bad records are rejects instead.
    virtual Result<void> read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const = 0;
};

} // namespace tocsin::ingest
