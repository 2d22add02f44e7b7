// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <filesystem>

namespace tocsin::store {

/// Keeps a second program (or a second Workspace) from writing the same file: a lock on the file `<workspace>-lock` beside it, which the
/// system takes back when the program dies. A lock on the database file itself would interfere with SQLite's own.
class WriterLock {
public:
    /// kLocked if somebody else has it.
    static Result<WriterLock> acquire(const std::filesystem::path& workspace);
    ~WriterLock();
    WriterLock(WriterLock&& other) noexcept;
    WriterLock& operator=(WriterLock&& other) noexcept;

private:
    WriterLock(std::filesystem::path file, int descriptor) : m_file(std::move(file)), m_descriptor(descriptor) {}
    std::filesystem::path m_file;
    int m_descriptor = -1;
};

} // namespace tocsin::store
