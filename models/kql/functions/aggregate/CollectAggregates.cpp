// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/Accumulators.h"
#include "kql/functions/support/DynamicItems.h"

#include <map>
#include <optional>
#include <utility>

namespace tocsin::kql {
namespace {

using namespace aggregates;
using enum DataType;
using kernels::ResultWriter;

constexpr std::int64_t kMaxItems = 1'048'576; ///< where Kusto stops too
constexpr std::int64_t kOlderItems = 128;     ///< of the older names, unless the query gives a limit

std::size_t limitOf(const AggregateBinding& binding, std::size_t argument, std::int64_t otherwise = kMaxItems)
{
    return static_cast<std::size_t>(std::clamp<std::int64_t>(constantOf(binding, argument, otherwise), 0, kMaxItems));
}

bool isJsonNull(std::string_view encoded) { return encoded.empty() || encoded[0] == static_cast<char>(DynamicTag::Null); }

/// The places of a group's items in the input, kept if several threads share the rows.
using Places = std::vector<std::uint64_t>;

/// Visits the items of two groups, each in the order of the input, in the order of both: `visit(whether of the second, index)`.
template <typename Visit> void inOrder(const Places& a, const Places& b, Visit&& visit)
{
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        const bool second = i == a.size() || (j < b.size() && b[j] < a[i]);
        visit(second, second ? j++ : i++);
    }
}

template <DataType T, bool withNulls>
class ListAccumulator final : public GroupwiseAccumulator<ListAccumulator<T, withNulls>> {
public:
    explicit ListAccumulator(std::size_t limit) : m_limit(limit) {}

    void at(RowOrder places) override { m_order = places; }
    void resize(std::size_t count) override { m_lists.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        const VectorReader<Physical<T>> reader(arguments[0]);
        for (std::size_t row = 0; row < groups.size(); ++row) {
            auto& [list, places] = m_lists[groups[row]];
            if (list.size() >= m_limit)
                continue;
            bool null = reader.isNull(row);
            if constexpr (T == Dynamic)
                null = null || isJsonNull(reader[row]);
            if (null && !withNulls)
                continue;
            if (null)
                list.appendNull();
            else
                list.template append<T>(reader[row]);
            if (m_order)
                places.push_back((*m_order)[row]);
        }
        return {};
    }
    void mergeGroup(std::size_t to, ListAccumulator& other, std::size_t from)
    {
        Group& own = m_lists[to];
        Group& source = other.m_lists[from];
        if (own.list.size() == 0) {
            own = std::move(source);
            return;
        }
        Group merged;
        inOrder(own.places, source.places, [&](bool second, std::size_t i) {
            if (merged.list.size() >= m_limit)
                return;
            const Group& of = second ? source : own;
            merged.list.appendEncodedItem(of.list.item(i));
            merged.places.push_back(of.places[i]);
        });
        own = std::move(merged);
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Dynamic> writer(count);
        for (std::size_t i = 0; i < count; ++i)
            writer.put(i, std::exchange(m_lists[from + i], {}).list.array()); // given up, so that not all are freed at once
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override
    {
        std::size_t bytes = m_lists.capacity() * sizeof(Group);
        for (const Group& group : m_lists)
            bytes += group.list.memoryBytes() + group.places.capacity() * sizeof(std::uint64_t);
        return bytes;
    }

private:
    struct Group {
        ItemList list;
        Places places;
    };
    std::size_t m_limit;
    std::optional<RowOrder> m_order;
    std::vector<Group> m_lists;
};

/// make_set: arrays are united item by item.
template <DataType T>
class SetAccumulator final : public GroupwiseAccumulator<SetAccumulator<T>> {
public:
    explicit SetAccumulator(std::size_t limit) : m_limit(limit) {}

