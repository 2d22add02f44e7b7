// SPDX-License-Identifier: GPL-3.0-or-later
// Imports files and prints what it took, without the rest of the program: bench_import --workspace FILE [--table NAME] [--threads N] PATH…
#include "base/Memory.h"
#include "ingest/Importer.h"

#include <fmt/format.h>

#include <sys/resource.h>

#include <chrono>
#include <cstring>

using namespace tocsin;

int main(int count, char** arguments)
{
    keepFreedMemory();
    std::string workspaceFile;
    ingest::ImportOptions options;
    unsigned threads = 0;
    std::vector<std::filesystem::path> paths;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        const bool more = i + 1 < count;
        if (argument == "--workspace" && more)
            workspaceFile = arguments[++i];
        else if (argument == "--table" && more)
            options.read.table = arguments[++i];
        else if (argument == "--threads" && more)
            threads = static_cast<unsigned>(std::atoi(arguments[++i]));
        else if (argument != "ingest")
            paths.emplace_back(argument);
    }
    const SystemClock clock;
    ThreadPool pool(threads);
    Log log;
    const auto schemas = ingest::SchemaLibrary::builtIn();
    const ingest::ReaderRegistry readers = ingest::makeReaderRegistry(*schemas);
    auto workspace = store::Workspace::open(workspaceFile, {}, clock, pool, log);
    if (!workspace) {
        fmt::print(stderr, "{}\n", errorMessage(workspace.error()));
        return 1;
    }
    const auto start = std::chrono::steady_clock::now();
    const ingest::ImportSummary summary = ingest::Importer(**workspace, readers, pool, clock).run(paths, options, {}, {});
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    for (const ingest::FileResult& file : summary.files)
        fmt::print("{}: {} {} rows, {} rejected{}\n", file.path, file.format, file.rows, file.rejected, file.error ? ", " + errorMessage(*file.error) : "");
    fmt::print("{} rows, wall {:.2f} s, user {:.2f} s, system {:.2f} s, {:.0f} rows per CPU second, peak {} MB, file {:.1f} MB\n", summary.rows, wall, seconds(usage.ru_utime), seconds(usage.ru_stime),
        static_cast<double>(summary.rows) / (seconds(usage.ru_utime) + seconds(usage.ru_stime)), usage.ru_maxrss / 1024, static_cast<double>(std::filesystem::file_size(workspaceFile)) / 1e6);
    return 0;
}
