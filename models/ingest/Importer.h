// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Executor.h"
#include "ingest/ReaderRegistry.h"
#include "store/Workspace.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace tocsin::ingest {

struct ImportOptions {
    std::optional<std::string> format; ///< id of a reader for every file, in place of detection
    ReadOptions read;                  ///< importTime 0 means the clock's
    std::uint64_t commitRows = 200'000; ///< make durable at least this often …
    Ticks commitInterval = kTicksPerSecond; ///< … and this often
    /// Every rejected record with the file it is of; from any thread, one call at a time.
    std::function<void(const std::string& file, const Reject& reject)> onReject;
};

/// Where an import stands.
struct ImportProgress {
    std::string file;
    std::size_t index = 0; ///< of the file, from 0
    std::size_t files = 0;
    std::uint64_t bytes = 0; ///< read of this file
    std::uint64_t size = 0;
    std::uint64_t rows = 0;  ///< of this file
};

/// What became of one file (or archive member).
struct FileResult {
    /// Skipped: found in a folder and plainly no log (a README, a picture); the reason is in `error` but nobody has to act on it.
    enum class State { Imported, Duplicate, Failed, Cancelled, Skipped };
    std::string path;
    State state = State::Failed;
    std::string format; ///< id of the reader; empty if none was found
    std::uint64_t bytes = 0;
    std::uint64_t records = 0; ///< of the source that became rows
    std::uint64_t rows = 0;
    std::map<std::string, std::uint64_t> rowsByTable;
    std::uint64_t rejected = 0;
    std::uint64_t warnings = 0;
    std::vector<Reject> firstWarnings; ///< at most 100
    std::vector<Reject> firstRejects;  ///< at most 100; all are in the workspace
    std::optional<Error> error;        ///< why it failed, ended early or was skipped
};

struct ImportSummary {
    std::vector<FileResult> files; ///< in the order of the paths
    std::uint64_t rows = 0;
    std::uint64_t records = 0;
    std::uint64_t rejected = 0;
    bool cancelled = false;
};

/// A file to read.
struct FoundFile {
    std::filesystem::path path;
    bool named = false; ///< by the user, rather than found in a folder
};

/// Reads files and folders into a workspace. A file that cannot be opened or recognised is reported and the rest goes on; a file
/// whose content is stored already is skipped. gzip files and members of zip archives are read as what they hold.
class Importer {
public:
    /// All must outlive the importer.
    Importer(store::Workspace& workspace, const ReaderRegistry& readers, Executor& executor, const Clock& clock);

    using ProgressCallback = std::function<void(const ImportProgress&)>;

    /// Returns when all is done. Folders are walked recursively, sorted by name; hidden files are left out. Several files are read at
    /// the same time when the executor has threads; the callback comes from any of them, one call at a time. After a stop request
    /// what was committed stays, marked incomplete, and is replaced when the file is imported again. Must not be called from a task
    /// of the same executor.
    ImportSummary run(const std::vector<std::filesystem::path>& paths, const ImportOptions& options, const ProgressCallback& progress, std::stop_token stop);

private:
    struct Job;
    void importFile(const FoundFile& file, std::size_t index, Job& job);
    FileResult importSource(ByteSource& source, std::size_t index, Job& job);
    FileResult store(ByteSource& source, const LogReader& reader, std::string digest, std::size_t index, Job& job);

    store::Workspace& m_workspace;
    const ReaderRegistry& m_readers;
    Executor& m_executor;
    const Clock& m_clock;
};

/// The files below paths: folders recursively, each level sorted by name, hidden entries left out. A path that does not exist stays
/// in the list, so that it is reported.
std::vector<FoundFile> findFiles(const std::vector<std::filesystem::path>& paths);
/// The same, the paths alone.
std::vector<std::filesystem::path> listFiles(const std::vector<std::filesystem::path>& paths);

/// Whether a file is plainly something that accompanies logs: a note or licence by its name, a picture or document by its ending.
bool isPlainlyNoLog(const std::filesystem::path& path);

} // namespace tocsin::ingest
