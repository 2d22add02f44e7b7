// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/Families.h"
#include "kql/functions/support/Kernels.h"

#include <cmath>
#include <memory>
#include <type_traits>
#include <vector>

/// What the aggregates are made of.
namespace tocsin::kql::aggregates {

/// Base of accumulators that merge group by group: Self has `mergeGroup(to, other, from)`.
template <typename Self>
class GroupwiseAccumulator : public Accumulator {
public:
    Result<void> merge(Accumulator& other, std::span<const std::uint32_t> mapping) final
    {
        auto& source = static_cast<Self&>(other);
        for (std::size_t i = 0; i < mapping.size(); ++i)
            if (mapping[i] != kLeftOut)
                static_cast<Self*>(this)->mergeGroup(mapping[i], source, i);
        return {};
    }
};

/// Calls `visit(group, value)` for each row whose value is not null.
template <DataType T, typename Visit>
void forValues(const Vector& vector, std::span<const std::uint32_t> groups, Visit&& visit)
{
    const VectorReader<Physical<T>> reader(vector);
    if (!reader.hasNulls()) {
        for (std::size_t row = 0; row < groups.size(); ++row)
            visit(groups[row], reader[row]);
        return;
    }
    for (std::size_t row = 0; row < groups.size(); ++row)
        if (!reader.isNull(row))
            visit(groups[row], reader[row]);
}

/// Whether a value takes the place of the greatest (smallest) so far. NaN only stands where there is no number, whatever came first.
template <bool greatest, typename A, typename B> bool isBetter(const A& value, const B& best)
{
    if constexpr (std::is_floating_point_v<A>) {
        if (std::isnan(value) || std::isnan(best))
            return !std::isnan(value) && std::isnan(best);
    }
    return greatest ? best < value : value < best;
}

using ResultTypes = std::function<std::vector<DataType>(std::span<const DataType>, std::span<const Value* const>)>;
using Maker = std::function<std::unique_ptr<Accumulator>(const AggregateBinding&)>;

inline ResultTypes always(DataType type) { return [type](auto, auto) { return std::vector<DataType>{type}; }; }
inline ResultTypes sameAsFirst() { return [](std::span<const DataType> arguments, auto) { return std::vector<DataType>{arguments[0]}; }; }

template <typename T> Maker maker() { return [](const AggregateBinding&) { return std::make_unique<T>(); }; }

/// Chooses a class template's instance by the type of an argument.
template <template <DataType> class A> Maker makerByType(std::size_t argument = 0)
{
    return [argument](const AggregateBinding& binding) {
        return visitType(binding.argumentTypes[argument], []<DataType T>() -> std::unique_ptr<Accumulator> { return std::make_unique<A<T>>(); });
    };
}

/// Wraps an aggregate so that it takes only the rows where the argument at `predicate` is true (sumif, dcountif …); the inner one
/// does not see that argument.
Maker filtered(Maker inner, std::size_t predicate);

/// The aggregate `name` with one more parameter, `predicate`, at a position: the declaration of its -if form.
AggregateFunction filteredForm(const AggregateFunction& plain, std::string_view name, std::string_view prefix, std::string_view help, std::string_view example, std::size_t position);

/// The constant of an argument as long, or the default.
std::int64_t constantOf(const AggregateBinding& binding, std::size_t argument, std::int64_t otherwise);

} // namespace tocsin::kql::aggregates
