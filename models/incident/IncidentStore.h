// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "incident/Fusion.h"
#include "incident/Incident.h"
#include "store/Workspace.h"

#include <functional>
#include <vector>

namespace tocsin::incident {

inline constexpr ErrorKind kNoIncident{"incident.unknown", "There is no incident {0}", "List the incidents to see their numbers."};

/// The incidents of a workspace. Each change adds a row, so KQL sees the history in `SecurityIncident`; the last row by number counts.
class IncidentStore {
public:
    static Result<IncidentStore> open(store::Workspace& workspace, const Clock& clock);

    /// Brings the incidents in line with the fused alerts: a cluster that shares alerts with an open incident continues it (the one it
    /// shares most with), others become new incidents. What an analyst set (status, owner, comments) stays. Gives the numbers touched.
    Result<std::vector<std::int64_t>> reconcile(const std::vector<detect::Alert>& alerts, const std::vector<Cluster>& clusters);

    Result<std::vector<Incident>> all() const;
    Result<Incident> find(std::int64_t number) const;
    /// Changes one incident and adds the row. `author` is kept as ModifiedBy.
    Result<Incident> change(std::int64_t number, const std::string& author, const std::function<void(Incident&)>& edit);

private:
    IncidentStore(store::Workspace& workspace, const Clock& clock) : m_workspace(&workspace), m_clock(&clock) {}
    store::Workspace* m_workspace;
    const Clock* m_clock;
};

} // namespace tocsin::incident
