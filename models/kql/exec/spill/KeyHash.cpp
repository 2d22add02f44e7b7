// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/spill/KeyHash.h"

#include "kql/exec/KeyWords.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tocsin::kql {
namespace {

constexpr std::uint64_t kNullHash = 0xA24BAED4963EE407ULL;

std::uint64_t mixed(std::uint64_t word)
{
    word ^= word >> 32;
    word *= 0xE9846AF9B1A615DULL;
    word ^= word >> 32;
    word *= 0xE9846AF9B1A615DULL;
    return word ^ word >> 28;
}

template <DataType T>
std::uint64_t hashOf(const Physical<T>& value)
{
    if constexpr (!isWideKey(T)) {
        return mixed(wordOf<T>(value));
    } else if constexpr (T == DataType::String || T == DataType::Dynamic) {
        return XXH3_64bits(value.data(), value.size());
    } else {
        const std::string bytes = keyBytes<T>(value);
        return XXH3_64bits(bytes.data(), bytes.size());
    }
}

/// One hash a row of a flat or constant vector.
template <DataType T>
void hashValues(const Vector& values, std::size_t rows, std::vector<std::uint64_t>& hashes)
{
    const VectorReader<Physical<T>> reader(values);
    hashes.resize(rows);
    for (std::size_t i = 0; i < rows; ++i)
        hashes[i] = reader.isNull(i) ? kNullHash : hashOf<T>(reader[i]);
}

} // namespace

void KeyHasher::hash(std::span<const Vector> keys, std::size_t rows, std::vector<std::uint64_t>& hashes)
{
    hashes.assign(rows, 0);
    m_memos.resize(keys.size());
    std::vector<std::uint64_t> column;
    for (std::size_t k = 0; k < keys.size(); ++k) {
        const Vector& key = keys[k];
        Memo& memo = m_memos[k];
        if (key.isDictionary() && memo.dictionary != key.sharedDictionary()) {
            memo.dictionary = key.sharedDictionary();
            visitType(key.type(), [&]<DataType T>() { hashValues<T>(*memo.dictionary, memo.dictionary->size(), memo.hashes); });
        }
        if (!key.isDictionary())
            visitType(key.type(), [&]<DataType T>() { hashValues<T>(key, rows, column); });
        for (std::size_t i = 0; i < rows; ++i)
            hashes[i] = mixed(hashes[i] * 31 + (key.isDictionary() ? memo.hashes[key.codes()[i]] : column[i]));
    }
}

} // namespace tocsin::kql
