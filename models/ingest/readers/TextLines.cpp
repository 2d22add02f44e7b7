// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/TextLines.h"

#include "base/Utf8.h"

namespace tocsin::ingest {

namespace {

constexpr std::size_t kPiece = 1u << 20;

} // namespace

Result<void> TextLines::fill()
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

Result<bool> TextLines::next(TextLine& line)
{
    if (!m_started) {
        m_started = true;
        TOCSIN_TRY(fill());
        if (m_buffer.starts_with("\xEF\xBB\xBF"))
            m_at = 3;
    }
    std::size_t end = m_buffer.find('\n', m_at);
    while (end == std::string::npos && !m_end && m_buffer.size() - m_at < kMaxLine) {
        const std::size_t seen = m_buffer.size() - m_at;
        TOCSIN_TRY(fill());
        end = m_buffer.find('\n', seen);
    }
    if (end == std::string::npos && m_at == m_buffer.size())
        return false;
    const std::size_t stop = end == std::string::npos ? m_buffer.size() : end;
    line.offset = m_base + m_at;
    line.number = ++m_number;
    line.text = std::string_view(m_buffer).substr(m_at, stop - m_at);
    if (line.text.ends_with('\r'))
        line.text.remove_suffix(1);
    m_at = end == std::string::npos ? stop : stop + 1;
    return true;
}

std::string_view asUtf8(std::string_view text, std::string& storage)
{
    if (isValidUtf8(text))
        return text;
    storage = utf8FromLatin1(text);
    return storage;
}

} // namespace tocsin::ingest
