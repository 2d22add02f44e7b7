// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "catalog/TableSchema.h"
#include "column/Batch.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace tocsin::engine {

/// A half-open period of TimeGenerated: [from, to).
struct TimeRange {
    Ticks from = kMinDateTime;
    Ticks to = kMaxDateTime;
    bool operator==(const TimeRange&) const = default;
};

/// Limits are errors when passed, never a silent cut. 0 means no limit.
struct QueryLimits {
    std::uint64_t resultRows = 500'000;
    std::uint64_t resultBytes = 64ULL * 1024 * 1024;
    std::uint64_t memoryBytes = 0; ///< 0: a quarter of the machine, at least 1 GB
    std::uint64_t spillBytes = 64ULL * 1024 * 1024 * 1024; ///< temporary disk space for what does not fit into the memory
    Ticks time = 4 * kTicksPerMinute;
};

struct QueryRequest {
    std::string text;
    std::map<std::string, std::string> parameters; ///< values of `declare query_parameters`, as KQL literals or plain text
    std::optional<TimeRange> timespan;              ///< bounds TimeGenerated of every table that has it
    std::optional<Ticks> now;                       ///< what now() says; the engine's clock if absent
    std::optional<std::uint64_t> seed;              ///< of rand() and sample
    QueryLimits limits;
    unsigned threads = 0; ///< 0: as many as the executor has
};

/// What `render` asked for: the chart kind and its properties by name.
struct Visualization {
    std::string kind; ///< "table", "timechart", "barchart", …; empty without render
    std::map<std::string, std::string> properties;
};

struct ResultSchema {
    std::size_t result = 0; ///< a query may give several results (fork, facet, several statements)
    std::string name;       ///< of an `as` or fork branch; else "PrimaryResult"
    std::vector<catalog::ColumnSchema> columns;
    Visualization visualization;
};

struct QueryProgress {
    std::uint64_t rowsScanned = 0;
    std::uint64_t segmentsScanned = 0;
    std::uint64_t segmentsTotal = 0;
};

struct QueryStatistics {
    QueryProgress scanned;
    std::uint64_t bytesScanned = 0;
    std::uint64_t rows = 0;
    std::uint64_t peakMemoryBytes = 0;
    std::uint64_t peakSpillBytes = 0; ///< of temporary files
    Ticks elapsed = 0;
};

/// How a query ended. A partial result is a failure, never a short answer.
struct QueryOutcome {
    enum class Kind { Done, Cancelled, Failed };
    Kind kind = Kind::Done;
    std::vector<Error> errors;   ///< for Failed: at least one, the first is the cause; each with a position where there is one
    std::vector<Error> warnings; ///< costly or suspicious spots, with positions
    QueryStatistics statistics;
};

/// Receives one run's results. Calls come one at a time, from worker threads; schema before batches, `finished` exactly once and last.
class ResultSink {
public:
    virtual ~ResultSink() = default;
    virtual void schema(const ResultSchema& schema) = 0;
    /// Without selection. Rows of one result come in the query's order.
    virtual void batch(std::size_t result, Batch batch) = 0;
    virtual void progress(const QueryProgress& progress) = 0;
    virtual void finished(const QueryOutcome& outcome) = 0;
};

/// A run in progress. Destroying the handle cancels and waits.
class QueryHandle {
public:
    virtual ~QueryHandle() = default;
    /// Returns at once; `finished` follows within 100 ms.
    virtual void cancel() = 0;
    virtual void wait() = 0;
};

/// Everything that asks a question (grid, charts, rules, reports, command line, server) asks through this.
class QueryEngine {
public:
    virtual ~QueryEngine() = default;
    /// Starts a run. The sink must outlive the handle. Any thread.
    virtual std::unique_ptr<QueryHandle> submit(QueryRequest request, ResultSink& sink) = 0;
};

/// A whole result in memory.
struct QueryResult {
    ResultSchema schema;
    std::vector<Batch> batches;

    std::size_t rows() const;
    /// A cell; the row counts over all batches.
    Value at(std::size_t row, std::size_t column) const;
};

struct QueryAnswer {
    std::vector<QueryResult> results;
    QueryOutcome outcome;
};

/// Runs a query and waits; a stop cancels it. The answer has the results even if they are incomplete; look at the outcome.
QueryAnswer runQuery(QueryEngine& engine, QueryRequest request, std::stop_token stop = {});
/// The first result of a run that must succeed.
Result<QueryResult> runForResult(QueryEngine& engine, QueryRequest request, std::stop_token stop = {});

} // namespace tocsin::engine
