// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/Accumulators.h"
#include "kql/functions/support/DynamicItems.h"

#include <map>

namespace tocsin::kql {
namespace {

using namespace aggregates;
using enum DataType;
using kernels::ResultWriter;

constexpr std::int64_t kMaxItems = 1'048'576; ///< where Kusto stops too

std::size_t limitOf(const AggregateBinding& binding, std::size_t argument)
{
    return static_cast<std::size_t>(std::clamp<std::int64_t>(constantOf(binding, argument, kMaxItems), 0, kMaxItems));
}

bool isJsonNull(std::string_view encoded) { return encoded.empty() || encoded[0] == static_cast<char>(DynamicTag::Null); }

template <DataType T, bool withNulls>
class ListAccumulator final : public GroupwiseAccumulator<ListAccumulator<T, withNulls>> {
public:
    explicit ListAccumulator(std::size_t limit) : m_limit(limit) {}

    void resize(std::size_t count) override { m_lists.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        const VectorReader<Physical<T>> reader(arguments[0]);
        for (std::size_t row = 0; row < groups.size(); ++row) {
            ItemList& list = m_lists[groups[row]];
            if (list.size() >= m_limit)
                continue;
            bool null = reader.isNull(row);
            if constexpr (T == Dynamic)
                null = null || isJsonNull(reader[row]);
            if (!null)
                list.template append<T>(reader[row]);
            else if (withNulls)
                list.appendNull();
        }
        return {};
    }
    void mergeGroup(std::size_t to, ListAccumulator& other, std::size_t from)
    {
        const ItemList& source = other.m_lists[from];
        if (m_lists[to].size() == 0) {
            m_lists[to] = std::move(other.m_lists[from]);
            return;
        }
        for (std::size_t i = 0; i < source.size() && m_lists[to].size() < m_limit; ++i)
            m_lists[to].appendEncodedItem(source.item(i));
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Dynamic> writer(count);
        for (std::size_t i = 0; i < count; ++i)
            writer.put(i, m_lists[from + i].array());
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override
    {
        std::size_t bytes = m_lists.capacity() * sizeof(ItemList);
        for (const ItemList& list : m_lists)
            bytes += list.memoryBytes();
        return bytes;
    }

private:
    std::size_t m_limit;
    std::vector<ItemList> m_lists;
};

/// make_set: arrays are united item by item.
template <DataType T>
class SetAccumulator final : public GroupwiseAccumulator<SetAccumulator<T>> {
public:
    explicit SetAccumulator(std::size_t limit) : m_limit(limit) {}

    void resize(std::size_t count) override { m_sets.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        std::string scratch;
        forValues<T>(arguments[0], groups, [&](std::uint32_t group, const auto& value) {
            if constexpr (T == Dynamic) {
                const DynamicView view(value);
                if (!view.isArray()) {
                    insert(group, value);
                    return;
                }
                for (std::size_t i = 0; i < view.size(); ++i)
                    insert(group, view.item(i).bytes());
            } else {
                scratch.clear();
                appendEncoded<T>(scratch, value);
                insert(group, scratch);
            }
        });
        return {};
    }
    void mergeGroup(std::size_t to, SetAccumulator& other, std::size_t from)
    {
        const ItemList& source = other.m_sets[from].items();
        for (std::size_t i = 0; i < source.size(); ++i)
            insert(to, source.item(i));
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Dynamic> writer(count);
        for (std::size_t i = 0; i < count; ++i)
            writer.put(i, m_sets[from + i].items().array());
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override
    {
        std::size_t bytes = m_sets.capacity() * sizeof(ItemSet);
        for (const ItemSet& set : m_sets)
            bytes += set.memoryBytes();
        return bytes;
    }

private:
    void insert(std::size_t group, std::string_view encoded)
    {
        if (!isJsonNull(encoded) && m_sets[group].items().size() < m_limit)
            m_sets[group].insert(encoded);
    }
    std::size_t m_limit;
    std::vector<ItemSet> m_sets;
};

/// make_bag: the first value of each key.
class BagAccumulator final : public GroupwiseAccumulator<BagAccumulator> {
public:
    explicit BagAccumulator(std::size_t limit) : m_limit(limit) {}

