// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/file/WriterLock.h"

#include "store/StoreErrors.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tocsin::store {
namespace {

/// Whether the path still names the opened file: the holder before may have removed it between our open and our lock.
bool isStillThere(const std::filesystem::path& file, int descriptor)
{
    struct stat opened {};
    struct stat named {};
    return fstat(descriptor, &opened) == 0 && stat(file.c_str(), &named) == 0 && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

} // namespace

Result<WriterLock> WriterLock::acquire(const std::filesystem::path& workspace)
{
    std::filesystem::path file = workspace;
    file += "-lock";
    for (;;) {
        const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (descriptor < 0) {
            if (errno == EROFS || errno == EACCES || errno == EPERM)
                return fail(kReadOnlyMedium, workspace.string());
            if (errno == ENOSPC || errno == EDQUOT)
                return fail(kDiskFull, workspace.string());
            return fail(kFileUnwritable, workspace.string(), std::strerror(errno));
        }
        WriterLock lock(file, descriptor);
        if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            ::close(std::exchange(lock.m_descriptor, -1)); // not ours: leave the file
            Error error = makeError(kLocked, workspace.string());
            error.retryable = true;
            return std::unexpected(std::move(error));
        }
        if (isStillThere(file, descriptor))
            return lock;
        ::close(std::exchange(lock.m_descriptor, -1));
    }
}

WriterLock::~WriterLock()
{
    if (m_descriptor < 0)
        return;
    ::unlink(m_file.c_str()); // before the lock is given back, so that nobody can hold a lock on a removed file for long
    ::close(m_descriptor);
}

WriterLock::WriterLock(WriterLock&& other) noexcept : m_file(std::move(other.m_file)), m_descriptor(std::exchange(other.m_descriptor, -1)) {}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept
{
    std::swap(m_file, other.m_file);
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

} // namespace tocsin::store
