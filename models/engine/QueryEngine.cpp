// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/QueryEngine.h"

namespace tocsin::engine {
namespace {

/// Keeps everything a run hands out.
class CollectingSink final : public ResultSink {
public:
    void schema(const ResultSchema& schema) override
    {
        if (answer.results.size() <= schema.result)
            answer.results.resize(schema.result + 1);
        answer.results[schema.result].schema = schema;
    }
    void batch(std::size_t result, Batch batch) override { answer.results[result].batches.push_back(std::move(batch)); }
    void progress(const QueryProgress&) override {}
    void finished(const QueryOutcome& outcome) override { answer.outcome = outcome; }

    QueryAnswer answer;
};

} // namespace

std::size_t QueryResult::rows() const
{
    std::size_t count = 0;
    for (const Batch& batch : batches)
        count += batch.rows();
    return count;
}

Value QueryResult::at(std::size_t row, std::size_t column) const
{
    for (const Batch& batch : batches) {
        if (row < batch.rows())
            return batch.columns[column].valueAt(batch.selection ? (*batch.selection)[row] : row);
        row -= batch.rows();
    }
    return Value::null(schema.columns[column].type);
}

QueryAnswer runQuery(QueryEngine& engine, QueryRequest request, std::stop_token stop)
{
    CollectingSink sink;
    const std::unique_ptr<QueryHandle> handle = engine.submit(std::move(request), sink);
    const std::stop_callback cancel(std::move(stop), [&handle] { handle->cancel(); });
    handle->wait();
    return std::move(sink.answer);
}

Result<QueryResult> runForResult(QueryEngine& engine, QueryRequest request, std::stop_token stop)
{
    QueryAnswer answer = runQuery(engine, std::move(request), std::move(stop));
    switch (answer.outcome.kind) {
    case QueryOutcome::Kind::Done:
        if (answer.results.empty())
            return QueryResult{};
        return std::move(answer.results.front());
    case QueryOutcome::Kind::Cancelled: return fail(kCancelled);
    case QueryOutcome::Kind::Failed: break;
    }
    return std::unexpected(answer.outcome.errors.empty() ? makeError(kInternal, "the query failed without a reason") : answer.outcome.errors.front());
}

} // namespace tocsin::engine
