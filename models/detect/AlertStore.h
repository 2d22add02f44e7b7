// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/Alert.h"
#include "store/Workspace.h"

#include <vector>

namespace tocsin::detect {

/// The alerts of a workspace: ordinary rows, asked in KQL as `SecurityAlert`.
class AlertStore {
public:
    /// Makes the tables and shows `SecurityAlert` to queries. On a read-only workspace the tables must be there already.
    static Result<AlertStore> open(store::Workspace& workspace);

    /// Adds alerts in one transaction; one whose id is known is left alone. Gives how many were new.
    Result<std::uint64_t> add(const std::vector<Alert>& alerts);
    /// All alerts, by start time.
    Result<std::vector<Alert>> all() const;
    Result<std::vector<Alert>> withIds(const std::vector<std::string>& ids) const;
    Result<void> clear();

private:
    explicit AlertStore(store::Workspace& workspace) : m_workspace(&workspace) {}
    store::Workspace* m_workspace;
};

} // namespace tocsin::detect
