// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/MergeSort.h"
#include "kql/functions/AnyText.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/DynamicItems.h"
#include "kql/functions/support/DynamicOrder.h"
#include "kql/functions/support/Kernels.h"

#include <algorithm>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::map;
using kernels::mapDynamic;
using kernels::ResultWriter;

std::vector<DynamicView> itemsOf(DynamicView array)
{
    std::vector<DynamicView> out;
    for (std::size_t i = 0; array.isArray() && i < array.size(); ++i)
        out.push_back(array.item(i));
    return out;
}

void writeItems(DynamicBuilder& out, std::span<const DynamicView> items)
{
    out.beginArray();
    for (const DynamicView item : items)
        out.view(item);
    out.endArray();
}

/// The arrays one after the other; a null argument is passed over, another value that is no array makes null.
Result<Vector> concatenateArrays(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const std::vector<VectorReader<std::string_view>> readers(arguments.begin(), arguments.end());
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        std::vector<DynamicView> all;
        bool any = false;
        for (const auto& reader : readers) {
            const DynamicView array(reader.isNull(row) ? std::string_view() : reader[row]);
            any = any || array.isArray();
            const auto items = itemsOf(array);
            all.insert(all.end(), items.begin(), items.end());
        }
        if (!any) {
            writer.putNull(row);
            continue;
        }
        writeItems(builder, all);
        writer.put(row, builder.take());
    }
    return writer.finish();
}

/// A position that may count from the end, as one from 0 to size.
std::size_t clampedIndex(std::int64_t index, std::size_t size)
{
    const auto count = static_cast<std::int64_t>(size);
    return static_cast<std::size_t>(std::clamp<std::int64_t>(index < 0 ? index + count : index, 0, count));
}

bool slice(std::string_view bytes, std::int64_t first, std::int64_t last, DynamicBuilder& out)
{
    const DynamicView array(bytes);
    if (!array.isArray())
        return false;
    const auto items = itemsOf(array);
    const auto count = static_cast<std::int64_t>(items.size());
    const std::size_t from = clampedIndex(first, items.size());
    const std::int64_t lastFromStart = last < 0 ? last + count : last;
    const auto to = static_cast<std::size_t>(std::clamp<std::int64_t>(lastFromStart + 1, static_cast<std::int64_t>(from), std::max<std::int64_t>(count, static_cast<std::int64_t>(from))));
    writeItems(out, std::span(items).subspan(from, std::min(to, items.size()) - from));
    return true;
}

bool rotate(std::string_view bytes, std::int64_t by, DynamicBuilder& out)
{
    const DynamicView array(bytes);
    if (!array.isArray())
        return false;
    auto items = itemsOf(array);
    if (!items.empty()) {
        const auto count = static_cast<std::int64_t>(items.size());
        const std::int64_t left = (by % count + count) % count;
        std::rotate(items.begin(), items.begin() + left, items.end());
    }
    writeItems(out, items);
    return true;
}

bool shift(std::string_view bytes, std::int64_t by, DynamicView fill, DynamicBuilder& out)
{
    const DynamicView array(bytes);
    if (!array.isArray())
        return false;
    const auto items = itemsOf(array);
    const auto count = static_cast<std::int64_t>(items.size());
    out.beginArray();
    for (std::int64_t i = 0; i < count; ++i) {
        const bool inside = by >= 0 ? by < count && i < count - by : -by < count && i >= -by;
        out.view(inside ? items[static_cast<std::size_t>(i + by)] : fill);
    }
    out.endArray();
    return true;
}

/// The fill of a shifted array: an empty text for texts, else null.
template <int direction>
Result<Vector> shiftArray(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    DynamicBuilder fillBuilder;
    const VectorReader<std::string_view> arrays(arguments[0]);
    const VectorReader<std::int64_t> counts(arguments[1]);
    for (std::size_t row = 0; row < rows; ++row) {
        if (arrays.isNull(row) || counts.isNull(row)) {
            writer.putNull(row);
            continue;
        }
        const DynamicView array(arrays[row]);
        if (arguments.size() > 2)
            kernels::writeDynamic(fillBuilder, arguments[2], row);
        else if (array.isArray() && array.size() > 0 && array.item(0).isString())
            fillBuilder.string({});
        else
            fillBuilder.null();
        const std::string fill = fillBuilder.take();
        if (shift(arrays[row], direction * counts[row], DynamicView(fill), builder))
            writer.put(row, builder.take());
        else
            writer.putNull(row);
    }
    return writer.finish();
}

