// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Maintenance.h"

#include "store/maintenance/RetentionRules.h"

#include <condition_variable>
#include <mutex>

namespace tocsin::session {

struct Maintenance::State {
    State(store::Workspace& workspace, const Clock& clock, Log& log) : workspace(workspace), clock(clock), log(log) {}

    store::Workspace& workspace; ///< only used while `ended` is false
    const Clock& clock;
    Log& log;
    std::stop_source stop;
    std::mutex mutex; ///< guards all below
    std::condition_variable_any idle;
    bool posted = false;  ///< a task is queued or running
    bool running = false; ///< it is using the workspace
    bool again = false;
    bool ended = false;
};

Maintenance::Maintenance(store::Workspace& workspace, Executor& executor, const Clock& clock, Log& log) : m_state(std::make_shared<State>(workspace, clock, log)), m_executor(executor) {}

Maintenance::~Maintenance()
{
    m_state->stop.request_stop();
    std::unique_lock lock(m_state->mutex);
    m_state->ended = true;
    m_state->idle.wait(lock, [this] { return !m_state->running; });
}

void Maintenance::request()
{
    if (m_state->workspace.isReadOnly())
        return;
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->again = true;
        if (std::exchange(m_state->posted, true))
            return;
    }
    m_executor.post([state = m_state] { run(state); }, TaskPriority::Background);
}

void Maintenance::wait(std::stop_token stop)
{
    std::unique_lock lock(m_state->mutex);
    m_state->idle.wait(lock, stop, [this] { return !m_state->posted; });
}

void Maintenance::run(const std::shared_ptr<State>& state)
{
    std::unique_lock lock(state->mutex);
    while (!state->ended && std::exchange(state->again, false)) {
        state->running = true;
        lock.unlock();
        if (const Result<std::uint64_t> dropped = store::applyRetention(state->workspace, state->clock.now()); !dropped)
            state->log.warn("old segments could not be removed: {}", errorMessage(dropped.error()));
        const Result<store::CompactionResult> result = state->workspace.compact(state->stop.get_token());
        if (!result && result.error().kind != &kCancelled)
            state->log.warn("small segments could not be merged: {}", errorMessage(result.error()));
        lock.lock();
        state->running = false;
        state->idle.notify_all();
    }
    state->posted = false;
    state->idle.notify_all();
}

} // namespace tocsin::session
