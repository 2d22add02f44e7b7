// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Literals.h"

#include "base/Utf8.h"
#include "kql/syntax/Lexer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace tocsin::kql {

std::optional<double> timeUnitTicks(std::string_view unit)
{
    struct Unit {
        std::string_view name;
        double ticks;
    };
    static constexpr Unit kUnits[] = {
        {"d", kTicksPerDay}, {"day", kTicksPerDay}, {"days", kTicksPerDay},
        {"h", kTicksPerHour}, {"hr", kTicksPerHour}, {"hrs", kTicksPerHour}, {"hour", kTicksPerHour}, {"hours", kTicksPerHour},
        {"m", kTicksPerMinute}, {"min", kTicksPerMinute}, {"minute", kTicksPerMinute}, {"minutes", kTicksPerMinute},
        {"s", kTicksPerSecond}, {"sec", kTicksPerSecond}, {"second", kTicksPerSecond}, {"seconds", kTicksPerSecond},
        {"ms", kTicksPerMillisecond}, {"milli", kTicksPerMillisecond}, {"millis", kTicksPerMillisecond},
        {"millisec", kTicksPerMillisecond}, {"millisecond", kTicksPerMillisecond}, {"milliseconds", kTicksPerMillisecond},
        {"micro", kTicksPerMicrosecond}, {"micros", kTicksPerMicrosecond}, {"microsec", kTicksPerMicrosecond},
        {"microsecond", kTicksPerMicrosecond}, {"microseconds", kTicksPerMicrosecond},
        {"nano", 0.01}, {"nanos", 0.01}, {"nanosec", 0.01}, {"nanosecond", 0.01}, {"nanoseconds", 0.01},
        {"tick", 1}, {"ticks", 1}};
    for (const Unit& candidate : kUnits)
        if (candidate.name == unit)
            return candidate.ticks;
    return std::nullopt;
}

namespace {

std::optional<char32_t> readHex(std::string_view text, std::size_t at, std::size_t count)
{
    if (at + count > text.size())
        return std::nullopt;
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + count, value, 16);
    if (error != std::errc{} || end != text.data() + at + count)
        return std::nullopt;
    return value;
}

/// Decodes the escape behind a backslash at `i`; moves `i` behind it.
bool decodeEscape(std::string_view text, std::size_t& i, std::string& out)
{
    static constexpr std::string_view kFrom = "nrtabfv\\\"'/`";
    static constexpr std::string_view kTo("\n\r\t\a\b\f\v\\\"'/`", 12);
    if (i >= text.size())
        return false;
    const char c = text[i++];
    if (c == 'u' || c == 'U' || c == 'x') {
        const std::size_t digits = c == 'u' ? 4 : c == 'U' ? 8 : 2;
        std::optional<char32_t> code = readHex(text, i, digits);
        if (!code)
            return false;
        i += digits;
        if (*code >= 0xD800 && *code < 0xDC00 && text.substr(i, 2) == "\\u")
            if (const auto low = readHex(text, i + 2, 4); low && *low >= 0xDC00 && *low < 0xE000) {
                code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
                i += 6;
            }
        if (*code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000))
            code = 0xFFFD;
        appendUtf8(out, *code);
        return true;
    }
    if (c >= '0' && c <= '7') { // up to three octal digits
        std::uint32_t code = static_cast<std::uint32_t>(c - '0');
        for (int digits = 1; digits < 3 && i < text.size() && text[i] >= '0' && text[i] <= '7'; ++digits)
            code = code * 8 + static_cast<std::uint32_t>(text[i++] - '0');
        appendUtf8(out, code);
        return true;
    }
    if (const std::size_t known = kFrom.find(c); known != std::string_view::npos) {
        out += kTo[known];
        return true;
    }
    return false;
}

std::optional<double> readReal(std::string_view text)
{
    bool negative = false;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        negative = text[0] == '-';
        text.remove_prefix(1);
    }
    double value = 0;
    if (equalsIgnoringCase(text, "nan"))
        value = std::nan("");
    else if (equalsIgnoringCase(text, "inf"))
        value = HUGE_VAL;
    else if (const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
             error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return negative ? -value : value;
}

std::optional<std::int64_t> readLong(std::string_view text)
{
    bool negative = false;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        negative = text[0] == '-';
        text.remove_prefix(1);
    }
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    if (hex)
        text.remove_prefix(2);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    if (!hex && value > (negative ? std::uint64_t{1} << 63 : static_cast<std::uint64_t>(INT64_MAX)))
        return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0 - value : value);
}

template <DataType T, typename V> std::optional<Value> wrap(const std::optional<V>& value)
{
    if (!value)
        return std::nullopt;
    return Value::of<T>(static_cast<Physical<T>>(*value));
}

std::optional<bool> readBool(std::string_view text)
{
    if (equalsIgnoringCase(text, "true"))
        return true;
    if (equalsIgnoringCase(text, "false"))
        return false;
    if (const auto number = readLong(text))
        return *number != 0;
    return std::nullopt;
}

} // namespace

