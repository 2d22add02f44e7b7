// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

/// One record of a separated text file.
struct CsvRecord {
    std::uint64_t offset = 0;
    std::uint64_t line = 1;
    std::size_t bytes = 0;
    std::vector<std::string_view> fields; ///< valid until the next record
    bool unclosed = false;                ///< a quotation mark was still open at the end of the source
};

/// Splits separated text into records, reading the source in pieces.
class CsvRecords {
public:
    CsvRecords(ByteSource& source, char separator) : m_source(source), m_separator(separator) {}

    /// The next record that is no empty line; nothing at the end.
    Result<bool> next(CsvRecord& record);

private:
    Result<void> fill();
    /// The end of the record that starts at m_at (behind its line break), or nothing if more bytes are needed.
    std::optional<std::size_t> findEnd(bool atEnd, bool& unclosed) const;
    void split(std::string_view text, CsvRecord& record);

    ByteSource& m_source;
    char m_separator;
    std::string m_buffer;
    std::string m_unquoted;
    std::uint64_t m_base = 0;
    std::uint64_t m_line = 1;
    std::size_t m_at = 0;
    bool m_end = false;
    bool m_started = false;
};

/// The separator a header line uses most: comma, semicolon, tab or bar; nothing if none.
std::optional<char> guessSeparator(std::string_view headerLine);

} // namespace tocsin::ingest
