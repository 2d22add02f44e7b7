// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"

#include <utf8proc.h>

namespace tocsin {

DecodedChar decodeUtf8(std::string_view text, std::size_t position)
{
    const auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byteAt(position);
    if (lead < 0x80)
        return {lead, 1, true};
    std::size_t length = 0;
    char32_t code = 0;
    char32_t smallest = 0;
    if ((lead & 0xE0) == 0xC0) {
        length = 2; code = lead & 0x1F; smallest = 0x80;
    } else if ((lead & 0xF0) == 0xE0) {
        length = 3; code = lead & 0x0F; smallest = 0x800;
    } else if ((lead & 0xF8) == 0xF0) {
        length = 4; code = lead & 0x07; smallest = 0x10000;
    } else {
        return {};
    }
    if (position + length > text.size())
        return {};
    for (std::size_t i = 1; i < length; ++i) {
        const unsigned char next = byteAt(position + i);
        if ((next & 0xC0) != 0x80)
            return {};
        code = (code << 6) | (next & 0x3F);
    }
    if (code < smallest || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return {};
    return {code, length, true};
}

void appendUtf8(std::string& out, char32_t code)
{
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        code = 0xFFFD;
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (code >> 18));
        out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

bool isValidUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const DecodedChar decoded = decodeUtf8(text, i);
        if (!decoded.valid)
            return false;
        i += decoded.length;
    }
    return true;
}

std::string toValidUtf8(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const DecodedChar decoded = decodeUtf8(text, i);
        appendUtf8(out, decoded.code);
        i += decoded.length;
    }
    return out;
}

std::string utf8FromUtf16Le(const std::uint8_t* bytes, std::size_t byteCount)
{
    std::string out;
    out.reserve(byteCount / 2);
    const auto unitAt = [&](std::size_t i) { return static_cast<char32_t>(bytes[i] | (bytes[i + 1] << 8)); };
    for (std::size_t i = 0; i + 1 < byteCount; i += 2) {
        char32_t code = unitAt(i);
        if (code >= 0xD800 && code < 0xDC00 && i + 3 < byteCount) {
            const char32_t low = unitAt(i + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        appendUtf8(out, code);
    }
    return out;
}

std::string utf8FromLatin1(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size());
    for (const char byte : bytes)
        appendUtf8(out, static_cast<unsigned char>(byte));
    return out;
}

std::size_t countCodePoints(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++count)
        i += decodeUtf8(text, i).length;
    return count;
}

char32_t foldCase(char32_t code)
{
    if (code < 0x80)
        return static_cast<char32_t>(foldAscii(static_cast<char>(code)));
    return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code)));
}

char32_t toUpper(char32_t code)
{
    return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(code)));
}

namespace {

template <typename Map>
std::string mapChars(std::string_view text, Map map)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const DecodedChar decoded = decodeUtf8(text, i);
        if (decoded.valid)
            appendUtf8(out, map(decoded.code));
        else
            out += text[i];
        i += decoded.length;
    }
    return out;
}

} // namespace

std::string foldCase(std::string_view text)
{
    return mapChars(text, [](char32_t code) { return foldCase(code); });
}

std::string toUpper(std::string_view text)
{
    return mapChars(text, [](char32_t code) { return toUpper(code); });
}

bool isTermChar(char32_t code)
{
    if (code < 0x80)
        return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return false;
    }
}

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (foldAscii(a[i]) != foldAscii(b[i]))
            return false;
    return true;
}

std::string_view trimSpaces(std::string_view text)
{
    constexpr std::string_view kSpaces = " \t\r\n\f\v";
    const auto first = text.find_first_not_of(kSpaces);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

} // namespace tocsin
