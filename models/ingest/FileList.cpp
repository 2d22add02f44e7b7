// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/Importer.h"

#include <algorithm>

namespace tocsin::ingest {

namespace {

/// Links to folders are not followed: they may lead in a circle.
void addFolder(const std::filesystem::path& folder, std::vector<std::filesystem::path>& files, int depth)
{
    constexpr int kMaxDepth = 64;
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    if (error || depth > kMaxDepth) {
        files.push_back(folder); // opening it as a file then says why it cannot be read
        return;
    }
    std::vector<std::filesystem::path> sorted;
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error))
        if (!entries->path().filename().string().starts_with('.'))
            sorted.push_back(entries->path());
    std::ranges::sort(sorted);
    for (const std::filesystem::path& path : sorted) {
        const auto status = std::filesystem::symlink_status(path, error);
        if (std::filesystem::is_directory(status))
            addFolder(path, files, depth + 1);
        else if (std::filesystem::is_regular_file(path, error))
            files.push_back(path);
    }
}

} // namespace

std::vector<std::filesystem::path> listFiles(const std::vector<std::filesystem::path>& paths)
{
    std::vector<std::filesystem::path> files;
    for (const std::filesystem::path& path : paths) {
        std::error_code error;
        if (std::filesystem::is_directory(path, error))
            addFolder(path, files, 0);
        else
            files.push_back(path);
    }
    return files;
}

} // namespace tocsin::ingest
