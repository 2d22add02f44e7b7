// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/S2Cells.h"

#include <s2/s2cell.h>
#include <s2/s2cell_union.h>
#include <s2/s2region_coverer.h>

#include <algorithm>

namespace tocsin::kql::geo {

std::optional<S2CellId> s2CellOf(std::string_view token)
{
    if (token.empty() || token.size() > 16)
        return std::nullopt;
    const S2CellId cell = S2CellId::FromToken(std::string(token));
    return cell.is_valid() ? std::optional(cell) : std::nullopt;
}

std::vector<S2CellId> s2Neighbours(S2CellId cell)
{
    std::vector<S2CellId> around;
    cell.AppendAllNeighbors(cell.level(), &around);
    if (around.size() == 8) {
        // The library goes from one corner to the opposite one; here that last one comes first, and right before left.
        std::rotate(around.begin(), around.end() - 1, around.end());
        std::swap(around[5], around[6]);
    }
    std::vector<S2CellId> out;
    for (const S2CellId neighbour : around)
        if (neighbour != cell && std::find(out.begin(), out.end(), neighbour) == out.end())
            out.push_back(neighbour);
    return out;
}

Path s2Boundary(S2CellId cell)
{
    const S2Cell square(cell);
    Path path;
    for (int i = 0; i <= 4; ++i)
        path.push_back(fromS2(square.GetVertex(i)));
    return path;
}

std::optional<std::vector<S2CellId>> s2Covering(const S2Region& region, int level)
{
    // With a limit on the cells and none on their size the work is bounded; cells that stayed large count for all within them.
    S2RegionCoverer::Options options;
    options.set_max_level(level);
    options.set_max_cells(static_cast<int>(kMaxCells));
    S2RegionCoverer coverer(options);
    const S2CellUnion covering = coverer.GetCovering(region);
    std::size_t count = 0;
    for (const S2CellId cell : covering) {
        const int finer = level - cell.level();
        if (finer > 10)
            return std::nullopt;
        count += std::size_t{1} << (2 * finer);
        if (count > kMaxCells)
            return std::nullopt;
    }
    std::vector<S2CellId> cells;
    covering.Denormalize(level, 1, &cells);
    return cells;
}

} // namespace tocsin::kql::geo
