// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/JsonPath.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/ListArgument.h"

#include <set>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::mapDynamic;
using kernels::ResultWriter;

Result<Vector> packArray(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        builder.beginArray();
        for (const Vector& argument : arguments)
            kernels::writeDynamic(builder, argument, row);
        builder.endArray();
        writer.put(row, builder.take());
    }
    return writer.finish();
}

/// bag_pack(key, value, …)
Result<Vector> packBag(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    std::vector<Vector> keys;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        TOCSIN_TRY_ASSIGN(Vector key, convertVector(arguments[i], String));
        keys.push_back(std::move(key));
    }
    const std::vector<VectorReader<std::string_view>> keyReaders(keys.begin(), keys.end());
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        builder.beginObject();
        for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
            builder.key(keyReaders[i / 2][row]);
            kernels::writeDynamic(builder, arguments[i + 1], row);
        }
        builder.endObject();
        writer.put(row, builder.take());
    }
    return writer.finish();
}

/// pack_all(): the binder gives the column names and values, after the flag that leaves null and empty values out.
Result<Vector> packAll(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const bool skipEmpty = kernels::constantBool(arguments, 0, false);
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        builder.beginObject();
        for (std::size_t i = 1; i + 1 < arguments.size(); i += 2) {
            const Vector& value = arguments[i + 1];
            const bool empty = value.isNull(row) || (isTextual(value.type()) && VectorReader<std::string_view>(value)[row].empty());
            if (skipEmpty && empty)
                continue;
            builder.key(VectorReader<std::string_view>(arguments[i])[row]);
            kernels::writeDynamic(builder, value, row);
        }
        builder.endObject();
        writer.put(row, builder.take());
    }
    return writer.finish();
}

/// The leftmost value of each key; arguments that are no bags are passed over, and no bag at all gives null.
Result<Vector> mergeBags(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    const std::vector<VectorReader<std::string_view>> readers(arguments.begin(), arguments.end());
    for (std::size_t row = 0; row < rows; ++row) {
        std::set<std::string_view> seen;
        bool any = false;
        for (const auto& reader : readers) {
            const DynamicView bag(reader.isNull(row) ? std::string_view() : reader[row]);
            if (!bag.isObject())
                continue;
            if (!any)
                builder.beginObject();
            any = true;
            for (std::size_t i = 0; i < bag.size(); ++i) {
                if (!seen.insert(bag.key(i)).second)
                    continue;
                builder.key(bag.key(i));
                builder.view(bag.item(i));
            }
        }
        if (!any) {
            writer.putNull(row);
            continue;
        }
        builder.endObject();
        writer.put(row, builder.take());
    }
    return writer.finish();
}

void writeWithout(DynamicView bag, std::span<const std::string> path, DynamicBuilder& out)
{
    if (!bag.isObject() || path.empty()) {
        out.view(bag);
        return;
    }
    out.beginObject();
    for (std::size_t i = 0; i < bag.size(); ++i) {
        const bool onPath = bag.key(i) == path.front();
        if (onPath && path.size() == 1)
            continue;
        out.key(bag.key(i));
        if (onPath)
            writeWithout(bag.item(i), path.subspan(1), out);
        else
            out.view(bag.item(i));
    }
    out.endObject();
}

/// The keys of a `$.a.b` path; a plain key is a path of one. Empty for what is no way through bags: the root, or an index of an array.
std::vector<std::string> keyPath(std::string_view key)
{
    if (key == "$" || key.starts_with("$.") || key.starts_with("$["))
        return JsonPath(key).names();
    return {std::string(key)};
}

bool removeKeys(std::string_view bagBytes, std::string_view keyBytes, DynamicBuilder& out)
{
    const DynamicView bag(bagBytes);
    if (!bag.isObject())
        return false;
    std::string current(bagBytes);
    forEachItem(DynamicView(keyBytes), [&](DynamicView key) {
        DynamicBuilder without;
        const std::vector<std::string> path = keyPath(key.toString());
        writeWithout(DynamicView(current), path, without);
        current = without.take();
    });
    out.view(DynamicView(current));
    return true;
}

bool hasKey(std::string_view bagBytes, std::string_view key)
{
    DynamicView at(bagBytes);
    const std::vector<std::string> path = keyPath(key);
    for (const std::string& step : path) {
        if (!at.hasMember(step))
            return false;
        at = at.member(step);
    }
    return !path.empty();
}

/// Setting a key replaces values on the way that are no bags, but never an array: its items cannot be set, and would be lost.
bool canSet(DynamicView bag, std::span<const std::string> path)
{
    for (const std::string& step : path) {
        if (!bag.isObject())
            return !bag.isArray();
        bag = bag.member(step);
    }
    return !path.empty();
}

void writeWith(DynamicView bag, std::span<const std::string> path, DynamicView value, DynamicBuilder& out)
{
    out.beginObject();
    bool placed = false;
    const auto place = [&](DynamicView old) {
        if (path.size() == 1)
            out.view(value);
        else
            writeWith(old, path.subspan(1), value, out);
        placed = true;
    };
    for (std::size_t i = 0; bag.isObject() && i < bag.size(); ++i) {
        out.key(bag.key(i));
        if (bag.key(i) == path.front())
            place(bag.item(i));
        else
            out.view(bag.item(i));
    }
    if (!placed) {
        out.key(path.front());
        place({});
    }
    out.endObject();
}