bool splitArray(std::string_view bytes, std::string_view indexBytes, DynamicBuilder& out)
{
    const DynamicView array(bytes);
    const DynamicView indices(indexBytes);
    if (!array.isArray())
        return false;
    const auto items = itemsOf(array);
    std::vector<std::size_t> cuts;
    const auto addCut = [&](DynamicView index) {
        if (const auto number = fromDynamic<Long>(index))
            cuts.push_back(clampedIndex(*number, items.size()));
    };
    if (indices.isArray()) {
        for (const DynamicView index : itemsOf(indices))
            addCut(index);
    } else {
        addCut(indices);
    }
    out.beginArray();
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
        const std::size_t to = std::max(from, cut);
        writeItems(out, std::span(items).subspan(from, to - from));
        from = to;
    }
    writeItems(out, std::span(items).subspan(from));
    out.endArray();
    return true;
}

/// Sorted by the first array; the further arrays follow its order. Nulls come last unless said otherwise.
template <bool descending>
Result<Vector> sortArray(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    std::vector<VectorReader<std::string_view>> readers;
    bool nullsLast = true;
    for (const Vector& argument : arguments) {
        if (argument.type() == Bool)
            nullsLast = argument.isNull(0) || VectorReader<std::uint8_t>(argument)[0] != 0;
        else
            readers.emplace_back(argument);
    }
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        const DynamicView first(readers[0].isNull(row) ? std::string_view() : readers[0][row]);
        if (!first.isArray()) {
            writer.putNull(row);
            continue;
        }
        const auto keys = itemsOf(first);
        std::vector<std::size_t> order(keys.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        const auto before = [&](std::size_t a, std::size_t b) {
            if (keys[a].isNull() || keys[b].isNull())
                return keys[a].isNull() != keys[b].isNull() && keys[a].isNull() != nullsLast;
            if (const int kinds = kindOfDynamic(keys[a]) - kindOfDynamic(keys[b])) // kinds stay in order, whatever the direction
                return kinds < 0;
            return descending ? compareDynamics(keys[b], keys[a]) < 0 : compareDynamics(keys[a], keys[b]) < 0;
        };
        TOCSIN_TRY(stableMergeSort(order, before, [&context] { return context.stop.stop_requested() ? Result<void>(fail(kCancelled)) : Result<void>(); }));
        if (readers.size() > 1)
            builder.beginArray();
        for (const auto& reader : readers) {
            const auto items = itemsOf(DynamicView(reader.isNull(row) ? std::string_view() : reader[row]));
            std::vector<DynamicView> sorted;
            for (const std::size_t i : order)
                sorted.push_back(i < items.size() ? items[i] : DynamicView());
            if (items.size() == keys.size())
                writeItems(builder, sorted);
            else
                builder.null();
        }
        if (readers.size() > 1)
            builder.endArray();
        writer.put(row, builder.take());
    }
    return writer.finish();
}

/// array_index_of(array, value[, start[, length[, occurrence]]])
Result<Vector> indexOfItem(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> arrays(arguments[0]);
    const auto option = [&](std::size_t i, std::size_t row, std::int64_t otherwise) {
        return i < arguments.size() && !arguments[i].isNull(row) ? VectorReader<std::int64_t>(arguments[i])[row] : otherwise;
    };
    ResultWriter<Long> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        const DynamicView array(arrays.isNull(row) ? std::string_view() : arrays[row]);
        const std::int64_t length = option(3, row, -1);
        std::int64_t occurrence = option(4, row, 1);
        if (!array.isArray() || length < -1 || occurrence < 0) {
            writer.putNull(row);
            continue;
        }
        kernels::writeDynamic(builder, arguments[1], row);
        const std::string wanted = builder.take();
        const std::size_t from = clampedIndex(option(2, row, 0), array.size());
        std::int64_t found = -1;
        const std::size_t to = length < 0 ? array.size() : std::min(array.size(), from + static_cast<std::size_t>(length));
        for (std::size_t i = from; i < to && found < 0; ++i)
            if (dynamicEquals(array.item(i), DynamicView(wanted)) && --occurrence == 0)
                found = static_cast<std::int64_t>(i);
        writer.put(row, found);
    }
    return writer.finish();
}

