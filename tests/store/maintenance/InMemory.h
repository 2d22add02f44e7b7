// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileInfo>

namespace tocsin::store::test {

/// Puts temporary folders that are made later into memory, where that is possible: for tests that write and throw away hundreds of files.
struct InMemory {
    InMemory()
    {
        if (QFileInfo(QStringLiteral("/dev/shm")).isWritable())
            qputenv("TMPDIR", "/dev/shm");
    }
};

} // namespace tocsin::store::test
