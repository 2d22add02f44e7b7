// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "report/IncidentReport.h"

#include <stop_token>

namespace tocsin::session {

class Session;

/// Gathers what a report shows of an incident. Errors: kNoIncident, kCancelled, and what reading the workspace may give; an evidence
/// query that fails is reported in its place.
Result<report::IncidentReport> buildReport(Session& session, std::int64_t number, std::stop_token stop);

} // namespace tocsin::session
