// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/Bytes.h"

namespace tocsin::samplecase {

namespace {

/// Decodes the code point at `position` and moves behind it; U+FFFD and one byte for what is not UTF-8.
char32_t nextCodePoint(std::string_view text, std::size_t& position)
{
    const auto lead = static_cast<unsigned char>(text[position++]);
    if (lead < 0x80)
        return lead;
    const int extra = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : -1;
    if (extra < 0 || position + static_cast<std::size_t>(extra) > text.size())
        return 0xFFFD;
    char32_t code = lead & (0x3FU >> extra);
    for (int i = 0; i < extra; ++i) {
        const auto byte = static_cast<unsigned char>(text[position + static_cast<std::size_t>(i)]);
        if ((byte & 0xC0U) != 0x80U)
            return 0xFFFD;
        code = (code << 6U) | (byte & 0x3FU);
    }
    position += static_cast<std::size_t>(extra);
    return code;
}

} // namespace

std::string utf16Bytes(std::string_view utf8)
{
    std::string out;
    out.reserve(utf8.size() * 2);
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t code = nextCodePoint(utf8, at);
        if (code < 0x10000) {
            appendLittle(out, static_cast<std::uint16_t>(code));
        } else {
            appendLittle(out, static_cast<std::uint16_t>(0xD800 + ((code - 0x10000) >> 10U)));
            appendLittle(out, static_cast<std::uint16_t>(0xDC00 + ((code - 0x10000) & 0x3FFU)));
        }
    }
    return out;
}

std::uint64_t fnv1a(std::string_view text, std::uint64_t basis)
{
    std::uint64_t hash = basis;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1099511628211ULL;
    }
    return hash;
}

} // namespace tocsin::samplecase
