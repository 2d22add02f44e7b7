// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/PageCanvas.h"

#include <vector>

namespace tocsin::report {

/// The kill chain over time: a lane for each stage, a mark for each alert (marks that would overlap become one with a number), a time
/// axis, and a legend of exactly the marks that occur. Drawn as vectors at the canvas's pen.
void drawTimeline(PageCanvas& canvas, const IncidentReport& report);

/// Round places on the axis between begin and end, at most `wanted` + 1: whole milliseconds to days, else first days of months or years.
struct AxisTicks {
    std::vector<Ticks> places;
    Ticks step = kTicksPerHour; ///< for months and years the length of the shortest
};
AxisTicks axisTicks(Ticks begin, Ticks end, int wanted);

} // namespace tocsin::report
