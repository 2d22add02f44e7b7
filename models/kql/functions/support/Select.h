// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/support/Kernels.h"

namespace tocsin::kql {

/// A vector of one type whose row i is row i of one of several sources. `pick(row)` gives the index of the source, or -1 for null.
template <typename Pick>
Vector selectRows(DataType type, std::span<const Vector> sources, std::size_t rows, Pick&& pick)
{
    return visitType(type, [&]<DataType T>() {
        std::vector<VectorReader<Physical<T>>> readers;
        kernels::ResultWriter<T> writer(rows);
        for (const Vector& source : sources) {
            readers.emplace_back(source);
            if constexpr (kernels::kIsText<T>)
                writer.keep(kernels::ownerOf(source));
        }
        for (std::size_t row = 0; row < rows; ++row) {
            const int source = pick(row);
            if (source < 0 || readers[static_cast<std::size_t>(source)].isNull(row))
                writer.putNull(row);
            else if constexpr (kernels::kIsText<T>)
                writer.putView(row, readers[static_cast<std::size_t>(source)][row]);
            else
                writer.put(row, readers[static_cast<std::size_t>(source)][row]);
        }
        return writer.finish();
    });
}

} // namespace tocsin::kql
