// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Executor.h"
#include "base/Log.h"
#include "base/Result.h"
#include "catalog/Catalog.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace tocsin::store {

class Connection; // store/sqlite/Connection.h
struct StoreReaders;
struct StoreWriters;

/// One input of an import, identified by its content.
struct ImportSource {
    std::string name;   ///< path or name as the user gave it
    std::string format; ///< id of the reader
    std::uint64_t bytes = 0;
    std::string digest; ///< SHA-256 of the content, lower-case hex; the same digest is never stored twice
};

struct StoredReject {
    std::uint64_t offset = 0;
    std::optional<std::uint64_t> line;
    std::string code;    ///< of the Error
    std::string message; ///< what happened, in English, without content of the record
};

struct ImportRecord {
    std::int64_t id = 0;
    ImportSource source;
    Ticks time = 0;
    std::uint64_t records = 0; ///< source records that became rows
    std::uint64_t rows = 0;
    std::uint64_t rejected = 0;
    bool complete = false; ///< false: interrupted; its rows are replaced when the source is imported again
    std::vector<std::pair<std::string, std::uint64_t>> rowsByTable;
};

/// Takes one source's rows. Only one thread at a time; several writers may be open, their commits are queued. Must not outlive the Workspace. Destroyed without
/// finish(): what was not committed is gone, what was committed stays as an incomplete import.
class ImportWriter {
public:
    virtual ~ImportWriter() = default;
    /// Adds rows to a table, creating it or adding columns as needed; a column whose stored type differs gets the suffix of its type
    /// (`x_long`), as Log Analytics does. Rows become visible to new snapshots at the next commit.
    virtual Result<void> append(const catalog::TableSchema& schema, const Batch& batch, std::uint64_t records) = 0;
    virtual void addReject(StoredReject reject) = 0;
    /// Seals what was appended and makes it durable: when this returns, not even a power failure loses it.
    virtual Result<void> commit() = 0;
    /// Forgets all that was appended. What was committed stays until the first commit of what comes now, which replaces it.
    virtual Result<void> restart() = 0;
    /// commit(), and the import is marked complete.
    virtual Result<ImportRecord> finish() = 0;
};

/// A table made of ordinary SQLite rows (alerts, incidents, audit) that KQL can ask like any log.
struct SqliteTableDefinition {
    catalog::TableSchema schema;
    /// A SELECT whose columns stand in the order of the schema: bool, int, long, datetime and timespan (ticks) as INTEGER, real as REAL,
    /// string, decimal and guid as TEXT, dynamic as TEXT holding JSON.
    std::string select;
};

struct OpenOptions {
    bool create = true;
    bool readOnly = false;
};

struct CompactionResult {
    std::uint64_t merged = 0;  ///< small segments that were replaced
    std::uint64_t created = 0; ///< segments that took their place
    std::uint64_t skipped = 0; ///< groups left as they are because a segment is damaged
};

/// One case file: events in column segments, everything else in ordinary tables, all in one SQLite database in WAL mode.
/// One writer at a time (calls queue), any number of readers. All members may be called from any thread.
class Workspace {
public:
    /// Opens or creates. Errors say what is wrong and leave the file alone: not a workspace, written by a newer version, locked by
    /// another program, damaged, read-only medium.
    static Result<std::unique_ptr<Workspace>> open(const std::filesystem::path& file, OpenOptions options, const Clock& clock, Executor& executor, Log& log);
    virtual ~Workspace() = default;

    virtual const std::filesystem::path& file() const = 0;
    virtual bool isReadOnly() const = 0;

    /// Snapshots of all event tables, SQLite tables and stored functions.
    virtual const catalog::Catalog& catalog() const = 0;
    /// Makes a known table visible to queries even before it has rows, so that a rule over it runs and finds nothing.
    virtual void declareTables(std::vector<std::shared_ptr<const catalog::TableSchema>> schemas) = 0;
    virtual void addTable(SqliteTableDefinition definition) = 0;

    virtual Result<std::optional<ImportRecord>> findImport(const std::string& digest) const = 0;
    virtual Result<std::vector<ImportRecord>> imports() const = 0;
    virtual Result<std::vector<StoredReject>> rejects(std::int64_t importId) const = 0;
    /// Starts an import; an incomplete earlier import of the same digest is replaced in the same transaction as the first commit.
    /// kAlreadyImported if the digest is stored completely.
    virtual Result<std::unique_ptr<ImportWriter>> beginImport(ImportSource source) = 0;

    /// Shows the rows of another workspace file, an archive usually, in the tables of this one to all snapshots from now on. That file is
    /// only read, and what changes, purges or merges rows leaves it alone. Not kept beyond this object. Errors: those of opening it
    /// read-only, kAttached.
    virtual Result<void> attach(const std::filesystem::path& file) = 0;
    /// False if it is not attached. Snapshots that have its rows keep them.
    virtual bool detach(const std::filesystem::path& file) = 0;

    /// Runs on the one writer connection inside a transaction; an error rolls back. Durable when it returns.
    virtual Result<void> write(const std::function<Result<void>(Connection&)>& change) = 0;
    /// Runs on a reader connection inside a read transaction.
    virtual Result<void> read(const std::function<Result<void>(Connection&)>& use) const = 0;

    /// Merges small neighbouring segments of complete imports into larger ones. Rows, their order and snapshots stay as they are. Meant for
    /// the background; returns kCancelled between two merges when asked to stop, and what is merged by then stays merged.
    virtual Result<CompactionResult> compact(std::stop_token stop) = 0;

    /// Removes the segments of a table whose rows all have a TimeGenerated before the time; snapshots taken before still see them. Returns the
    /// number of rows.
    virtual Result<std::uint64_t> dropBefore(const std::string& table, Ticks time) = 0;

    /// Checks every page, segment and checksum; one line a finding, none when all is well.
    virtual Result<std::vector<std::string>> check(std::stop_token stop) const = 0;

    /// For the parts of the store that look after a workspace (store/maintenance): what reads it, and what writes it; null when read-only.
    virtual const std::shared_ptr<StoreReaders>& readers() const = 0;
    virtual StoreWriters* writers() = 0;
};

inline constexpr ErrorKind kAttached{"store.attached", "The rows of {0} are already part of this workspace", ""};
inline constexpr ErrorKind kAlreadyImported{"store.already_imported", "{0} is already in this workspace", ""};

/// A schema step of a folder that keeps ordinary tables in the workspace. Applied in order, once, by ensureTables().
struct TableMigration {
    std::string owner; ///< "detect", "incident", …
    int version = 1;   ///< 1, 2, … per owner
    std::string sql;   ///< one or more statements
};
/// Brings the tables of one owner up to date. Refuses a workspace whose tables are newer.
Result<void> ensureTables(Workspace& workspace, const std::vector<TableMigration>& steps);

} // namespace tocsin::store
