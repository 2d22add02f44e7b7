// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/ConstantVectors.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace tocsin {
namespace {

template <typename T>
bool sameValue(const Vector& a, const Vector& b)
{
    const VectorReader<T> left(a), right(b);
    if (left.isNull(0) || right.isNull(0))
        return left.isNull(0) == right.isNull(0);
    if constexpr (std::is_same_v<T, std::string_view>)
        return left[0] == right[0];
    else
        return std::memcmp(&left[0], &right[0], sizeof(T)) == 0; // 0.0 is not -0.0 here
}

} // namespace

bool equalConstants(std::span<const Vector* const> parts)
{
    if (parts.empty())
        return false;
    const Vector& first = *parts.front();
    return std::ranges::all_of(parts, [&](const Vector* part) {
        return part->isConstant() && part->size() > 0 && first.size() > 0 && part->type() == first.type()
            && visitType(first.type(), [&]<DataType T>() { return sameValue<Physical<T>>(first, *part); });
    });
}

} // namespace tocsin
