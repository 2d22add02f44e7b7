// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Executor.h"
#include "base/Result.h"
#include "catalog/TableSource.h"
#include "kql/exec/ExternalSource.h"
#include "kql/exec/Leftovers.h"
#include "kql/exec/spill/SpillSpace.h"
#include "kql/plan/Plan.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace tocsin::kql {

struct SubqueryRows;

inline constexpr ErrorKind kMemoryLimit{"query.memory_limit", "The query needs more than its {0} MB of memory", "Filter earlier, group by fewer values, or raise the memory limit."};
inline constexpr ErrorKind kTimeLimit{"query.time_limit", "The query ran longer than its limit of {0}", "Narrow the time range or raise the time limit."};
inline constexpr ErrorKind kUnsupportedOperator{"query.unsupported_operator", "This build cannot run '{0}'", "Rewrite the query without it."};

/// The memory of one query, counted where it grows large: groups, sorts, joins, collected rows.
class MemoryBudget {
public:
    explicit MemoryBudget(std::uint64_t limit) : m_limit(limit) {}
    Result<void> take(std::uint64_t bytes);
    /// Takes the bytes, whatever the limit says: memory that is held already, or buffers whose size is bounded by design.
    void hold(std::uint64_t bytes);
    /// Takes the bytes if no more than `most` are used then.
    bool tryTake(std::uint64_t bytes, std::uint64_t most);
    void give(std::uint64_t bytes) { m_used.fetch_sub(bytes); }
    std::uint64_t peak() const { return m_peak.load(); }
    std::uint64_t limit() const { return m_limit; }

private:
    void raisePeak(std::uint64_t used);
    std::uint64_t m_limit;
    std::atomic<std::uint64_t> m_used = 0;
    std::atomic<std::uint64_t> m_peak = 0;
};

/// A share of the budget that grows with a data structure and is given back with it.
class MemoryShare {
public:
    explicit MemoryShare(MemoryBudget& budget) : m_budget(&budget) {}
    ~MemoryShare() { m_budget->give(m_bytes); }
    MemoryShare(const MemoryShare&) = delete;
    MemoryShare& operator=(const MemoryShare&) = delete;
    /// Brings the share to `bytes`.
    Result<void> resize(std::uint64_t bytes);
    Result<void> grow(std::uint64_t bytes) { return resize(m_bytes + bytes); }
    /// Brings the share to `bytes`, whatever the limit says (see MemoryBudget::hold).
    void hold(std::uint64_t bytes);
    /// For what can be spilled: brings the share to `bytes` if the query then holds at most so many eighths of its budget, or this share at
    /// most a sixteenth of it, so that every operator has something to work in. False: nothing has changed, and it is time to spill.
    bool tryResize(std::uint64_t bytes, unsigned eighths);
    std::uint64_t bytes() const { return m_bytes; }
    void shrink(std::uint64_t bytes)
    {
        m_budget->give(bytes);
        m_bytes -= bytes;
    }

private:
    MemoryBudget* m_budget;
    std::uint64_t m_bytes = 0;
};

/// Everything that is fixed for one run of a query, and what its threads share.
class Run {
public:
    struct Options {
        Ticks now = 0;
        std::uint64_t seed = 0;
        unsigned threads = 1;
        std::uint64_t memoryBytes = 1ULL << 30;
        std::string databaseName;
        /// Bounds TimeGenerated of every scanned table that has it: [from, to).
        std::optional<std::pair<Ticks, Ticks>> timespan;
        std::stop_token stop;
        /// Checked with the stop token; says why the run must end (a time limit), or nothing.
        std::function<std::optional<Error>()> deadline;
        /// Absent: queries read nothing but tables.
        std::shared_ptr<const ExternalSource> external;
        /// Where operators put what does not fit into the memory.
        SpillOptions spill;
    };

    Run(Options options, Executor& executor) : m_options(std::move(options)), m_executor(executor), m_memory(m_options.memoryBytes), m_spill(m_options.spill) {}

    const Options& options() const { return m_options; }
    MemoryBudget& memory() { return m_memory; }
    SpillSpace& spill() { return m_spill; }
    /// Size of one buffered block of a spilled run, by the budget.
    std::size_t spillBlockBytes() const;
    unsigned threads() const { return m_options.threads; }
    /// kCancelled, the deadline's error, the failure of another thread of this run, or nothing. Called per batch and inside long loops.
    Result<void> checkStop() const;
    std::stop_token stopToken() const { return m_options.stop; }

    /// The last row has been given: all that is left to do is to free what is held.
    void close() { m_closed = true; }
    /// For owners of much, or of many small blocks, as they go: once the run has been stopped, has failed or is closed, the value is put
    /// to the leftovers, so that nobody waits for it to be freed.
    template <typename T>
    void leave(T&& value) const noexcept
    {
        if (m_closed || m_options.stop.stop_requested())
            m_leftovers->add(std::forward<T>(value));
    }
    /// Whoever shares them frees them when the answer has been given.
    std::shared_ptr<Leftovers> leftovers() const { return m_leftovers; }

    /// Runs `work(worker)` on up to threads() threads, the caller's among them; `worker` counts from 0. Returns the first failure, which
    /// ends the run: the other threads see it in checkStop().
    Result<void> parallel(const std::function<Result<void>(unsigned worker)>& work);

    /// Rows of a shared subplan, computed by `compute` on the first call for the key.
    using Rows = std::shared_ptr<const std::vector<Batch>>;
    Result<Rows> shared(const std::string& key, const std::function<Result<Rows>()>& compute);

    /// What the subqueries being compiled stand on (mv-apply, partition), innermost last.
    std::vector<std::shared_ptr<SubqueryRows>>& subqueryRows() { return m_subqueryRows; }

    /// The latest figures of a scan; called as it goes on, so that progress can be shown.
    void reportScan(const void* scan, const catalog::ScanStatistics& statistics);
    catalog::ScanStatistics scanned() const;

private:
    Options m_options;
    Executor& m_executor;
    MemoryBudget m_memory;
    SpillSpace m_spill;
    mutable std::mutex m_mutex;
    std::map<std::string, Rows> m_shared;
    std::map<const void*, catalog::ScanStatistics> m_scans;
    std::vector<std::shared_ptr<SubqueryRows>> m_subqueryRows;
    std::atomic<bool> m_failed = false;
    std::optional<Error> m_failure; ///< the first of any thread, once m_failed is set
    mutable std::atomic<bool> m_closed = false;
    std::shared_ptr<Leftovers> m_leftovers = std::make_shared<Leftovers>();
};

} // namespace tocsin::kql
