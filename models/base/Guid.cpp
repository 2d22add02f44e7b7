// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Guid.h"

namespace tocsin {
namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

void appendGuid(std::string& out, const Guid& guid)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    for (std::size_t i = 0; i < guid.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out += '-';
        out += kDigits[guid.bytes[i] >> 4];
        out += kDigits[guid.bytes[i] & 15];
    }
}

std::string formatGuid(const Guid& guid)
{
    std::string text;
    text.reserve(36);
    appendGuid(text, guid);
    return text;
}

std::optional<Guid> parseGuid(std::string_view text)
{
    if (text.size() >= 2 && ((text.front() == '{' && text.back() == '}') || (text.front() == '(' && text.back() == ')')))
        text = text.substr(1, text.size() - 2);
    const bool hyphens = text.size() == 36;
    if (!hyphens && text.size() != 32)
        return std::nullopt;
    Guid guid;
    std::size_t at = 0;
    for (std::size_t i = 0; i < guid.bytes.size(); ++i) {
        if (hyphens && (i == 4 || i == 6 || i == 8 || i == 10)) {
            if (text[at] != '-')
                return std::nullopt;
            ++at;
        }
        const int high = hexDigit(text[at]);
        const int low = hexDigit(text[at + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        guid.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return guid;
}

} // namespace tocsin
