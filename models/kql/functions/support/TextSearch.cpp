// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/TextSearch.h"

#include "base/Terms.h"

#include <bit>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tocsin::kql {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool isLetter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

bool equalFolded(const char* text, const char* folded, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i)
        if (foldAscii(text[i]) != folded[i])
            return false;
    return true;
}

} // namespace

bool isAscii(std::string_view text)
{
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + i, 8);
        if (word & 0x8080808080808080U)
            return false;
    }
    for (; i < text.size(); ++i)
        if (static_cast<unsigned char>(text[i]) >= 0x80)
            return false;
    return true;
}

TextFinder::TextFinder(std::string_view wanted, bool caseSensitive) : m_wanted(wanted), m_caseSensitive(caseSensitive)
{
    if (caseSensitive)
        return;
    m_unicode = !isAscii(wanted);
    m_wanted = foldCase(wanted);
}

std::string_view TextFinder::prepared(std::string_view text, std::string& scratch) const
{
    if (!m_unicode)
        return text;
    scratch = foldCase(text);
    return scratch;
}

bool TextFinder::matchesAt(const char* at) const
{
    if (m_caseSensitive || m_unicode)
        return std::memcmp(at, m_wanted.data(), m_wanted.size()) == 0;
    return equalFolded(at, m_wanted.data(), m_wanted.size());
}

std::size_t TextFinder::find(std::string_view text, std::size_t from) const
{
    const std::size_t size = m_wanted.size();
    if (from > text.size() || size > text.size() - from)
        return kNone;
    if (size == 0)
        return from;
    if (m_caseSensitive || m_unicode) {
        const void* place = memmem(text.data() + from, text.size() - from, m_wanted.data(), size);
        return place ? static_cast<std::size_t>(static_cast<const char*>(place) - text.data()) : kNone;
    }
    return findFolded(text, from);
}

/// Looks at 16 places at once for the first and the last character of the wanted text in either case (the generic SIMD search of
/// Wojciech Muła), and compares in full only where both are right.
std::size_t TextFinder::findFolded(std::string_view text, std::size_t from) const
{
    const std::size_t size = m_wanted.size();
    const char* data = text.data();
    const std::size_t lastStart = text.size() - size;
    std::size_t i = from;
#ifdef __SSE2__
    const char first = m_wanted.front();
    const char last = m_wanted.back();
    const __m128i firstBit = _mm_set1_epi8(isLetter(first) ? 0x20 : 0);
    const __m128i lastBit = _mm_set1_epi8(isLetter(last) ? 0x20 : 0);
    const __m128i firsts = _mm_set1_epi8(first);
    const __m128i lasts = _mm_set1_epi8(last);
    for (; i + size - 1 + 16 <= text.size(); i += 16) {
        const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + i));
        const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + i + size - 1));
        const __m128i both = _mm_and_si128(_mm_cmpeq_epi8(_mm_or_si128(a, firstBit), firsts), _mm_cmpeq_epi8(_mm_or_si128(b, lastBit), lasts));
        auto mask = static_cast<unsigned>(_mm_movemask_epi8(both));
        while (mask) {
            const std::size_t at = i + static_cast<std::size_t>(std::countr_zero(mask));
            if (matchesAt(data + at))
                return at;
            mask &= mask - 1;
        }
    }
#endif
    for (; i <= lastStart; ++i)
        if (foldAscii(data[i]) == m_wanted.front() && matchesAt(data + i))
            return i;
    return kNone;
}

bool TextFinder::startsWith(std::string_view text) const
{
    std::string scratch;
    text = prepared(text, scratch);
    return text.size() >= m_wanted.size() && matchesAt(text.data());
}

bool TextFinder::endsWith(std::string_view text) const
{
    std::string scratch;
    text = prepared(text, scratch);
    return text.size() >= m_wanted.size() && matchesAt(text.data() + (text.size() - m_wanted.size()));
}

bool TextFinder::equals(std::string_view text) const
{
    std::string scratch;
    text = prepared(text, scratch);
    return text.size() == m_wanted.size() && matchesAt(text.data());
}

TermFinder::TermFinder(std::string_view wanted, TermRule rule, bool caseSensitive) : m_finder(wanted, caseSensitive)
{
    m_checkStart = rule != TermRule::Suffix && termCharAt(wanted, 0);
    m_checkEnd = rule != TermRule::Prefix && termCharBefore(wanted, wanted.size());
}

bool TermFinder::matches(std::string_view text) const
{
    std::string scratch;
    text = m_finder.prepared(text, scratch);
    const std::size_t size = m_finder.wanted().size();
    if (size == 0)
        return true;
    for (std::size_t at = m_finder.find(text); at != kNone; at = m_finder.find(text, at + 1))
        if (!(m_checkStart && termCharBefore(text, at)) && !(m_checkEnd && termCharAt(text, at + size)))
            return true;
    return false;
}

} // namespace tocsin::kql
