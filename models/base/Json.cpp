// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"

#include "base/Utf8.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tocsin {
namespace {

/// Stands in a JSON string as it is: printable ASCII but quotation mark and backslash.
bool isPlain(char c) { return static_cast<unsigned char>(c) - 0x20u < 0x60u && c != '"' && c != '\\'; }

bool isMark(char c) { return c == '"' || c == '\\'; }

#ifdef __SSE2__
/// Which of 16 characters are marks, the first in the lowest bit.
unsigned marksOf(__m128i bytes)
{
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')))));
}
#endif

/// How many quotation marks and backslashes the text has, if all else is printable ASCII.
std::optional<std::size_t> countMarks(std::string_view text)
{
    std::size_t marks = 0;
    std::size_t at = 0;
#ifdef __SSE2__
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        if (_mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20))) != 0) // as signed numbers, those beyond ASCII are below the space too
            return std::nullopt;
        marks += static_cast<std::size_t>(std::popcount(marksOf(bytes)));
    }
#endif
    for (; at < text.size(); ++at) {
        if (isMark(text[at]))
            ++marks;
        else if (!isPlain(text[at]))
            return std::nullopt;
    }
    return marks;
}

/// Copies printable ASCII with a backslash in front of each mark. May write 16 bytes more than there is; returns the end of what counts.
char* copyMarked(char* out, std::string_view text)
{
    std::size_t at = 0;
#ifdef __SSE2__
    while (at + 16 <= text.size()) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
        const unsigned marks = marksOf(bytes);
        const auto plain = marks == 0 ? std::size_t{16} : static_cast<std::size_t>(std::countr_zero(marks));
        out += plain;
        at += plain;
        if (marks != 0) {
            *out++ = '\\';
            *out++ = text[at++];
        }
    }
#endif
    for (; at < text.size(); ++at) {
        if (isMark(text[at]))
            *out++ = '\\';
        *out++ = text[at];
    }
    return out;
}

/// What most texts are made of, at once.
void appendMarked(std::string& out, std::string_view text, std::size_t marks)
{
    constexpr std::size_t kSlack = 16;
    const std::size_t before = out.size();
    out.resize_and_overwrite(before + text.size() + marks + 2 + kSlack, [&](char* bytes, std::size_t) {
        char* at = bytes + before;
        *at++ = '"';
        if (text.empty()) { // it may stand nowhere
        } else if (marks == 0) {
            std::memcpy(at, text.data(), text.size());
            at += text.size();
        } else {
            at = copyMarked(at, text);
        }
        *at++ = '"';
        return static_cast<std::size_t>(at - bytes);
    });
}

} // namespace

void appendJsonString(std::string& out, std::string_view text)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    if (const auto marks = countMarks(text))
        return appendMarked(out, text, *marks);
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        const auto other = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), isPlain);
        const auto plain = static_cast<std::size_t>(other - text.begin());
        out.append(text, i, plain - i);
        i = plain;
        if (i == text.size())
            break;
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte >= 0x80) {
            const DecodedChar decoded = decodeUtf8(text, i);
            if (decoded.valid)
                out.append(text, i, decoded.length);
            else
                out += "\xEF\xBF\xBD";
            i += decoded.length;
            continue;
        }
        switch (byte) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        default:
            out += "\\u00"; // everything else that is printable was taken above
            out += kDigits[byte >> 4];
            out += kDigits[byte & 15];
        }
        ++i;
    }
    out += '"';
}

void appendJsonNumber(std::string& out, double value)
{
    if (std::isnan(value)) {
        out += "\"NaN\"";
        return;
    }
    if (std::isinf(value)) {
        out += value > 0 ? "\"inf\"" : "\"-inf\"";
        return;
    }
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
    out += text;
    // 1.0 stays a real when it is read again.
    if (text.find_first_of(".en") == std::string_view::npos)
        out += ".0";
}

JsonWriter& JsonWriter::key(std::string_view name)
{
    separate();
    appendJsonString(m_out, name);
    m_out += ':';
    m_afterKey = true;
    return *this;
}

void JsonWriter::separate()
{
    if (m_afterKey) {
        m_afterKey = false;
        return;
    }
    if (m_first.empty())
        return;
    if (!m_first.back())
        m_out += ',';
    m_first.back() = false;
}

} // namespace tocsin
