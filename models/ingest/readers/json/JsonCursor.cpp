// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/json/JsonCursor.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {

namespace {

constexpr std::size_t kPiece = 1u << 20;
constexpr int kMaxDepth = 1024;
constexpr std::size_t kLookBehind = 256; ///< bytes kept in front of the pinned place, to see how it is indented

constexpr std::array<bool, 256> makeStops(std::string_view bytes)
{
    std::array<bool, 256> stops{};
    for (const char c : bytes)
        stops[static_cast<unsigned char>(c)] = true;
    return stops;
}

/// What ends a run of plain bytes inside a string (a bare line feed is not allowed there), and inside a container.
constexpr std::array<bool, 256> kStringStops = makeStops("\"\\\n");
constexpr std::array<bool, 256> kContainerStops = makeStops("\"{}[]");

bool isSpace(int c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

} // namespace

JsonCursor::JsonCursor(ByteSource& source, JsonRecordHandler& handler, std::stop_token stop, std::uint64_t offset, std::uint64_t line)
    : m_source(source), m_handler(handler), m_stop(std::move(stop)), m_start(offset), m_base(offset), m_lines(line - 1), m_countedTo(offset)
{
}

bool JsonCursor::fill()
{
    if (!m_status)
        return false;
    if (m_stop.stop_requested()) {
        m_status = fail(kCancelled);
        return false;
    }
    std::size_t keep = std::min(m_at, m_pin == kNoPin ? m_at : static_cast<std::size_t>(m_pin - m_base));
    keep -= std::min(keep, kLookBehind);
    // Moving the kept bytes to the front only when they are the smaller part keeps a long record from being copied for every piece.
    if (keep > m_buffer.size() / 2) {
        if (m_countedTo < m_base + keep)
            lineAt(m_base + keep);
        m_buffer.erase(0, keep);
        m_base += keep;
        m_at -= keep;
    }
    const std::size_t old = m_buffer.size();
    m_buffer.resize(old + kPiece);
    const auto got = m_source.read(m_base + old, std::as_writable_bytes(std::span(m_buffer.data() + old, kPiece)));
    if (!got) {
        m_buffer.resize(old);
        m_status = std::unexpected(got.error());
        return false;
    }
    m_buffer.resize(old + *got);
    m_handler.progress(m_base + m_buffer.size());
    return *got > 0 && m_at < m_buffer.size();
}

bool JsonCursor::take(char c)
{
    if (peek() != static_cast<unsigned char>(c))
        return false;
    ++m_at;
    return true;
}

void JsonCursor::skipSpace()
{
    while (isSpace(peek()))
        ++m_at;
}

void JsonCursor::skipSeparators()
{
    for (int c = peek(); isSpace(c) || c == ',' || c == 0x1E; c = peek())
        ++m_at;
}

std::uint64_t JsonCursor::lineAt(std::uint64_t position)
{
    const auto from = static_cast<std::ptrdiff_t>(std::min(position, m_countedTo) - m_base);
    const auto to = static_cast<std::ptrdiff_t>(std::max(position, m_countedTo) - m_base);
    const auto feeds = static_cast<std::uint64_t>(std::count(m_buffer.begin() + from, m_buffer.begin() + to, '\n'));
    m_lines = position >= m_countedTo ? m_lines + feeds : m_lines - feeds;
    m_countedTo = position;
    return m_lines + 1;
}

std::optional<std::size_t> JsonCursor::indentAt(std::uint64_t position) const
{
    std::size_t blanks = 0;
    for (std::size_t i = static_cast<std::size_t>(position - m_base); i > 0; --i, ++blanks) {
        const char c = m_buffer[i - 1];
        if (c == '\n')
            return blanks;
        if (c != ' ' && c != '\t')
            return {};
    }
    return m_base == m_start ? std::optional(blanks) : std::nullopt;
}

std::string_view JsonCursor::textFrom(std::uint64_t start)
{
    if (m_buffer.capacity() < m_buffer.size() + kJsonPadding)
        m_buffer.reserve(m_buffer.size() + kPiece);
    const std::size_t first = static_cast<std::size_t>(start - m_base);
    return std::string_view(m_buffer).substr(first, m_at - first);
}

char JsonCursor::significantBefore(std::uint64_t start) const
{
    for (std::size_t i = m_at; i > static_cast<std::size_t>(start - m_base); --i)
        if (!isSpace(static_cast<unsigned char>(m_buffer[i - 1])))
            return m_buffer[i - 1];
    return 0;
}

JsonCursor::Scan JsonCursor::skipString()
{
    ++m_at; // the opening mark
    while (peek() >= 0) {
        const char* const data = m_buffer.data();
        const std::size_t size = m_buffer.size();
        std::size_t i = m_at;
        while (i < size && !kStringStops[static_cast<unsigned char>(data[i])])
            ++i;
        m_at = i;
        if (i == size)
            continue;
        if (data[i] == '"') {
            ++m_at;
            return Scan::Complete;
        }
        if (data[i] == '\n')
            return Scan::Broken;
        ++m_at; // the backslash and what it escapes
        if (peek() >= 0 && peek() != '\n')
            ++m_at;
    }
    return Scan::Truncated;
}

JsonCursor::Scan JsonCursor::skipContainer()
{
    const std::uint64_t start = position();
    const std::uint64_t outerPin = m_pin;
    m_pin = std::min(m_pin, start);
    int depth = 0;
    Scan result = Scan::Truncated;
    while (peek() >= 0) {
        const char* const data = m_buffer.data();
        const std::size_t size = m_buffer.size();
        std::size_t i = m_at;
        while (i < size && !kContainerStops[static_cast<unsigned char>(data[i])])
            ++i;
        m_at = i;
        if (position() - start > kMaxJsonRecord) {
            result = Scan::TooLong;
            break;
        }
        if (i == size)
            continue;
        const char c = data[i];
        if (c == '"') {
            const Scan string = skipString();
            if (string == Scan::Complete)
                continue;
            result = string;
            break;
        }
        if (c == '{' || c == '[') {
            const char before = depth == 0 ? ',' : significantBefore(start);
            if (before != ',' && before != ':' && before != '[') {
                result = Scan::Broken;
                break;
            }
            if (++depth > kMaxDepth) {
                result = Scan::TooDeep;
                break;
            }
        } else {
            --depth;
        }
        ++m_at;
        if (depth == 0) {
            result = Scan::Complete;
            break;
        }
    }
    m_pin = outerPin;
    return result;
}

JsonCursor::Scan JsonCursor::skipValue()
{
    const int c = peek();
    if (c == '{' || c == '[')
        return skipContainer();
    if (c == '"')
        return skipString();
    const std::uint64_t start = position();
    for (int at = c; at >= 0 && !isSpace(at) && at != ',' && at != '}' && at != ']' && at != '{' && at != '[' && at != '"'; at = peek())
        ++m_at;
    return position() == start ? (c < 0 ? Scan::Truncated : Scan::Broken) : Scan::Complete;
}

std::optional<std::string> JsonCursor::readKey()
{
    skipSeparators();
    std::optional<std::string> key = readString();
    if (!key)
        return {};
    skipSpace();
    if (!take(':'))
        return {};
    skipSpace();
    return key;
}

std::optional<std::string> JsonCursor::readString()
{
    if (peek() != '"')
        return {};
    const std::uint64_t start = position();
    const std::uint64_t outerPin = pin(std::min(m_pin, start));
    const Scan scan = skipString();
    std::optional<std::string> text;
    if (scan == Scan::Complete) {
        const std::string_view whole = textFrom(start);
        text = whole.substr(1, whole.size() - 2);
    }
    pin(outerPin);
    return text;
}

} // namespace tocsin::ingest
