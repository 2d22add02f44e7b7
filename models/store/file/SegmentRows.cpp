// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/file/SegmentRows.h"

#include "store/StoreErrors.h"
#include "store/file/TableRows.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <limits>

namespace tocsin::store {
namespace {

constexpr Ticks kNoTime = std::numeric_limits<Ticks>::min();

std::int64_t segmentChecksum(const SegmentInfo& info, std::span<const std::byte> zones)
{
    Bytes bytes;
    ByteWriter out(bytes);
    out.put(info.table);
    out.put<std::uint64_t>(info.rows);
    out.put(info.minTime.value_or(kNoTime));
    out.put(info.maxTime.value_or(kNoTime));
    out.put(info.minIngest);
    out.put(info.maxIngest);
    XXH3_state_t hash;
    XXH3_64bits_reset(&hash);
    XXH3_64bits_update(&hash, bytes.data(), bytes.size());
    XXH3_64bits_update(&hash, zones.data(), zones.size());
    return static_cast<std::int64_t>(XXH3_64bits_digest(&hash));
}

Result<void> insertChunks(Connection& connection, std::int64_t segment, std::int64_t column, EncodedColumn& encoded)
{
    TOCSIN_TRY_ASSIGN(Statement insert, connection.prepare("INSERT INTO chunk(id, data) VALUES (?1, ?2)"));
    for (EncodedColumn::Part& piece : encoded.parts) {
        const std::int64_t id = chunkId(segment, column, piece.number);
        sealChunk(piece.chunk, id);
        TOCSIN_TRY(insert.bind(1, id).bindBlob(2, piece.chunk).run());
    }
    return {};
}

Result<void> insertRow(Connection& connection, SegmentInfo& info, const Bytes& zones, SegmentState state, std::optional<std::int64_t> position)
{
    TOCSIN_TRY_ASSIGN(Statement insert,
        connection.prepare("INSERT INTO segment(table_id, position, rows, bytes, min_time, max_time, min_ingest, max_ingest, state, import_id, checksum, zones) "
                           "VALUES (?1, coalesce(?2, (SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'segment')), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"));
    insert.bind(1, info.table).bind(3, info.rows).bind(4, info.bytes).bind(7, info.minIngest).bind(8, info.maxIngest).bind(9, static_cast<int>(state));
    insert.bind(11, segmentChecksum(info, zones)).bindBlob(12, zones);
    if (position)
        insert.bind(2, *position);
    if (info.minTime && info.maxTime)
        insert.bind(5, *info.minTime).bind(6, *info.maxTime);
    if (info.import != 0)
        insert.bind(10, info.import);
    TOCSIN_TRY(insert.run());
    info.id = connection.lastInsertId();
    return {};
}

std::uint64_t chunkBytes(const EncodedColumn& encoded)
{
    std::uint64_t bytes = 0;
    for (const EncodedColumn::Part& piece : encoded.parts)
        bytes += piece.chunk.size() + kChunkTrailer;
    return bytes;
}

} // namespace

Result<SegmentInfo> insertSegment(Connection& connection, EncodedSegment segment, SegmentState state, std::int64_t import, std::optional<std::int64_t> position)
{
    TOCSIN_TRY_ASSIGN(const std::int64_t table, ensureTable(connection, segment.table));
    SegmentInfo info;
    info.table = table;
    info.rows = segment.rows;
    info.import = import;
    info.minIngest = segment.minIngest;
    info.maxIngest = segment.maxIngest;
    std::vector<EncodedColumn> columns;
    for (EncodedSegment::Column& column : segment.columns) {
        TOCSIN_TRY_ASSIGN(const std::int64_t id, ensureColumn(connection, table, segment.table.name, column.schema));
        column.encoded.zone.column = id;
        if (column.schema.name == "TimeGenerated" && column.schema.type == DataType::DateTime && column.encoded.zone.min) {
            info.minTime = column.encoded.zone.min->asLong();
            info.maxTime = column.encoded.zone.max->asLong();
        }
        columns.push_back(std::move(column.encoded));
    }
    if (segment.ingestTimes)
        columns.push_back(std::move(*segment.ingestTimes)); // its zone says column 0
    std::sort(columns.begin(), columns.end(), [](const EncodedColumn& a, const EncodedColumn& b) { return a.zone.column < b.zone.column; });
    std::vector<Zone> zones;
    for (EncodedColumn& column : columns) {
        column.zone.bytes = chunkBytes(column);
        info.bytes += column.zone.bytes;
        zones.push_back(column.zone);
    }
    const Bytes zoneBytes = writeZones(zones);
    info.zones = SegmentZones(zoneBytes);
    TOCSIN_TRY(insertRow(connection, info, zoneBytes, state, position));
    for (EncodedColumn& column : columns)
        TOCSIN_TRY(insertChunks(connection, info.id, column.zone.column, column));
    return info;
}

Result<bool> dropSegments(Connection& connection, const std::vector<std::int64_t>& ids, SegmentState state)
{
    TOCSIN_TRY_ASSIGN(Statement drop, connection.prepare("UPDATE segment SET state = ?2, import_id = NULL WHERE id = ?1 AND state = 1"));
    for (const std::int64_t id : ids) {
        TOCSIN_TRY(drop.bind(1, id).bind(2, static_cast<int>(state)).run());
        if (connection.changes() != 1)
            return false;
    }
    return true;
}

Result<void> publishSegment(Connection& connection, std::int64_t id, std::int64_t import)
{
    TOCSIN_TRY_ASSIGN(Statement publish, connection.prepare("UPDATE segment SET state = 1, import_id = nullif(?2, 0) WHERE id = ?1 AND state = 0"));
    TOCSIN_TRY(publish.bind(1, id).bind(2, import).run());
    return connection.changes() == 1 ? Result<void>() : fail(kInternal, "a segment that was written is not there");
}

namespace {

Result<void> deleteRows(Connection& connection, const std::vector<std::int64_t>& ids)
{
    TOCSIN_TRY_ASSIGN(Statement chunks, connection.prepare("DELETE FROM chunk WHERE id >= ?1 AND id < ?2"));
    TOCSIN_TRY_ASSIGN(Statement row, connection.prepare("DELETE FROM segment WHERE id = ?1"));
    for (const std::int64_t id : ids) {
        TOCSIN_TRY(chunks.bind(1, chunkId(id, 0, 0)).bind(2, chunkId(id + 1, 0, 0)).run());
        TOCSIN_TRY(row.bind(1, id).run());
    }
    return {};
}

} // namespace

Result<void> deleteSegments(Connection& connection, const std::vector<std::int64_t>& ids)
{
    std::vector<std::int64_t> purged, others;
    TOCSIN_TRY_ASSIGN(Statement state, connection.prepare("SELECT 1 FROM segment WHERE id = ?1 AND state = 3"));
    for (const std::int64_t id : ids) {
        state.bind(1, id);
        TOCSIN_TRY_ASSIGN(const bool isPurged, state.step());
        (isPurged ? purged : others).push_back(id);
        state.reset();
    }
    TOCSIN_TRY(deleteRows(connection, others));
    if (purged.empty())
        return {};
    TOCSIN_TRY(connection.execute("PRAGMA secure_delete = ON"));
    Result<void> deleted = deleteRows(connection, purged);
    TOCSIN_TRY(connection.execute("PRAGMA secure_delete = FAST"));
    return deleted;
}

namespace {

constexpr std::string_view kSegmentColumns = "id, table_id, position, rows, bytes, min_time, max_time, min_ingest, max_ingest, import_id, checksum, zones";

std::shared_ptr<const SegmentInfo> segmentFrom(const Statement& row)
{
    auto info = std::make_shared<SegmentInfo>();
    info->id = row.integer(0);
    info->table = row.integer(1);
    info->position = row.integer(2);
    info->rows = static_cast<std::size_t>(row.integer(3));
    info->bytes = static_cast<std::uint64_t>(row.integer(4));
    if (!row.isNull(5) && !row.isNull(6)) {
        info->minTime = row.integer(5);
        info->maxTime = row.integer(6);
    }
    info->minIngest = row.integer(7);
    info->maxIngest = row.integer(8);
    info->import = row.integer(9);
    const auto zones = row.blob(11);
    if (row.integer(10) != segmentChecksum(*info, zones) || info->rows == 0 || info->rows > kSegmentRows) {
        info->damage = "the checksum of its description does not match";
        return info;
    }
    Result<SegmentZones> read = SegmentZones::fromBytes(zones);
    if (read)
        info->zones = std::move(*read);
    else
        info->damage = errorMessage(read.error());
    return info;
}

} // namespace

namespace {

/// Whether the rows of the table say the same as its index: a damaged index must not hide a segment.
Result<void> compareWithRows(Connection& connection, const std::vector<std::shared_ptr<const SegmentInfo>>& segments)
{
    TOCSIN_TRY_ASSIGN(Statement rows, connection.prepare("SELECT id FROM segment NOT INDEXED WHERE state = 1 ORDER BY id"));
    std::vector<std::int64_t> ids;
    for (const auto& segment : segments)
        ids.push_back(segment->id);
    std::sort(ids.begin(), ids.end());
    for (const std::int64_t id : ids) {
        TOCSIN_TRY_ASSIGN(const bool row, rows.step());
        if (!row || rows.integer(0) != id)
            return fail(kSegmentIndex, std::to_string(row ? std::min(rows.integer(0), id) : id));
    }
    TOCSIN_TRY_ASSIGN(const bool more, rows.step());
    return more ? Result<void>(fail(kSegmentIndex, std::to_string(rows.integer(0)))) : Result<void>();
}

} // namespace

Result<std::vector<std::shared_ptr<const SegmentInfo>>> SegmentInfoCache::visibleSegments(Connection& connection)
{
    std::vector<std::shared_ptr<const SegmentInfo>> result;
    TOCSIN_TRY_ASSIGN(Statement ids, connection.prepare("SELECT id FROM segment WHERE state = 1 ORDER BY table_id, position, id"));
    TOCSIN_TRY_ASSIGN(Statement row, connection.prepare("SELECT " + std::string(kSegmentColumns) + " FROM segment WHERE id = ?1"));
    const std::lock_guard lock(m_mutex);
    std::unordered_map<std::int64_t, std::shared_ptr<const SegmentInfo>> current;
    bool changed = false;
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool more, ids.step());
        if (!more)
            break;
        const std::int64_t id = ids.integer(0);
        std::shared_ptr<const SegmentInfo>& info = current[id];
        if (const auto known = m_segments.find(id); known != m_segments.end()) {
            info = known->second;
        } else {
            row.bind(1, id);
            TOCSIN_TRY_ASSIGN(const bool found, row.step());
            if (!found)
                return fail(kSegmentIndex, std::to_string(id));
            info = segmentFrom(row);
            row.reset();
            changed = true;
        }
        result.push_back(info);
    }
    if (changed || result.size() != m_segments.size())
        TOCSIN_TRY(compareWithRows(connection, result));
    m_segments = std::move(current);
    return result;
}

} // namespace tocsin::store
