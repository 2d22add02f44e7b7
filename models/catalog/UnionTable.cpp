// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/UnionTable.h"

#include <algorithm>

namespace tocsin::catalog {
namespace {

/// Where a wanted column stands in the batches of one source; absent: null.
using Places = std::vector<std::optional<std::size_t>>;

struct Part {
    std::unique_ptr<TableScan> scan;
    Places places;
    std::vector<DataType> types;
};

class UnionMorsel final : public Morsel {
public:
    UnionMorsel(std::unique_ptr<Morsel> morsel, const Part& part, std::uint64_t offset) : m_morsel(std::move(morsel)), m_part(part), m_offset(offset) {}
    std::uint64_t ordinal() const override { return m_offset + m_morsel->ordinal(); }
    Result<std::optional<Batch>> next() override
    {
        TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, m_morsel->next());
        if (!batch)
            return std::nullopt;
        Batch mapped{{}, batch->storedRows, batch->selection};
        for (std::size_t i = 0; i < m_part.places.size(); ++i)
            mapped.columns.push_back(m_part.places[i] ? batch->columns[*m_part.places[i]] : Vector::nulls(m_part.types[i], batch->storedRows));
        return mapped;
    }

private:
    std::unique_ptr<Morsel> m_morsel;
    const Part& m_part;
    std::uint64_t m_offset;
};

class UnionScan final : public TableScan {
public:
    UnionScan(Part first, Part second) : m_parts{std::move(first), std::move(second)} {}
    Result<std::unique_ptr<Morsel>> nextMorsel(std::stop_token stop) override
    {
        for (std::size_t i = 0; i < 2; ++i) {
            TOCSIN_TRY_ASSIGN(std::unique_ptr<Morsel> morsel, m_parts[i].scan->nextMorsel(stop));
            if (morsel)
                return std::make_unique<UnionMorsel>(std::move(morsel), m_parts[i], i == 0 ? 0 : m_parts[0].scan->ordinals());
        }
        return nullptr;
    }
    std::uint64_t ordinals() const override { return m_parts[0].scan->ordinals() + m_parts[1].scan->ordinals(); }
    ScanStatistics statistics() const override
    {
        ScanStatistics total = m_parts[0].scan->statistics();
        const ScanStatistics second = m_parts[1].scan->statistics();
        total.segmentsTotal += second.segmentsTotal;
        total.segmentsRead += second.segmentsRead;
        total.rowsRead += second.rowsRead;
        total.bytesRead += second.bytesRead;
        return total;
    }

private:
    Part m_parts[2];
};

/// The column of a source behind a column of the union: same name and type.
std::optional<std::size_t> columnIn(const TableSchema& source, const ColumnSchema& wanted)
{
    const auto place = source.indexOf(wanted.name);
    return place && source.columns[*place].type == wanted.type ? place : std::nullopt;
}

} // namespace

UnionTable::UnionTable(std::shared_ptr<const TableSource> first, std::shared_ptr<const TableSource> second)
    : m_sources{std::move(first), std::move(second)}, m_schema(m_sources[0]->schema())
{
    for (const ColumnSchema& column : m_sources[1]->schema().columns)
        if (!m_schema.indexOf(column.name))
            m_schema.columns.push_back(column);
}

TableStatistics UnionTable::statistics() const
{
    TableStatistics total = m_sources[0]->statistics();
    const TableStatistics second = m_sources[1]->statistics();
    total.rows += second.rows;
    total.segments += second.segments;
    total.bytes += second.bytes;
    if (second.minTime)
        total.minTime = std::min(total.minTime.value_or(*second.minTime), *second.minTime);
    if (second.maxTime)
        total.maxTime = std::max(total.maxTime.value_or(*second.maxTime), *second.maxTime);
    return total;
}

Result<std::uint64_t> UnionTable::countRows(const TimePeriod& period, std::stop_token stop) const
{
    TOCSIN_TRY_ASSIGN(const std::uint64_t first, m_sources[0]->countRows(period, stop));
    TOCSIN_TRY_ASSIGN(const std::uint64_t second, m_sources[1]->countRows(period, stop));
    return first + second;
}

Result<std::unique_ptr<TableScan>> UnionTable::scan(const ScanRequest& request) const
{
    Part parts[2];
    for (std::size_t i = 0; i < 2; ++i) {
        const TableSchema& schema = m_sources[i]->schema();
        ScanRequest own;
        own.timeBound = request.timeBound;
        for (const std::size_t wanted : request.columns) {
            // A column past the end is the hidden ingestion time, which stands behind each source's own columns.
            const bool hidden = wanted >= m_schema.columns.size();
            const auto place = hidden ? std::optional(schema.columns.size()) : columnIn(schema, m_schema.columns[wanted]);
            parts[i].places.push_back(place ? std::optional(own.columns.size()) : std::nullopt);
            parts[i].types.push_back(hidden ? DataType::DateTime : m_schema.columns[wanted].type);
            if (place)
                own.columns.push_back(*place);
        }
        for (const ScanPredicate& predicate : request.predicates)
            if (const auto place = predicate.column < m_schema.columns.size() ? columnIn(schema, m_schema.columns[predicate.column]) : std::nullopt)
                own.predicates.push_back({*place, predicate.kind, predicate.values});
        if (const auto& bound = request.valueBound)
            if (const auto place = columnIn(schema, m_schema.columns[bound->column]))
                own.valueBound = {*place, bound->times};
        TOCSIN_TRY_ASSIGN(parts[i].scan, m_sources[i]->scan(own));
    }
    return std::make_unique<UnionScan>(std::move(parts[0]), std::move(parts[1]));
}

} // namespace tocsin::catalog
