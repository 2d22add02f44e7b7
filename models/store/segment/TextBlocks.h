// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "store/segment/BitPacking.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

struct ZSTD_CCtx_s;

namespace tocsin::store {

/// Packs the text of blocks; made once for a column, so that its memory is used again.
class TextCompressor {
public:
    enum class Method { Fast /**< LZ4 */, Small /**< zstd */ };
    explicit TextCompressor(Method method);
    ~TextCompressor();
    TextCompressor(const TextCompressor&) = delete;
    TextCompressor& operator=(const TextCompressor&) = delete;

    Method method() const { return m_method; }
    /// Valid until the next call; empty if it cannot be packed.
    std::span<const std::byte> pack(std::span<const std::byte> raw);

    /// Long texts (JSON, XML) take most of a file and are seldom read as a whole: they are packed small, all others fast.
    static Method methodFor(std::size_t texts, std::size_t bytes) { return bytes / std::max<std::size_t>(texts, 1) >= 200 ? Method::Small : Method::Fast; }

private:
    Method m_method;
    Bytes m_packed;
    ZSTD_CCtx_s* m_zstd = nullptr;
};

/// A block of texts: u32 count, u32 bytes, u8 compression (0 none, 1 LZ4, 2 zstd), u8 width of the packed lengths, lengths, u32 stored size, text.
void writeTextBlock(ByteWriter& out, std::span<const std::string_view> texts, TextCompressor& compressor);

/// Where blocks end: each holds at most this many texts, and is closed by the text that fills this many bytes.
inline constexpr std::size_t kTextBlockCount = 1'024;
inline constexpr std::size_t kTextBlockBytes = 128 * 1'024;
/// How many texts each block takes.
std::vector<std::uint32_t> divideIntoBlocks(std::span<const std::string_view> texts);

/// Decodes one block; `expected` texts are appended to `texts`. What they view is added to `owners`. The bytes read from must be followed
/// by kPackSlack readable ones.
Result<void> readTextBlock(ByteReader& in, std::size_t expected, std::vector<std::string_view>& texts, std::vector<std::shared_ptr<const char[]>>& owners);

} // namespace tocsin::store
