// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/PageCanvas.h"

namespace tocsin::report {

/// The kill chain over time: a lane for each stage, a mark for each alert (marks that would overlap become one with a number), a time
/// axis, and a legend of exactly the marks that occur. Drawn as vectors at the canvas's pen.
void drawTimeline(PageCanvas& canvas, const IncidentReport& report);

/// A step of the axis and its first tick, so that about `wanted` ticks fall between begin and end.
struct AxisTicks {
    Ticks first = 0;
    Ticks step = kTicksPerHour;
};
AxisTicks axisTicks(Ticks begin, Ticks end, int wanted);

} // namespace tocsin::report
