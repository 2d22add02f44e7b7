// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/TimeZone.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>

namespace tocsin::kql {
namespace {

constexpr std::string_view kFolder = "/usr/share/zoneinfo/";
constexpr std::size_t kHeader = 44;
constexpr int kLastRuleYear = 2100; ///< the rule for later years is written out up to here

std::int64_t bigEndian(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (const char byte : bytes)
        value = value << 8 | static_cast<unsigned char>(byte);
    const std::size_t unused = 64 - bytes.size() * 8;
    return static_cast<std::int64_t>(value << unused) >> unused;
}

/// The numbers of a block's header, and the size of the block.
struct Counts {
    std::size_t isUtc, isStandard, leaps, times, types, chars;
    std::size_t blockSize(std::size_t timeBytes) const { return times * timeBytes + times + types * 6 + chars + leaps * (timeBytes + 4) + isStandard + isUtc; }
};

std::optional<Counts> readHeader(std::string_view file)
{
    if (file.size() < kHeader || !file.starts_with("TZif"))
        return std::nullopt;
    const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<std::uint32_t>(bigEndian(file.substr(20 + 4 * i, 4)))); };
    return Counts{at(0), at(1), at(2), at(3), at(4), at(5)};
}

Ticks ticksFromUnix(std::int64_t seconds)
{
    return std::clamp<std::int64_t>(seconds, -62'135'596'800, 253'402'300'799) * kTicksPerSecond + kUnixEpoch;
}

/// Reads a POSIX TZ rule such as `CET-1CEST,M3.5.0,M10.5.0/3` piece by piece.
class RuleReader {
public:
    explicit RuleReader(std::string_view text) : m_text(text) {}
    bool name()
    {
        const std::size_t end = m_text.starts_with('<') ? m_text.find('>') + 1 : std::min(m_text.find_first_of("0123456789+-,"), m_text.size());
        if (end == 0 || end > m_text.size())
            return false;
        m_text.remove_prefix(end);
        return true;
    }
    /// `[+-]h[h][:mm[:ss]]` in seconds.
    std::optional<std::int64_t> time()
    {
        std::int64_t sign = 1;
        if (accept('-'))
            sign = -1;
        else
            accept('+');
        const auto hours = number();
        if (!hours)
            return std::nullopt;
        std::int64_t seconds = *hours * 3600;
        if (accept(':'))
            seconds += number().value_or(0) * 60;
        if (accept(':'))
            seconds += number().value_or(0);
        return sign * seconds;
    }
    std::optional<std::int64_t> number()
    {
        std::int64_t value = 0;
        const auto [end, failed] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), value);
        if (failed != std::errc())
            return std::nullopt;
        m_text.remove_prefix(static_cast<std::size_t>(end - m_text.data()));
        return value;
    }
    bool accept(char c)
    {
        if (!m_text.starts_with(c))
            return false;
        m_text.remove_prefix(1);
        return true;
    }
    bool atEnd() const { return m_text.empty(); }

private:
    std::string_view m_text;
};

/// `Mm.w.d[/time]`: weekday d of week w (5 = last) of month m, at a local time.
struct ChangeDay {
    int month = 1, week = 1, day = 0;
    std::int64_t time = 7200;

    std::int64_t localSeconds(int year) const
    {
        const std::int64_t first = daysFromCivil(year, month, 1);
        const int weekday = static_cast<int>((first + 1) % 7); // day 0 is a Monday
        std::int64_t date = (day - weekday + 7) % 7 + (week - 1) * 7;
        if (date >= daysInMonth(year, month))
            date -= 7;
        return (first + date) * 86'400 + time;
    }
};

std::optional<ChangeDay> readChange(RuleReader& rule)
{
    if (!rule.accept(',') || !rule.accept('M'))
        return std::nullopt;
    const auto month = rule.number();
    rule.accept('.');
    const auto week = rule.number();
    rule.accept('.');
    const auto day = rule.number();
    if (!month || !week || !day || *month < 1 || *month > 12 || *week < 1 || *week > 5 || *day < 0 || *day > 6)
        return std::nullopt;
    ChangeDay change{static_cast<int>(*month), static_cast<int>(*week), static_cast<int>(*day), 7200};
    if (rule.accept('/'))
        change.time = rule.time().value_or(7200);
    return change;
}

} // namespace

std::optional<TimeZone> TimeZone::load(std::string_view name)
{
    if (name.empty() || name.front() == '/' || name.find("..") != std::string_view::npos || name.find('\0') != std::string_view::npos)
        return std::nullopt;
    std::ifstream file(std::string(kFolder) + std::string(name), std::ios::binary);
    if (!file)
        return std::nullopt;
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return parse(bytes);
}