bool joinArray(std::string_view bytes, std::string_view delimiter, std::string& out)
{
    const DynamicView array(bytes);
    if (!array.isArray())
        return false;
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (i > 0)
            out += delimiter;
        out += array.item(i).toString();
    }
    return true;
}

/// Chooses between two arrays (or values) item by item.
bool chooseItems(std::string_view conditions, DynamicView whenTrue, DynamicView whenFalse, DynamicBuilder& out)
{
    const DynamicView flags(conditions);
    if (!flags.isArray())
        return false;
    out.beginArray();
    for (std::size_t i = 0; i < flags.size(); ++i) {
        const auto flag = fromDynamic<Bool>(flags.item(i));
        const DynamicView source = flag.value_or(0) ? whenTrue : whenFalse;
        if (!flag)
            out.null();
        else if (!source.isArray())
            out.view(source);
        else
            out.view(i < source.size() ? source.item(i) : DynamicView());
    }
    out.endArray();
    return true;
}

std::optional<double> sumOf(std::string_view bytes)
{
    const DynamicView array(bytes);
    if (!array.isArray())
        return std::nullopt;
    double sum = 0;
    for (const DynamicView item : itemsOf(array)) {
        if (item.isString())
            return std::nullopt;
        sum += fromDynamic<Real>(item).value_or(0);
    }
    return sum;
}

/// The arrays side by side as an array of arrays, padded with null.
Result<Vector> zipArrays(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const std::vector<VectorReader<std::string_view>> readers(arguments.begin(), arguments.end());
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        std::size_t longest = 0;
        std::vector<DynamicView> arrays;
        for (const auto& reader : readers) {
            arrays.emplace_back(reader.isNull(row) ? std::string_view() : reader[row]);
            longest = std::max(longest, arrays.back().isArray() ? arrays.back().size() : 1);
        }
        builder.beginArray();
        for (std::size_t i = 0; i < longest; ++i) {
            builder.beginArray();
            for (const DynamicView array : arrays)
                builder.view(array.isArray() ? (i < array.size() ? array.item(i) : DynamicView()) : (i == 0 ? array : DynamicView()));
            builder.endArray();
        }
        builder.endArray();
        writer.put(row, builder.take());
    }
    return writer.finish();
}

constexpr std::int64_t kMaxRange = 1'048'576;

template <DataType T> bool writeRange(const Physical<T>& start, const Physical<T>& stop, const auto& step, DynamicBuilder& out)
{
    if (!(step > 0) && !(step < 0))
        return false;
    out.beginArray();
    std::int64_t count = 0;
    for (std::int64_t i = 0; count < kMaxRange; ++i, ++count) {
        const auto value = static_cast<Physical<T>>(start + static_cast<Physical<T>>(i) * step);
        if (step > 0 ? value > stop : value < stop)
            break;
        if constexpr (T == Real)
            out.real(value);
        else if constexpr (T == DateTime)
            out.dateTime(value);
        else if constexpr (T == TimeSpan)
            out.timeSpan(value);
        else
            out.number(value);
    }
    out.endArray();
    return true;
}

template <DataType T, DataType Step> Signature rangeSignature()
{
    return signature({{"start", T}, {"stop", T}, {"step", Step}}, Dynamic, mapDynamic<T, T, Step>([](const auto& a, const auto& b, const auto& step, DynamicBuilder& out) { return writeRange<T>(a, b, step, out); }));
}

/// Without a step: by 1 for numbers, by an hour for times.
template <DataType T> Signature plainRangeSignature()
{
    return signature({{"start", T}, {"stop", T}}, Dynamic, mapDynamic<T, T>([](const auto& a, const auto& b, DynamicBuilder& out) {
        return writeRange<T>(a, b, static_cast<Physical<T>>(T == DateTime || T == TimeSpan ? kTicksPerHour : 1), out);
    }));
}

