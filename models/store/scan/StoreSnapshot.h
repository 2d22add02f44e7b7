// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"
#include "store/file/TableRows.h"
#include "store/scan/StoreReaders.h"

#include <map>

namespace tocsin::store {

/// Tables made known by the program rather than by the file. Replaced as a whole when something is added.
struct KnownTables {
    std::map<std::string, std::shared_ptr<const catalog::TableSchema>, std::less<>> declared;
    std::map<std::string, std::shared_ptr<const SqliteTableDefinition>, std::less<>> ordinary;
};

/// What the file held at one moment. Tables are put together when they are asked for.
class StoreSnapshot final : public catalog::Snapshot {
public:
    /// With the rows of attached files, each as it is at its own moment.
    static Result<std::shared_ptr<const catalog::Snapshot>> take(std::shared_ptr<StoreReaders> readers, std::shared_ptr<const KnownTables> known, const std::vector<std::shared_ptr<StoreReaders>>& attached = {});

    std::shared_ptr<const catalog::TableSource> findTable(std::string_view name) const override;
    const catalog::StoredFunction* findFunction(std::string_view name) const override;
    std::vector<std::string> tableNames() const override;
    std::vector<std::string> functionNames() const override;
    /// The rows of segments of a table in this very file, without the program's own; null if the name is not known.
    std::shared_ptr<const catalog::TableSource> eventTable(std::string_view name) const;
    /// The segments of that table, in the order of its morsels.
    std::vector<std::shared_ptr<const SegmentInfo>> segments(std::string_view name) const;
    std::string databaseName() const override { return m_readers->connections.access().file.stem().string(); }

private:
    struct Stored {
        StoredTable table;
        std::vector<std::shared_ptr<const SegmentInfo>> segments;
    };
    StoreSnapshot(std::shared_ptr<StoreReaders> readers, std::shared_ptr<const KnownTables> known);
    static Result<std::shared_ptr<StoreSnapshot>> takeOne(std::shared_ptr<StoreReaders> readers, std::shared_ptr<const KnownTables> known);
    Result<void> read(Connection& connection);
    std::shared_ptr<const catalog::TableSource> makeTable(std::string_view name) const;

    std::shared_ptr<StoreReaders> m_readers;
    std::shared_ptr<const KnownTables> m_known;
    std::shared_ptr<const SnapshotPins::Pin> m_pin;
    std::map<std::string, Stored, std::less<>> m_stored;
    std::map<std::string, catalog::StoredFunction, std::less<>> m_functions;
    std::vector<std::shared_ptr<const StoreSnapshot>> m_attached;
    mutable std::mutex m_mutex;
    mutable std::map<std::string, std::shared_ptr<const catalog::TableSource>, std::less<>> m_made;
};

} // namespace tocsin::store
