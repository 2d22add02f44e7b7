// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/RowFetch.h"

#include "store/scan/Pruning.h"

#include <algorithm>
#include <numeric>

namespace tocsin::store {
namespace {

/// The rows wanted of one block of a segment, as places in it.
struct BlockRows {
    std::size_t segment;
    std::size_t start;
    std::vector<std::uint32_t> rows;
};

std::vector<BlockRows> blocksOf(std::span<const std::int64_t> rowIds, std::span<const std::uint32_t> order)
{
    std::vector<BlockRows> blocks;
    for (const std::uint32_t i : order) {
        const auto segment = static_cast<std::size_t>(rowIds[i] >> catalog::kRowIdShift);
        const auto row = static_cast<std::uint32_t>(rowIds[i]);
        const std::size_t start = row / kBlockRows * kBlockRows;
        if (blocks.empty() || blocks.back().segment != segment || blocks.back().start != start)
            blocks.push_back({segment, start, {}});
        blocks.back().rows.push_back(static_cast<std::uint32_t>(row - start));
    }
    return blocks;
}

} // namespace

Result<Batch> fetchRows(const SegmentTableContent& content, std::span<const std::int64_t> rowIds, std::span<const std::size_t> columns, const std::stop_token& stop)
{
    std::vector<std::uint32_t> order(rowIds.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return rowIds[a] < rowIds[b]; });
    const std::vector<BlockRows> blocks = blocksOf(rowIds, order);
    std::vector<std::uint32_t> places(order.size()); // of each wanted row among those read
    for (std::uint32_t i = 0; i < order.size(); ++i)
        places[order[i]] = i;

    Batch result;
    result.storedRows = rowIds.size();
    for (const std::size_t column : columns) {
        std::vector<Vector> parts;
        std::shared_ptr<const ColumnReader> reader;
        const SegmentInfo* open = nullptr;
        for (const BlockRows& block : blocks) {
            if (stop.stop_requested())
                return fail(kCancelled);
            const SegmentInfo& segment = *content.segments[block.segment];
            if (open != &segment) {
                ChunkFetcher fetcher(content.readers->connections);
                TOCSIN_TRY_ASSIGN(reader, fetchTableColumn(content, fetcher, segment, column));
                open = &segment;
            }
            Result<Vector> values = reader->readSome(block.start, std::min(kBlockRows, segment.rows - block.start), block.rows);
            if (!values)
                return std::unexpected(damagedColumn(content, segment, column, values.error()));
            parts.push_back(*std::move(values));
        }
        if (parts.empty())
            parts.push_back(Vector::nulls(column < content.schema.columns.size() ? content.schema.columns[column].type : DataType::DateTime, 0));
        result.columns.push_back(concatenate(parts).gather(places));
    }
    return result;
}

} // namespace tocsin::store
