// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/ColumnReader.h"
#include "store/segment/EncodedColumn.h"

namespace tocsin::store {

/// A text column whose values are guids as programs print them (lower case, with hyphens) takes 16 bytes a value, and neither dictionary nor
/// terms. The vectors hold the column's rows one after the other. Nothing if a text is anything else but such a guid or empty, or if the
/// guids repeat so much that a dictionary is better.
std::optional<EncodedColumn> encodeGuidTexts(std::span<const Vector> pieces);

/// Opens a chunk of this kind.
Result<std::shared_ptr<const ColumnReader>> openGuidTexts(Bytes chunk, const ChunkView& view);

} // namespace tocsin::store
