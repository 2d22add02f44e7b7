// SPDX-License-Identifier: GPL-3.0-or-later
#include "killchain/TimeScale.h"

#include "items/TimeDisplay.h"

#include <algorithm>
#include <array>

namespace tocsin::widgets {

namespace {

constexpr std::array kSteps{kTicksPerSecond,          5 * kTicksPerSecond,  15 * kTicksPerSecond, 30 * kTicksPerSecond, kTicksPerMinute,
                            5 * kTicksPerMinute,      15 * kTicksPerMinute, 30 * kTicksPerMinute, kTicksPerHour,        3 * kTicksPerHour,
                            6 * kTicksPerHour,        12 * kTicksPerHour,   kTicksPerDay,         2 * kTicksPerDay,     7 * kTicksPerDay,
                            14 * kTicksPerDay,        30 * kTicksPerDay,    91 * kTicksPerDay,    365 * kTicksPerDay};

} // namespace

std::vector<TimeScale::Label> TimeScale::labels(double gap, const items::TimeDisplay& time) const
{
    std::vector<Label> out;
    if (right - left < gap || to <= from)
        return out;
    const double wanted = static_cast<double>(to - from) / ((right - left) / gap);
    const auto found = std::find_if(kSteps.begin(), kSteps.end(), [wanted](Ticks step) { return static_cast<double>(step) >= wanted; });
    const Ticks step = found == kSteps.end() ? kSteps.back() : *found;
    const Ticks offset = time.offsetMinutes(from) * kTicksPerMinute;
    for (Ticks at = (from + offset) / step * step + step - offset; at <= to && out.size() < 200; at += step) {
        const QString text = time.text(at);
        const bool day = (at + offset) % kTicksPerDay == 0;
        out.push_back({at, step >= kTicksPerDay || day ? text.left(10) : step >= kTicksPerMinute ? text.mid(11, 5) : text.mid(11, 8), day});
    }
    return out;
}

} // namespace tocsin::widgets
