// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/compaction/Compaction.h"

#include "store/StoreErrors.h"
#include "store/compaction/MergePlan.h"
#include "store/file/TableRows.h"
#include "store/maintenance/SegmentRewrite.h"
#include "store/sqlite/Transaction.h"

#include <algorithm>

namespace tocsin::store {
namespace {

struct Situation {
    std::vector<StoredTable> tables;
    std::vector<SegmentGroup> groups;
};

Result<Situation> look(StoreReaders& readers)
{
    TOCSIN_TRY_ASSIGN(const ReaderPool::Lease connection, readers.connections.acquire());
    TOCSIN_TRY_ASSIGN(Transaction transaction, Transaction::begin(*connection, Transaction::Kind::Read));
    Situation situation;
    TOCSIN_TRY_ASSIGN(situation.tables, readTables(*connection));
    TOCSIN_TRY_ASSIGN(const auto segments, readers.segments.visibleSegments(*connection));
    // The rows of an incomplete import may have to be replaced as a whole.
    std::set<std::int64_t> open;
    TOCSIN_TRY_ASSIGN(Statement incomplete, connection->prepare("SELECT id FROM import WHERE complete = 0"));
    for (;;) {
        TOCSIN_TRY_ASSIGN(const bool row, incomplete.step());
        if (!row)
            break;
        open.insert(incomplete.integer(0));
    }
    situation.groups = planMerges(segments, open);
    return situation;
}

/// False if the segments were replaced by somebody else meanwhile.
Result<bool> mergeGroup(StoreWriters& store, StoreReaders& readers, const StoredTable& table, const SegmentGroup& group)
{
    SegmentRewrite merge(readers, table);
    std::vector<std::int64_t> ids;
    std::int64_t import = group.front()->import;
    for (const auto& segment : group) {
        TOCSIN_TRY(merge.add(*segment));
        ids.push_back(segment->id);
        import = segment->import == import ? import : 0;
    }
    EncodedSegment merged = merge.encode(store.executor);
    bool replaced = true;
    const Result<void> written = store.writer.transact(Writer::Durability::Later, [&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(replaced, dropSegments(connection, ids));
        if (!replaced)
            return fail(kCancelled); // only rolls back
        TOCSIN_TRY(insertSegment(connection, std::move(merged), SegmentState::Visible, import, group.front()->position));
        return {};
    });
    if (!replaced)
        return false;
    if (!written)
        return std::unexpected(written.error());
    store.pins->retire(ids);
    return true;
}

} // namespace

namespace {

Result<CompactionResult> mergeAll(StoreWriters& store, StoreReaders& readers, const std::stop_token& stop)
{
    CompactionResult result;
    StoreReaders uncached(readers.connections.access(), 0); // what is read once here must not push out what queries use
    const std::shared_ptr<const SnapshotPins::Pin> pin = readers.pins->pin();
    TOCSIN_TRY_ASSIGN(const Situation situation, look(readers));
    for (const SegmentGroup& group : situation.groups) {
        if (stop.stop_requested())
            return fail(kCancelled);
        const auto table = std::find_if(situation.tables.begin(), situation.tables.end(), [&](const StoredTable& candidate) { return candidate.id == group.front()->table; });
        if (table == situation.tables.end())
            continue;
        const Result<bool> merged = mergeGroup(store, uncached, *table, group);
        if (merged) {
            result.merged += *merged ? group.size() : 0;
            result.created += *merged ? 1 : 0;
        } else if (merged.error().kind == &kDamagedColumn || merged.error().kind == &kBadChunk) {
            ++result.skipped;
            store.log.warn("segments of a table cannot be merged: {}", errorMessage(merged.error()));
        } else {
            return std::unexpected(merged.error());
        }
    }
    return result;
}

} // namespace

Result<CompactionResult> compactSegments(StoreWriters& store, StoreReaders& readers, std::stop_token stop)
{
    Result<CompactionResult> result = mergeAll(store, readers, stop);
    store.sweep(); // the merges themselves were a snapshot's reader until now
    return result;
}

} // namespace tocsin::store
