// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ExternalFiles.h"

#include <algorithm>
#include <fstream>

namespace tocsin::engine {
namespace {

namespace fs = std::filesystem;

/// The file behind an address, if it is one in the folder.
std::optional<fs::path> fileIn(const fs::path& folder, std::string_view address)
{
    constexpr std::string_view kScheme = "file://";
    if (address.starts_with(kScheme))
        address.remove_prefix(kScheme.size());
    if (address.empty() || address.find("://") != std::string_view::npos)
        return std::nullopt;
    std::error_code trouble;
    const fs::path root = fs::canonical(folder, trouble);
    if (trouble)
        return std::nullopt;
    const fs::path file = fs::canonical(root / fs::path(std::string(address)), trouble);
    if (trouble || !fs::is_regular_file(file, trouble) || trouble)
        return std::nullopt;
    const auto [rootEnd, fileAt] = std::mismatch(root.begin(), root.end(), file.begin(), file.end());
    return rootEnd == root.end() ? std::optional(file) : std::nullopt;
}

} // namespace

kql::ExternalReader filesOf(fs::path folder, std::uint64_t maximumBytes)
{
    return [folder = std::move(folder), maximumBytes](const std::string& address) -> Result<std::string> {
        const auto file = fileIn(folder, address);
        if (!file)
            return fail(kNotInFolder, address, folder.string());
        std::error_code trouble;
        const std::uint64_t size = fs::file_size(*file, trouble);
        if (trouble)
            return fail(kNotInFolder, address, folder.string());
        if (size > maximumBytes)
            return fail(kExternalSize, address, std::to_string(maximumBytes >> 20));
        std::ifstream stream(*file, std::ios::binary);
        std::string text(size, '\0');
        stream.read(text.data(), static_cast<std::streamsize>(size));
        text.resize(static_cast<std::size_t>(stream.gcount()));
        return text;
    };
}

} // namespace tocsin::engine
