// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/TextBlocks.h"

#include "store/StoreErrors.h"

#include <lz4.h>

#include <algorithm>
#include <limits>

namespace tocsin::store {
namespace {

constexpr std::uint8_t kUncompressed = 0;
constexpr std::uint8_t kLz4 = 1;
constexpr std::size_t kLargestRatio = 256; ///< LZ4 cannot expand more than 255 times; anything beyond is a forged size

} // namespace

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

void writeTextBlock(ByteWriter& out, std::span<const std::string_view> texts)
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
    Bytes packed;
    int size = 0;
    if (!raw.empty() && raw.size() <= LZ4_MAX_INPUT_SIZE) {
        packed.resize(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(raw.size()))));
        size = LZ4_compress_default(reinterpret_cast<const char*>(raw.data()), reinterpret_cast<char*>(packed.data()), static_cast<int>(raw.size()),
            static_cast<int>(packed.size()));
    }
    const bool smaller = size > 0 && static_cast<std::size_t>(size) < raw.size() - raw.size() / 16;
    const unsigned width = packedWidth(*std::max_element(lengths.begin(), lengths.end()));
    out.put<std::uint32_t>(static_cast<std::uint32_t>(texts.size()));
    out.put<std::uint32_t>(static_cast<std::uint32_t>(raw.size()));
    out.put(smaller ? kLz4 : kUncompressed);
    out.put(static_cast<std::uint8_t>(width));
    packBits<std::uint32_t>(out, lengths, width);
    const auto kept = smaller ? std::span<const std::byte>(packed).first(static_cast<std::size_t>(size)) : std::span<const std::byte>(raw);
    out.put<std::uint32_t>(static_cast<std::uint32_t>(kept.size()));
    out.putBytes(kept);
}

Result<void> readTextBlock(ByteReader& in, std::size_t expected, std::vector<std::string_view>& texts, std::vector<std::shared_ptr<const char[]>>& owners)
{
    const std::size_t count = in.get<std::uint32_t>();
    const std::size_t size = in.get<std::uint32_t>();
    const auto compression = in.get<std::uint8_t>();
    const auto width = in.get<std::uint8_t>();
    if (!in.ok() || count != expected || compression > kLz4 || width > 32)
        return fail(kBadChunk, "the head of a text block is not valid");
    const auto packedLengths = in.getBytes(packedBytes(count, width));
    const auto stored = in.getBytes(in.get<std::uint32_t>());
    if (!in.ok() || (compression == kUncompressed ? stored.size() != size : size > stored.size() * kLargestRatio || size > LZ4_MAX_INPUT_SIZE))
        return fail(kBadChunk, "a text block is cut short");

    auto buffer = std::make_shared_for_overwrite<char[]>(size ? size : 1);
    if (compression == kUncompressed)
        std::copy_n(reinterpret_cast<const char*>(stored.data()), size, buffer.get());
    else if (LZ4_decompress_safe(reinterpret_cast<const char*>(stored.data()), buffer.get(), static_cast<int>(stored.size()), static_cast<int>(size)) != static_cast<int>(size))
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
