// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/ByteSources.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace tocsin::ingest {

namespace {

std::string systemMessage(int code) { return std::error_code(code, std::generic_category()).message(); }

} // namespace

Result<std::unique_ptr<FileByteSource>> FileByteSource::open(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return fail(kFileUnreadable, path, systemMessage(errno));
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) {
        const int code = errno;
        ::close(descriptor);
        return fail(kFileUnreadable, path, systemMessage(code));
    }
    if (!S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return fail(kFileUnreadable, path, S_ISDIR(status.st_mode) ? "it is a folder" : "it is not a regular file");
    }
    return std::unique_ptr<FileByteSource>(new FileByteSource(path, descriptor, static_cast<std::uint64_t>(status.st_size)));
}

FileByteSource::~FileByteSource() { ::close(m_descriptor); }

Result<std::size_t> FileByteSource::read(std::uint64_t offset, std::span<std::byte> out)
{
    if (offset >= m_size)
        return std::size_t{0};
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), m_size - offset));
    std::size_t done = 0;
    while (done < wanted) {
        const ssize_t got = ::pread(m_descriptor, out.data() + done, wanted - done, static_cast<off_t>(offset + done));
        if (got < 0) {
            if (errno == EINTR)
                continue;
            return fail(kFileUnreadable, m_path, systemMessage(errno));
        }
        if (got == 0)
            return fail(kFileUnreadable, m_path, "the file became shorter while it was read");
        done += static_cast<std::size_t>(got);
    }
    return done;
}

Result<std::size_t> MemoryByteSource::read(std::uint64_t offset, std::span<std::byte> out)
{
    if (offset >= m_bytes.size())
        return std::size_t{0};
    const std::size_t count = std::min<std::size_t>(out.size(), m_bytes.size() - static_cast<std::size_t>(offset));
    if (count)
        std::memcpy(out.data(), m_bytes.data() + offset, count);
    return count;
}

} // namespace tocsin::ingest
