// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/TextSearch.h"

#include <functional>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::ResultWriter;

std::vector<Parameter> pair(TypeSet left, TypeSet right) { return {{"left", left}, {"right", right}}; }

/// Equality with KQL's rule for nulls: null against a value is unequal, null against null is null.
template <bool negated, DataType A, DataType B, typename Equal>
ScalarKernel equality(Equal equal)
{
    return [equal](KernelContext& context, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        if constexpr (!kernels::kIsText<A> && !kernels::kIsText<B>) {
            if (!arguments[0].mayHaveNulls() && !arguments[1].mayHaveNulls())
                return kernels::dense<Bool, A, B>([equal](const auto& a, const auto& b) { return equal(a, b) != negated; })(context, arguments, rows);
        }
        const VectorReader<Physical<A>> left(arguments[0]);
        const VectorReader<Physical<B>> right(arguments[1]);
        ResultWriter<Bool> writer(rows);
        for (std::size_t row = 0; row < rows; ++row) {
            const bool noLeft = left.isNull(row);
            const bool noRight = right.isNull(row);
            if (noLeft && noRight)
                writer.putNull(row);
            else
                writer.put(row, (!noLeft && !noRight && equal(left[row], right[row])) != negated);
        }
        return writer.finish();
    };
}

/// -1, 0, 1 or (NaN, types that do not compare) 2.
template <DataType T> int orderWith(DynamicView view, const Physical<T>& value)
{
    if constexpr (T == Long) {
        if (view.tag() == DynamicTag::Real)
            return orderWith<Real>(view, static_cast<double>(value));
    }
    const auto inside = fromDynamic<T>(view);
    if (!inside)
        return 2;
    return *inside < value ? -1 : *inside == value ? 0 : value < *inside ? 1 : 2;
}

/// Whether a dynamic equals a value of a scalar type: compared as that type, but numbers without cutting decimals.
template <DataType T> bool equalsDynamic(DynamicView view, const Physical<T>& value)
{
    if constexpr (T == String)
        return view.isString() ? view.asString() == value : view.toString() == value;
    else if constexpr (T == Bool || T == Guid) {
        const auto inside = fromDynamic<T>(view);
        return inside && *inside == value;
    } else
        return orderWith<T>(view, value) == 0;
}

/// `==` or `!=` between a dynamic and a scalar type, on either side.
template <bool negated, DataType T, bool dynamicFirst>
Result<Vector> dynamicEquality(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> dynamics(arguments[dynamicFirst ? 0 : 1]);
    const VectorReader<Physical<T>> values(arguments[dynamicFirst ? 1 : 0]);
    ResultWriter<Bool> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const DynamicView view(dynamics.isNull(row) ? std::string_view() : dynamics[row]);
        const bool noValue = values.isNull(row);
        if (view.isNull() && noValue)
            writer.putNull(row);
        else if constexpr (T == String)
            writer.put(row, equalsDynamic<T>(view, values[row]) != negated);
        else
            writer.put(row, (!view.isNull() && !noValue && equalsDynamic<T>(view, values[row])) != negated);
    }
    return writer.finish();
}

template <bool negated>
Result<Vector> dynamicsEqual(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> left(arguments[0]);
    const VectorReader<std::string_view> right(arguments[1]);
    ResultWriter<Bool> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const DynamicView a(left.isNull(row) ? std::string_view() : left[row]);
        const DynamicView b(right.isNull(row) ? std::string_view() : right[row]);
        if (a.isNull() && b.isNull())
            writer.putNull(row);
        else
            writer.put(row, dynamicEquals(a, b) != negated);
    }
    return writer.finish();
}

template <bool negated, DataType... T>
void addEqualTypes(std::vector<Signature>& signatures)
{
    (signatures.push_back(signature(pair(T, T), Bool, equality<negated, T, T>(std::equal_to<>{}))), ...);
    (signatures.push_back(signature(pair(Dynamic, T), Bool, dynamicEquality<negated, T, true>)), ...);
    (signatures.push_back(signature(pair(T, Dynamic), Bool, dynamicEquality<negated, T, false>)), ...);
    signatures.push_back(signature(pair(Dynamic, Dynamic), Bool, dynamicsEqual<negated>));
}

template <bool negated>
std::vector<Signature> equalitySignatures()
{
    std::vector<Signature> signatures;
    addEqualTypes<negated, Long, Real, Decimal, Bool, DateTime, TimeSpan, Guid, String>(signatures);
    return signatures;
}

