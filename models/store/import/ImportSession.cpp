// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/import/ImportSession.h"

#include "store/StoreErrors.h"
#include "store/file/ImportRows.h"

#include <algorithm>

namespace tocsin::store {
namespace {

constexpr std::size_t kSegmentBytes = 96 * 1024 * 1024; ///< a segment of long texts is closed before it has all its rows
constexpr std::size_t kBufferedBytes = 192 * 1024 * 1024; ///< of all tables together; then the largest is sealed
constexpr std::uint64_t kMostRejects = 10'000; ///< kept of one import; all are counted

} // namespace

ImportSession::ImportSession(StoreWriters& store, ImportSource source) : m_store(store)
{
    m_record.source = std::move(source);
    m_record.time = store.clock.now();
}

ImportSession::~ImportSession()
{
    if (m_record.id != 0 && !m_finished) {
        const Result<void> deleted = m_store.writer.transact(Writer::Durability::Later, [this](Connection& connection) { return deletePending(connection, m_record.id); });
        if (!deleted)
            m_store.log.warn("what an interrupted import left could not be deleted yet: {}", errorMessage(deleted.error()));
    }
    m_store.endDigest(m_record.source.digest);
}

Result<void> ImportSession::usable() const
{
    if (m_finished)
        return fail(kImportClosed, m_record.source.name);
    if (m_failure)
        return std::unexpected(*m_failure);
    return {};
}

Result<void> ImportSession::append(const catalog::TableSchema& schema, const Batch& batch, std::uint64_t records)
{
    TOCSIN_TRY(usable());
    if (batch.columns.size() != schema.columns.size())
        return fail(kInternal, "a batch for table " + schema.name + " does not have the columns of its schema");
    m_record.records += records;
    m_changed = true;
    if (batch.rows() == 0)
        return {};
    Table& table = m_tables.try_emplace(schema.name, Table{TableBuffer(schema)}).first->second;
    Result<void> appended = batch.selection ? appendRows(table, schema, batch.compacted()) : appendRows(table, schema, batch);
    if (!appended)
        m_failure = appended.error();
    return appended;
}

Result<void> ImportSession::appendRows(Table& table, const catalog::TableSchema& schema, const Batch& batch)
{
    for (std::size_t start = 0; start < batch.storedRows;) {
        const std::size_t count = std::min({kBatchRows, batch.storedRows - start, kSegmentRows - table.buffer.rows()});
        table.buffer.append(schema, batch, start, count);
        table.rows += count;
        m_record.rows += count;
        start += count;
        if (table.buffer.rows() == kSegmentRows || table.buffer.bytes() >= kSegmentBytes)
            TOCSIN_TRY(seal(table));
    }
    std::size_t buffered = 0;
    Table* largest = &table;
    for (auto& [name, other] : m_tables) {
        buffered += other.buffer.bytes();
        largest = other.buffer.bytes() > largest->buffer.bytes() ? &other : largest;
    }
    return buffered > kBufferedBytes ? seal(*largest) : Result<void>();
}

Result<void> ImportSession::ensureRow(Connection& connection)
{
    if (m_record.id == 0) {
        TOCSIN_TRY_ASSIGN(m_record.id, insertImport(connection, m_record.source, m_record.time));
    }
    return {};
}

Result<void> ImportSession::transact(Writer::Durability durability, const std::function<Result<void>(Connection&)>& change)
{
    const std::int64_t before = m_record.id;
    Result<void> written = m_store.writer.transact(durability, change);
    if (!written)
        m_record.id = before; // an id given in a transaction that was rolled back may become another import's
    return written;
}

Result<void> ImportSession::seal(Table& table)
{
    EncodedSegment segment = table.buffer.encode(m_store.executor, m_store.clock.now());
    return transact(Writer::Durability::Later, [&](Connection& connection) -> Result<void> {
        TOCSIN_TRY(ensureRow(connection));
        TOCSIN_TRY(insertSegment(connection, std::move(segment), SegmentState::Pending, m_record.id));
        return {};
    });
}

Result<void> ImportSession::restart()
{
    TOCSIN_TRY(usable());
    if (m_committed && m_record.source.digest.empty())
        return fail(kInternal, "a source without a digest cannot be begun again: what it committed would stay");
    if (m_record.id != 0)
        TOCSIN_TRY(m_store.writer.transact(Writer::Durability::Later, [this](Connection& connection) { return deletePending(connection, m_record.id); }));
    m_tables.clear();
    m_rejects.clear();
    m_rejectsKept = 0;
    // What was committed is an incomplete import of the same source now, and goes when the next one commits.
    m_record.id = 0;
    m_record.records = m_record.rows = m_record.rejected = 0;
    m_committed = false;
    m_changed = true;
    return {};
}

void ImportSession::addReject(StoredReject reject)
{
    ++m_record.rejected;
    m_changed = true;
    if (m_rejectsKept == kMostRejects)
        return;
    ++m_rejectsKept;
    m_rejects.push_back(std::move(reject));
}

Result<void> ImportSession::write(Connection& connection, std::vector<EncodedSegment>& segments, std::vector<std::int64_t>& dropped)
{
    TOCSIN_TRY(ensureRow(connection));
    for (EncodedSegment& segment : segments)
        TOCSIN_TRY(insertSegment(connection, std::move(segment), SegmentState::Pending, m_record.id));
    TOCSIN_TRY(publishSegments(connection, m_record.id));
    if (!m_committed) {
        TOCSIN_TRY_ASSIGN(dropped, dropIncompleteImports(connection, m_record.source.digest, m_record.id));
    }
    TOCSIN_TRY(insertRejects(connection, m_record.id, m_rejects));
    return updateImport(connection, m_record);
}

Result<void> ImportSession::publish(bool complete)
{
    TOCSIN_TRY(usable());
    if (!m_changed && !complete)
        return {};
    std::vector<EncodedSegment> segments;
    m_record.rowsByTable.clear();
    for (auto& [name, table] : m_tables) {
        if (table.buffer.rows() > 0)
            segments.push_back(table.buffer.encode(m_store.executor, m_store.clock.now()));
        m_record.rowsByTable.emplace_back(name, table.rows);
    }
    m_record.complete = complete;
    std::vector<std::int64_t> dropped;
    Result<void> written = transact(Writer::Durability::Full, [&](Connection& connection) { return write(connection, segments, dropped); });
    if (!written) {
        m_record.complete = false;
        m_failure = written.error();
        return written;
    }
    m_rejects.clear();
    m_changed = false;
    m_committed = true;
    m_store.pins->retire(dropped);
    m_store.sweep();
    return {};
}

Result<void> ImportSession::commit() { return publish(false); }

Result<ImportRecord> ImportSession::finish()
{
    TOCSIN_TRY(publish(true));
    m_finished = true;
    m_store.log.info("import {} complete: {} records, {} rows, {} rejected", m_record.id, m_record.records, m_record.rows, m_record.rejected);
    return m_record;
}

} // namespace tocsin::store
