// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/Session.h"

#include <functional>
#include <string>

namespace tocsin::session {

struct DemoResult {
    ingest::ImportSummary import;
    DetectionSummary detection;
};

/// Makes the sample case in a temporary folder, imports its logs and inventory and runs the rules. A second time adds nothing.
/// `step` is told what is being done; it may be called from any thread.
Result<DemoResult> fillWithDemoCase(Session& session, const std::function<void(const std::string&)>& step, std::stop_token stop);

} // namespace tocsin::session
