// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Kernels.h"

#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <vector>

/// Numeric series: dynamic arrays of numbers. What is missing (null, no number) is NaN inside and null outside.
namespace tocsin::kql::series {

inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

using Series = std::vector<double>;

/// Nothing for a value that is no array.
std::optional<Series> read(DynamicView array);
void write(DynamicBuilder& out, std::span<const double> values);
void number(DynamicBuilder& out, double value);

struct Moments {
    double count = 0;
    double mean = 0;
    double squares = 0; ///< sum of squared deviations from the mean
    double sampleVariance() const { return count > 1 ? squares / (count - 1) : 0; }
};
/// Of the values that are finite.
Moments moments(std::span<const double> values);
/// With linear interpolation between ranks; `sorted` must not be empty, p is 0 … 1.
double quantile(std::span<const double> sorted, double p);

/// One argument of a row as a series; nothing if it is null or no array.
std::optional<Series> argument(std::span<const Vector> arguments, std::size_t index, std::size_t row);
double realArgument(std::span<const Vector> arguments, std::size_t index, std::size_t row, double otherwise);

/// A kernel that writes one dynamic value a row: `fn(arguments, row, builder)`; false makes null (and must have written nothing).
template <typename F> ScalarKernel rowKernel(F fn)
{
    return [fn](KernelContext&, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        kernels::ResultWriter<DataType::Dynamic> writer(rows);
        DynamicBuilder builder;
        for (std::size_t row = 0; row < rows; ++row) {
            if (fn(arguments, row, builder))
                writer.put(row, builder.take());
            else
                writer.putNull(row);
        }
        return writer.finish();
    };
}

} // namespace tocsin::kql::series
