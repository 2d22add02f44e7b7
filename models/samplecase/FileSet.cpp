// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/FileSet.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

namespace tocsin::samplecase {

Result<void> FileSet::write(std::string_view path, std::string_view format, std::uint64_t events, std::string_view content)
{
    const std::filesystem::path target = m_folder / std::filesystem::path(path);
    std::error_code failure;
    std::filesystem::create_directories(target.parent_path(), failure);
    if (failure)
        return fail(kFileUnwritable, target.parent_path().string(), failure.message());
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(target.c_str(), "wb"), &std::fclose);
    if (!file)
        return fail(kFileUnwritable, target.string(), std::strerror(errno));
    const bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size() && std::fflush(file.get()) == 0;
    if (!written)
        return fail(kFileUnwritable, target.string(), std::strerror(errno));
    m_files.push_back({std::string(path), std::string(format), events, content.size()});
    return {};
}

} // namespace tocsin::samplecase
