// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/spill/SpillSpace.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace tocsin::kql {
namespace {

class PosixDevice final : public SpillDevice {
public:
    PosixDevice(int descriptor, std::filesystem::path folder) : m_descriptor(descriptor), m_folder(std::move(folder)) {}
    ~PosixDevice() override { ::close(m_descriptor); }
    PosixDevice(const PosixDevice&) = delete;
    PosixDevice& operator=(const PosixDevice&) = delete;

    Result<void> write(std::uint64_t offset, std::span<const char> bytes) override
    {
        return each(offset, bytes, [this](const char* data, std::size_t size, off_t at) { return ::pwrite(m_descriptor, data, size, at); });
    }
    Result<void> read(std::uint64_t offset, std::span<char> bytes) override
    {
        return each(offset, bytes, [this](char* data, std::size_t size, off_t at) { return ::pread(m_descriptor, data, size, at); });
    }

private:
    template <typename Byte, typename Call>
    Result<void> each(std::uint64_t offset, std::span<Byte> bytes, const Call& call)
    {
        constexpr std::size_t kMost = std::size_t{1} << 30; // the system moves less than 2 GB at a time
        while (!bytes.empty()) {
            const ssize_t moved = call(bytes.data(), std::min(bytes.size(), kMost), static_cast<off_t>(offset));
            if (moved < 0 && errno == EINTR)
                continue;
            if (moved <= 0)
                return fail(kSpillFile, m_folder.string(), moved < 0 ? std::string(std::strerror(errno)) : std::string("unexpected end of the file"));
            bytes = bytes.subspan(static_cast<std::size_t>(moved));
            offset += static_cast<std::uint64_t>(moved);
        }
        return {};
    }
    int m_descriptor;
    std::filesystem::path m_folder;
};

/// File systems that know no nameless files get one whose name is taken away at once.
int openUnlinked(const std::filesystem::path& folder)
{
    std::string name = (folder / ".tocsin-query-XXXXXX").string();
    const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor >= 0)
        ::unlink(name.c_str());
    return descriptor;
}

} // namespace

Result<std::unique_ptr<SpillDevice>> openSpillDevice(const std::filesystem::path& folder)
{
    int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        descriptor = openUnlinked(folder);
    if (descriptor < 0)
        return fail(kSpillFile, folder.string(), std::string(std::strerror(errno)));
    return std::make_unique<PosixDevice>(descriptor, folder);
}

Result<std::shared_ptr<SpillFile>> SpillSpace::file()
{
    TOCSIN_TRY_ASSIGN(std::unique_ptr<SpillDevice> device, m_options.open(m_options.folder));
    return std::make_shared<SpillFile>(*this, std::move(device));
}

Result<void> SpillSpace::take(std::uint64_t bytes)
{
    const std::uint64_t used = m_used.fetch_add(bytes) + bytes;
    std::uint64_t peak = m_peak.load();
    while (used > peak && !m_peak.compare_exchange_weak(peak, used)) {
    }
    if (m_options.limitBytes && used > m_options.limitBytes) {
        m_used.fetch_sub(bytes);
        return fail(kSpillLimit, std::to_string(m_options.limitBytes >> 20));
    }
    return {};
}

Result<std::uint64_t> SpillFile::append(std::span<const char> bytes)
{
    TOCSIN_TRY(m_space.take(bytes.size()));
    const std::uint64_t offset = m_end.fetch_add(bytes.size());
    TOCSIN_TRY(m_device->write(offset, bytes));
    return offset;
}

Error SpillFile::damaged() const { return makeError(kSpillDamaged, m_space.m_options.folder.string()); }

} // namespace tocsin::kql
