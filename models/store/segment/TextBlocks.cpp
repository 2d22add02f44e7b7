// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/TextBlocks.h"

#include "store/StoreErrors.h"

#include <lz4.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

namespace tocsin::store {
namespace {

constexpr std::uint8_t kUncompressed = 0;
constexpr std::uint8_t kLz4 = 1;
constexpr std::uint8_t kZstd = 2;
constexpr int kZstdLevel = 1;
constexpr std::size_t kLargestZstdRatio = 40'000; ///< of runs of one byte
constexpr std::size_t kLargestRatio = 256; ///< LZ4 cannot expand more than 255 times; anything beyond is a forged size

bool unpack(std::uint8_t compression, std::span<const std::byte> stored, std::span<char> out)
{
    const auto* from = reinterpret_cast<const char*>(stored.data());
    if (compression == kZstd)
        return ZSTD_decompress(out.data(), out.size(), from, stored.size()) == out.size();
    if (compression == kLz4)
        return LZ4_decompress_safe(from, out.data(), static_cast<int>(stored.size()), static_cast<int>(out.size())) == static_cast<int>(out.size());
    std::copy_n(from, out.size(), out.data());
    return true;
}

bool isPlausible(std::uint8_t compression, std::size_t stored, std::size_t size)
{
    switch (compression) {
    case kUncompressed: return stored == size;
    case kLz4: return size <= stored * kLargestRatio && size <= LZ4_MAX_INPUT_SIZE;
    default: return size <= stored * kLargestZstdRatio;
    }
}

} // namespace

TextCompressor::TextCompressor(Method method) : m_method(method), m_zstd(method == Method::Small ? ZSTD_createCCtx() : nullptr) {}

TextCompressor::~TextCompressor() { ZSTD_freeCCtx(m_zstd); }

std::span<const std::byte> TextCompressor::pack(std::span<const std::byte> raw)
{
    if (raw.empty() || raw.size() > LZ4_MAX_INPUT_SIZE)
        return {};
    const std::size_t bound = m_zstd ? ZSTD_compressBound(raw.size()) : static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(raw.size())));
    m_packed.resize(std::max(m_packed.size(), bound));
    auto* const to = reinterpret_cast<char*>(m_packed.data());
    if (m_zstd) {
        const std::size_t size = ZSTD_compressCCtx(m_zstd, to, m_packed.size(), raw.data(), raw.size(), kZstdLevel);
        return ZSTD_isError(size) ? std::span<const std::byte>() : std::span<const std::byte>(m_packed).first(size);
    }
    const int size = LZ4_compress_default(reinterpret_cast<const char*>(raw.data()), to, static_cast<int>(raw.size()), static_cast<int>(m_packed.size()));
    return std::span<const std::byte>(m_packed).first(static_cast<std::size_t>(std::max(size, 0)));
}

std::vector<std::uint32_t> divideIntoBlocks(std::span<const std::string_view> texts)
{
    std::vector<std::uint32_t> counts;
    std::uint32_t count = 0;
    std::size_t bytes = 0;
    for (const std::string_view text : texts) {
        ++count;
        bytes += text.size();
        if (count == kTextBlockCount || bytes >= kTextBlockBytes) {
            counts.push_back(count);
            count = 0;
            bytes = 0;
        }
    }
    if (count)
        counts.push_back(count);
    return counts;
}

void writeTextBlock(ByteWriter& out, std::span<const std::string_view> texts, TextCompressor& compressor)
{
    std::vector<std::uint32_t> lengths;
    lengths.reserve(texts.size());
    std::size_t total = 0;
    for (const std::string_view text : texts) {
        lengths.push_back(static_cast<std::uint32_t>(text.size()));
        total += text.size();
    }
    Bytes raw(total);
    std::byte* to = raw.data();
    for (const std::string_view text : texts) {
        if (!text.empty())
            std::memcpy(to, text.data(), text.size());
        to += text.size();
    }
    const std::span<const std::byte> packed = compressor.pack(raw);
    const bool smaller = !packed.empty() && packed.size() < raw.size() - raw.size() / 16;
    const unsigned width = packedWidth(*std::max_element(lengths.begin(), lengths.end()));
    out.put<std::uint32_t>(static_cast<std::uint32_t>(texts.size()));
    out.put<std::uint32_t>(static_cast<std::uint32_t>(raw.size()));
    out.put(!smaller ? kUncompressed : compressor.method() == TextCompressor::Method::Small ? kZstd : kLz4);
    out.put(static_cast<std::uint8_t>(width));
    packBits<std::uint32_t>(out, lengths, width);
    const std::span<const std::byte> kept = smaller ? packed : std::span<const std::byte>(raw);
    out.put<std::uint32_t>(static_cast<std::uint32_t>(kept.size()));
    out.putBytes(kept);
}

Result<void> readTextBlock(ByteReader& in, std::size_t expected, std::vector<std::string_view>& texts, std::vector<std::shared_ptr<const char[]>>& owners)
{
    const std::size_t count = in.get<std::uint32_t>();
    const std::size_t size = in.get<std::uint32_t>();
    const auto compression = in.get<std::uint8_t>();
    const auto width = in.get<std::uint8_t>();
    if (!in.ok() || count != expected || compression > kZstd || width > 32)
        return fail(kBadChunk, "the head of a text block is not valid");
    const auto packedLengths = in.getBytes(packedBytes(count, width));
    const auto stored = in.getBytes(in.get<std::uint32_t>());
    if (!in.ok() || !isPlausible(compression, stored.size(), size))
        return fail(kBadChunk, "a text block is cut short");

    auto buffer = std::make_shared_for_overwrite<char[]>(size ? size : 1);
    if (!unpack(compression, stored, {buffer.get(), size}))
        return fail(kBadChunk, "a text block cannot be decompressed");

    std::vector<std::uint32_t> lengths(count);
    unpackBits(packedLengths.data(), width, 0, count, lengths.data());
    std::size_t at = 0;
    for (const std::uint32_t length : lengths) {
        if (length > size - at)
            return fail(kBadChunk, "the lengths of a text block do not fit");
        texts.emplace_back(buffer.get() + at, length);
        at += length;
    }
    owners.push_back(std::move(buffer));
    return {};
}

} // namespace tocsin::store