    void at(RowOrder places) override { m_order = places; }
    void resize(std::size_t count) override { m_sets.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        std::string scratch;
        const VectorReader<Physical<T>> reader(arguments[0]);
        for (std::size_t row = 0; row < groups.size(); ++row) {
            if (reader.isNull(row))
                continue;
            Group& group = m_sets[groups[row]];
            const std::uint64_t place = m_order ? (*m_order)[row] : 0;
            if constexpr (T == Dynamic) {
                const DynamicView view(reader[row]);
                if (!view.isArray())
                    insert(group, reader[row], place);
                else
                    for (std::size_t i = 0; i < view.size(); ++i)
                        insert(group, view.item(i).bytes(), place);
            } else {
                scratch.clear();
                appendEncoded<T>(scratch, reader[row]);
                insert(group, scratch, place);
            }
        }
        return {};
    }
    void mergeGroup(std::size_t to, SetAccumulator& other, std::size_t from)
    {
        Group& own = m_sets[to];
        Group& source = other.m_sets[from];
        if (own.set.items().size() == 0) {
            own = std::move(source);
            return;
        }
        Group merged;
        inOrder(own.places, source.places, [&](bool second, std::size_t i) {
            const Group& of = second ? source : own;
            insert(merged, of.set.items().item(i), of.places[i]);
        });
        own = std::move(merged);
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Dynamic> writer(count);
        for (std::size_t i = 0; i < count; ++i)
            writer.put(i, std::exchange(m_sets[from + i], {}).set.items().array());
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override
    {
        std::size_t bytes = m_sets.capacity() * sizeof(Group);
        for (const Group& group : m_sets)
            bytes += group.set.memoryBytes() + group.places.capacity() * sizeof(std::uint64_t);
        return bytes;
    }

private:
    struct Group {
        ItemSet set;
        Places places; ///< where each item was first seen
    };
    void insert(Group& group, std::string_view encoded, std::uint64_t place)
    {
        if (!isJsonNull(encoded) && group.set.items().size() < m_limit && group.set.insert(encoded) && m_order)
            group.places.push_back(place);
    }
    std::size_t m_limit;
    std::optional<RowOrder> m_order;
    std::vector<Group> m_sets;
};

/// make_bag: the first value of each key.
class BagAccumulator final : public GroupwiseAccumulator<BagAccumulator> {
public:
    explicit BagAccumulator(std::size_t limit) : m_limit(limit) {}