/// Ordering between a dynamic and a scalar; what does not compare, and null, gives null.
template <typename Compare, DataType T, bool dynamicFirst>
Result<Vector> dynamicOrder(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> dynamics(arguments[dynamicFirst ? 0 : 1]);
    const VectorReader<Physical<T>> values(arguments[dynamicFirst ? 1 : 0]);
    ResultWriter<Bool> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const int order = dynamics.isNull(row) || values.isNull(row) ? 2 : orderWith<T>(DynamicView(dynamics[row]), values[row]);
        if (order == 2)
            writer.putNull(row);
        else
            writer.put(row, Compare()(dynamicFirst ? order : -order, 0));
    }
    return writer.finish();
}

template <typename Compare>
Result<Vector> dynamicsOrder(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> left(arguments[0]);
    const VectorReader<std::string_view> right(arguments[1]);
    ResultWriter<Bool> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const auto a = left.isNull(row) ? std::nullopt : fromDynamic<Real>(DynamicView(left[row]));
        const auto b = right.isNull(row) ? std::nullopt : fromDynamic<Real>(DynamicView(right[row]));
        if (a && b)
            writer.put(row, Compare()(*a, *b));
        else
            writer.putNull(row);
    }
    return writer.finish();
}

template <typename Compare, DataType... T>
std::vector<Signature> orderedTypes()
{
    std::vector<Signature> signatures;
    (signatures.push_back(signature(pair(T, T), Bool, kernels::dense<Bool, T, T>(Compare()))), ...);
    (signatures.push_back(signature(pair(Dynamic, T), Bool, dynamicOrder<Compare, T, true>)), ...);
    (signatures.push_back(signature(pair(T, Dynamic), Bool, dynamicOrder<Compare, T, false>)), ...);
    signatures.push_back(signature(pair(Dynamic, Dynamic), Bool, dynamicsOrder<Compare>));
    return signatures;
}

template <typename Compare>
void addOrder(FunctionRegistry& registry, std::string_view name, std::string_view help, std::string_view example)
{
    registry.add(ScalarFunction{.name = name, .category = "comparison", .help = help, .example = example,
                                .signatures = orderedTypes<Compare, Long, Real, Decimal, DateTime, TimeSpan, Bool, Guid>(), .traits = kNullStrict});
}

template <bool negated>
Result<Vector> equalsIgnoringCaseKernel(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> left(arguments[0]);
    const VectorReader<std::string_view> right(arguments[1]);
    ResultWriter<Bool> writer(rows);
    if (arguments[1].isConstant() && rows > 0) {
        const TextFinder finder(right[0], false);
        for (std::size_t row = 0; row < rows; ++row)
            writer.put(row, finder.equals(left[row]) != negated);
    } else {
        for (std::size_t row = 0; row < rows; ++row)
            writer.put(row, TextFinder(right[row], false).equals(left[row]) != negated);
    }
    return writer.finish();
}

} // namespace

void addComparison(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "==", .category = "comparison", .help = "Whether two values are equal; texts with their case. A null equals no value.",
                                .example = "print 1 == 1.0 // true", .signatures = equalitySignatures<false>()});
    registry.add(ScalarFunction{.name = "!=", .category = "comparison", .help = "Whether two values differ; texts with their case. A null differs from every value.",
                                .example = "print 'a' != 'A' // true", .signatures = equalitySignatures<true>()});
    registry.addAlias("<>", "!=");
    addOrder<std::less<>>(registry, "<", "Whether the left value is smaller or earlier.", "print 1 < 2 // true");
    addOrder<std::less_equal<>>(registry, "<=", "Whether the left value is smaller, earlier or equal.", "print 2 <= 2 // true");
    addOrder<std::greater<>>(registry, ">", "Whether the left value is greater or later.", "print 1h > 1m // true");
    addOrder<std::greater_equal<>>(registry, ">=", "Whether the left value is greater, later or equal.", "print 1 >= 2 // false");
    registry.add(ScalarFunction{.name = "=~", .category = "string", .help = "Whether two texts are equal, ignoring case.", .example = "print 'abc' =~ 'ABC' // true",
                                .signatures = {signature(pair(String, String), Bool, equalsIgnoringCaseKernel<false>)}});
    registry.add(ScalarFunction{.name = "!~", .category = "string", .help = "Whether two texts differ, ignoring case.", .example = "print 'abc' !~ 'ABC' // false",
                                .signatures = {signature(pair(String, String), Bool, equalsIgnoringCaseKernel<true>)}});
}

} // namespace tocsin::kql
