// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"
#include "store/file/WriterLock.h"
#include "store/import/StoreWriters.h"
#include "store/scan/StoreReaders.h"
#include "store/scan/StoreSnapshot.h"

namespace tocsin::store {

/// A workspace in a file.
class FileWorkspace final : public Workspace, private catalog::Catalog {
public:
    static Result<std::unique_ptr<FileWorkspace>> open(const std::filesystem::path& file, OpenOptions options, const Clock& clock, Executor& executor, Log& log);

    ~FileWorkspace() override;

    const std::filesystem::path& file() const override { return m_readers->connections.access().file; }
    bool isReadOnly() const override { return !m_store; }
    const catalog::Catalog& catalog() const override { return *this; }
    void declareTables(std::vector<std::shared_ptr<const catalog::TableSchema>> schemas) override;
    void addTable(SqliteTableDefinition definition) override;
    Result<std::optional<ImportRecord>> findImport(const std::string& digest) const override;
    Result<std::vector<ImportRecord>> imports() const override;
    Result<std::vector<StoredReject>> rejects(std::int64_t importId) const override;
    Result<std::unique_ptr<ImportWriter>> beginImport(ImportSource source) override;
    Result<void> attach(const std::filesystem::path& file) override;
    bool detach(const std::filesystem::path& file) override;
    Result<void> write(const std::function<Result<void>(Connection&)>& change) override;
    Result<void> read(const std::function<Result<void>(Connection&)>& use) const override;
    Result<CompactionResult> compact(std::stop_token stop) override;
    Result<std::uint64_t> dropBefore(const std::string& table, Ticks time) override;
    Result<std::vector<std::string>> check(std::stop_token stop) const override;
    const std::shared_ptr<StoreReaders>& readers() const override { return m_readers; }
    StoreWriters* writers() override { return m_store.get(); }

private:
    FileWorkspace(std::optional<WriterLock> lock, std::shared_ptr<StoreReaders> readers, std::unique_ptr<StoreWriters> store)
        : m_lock(std::move(lock)), m_store(std::move(store)), m_readers(std::move(readers))
    {
    }
    Result<std::shared_ptr<const catalog::Snapshot>> snapshot() const override;

    std::optional<WriterLock> m_lock; ///< given back last
    // The writer is closed after the readers: the last connection folds the write-ahead log into the file, which a reader may not.
    std::unique_ptr<StoreWriters> m_store; ///< absent when read-only
    std::shared_ptr<StoreReaders> m_readers;
    mutable std::mutex m_mutex;
    std::shared_ptr<const KnownTables> m_known = std::make_shared<const KnownTables>();
    std::vector<std::shared_ptr<StoreReaders>> m_attached;
};

} // namespace tocsin::store
