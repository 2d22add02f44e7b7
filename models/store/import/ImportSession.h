// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"
#include "store/import/StoreWriters.h"
#include "store/import/TableBuffer.h"

#include <map>

namespace tocsin::store {

/// Fills segments and writes each as soon as it is full, unseen by snapshots until the next commit.
class ImportSession final : public ImportWriter {
public:
    /// The digest has been started; it is ended here.
    ImportSession(StoreWriters& store, ImportSource source);
    ~ImportSession() override;

    Result<void> append(const catalog::TableSchema& schema, const Batch& batch, std::uint64_t records) override;
    void addReject(StoredReject reject) override;
    Result<void> restart() override;
    Result<void> commit() override;
    Result<ImportRecord> finish() override;

private:
    struct Table {
        TableBuffer buffer;
        std::uint64_t rows = 0;
    };
    Result<void> usable() const;
    Result<void> appendRows(Table& table, const catalog::TableSchema& schema, const Batch& batch);
    Result<void> seal(Table& table);
    Result<void> ensureRow(Connection& connection);
    Result<void> transact(Writer::Durability durability, const std::function<Result<void>(Connection&)>& change);
    Result<void> publish(bool complete);
    Result<void> write(Connection& connection, std::vector<EncodedSegment>& segments, std::vector<std::int64_t>& dropped);

    StoreWriters& m_store;
    ImportRecord m_record;
    std::map<std::string, Table> m_tables;
    std::vector<StoredReject> m_rejects; ///< not yet written
    std::uint64_t m_rejectsKept = 0;
    bool m_changed = true; ///< since the last commit; the first one always has something to say
    bool m_committed = false;
    bool m_finished = false;
    std::optional<Error> m_failure; ///< rows were lost; nothing may be committed any more
};

} // namespace tocsin::store