    void at(RowOrder places) override { m_order = places; }
    void resize(std::size_t count) override { m_bags.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        const VectorReader<std::string_view> reader(arguments[0]);
        for (std::size_t row = 0; row < groups.size(); ++row) {
            if (reader.isNull(row))
                continue;
            const DynamicView bag(reader[row]);
            for (std::size_t i = 0; bag.isObject() && i < bag.size(); ++i)
                add(m_bags[groups[row]], bag.key(i), bag.item(i).bytes(), m_order ? (*m_order)[row] : 0);
        }
        return {};
    }
    void mergeGroup(std::size_t to, BagAccumulator& other, std::size_t from)
    {
        if (m_bags[to].entries.empty()) { // then there need be no places
            const Bag source = std::move(other.m_bags[from]);
            for (std::size_t i = 0; i < source.entries.size(); ++i)
                add(m_bags[to], source.entries[i].first, source.entries[i].second, source.seen.empty() ? 0 : source.seen[i]);
            return;
        }
        Bag merged;
        inOrder(m_bags[to].seen, other.m_bags[from].seen, [&](bool second, std::size_t i) {
            const Bag& of = second ? other.m_bags[from] : m_bags[to];
            add(merged, of.entries[i].first, of.entries[i].second, of.seen[i]);
        });
        m_bags[to] = std::move(merged);
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Dynamic> writer(count);
        DynamicBuilder builder;
        for (std::size_t i = 0; i < count; ++i) {
            builder.beginObject();
            const Bag bag = std::exchange(m_bags[from + i], {});
            for (const auto& [key, value] : bag.entries) {
                builder.key(key);
                builder.view(DynamicView(value));
            }
            builder.endObject();
            writer.put(i, builder.take());
        }
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override { return m_bags.capacity() * sizeof(Bag) + m_bytes; }

private:
    struct Bag {
        std::map<std::string, std::size_t, std::less<>> places;
        std::vector<std::pair<std::string, std::string>> entries;
        Places seen; ///< of each entry, if kept
    };
    void add(Bag& bag, std::string_view key, std::string_view value, std::uint64_t place)
    {
        if (bag.entries.size() >= m_limit || bag.places.contains(key))
            return;
        bag.places.emplace(std::string(key), bag.entries.size());
        bag.entries.emplace_back(std::string(key), std::string(value));
        if (m_order)
            bag.seen.push_back(place);
        m_bytes += 2 * key.size() + value.size() + 128;
    }
    std::size_t m_limit;
    std::size_t m_bytes = 0;
    std::optional<RowOrder> m_order;
    std::vector<Bag> m_bags;
};

template <bool withNulls> Maker listMaker(std::int64_t limit = kMaxItems)
{
    return [limit](const AggregateBinding& binding) {
        return visitType(binding.argumentTypes[0], [&]<DataType T>() -> std::unique_ptr<Accumulator> { return std::make_unique<ListAccumulator<T, withNulls>>(limitOf(binding, 1, limit)); });
    };
}

Maker setMaker(std::int64_t limit = kMaxItems)
{
    return [limit](const AggregateBinding& binding) {
        return visitType(binding.argumentTypes[0], [&]<DataType T>() -> std::unique_ptr<Accumulator> { return std::make_unique<SetAccumulator<T>>(limitOf(binding, 1, limit)); });
    };
}

Maker bagMaker(std::int64_t limit = kMaxItems)
{
    return [limit](const AggregateBinding& binding) { return std::make_unique<BagAccumulator>(limitOf(binding, 1, limit)); };
}

AggregateFunction olderForm(AggregateFunction function, std::string_view name, std::string_view help, std::string_view example, Maker make)
{
    function.name = name;
    function.help = help;
    function.example = example;
    function.signatures.front().make = std::move(make);
    return function;
}

} // namespace

void addCollectAggregates(FunctionRegistry& registry)
{
    const std::vector<Parameter> valueAndLimit{{"value", types::any}, optional("maxSize", types::integer, true)};
    const AggregateFunction list{"make_list", "list", "All values as an array, nulls left out.", "range x from 1 to 3 step 1 | summarize make_list(x) // [1,2,3]", {{valueAndLimit, always(Dynamic), listMaker<false>()}}};
    registry.add(list);
    registry.add(filteredForm(list, "make_list_if", "list", "The values of the rows for which the predicate is true, as an array.", "range x from 1 to 3 step 1 | summarize make_list_if(x, x > 1) // [2,3]", 1));
    registry.add(AggregateFunction{"make_list_with_nulls", "list", "All values as an array, nulls too.", "datatable(x: long) [1, long(null)] | summarize make_list_with_nulls(x) // [1,null]", {{{{"value", types::any}}, always(Dynamic), listMaker<true>()}}});
    const AggregateFunction set{"make_set", "set", "The different values as an array; arrays are united.", "range x from 1 to 4 step 1 | summarize make_set(x % 2) // [1,0]", {{valueAndLimit, always(Dynamic), setMaker()}}};
    registry.add(set);
    registry.add(filteredForm(set, "make_set_if", "set", "The different values of the rows for which the predicate is true, as an array.", "range x from 1 to 4 step 1 | summarize make_set_if(x, x > 3) // [4]", 1));
    const AggregateFunction bag{"make_bag", "bag", "One bag of the keys of all bags; the first value of a key counts.", "range x from 1 to 2 step 1 | summarize make_bag(bag_pack(tostring(x), x)) // {\"1\":1,\"2\":2}",
                                {{{{"bag", Dynamic}, optional("maxSize", types::integer, true)}, always(Dynamic), bagMaker()}}};
    registry.add(bag);
    registry.add(filteredForm(bag, "make_bag_if", "bag", "One bag of the keys of the bags for which the predicate is true.", "range x from 1 to 2 step 1 | summarize make_bag_if(bag_pack(tostring(x), x), x > 1) // {\"2\":2}", 1));
    registry.add(olderForm(list, "makelist", "The older name of make_list: 128 values, unless a limit is given.", "range x from 1 to 3 step 1 | summarize makelist(x) // [1,2,3]", listMaker<false>(kOlderItems)));
    registry.add(olderForm(set, "makeset", "The older name of make_set: 128 values, unless a limit is given.", "range x from 1 to 4 step 1 | summarize makeset(x % 2) // [1,0]", setMaker(kOlderItems)));
    registry.add(olderForm(bag, "make_dictionary", "The older name of make_bag: 128 keys, unless a limit is given.", "range x from 1 to 2 step 1 | summarize make_dictionary(bag_pack(tostring(x), x)) // {\"1\":1,\"2\":2}", bagMaker(kOlderItems)));
}

} // namespace tocsin::kql
