// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/Accumulators.h"

#include <algorithm>
#include <map>

namespace tocsin::kql {
namespace {

using namespace aggregates;
using enum DataType;
using kernels::ResultWriter;

/// What kinds of values stand at a place, in the order they were first seen.
struct Schema {
    std::vector<std::string> primitives;
    bool isBag = false;
    bool isArray = false;
    std::vector<std::string> order;
    std::map<std::string, Schema, std::less<>> members;
    std::vector<Schema> items; ///< none or one: what stands in the arrays

    void addPrimitive(std::string_view name)
    {
        if (std::find(primitives.begin(), primitives.end(), name) == primitives.end())
            primitives.emplace_back(name);
    }
    Schema& member(std::string_view key)
    {
        auto found = members.find(key);
        if (found == members.end()) {
            order.emplace_back(key);
            found = members.emplace(std::string(key), Schema{}).first;
        }
        return found->second;
    }
    Schema& item()
    {
        if (items.empty())
            items.emplace_back();
        return items.front();
    }
    void add(DynamicView value)
    {
        switch (value.tag()) {
        case DynamicTag::Null: break;
        case DynamicTag::False:
        case DynamicTag::True: addPrimitive("bool"); break;
        case DynamicTag::Long: addPrimitive("long"); break;
        case DynamicTag::Real: addPrimitive("double"); break;
        case DynamicTag::String: addPrimitive("string"); break;
        case DynamicTag::DateTime: addPrimitive("datetime"); break;
        case DynamicTag::TimeSpan: addPrimitive("timespan"); break;
        case DynamicTag::Guid: addPrimitive("guid"); break;
        case DynamicTag::Decimal: addPrimitive("decimal"); break;
        case DynamicTag::Array:
            isArray = true;
            for (std::size_t i = 0; i < value.size(); ++i)
                item().add(value.item(i));
            break;
        case DynamicTag::Object:
            isBag = true;
            for (std::size_t i = 0; i < value.size(); ++i)
                member(value.key(i)).add(value.item(i));
            break;
        }
    }
    void merge(const Schema& other)
    {
        for (const std::string& name : other.primitives)
            addPrimitive(name);
        isBag = isBag || other.isBag;
        isArray = isArray || other.isArray;
        for (const std::string& key : other.order)
            member(key).merge(other.members.find(key)->second);
        if (!other.items.empty())
            item().merge(other.items.front());
    }
    void write(DynamicBuilder& out) const
    {
        const std::size_t kinds = primitives.size() + (isBag || isArray ? 1 : 0);
        if (kinds == 0) {
            out.null();
            return;
        }
        if (kinds > 1)
            out.beginArray();
        for (const std::string& name : primitives)
            out.string(name);
        if (isBag || isArray) {
            out.beginObject();
            for (const std::string& key : order) {
                out.key(key);
                members.find(key)->second.write(out);
            }
            if (isArray) {
                out.key("`indexer`");
                if (items.empty())
                    out.null();
                else
                    items.front().write(out);
            }
            out.endObject();
        }
        if (kinds > 1)
            out.endArray();
    }
    std::size_t bytes() const
    {
        std::size_t sum = 200;
        for (const auto& [key, schema] : members)
            sum += key.size() * 2 + schema.bytes();
        for (const Schema& schema : items)
            sum += schema.bytes();
        return sum;
    }
};

class SchemaAccumulator final : public GroupwiseAccumulator<SchemaAccumulator> {
public:
    bool canShareRows() const override { return false; } // names stand in the order they were first seen
    void resize(std::size_t count) override { m_schemas.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        forValues<Dynamic>(arguments[0], groups, [&](std::uint32_t group, std::string_view value) { m_schemas[group].add(DynamicView(value)); });
        return {};
    }
    void mergeGroup(std::size_t to, SchemaAccumulator& other, std::size_t from) { m_schemas[to].merge(other.m_schemas[from]); }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Dynamic> writer(count);
        DynamicBuilder builder;
        for (std::size_t i = 0; i < count; ++i) {
            m_schemas[from + i].write(builder);
            writer.put(i, builder.take());
        }
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override
    {
        std::size_t bytes = 0;
        for (const Schema& schema : m_schemas)
            bytes += schema.bytes();
        return bytes;
    }

private:
    std::vector<Schema> m_schemas;
};

} // namespace

void addSchemaAggregates(FunctionRegistry& registry)
{
    registry.add(AggregateFunction{"buildschema", "schema", "The schema that admits all the dynamic values.", "range x from 1 to 2 step 1 | summarize buildschema(bag_pack('x', x)) // {\"x\":\"long\"}", {{{{"value", Dynamic}}, always(Dynamic), maker<SchemaAccumulator>()}}});
}

} // namespace tocsin::kql
