// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/NullBits.h"

#include "store/StoreErrors.h"

#include <lz4.h>

#include <algorithm>

namespace tocsin::store {
namespace {

constexpr std::uint8_t kNone = 0;
constexpr std::uint8_t kBits = 1;
constexpr std::uint8_t kCompressedBits = 2;

} // namespace

void NullBits::markLast()
{
    if (m_words.size() <= m_size / 64)
        m_words.resize(m_size / 64 + 1);
    m_words[m_size / 64] |= std::uint64_t{1} << (m_size % 64);
    ++m_count;
}

void NullBits::appendNulls(std::size_t count)
{
    m_count += count;
    const std::size_t end = m_size + count;
    m_words.resize(std::max(m_words.size(), (end + 63) / 64));
    for (; m_size < end && m_size % 64 != 0; ++m_size)
        m_words[m_size / 64] |= std::uint64_t{1} << (m_size % 64);
    for (; m_size + 64 <= end; m_size += 64)
        m_words[m_size / 64] = ~std::uint64_t{0};
    for (; m_size < end; ++m_size)
        m_words[m_size / 64] |= std::uint64_t{1} << (m_size % 64);
}

void writeNullBits(ByteWriter& out, const NullBits& nulls)
{
    if (nulls.count() == 0)
        return out.put(kNone);
    std::vector<std::uint64_t> words(nulls.words().begin(), nulls.words().end());
    words.resize((nulls.size() + 63) / 64);
    const auto bytes = std::as_bytes(std::span(words));
    Bytes packed(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(bytes.size()))));
    const int size = LZ4_compress_default(reinterpret_cast<const char*>(bytes.data()), reinterpret_cast<char*>(packed.data()),
        static_cast<int>(bytes.size()), static_cast<int>(packed.size()));
    const bool smaller = size > 0 && static_cast<std::size_t>(size) < bytes.size();
    out.put(smaller ? kCompressedBits : kBits);
    const auto kept = smaller ? std::span<const std::byte>(packed).first(static_cast<std::size_t>(size)) : bytes;
    out.put<std::uint32_t>(static_cast<std::uint32_t>(kept.size()));
    out.putBytes(kept);
}

Result<StoredNulls> StoredNulls::open(ByteReader& in, std::size_t rows)
{
    StoredNulls result;
    const auto kind = in.get<std::uint8_t>();
    if (kind == kNone && in.ok())
        return result;
    const auto bytes = in.getBytes(in.get<std::uint32_t>());
    result.m_words.resize((rows + 63) / 64);
    const std::size_t size = result.m_words.size() * 8;
    if (kind == kBits && bytes.size() == size) {
        std::memcpy(result.m_words.data(), bytes.data(), size);
        return result;
    }
    if (kind == kCompressedBits
        && LZ4_decompress_safe(reinterpret_cast<const char*>(bytes.data()), reinterpret_cast<char*>(result.m_words.data()),
               static_cast<int>(bytes.size()), static_cast<int>(size)) == static_cast<int>(size))
        return result;
    return fail(kBadChunk, "its null map is not valid");
}

std::shared_ptr<const NullMask> StoredNulls::mask(std::size_t start, std::size_t count) const
{
    if (!any())
        return nullptr;
    auto mask = std::make_shared<NullMask>(count);
    const auto words = mask->words();
    std::copy_n(m_words.begin() + static_cast<std::ptrdiff_t>(start / 64), words.size(), words.begin());
    return mask->anyNull() ? mask : nullptr;
}

} // namespace tocsin::store
