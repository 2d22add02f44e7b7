// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Workspace.h"

#include <filesystem>
#include <vector>

namespace tocsin::session {

inline constexpr ErrorKind kNotAFolder{"session.not_a_folder", "'{0}' is not a folder", "Name a folder that exists."};
inline constexpr ErrorKind kNotAllowed{"session.not_allowed", "Queries may not read '{0}' as it is", "Name a folder as the settings list it."};

/// Settings that belong to a workspace rather than to a user: a name and a JSON value each, in the workspace's table `setting`.
class SettingStore {
public:
    static Result<void> prepare(store::Workspace& workspace);

    /// The folders whose files queries may read; none unless the user allowed some.
    static Result<std::vector<std::filesystem::path>> externalFolders(const store::Workspace& workspace);
    static Result<void> setExternalFolders(store::Workspace& workspace, const std::vector<std::filesystem::path>& folders);

    /// The files whose rows are shown with those of the workspace.
    static Result<std::vector<std::filesystem::path>> attachedFiles(const store::Workspace& workspace);
    static Result<void> setAttachedFiles(store::Workspace& workspace, const std::vector<std::filesystem::path>& files);
};

/// Each folder as an absolute path without links and dots; kNotAFolder for what is none.
Result<std::vector<std::filesystem::path>> resolvedFolders(const std::vector<std::filesystem::path>& folders);

} // namespace tocsin::session
