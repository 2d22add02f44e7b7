// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "store/segment/BitPacking.h"

#include <memory>
#include <string_view>
#include <vector>

namespace tocsin::store {

/// A block of texts: u32 count, u32 bytes, u8 compression (0 none, 1 LZ4), u8 width of the packed lengths, lengths, u32 stored size, text.
void writeTextBlock(ByteWriter& out, std::span<const std::string_view> texts);

/// Where blocks end: each holds at most this many texts, and is closed by the text that fills this many bytes.
inline constexpr std::size_t kTextBlockCount = 1'024;
inline constexpr std::size_t kTextBlockBytes = 128 * 1'024;
/// How many texts each block takes.
std::vector<std::uint32_t> divideIntoBlocks(std::span<const std::string_view> texts);

/// Decodes one block; `expected` texts are appended to `texts`. What they view is added to `owners`. The bytes read from must be followed
/// by kPackSlack readable ones.
Result<void> readTextBlock(ByteReader& in, std::size_t expected, std::vector<std::string_view>& texts, std::vector<std::shared_ptr<const char[]>>& owners);

} // namespace tocsin::store
