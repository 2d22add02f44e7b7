// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/TablePainter.h"

#include <string>
#include <vector>

namespace tocsin::report {

/// Shares the canvas's width among the columns of a result by what they hold, so that the rows become low. Columns that do not fit at a
/// legible width form further groups, in order, to be printed as tables one below the other.
std::vector<std::vector<TableColumn>> fitColumns(const std::vector<ReportColumn>& columns, const std::vector<std::vector<std::string>>& rows,
                                                 PageCanvas& canvas);

} // namespace tocsin::report
