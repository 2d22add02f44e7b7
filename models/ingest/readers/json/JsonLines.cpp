// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/json/JsonLines.h"

#include <algorithm>

namespace tocsin::ingest {

Result<std::string> LineChunks::next()
{
    std::string text;
    if (!m_free.empty()) {
        text = std::move(m_free.back());
        m_free.pop_back();
    }
    if (m_offset >= m_source.size())
        return std::string();
    text.reserve(kBytes + kJsonPadding);
    text.resize(kBytes);
    TOCSIN_TRY_ASSIGN(const std::size_t got, m_source.read(m_offset, std::as_writable_bytes(std::span(text.data(), text.size()))));
    text.resize(got);
    if (m_offset + got < m_source.size())
        if (const std::size_t feed = text.rfind('\n'); feed != std::string::npos)
            text.resize(feed + 1);
    m_offset += text.size();
    return text;
}

std::string_view recordInLine(std::string_view line)
{
    const auto isBlank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!line.empty() && isBlank(line.front()))
        line.remove_prefix(1);
    while (!line.empty() && isBlank(line.back()))
        line.remove_suffix(1);
    if (line.ends_with(','))
        line.remove_suffix(1);
    return line.size() >= 2 && line.front() == '{' && line.back() == '}' ? line : std::string_view();
}

} // namespace tocsin::ingest
