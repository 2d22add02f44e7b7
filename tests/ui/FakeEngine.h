// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/QueryEngine.h"

#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace tocsin::test {

/// Rows of values as a result.
engine::QueryResult makeResult(std::vector<catalog::ColumnSchema> columns, const std::vector<std::vector<Value>>& rows);

/// Answers queries from a table of prepared answers, on a thread of its own as a real engine does. The longest key that the text
/// begins with decides.
class FakeEngine final : public engine::QueryEngine {
public:
    struct Answer {
        engine::QueryResult result;
        std::vector<Error> errors; ///< not empty: the run fails after its rows
        bool hangs = false;        ///< waits for a cancel after its rows
        bool ignoresCancel = false; ///< goes on sending rows for a while after a cancel
        int repeat = 1;            ///< sends the batches this many times
    };

    void answer(std::string textStart, Answer answer) { m_answers[std::move(textStart)] = std::move(answer); }
    std::unique_ptr<engine::QueryHandle> submit(engine::QueryRequest request, engine::ResultSink& sink) override;
    /// What was asked, in order.
    std::vector<engine::QueryRequest> requests() const;
    int finishedRuns() const { return m_finished.load(); }

private:
    class Run;
    mutable std::mutex m_mutex;
    std::map<std::string, Answer> m_answers;
    std::vector<engine::QueryRequest> m_requests;
    std::atomic<int> m_finished{0};
};

} // namespace tocsin::test
