// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/ColumnReader.h"

namespace tocsin::store {

/// See ColumnReader::openMarked. Decodes the texts block by block and lets go of blocks without a marked one. `chunk` owns what `view` views.
Result<std::shared_ptr<const ColumnReader>> openMarkedTexts(Bytes chunk, const ChunkView& view, const PartLoader& loadBlock, const ColumnReader::TextMarker& mark,
    std::span<const std::uint8_t> wanted);

} // namespace tocsin::store
