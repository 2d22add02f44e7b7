// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/DynamicItems.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/StopTicks.h"

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::ResultWriter;

enum class SetOperation { Union, Intersect, Difference };

ItemSet setOf(DynamicView array, StopTicks& stopped)
{
    ItemSet out;
    for (std::size_t i = 0; array.isArray() && i < array.size() && !stopped(); ++i)
        out.insert(array.item(i).bytes());
    return out;
}

ItemSet setOf(DynamicView array)
{
    StopTicks never{std::stop_token()};
    return setOf(array, never);
}

/// set_union, set_intersect, set_difference of two or more arrays, in the order of first appearance. No array gives null.
template <SetOperation operation>
Result<Vector> combineSets(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    const std::vector<VectorReader<std::string_view>> readers(arguments.begin(), arguments.end());
    StopTicks stopped(context.stop);
    ResultWriter<Dynamic> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const auto view = [&](std::size_t i) { return DynamicView(readers[i].isNull(row) ? std::string_view() : readers[i][row]); };
        if (!view(0).isArray()) {
            writer.putNull(row);
            continue;
        }
        ItemSet result = setOf(view(0), stopped);
        for (std::size_t i = 1; i < readers.size(); ++i) {
            const ItemSet other = setOf(view(i), stopped);
            if constexpr (operation == SetOperation::Union) {
                for (std::size_t item = 0; item < other.items().size() && !stopped(); ++item)
                    result.insert(other.items().item(item));
            } else {
                ItemSet kept;
                for (std::size_t item = 0; item < result.items().size() && !stopped(); ++item)
                    if (other.contains(result.items().item(item)) == (operation == SetOperation::Intersect))
                        kept.insert(result.items().item(item));
                result = std::move(kept);
            }
        }
        if (context.stop.stop_requested())
            return fail(kCancelled);
        writer.put(row, result.items().array());
    }
    return writer.finish();
}

Result<Vector> hasElement(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> sets(arguments[0]);
    ResultWriter<Bool> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        const DynamicView set(sets.isNull(row) ? std::string_view() : sets[row]);
        if (!set.isArray()) {
            writer.putNull(row);
            continue;
        }
        kernels::writeDynamic(builder, arguments[1], row);
        const std::string wanted = builder.take();
        bool found = false;
        for (std::size_t i = 0; i < set.size() && !found; ++i)
            found = dynamicEquals(set.item(i), DynamicView(wanted));
        writer.put(row, found);
    }
    return writer.finish();
}

std::size_t commonItems(const ItemSet& a, const ItemSet& b)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.items().size(); ++i)
        count += b.contains(a.items().item(i));
    return count;
}

double jaccard(std::string_view left, std::string_view right)
{
    const ItemSet a = setOf(DynamicView(left));
    const ItemSet b = setOf(DynamicView(right));
    const auto shared = static_cast<double>(commonItems(a, b));
    return shared / (static_cast<double>(a.items().size() + b.items().size()) - shared);
}

bool equalSets(std::string_view left, std::string_view right)
{
    const ItemSet a = setOf(DynamicView(left));
    const ItemSet b = setOf(DynamicView(right));
    return a.items().size() == b.items().size() && commonItems(a, b) == a.items().size();
}

} // namespace

void addSetFunctions(FunctionRegistry& registry)
{
    const std::vector<Parameter> sets{{"set", Dynamic}, repeated("other", Dynamic)};
    registry.add(ScalarFunction{.name = "set_union", .category = "dynamic", .help = "The different items of all arrays.", .example = "print set_union(dynamic([1, 2]), dynamic([2, 3])) // [1,2,3]", .signatures = {signature(sets, Dynamic, combineSets<SetOperation::Union>)}});
    registry.add(ScalarFunction{.name = "set_intersect", .category = "dynamic", .help = "The different items that all arrays have.", .example = "print set_intersect(dynamic([1, 2]), dynamic([2, 3])) // [2]", .signatures = {signature(sets, Dynamic, combineSets<SetOperation::Intersect>)}});
    registry.add(ScalarFunction{.name = "set_difference", .category = "dynamic", .help = "The different items of the first array that no other has.", .example = "print set_difference(dynamic([1, 2]), dynamic([2, 3])) // [1]", .signatures = {signature(sets, Dynamic, combineSets<SetOperation::Difference>)}});
    registry.add(ScalarFunction{.name = "set_has_element", .category = "dynamic", .help = "Whether an array has the value.", .example = "print set_has_element(dynamic([1, 2]), 2) // true", .signatures = {signature({{"set", Dynamic}, {"value", types::any}}, Bool, hasElement)}});
    registry.add(ScalarFunction{.name = "set_equals", .category = "dynamic", .help = "Whether two arrays have the same items, in any order and number.", .example = "print set_equals(dynamic([1, 2]), dynamic([2, 1])) // true", .signatures = {signature({{"left", Dynamic}, {"right", Dynamic}}, Bool, kernels::map<Bool, Dynamic, Dynamic>(equalSets))}});
    registry.add(ScalarFunction{.name = "jaccard_index", .category = "dynamic", .help = "How alike two sets are: the items of both divided by the items of either.", .example = "print jaccard_index(dynamic([1, 2]), dynamic([2, 3])) // 0.3333333333333333", .signatures = {signature({{"left", Dynamic}, {"right", Dynamic}}, Dynamic, kernels::mapDynamic<Dynamic, Dynamic>([](std::string_view left, std::string_view right, DynamicBuilder& out) { out.real(jaccard(left, right)); }))}});
}

} // namespace tocsin::kql
