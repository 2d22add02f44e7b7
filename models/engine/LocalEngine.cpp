// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/LocalEngine.h"

#include "engine/ResultLimit.h"
#include "kql/bind/Binder.h"
#include "kql/bind/OpenPlugins.h"
#include "kql/exec/Compile.h"
#include "kql/exec/Subquery.h"
#include "kql/plan/Optimizer.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <new>

namespace tocsin::engine {

struct LocalEngine::Parts {
    const catalog::Catalog& catalog;
    const kql::FunctionRegistry& functions;
    Executor& executor;
    const Clock& clock;
    Log& log;
    std::shared_ptr<const kql::ExternalSource> external;
    std::filesystem::path temporary;
};

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

Ticks since(SteadyTime start)
{
    return std::chrono::duration_cast<std::chrono::duration<Ticks, std::ratio<1, kTicksPerSecond>>>(std::chrono::steady_clock::now() - start).count();
}

/// A quarter of the machine's memory, at least 1 GB.
std::uint64_t defaultMemory()
{
    const auto pages = static_cast<std::uint64_t>(std::max(0L, sysconf(_SC_PHYS_PAGES)));
    const auto pageBytes = static_cast<std::uint64_t>(std::max(0L, sysconf(_SC_PAGESIZE)));
    return std::max(std::uint64_t{1} << 30, pages * pageBytes / 4);
}

/// Passes the batches of one result on and counts the limits.
class Delivery {
public:
    Delivery(ResultSink& sink, std::size_t result, const QueryLimits& limits, kql::Run& run) : m_sink(sink), m_result(result), m_limits(limits), m_run(run) {}

    Result<void> add(Batch batch)
    {
        Batch compact = batch.compacted();
        m_rows += compact.storedRows;
        m_bytes += kql::ownBytes(compact);
        if (m_limits.resultRows && m_rows > m_limits.resultRows)
            return fail(kRowLimit, std::to_string(m_limits.resultRows));
        if (m_limits.resultBytes && m_bytes > m_limits.resultBytes)
            return fail(kByteLimit, std::to_string(m_limits.resultBytes >> 20));
        m_sink.batch(m_result, std::move(compact));
        const catalog::ScanStatistics scanned = m_run.scanned();
        m_sink.progress({scanned.rowsRead, scanned.segmentsRead, scanned.segmentsTotal});
        return {};
    }
    std::uint64_t rows() const { return m_rows; }

private:
    ResultSink& m_sink;
    std::size_t m_result;
    const QueryLimits& m_limits;
    kql::Run& m_run;
    std::uint64_t m_rows = 0;
    std::uint64_t m_bytes = 0;
};

} // namespace

/// One run: from text to the end.
class LocalRun {
public:
    LocalRun(const catalog::Catalog& catalog, const kql::FunctionRegistry& functions, Executor& executor, const Clock& clock, Log& log, std::shared_ptr<const kql::ExternalSource> external, std::filesystem::path temporary, QueryRequest request, ResultSink& sink)
        : m_catalog(catalog), m_functions(functions), m_executor(executor), m_clock(clock), m_log(log), m_external(std::move(external)), m_temporary(std::move(temporary)), m_request(std::move(request)), m_sink(sink) {}

    void execute()
    {
        const SteadyTime start = std::chrono::steady_clock::now();
        QueryOutcome outcome;
        Result<void> result = guarded(outcome, start);
        outcome.statistics.elapsed = since(start);
        if (!result) {
            Error error = std::move(result).error();
            outcome.kind = error.kind == &kCancelled ? QueryOutcome::Kind::Cancelled : QueryOutcome::Kind::Failed;
            if (outcome.kind == QueryOutcome::Kind::Failed && outcome.errors.empty())
                outcome.errors.push_back(std::move(error));
        }
        m_log.debug("query ended in {} ms with {} rows", outcome.statistics.elapsed / kTicksPerMillisecond, outcome.statistics.rows);
        m_sink.finished(outcome);
    }
    /// Frees what the run has left, after its end.
    void tidy() { m_leftovers.reset(); }
    void cancel() { m_stop.request_stop(); }

private:
    /// The one place where running out of memory becomes a failure of the query instead of the program.
    Result<void> guarded(QueryOutcome& outcome, SteadyTime start)
    {
        try {
            return run(outcome, start);
        } catch (const std::bad_alloc&) {
            return fail(kql::kMemoryLimit, std::to_string(memoryLimit() >> 20));
        }
    }
    std::uint64_t memoryLimit() const { return m_request.limits.memoryBytes ? m_request.limits.memoryBytes : defaultMemory(); }

