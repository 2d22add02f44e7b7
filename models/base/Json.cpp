// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"

#include "base/Utf8.h"

#include <charconv>
#include <cmath>

namespace tocsin {

void appendJsonString(std::string& out, std::string_view text)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        std::size_t plain = i;
        while (plain < text.size() && static_cast<unsigned char>(text[plain]) - 0x20u < 0x60u && text[plain] != '"' && text[plain] != '\\')
            ++plain;
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
