// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace tocsin::kql {

inline constexpr ErrorKind kSpillLimit{"query.spill_limit", "The query needs more than its {0} MB of temporary disk space", "Filter earlier, keep fewer columns, or raise the limit of temporary space."};
inline constexpr ErrorKind kSpillFile{"query.spill_file", "The query cannot use a temporary file in {0}: {1}", "Free disk space, or choose another folder for temporary files."};
inline constexpr ErrorKind kSpillDamaged{"query.spill_damaged", "A temporary file of the query in {0} does not read back as it was written", "Check the disk, or choose another folder for temporary files."};

/// The bytes of one temporary file. Any number of threads.
class SpillDevice {
public:
    virtual ~SpillDevice() = default;
    /// All of the bytes, or kSpillFile.
    virtual Result<void> write(std::uint64_t offset, std::span<const char> bytes) = 0;
    virtual Result<void> read(std::uint64_t offset, std::span<char> bytes) = 0;
};

/// Opens a file that has no name and so ends with the process at the latest; its owner alone may read it.
Result<std::unique_ptr<SpillDevice>> openSpillDevice(const std::filesystem::path& folder);
using SpillOpener = std::function<Result<std::unique_ptr<SpillDevice>>(const std::filesystem::path& folder)>;

struct SpillOptions {
    std::filesystem::path folder;     ///< empty: nothing is spilled, too large is an error
    std::uint64_t limitBytes = 0;     ///< of all files of a query together; 0: no limit
    SpillOpener open = openSpillDevice;
};

class SpillFile;

/// The temporary disk space of one query. Outlives its files.
class SpillSpace {
public:
    explicit SpillSpace(SpillOptions options) : m_options(std::move(options)) {}
    bool enabled() const { return !m_options.folder.empty(); }
    /// A new file, empty.
    Result<std::shared_ptr<SpillFile>> file();
    /// The most bytes that stood in files at once.
    std::uint64_t peak() const { return m_peak.load(); }
    std::uint64_t used() const { return m_used.load(); }

private:
    friend class SpillFile;
    Result<void> take(std::uint64_t bytes);
    SpillOptions m_options;
    std::atomic<std::uint64_t> m_used = 0;
    std::atomic<std::uint64_t> m_peak = 0;
};

/// Blocks one behind the other in a temporary file, which goes with its last user. Any number of threads.
class SpillFile {
public:
    SpillFile(SpillSpace& space, std::unique_ptr<SpillDevice> device) : m_space(space), m_device(std::move(device)) {}
    ~SpillFile() { m_space.m_used.fetch_sub(m_end.load()); }
    SpillFile(const SpillFile&) = delete;
    SpillFile& operator=(const SpillFile&) = delete;
    /// Where the bytes stand.
    Result<std::uint64_t> append(std::span<const char> bytes);
    Result<void> read(std::uint64_t offset, std::span<char> bytes) const { return m_device->read(offset, bytes); }
    Error damaged() const;

private:
    SpillSpace& m_space;
    std::unique_ptr<SpillDevice> m_device;
    std::atomic<std::uint64_t> m_end = 0;
};

} // namespace tocsin::kql