void addReordering(FunctionRegistry& registry)
{
    const std::vector<Parameter> arrays{repeated("array", Dynamic)};
    const std::vector<Parameter> arraysAndFlag{repeated("array", Dynamic), constant("nullsLast", Bool)};
    registry.add(ScalarFunction{.name = "array_sort_asc", .category = "dynamic", .help = "The array in ascending order; further arrays are brought into the order of the first.", .example = "print array_sort_asc(dynamic([3, 1, 2])) // [1,2,3]",
        .signatures = {signature(arrays, Dynamic, sortArray<false>), signature(arraysAndFlag, Dynamic, sortArray<false>)}});
    registry.add(ScalarFunction{.name = "array_sort_desc", .category = "dynamic", .help = "The array in descending order; further arrays are brought into the order of the first.", .example = "print array_sort_desc(dynamic([3, 1, 2])) // [3,2,1]",
        .signatures = {signature(arrays, Dynamic, sortArray<true>), signature(arraysAndFlag, Dynamic, sortArray<true>)}});
    registry.add(ScalarFunction{.name = "array_reverse", .category = "dynamic", .help = "The array backwards.", .example = "print array_reverse(dynamic([1, 2])) // [2,1]",
        .signatures = {signature({{"array", Dynamic}}, Dynamic, mapDynamic<Dynamic>([](std::string_view bytes, DynamicBuilder& out) {
            auto items = itemsOf(DynamicView(bytes));
            std::reverse(items.begin(), items.end());
            if (DynamicView(bytes).isArray())
                writeItems(out, items);
            return DynamicView(bytes).isArray();
        }))}});
    const std::vector<Parameter> count{{"array", Dynamic}, {"count", Long}};
    registry.add(ScalarFunction{.name = "array_rotate_left", .category = "dynamic", .help = "The array turned to the left by a number of places.", .example = "print array_rotate_left(dynamic([1, 2, 3]), 1) // [2,3,1]",
        .signatures = {signature(count, Dynamic, mapDynamic<Dynamic, Long>(rotate))}});
    registry.add(ScalarFunction{.name = "array_rotate_right", .category = "dynamic", .help = "The array turned to the right by a number of places.", .example = "print array_rotate_right(dynamic([1, 2, 3]), 1) // [3,1,2]",
        .signatures = {signature(count, Dynamic, mapDynamic<Dynamic, Long>([](std::string_view bytes, std::int64_t by, DynamicBuilder& out) { return rotate(bytes, -by, out); }))}});
    const std::vector<Parameter> filled{{"array", Dynamic}, {"count", Long}, {"fill", types::any}};
    registry.add(ScalarFunction{.name = "array_shift_left", .category = "dynamic", .help = "The array moved to the left, filled up with null or the given value.", .example = "print array_shift_left(dynamic([1, 2, 3]), 1) // [2,3,null]",
        .signatures = {signature(count, Dynamic, shiftArray<1>), signature(filled, Dynamic, shiftArray<1>)}});
    registry.add(ScalarFunction{.name = "array_shift_right", .category = "dynamic", .help = "The array moved to the right, filled up with null or the given value.", .example = "print array_shift_right(dynamic([1, 2, 3]), 1) // [null,1,2]",
        .signatures = {signature(count, Dynamic, shiftArray<-1>), signature(filled, Dynamic, shiftArray<-1>)}});
}

void addCutting(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "array_concat", .category = "dynamic", .help = "The arrays one after the other.", .example = "print array_concat(dynamic([1, 2]), dynamic([3])) // [1,2,3]", .signatures = {signature({repeated("array", Dynamic)}, Dynamic, concatenateArrays)}});
    registry.add(ScalarFunction{.name = "array_slice", .category = "dynamic", .help = "The items from one position to another, both included; negative ones count from the end.", .example = "print array_slice(dynamic([1, 2, 3, 4]), 1, -2) // [2,3]",
        .signatures = {signature({{"array", Dynamic}, {"start", Long}, {"end", Long}}, Dynamic, mapDynamic<Dynamic, Long, Long>(slice))}});
    registry.add(ScalarFunction{.name = "array_split", .category = "dynamic", .help = "The array cut at one position or several, as an array of arrays.", .example = "print array_split(dynamic([1, 2, 3]), 1) // [[1],[2,3]]",
        .signatures = {signature({{"array", Dynamic}, {"indices", Dynamic}}, Dynamic, mapDynamic<Dynamic, Dynamic>(splitArray)),
                       signature({{"array", Dynamic}, {"index", Long}}, Dynamic, mapDynamic<Dynamic, Long>([](std::string_view bytes, std::int64_t index, DynamicBuilder& out) {
                           DynamicBuilder number;
                           number.number(index);
                           return splitArray(bytes, number.take(), out);
                       }))}});
    registry.add(ScalarFunction{.name = "zip", .category = "dynamic", .help = "Arrays side by side, as an array of arrays.", .example = "print zip(dynamic([1, 3]), dynamic([2, 4])) // [[1,2],[3,4]]", .signatures = {signature({{"array", Dynamic}, repeated("other", Dynamic)}, Dynamic, zipArrays)}});
    registry.add(ScalarFunction{.name = "range", .category = "dynamic", .help = "An array of evenly spaced values, both ends included; without a step, 1 (or 1h) apart.", .example = "print range(1, 8, 3) // [1,4,7]",
        .signatures = {rangeSignature<Long, Long>(), rangeSignature<Real, Real>(), rangeSignature<DateTime, TimeSpan>(), rangeSignature<TimeSpan, TimeSpan>(),
                       plainRangeSignature<Long>(), plainRangeSignature<Real>(), plainRangeSignature<DateTime>(), plainRangeSignature<TimeSpan>()}});
    registry.add(ScalarFunction{.name = "repeat", .category = "dynamic", .help = "An array of the same value a number of times.", .example = "print repeat('a', 2) // [\"a\",\"a\"]",
        .signatures = {signature({{"value", types::any}, {"count", Long}}, Dynamic, [](KernelContext&, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
            ResultWriter<Dynamic> writer(rows);
            DynamicBuilder builder;
            const VectorReader<std::int64_t> counts(arguments[1]);
            for (std::size_t row = 0; row < rows; ++row) {
                if (counts.isNull(row) || counts[row] < 0) {
                    writer.putNull(row);
                    continue;
                }
                builder.beginArray();
                for (std::int64_t i = 0; i < std::min(counts[row], kMaxRange); ++i)
                    kernels::writeDynamic(builder, arguments[0], row);
                builder.endArray();
                writer.put(row, builder.take());
            }
            return writer.finish();
        })}});
}

} // namespace