std::vector<std::string> timeZoneNames()
{
    // The compact source of the database: `Z name …` begins a zone, `L target name` gives one another name.
    std::ifstream file(std::string(kFolder) + "tzdata.zi");
    std::vector<std::string> names;
    for (std::string line; std::getline(file, line);) {
        std::size_t start = 2;
        if (line.starts_with("L "))
            start = line.find(' ', 2) + 1;
        else if (!line.starts_with("Z "))
            continue;
        names.push_back(line.substr(start, line.find(' ', start) - start));
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<TimeZone> TimeZone::parse(std::string_view file)
{
    const auto old = readHeader(file);
    if (!old || file.size() < kHeader || file[4] < '2' || file.size() < kHeader + old->blockSize(4))
        return std::nullopt;
    file.remove_prefix(kHeader + old->blockSize(4)); // version 1 has 32-bit times; the second block has 64-bit ones
    const auto counts = readHeader(file);
    if (!counts || counts->types == 0 || file.size() < kHeader + counts->blockSize(8))
        return std::nullopt;
    const std::string_view times = file.substr(kHeader);
    const std::string_view kinds = times.substr(counts->times * 8);
    const std::string_view types = kinds.substr(counts->times);
    TimeZone zone;
    zone.m_firstOffset = bigEndian(types.substr(0, 4));
    for (std::size_t i = 0; i < counts->times; ++i) {
        const auto kind = static_cast<unsigned char>(kinds[i]);
        if (kind >= counts->types)
            return std::nullopt;
        zone.m_transitions.push_back({ticksFromUnix(bigEndian(times.substr(i * 8, 8))), bigEndian(types.substr(kind * 6U, 4))});
    }
    std::string_view rule = file.substr(kHeader + counts->blockSize(8));
    while (!rule.empty() && (rule.front() == '\n'))
        rule.remove_prefix(1);
    zone.addRuleYears(rule.substr(0, rule.find('\n')));
    return zone;
}

void TimeZone::addRuleYears(std::string_view text)
{
    RuleReader rule(text);
    const auto standard = rule.name() ? rule.time() : std::nullopt;
    if (!standard || rule.atEnd() || !rule.name())
        return; // no summer time: the last transition stays
    const std::int64_t standardOffset = -*standard;
    const auto summer = rule.time();
    const std::int64_t summerOffset = summer ? -*summer : standardOffset + 3600;
    const auto start = readChange(rule);
    const auto end = readChange(rule);
    if (!start || !end)
        return;
    const int firstYear = m_transitions.empty() ? 1970 : civilFromTicks(m_transitions.back().at).year;
    const Ticks last = m_transitions.empty() ? kMinDateTime : m_transitions.back().at;
    std::vector<Transition> added;
    for (int year = firstYear; year <= kLastRuleYear; ++year) {
        added.push_back({(start->localSeconds(year) - standardOffset) * kTicksPerSecond, summerOffset});
        added.push_back({(end->localSeconds(year) - summerOffset) * kTicksPerSecond, standardOffset});
    }
    std::sort(added.begin(), added.end(), [](const Transition& a, const Transition& b) { return a.at < b.at; });
    for (const Transition& transition : added)
        if (transition.at > last)
            m_transitions.push_back(transition);
}

std::int64_t TimeZone::offsetAt(Ticks utc) const
{
    const auto after = std::upper_bound(m_transitions.begin(), m_transitions.end(), utc, [](Ticks time, const Transition& t) { return time < t.at; });
    return after == m_transitions.begin() ? m_firstOffset : std::prev(after)->offset;
}

Ticks TimeZone::toUtc(Ticks local) const
{
    const std::int64_t early = offsetAt(local - kTicksPerDay);
    const std::int64_t late = offsetAt(local + kTicksPerDay);
    const Ticks first = local - std::max(early, late) * kTicksPerSecond;
    const Ticks second = local - std::min(early, late) * kTicksPerSecond;
    if (toLocal(first) == local)
        return first;
    if (toLocal(second) == local)
        return second;
    return first;
}

const TimeZone* TimeZoneCache::get(std::string_view name)
{
    auto found = m_zones.find(name);
    if (found == m_zones.end())
        found = m_zones.emplace(std::string(name), TimeZone::load(name)).first;
    return found->second ? &*found->second : nullptr;
}

} // namespace tocsin::kql