Result<Vector> setKey(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    TOCSIN_TRY_ASSIGN(const Vector values, convertVector(arguments[2], Dynamic));
    const VectorReader<std::string_view> bags(arguments[0]);
    const VectorReader<std::string_view> keys(arguments[1]);
    const VectorReader<std::string_view> newValues(values);
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        const DynamicView bag(bags.isNull(row) ? std::string_view() : bags[row]);
        const std::vector<std::string> path = keyPath(keys[row]);
        if (!bag.isObject() || !canSet(bag, path)) {
            writer.putNull(row);
            continue;
        }
        writeWith(bag, path, DynamicView(newValues.isNull(row) ? std::string_view() : newValues[row]), builder);
        writer.put(row, builder.take());
    }
    return writer.finish();
}

/// zip of keys and values into a bag.
bool bagZip(std::string_view keyBytes, std::string_view valueBytes, DynamicBuilder& out)
{
    const DynamicView keys(keyBytes);
    const DynamicView values(valueBytes);
    if (!keys.isArray())
        return false;
    out.beginObject();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (!keys.item(i).isString())
            continue;
        out.key(keys.item(i).asString());
        out.view(values.isArray() && i < values.size() ? values.item(i) : DynamicView());
    }
    out.endObject();
    return true;
}

} // namespace

void addBagFunctions(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "pack_array", .category = "dynamic", .help = "An array of the arguments; of all columns for `*`.", .example = "print pack_array(1, 'a', true) // [1,\"a\",true]",
        .signatures = {signature({repeated("value", types::any)}, Dynamic, packArray)}});
    registry.add(ScalarFunction{.name = "bag_pack", .category = "dynamic", .help = "A bag of keys and values, given in turn.", .example = "print bag_pack('a', 1, 'b', 'x') // {\"a\":1,\"b\":\"x\"}",
        .signatures = {signature({repeated("key", types::any), repeated("value", types::any)}, Dynamic, packBag)}});
    registry.add(ScalarFunction{.name = "bag_pack_columns", .category = "dynamic", .help = "A bag of columns, each under its name.", .example = "print a = 1, b = 'x' | project bag_pack_columns(a, b) // {\"a\":1,\"b\":\"x\"}",
        .signatures = {signature({repeated("column", types::any)}, Dynamic, packArray)}}); // the binder makes bag_pack() of it
    registry.addAlias("pack", "bag_pack");
    registry.addAlias("pack_dictionary", "bag_pack");
    registry.add(ScalarFunction{.name = "pack_all", .category = "dynamic", .help = "A bag of all columns of the row; with true, without those that are null or empty.", .example = "print x = 1, y = 'a' | project pack_all() // {\"x\":1,\"y\":\"a\"}",
        .signatures = {signature({optional("ignore_empty", Bool, true)}, Dynamic, packAll), signature({constant("ignore_empty", Bool), repeated("name", String), repeated("value", types::any)}, Dynamic, packAll)}});
    registry.add(ScalarFunction{.name = "bag_merge", .category = "dynamic", .help = "One bag of the keys of several; the leftmost value of a key counts.", .example = "print bag_merge(dynamic({\"a\": 1}), dynamic({\"a\": 2, \"b\": 3})) // {\"a\":1,\"b\":3}",
        .signatures = {signature({{"bag", Dynamic}, repeated("other", Dynamic)}, Dynamic, mergeBags)}});
    registry.add(ScalarFunction{.name = "bag_keys", .category = "dynamic", .help = "The keys of a bag, as an array.", .example = "print bag_keys(dynamic({\"a\": 1, \"b\": 2})) // [\"a\",\"b\"]",
        .signatures = {signature({{"bag", Dynamic}}, Dynamic, mapDynamic<Dynamic>([](std::string_view bytes, DynamicBuilder& out) {
            const DynamicView bag(bytes);
            if (!bag.isObject())
                return false;
            out.beginArray();
            for (std::size_t i = 0; i < bag.size(); ++i)
                out.string(bag.key(i));
            out.endArray();
            return true;
        }))}});
    registry.add(ScalarFunction{.name = "bag_has_key", .category = "dynamic", .help = "Whether the bag has the key (or the `$.a.b` path).", .example = "print bag_has_key(dynamic({\"a\": 1}), 'a') // true",
        .signatures = {signature({{"bag", Dynamic}, {"key", String}}, Bool, kernels::map<Bool, Dynamic, String>(hasKey))}});
    registry.add(ScalarFunction{.name = "bag_remove_keys", .category = "dynamic", .help = "The bag without some keys (or `$.a.b` paths).", .example = "print bag_remove_keys(dynamic({\"a\": 1, \"b\": 2}), dynamic([\"a\"])) // {\"b\":2}",
        .signatures = {signature({{"bag", Dynamic}, {"keys", Dynamic}}, Dynamic, mapDynamic<Dynamic, Dynamic>(removeKeys))}});
    registry.add(ScalarFunction{.name = "bag_set_key", .category = "dynamic", .help = "The bag with a key (or `$.a.b` path) set to a value; null for a path into an array.", .example = "print bag_set_key(dynamic({\"a\": 1}), 'b', 2) // {\"a\":1,\"b\":2}",
        .signatures = {signature({{"bag", Dynamic}, {"key", String}, {"value", types::any}}, Dynamic, setKey)}});
    registry.add(ScalarFunction{.name = "bag_zip", .category = "dynamic", .help = "A bag of an array of keys and an array of values.", .example = "print bag_zip(dynamic([\"a\", \"b\"]), dynamic([1, 2])) // {\"a\":1,\"b\":2}",
        .signatures = {signature({{"keys", Dynamic}, {"values", Dynamic}}, Dynamic, mapDynamic<Dynamic, Dynamic>(bagZip))}});
}

} // namespace tocsin::kql
