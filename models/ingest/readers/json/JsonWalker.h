// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/json/JsonCursor.h"

#include <string>
#include <vector>

namespace tocsin::ingest {

/// Finds the records of a JSON file, one value at the top level after the other. See walkJsonRecords().
class JsonWalker {
public:
    /// Starts at a place of the file outside of any value, on that line.
    JsonWalker(ByteSource& source, JsonRecordHandler& handler, std::stop_token stop, std::uint64_t offset = 0, std::uint64_t line = 1)
        : m_handler(handler), m_in(source, handler, std::move(stop), offset, line)
    {
    }

    /// To the end of the file.
    Result<void> run();
    /// Over one value at the top level; false at the end of the file.
    Result<bool> step();
    std::uint64_t position() const { return m_in.position(); }
    /// 1-based, of the position.
    std::uint64_t line() { return m_in.lineAt(m_in.position()); }

private:
    using Scan = JsonCursor::Scan;
    void value(int wrappers);
    void array(int wrappers);
    void object(int wrappers);
    bool wrapper(int wrappers);
    bool opensBundle(std::string_view firstKey);
    bool enterExample(int wrappers);
    void tables(bool onlyFirst);
    void table();
    void rows(const std::vector<std::string>& columns, const std::string& name);
    void row(const std::vector<std::string>& columns, const std::string& name);
    std::vector<std::string> columnNames();
    void closeObject();

    void record();
    void bad(std::uint64_t start, Scan scan);
    void resyncLine(std::size_t indent);
    void resyncPattern();
    void reject(std::uint64_t offset, Error reason) { m_handler.reject({offset, m_in.lineAt(offset), std::move(reason)}); }
    bool ok() const { return m_failed.has_value() && m_in.status().has_value(); }

    JsonRecordHandler& m_handler;
    JsonCursor m_in;
    Result<void> m_failed;
    std::string m_opening; ///< the first bytes of the last good record, up to the colon behind its first key
    std::string m_rowText;
    int m_failures = 0; ///< since the last good record
};

/// Whether an object with this first key may hold records rather than being one.
bool mayHoldRecords(std::string_view firstKey);

} // namespace tocsin::ingest
