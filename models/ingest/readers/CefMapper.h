// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"
#include "ingest/SchemaLibrary.h"
#include "ingest/readers/TableRows.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tocsin::ingest {

/// Where `CEF:` with a version starts in the first 512 bytes of a line.
std::optional<std::size_t> findCef(std::string_view line);

/// Turns messages of ArcSight's Common Event Format into rows of CommonSecurityLog, after Microsoft's "CEF and CommonSecurityLog field
/// mapping". Senders that leave out escapes are read as far as their meaning is certain.
class CefMapper {
public:
    /// `text` starts with `CEF:`. `host` and `time` are those of the frame around it. An error is the reason for a reject.
    Result<void> map(std::string_view text, std::string_view host, Ticks time, std::size_t bytes, RowSet& rows);

private:
    using Pair = std::pair<std::string_view, std::string>;
    void splitExtension(std::string_view text);
    bool startsPair(std::string_view key, bool afterBlank) const;
    void writePair(TableBuilder& table, std::string_view key, const std::string& value, std::string& additional) const;
    Ticks eventTime(const RowSet& rows, Ticks frame) const;

    std::vector<Pair> m_pairs;
};

/// Files of CEF messages, one a line, with or without a syslog frame.
class CefReader final : public LogReader {
public:
    explicit CefReader(const SchemaLibrary& schemas) : m_schemas(schemas) {}

    std::string_view id() const override { return "cef"; }
    std::string_view title() const override { return "Common Event Format (CEF)"; }
    Confidence probe(std::string_view head, std::string_view fileName, std::uint64_t size) const override;
    Result<void> read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const override;

private:
    const SchemaLibrary& m_schemas;
};

} // namespace tocsin::ingest
