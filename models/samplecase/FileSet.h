// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "samplecase/SampleCase.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::samplecase {

/// The files of the case as they are written, below one folder.
class FileSet {
public:
    explicit FileSet(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Writes one file; makes the folders above it. `path` is relative, with `/`.
    Result<void> write(std::string_view path, std::string_view format, std::uint64_t events, std::string_view content);
    const std::vector<CaseFile>& files() const { return m_files; }

private:
    std::filesystem::path m_folder;
    std::vector<CaseFile> m_files;
};

} // namespace tocsin::samplecase
