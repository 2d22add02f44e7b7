// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/FakeEngine.h"

#include <chrono>

namespace tocsin::test {

namespace {

constexpr ErrorKind kUnknownQuery{"test.unknown_query", "The table {0} does not exist", "Check its name in the schema."};

} // namespace

engine::QueryResult makeResult(std::vector<catalog::ColumnSchema> columns, const std::vector<std::vector<Value>>& rows)
{
    engine::QueryResult out;
    out.schema.name = "PrimaryResult";
    out.schema.columns = std::move(columns);
    for (std::size_t start = 0; start < rows.size(); start += kBatchRows) {
        const std::size_t end = std::min(rows.size(), start + kBatchRows);
        Batch batch;
        for (std::size_t c = 0; c < out.schema.columns.size(); ++c) {
            VectorBuilder builder(out.schema.columns[c].type);
            for (std::size_t r = start; r < end; ++r)
                rows[r][c].isNull() ? builder.appendNull() : builder.append(rows[r][c]);
            batch.columns.push_back(builder.finish());
        }
        batch.storedRows = end - start;
        out.batches.push_back(std::move(batch));
    }
    return out;
}

class FakeEngine::Run final : public engine::QueryHandle {
public:
    Run(Answer answer, engine::ResultSink& sink, std::atomic<int>& finished)
        : m_thread([answer = std::move(answer), &sink, &finished](std::stop_token stop) {
              engine::QueryOutcome outcome;
              const auto cancelled = [&] { return stop.stop_requested() && !answer.ignoresCancel; };
              sink.schema(answer.result.schema);
              for (int i = 0; i < answer.repeat && !cancelled(); ++i)
                  for (const Batch& batch : answer.result.batches) {
                      outcome.statistics.rows += batch.rows();
                      sink.batch(0, batch);
                  }
              while (answer.hangs && !stop.stop_requested())
                  std::this_thread::sleep_for(std::chrono::milliseconds(2));
              if (answer.ignoresCancel)
                  for (const Batch& batch : answer.result.batches)
                      sink.batch(0, batch);
              outcome.statistics.elapsed = 42 * kTicksPerMillisecond;
              outcome.statistics.scanned.rowsScanned = outcome.statistics.rows * 12;
              outcome.errors = answer.errors;
              outcome.kind = stop.stop_requested() ? engine::QueryOutcome::Kind::Cancelled
                  : answer.errors.empty()          ? engine::QueryOutcome::Kind::Done
                                                   : engine::QueryOutcome::Kind::Failed;
              sink.finished(outcome);
              ++finished;
          })
    {
    }
    void cancel() override { m_thread.request_stop(); }
    void wait() override
    {
        if (m_thread.joinable())
            m_thread.join();
    }

private:
    std::jthread m_thread;
};

std::unique_ptr<engine::QueryHandle> FakeEngine::submit(engine::QueryRequest request, engine::ResultSink& sink)
{
    Answer answer;
    bool known = false;
    {
        const std::lock_guard lock(m_mutex);
        std::size_t longest = 0;
        for (const auto& [start, prepared] : m_answers)
            if (request.text.starts_with(start) && start.size() >= longest) {
                longest = start.size();
                answer = prepared;
                known = true;
            }
        m_requests.push_back(request);
    }
    if (!known) {
        const std::string word = request.text.substr(0, request.text.find_first_of(" \n|"));
        answer.errors.push_back(makeError(kUnknownQuery, word).at({0, word.size()}));
    }
    return std::make_unique<Run>(std::move(answer), sink, m_finished);
}

std::vector<engine::QueryRequest> FakeEngine::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

} // namespace tocsin::test