std::optional<std::string> decodeString(std::string_view literal)
{
    if (!literal.empty() && (literal[0] == 'h' || literal[0] == 'H'))
        literal.remove_prefix(1);
    if (literal.starts_with("```") || literal.starts_with("~~~")) {
        const bool closed = literal.size() >= 6 && literal.ends_with(literal.substr(0, 3));
        return std::string(literal.substr(3, closed ? literal.size() - 6 : std::string_view::npos));
    }
    const bool verbatim = literal.starts_with('@');
    if (verbatim)
        literal.remove_prefix(1);
    if (literal.empty())
        return std::string();
    const char quote = literal[0];
    literal.remove_prefix(1);
    std::string out;
    for (std::size_t i = 0; i < literal.size();) {
        const char c = literal[i];
        if (c == quote && !(verbatim && i + 1 < literal.size() && literal[i + 1] == quote))
            break;
        ++i;
        if (verbatim && c == quote) {
            out += c;
            ++i;
        } else if (!verbatim && c == '\\') {
            if (!decodeEscape(literal, i, out))
                return std::nullopt;
        } else {
            out += c;
        }
    }
    return out;
}

std::optional<SourceSpan> findBadEscape(std::string_view literal)
{
    std::size_t i = !literal.empty() && (literal[0] == 'h' || literal[0] == 'H') ? 1 : 0;
    if (i >= literal.size() || (literal[i] != '"' && literal[i] != '\''))
        return std::nullopt;
    std::string ignored;
    for (++i; i < literal.size();) {
        if (literal[i] != '\\') {
            ++i;
            continue;
        }
        const std::size_t start = i++;
        if (!decodeEscape(literal, i, ignored))
            return SourceSpan{start, std::min<std::size_t>(2, literal.size() - start)};
    }
    return std::nullopt;
}

std::string encodeString(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default: out += c;
        }
    }
    return out += '"';
}

std::string encodeName(std::string_view name)
{
    bool plain = !name.empty() && isNameStart(name[0]);
    for (const char c : name)
        plain = plain && isNameChar(c);
    if (plain)
        return std::string(name);
    std::string out = "['";
    for (const char c : name) {
        if (c == '\'' || c == '\\')
            out += '\\';
        out += c;
    }
    return out += "']";
}

std::optional<Value> decodeNumber(std::string_view literal)
{
    if (const auto value = readLong(literal))
        return Value::of<DataType::Long>(*value);
    std::size_t unit = literal.size();
    while (unit > 0 && isNameStart(literal[unit - 1]))
        --unit;
    if (unit > 0 && unit < literal.size())
        if (const auto ticks = timeUnitTicks(literal.substr(unit))) {
            if (const auto whole = readLong(literal.substr(0, unit)); whole && *ticks >= 1) {
                std::int64_t product = 0;
                if (__builtin_mul_overflow(*whole, static_cast<std::int64_t>(*ticks), &product))
                    return std::nullopt;
                return Value::of<DataType::TimeSpan>(product);
            }
            const auto factor = readReal(literal.substr(0, unit));
            if (!factor || std::abs(*factor * *ticks) >= 9.2e18)
                return std::nullopt;
            return Value::of<DataType::TimeSpan>(std::llround(*factor * *ticks));
        }
    return wrap<DataType::Real>(readReal(literal));
}

std::optional<Value> decodeTypedLiteral(std::string_view literal)
{
    const std::size_t open = literal.find('(');
    if (open == std::string_view::npos)
        return std::nullopt;
    std::string_view word = trimSpaces(literal.substr(0, open));
    const auto type = word == "int32" ? DataType::Int : word == "int64" ? DataType::Long : word == "uuid" ? DataType::Guid : parseTypeName(word);
    std::string_view inside = literal.substr(open + 1);
    if (inside.ends_with(')'))
        inside.remove_suffix(1);
    inside = trimSpaces(inside);
    if (!type)
        return std::nullopt;
    if (inside == "null")
        return Value::null(*type);
    if (inside.size() >= 2 && (inside[0] == '"' || inside[0] == '\'') && inside.back() == inside[0])
        inside = inside.substr(1, inside.size() - 2);
    switch (*type) {
    case DataType::Bool: return wrap<DataType::Bool>(readBool(inside));
    case DataType::Int: {
        const auto value = readLong(inside);
        if (!value || *value < INT32_MIN || *value > INT32_MAX)
            return std::nullopt;
        return Value::of<DataType::Int>(static_cast<std::int32_t>(*value));
    }
    case DataType::Long: return wrap<DataType::Long>(readLong(inside));
    case DataType::Real: return wrap<DataType::Real>(readReal(inside));
    case DataType::Decimal: return wrap<DataType::Decimal>(Decimal::parse(inside));
    case DataType::DateTime: {
        // `datetime(2025, 6, 14)` is read as well.
        std::string date(inside);
        if (std::count(date.begin(), date.end(), ',') == 2) {
            int year = 0, month = 0, day = 0;
            if (std::sscanf(date.c_str(), "%4d , %2d , %2d", &year, &month, &day) == 3 && isValidCivil({year, month, day}))
                return Value::dateTime(ticksFromCivil({year, month, day}));
        }
        if (const auto value = parseDateTime(inside))
            return Value::dateTime(*value);
        // `datetime(2025 - 06 - 14)` as well.
        for (std::size_t at = date.find('-'); at != std::string::npos; at = date.find('-', at + 1)) {
            while (at + 1 < date.size() && date[at + 1] == ' ')
                date.erase(at + 1, 1);
            while (at > 0 && date[at - 1] == ' ')
                date.erase(--at, 1);
        }
        return wrap<DataType::DateTime>(parseDateTime(date));
    }
    case DataType::TimeSpan: return wrap<DataType::TimeSpan>(parseTimeSpan(inside));
    case DataType::Guid: return wrap<DataType::Guid>(parseGuid(inside));
    case DataType::String: case DataType::Dynamic: break;
    }
    return std::nullopt;
}

} // namespace tocsin::kql
