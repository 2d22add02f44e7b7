// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/Pruning.h"

#include "store/StoreErrors.h"
#include "store/index/ColumnFilters.h"

#include <algorithm>

namespace tocsin::store {
namespace {

/// All rows of a segment that came at one time.
class OneTimeReader final : public ColumnReader {
public:
    explicit OneTimeReader(Ticks time) : m_time(time) {}
    Result<Vector> read(std::size_t, std::size_t count) const override { return Vector::constant(Value::dateTime(m_time), count); }
    std::size_t memoryBytes() const override { return sizeof *this; }

private:
    Ticks m_time;
};

bool isIngestionTime(const SegmentTableContent& table, std::size_t column) { return column >= table.schema.columns.size(); }

} // namespace

bool mayPass(const SegmentTableContent& table, const SegmentInfo& segment, const std::vector<catalog::ScanPredicate>& predicates)
{
    if (!segment.damage.empty())
        return true; // it must not be left out silently
    return std::all_of(predicates.begin(), predicates.end(), [&](const catalog::ScanPredicate& predicate) {
        if (isIngestionTime(table, predicate.column)) {
            const Zone times{.type = DataType::DateTime, .stored = true, .min = Value::dateTime(segment.minIngest), .max = Value::dateTime(segment.maxIngest)};
            return mayPass(times, predicate);
        }
        if (const Zone* zone = segment.zone(table.columnIds[predicate.column]))
            return mayPass(*zone, predicate);
        return mayPass(Zone{.type = table.schema.columns[predicate.column].type}, predicate);
    });
}

bool mayPassWhenRead(const SegmentTableContent& table, ChunkFetcher& fetcher, const SegmentInfo& segment, const std::vector<catalog::ScanPredicate>& predicates)
{
    return std::all_of(predicates.begin(), predicates.end(), [&](const catalog::ScanPredicate& predicate) {
        if (isIngestionTime(table, predicate.column) || !segment.damage.empty())
            return true;
        const std::int64_t column = table.columnIds[predicate.column];
        const Zone* zone = segment.zone(column);
        if (!zone || !zone->stored)
            return true;
        const FilterLoaders load{[&] { return fetchValueFilter(*table.readers, fetcher, segment, column).value_or(nullptr); },
            [&] { return fetchTermFilter(*table.readers, fetcher, segment, column).value_or(nullptr); }};
        if (!mayPassFilters(*zone, predicate, load))
            return false;
        if (predicate.kind != catalog::ScanPredicate::Kind::Equal || predicate.values.empty() || zone->hasBloom)
            return true;
        const auto reader = fetchTableColumn(table, fetcher, segment, predicate.column);
        return !reader || (*reader)->mayEqual(predicate.values);
    });
}

Result<std::shared_ptr<const ColumnReader>> fetchTableColumn(const SegmentTableContent& table, ChunkFetcher& fetcher, const SegmentInfo& segment, std::size_t column)
{
    if (isIngestionTime(table, column)) {
        if (segment.minIngest == segment.maxIngest && segment.damage.empty())
            return std::make_shared<OneTimeReader>(segment.maxIngest);
        return fetchColumn(*table.readers, fetcher, segment, 0, DataType::DateTime, table.schema.name, std::string(catalog::kIngestionTimeColumn));
    }
    const catalog::ColumnSchema& schema = table.schema.columns[column];
    const std::int64_t id = table.columnIds[column];
    if (id == kMemberColumn) {
        const catalog::JsonMember& member = table.members[column - (table.schema.columns.size() - table.members.size())];
        const std::int64_t texts = table.columnIds[member.column];
        if (texts == 0 && segment.damage.empty())
            return ColumnReader::absent(DataType::Dynamic);
        return fetchMember(*table.readers, fetcher, segment, texts, member.key, table.schema.name, table.schema.columns[member.column].name);
    }
    if (id == 0 && segment.damage.empty())
        return ColumnReader::absent(schema.type);
    return fetchColumn(*table.readers, fetcher, segment, id, schema.type, table.schema.name, schema.name);
}

Error damagedColumn(const SegmentTableContent& table, const SegmentInfo& segment, std::size_t column, const Error& below)
{
    const std::string name = isIngestionTime(table, column) ? std::string(catalog::kIngestionTimeColumn) : table.schema.columns[column].name;
    return makeError(kDamagedColumn, table.schema.name, std::to_string(segment.id), name, errorMessage(below));
}

} // namespace tocsin::store
