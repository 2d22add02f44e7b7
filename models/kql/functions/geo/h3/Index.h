// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The 64-bit index of an H3 cell: four bits of mode (1), resolution in bits 52 to 55, base cell in bits 45 to 51, then fifteen
/// digits of three bits, unused ones 7 (h3geo.org, "H3 index representations").
namespace tocsin::kql::h3 {

using Index = std::uint64_t;
inline constexpr int kMaxResolution = 15;
inline constexpr int kBaseCells = 122;

constexpr int resolutionOf(Index index) { return static_cast<int>((index >> 52) & 15); }
constexpr int baseCellOf(Index index) { return static_cast<int>((index >> 45) & 127); }
constexpr int digitAt(Index index, int resolution) { return static_cast<int>((index >> (3 * (kMaxResolution - resolution))) & 7); }
constexpr Index withDigit(Index index, int resolution, int digit)
{
    const int shift = 3 * (kMaxResolution - resolution);
    return (index & ~(Index{7} << shift)) | (static_cast<Index>(digit) << shift);
}
/// A cell of a base cell with all digits unused.
constexpr Index indexOf(int baseCell, int resolution)
{
    return (Index{1} << 59) | (static_cast<Index>(resolution) << 52) | (static_cast<Index>(baseCell) << 45) | ((Index{1} << 45) - 1);
}

/// The first digit that is not zero; zero if there is none.
int leadingDigit(Index index);
/// All digits turned by sixths of a turn.
Index rotatedIndex(Index index, int sixths);
bool isPentagonBase(int baseCell);
/// Whether the cell has five sides: it lies at a corner of the icosahedron.
bool isPentagon(Index index);
bool isValid(Index index);

/// Lower-case hexadecimal. Nothing for a text that is not the index of a cell.
std::optional<Index> fromToken(std::string_view token);
std::string toToken(Index index);

/// The resolution must not be finer than the cell's.
Index parentOf(Index index, int resolution);
/// In order of their indexes; the resolution must not be coarser than the cell's.
std::vector<Index> childrenOf(Index index, int resolution);

} // namespace tocsin::kql::h3
