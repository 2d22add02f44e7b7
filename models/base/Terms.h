// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Utf8.h"

#include <string_view>

namespace tocsin {

/// Calls `visit(std::string_view)` for each term of the text: a maximal run of letters and digits, as written. The unit of the
/// KQL operator `has` and of a term index.
template <typename Visit>
void forEachTerm(std::string_view text, Visit&& visit)
{
    std::size_t start = std::string_view::npos;
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        bool inside = false;
        std::size_t length = 1;
        if (byte < 0x80) {
            inside = (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
        } else {
            const DecodedChar decoded = decodeUtf8(text, i);
            inside = decoded.valid && isTermChar(decoded.code);
            length = decoded.length;
        }
        if (inside && start == std::string_view::npos) {
            start = i;
        } else if (!inside && start != std::string_view::npos) {
            visit(text.substr(start, i - start));
            start = std::string_view::npos;
        }
        i += length;
    }
    if (start != std::string_view::npos)
        visit(text.substr(start));
}

/// Whether the character that begins at `position` is a letter or digit; false at the end of the text.
inline bool termCharAt(std::string_view text, std::size_t position)
{
    if (position >= text.size())
        return false;
    const auto byte = static_cast<unsigned char>(text[position]);
    if (byte < 0x80)
        return isTermChar(byte);
    const DecodedChar decoded = decodeUtf8(text, position);
    return decoded.valid && isTermChar(decoded.code);
}

/// Whether the character that ends just before `position` is a letter or digit; false at the start of the text.
inline bool termCharBefore(std::string_view text, std::size_t position)
{
    if (position == 0)
        return false;
    std::size_t start = position - 1;
    while (start > 0 && position - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80)
        --start;
    return termCharAt(text, start);
}

} // namespace tocsin
