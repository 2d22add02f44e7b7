// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Series.h"

namespace tocsin::kql::series {

std::optional<Series> read(DynamicView array)
{
    if (!array.isArray())
        return std::nullopt;
    Series out(array.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const DynamicView item = array.item(i);
        out[i] = item.isString() ? kMissing : fromDynamic<DataType::Real>(item).value_or(kMissing);
    }
    return out;
}

void number(DynamicBuilder& out, double value)
{
    if (std::isnan(value))
        out.null();
    else
        out.real(value);
}

void write(DynamicBuilder& out, std::span<const double> values)
{
    out.beginArray();
    for (const double value : values)
        number(out, value);
    out.endArray();
}

Moments moments(std::span<const double> values)
{
    Moments out;
    for (const double value : values) {
        if (!std::isfinite(value))
            continue;
        out.count += 1;
        const double delta = value - out.mean;
        out.mean += delta / out.count;
        out.squares += delta * (value - out.mean);
    }
    return out;
}

double quantile(std::span<const double> sorted, double p)
{
    const double place = p * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}

std::optional<Series> argument(std::span<const Vector> arguments, std::size_t index, std::size_t row)
{
    if (index >= arguments.size() || arguments[index].isNull(row))
        return std::nullopt;
    return read(DynamicView(VectorReader<std::string_view>(arguments[index])[row]));
}

double realArgument(std::span<const Vector> arguments, std::size_t index, std::size_t row, double otherwise)
{
    if (index >= arguments.size() || arguments[index].isNull(row))
        return otherwise;
    return VectorReader<double>(arguments[index])[row];
}

} // namespace tocsin::kql::series
