// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/PageCanvas.h"

#include <string>

namespace tocsin::report {

/// The height that should be free for the query to begin: all of it, unless it is long.
qreal kqlRoom(const PageCanvas& canvas, const std::string& kql);

/// Prints a query in a monospace font with its parts coloured, on a quiet ground, over as many pages as it takes.
void drawKql(PageCanvas& canvas, const std::string& kql);

} // namespace tocsin::report
