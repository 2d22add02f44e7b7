// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/PageCanvas.h"

#include <string>

namespace tocsin::report {

/// Prints a query in a monospace font with its parts coloured, on a quiet ground, over as many pages as it takes.
void drawKql(PageCanvas& canvas, const std::string& kql);

} // namespace tocsin::report
