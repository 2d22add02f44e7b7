// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/QueryEngine.h"
#include "items/Async.h"

#include <QObject>

namespace tocsin::items {

/// Runs one query at a time for a view and brings its results to the window's thread: at most one delivery in 50 ms, a bounded queue
/// (the engine waits when the window does not keep up), nothing from a run that was replaced or cancelled.
class QueryRunner final : public QObject {
    Q_OBJECT
public:
    explicit QueryRunner(engine::QueryEngine& engine, QObject* parent = nullptr);
    ~QueryRunner() override;

    /// Starts a run; one still in progress is cancelled and forgotten. Returns the run's number.
    int run(engine::QueryRequest request);
    /// Ends the run at once for the view; the engine stops soon after.
    void cancel();
    bool isRunning() const { return m_current != nullptr; }
    int runNumber() const { return m_run; }

Q_SIGNALS:
    void started(int run);
    /// Another result of this run begins.
    void schemaArrived(const tocsin::engine::ResultSchema& schema);
    void batchesArrived(std::size_t result, const std::vector<tocsin::Batch>& batches);
    void progressed(const tocsin::engine::QueryProgress& progress);
    /// Exactly one of these three ends a run that was not replaced.
    void finished(const tocsin::engine::QueryOutcome& outcome);
    void failed(const tocsin::engine::QueryOutcome& outcome);
    void cancelled();

private:
    class Run;
    void deliver(std::shared_ptr<Run> run);
    void retire();

    engine::QueryEngine& m_engine;
    Mailbox m_mailbox;
    std::shared_ptr<Run> m_current;
    std::vector<std::shared_ptr<Run>> m_retired; ///< cancelled, but the engine has not ended them yet
    int m_run = 0;
};

} // namespace tocsin::items
