// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"

#include <QString>

#include <vector>

namespace tocsin::items {
class TimeDisplay;
}

namespace tocsin::widgets {

/// Maps a period to pixels and finds round times to label.
struct TimeScale {
    Ticks from = 0;
    Ticks to = 1;
    double left = 0;
    double right = 1;

    double x(Ticks ticks) const { return left + static_cast<double>(ticks - from) / static_cast<double>(to - from) * (right - left); }
    Ticks ticks(double x) const { return from + static_cast<Ticks>((x - left) / (right - left) * static_cast<double>(to - from)); }

    struct Label {
        Ticks at;
        QString text;
        bool day; ///< a new day starts here
    };
    /// At least `gap` pixels apart; in the zone that is shown.
    std::vector<Label> labels(double gap, const items::TimeDisplay& time) const;
};

} // namespace tocsin::widgets
