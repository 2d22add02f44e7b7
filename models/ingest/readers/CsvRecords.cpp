// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/CsvRecords.h"

#include <algorithm>

namespace tocsin::ingest {

namespace {

constexpr std::size_t kPiece = 1u << 20;
constexpr std::size_t kMaxRecord = 64u << 20;

} // namespace

std::optional<char> guessSeparator(std::string_view headerLine)
{
    std::optional<char> best;
    std::ptrdiff_t most = 0;
    for (const char candidate : {',', ';', '\t', '|'}) {
        std::ptrdiff_t count = 0;
        bool quoted = false;
        for (const char c : headerLine) {
            quoted = quoted != (c == '"');
            count += !quoted && c == candidate;
        }
        if (count > most) {
            most = count;
            best = candidate;
        }
    }
    return best;
}

Result<void> CsvRecords::fill()
{
    m_buffer.erase(0, m_at);
    m_base += m_at;
    m_at = 0;
    const std::size_t old = m_buffer.size();
    m_buffer.resize(old + kPiece);
    const auto got = m_source.read(m_base + old, std::as_writable_bytes(std::span(m_buffer.data() + old, kPiece)));
    m_buffer.resize(old + got.value_or(0));
    if (!got)
        return std::unexpected(got.error());
    m_end = *got < kPiece;
    return {};
}

std::optional<std::size_t> CsvRecords::findEnd(bool atEnd, bool& unclosed) const
{
    bool quoted = false;
    bool fieldStart = true;
    for (std::size_t i = m_at; i < m_buffer.size(); ++i) {
        const char c = m_buffer[i];
        if (quoted) {
            if (c == '"') {
                if (i + 1 == m_buffer.size() && !atEnd)
                    return {};
                if (i + 1 < m_buffer.size() && m_buffer[i + 1] == '"')
                    ++i;
                else
                    quoted = false;
            }
        } else if (c == '"' && fieldStart) {
            quoted = true;
        } else if (c == '\n') {
            return i + 1;
        }
        fieldStart = !quoted && c == m_separator;
    }
    if (!atEnd)
        return {};
    unclosed = quoted;
    return m_buffer.size();
}

Result<bool> CsvRecords::next(CsvRecord& record)
{
    if (!m_started) {
        m_started = true;
        TOCSIN_TRY(fill());
        if (m_buffer.starts_with("\xEF\xBB\xBF"))
            m_at = 3;
    }
    while (true) {
        bool unclosed = false;
        std::optional<std::size_t> end = findEnd(m_end || m_buffer.size() - m_at > kMaxRecord, unclosed);
        while (!end) {
            TOCSIN_TRY(fill());
            end = findEnd(m_end || m_buffer.size() - m_at > kMaxRecord, unclosed);
        }
        if (*end == m_at)
            return false;
        std::string_view text = std::string_view(m_buffer).substr(m_at, *end - m_at);
        // A mark that is never closed would swallow the rest of the file: the record is its first line alone.
        if (unclosed)
            if (const std::size_t feed = text.find('\n'); feed != std::string_view::npos)
                text = text.substr(0, feed + 1);
        record.offset = m_base + m_at;
        record.line = m_line;
        record.bytes = text.size();
        record.unclosed = unclosed;
        m_at += text.size();
        m_line += static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
            text.remove_suffix(1);
        if (text.empty())
            continue;
        split(text, record);
        return true;
    }
}

void CsvRecords::split(std::string_view text, CsvRecord& record)
{
    record.fields.clear();
    m_unquoted.clear();
    m_unquoted.reserve(text.size()); // fields are views into it, so it must not move
    std::size_t at = 0;
    while (true) {
        if (at < text.size() && text[at] == '"') {
            const std::size_t start = m_unquoted.size();
            for (++at; at < text.size(); ++at) {
                if (text[at] == '"') {
                    if (at + 1 >= text.size() || text[at + 1] != '"')
                        break;
                    ++at;
                }
                m_unquoted += text[at];
            }
            if (at < text.size())
                ++at;
            // What stands between the closing mark and the separator belongs to the field, as other readers have it.
            while (at < text.size() && text[at] != m_separator)
                m_unquoted += text[at++];
            record.fields.push_back(std::string_view(m_unquoted).substr(start));
        } else {
            const std::size_t end = std::min(text.find(m_separator, at), text.size());
            record.fields.push_back(text.substr(at, end - at));
            at = end;
        }
        if (at >= text.size())
            return;
        ++at;
        if (at == text.size()) {
            record.fields.push_back({});
            return;
        }
    }
}

} // namespace tocsin::ingest
