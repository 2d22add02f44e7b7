// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Fourier.h"
#include "kql/functions/support/Series.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

using enum DataType;
using namespace series;

/// The items of an array, and which of them are missing: null, or equal to the marker given.
struct Gaps {
    std::vector<DynamicView> items;
    std::vector<bool> missing;
};

std::optional<Gaps> gapsOf(std::span<const Vector> arguments, std::size_t row, std::size_t markerIndex, std::string& markerBytes)
{
    if (arguments[0].isNull(row))
        return std::nullopt;
    const DynamicView array{VectorReader<std::string_view>(arguments[0])[row]};
    if (!array.isArray())
        return std::nullopt;
    markerBytes.clear();
    if (markerIndex < arguments.size() && !arguments[markerIndex].isNull(row)) {
        DynamicBuilder builder;
        kernels::writeDynamic(builder, arguments[markerIndex], row);
        markerBytes = builder.take();
    }
    Gaps out;
    for (std::size_t i = 0; i < array.size(); ++i) {
        out.items.push_back(array.item(i));
        out.missing.push_back(array.item(i).isNull() || (!markerBytes.empty() && dynamicEquals(array.item(i), DynamicView(markerBytes))));
    }
    return out;
}

void writeItems(DynamicBuilder& out, std::span<const DynamicView> items)
{
    out.beginArray();
    for (const DynamicView item : items)
        out.view(item);
    out.endArray();
}

/// series_fill_forward, series_fill_backward
template <bool forward>
bool fillFrom(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    std::string marker;
    auto gaps = gapsOf(arguments, row, 1, marker);
    if (!gaps)
        return false;
    const std::size_t count = gaps->items.size();
    std::optional<DynamicView> last;
    for (std::size_t k = 0; k < count; ++k) {
        const std::size_t i = forward ? k : count - 1 - k;
        if (!gaps->missing[i])
            last = gaps->items[i];
        else if (last)
            gaps->items[i] = *last;
    }
    writeItems(out, gaps->items);
    return true;
}

/// series_fill_const(series, value[, marker])
bool fillConst(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    std::string marker;
    const auto gaps = gapsOf(arguments, row, 2, marker);
    if (!gaps)
        return false;
    out.beginArray();
    for (std::size_t i = 0; i < gaps->items.size(); ++i) {
        if (gaps->missing[i] && arguments.size() > 1)
            kernels::writeDynamic(out, arguments[1], row);
        else if (gaps->missing[i])
            out.number(0);
        else
            out.view(gaps->items[i]);
    }
    out.endArray();
    return true;
}

/// An interpolated value; in a series of whole numbers it is whole too, cut towards zero.
void writeInterpolated(DynamicBuilder& out, double value, bool whole)
{
    if (!whole)
        number(out, value);
    else if (const auto cut = std::isnan(value) ? std::nullopt : longFromReal(value))
        out.number(*cut);
    else
        out.null();
}

/// series_fill_linear(series[, marker[, fill_edges[, constant]]])
bool fillLinear(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    std::string marker;
    const auto gaps = gapsOf(arguments, row, 1, marker);
    if (!gaps)
        return false;
    const bool fillEdges = kernels::constantBool(arguments, 2, true);
    const double whenEmpty = realArgument(arguments, 3, row, 0);
    const std::size_t count = gaps->items.size();
    Series values(count, kMissing);
    for (std::size_t i = 0; i < count; ++i)
        if (!gaps->missing[i])
            values[i] = fromDynamic<Real>(gaps->items[i]).value_or(kMissing);
    const auto known = [&](std::size_t i) { return !std::isnan(values[i]); };
    std::size_t first = 0;
    while (first < count && !known(first))
        ++first;
    if (first == count) {
        write(out, Series(count, whenEmpty));
        return true;
    }
    std::size_t last = first;
    for (std::size_t i = first + 1; i < count; ++i) {
        if (!known(i))
            continue;
        for (std::size_t k = last + 1; k < i; ++k)
            values[k] = values[last] + (values[i] - values[last]) * static_cast<double>(k - last) / static_cast<double>(i - last);
        last = i;
    }
    if (fillEdges) {
        std::fill(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(first), values[first]);
        std::fill(values.begin() + static_cast<std::ptrdiff_t>(last), values.end(), values[last]);
    }
    const bool whole = std::all_of(gaps->items.begin(), gaps->items.end(), [](DynamicView item) { return item.isNull() || item.tag() == DynamicTag::Long; });
    out.beginArray();
    for (std::size_t i = 0; i < count; ++i) {
        if (!fillEdges && (i < first || i > last) && gaps->missing[i])
            out.view(gaps->items[i]);
        else
            writeInterpolated(out, values[i], whole);
    }
    out.endArray();
    return true;
}

