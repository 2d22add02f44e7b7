// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/Geohash.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace tocsin::kql::geo {
namespace {

constexpr std::string_view kCharacters = "0123456789bcdefghjkmnpqrstuvwxyz";

/// A cell as column and row of a grid of 2^longitudeBits by 2^latitudeBits cells, from the south-west.
struct Grid {
    int longitudeBits = 0;
    int latitudeBits = 0;
    std::uint64_t column = 0;
    std::uint64_t row = 0;
};

Grid gridOf(int characters)
{
    const int bits = characters * 5;
    return {(bits + 1) / 2, bits / 2, 0, 0};
}

std::uint64_t slotOf(double share, int bits)
{
    const double cells = std::ldexp(1.0, bits);
    return static_cast<std::uint64_t>(std::min(std::floor(share * cells), cells - 1));
}

std::string hashOf(const Grid& grid)
{
    std::string out;
    int value = 0;
    for (int bit = 0, total = grid.longitudeBits + grid.latitudeBits; bit < total; ++bit) {
        const bool set = bit % 2 == 0 ? (grid.column >> (grid.longitudeBits - 1 - bit / 2)) & 1 : (grid.row >> (grid.latitudeBits - 1 - bit / 2)) & 1;
        value = value * 2 + (set ? 1 : 0);
        if (bit % 5 == 4) {
            out += kCharacters[static_cast<std::size_t>(value)];
            value = 0;
        }
    }
    return out;
}

std::optional<Grid> gridFrom(std::string_view hash)
{
    if (hash.empty() || hash.size() > kMaxGeohash)
        return std::nullopt;
    Grid grid = gridOf(static_cast<int>(hash.size()));
    int bit = 0;
    for (const char c : hash) {
        const std::size_t value = kCharacters.find(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
        if (value == std::string_view::npos)
            return std::nullopt;
        for (int shift = 4; shift >= 0; --shift, ++bit) {
            std::uint64_t& side = bit % 2 == 0 ? grid.column : grid.row;
            side = side * 2 + ((value >> shift) & 1);
        }
    }
    return grid;
}

} // namespace

std::string geohashOf(Coordinate at, int accuracy)
{
    Grid grid = gridOf(accuracy);
    grid.column = slotOf((at.longitude + 180) / 360, grid.longitudeBits);
    grid.row = slotOf((at.latitude + 90) / 180, grid.latitudeBits);
    return hashOf(grid);
}

std::optional<GeohashCell> geohashCell(std::string_view hash)
{
    const auto grid = gridFrom(hash);
    if (!grid)
        return std::nullopt;
    const double width = std::ldexp(360.0, -grid->longitudeBits);
    const double height = std::ldexp(180.0, -grid->latitudeBits);
    const double west = -180 + static_cast<double>(grid->column) * width;
    const double south = -90 + static_cast<double>(grid->row) * height;
    return GeohashCell{west, south, west + width, south + height};
}

std::vector<std::string> geohashNeighbours(std::string_view hash)
{
    std::vector<std::string> out;
    const auto grid = gridFrom(hash);
    if (!grid)
        return out;
    // The order in which Kusto's documentation prints them.
    constexpr int kSteps[8][2] = {{-1, -1}, {-1, 1}, {1, -1}, {0, 1}, {-1, 0}, {1, 1}, {1, 0}, {0, -1}};
    const std::uint64_t columns = std::uint64_t{1} << grid->longitudeBits;
    const std::uint64_t rows = std::uint64_t{1} << grid->latitudeBits;
    for (const auto& step : kSteps) {
        Grid next = *grid;
        next.row += static_cast<std::uint64_t>(step[1]);
        next.column = (next.column + static_cast<std::uint64_t>(step[0])) & (columns - 1);
        if (next.row < rows)
            out.push_back(hashOf(next));
    }
    return out;
}

} // namespace tocsin::kql::geo
