// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"
#include "kql/exec/ExternalSource.h"

#include <filesystem>
#include <mutex>

namespace tocsin::engine {

inline constexpr ErrorKind kExternalOff{"query.external_off", "Queries may not read files here, and '{0}' is one", "Allow its folder: tocsin settings --allow-external, or --allow-external of the command."};
inline constexpr ErrorKind kExternalNetwork{"query.external_network", "'{0}' is an address of the network, and queries read local files only", "Put the file into an allowed folder and name it by its path there."};
inline constexpr ErrorKind kNotInFolder{"query.external_outside", "'{0}' is not a file in a folder that queries may read", "Put the file into one of {1} and name it by its path there."};
inline constexpr ErrorKind kExternalSize{"query.external_size", "'{0}' is larger than {1} MB", "Import it as a table."};
inline constexpr ErrorKind kExternalPacked{"query.external_packed", "'{0}' is not packed as gzip packs", "Unpack the file."};

/// The local files that queries may read: those below the allowed folders. Addresses are absolute paths, paths from one of the folders, or
/// file:// addresses of either. Links that lead out of the folders, other schemes and files above `maximumBytes`, packed or unpacked, are
/// refused; without a folder everything is. Files packed with gzip are unpacked. Any thread; the folders may change while queries run.
class ExternalFiles final : public kql::ExternalSource {
public:
    static constexpr std::uint64_t kMaximumBytes = 256ULL << 20;

    explicit ExternalFiles(std::vector<std::filesystem::path> folders = {}, std::uint64_t maximumBytes = kMaximumBytes) : m_folders(std::move(folders)), m_maximumBytes(maximumBytes) {}

    void allow(std::vector<std::filesystem::path> folders);
    std::vector<std::filesystem::path> folders() const;

    Result<std::string> read(const std::string& address) const override;
    Result<std::vector<Item>> list(const std::string& address) const override;

private:
    Result<std::filesystem::path> find(const std::string& address) const;

    mutable std::mutex m_mutex;
    std::vector<std::filesystem::path> m_folders;
    std::uint64_t m_maximumBytes;
};

} // namespace tocsin::engine