    kql::Run::Options runOptions(const catalog::Snapshot& snapshot, SteadyTime start) const
    {
        kql::Run::Options options;
        options.now = m_request.now.value_or(m_clock.now());
        options.seed = m_request.seed.value_or(static_cast<std::uint64_t>(options.now));
        options.threads = m_request.threads ? m_request.threads : m_executor.concurrency();
        options.memoryBytes = memoryLimit();
        options.databaseName = snapshot.databaseName();
        if (m_request.timespan)
            options.timespan = {m_request.timespan->from, m_request.timespan->to};
        options.stop = m_stop.get_token();
        options.external = m_external;
        options.spill.folder = m_temporary;
        options.spill.limitBytes = m_request.limits.spillBytes;
        if (const Ticks limit = m_request.limits.time)
            options.deadline = [start, limit]() -> std::optional<Error> {
                return since(start) > limit ? std::optional(makeError(kql::kTimeLimit, formatTimeSpan(limit))) : std::nullopt;
            };
        return options;
    }

    /// The bound text; where plugins give columns that depend on the data, their inputs run first and the text is bound again.
    Result<kql::BoundQuery> bind(const catalog::Snapshot& snapshot, kql::Run& run, QueryOutcome& outcome) const
    {
        kql::BindOptions options{m_request.parameters, {}};
        for (;;) {
            kql::BoundQuery bound = kql::bindQuery(m_request.text, snapshot, m_functions, options);
            if (!bound.ok()) {
                outcome.errors = std::move(bound.errors);
                return std::unexpected(outcome.errors.front());
            }
            const auto open = std::find_if(bound.openPlugins.begin(), bound.openPlugins.end(), [](const kql::OpenPlugin& p) { return !kql::standsOnSubqueryRows(*p.discovery); });
            if (open == bound.openPlugins.end()) {
                outcome.warnings = std::move(bound.warnings);
                return bound;
            }
            TOCSIN_TRY_ASSIGN(const kql::OperatorPtr op, kql::compile(open->discovery, run));
            TOCSIN_TRY(op->prepare(run));
            kql::MemoryShare memory(run.memory());
            TOCSIN_TRY_ASSIGN(std::vector<Batch> rows, kql::collect(*op, run, memory));
            options.discoveredColumns.insert_or_assign(open->place, kql::discoverColumns(*open, rows, m_stop.get_token()));
            run.leave(std::move(rows));
            TOCSIN_TRY(run.checkStop());
        }
    }

    Result<void> run(QueryOutcome& outcome, SteadyTime start)
    {
        m_request.limits.resultRows = resultLimit(m_request.text, m_request.limits.resultRows);
        TOCSIN_TRY_ASSIGN(const auto snapshot, m_catalog.snapshot());
        kql::Run run(runOptions(*snapshot, start), m_executor);
        m_leftovers = run.leftovers();
        TOCSIN_TRY_ASSIGN(kql::BoundQuery bound, bind(*snapshot, run, outcome));
        kql::optimize(bound, {run.options().now, run.options().databaseName}); // together: results may share parts
        for (std::size_t i = 0; i < bound.results.size(); ++i) {
            const bool last = i + 1 == bound.results.size();
            Result<void> result = runOne(bound.results[i], i, last, run, outcome);
            const catalog::ScanStatistics scanned = run.scanned();
            outcome.statistics.scanned = {scanned.rowsRead, scanned.segmentsRead, scanned.segmentsTotal};
            outcome.statistics.bytesScanned = scanned.bytesRead;
            outcome.statistics.peakMemoryBytes = run.memory().peak();
            outcome.statistics.peakSpillBytes = run.spill().peak();
            TOCSIN_TRY(result);
        }
        return {};
    }

