// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/EncodedColumn.h"
#include "store/segment/TextDictionary.h"

namespace tocsin::store {

/// Encodes a string or dynamic column: a code a row into the list of distinct texts, and those as compressed blocks; small lists stand in
/// the chunk itself, others in parts of their own.
///
///     u32 distinct, u8 code kind (0 packed, 1 row number), u8 code width, codes,
///     u32 blocks, u8 inside (1: the blocks follow), u32 texts[blocks], blocks
///
/// A dynamic that is null has the empty text.
EncodedColumn encodeText(DataType type, const TextDictionary& dictionary, std::span<const std::uint32_t> codes);

} // namespace tocsin::store
