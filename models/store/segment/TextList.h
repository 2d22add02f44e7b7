// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "store/segment/Bytes.h"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace tocsin::store {

/// Which of the distinct texts each entry has: u8 code kind (0 packed, 1 the entry's number), u8 code width, codes.
void writeCodes(ByteWriter& out, std::span<const std::uint32_t> codes, std::size_t distinct);

struct PackedCodes {
    const std::byte* packed = nullptr;
    unsigned width = 0;
    bool isNumber = false; ///< entry i has text i
};
/// The codes of `count` entries; false if that cannot be. What they view must be followed by kPackSlack readable bytes.
bool readCodes(ByteReader& in, std::size_t count, std::size_t distinct, PackedCodes& codes);
/// Those from `start` on; false if one is out of range.
bool unpackCodes(const PackedCodes& codes, std::size_t start, std::span<std::uint32_t> out, std::size_t distinct);
/// Those of some places from `start` on.
bool unpackSomeCodes(const PackedCodes& codes, std::size_t start, std::span<const std::uint32_t> places, std::span<std::uint32_t> out, std::size_t distinct);

/// Texts in blocks that follow at once: u32 blocks, u8 1, u32 texts[blocks], blocks. `bytes` of text in all.
void writeTextList(ByteWriter& out, std::span<const std::string_view> texts, std::size_t bytes);

struct TextList {
    std::vector<std::string_view> texts;
    std::vector<std::shared_ptr<const char[]>> owners;
    std::size_t bytes() const;
};
/// A list of `count` texts; those of an outside block are got by `loadBlock`.
Result<TextList> readTextList(ByteReader& in, std::size_t count, const std::function<Result<Bytes>(unsigned block)>& loadBlock);

} // namespace tocsin::store