    Result<void> runOne(const kql::BoundResult& bound, std::size_t index, bool last, kql::Run& run, QueryOutcome& outcome)
    {
        ResultSchema schema;
        schema.result = index;
        schema.name = bound.name;
        schema.visualization = {bound.visualization, bound.visualizationProperties};
        for (const kql::PlanColumn& column : bound.plan->columns)
            schema.columns.push_back({column.name, column.type, {}});
        m_sink.schema(schema);
        TOCSIN_TRY_ASSIGN(const kql::OperatorPtr op, kql::compile(bound.plan, run));
        TOCSIN_TRY(op->prepare(run));
        Delivery delivery(m_sink, index, m_request.limits, run);
        Result<void> result = kql::drainInOrder(*op, run, [&](Batch batch) -> Result<bool> {
            TOCSIN_TRY(delivery.add(std::move(batch)));
            return true;
        });
        outcome.statistics.rows += delivery.rows();
        if (last || !result)
            run.close();
        return result;
    }

    const catalog::Catalog& m_catalog;
    const kql::FunctionRegistry& m_functions;
    Executor& m_executor;
    const Clock& m_clock;
    Log& m_log;
    std::shared_ptr<const kql::ExternalSource> m_external;
    std::filesystem::path m_temporary;
    QueryRequest m_request;
    ResultSink& m_sink;
    std::stop_source m_stop;
    std::shared_ptr<kql::Leftovers> m_leftovers;
};

namespace {

/// A run and whoever executes it: a pool thread or, when none has come to it yet, the one that waits for it. So a pool thread may wait
/// for a query of its own without the pool ever standing still, however small it is.
class Attempt {
public:
    explicit Attempt(std::shared_ptr<LocalRun> run) : m_run(std::move(run)) {}

    void execute()
    {
        {
            const std::lock_guard lock(m_mutex);
            if (std::exchange(m_taken, true))
                return;
        }
        m_run->execute();
        {
            const std::lock_guard lock(m_mutex);
            m_done = true;
            m_ended.notify_all();
        }
        m_run->tidy(); // nobody waits for this
    }
    void wait()
    {
        execute();
        std::unique_lock lock(m_mutex);
        m_ended.wait(lock, [this] { return m_done; });
    }
    void cancel() { m_run->cancel(); }

private:
    std::shared_ptr<LocalRun> m_run;
    std::mutex m_mutex;
    std::condition_variable m_ended;
    bool m_taken = false;
    bool m_done = false;
};

class LocalHandle final : public QueryHandle {
public:
    explicit LocalHandle(std::shared_ptr<Attempt> attempt) : m_attempt(std::move(attempt)) {}
    ~LocalHandle() override
    {
        cancel();
        wait();
    }
    void cancel() override { m_attempt->cancel(); }
    void wait() override { m_attempt->wait(); }

private:
    std::shared_ptr<Attempt> m_attempt;
};

} // namespace

LocalEngine::LocalEngine(const catalog::Catalog& catalog, const kql::FunctionRegistry& functions, Executor& executor, const Clock& clock, Log& log, std::shared_ptr<const kql::ExternalSource> external, std::filesystem::path temporary)
    : m_parts(std::make_shared<const Parts>(Parts{catalog, functions, executor, clock, log, std::move(external), std::move(temporary)}))
{
}

std::unique_ptr<QueryHandle> LocalEngine::submit(QueryRequest request, ResultSink& sink)
{
    auto run = std::make_shared<LocalRun>(m_parts->catalog, m_parts->functions, m_parts->executor, m_parts->clock, m_parts->log, m_parts->external, m_parts->temporary, std::move(request), sink);
    auto attempt = std::make_shared<Attempt>(std::move(run));
    m_parts->executor.post([attempt] { attempt->execute(); });
    return std::make_unique<LocalHandle>(std::move(attempt));
}

} // namespace tocsin::engine
