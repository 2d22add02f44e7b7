// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/FileWorkspace.h"

#include "store/StoreErrors.h"
#include "store/check/WorkspaceCheck.h"
#include "store/compaction/Compaction.h"
#include "store/file/ImportRows.h"
#include "store/import/ImportSession.h"
#include "store/retention/Retention.h"
#include "store/sqlite/Transaction.h"

#include <algorithm>

namespace tocsin::store {
namespace {

constexpr std::size_t kCacheBytes = 512 * 1024 * 1024;
constexpr std::size_t kAttachedCacheBytes = 64 * 1024 * 1024;

bool isSameFile(const std::filesystem::path& a, const std::filesystem::path& b)
{
    std::error_code failure; // a file that is gone is none
    return std::filesystem::equivalent(a, b, failure) && !failure;
}

} // namespace

Result<std::unique_ptr<Workspace>> Workspace::open(const std::filesystem::path& file, OpenOptions options, const Clock& clock, Executor& executor, Log& log)
{
    return FileWorkspace::open(file, options, clock, executor, log);
}

Result<std::unique_ptr<FileWorkspace>> FileWorkspace::open(const std::filesystem::path& file, OpenOptions options, const Clock& clock, Executor& executor, Log& log)
{
    if (options.readOnly) {
        TOCSIN_TRY_ASSIGN(ReadAccess access, checkForReading(file));
        return std::unique_ptr<FileWorkspace>(new FileWorkspace(std::nullopt, std::make_shared<StoreReaders>(std::move(access), kCacheBytes), nullptr));
    }
    TOCSIN_TRY_ASSIGN(WriterLock lock, WriterLock::acquire(file));
    TOCSIN_TRY_ASSIGN(Connection connection, openForWriting(file, options.create));
    auto readers = std::make_shared<StoreReaders>(ReadAccess{file}, kCacheBytes);
    std::unique_ptr<StoreWriters> store(new StoreWriters{Writer(std::move(connection)), readers->pins, clock, executor, log, {}, {}});
    TOCSIN_TRY(store->writer.transact(Writer::Durability::Full, deleteLeftovers));
    log.info("workspace opened");
    return std::unique_ptr<FileWorkspace>(new FileWorkspace(std::move(lock), std::move(readers), std::move(store)));
}

FileWorkspace::~FileWorkspace()
{
    if (!isReadOnly())
        return;
    std::vector<ReadAccess> read{m_readers->connections.access()};
    for (const auto& attached : m_attached)
        read.push_back(attached->connections.access());
    m_attached.clear();
    m_readers.reset();
    std::ranges::for_each(read, removeTracesOfReading);
}

Result<std::shared_ptr<const catalog::Snapshot>> FileWorkspace::snapshot() const
{
    std::unique_lock lock(m_mutex);
    const auto known = m_known;
    const auto attached = m_attached;
    lock.unlock();
    return StoreSnapshot::take(m_readers, known, attached);
}

Result<void> FileWorkspace::attach(const std::filesystem::path& file)
{
    TOCSIN_TRY_ASSIGN(ReadAccess access, checkForReading(file));
    const std::lock_guard lock(m_mutex);
    if (isSameFile(file, this->file()) || std::any_of(m_attached.begin(), m_attached.end(), [&](const auto& other) { return isSameFile(file, other->connections.access().file); }))
        return fail(kAttached, file.string());
    m_attached.push_back(std::make_shared<StoreReaders>(std::move(access), kAttachedCacheBytes));
    return {};
}

bool FileWorkspace::detach(const std::filesystem::path& file)
{
    const std::lock_guard lock(m_mutex);
    return std::erase_if(m_attached, [&](const auto& other) { return other->connections.access().file == file || isSameFile(file, other->connections.access().file); }) > 0;
}

void FileWorkspace::declareTables(std::vector<std::shared_ptr<const catalog::TableSchema>> schemas)
{
    const std::lock_guard lock(m_mutex);
    auto next = std::make_shared<KnownTables>(*m_known);
    for (auto& schema : schemas) {
        const std::string name = schema->name;
        next->declared.insert_or_assign(name, std::move(schema));
    }
    m_known = std::move(next);
}

void FileWorkspace::addTable(SqliteTableDefinition definition)
{
    const std::lock_guard lock(m_mutex);
    auto next = std::make_shared<KnownTables>(*m_known);
    const std::string name = definition.schema.name;
    next->ordinary.insert_or_assign(name, std::make_shared<const SqliteTableDefinition>(std::move(definition)));
    m_known = std::move(next);
}

Result<std::optional<ImportRecord>> FileWorkspace::findImport(const std::string& digest) const
{
    std::optional<ImportRecord> found;
    TOCSIN_TRY(read([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(std::vector<ImportRecord> records, readImports(connection, digest));
        if (!records.empty())
            found = std::move(records.front());
        return {};
    }));
    return found;
}

Result<std::vector<ImportRecord>> FileWorkspace::imports() const
{
    std::vector<ImportRecord> records;
    TOCSIN_TRY(read([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(records, readImports(connection, std::nullopt));
        return {};
    }));
    return records;
}

Result<std::vector<StoredReject>> FileWorkspace::rejects(std::int64_t importId) const
{
    std::vector<StoredReject> rejects;
    TOCSIN_TRY(read([&](Connection& connection) -> Result<void> {
        TOCSIN_TRY_ASSIGN(rejects, readRejects(connection, importId));
        return {};
    }));
    return rejects;
}

Result<std::unique_ptr<ImportWriter>> FileWorkspace::beginImport(ImportSource source)
{
    if (!m_store)
        return fail(kOpenedReadOnly);
    // The digest is taken before looking, so that an import that just ends cannot slip through between the two.
    if (!m_store->startDigest(source.digest))
        return fail(kImportRunning, source.name);
    auto writer = std::make_unique<ImportSession>(*m_store, source);
    if (source.digest.empty())
        return writer;
    TOCSIN_TRY_ASSIGN(const std::optional<ImportRecord> earlier, findImport(source.digest));
    if (earlier && earlier->complete)
        return fail(kAlreadyImported, source.name);
    return writer;
}

Result<void> FileWorkspace::write(const std::function<Result<void>(Connection&)>& change)
{
    if (!m_store)
        return fail(kOpenedReadOnly);
    return m_store->writer.transact(Writer::Durability::Full, change);
}

Result<void> FileWorkspace::read(const std::function<Result<void>(Connection&)>& use) const
{
    TOCSIN_TRY_ASSIGN(const ReaderPool::Lease connection, m_readers->connections.acquire());
    TOCSIN_TRY_ASSIGN(Transaction transaction, Transaction::begin(*connection, Transaction::Kind::Read));
    TOCSIN_TRY(use(*connection));
    return transaction.commit();
}

Result<CompactionResult> FileWorkspace::compact(std::stop_token stop)
{
    if (!m_store)
        return fail(kOpenedReadOnly);
    return compactSegments(*m_store, *m_readers, std::move(stop));
}

Result<std::uint64_t> FileWorkspace::dropBefore(const std::string& table, Ticks time)
{
    if (!m_store)
        return fail(kOpenedReadOnly);
    return dropSegmentsBefore(*m_store, table, time);
}

Result<std::vector<std::string>> FileWorkspace::check(std::stop_token stop) const
{
    TOCSIN_TRY_ASSIGN(std::vector<Finding> findings, findDamage(*m_readers, std::move(stop)));
    std::vector<std::string> lines;
    for (Finding& finding : findings)
        lines.push_back(std::move(finding.text));
    return lines;
}

} // namespace tocsin::store
