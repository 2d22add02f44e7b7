// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/scan/ChunkFetcher.h"
#include "store/scan/SegmentTable.h"

namespace tocsin::store {

/// False only if what is known of the segment without reading it shows that no row passes all predicates.
bool mayPass(const SegmentTableContent& table, const SegmentInfo& segment, const std::vector<catalog::ScanPredicate>& predicates);

/// The same after reading filters, and the distinct values of columns compared for equality. What cannot be read counts as passing: whoever
/// reads the column itself gets the error.
bool mayPassWhenRead(const SegmentTableContent& table, ChunkFetcher& fetcher, const SegmentInfo& segment, const std::vector<catalog::ScanPredicate>& predicates);

/// The column of a scan request in one segment: a column of the schema or, one behind them, the ingestion time.
Result<std::shared_ptr<const ColumnReader>> fetchTableColumn(const SegmentTableContent& table, ChunkFetcher& fetcher, const SegmentInfo& segment, std::size_t column);

/// A failure inside a column with the names of table, segment and column.
Error damagedColumn(const SegmentTableContent& table, const SegmentInfo& segment, std::size_t column, const Error& below);

} // namespace tocsin::store
