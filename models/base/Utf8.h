// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin {

struct DecodedChar {
    char32_t code = 0xFFFD;
    std::size_t length = 1; ///< bytes taken; 1 for an invalid byte
    bool valid = false;
};

/// The code point at `position`, which must be inside the text. Refuses overlong forms and surrogates.
DecodedChar decodeUtf8(std::string_view text, std::size_t position);
void appendUtf8(std::string& out, char32_t code);
bool isValidUtf8(std::string_view text);
/// Replaces invalid bytes by U+FFFD.
std::string toValidUtf8(std::string_view text);
std::string utf8FromUtf16Le(const std::uint8_t* bytes, std::size_t byteCount);
/// Every byte as the code point of the same number: the reading of last resort for text of unknown encoding.
std::string utf8FromLatin1(std::string_view bytes);
/// Number of code points; an invalid byte counts as one.
std::size_t countCodePoints(std::string_view text);

/// Simple case mapping of one code point: ASCII, Latin, Greek, Cyrillic, Armenian, Georgian and full-width letters.
char32_t foldCase(char32_t code);
char32_t toUpper(char32_t code);
std::string foldCase(std::string_view text);
std::string toUpper(std::string_view text);
/// Whether the code point is a letter or a digit, for the term rule of `has`.
bool isTermChar(char32_t code);

inline char foldAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
/// ASCII only: for keywords, names of formats and field names.
bool equalsIgnoringCase(std::string_view a, std::string_view b);
std::string_view trimSpaces(std::string_view text);

} // namespace tocsin