    void resize(std::size_t count) override { m_bags.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        forValues<Dynamic>(arguments[0], groups, [&](std::uint32_t group, std::string_view value) {
            const DynamicView bag(value);
            for (std::size_t i = 0; bag.isObject() && i < bag.size(); ++i)
                add(group, bag.key(i), bag.item(i).bytes());
        });
        return {};
    }
    void mergeGroup(std::size_t to, BagAccumulator& other, std::size_t from)
    {
        for (const auto& [key, value] : other.m_bags[from].entries)
            add(to, key, value);
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Dynamic> writer(count);
        DynamicBuilder builder;
        for (std::size_t i = 0; i < count; ++i) {
            builder.beginObject();
            for (const auto& [key, value] : m_bags[from + i].entries) {
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
    };
    void add(std::size_t group, std::string_view key, std::string_view value)
    {
        Bag& bag = m_bags[group];
        if (bag.entries.size() >= m_limit || bag.places.contains(key))
            return;
        bag.places.emplace(std::string(key), bag.entries.size());
        bag.entries.emplace_back(std::string(key), std::string(value));
        m_bytes += 2 * key.size() + value.size() + 128;
    }
    std::size_t m_limit;
    std::size_t m_bytes = 0;
    std::vector<Bag> m_bags;
};

template <bool withNulls> Maker listMaker()
{
    return [](const AggregateBinding& binding) {
        return visitType(binding.argumentTypes[0], [&]<DataType T>() -> std::unique_ptr<Accumulator> { return std::make_unique<ListAccumulator<T, withNulls>>(limitOf(binding, 1)); });
    };
}

std::unique_ptr<Accumulator> makeSet(const AggregateBinding& binding)
{
    return visitType(binding.argumentTypes[0], [&]<DataType T>() -> std::unique_ptr<Accumulator> { return std::make_unique<SetAccumulator<T>>(limitOf(binding, 1)); });
}

} // namespace

void addCollectAggregates(FunctionRegistry& registry)
{
    const std::vector<Parameter> valueAndLimit{{"value", types::any}, optional("maxSize", types::integer, true)};
    const AggregateFunction list{"make_list", "list", "All values as an array, nulls left out.", "range x from 1 to 3 step 1 | summarize make_list(x) // [1,2,3]", {{valueAndLimit, always(Dynamic), listMaker<false>()}}};
    registry.add(list);
    registry.add(filteredForm(list, "make_list_if", "list", "The values of the rows for which the predicate is true, as an array.", "range x from 1 to 3 step 1 | summarize make_list_if(x, x > 1) // [2,3]", 1));
    registry.add(AggregateFunction{"make_list_with_nulls", "list", "All values as an array, nulls too.", "datatable(x: long) [1, long(null)] | summarize make_list_with_nulls(x) // [1,null]", {{{{"value", types::any}}, always(Dynamic), listMaker<true>()}}});
    const AggregateFunction set{"make_set", "set", "The different values as an array; arrays are united.", "range x from 1 to 4 step 1 | summarize make_set(x % 2) // [1,0]", {{valueAndLimit, always(Dynamic), makeSet}}};
    registry.add(set);
    registry.add(filteredForm(set, "make_set_if", "set", "The different values of the rows for which the predicate is true, as an array.", "range x from 1 to 4 step 1 | summarize make_set_if(x, x > 3) // [4]", 1));
    const AggregateFunction bag{"make_bag", "bag", "One bag of the keys of all bags; the first value of a key counts.", "range x from 1 to 2 step 1 | summarize make_bag(bag_pack(tostring(x), x)) // {\"1\":1,\"2\":2}",
                                {{{{"bag", Dynamic}, optional("maxSize", types::integer, true)}, always(Dynamic), [](const AggregateBinding& binding) { return std::make_unique<BagAccumulator>(limitOf(binding, 1)); }}}};
    registry.add(bag);
    registry.add(filteredForm(bag, "make_bag_if", "bag", "One bag of the keys of the bags for which the predicate is true.", "range x from 1 to 2 step 1 | summarize make_bag_if(bag_pack(tostring(x), x), x > 1) // {\"2\":2}", 1));
    registry.addAlias("makelist", "make_list");
    registry.addAlias("makeset", "make_set");
    registry.addAlias("make_dictionary", "make_bag");
}

} // namespace tocsin::kql