/// The values weighted by the filter; missing where it covers a missing value.
Series filtered(const Series& values, const Series& filter)
{
    Series known = values;
    Series gaps(values.size());
    bool anyGap = false;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isfinite(values[i])) {
            known[i] = 0;
            gaps[i] = 1;
            anyGap = true;
        }
    Series sums = convolution(known, filter);
    if (!anyGap)
        return sums;
    const Series covered = convolution(gaps, Series(filter.size(), 1));
    for (std::size_t i = 0; i < sums.size(); ++i)
        if (covered[i] > 0.5)
            sums[i] = kMissing;
    return sums;
}

/// series_fir(series, filter[, normalize[, center]])
bool fir(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    const auto filter = argument(arguments, 1, row);
    if (!values || !filter || filter->empty())
        return false;
    double sum = 0;
    for (const double weight : *filter)
        sum += weight;
    const bool negative = std::any_of(filter->begin(), filter->end(), [](double weight) { return weight < 0; });
    const bool wanted = kernels::constantBool(arguments, 2, !negative);
    if (wanted && negative)
        return false; // there is no sum to divide by
    const bool normalize = wanted && sum != 0;
    const std::size_t shift = kernels::constantBool(arguments, 3, false) ? (filter->size() - 1) / 2 : 0;
    Series result(values->size());
    if (!result.empty()) {
        const Series sums = filtered(*values, *filter);
        for (std::size_t i = 0; i < result.size(); ++i)
            result[i] = (i + shift < sums.size() ? sums[i + shift] : 0) / (normalize ? sum : 1);
    }
    write(out, result);
    return true;
}

/// series_iir(series, numerators, denominators)
bool iir(std::span<const Vector> arguments, std::size_t row, DynamicBuilder& out)
{
    const auto values = argument(arguments, 0, row);
    const auto b = argument(arguments, 1, row);
    const auto a = argument(arguments, 2, row);
    if (!values || !b || !a || a->empty() || (*a)[0] == 0)
        return false;
    Series result(values->size());
    for (std::size_t i = 0; i < result.size(); ++i) {
        double total = 0;
        for (std::size_t k = 0; k < b->size() && k <= i; ++k)
            total += (*b)[k] * (*values)[i - k];
        for (std::size_t k = 1; k < a->size() && k <= i; ++k)
            total -= (*a)[k] * result[i - k];
        result[i] = total / (*a)[0];
    }
    write(out, result);
    return true;
}

} // namespace

void addSeriesFill(FunctionRegistry& registry)
{
    const std::vector<Parameter> marked{{"series", Dynamic}, optional("missing_value", types::any)};
    registry.add(ScalarFunction{.name = "series_fill_forward", .category = "series", .help = "Missing items take the value before them.", .example = "print series_fill_forward(dynamic([1, null, 3])) // [1,1,3]", .signatures = {signature(marked, Dynamic, rowKernel(fillFrom<true>))}});
    registry.add(ScalarFunction{.name = "series_fill_backward", .category = "series", .help = "Missing items take the value behind them.", .example = "print series_fill_backward(dynamic([1, null, 3])) // [1,3,3]", .signatures = {signature(marked, Dynamic, rowKernel(fillFrom<false>))}});
    registry.add(ScalarFunction{.name = "series_fill_const", .category = "series", .help = "Missing items take the given value (0 if there is none).", .example = "print series_fill_const(dynamic([1, null, 3]), 0) // [1,0,3]", .signatures = {signature({{"series", Dynamic}, optional("value", types::any), optional("missing_value", types::any)}, Dynamic, rowKernel(fillConst))}});
    registry.add(ScalarFunction{.name = "series_fill_linear", .category = "series", .help = "Missing items are interpolated between their neighbours.", .example = "print series_fill_linear(dynamic([1, null, 3])) // [1,2,3]", .signatures = {signature({{"series", Dynamic}, optional("missing_value", types::any), optional("fill_edges", Bool, true), optional("constant", Real)}, Dynamic, rowKernel(fillLinear))}});
    registry.add(ScalarFunction{.name = "series_fir", .category = "series", .help = "The series through a finite impulse response filter, such as a moving average.", .example = "print series_fir(dynamic([1, 3, 5]), dynamic([1, 1]), false) // [1.0,4.0,8.0]", .signatures = {signature({{"series", Dynamic}, {"filter", Dynamic}, optional("normalize", Bool, true), optional("center", Bool, true)}, Dynamic, rowKernel(fir))}});
    registry.add(ScalarFunction{.name = "series_iir", .category = "series", .help = "The series through an infinite impulse response filter, such as a running sum.", .example = "print series_iir(dynamic([1, 2, 3]), dynamic([1]), dynamic([1, -1])) // [1.0,3.0,6.0]", .signatures = {signature({{"series", Dynamic}, {"numerators", Dynamic}, {"denominators", Dynamic}}, Dynamic, rowKernel(iir))}});
}

} // namespace tocsin::kql
