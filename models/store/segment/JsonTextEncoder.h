// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/EncodedColumn.h"
#include "store/segment/TextDictionary.h"

namespace tocsin::store {

/// Adds the parts of a text column by JSON member, if most of its distinct texts are JSON objects of few shapes, and gives the hashes of the
/// terms of its texts. None, and nothing is added, if not. See JsonTextLayout.h.
std::optional<std::vector<std::uint64_t>> encodeJsonTexts(const TextDictionary& dictionary, std::span<const std::uint32_t> codes, std::vector<EncodedColumn::Part>& parts);

} // namespace tocsin::store
