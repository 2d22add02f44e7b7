// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/readers/json/JsonRecords.h"

#include <optional>
#include <string>

namespace tocsin::ingest {

/// Moves over the bytes of a source, holding only a window of them: from the pinned place (or the current one) on.
class JsonCursor {
public:
    /// Starts at a place of the source, on that line.
    JsonCursor(ByteSource& source, JsonRecordHandler& handler, std::stop_token stop, std::uint64_t offset = 0, std::uint64_t line = 1);

    /// The byte here, or -1 at the end (or after an error, see status()).
    int peek() { return m_at < m_buffer.size() || fill() ? static_cast<unsigned char>(m_buffer[m_at]) : -1; }
    void next() { ++m_at; }
    bool take(char c);
    void skipSpace();
    /// Blanks and commas: what may stand between records.
    void skipSeparators();
    std::uint64_t position() const { return m_base + m_at; }
    /// Back (or on) to a place inside the window.
    void seek(std::uint64_t position) { m_at = static_cast<std::size_t>(position - m_base); }
    const Result<void>& status() const { return m_status; }
    /// 1-based line of a place inside the window. Cheap when called with growing places.
    std::uint64_t lineAt(std::uint64_t position);
    /// Blanks in front of a place, if nothing else stands before it on its line.
    std::optional<std::size_t> indentAt(std::uint64_t position) const;

    /// The earliest place that must stay in the window; returns the one before.
    std::uint64_t pin(std::uint64_t position) { return std::exchange(m_pin, position); }
    static constexpr std::uint64_t kNoPin = UINT64_MAX;
    /// The text from a pinned place to here, followed by readable padding.
    std::string_view textFrom(std::uint64_t start);

    enum class Scan { Complete, Truncated, Broken, TooDeep, TooLong };
    /// Over one value. Containers are followed by their brackets only; text is left at the place of trouble.
    Scan skipValue();
    /// A key or other string in its JSON spelling without quotation marks; nothing if there is none here.
    std::optional<std::string> readString();
    /// Where a member of an object is to begin, commas before it included: its name, with the place on its value. Nothing if there is no member.
    std::optional<std::string> readKey();

private:
    bool fill();
    Scan skipString();
    Scan skipContainer();
    /// The last byte before here that is no blank, not before `start`.
    char significantBefore(std::uint64_t start) const;

    ByteSource& m_source;
    JsonRecordHandler& m_handler;
    std::stop_token m_stop;
    std::string m_buffer;
    std::uint64_t m_start; ///< of the reading
    std::uint64_t m_base;  ///< place of the buffer in the source
    std::size_t m_at = 0;
    std::uint64_t m_pin = kNoPin;
    std::uint64_t m_lines;     ///< line feeds before m_countedTo
    std::uint64_t m_countedTo;
    Result<void> m_status;
};

} // namespace tocsin::ingest
