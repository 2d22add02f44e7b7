// SPDX-License-Identifier: GPL-3.0-or-later
// Merges the small segments of a workspace and prints what it took: bench_compaction WORKSPACE
#include "base/Memory.h"
#include "store/Workspace.h"

#include <fmt/format.h>

#include <sys/resource.h>

#include <chrono>

using namespace tocsin;

namespace {

struct Size {
    std::uint64_t segments = 0;
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
};

Result<Size> sizeOf(const store::Workspace& workspace)
{
    Size size;
    TOCSIN_TRY_ASSIGN(const auto snapshot, workspace.catalog().snapshot());
    for (const std::string& name : snapshot->tableNames()) {
        const catalog::TableStatistics statistics = snapshot->findTable(name)->statistics();
        size.segments += statistics.segments;
        size.rows += statistics.rows;
        size.bytes += statistics.bytes;
    }
    return size;
}

Result<void> merge(const std::string& file)
{
    const SystemClock clock;
    ThreadPool pool;
    Log log;
    TOCSIN_TRY_ASSIGN(const auto workspace, store::Workspace::open(file, {.create = false}, clock, pool, log));
    TOCSIN_TRY_ASSIGN(const Size before, sizeOf(*workspace));
    const auto start = std::chrono::steady_clock::now();
    TOCSIN_TRY_ASSIGN(const store::CompactionResult result, workspace->compact({}));
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    TOCSIN_TRY_ASSIGN(const Size after, sizeOf(*workspace));
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("{} of {} segments merged into {}, {} rows, {:.3f} s, {:.2f} M rows/s, {:.1f} MB to {:.1f} MB of segments, peak {} MB\n", result.merged, before.segments, result.created, after.rows, wall,
        static_cast<double>(after.rows) / wall / 1e6, static_cast<double>(before.bytes) / 1e6, static_cast<double>(after.bytes) / 1e6, usage.ru_maxrss / 1024);
    return {};
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 2) {
        fmt::print(stderr, "bench_compaction WORKSPACE\n");
        return 2;
    }
    keepFreedMemory();
    const Result<void> merged = merge(arguments[1]);
    if (!merged)
        fmt::print(stderr, "{}\n", errorMessage(merged.error()));
    return merged ? 0 : 1;
}
