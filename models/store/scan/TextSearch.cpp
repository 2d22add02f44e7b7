// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/TextSearch.h"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tocsin::store {
namespace {

char foldAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool isBeyondAscii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool matchesAt(const char* text, std::string_view wanted)
{
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (foldAscii(text[i]) != wanted[i])
            return false;
    return true;
}

/// The first place at or behind `at` where the string stands, or `end`.
const char* findFolded(const char* at, const char* end, std::string_view wanted)
{
    const std::size_t length = wanted.size();
    if (static_cast<std::size_t>(end - at) < length)
        return end;
    const char* const last = end - length; // the last place it can stand
#ifdef __SSE2__
    // Its first and its last character are looked for together; with bit 5 set, letters of both cases are equal (and few other bytes are).
    const auto bit = [](char c) { return c >= 'a' && c <= 'z' ? char{0x20} : char{0}; };
    const __m128i firstBit = _mm_set1_epi8(bit(wanted.front()));
    const __m128i lastBit = _mm_set1_epi8(bit(wanted.back()));
    const __m128i firstByte = _mm_set1_epi8(wanted.front());
    const __m128i lastByte = _mm_set1_epi8(wanted.back());
    for (; at + 15 <= last; at += 16) {
        const __m128i a = _mm_or_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), firstBit);
        const __m128i b = _mm_or_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at + length - 1)), lastBit);
        auto candidates = static_cast<unsigned>(_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(a, firstByte), _mm_cmpeq_epi8(b, lastByte))));
        for (; candidates != 0; candidates &= candidates - 1)
            if (const char* const place = at + std::countr_zero(candidates); matchesAt(place, wanted))
                return place;
    }
#endif
    for (; at <= last; ++at)
        if (matchesAt(at, wanted))
            return at;
    return end;
}

bool hasBeyondAscii(const char* at, const char* end)
{
    std::uint64_t seen = 0;
    for (; end - at >= 8; at += 8) {
        std::uint64_t word;
        std::memcpy(&word, at, 8);
        seen |= word;
    }
    return (seen & 0x8080808080808080u) != 0 || std::any_of(at, end, isBeyondAscii);
}

} // namespace

TextSearch::TextSearch(std::string_view wanted)
{
    if (std::any_of(wanted.begin(), wanted.end(), isBeyondAscii))
        return;
    m_wanted = wanted;
    std::transform(m_wanted.begin(), m_wanted.end(), m_wanted.begin(), foldAscii);
}

void TextSearch::mark(std::span<const std::string_view> texts, std::vector<std::uint8_t>& marks) const
{
    if (!canDecide()) {
        std::fill(marks.begin(), marks.end(), 1);
        return;
    }
    for (std::size_t start = 0; start < texts.size();) {
        std::size_t stop = start + 1;
        while (stop < texts.size() && texts[stop].data() == texts[stop - 1].data() + texts[stop - 1].size())
            ++stop;
        const char* const begin = texts[start].data();
        const char* const end = texts[stop - 1].data() + texts[stop - 1].size();
        const auto textAt = [&](const char* place) {
            const auto behind = std::upper_bound(texts.begin() + static_cast<std::ptrdiff_t>(start), texts.begin() + static_cast<std::ptrdiff_t>(stop), place,
                [](const char* wanted, std::string_view text) { return wanted < text.data() + text.size(); });
            return static_cast<std::size_t>(behind - texts.begin());
        };
        for (const char* at = findFolded(begin, end, m_wanted); at != end; at = findFolded(at, end, m_wanted)) {
            const std::size_t place = textAt(at);
            const char* const textEnd = texts[place].data() + texts[place].size();
            const bool inside = at + m_wanted.size() <= textEnd;
            if (inside)
                marks[place] = 1;
            at = inside ? textEnd : at + 1;
        }
        if (begin != end && hasBeyondAscii(begin, end))
            for (std::size_t i = start; i < stop; ++i)
                if (!marks[i])
                    marks[i] = std::any_of(texts[i].begin(), texts[i].end(), isBeyondAscii);
        start = stop;
    }
}

} // namespace tocsin::store
