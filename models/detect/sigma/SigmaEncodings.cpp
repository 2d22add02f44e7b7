// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaEncodings.h"

#include "base/Utf8.h"

#include <cstdint>

namespace tocsin::detect::sigma {
namespace {

constexpr std::string_view kDashes[] = {"-", "/", "\u2013", "\u2014", "\u2015"};
constexpr std::size_t kMaxDashes = 3; ///< beyond that all dashes of a text change together, or there would be too many variants

bool isWord(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || (static_cast<unsigned char>(c) & 0x80);
}

/// Where a literal has a switch character: no word before it, a word behind it.
std::vector<std::size_t> switches(std::string_view text)
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i + 1 < text.size(); ++i)
        if ((text[i] == '-' || text[i] == '/') && isWord(text[i + 1]) && (i == 0 || !isWord(text[i - 1])))
            places.push_back(i);
    return places;
}

std::string replaced(std::string_view text, const std::vector<std::size_t>& places, std::size_t from, std::size_t count, std::string_view dash)
{
    std::string result;
    std::size_t at = 0;
    for (std::size_t i = from; i < from + count; ++i) {
        result += text.substr(at, places[i] - at);
        result += dash;
        at = places[i] + 1;
    }
    result += text.substr(at);
    return result;
}

std::vector<std::string> dashTexts(const std::string& text)
{
    const auto places = switches(text);
    if (places.empty())
        return {text};
    std::vector<std::string> texts;
    if (places.size() > kMaxDashes) {
        for (const std::string_view dash : kDashes)
            texts.push_back(replaced(text, places, 0, places.size(), dash));
        return texts;
    }
    // From the last place to the first, so that the earlier places stay where they are.
    texts.push_back(text);
    for (std::size_t i = places.size(); i-- > 0;) {
        std::vector<std::string> next;
        for (const std::string& one : texts)
            for (const std::string_view dash : kDashes)
                next.push_back(replaced(one, places, i, 1, dash));
        texts = std::move(next);
    }
    return texts;
}

} // namespace

std::string base64(std::string_view bytes)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            out += i + k > bytes.size() ? '=' : digits[group >> (18 - 6 * k) & 63];
    }
    return out;
}

std::vector<std::string> base64Offsets(std::string_view bytes)
{
    constexpr std::size_t front[] = {0, 2, 3};
    constexpr std::size_t back[] = {0, 3, 2};
    std::vector<std::string> results;
    for (std::size_t offset = 0; offset < 3; ++offset) {
        const std::string encoded = base64(std::string(offset, ' ').append(bytes));
        const std::size_t cut = front[offset] + back[(bytes.size() + offset) % 3];
        if (encoded.size() > cut)
            results.push_back(encoded.substr(front[offset], encoded.size() - cut));
    }
    return results;
}

std::string utf16Bytes(std::string_view text, bool bigEndian, bool byteOrderMark)
{
    std::string out;
    const auto unit = [&](std::uint32_t value) {
        const char low = static_cast<char>(value & 0xFF), high = static_cast<char>(value >> 8);
        out += bigEndian ? high : low;
        out += bigEndian ? low : high;
    };
    if (byteOrderMark)
        unit(0xFEFF);
    for (std::size_t i = 0; i < text.size();) {
        const DecodedChar decoded = decodeUtf8(text, i);
        i += decoded.length;
        const auto code = static_cast<std::uint32_t>(decoded.code);
        if (code < 0x10000) {
            unit(code);
        } else {
            unit(0xD800 + ((code - 0x10000) >> 10));
            unit(0xDC00 + ((code - 0x10000) & 0x3FF));
        }
    }
    return out;
}

std::vector<TextPattern> dashVariants(const TextPattern& pattern)
{
    std::vector<TextPattern> variants{pattern};
    for (std::size_t i = 0; i < pattern.parts.size(); ++i) {
        if (pattern.parts[i].kind != TextPattern::Kind::Literal)
            continue;
        const auto texts = dashTexts(pattern.parts[i].text);
        if (texts.size() == 1 || variants.size() * texts.size() > 625)
            continue;
        std::vector<TextPattern> next;
        for (const TextPattern& variant : variants)
            for (const std::string& text : texts) {
                next.push_back(variant);
                next.back().parts[i].text = text;
            }
        variants = std::move(next);
    }
    return variants;
}

} // namespace tocsin::detect::sigma
