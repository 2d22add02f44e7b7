// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/TemporaryFolder.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>

namespace tocsin {

Result<TemporaryFolder> TemporaryFolder::make()
{
    std::error_code failure;
    const std::filesystem::path parent = std::filesystem::temp_directory_path(failure);
    std::string pattern = (parent / "tocsin-XXXXXX").string();
    if (failure || !mkdtemp(pattern.data()))
        return fail(kFileUnwritable, parent.string(), failure ? failure.message() : std::string(std::strerror(errno)));
    return TemporaryFolder(pattern);
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    if (!m_path.empty())
        std::filesystem::remove_all(m_path, ignored);
}

} // namespace tocsin
