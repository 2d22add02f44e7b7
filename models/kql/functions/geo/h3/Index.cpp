// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/h3/Index.h"

#include "kql/functions/geo/h3/Lattice.h"

#include <charconv>

namespace tocsin::kql::h3 {
namespace {

/// Around the corners of the icosahedron, where five faces meet, direction k is missing.
constexpr int kMissingDigit = 1;

void appendChildren(std::vector<Index>& out, Index index, int at, int resolution, bool centreOfPentagon)
{
    if (at > resolution) {
        out.push_back(index);
        return;
    }
    for (int digit = 0; digit < 7; ++digit)
        if (!centreOfPentagon || digit != kMissingDigit)
            appendChildren(out, withDigit(index, at, digit), at + 1, resolution, centreOfPentagon && digit == 0);
}

Index withResolution(Index index, int resolution) { return (index & ~(Index{15} << 52)) | (static_cast<Index>(resolution) << 52); }

} // namespace

int leadingDigit(Index index)
{
    for (int r = 1; r <= resolutionOf(index); ++r)
        if (const int digit = digitAt(index, r))
            return digit;
    return 0;
}

Index rotatedIndex(Index index, int sixths)
{
    for (int r = 1; r <= resolutionOf(index); ++r)
        index = withDigit(index, r, rotatedDigit(digitAt(index, r), sixths));
    return index;
}

bool isPentagonBase(int baseCell)
{
    for (const int pentagon : {4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117})
        if (baseCell == pentagon)
            return true;
    return false;
}

bool isPentagon(Index index) { return isPentagonBase(baseCellOf(index)) && leadingDigit(index) == 0; }

bool isValid(Index index)
{
    if ((index >> 56) != 8 || baseCellOf(index) >= kBaseCells)
        return false;
    const int resolution = resolutionOf(index);
    for (int r = 1; r <= kMaxResolution; ++r)
        if ((digitAt(index, r) == 7) != (r > resolution))
            return false;
    return !isPentagonBase(baseCellOf(index)) || leadingDigit(index) != kMissingDigit;
}

std::optional<Index> fromToken(std::string_view token)
{
    Index index = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), index, 16);
    if (read.ec != std::errc() || read.ptr != token.data() + token.size() || !isValid(index))
        return std::nullopt;
    return index;
}

std::string toToken(Index index)
{
    char digits[16];
    return {digits, std::to_chars(digits, digits + sizeof digits, index, 16).ptr};
}

Index parentOf(Index index, int resolution)
{
    for (int r = resolution + 1; r <= resolutionOf(index); ++r)
        index = withDigit(index, r, 7);
    return withResolution(index, resolution);
}

std::vector<Index> childrenOf(Index index, int resolution)
{
    std::vector<Index> out;
    appendChildren(out, withResolution(index, resolution), resolutionOf(index) + 1, resolution, isPentagon(index));
    return out;
}

} // namespace tocsin::kql::h3
