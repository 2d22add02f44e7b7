// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Executor.h"
#include "base/Log.h"
#include "store/Workspace.h"

#include <memory>
#include <stop_token>

namespace tocsin::session {

/// Removes what is past its retention and merges small segments of a workspace in the background, one pass at a time. Readers and imports go on meanwhile. Any thread.
class Maintenance {
public:
    /// All must outlive it.
    Maintenance(store::Workspace& workspace, Executor& executor, const Clock& clock, Log& log);
    /// Stops the pass that is under way, which ends between two merges, and waits for it.
    ~Maintenance();

    /// Asks for a pass; while one is under way another follows it, so that nothing stored by now is missed.
    void request();
    /// Waits until no pass is under way or asked for, or until the stop.
    void wait(std::stop_token stop = {});

private:
    struct State;
    static void run(const std::shared_ptr<State>& state);
    std::shared_ptr<State> m_state; ///< shared with the task, which may start after the end of this object
    Executor& m_executor;
};

} // namespace tocsin::session
