// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Ticks.h"

#include "base/Utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tocsin {
namespace {

constexpr Ticks kMaxSpanDays = 10'675'199; // whole days in the longest timespan
constexpr std::int64_t kDaysBeforeYearOne = 306; // from 0000-03-01, the zero of the algorithm, to 0001-01-01

void appendPadded(std::string& out, std::int64_t value, int width)
{
    char digits[20];
    for (int i = width - 1; i >= 0; --i) {
        digits[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    out.append(digits, static_cast<std::size_t>(width));
}

/// Reads a text from left to right; every take… leaves the position alone when it fails.
class Scanner {
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    bool atEnd() const { return m_at == m_text.size(); }
    char peek() const { return atEnd() ? '\0' : m_text[m_at]; }
    bool take(char c)
    {
        if (peek() != c || atEnd())
            return false;
        ++m_at;
        return true;
    }
    void skipSpaces() { while (peek() == ' ' || peek() == '\t') ++m_at; }
    /// Between `least` and `most` digits, greedily.
    std::optional<int> number(int least, int most)
    {
        std::size_t at = m_at;
        int value = 0;
        int count = 0;
        while (at < m_text.size() && m_text[at] >= '0' && m_text[at] <= '9' && count < most) {
            value = value * 10 + (m_text[at] - '0');
            ++at;
            ++count;
        }
        if (count < least)
            return std::nullopt;
        m_at = at;
        m_lastDigits = count;
        return value;
    }
    int lastDigits() const { return m_lastDigits; }
    /// Decimals of a second in ticks, after the point; any number of digits, those past the seventh are cut.
    int fraction()
    {
        int ticks = 0;
        int count = 0;
        while (peek() >= '0' && peek() <= '9' && !atEnd()) {
            if (count < 7)
                ticks = ticks * 10 + (peek() - '0');
            ++count;
            ++m_at;
        }
        for (; count < 7; ++count)
            ticks *= 10;
        return ticks;
    }
    std::string_view word()
    {
        const std::size_t start = m_at;
        while (!atEnd() && ((peek() | 32) >= 'a' && (peek() | 32) <= 'z'))
            ++m_at;
        return m_text.substr(start, m_at - start);
    }
    std::string_view rest() const { return m_text.substr(m_at); }

private:
    std::string_view m_text;
    std::size_t m_at = 0;
    int m_lastDigits = 0;
};

std::optional<Ticks> assemble(const CivilTime& time, Ticks offset)
{
    if (!isValidCivil(time))
        return std::nullopt;
    const Ticks ticks = ticksFromCivil(time) - offset;
    return inDateTimeRange(ticks) ? std::optional(ticks) : std::nullopt;
}

/// `Z`, `GMT`, `UTC`, `+hh:mm`, `+hhmm`, `+hh` or nothing, up to the end of the text.
std::optional<Ticks> scanZone(Scanner& scan)
{
    scan.skipSpaces();
    if (scan.atEnd())
        return 0;
    if (scan.peek() == '+' || scan.peek() == '-') {
        const bool west = scan.take('-');
        if (!west)
            scan.take('+');
        const auto hours = scan.number(2, 2);
        if (!hours || *hours > 14)
            return std::nullopt;
        scan.take(':');
        const auto minutes = scan.number(2, 2);
        if (!scan.atEnd() || (minutes && *minutes > 59))
            return std::nullopt;
        const Ticks offset = *hours * kTicksPerHour + minutes.value_or(0) * kTicksPerMinute;
        return west ? -offset : offset;
    }
    const std::string_view name = scan.word();
    if (!scan.atEnd() || !(equalsIgnoringCase(name, "Z") || equalsIgnoringCase(name, "GMT") || equalsIgnoringCase(name, "UTC")))
        return std::nullopt;
    return 0;
}

/// The form most logs have, `yyyy-mm-ddThh:mm:ss[.fffffff]Z`, in one go; false says nothing of others.
bool scanUtc(std::string_view text, CivilTime& time)
{
    if (text.size() < 20 || text.size() > 28 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        return false;
    bool isNumber = true;
    const auto number = [&](std::size_t at, std::size_t count) {
        int value = 0;
        for (const char c : text.substr(at, count)) {
            isNumber = isNumber && c >= '0' && c <= '9';
            value = value * 10 + (c - '0');
        }
        return value;
    };
    time = {number(0, 4), number(5, 2), number(8, 2), number(11, 2), number(14, 2), number(17, 2), 0};
    if (text.size() == 20)
        return isNumber;
    const std::size_t digits = text.size() - 21;
    time.fraction = number(20, digits);
    for (std::size_t i = digits; i < 7; ++i)
        time.fraction *= 10;
    return isNumber && text[19] == '.' && digits > 0;
}

/// `h:mm[:ss[.f]]` and an optional AM or PM.
bool scanTime(Scanner& scan, CivilTime& time)
{
    const auto hour = scan.number(1, 2);
    if (!hour || !scan.take(':'))
        return false;
    const auto minute = scan.number(2, 2);
    if (!minute)
        return false;
    time.hour = *hour;
    time.minute = *minute;
    if (scan.take(':')) {
        const auto second = scan.number(2, 2);
        if (!second)
            return false;
        time.second = *second;
        if (scan.take('.') || scan.take(','))
            time.fraction = scan.fraction();
    }
    Scanner ahead = scan;
    ahead.skipSpaces();
    const std::string_view half = ahead.word();
    const bool am = equalsIgnoringCase(half, "AM");
    const bool pm = equalsIgnoringCase(half, "PM");
    if (am || pm) {
        if (time.hour < 1 || time.hour > 12)
            return false;
        time.hour = time.hour % 12 + (pm ? 12 : 0);
        scan = ahead;
    }
    return true;
}

std::optional<int> monthFromName(std::string_view name)
{
    static constexpr std::array<std::string_view, 12> kMonths{"january", "february", "march", "april", "may", "june", "july",
                                                              "august", "september", "october", "november", "december"};
    if (name.size() < 3)
        return std::nullopt;
    for (std::size_t i = 0; i < kMonths.size(); ++i)
        if ((name.size() == 3 || name.size() == kMonths[i].size()) && equalsIgnoringCase(name, kMonths[i].substr(0, name.size())))
            return static_cast<int>(i) + 1;
    return std::nullopt;
}

int fullYear(int year, int digits) { return digits > 2 ? year : year + (year < 50 ? 2000 : 1900); }

/// `m/d/yyyy` or `m-d-yyyy` with an optional time.
std::optional<Ticks> parseSlashDate(std::string_view text, char separator)
{
    Scanner scan(text);
    CivilTime time;
    const auto first = scan.number(1, 4);
    const bool yearFirst = first && scan.lastDigits() == 4;
    if (!first || !scan.take(separator))
        return std::nullopt;
    const auto second = scan.number(1, 2);
    if (!second || !scan.take(separator))
        return std::nullopt;
    const auto third = scan.number(1, 4);
    if (!third)
        return std::nullopt;
    time.year = yearFirst ? *first : fullYear(*third, scan.lastDigits());
    time.month = yearFirst ? *second : *first;
    time.day = yearFirst ? *third : *second;
    scan.take(',');
    scan.skipSpaces();
    if (!scan.atEnd() && !scanTime(scan, time))
        return std::nullopt;
    const auto zone = scanZone(scan);
    return zone ? assemble(time, *zone) : std::nullopt;
}

/// RFC 822 and 850 and their relatives: `[Saturday,] 08 Nov 2014 15:05:02 GMT`, `Saturday, 08-Nov-14 15:05:02 UTC`,
/// `Nov 8 2014 15:05:02`.
std::optional<Ticks> parseNamedDate(std::string_view text)
{
    Scanner scan(text);
    CivilTime time;
    Scanner ahead = scan;
    const std::string_view weekday = ahead.word();
    if (!weekday.empty() && !monthFromName(weekday)) {
        if (!ahead.take(','))
            return std::nullopt;
        ahead.skipSpaces();
        scan = ahead;
    }
    std::optional<int> day = scan.number(1, 2);
    if (day && !scan.take('-'))
        scan.skipSpaces();
    const auto month = monthFromName(scan.word());
    if (!month)
        return std::nullopt;
    if (!scan.take('-'))
        scan.skipSpaces();
    if (!day) {
        day = scan.number(1, 2);
        scan.take(',');
        scan.skipSpaces();
    }
    const auto year = scan.number(2, 4);
    if (!day || !year)
        return std::nullopt;
    time.year = fullYear(*year, scan.lastDigits());
    time.month = *month;
    time.day = *day;
    scan.skipSpaces();
    if (!scan.atEnd() && !scanTime(scan, time))
        return std::nullopt;
    const auto zone = scanZone(scan);
    return zone ? assemble(time, *zone) : std::nullopt;
}

std::optional<Ticks> unitTicks(std::string_view unit)
{
    struct Unit { std::string_view name; Ticks ticks; };
    static constexpr Unit kUnits[] = {
        {"d", kTicksPerDay}, {"day", kTicksPerDay}, {"days", kTicksPerDay},
        {"h", kTicksPerHour}, {"hr", kTicksPerHour}, {"hrs", kTicksPerHour}, {"hour", kTicksPerHour}, {"hours", kTicksPerHour},
        {"m", kTicksPerMinute}, {"min", kTicksPerMinute}, {"minute", kTicksPerMinute}, {"minutes", kTicksPerMinute},
        {"s", kTicksPerSecond}, {"sec", kTicksPerSecond}, {"second", kTicksPerSecond}, {"seconds", kTicksPerSecond},
        {"ms", kTicksPerMillisecond}, {"milli", kTicksPerMillisecond}, {"millis", kTicksPerMillisecond},
        {"millisecond", kTicksPerMillisecond}, {"milliseconds", kTicksPerMillisecond},
        {"micro", kTicksPerMicrosecond}, {"micros", kTicksPerMicrosecond}, {"microsecond", kTicksPerMicrosecond},
        {"microseconds", kTicksPerMicrosecond}, {"tick", 1}, {"ticks", 1}};
    for (const Unit& known : kUnits)
        if (known.name == unit)
            return known.ticks;
    return std::nullopt;
}

std::optional<Ticks> scaled(double number, Ticks unit)
{
    const double ticks = number * static_cast<double>(unit);
    if (!(std::abs(ticks) < 9.2e18))
        return std::nullopt;
    return static_cast<Ticks>(std::llround(ticks));
}

} // namespace

std::int64_t daysFromCivil(int year, int month, int day)
{
    const int y = month <= 2 ? year - 1 : year;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const std::int64_t yearOfEra = y - era * 400;
    const std::int64_t dayOfYearFromMarch = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const std::int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYearFromMarch;
    return era * 146097 + dayOfEra - kDaysBeforeYearOne;
}

int daysInMonth(int year, int month)
{
    static constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

bool isValidCivil(const CivilTime& time)
{
    return time.year >= 1 && time.year <= 9999 && time.month >= 1 && time.month <= 12 && time.day >= 1
        && time.day <= daysInMonth(time.year, time.month) && time.hour >= 0 && time.hour < 24 && time.minute >= 0
        && time.minute < 60 && time.second >= 0 && time.second < 60 && time.fraction >= 0 && time.fraction < kTicksPerSecond;
}

Ticks ticksFromCivil(const CivilTime& time)
{
    return daysFromCivil(time.year, time.month, time.day) * kTicksPerDay + time.hour * kTicksPerHour
        + time.minute * kTicksPerMinute + time.second * kTicksPerSecond + time.fraction;
}

CivilTime civilFromTicks(Ticks ticks)
{
    const std::int64_t days = ticks / kTicksPerDay + kDaysBeforeYearOne;
    const Ticks ofDay = ticks % kTicksPerDay;
    const std::int64_t era = days / 146097;
    const std::int64_t dayOfEra = days - era * 146097;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const std::int64_t fromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t monthFromMarch = (5 * fromMarch + 2) / 153;
    CivilTime time;
    time.day = static_cast<int>(fromMarch - (153 * monthFromMarch + 2) / 5 + 1);
    time.month = static_cast<int>(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
    time.year = static_cast<int>(yearOfEra + era * 400 + (time.month <= 2 ? 1 : 0));
    time.hour = static_cast<int>(ofDay / kTicksPerHour);
    time.minute = static_cast<int>(ofDay / kTicksPerMinute % 60);
    time.second = static_cast<int>(ofDay / kTicksPerSecond % 60);
    time.fraction = static_cast<int>(ofDay % kTicksPerSecond);
    return time;
}

int dayOfWeek(Ticks ticks) { return static_cast<int>((ticks / kTicksPerDay + 1) % 7); } // 0001-01-01 was a Monday

int dayOfYear(Ticks ticks)
{
    const CivilTime time = civilFromTicks(ticks);
    return static_cast<int>(daysFromCivil(time.year, time.month, time.day) - daysFromCivil(time.year, 1, 1)) + 1;
}

void appendDateTime(std::string& out, Ticks ticks)
{
    const CivilTime time = civilFromTicks(ticks);
    appendPadded(out, time.year, 4);
    out += '-';
    appendPadded(out, time.month, 2);
    out += '-';
    appendPadded(out, time.day, 2);
    out += 'T';
    appendPadded(out, time.hour, 2);
    out += ':';
    appendPadded(out, time.minute, 2);
    out += ':';
    appendPadded(out, time.second, 2);
    out += '.';
    appendPadded(out, time.fraction, 7);
    out += 'Z';
}

std::string formatDateTime(Ticks ticks)
{
    std::string text;
    text.reserve(28);
    appendDateTime(text, ticks);
    return text;
}

void appendTimeSpan(std::string& out, Ticks ticks)
{
    auto rest = static_cast<std::uint64_t>(ticks);
    if (ticks < 0) {
        out += '-';
        rest = 0 - rest;
    }
    const std::uint64_t days = rest / kTicksPerDay;
    if (days) {
        out += std::to_string(days);
        out += '.';
    }
    appendPadded(out, static_cast<std::int64_t>(rest / kTicksPerHour % 24), 2);
    out += ':';
    appendPadded(out, static_cast<std::int64_t>(rest / kTicksPerMinute % 60), 2);
    out += ':';
    appendPadded(out, static_cast<std::int64_t>(rest / kTicksPerSecond % 60), 2);
    if (const auto fraction = static_cast<std::int64_t>(rest % kTicksPerSecond)) {
        out += '.';
        appendPadded(out, fraction, 7);
    }
}

std::string formatTimeSpan(Ticks ticks)
{
    std::string text;
    appendTimeSpan(text, ticks);
    return text;
}

std::optional<Ticks> parseIsoDateTime(std::string_view text)
{
    CivilTime time;
    if (scanUtc(text, time))
        return assemble(time, 0);
    time = {};
    Scanner scan(text);
    const auto year = scan.number(4, 4);
    if (!year || !scan.take('-'))
        return std::nullopt;
    time.year = *year;
    const auto month = scan.number(1, 2);
    if (!month)
        return std::nullopt;
    time.month = *month;
    if (scan.take('-')) {
        const auto day = scan.number(1, 2);
        if (!day)
            return std::nullopt;
        time.day = *day;
    }
    if (scan.atEnd())
        return assemble(time, 0);
    if (!scan.take('T') && !scan.take('t') && scan.peek() != ' ')
        return scan.peek() == 'Z' && scanZone(scan) ? assemble(time, 0) : std::nullopt;
    scan.skipSpaces();
    if (scan.atEnd() || !scanTime(scan, time))
        return std::nullopt;
    const auto zone = scanZone(scan);
    return zone ? assemble(time, *zone) : std::nullopt;
}

std::optional<Ticks> parseDateTime(std::string_view text)
{
    text = trimSpaces(text);
    if (text.empty())
        return std::nullopt;
    if (auto iso = parseIsoDateTime(text))
        return iso;
    if (text.find('/') != std::string_view::npos)
        return parseSlashDate(text, '/');
    if (const std::size_t dash = text.find('-'); dash == 1 || dash == 2)
        if (const auto date = parseSlashDate(text, '-'))
            return date;
    if (text.size() == 4) {
        Scanner scan(text);
        if (const auto year = scan.number(4, 4))
            return assemble(CivilTime{.year = *year}, 0);
    }
    if (text.size() == 8 || text.size() == 14) { // yyyyMMdd[HHmmss]
        Scanner scan(text);
        CivilTime time;
        const auto year = scan.number(4, 4);
        const auto month = year ? scan.number(2, 2) : std::nullopt;
        const auto day = month ? scan.number(2, 2) : std::nullopt;
        if (day) {
            time = {.year = *year, .month = *month, .day = *day};
            if (!scan.atEnd()) {
                time.hour = scan.number(2, 2).value_or(99);
                time.minute = scan.number(2, 2).value_or(99);
                time.second = scan.number(2, 2).value_or(99);
            }
            return assemble(time, 0);
        }
    }
    return parseNamedDate(text);
}

std::optional<Ticks> parseTimeSpan(std::string_view text)
{
    text = trimSpaces(text);
    if (text.empty())
        return std::nullopt;
    const bool negative = text.front() == '-';
    const std::string_view body = negative ? text.substr(1) : text;
    const auto signedTicks = [negative](std::optional<Ticks> ticks) { return ticks && negative ? std::optional(-*ticks) : ticks; };

    if (body.find(':') == std::string_view::npos) { // a number, with a unit or of days
        double number = 0;
        const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), number);
        if (error != std::errc() || number < 0)
            return std::nullopt;
        const std::string_view unit = trimSpaces(std::string_view(end, static_cast<std::size_t>(body.data() + body.size() - end)));
        const auto ticks = unit.empty() ? std::optional(kTicksPerDay) : unitTicks(unit);
        return ticks ? signedTicks(scaled(number, *ticks)) : std::nullopt;
    }
    Scanner scan(body);
    Ticks days = 0;
    auto hours = scan.number(1, 8);
    if (!hours)
        return std::nullopt;
    if (scan.take('.') || (body.find(':') != body.rfind(':') && std::count(body.begin(), body.end(), ':') == 3 && scan.take(':'))) {
        days = *hours;
        hours = scan.number(1, 2);
    }
    if (!hours || *hours > 23 || !scan.take(':'))
        return std::nullopt;
    const auto minutes = scan.number(1, 2);
    if (!minutes || *minutes > 59)
        return std::nullopt;
    if (days > kMaxSpanDays)
        return std::nullopt;
    Ticks ofDay = *hours * kTicksPerHour + *minutes * kTicksPerMinute;
    if (scan.take(':')) {
        const auto seconds = scan.number(1, 2);
        if (!seconds || *seconds > 59)
            return std::nullopt;
        ofDay += *seconds * kTicksPerSecond;
        if (scan.take('.'))
            ofDay += scan.fraction();
    }
    if (!scan.atEnd())
        return std::nullopt;
    // Summed with its sign: the most negative timespan has no positive counterpart.
    const Ticks sign = negative ? -1 : 1;
    Ticks ticks = 0;
    return __builtin_add_overflow(sign * days * kTicksPerDay, sign * ofDay, &ticks) ? std::nullopt : std::optional(ticks);
}

} // namespace tocsin
