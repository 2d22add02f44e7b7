// SPDX-License-Identifier: GPL-3.0-or-later
#include "Timeline.h"

#include <array>

namespace tocsin::bench {
namespace {

constexpr std::uint64_t kHour = 3'600'000'000;
constexpr std::uint64_t kDay = 24 * kHour;
constexpr std::uint32_t kLate = 30'000'000;
constexpr std::array<std::uint64_t, 24> kWorkingDay{2, 1, 1, 1, 1, 2, 3, 5, 8, 9, 9, 8, 7, 8, 9, 9, 8, 6, 4, 4, 3, 3, 2, 2};

void twoDigits(char* out, std::uint64_t value)
{
    out[0] = static_cast<char>('0' + value / 10);
    out[1] = static_cast<char>('0' + value % 10);
}

} // namespace

Timeline::Timeline(Ticks start, std::uint32_t days, std::uint32_t rows) : m_rows(rows)
{
    for (std::uint32_t day = 0; day < days; ++day) {
        const Ticks midnight = start + day * kTicksPerDay;
        m_days.push_back(R"({"TimeGenerated":")" + formatDateTime(midnight).substr(0, 11));
        const bool weekend = dayOfWeek(midnight) % 6 == 0;
        for (const std::uint64_t working : kWorkingDay) {
            const std::uint64_t weight = weekend ? (working + 2) / 3 : working;
            m_hourOf.insert(m_hourOf.end(), weight, static_cast<std::uint32_t>(m_hours.size()));
            m_hours.push_back({m_total, weight});
            m_total += weight;
        }
    }
}

std::uint64_t Timeline::microseconds(std::uint32_t place) const
{
    const std::uint64_t unit = place * m_total / m_rows;
    const std::uint64_t rest = place * m_total % m_rows;
    const Hour& hour = m_hours[m_hourOf[unit]];
    const std::uint64_t length = kHour / hour.weight;
    return m_hourOf[unit] * kHour + (unit - hour.before) * length + rest * length / m_rows;
}

void Timeline::begin(Line& line, std::uint32_t place, Random& random) const
{
    const std::uint64_t late = microseconds(place) + random.below(kLate);
    const std::uint64_t end = m_days.size() * kDay;
    const std::uint64_t time = late < end ? late : 2 * end - late - 1;
    const std::uint64_t second = time % kDay / 1'000'000;
    char text[] = "hh:mm:ss.ffffffZ\"";
    twoDigits(text, second / 3600);
    twoDigits(text + 3, second / 60 % 60);
    twoDigits(text + 6, second % 60);
    for (std::uint64_t i = 0, fraction = time % 1'000'000; i < 3; ++i, fraction /= 100)
        twoDigits(text + 13 - 2 * i, fraction % 100);
    line.raw(m_days[time / kDay]).raw({text, sizeof text - 1});
}

} // namespace tocsin::bench
