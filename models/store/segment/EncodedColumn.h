// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/Chunk.h"
#include "store/segment/Zone.h"

namespace tocsin::store {

/// A column of a segment ready to be written: chunks that still lack their checksum, which depends on the place they get.
struct EncodedColumn {
    struct Part {
        unsigned number = part::kValues;
        Bytes chunk;
    };
    Zone zone; ///< `column` and `bytes` are filled in by the writer
    std::vector<Part> parts; ///< empty if no row has a value
};

} // namespace tocsin::store
