// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/EncodedColumn.h"
#include "store/segment/TextDictionary.h"

namespace tocsin::store {

/// Adds the parts of a text column by JSON member, if most of its distinct texts are JSON objects of few shapes; false, and nothing is
/// added, if not. See JsonTextLayout.h.
bool encodeJsonTexts(const TextDictionary& dictionary, std::span<const std::uint32_t> codes, std::vector<EncodedColumn::Part>& parts);

} // namespace tocsin::store
