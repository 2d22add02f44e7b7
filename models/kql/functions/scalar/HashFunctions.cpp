// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Hashing.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/Wrapping.h"

#include <openssl/evp.h>

#include <array>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::ResultWriter;

/// xxHash64 of a text's UTF-8, or of the little-endian bytes of another value. A null counts as an empty text.
template <DataType T> std::int64_t xxHash(const Physical<T>& value)
{
    if constexpr (kernels::kIsText<T>) {
        return static_cast<std::int64_t>(hashXx64(value));
    } else if constexpr (T == Decimal) {
        return static_cast<std::int64_t>(hashXx64(value.toString()));
    } else if constexpr (T == Int) {
        const std::int64_t wide = value;
        return static_cast<std::int64_t>(hashXx64({reinterpret_cast<const char*>(&wide), sizeof wide}));
    } else {
        return static_cast<std::int64_t>(hashXx64({reinterpret_cast<const char*>(&value), sizeof value}));
    }
}

std::vector<std::int64_t> hashesOf(const Vector& vector, std::size_t rows)
{
    std::vector<std::int64_t> out(rows);
    visitType(vector.type(), [&]<DataType T>() {
        const VectorReader<Physical<T>> reader(vector);
        for (std::size_t row = 0; row < rows; ++row)
            out[row] = reader.isNull(row) ? static_cast<std::int64_t>(hashXx64({})) : xxHash<T>(reader[row]);
    });
    return out;
}

/// hash(value[, mod])
Result<Vector> hashKernel(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const std::vector<std::int64_t> hashes = hashesOf(arguments[0], rows);
    ResultWriter<Long> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        if (arguments.size() < 2)
            writer.put(row, hashes[row]);
        else
            writer.put(row, arguments[1].isNull(row) ? std::nullopt : moduloLong(hashes[row], VectorReader<std::int64_t>(arguments[1])[row]));
    }
    return writer.finish();
}

std::int64_t combined(std::int64_t seed, std::int64_t hash)
{
    const auto s = static_cast<std::uint64_t>(seed);
    return static_cast<std::int64_t>(s ^ (static_cast<std::uint64_t>(hash) + 0x9E3779B97F4A7C15ULL + (s << 6) + (s >> 2)));
}

/// hash_combine takes hashes, hash_many values; the order counts.
template <bool ofValues>
Result<Vector> combineKernel(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    std::vector<std::int64_t> sums(rows);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::vector<std::int64_t> hashes(rows);
        if (ofValues) {
            hashes = hashesOf(arguments[i], rows);
        } else {
            const VectorReader<std::int64_t> reader(arguments[i]);
            for (std::size_t row = 0; row < rows; ++row)
                hashes[row] = reader.isNull(row) ? 0 : reader[row];
        }
        for (std::size_t row = 0; row < rows; ++row)
            sums[row] = i == 0 ? hashes[row] : combined(sums[row], hashes[row]);
    }
    ResultWriter<Long> writer(rows);
    for (std::size_t row = 0; row < rows; ++row)
        writer.put(row, sums[row]);
    return writer.finish();
}

using Algorithm = const EVP_MD* (*)();

/// The digest of the value's text, as lower-case hexadecimal.
template <Algorithm algorithm>
void digest(std::string_view text, std::string& out)
{
    constexpr char kHex[] = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (!EVP_Digest(text.data(), text.size(), bytes.data(), &size, algorithm(), nullptr))
        return;
    for (unsigned i = 0; i < size; ++i) {
        out += kHex[bytes[i] >> 4];
        out += kHex[bytes[i] & 15];
    }
}

template <Algorithm algorithm>
void addDigest(FunctionRegistry& registry, std::string_view name, std::string_view help, std::string_view example)
{
    registry.add(ScalarFunction{.name = name, .category = "hash", .help = help, .example = example,
        .signatures = {signature({{"value", types::any}}, String, kernels::overTexts(kernels::mapText<String, String>(digest<algorithm>)))}});
}

} // namespace

void addHashFunctions(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "hash", .category = "hash", .help = "A 64-bit hash of the value (xxHash64), or its remainder by a number.", .example = "print hash('World') // 1846988464401551951",
        .signatures = {signature({{"value", types::any}}, Long, hashKernel), signature({{"value", types::any}, {"mod", Long}}, Long, hashKernel)}});
    registry.addAlias("hash_xxhash64", "hash");
    registry.add(ScalarFunction{.name = "hash_combine", .category = "hash", .help = "One hash of several hashes, in order.", .example = "print hash_combine(hash('a'), hash('b')) == hash_many('a', 'b') // true", .signatures = {signature({{"hash", Long}, repeated("other", Long)}, Long, combineKernel<false>)}});
    registry.add(ScalarFunction{.name = "hash_many", .category = "hash", .help = "One hash of several values, in order.", .example = "print hash_many('a', 'b') == hash_many('b', 'a') // false", .signatures = {signature({repeated("value", types::any)}, Long, combineKernel<true>)}});
    addDigest<EVP_sha256>(registry, "hash_sha256", "The SHA-256 of the value's text, in hexadecimal.", "print hash_sha256('World') // 78ae647dc5544d227130a0682a51e30bc7777fbb6d8a8f17007463a3ecd1d524");
    addDigest<EVP_sha1>(registry, "hash_sha1", "The SHA-1 of the value's text, in hexadecimal.", "print hash_sha1('World') // 70c07ec18ef89c5309bbb0937f3a6342411e1fdd");
    addDigest<EVP_md5>(registry, "hash_md5", "The MD5 of the value's text, in hexadecimal.", "print hash_md5('World') // f5a7924e621e84c9280a9a27e1bcb7f6");
}

} // namespace tocsin::kql
