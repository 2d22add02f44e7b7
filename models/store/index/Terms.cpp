// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/index/Terms.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace tocsin::store {
namespace {

constexpr std::size_t kShortestTerm = 3;
constexpr std::size_t kFirstSlots = 1'024;

/// ASCII letters and digits.
constexpr bool isTerm(unsigned char c)
{
    const auto letter = static_cast<unsigned char>((c | 0x20) - 'a');
    const auto digit = static_cast<unsigned char>(c - '0');
    return letter < 26 || digit < 10;
}

constexpr std::uint64_t kLowerCase = 0x2020202020202020u; ///< sets letters to lower case and leaves digits as they are
constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15u;

/// Up to eight bytes from a place, the first in the lowest; nothing behind `end` is touched.
std::uint64_t loadWord(const unsigned char* at, std::size_t count, const unsigned char* end)
{
    std::uint64_t word = 0;
    if (end - at >= 8)
        std::memcpy(&word, at, 8);
    else
        std::memcpy(&word, at, std::min<std::size_t>(count, static_cast<std::size_t>(end - at)));
    return count >= 8 ? word : word & ((std::uint64_t{1} << (8 * count)) - 1);
}

/// Of a run of ASCII letters and digits, whatever their case. Part of the file format.
std::uint64_t hashOfTerm(const unsigned char* at, std::size_t length, const unsigned char* end)
{
    std::uint64_t hash = length * kMultiplier;
    for (; length > 8; at += 8, length -= 8) {
        hash = (hash ^ (loadWord(at, 8, end) | kLowerCase)) * kMultiplier;
        hash ^= hash >> 29;
    }
    const std::uint64_t folded = length == 8 ? kLowerCase : kLowerCase & ((std::uint64_t{1} << (8 * length)) - 1);
    hash = (hash ^ (loadWord(at, length, end) | folded)) * kMultiplier;
    hash ^= hash >> 32;
    hash *= kMultiplier;
    hash ^= hash >> 29;
    return hash ? hash : 1;
}

#ifdef __SSE2__
/// A bit for each of the 16 bytes, the first in the lowest.
std::uint64_t sixteen(const unsigned char* at)
{
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i letters = _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    const __m128i digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    const __m128i isLetter = _mm_cmpeq_epi8(_mm_min_epu8(letters, _mm_set1_epi8(25)), letters);
    const __m128i isDigit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
    return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(isLetter, isDigit))));
}
#endif

/// Which of up to 64 bytes are letters or digits, the first in the lowest bit.
std::uint64_t termBits(const unsigned char* at, std::size_t count)
{
    std::uint64_t bits = 0;
    std::size_t i = 0;
#ifdef __SSE2__
    for (; i + 16 <= count; i += 16)
        bits |= sixteen(at + i) << i;
#endif
    for (; i < count; ++i)
        bits |= std::uint64_t{isTerm(at[i])} << i;
    return bits;
}

/// Calls found(hash, start, end) for each term.
template <typename Found>
void forEachTerm(std::string_view text, Found found)
{
    constexpr std::size_t kAtOnce = 64;
    const auto* const begin = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = begin + text.size();
    std::size_t start = 0; // of the run that goes on
    bool inside = false;
    const auto finish = [&](std::size_t stop) {
        if (stop - start >= kShortestTerm)
            found(hashOfTerm(begin + start, stop - start, end), start, stop);
    };
    for (std::size_t block = 0; block < text.size(); block += kAtOnce) {
        const std::uint64_t bits = termBits(begin + block, std::min(kAtOnce, text.size() - block));
        // Where runs begin and where they have ended, in turn.
        for (std::uint64_t edges = bits ^ (bits << 1 | std::uint64_t{inside}); edges != 0; edges &= edges - 1) {
            const std::size_t at = block + static_cast<std::size_t>(std::countr_zero(edges));
            if (inside)
                finish(at);
            start = at;
            inside = !inside;
        }
    }
    if (inside)
        finish(text.size());
}

bool isBeyondAscii(std::string_view text, std::size_t at) { return at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80; }

/// The two characters beyond ASCII whose lower case is ASCII: the Kelvin sign and the dotted capital I.
constexpr std::string_view kKelvin = "\xE2\x84\xAA";
constexpr std::string_view kDottedI = "\xC4\xB0";

std::string withFoldedLetters(std::string_view text)
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const bool kelvin = text.substr(at).starts_with(kKelvin);
        const bool dotted = text.substr(at).starts_with(kDottedI);
        result += kelvin ? 'k' : dotted ? 'i' : text[at];
        at += kelvin ? kKelvin.size() : dotted ? kDottedI.size() : 1;
    }
    return result;
}

} // namespace

void TermHashes::addText(std::string_view text)
{
    const auto add = [this](std::uint64_t hash, std::size_t, std::size_t) { insert(hash); };
    forEachTerm(text, add);
    if (text.find('\xE2') != std::string_view::npos || text.find('\xC4') != std::string_view::npos)
        if (text.find(kKelvin) != std::string_view::npos || text.find(kDottedI) != std::string_view::npos)
            forEachTerm(withFoldedLetters(text), add);
}

void TermHashes::clear()
{
    std::fill(m_slots.begin(), m_slots.end(), 0);
    m_size = 0;
}

void TermHashes::insert(std::uint64_t hash)
{
    if (2 * m_size >= m_slots.size()) {
        std::vector<std::uint64_t> larger(m_slots.empty() ? kFirstSlots : 4 * m_slots.size());
        for (const std::uint64_t old : m_slots) {
            std::size_t at = old & (larger.size() - 1);
            while (old != 0 && larger[at] != 0)
                at = (at + 1) & (larger.size() - 1);
            if (old != 0)
                larger[at] = old;
        }
        m_slots = std::move(larger);
    }
    const std::size_t mask = m_slots.size() - 1;
    std::size_t at = hash & mask;
    while (m_slots[at] != 0 && m_slots[at] != hash)
        at = (at + 1) & mask;
    m_size += m_slots[at] == 0 ? 1 : 0;
    m_slots[at] = hash;
}

std::vector<std::uint64_t> TermHashes::hashes() const
{
    std::vector<std::uint64_t> result;
    result.reserve(m_size);
    for (const std::uint64_t hash : m_slots)
        if (hash != 0)
            result.push_back(hash);
    return result;
}

std::vector<std::uint64_t> requiredTerms(std::string_view wanted)
{
    std::vector<std::uint64_t> result;
    forEachTerm(wanted, [&](std::uint64_t hash, std::size_t start, std::size_t end) {
        // Beside a character beyond ASCII the run may go on in the text: that character may have an ASCII form in the other case.
        const bool alone = (start == 0 || !isBeyondAscii(wanted, start - 1)) && !isBeyondAscii(wanted, end);
        if (alone)
            result.push_back(hash);
    });
    return result;
}

} // namespace tocsin::store
