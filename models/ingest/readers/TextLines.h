// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::ingest {

/// A longer line is cut into pieces of this size.
inline constexpr std::size_t kMaxLine = 4u << 20;

struct TextLine {
    std::uint64_t offset = 0;
    std::uint64_t number = 0; ///< from 1; 0 before the first
    std::string_view text; ///< without its line break; valid until the next line
};

/// Lines of a text source, read in pieces. Ends of line are LF or CRLF; a UTF-8 mark in front is dropped.
class TextLines {
public:
    explicit TextLines(ByteSource& source) : m_source(source) {}
    /// False at the end.
    Result<bool> next(TextLine& line);

private:
    Result<void> fill();

    ByteSource& m_source;
    std::string m_buffer;
    std::uint64_t m_base = 0;
    std::uint64_t m_number = 0;
    std::size_t m_at = 0;
    bool m_started = false;
    bool m_end = false;
};

/// The text if it is UTF-8, else read as Latin-1 into `storage`.
std::string_view asUtf8(std::string_view text, std::string& storage);

} // namespace tocsin::ingest
