// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/TimestampReader.h"

#include "base/Utf8.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace tocsin::ingest {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Takes pieces off the front of a text.
class Scanner {
public:
    explicit Scanner(std::string_view text) : m_rest(text) {}

    bool done() const { return m_rest.empty(); }
    std::size_t left() const { return m_rest.size(); }
    bool take(char c)
    {
        if (m_rest.empty() || m_rest.front() != c)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    void blanks()
    {
        while (take(' ')) {}
    }
    bool number(int& value, std::size_t minDigits, std::size_t maxDigits)
    {
        std::size_t digits = 0;
        value = 0;
        while (digits < maxDigits && digits < m_rest.size() && isDigit(m_rest[digits]))
            value = value * 10 + (m_rest[digits++] - '0');
        if (digits < minDigits)
            return false;
        m_rest.remove_prefix(digits);
        return true;
    }
    bool month(int& value)
    {
        const auto found = monthOfName(m_rest.substr(0, 3));
        if (!found)
            return false;
        value = *found;
        m_rest.remove_prefix(3);
        return true;
    }
    /// Decimals of a second behind a point or comma, if any; beyond seven they are cut.
    void fraction(int& value)
    {
        value = 0;
        if (m_rest.size() < 2 || (m_rest.front() != '.' && m_rest.front() != ',') || !isDigit(m_rest[1]))
            return;
        m_rest.remove_prefix(1);
        int scale = 1'000'000;
        while (!m_rest.empty() && isDigit(m_rest.front())) {
            value += (m_rest.front() - '0') * scale;
            scale /= 10;
            m_rest.remove_prefix(1);
        }
    }
    bool timeOfDay(CivilTime& time)
    {
        if (!(number(time.hour, 1, 2) && take(':') && number(time.minute, 2, 2) && take(':') && number(time.second, 2, 2)))
            return false;
        fraction(time.fraction);
        return time.hour < 24 && time.minute < 60 && time.second <= 60;
    }
    /// `Z`, `GMT`, `UTC`, `+hhmm` or `+hh:mm`; true if there was one.
    bool zone(Ticks& offset)
    {
        offset = 0;
        if (take('Z') || take('z'))
            return true;
        if (m_rest.starts_with("GMT") || m_rest.starts_with("UTC")) {
            m_rest.remove_prefix(3);
            return true;
        }
        if (m_rest.empty() || (m_rest.front() != '+' && m_rest.front() != '-'))
            return false;
        const int sign = m_rest.front() == '-' ? -1 : 1;
        int hours = 0;
        int minutes = 0;
        m_rest.remove_prefix(1);
        if (!number(hours, 2, 2))
            return false;
        take(':');
        number(minutes, 2, 2);
        offset = sign * (hours * kTicksPerHour + minutes * kTicksPerMinute);
        return true;
    }

private:
    std::string_view m_rest;
};

std::optional<Ticks> finish(CivilTime time, Ticks zoneOffset)
{
    const bool leap = time.second == 60;
    if (leap)
        time.second = 59;
    if (!isValidCivil(time))
        return {};
    const Ticks ticks = ticksFromCivil(time) - zoneOffset + (leap ? kTicksPerSecond : 0);
    return inDateTimeRange(ticks) ? std::optional(ticks) : std::nullopt;
}

struct Parsed {
    std::optional<Ticks> time;
    bool zone = false;
};

/// `Mar 01 2021 20:35:54[.f][ +0000]` of CEF.
Parsed readMonthFirst(std::string_view text)
{
    Scanner in(text);
    CivilTime time;
    if (!in.month(time.month))
        return {};
    in.blanks();
    if (!in.number(time.day, 1, 2))
        return {};
    in.blanks();
    if (!in.number(time.year, 4, 4))
        return {};
    in.blanks();
    if (!in.timeOfDay(time))
        return {};
    in.blanks();
    Ticks offset = 0;
    const bool zone = in.zone(offset);
    return {finish(time, offset), zone};
}

/// `Sun Dec 04 04:47:44[.f] 2005` of the Apache error log and ctime().
Parsed readWeekdayFirst(std::string_view text)
{
    if (text.size() < 4 || text[3] != ' ')
        return {};
    Scanner in(text.substr(4));
    CivilTime time;
    if (!in.month(time.month))
        return {};
    in.blanks();
    if (!in.number(time.day, 1, 2))
        return {};
    in.blanks();
    if (!in.timeOfDay(time))
        return {};
    in.blanks();
    if (!in.number(time.year, 4, 4) || !in.done())
        return {};
    return {finish(time, 0), false};
}

/// `13/Jan/2016:19:31:16 +0000` of the NCSA common log.
Parsed readCommonLog(std::string_view text)
{
    Scanner in(text);
    CivilTime time;
    if (!(in.number(time.day, 1, 2) && in.take('/') && in.month(time.month) && in.take('/') && in.number(time.year, 4, 4) && in.take(':')
            && in.timeOfDay(time)))
        return {};
    in.blanks();
    Ticks offset = 0;
    const bool zone = in.zone(offset);
    return {finish(time, offset), zone};
}

/// Whether an ISO or similar text ends with `Z`, a zone name or an offset.
bool endsWithZone(std::string_view text)
{
    if (text.empty())
        return false;
    const char last = text.back();
    if (last == 'Z' || last == 'z' || text.ends_with("GMT") || text.ends_with("UTC"))
        return true;
    for (const std::size_t back : {std::size_t{6}, std::size_t{5}, std::size_t{3}}) {
        if (text.size() < 11 + back)
            continue;
        const char sign = text[text.size() - back];
        if (sign == '+' || sign == '-')
            return true;
    }
    return false;
}

std::optional<Ticks> readEpochText(std::string_view text)
{
    if (text.find_first_not_of("0123456789.") != std::string_view::npos || text.size() < 9)
        return {};
    if (text.find('.') == std::string_view::npos) {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size() ? TimestampReader::fromEpoch(value) : std::nullopt;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? TimestampReader::fromEpoch(value) : std::nullopt;
}

} // namespace

std::optional<int> monthOfName(std::string_view threeLetters)
{
    static constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    if (threeLetters.size() != 3)
        return {};
    for (std::size_t i = 0; i < kMonths.size(); ++i)
        if (equalsIgnoringCase(threeLetters, kMonths[i]))
            return static_cast<int>(i) + 1;
    return {};
}

std::optional<YearlessTime> readYearlessTime(std::string_view text)
{
    Scanner in(text);
    CivilTime time;
    if (!in.month(time.month) || !in.take(' '))
        return {};
    in.blanks();
    if (!in.number(time.day, 1, 2) || time.day < 1 || time.day > 31 || !in.take(' '))
        return {};
    in.blanks();
    if (!in.timeOfDay(time))
        return {};
    const Ticks clock = time.hour * kTicksPerHour + time.minute * kTicksPerMinute + time.second * kTicksPerSecond + time.fraction;
    return YearlessTime{time.month, time.day, clock, text.size() - in.left()};
}

std::optional<Ticks> TimestampReader::local(std::optional<Ticks> time, bool hasZone) const
{
    if (!time || hasZone)
        return time;
    const Ticks shifted = *time - m_offset;
    return inDateTimeRange(shifted) ? std::optional(shifted) : std::nullopt;
}

std::optional<Ticks> TimestampReader::read(std::string_view text) const
{
    text = trimSpaces(text);
    if (text.size() < 6 || text.size() > 64)
        return {};
    if (isDigit(text[0]) && text.size() >= 10 && text[4] == '-')
        return local(parseIsoDateTime(text), endsWithZone(text));
    if (isDigit(text[0])) {
        if (const auto epoch = readEpochText(text))
            return epoch;
        if (const Parsed common = readCommonLog(text); common.time)
            return local(common.time, common.zone);
        std::string plain(text);
        if (const std::size_t comma = plain.find(", "); comma != std::string::npos)
            plain.erase(comma, 1); // the portal's `10/15/2020, 6:38:45.828 PM`
        if (plain.size() > 8 && plain[4] == '/' && plain[7] == '/') {
            plain[4] = plain[7] = '-';
            return local(parseIsoDateTime(plain), endsWithZone(plain));
        }
        return local(parseDateTime(plain), endsWithZone(plain));
    }
    if (const Parsed cef = readMonthFirst(text); cef.time)
        return local(cef.time, cef.zone);
    if (const Parsed apache = readWeekdayFirst(text); apache.time)
        return local(apache.time, apache.zone);
    return local(parseDateTime(text), true);
}

std::optional<Ticks> TimestampReader::fromEpoch(std::int64_t value)
{
    const std::uint64_t size = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    Ticks ticks = 0;
    if (size < 100'000'000'000)
        ticks = value * kTicksPerSecond;
    else if (size < 100'000'000'000'000)
        ticks = value * kTicksPerMillisecond;
    else if (size < 100'000'000'000'000'000)
        ticks = value * kTicksPerMicrosecond;
    else
        ticks = value / 100;
    ticks += kUnixEpoch; // at most 1e18 in size before
    return inDateTimeRange(ticks) ? std::optional(ticks) : std::nullopt;
}

std::optional<Ticks> TimestampReader::fromEpoch(double value)
{
    const double size = std::fabs(value);
    if (!(size < 1e19))
        return {};
    const double scale = size < 1e11 ? 1e7 : size < 1e14 ? 1e4 : size < 1e17 ? 10 : 0.01;
    // Whole units and the rest apart: a double of 1.6e16 ticks would lose the last digits.
    const double whole = std::floor(value);
    const double ticks = whole * scale + std::round((value - whole) * scale) + static_cast<double>(kUnixEpoch);
    if (!(ticks >= 0 && ticks < 3.2e18))
        return {};
    const Ticks exact = scale >= 1 ? static_cast<Ticks>(whole) * static_cast<Ticks>(scale) + static_cast<Ticks>(std::llround((value - whole) * scale))
                                   : static_cast<Ticks>(value * scale);
    return inDateTimeRange(exact + kUnixEpoch) ? std::optional(exact + kUnixEpoch) : std::nullopt;
}

} // namespace tocsin::ingest
