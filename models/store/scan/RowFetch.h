// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/scan/SegmentTable.h"

namespace tocsin::store {

/// Rows by their ids (see catalog::kRowIdShift), in the order asked for. Each block of a segment is read once a column.
Result<Batch> fetchRows(const SegmentTableContent& content, std::span<const std::int64_t> rowIds, std::span<const std::size_t> columns, const std::stop_token& stop);

} // namespace tocsin::store