void addArrayFunctions(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "array_length", .category = "dynamic", .help = "The number of items of an array; null for other values.", .example = "print array_length(dynamic([1, 2, 3])) // 3",
        .signatures = {signature({{"array", Dynamic}}, Long, map<Long, Dynamic>([](std::string_view bytes) {
            const DynamicView array(bytes);
            return array.isArray() ? std::optional(static_cast<std::int64_t>(array.size())) : std::nullopt;
        }))}});
    registry.addAlias("arraylength", "array_length");
    registry.add(ScalarFunction{.name = "array_sum", .category = "dynamic", .help = "The sum of the items of an array; null if one is no number.", .example = "print array_sum(dynamic([1, 2, 3])) // 6.0",
        .signatures = {signature({{"array", Dynamic}}, Real, map<Real, Dynamic>(sumOf))}});
    registry.add(ScalarFunction{.name = "array_index_of", .category = "dynamic", .help = "The position of a value in an array, -1 if it is not there; with a start, a length (-1 for all) and which occurrence.", .example = "print array_index_of(dynamic(['a', 'b']), 'b') // 1",
        .signatures = {signature({{"array", Dynamic}, {"value", types::any}, optional("start", Long), optional("length", Long), optional("occurrence", Long)}, Long, indexOfItem)}});
    registry.add(ScalarFunction{.name = "array_iff", .category = "dynamic", .help = "An array of items chosen from two arrays (or values) by an array of conditions.", .example = "print array_iff(dynamic([true, false]), dynamic([1, 2]), dynamic([3, 4])) // [1,4]",
        .signatures = {signature({{"conditions", Dynamic}, {"when_true", types::any}, {"when_false", types::any}}, Dynamic, [](KernelContext& context, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
            TOCSIN_TRY_ASSIGN(const Vector yes, convertVector(arguments[1], Dynamic));
            TOCSIN_TRY_ASSIGN(const Vector no, convertVector(arguments[2], Dynamic));
            const std::vector<Vector> converted{arguments[0], yes, no};
            return mapDynamic<Dynamic, Dynamic, Dynamic>([](std::string_view c, std::string_view y, std::string_view n, DynamicBuilder& out) { return chooseItems(c, DynamicView(y), DynamicView(n), out); })(context, converted, rows);
        })}});
    registry.addAlias("array_iif", "array_iff");
    registry.add(ScalarFunction{.name = "strcat_array", .category = "dynamic", .help = "The items of an array as text with a delimiter between them.", .example = "print strcat_array(dynamic([1, 'a']), '->') // 1->a",
        .signatures = {signature({{"array", Dynamic}, {"delimiter", String}}, String, kernels::mapText<String, Dynamic, String>(joinArray))}, .traits = kAnyText});
    registry.addAlias("array_strcat", "strcat_array");
    addReordering(registry);
    addCutting(registry);
}

} // namespace tocsin::kql
