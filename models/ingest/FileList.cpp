// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/Importer.h"

#include "ingest/readers/ResourceId.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {

namespace {

/// Links to folders are not followed: they may lead in a circle.
void addFolder(const std::filesystem::path& folder, std::vector<FoundFile>& files, int depth)
{
    constexpr int kMaxDepth = 64;
    std::error_code error;
    std::filesystem::directory_iterator entries(folder, error);
    if (error || depth > kMaxDepth) {
        files.push_back({folder, true}); // opening it as a file then says why it cannot be read
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
            files.push_back({path, false});
    }
}

} // namespace

std::vector<FoundFile> findFiles(const std::vector<std::filesystem::path>& paths)
{
    std::vector<FoundFile> files;
    for (const std::filesystem::path& path : paths) {
        std::error_code error;
        if (std::filesystem::is_directory(path, error))
            addFolder(path, files, 0);
        else
            files.push_back({path, true});
    }
    return files;
}

std::vector<std::filesystem::path> listFiles(const std::vector<std::filesystem::path>& paths)
{
    std::vector<std::filesystem::path> files;
    for (FoundFile& file : findFiles(paths))
        files.push_back(std::move(file.path));
    return files;
}

bool isPlainlyNoLog(const std::filesystem::path& path)
{
    static constexpr std::array<std::string_view, 7> kNotes{"readme", "license", "licence", "copying", "notice", "changelog", "authors"};
    static constexpr std::array<std::string_view, 16> kEndings{".md", ".rst", ".adoc", ".html", ".htm", ".pdf", ".docx", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".webp", ".ico", ".tiff"};
    const std::string stem = lowerAscii(path.stem().string());
    const std::string ending = lowerAscii(path.extension().string());
    const bool note = (ending.empty() || ending == ".txt") && std::ranges::find(kNotes, stem) != kNotes.end();
    return note || std::ranges::find(kEndings, ending) != kEndings.end();
}

} // namespace tocsin::ingest
