// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ExternalFiles.h"

#include "kql/functions/support/Encoding.h"

#include <algorithm>
#include <fstream>

namespace tocsin::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFileScheme = "file://";
constexpr std::string_view kGzipMark = "\x1f\x8b";

/// An address as an error may show it: without the keys that storage addresses carry behind `?` and `;`.
std::string shown(std::string_view address) { return std::string(address.substr(0, address.find_first_of("?;"))); }

bool isBelow(const fs::path& root, const fs::path& path) { return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end(); }

/// What `path` names, if it is in the folder once all links and dots are followed.
std::optional<fs::path> pathIn(const fs::path& folder, const fs::path& path)
{
    std::error_code trouble;
    const fs::path root = fs::canonical(folder, trouble);
    if (trouble)
        return std::nullopt;
    const fs::path found = fs::canonical(root / path, trouble);
    return !trouble && isBelow(root, found) ? std::optional(found) : std::nullopt;
}

std::string namesOf(const std::vector<fs::path>& folders)
{
    std::string names;
    for (const fs::path& folder : folders)
        names += (names.empty() ? "'" : ", '") + folder.string() + "'";
    return names;
}

} // namespace

void ExternalFiles::allow(std::vector<fs::path> folders)
{
    const std::lock_guard lock(m_mutex);
    m_folders = std::move(folders);
}

std::vector<fs::path> ExternalFiles::folders() const
{
    const std::lock_guard lock(m_mutex);
    return m_folders;
}

Result<fs::path> ExternalFiles::find(const std::string& address) const
{
    std::string_view path = address;
    if (path.starts_with(kFileScheme))
        path.remove_prefix(kFileScheme.size());
    if (path.find("://") != std::string_view::npos)
        return fail(kExternalNetwork, shown(address));
    const std::vector<fs::path> allowed = folders();
    if (allowed.empty())
        return fail(kExternalOff, shown(address));
    if (!path.empty() && path.find('\0') == std::string_view::npos)
        for (const fs::path& folder : allowed)
            if (auto found = pathIn(folder, fs::path(std::string(path))))
                return *std::move(found);
    return fail(kNotInFolder, shown(address), namesOf(allowed));
}

Result<std::string> ExternalFiles::read(const std::string& address) const
{
    TOCSIN_TRY_ASSIGN(const fs::path file, find(address));
    std::error_code trouble;
    const bool regular = fs::is_regular_file(file, trouble); // a device or a pipe might never end
    const std::uint64_t size = regular ? fs::file_size(file, trouble) : 0;
    if (!regular || trouble)
        return fail(kNotInFolder, shown(address), namesOf(folders()));
    if (size > m_maximumBytes)
        return fail(kExternalSize, shown(address), std::to_string(m_maximumBytes >> 20));
    std::ifstream stream(file, std::ios::binary);
    std::string text(size, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(size));
    if (!stream.is_open() || static_cast<std::uint64_t>(stream.gcount()) != size)
        return fail(kFileUnreadable, shown(address), "it cannot be read");
    if (!text.starts_with(kGzipMark))
        return text;
    auto unpacked = kql::decompressBytes(text, kql::CompressionFormat::Gzip, m_maximumBytes);
    if (!unpacked)
        return fail(kExternalPacked, shown(address));
    return *std::move(unpacked);
}

Result<std::vector<kql::ExternalSource::Item>> ExternalFiles::list(const std::string& address) const
{
    TOCSIN_TRY_ASSIGN(const fs::path top, find(address));
    std::vector<Item> items;
    const auto add = [&](const fs::path& file) {
        std::error_code trouble;
        const auto written = fs::last_write_time(file, trouble);
        if (!trouble)
            items.push_back({file.string(), file.filename().string(), written.time_since_epoch().count()});
    };
    std::error_code trouble;
    if (fs::is_regular_file(top, trouble))
        add(top);
    for (fs::recursive_directory_iterator it(top, fs::directory_options::skip_permission_denied, trouble), end; !trouble && it != end; it.increment(trouble)) {
        std::error_code unknown;
        if (!it->is_symlink(unknown) && it->is_regular_file(unknown))
            add(it->path());
    }
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.address < b.address; });
    return items;
}

} // namespace tocsin::engine
