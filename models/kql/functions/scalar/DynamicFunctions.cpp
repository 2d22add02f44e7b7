// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/JsonPath.h"
#include "kql/functions/support/Kernels.h"

#include <algorithm>
#include <set>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::ResultWriter;

/// Writes a piece of the argument's own bytes, or null for JSON null.
void putView(ResultWriter<Dynamic>& writer, std::size_t row, DynamicView view)
{
    if (view.isNull())
        writer.putNull(row);
    else
        writer.putView(row, view.bytes());
}

DynamicView itemAt(DynamicView value, std::int64_t index)
{
    if (!value.isArray())
        return {};
    const auto size = static_cast<std::int64_t>(value.size());
    if (index < 0)
        index += size;
    return index >= 0 && index < size ? value.item(static_cast<std::size_t>(index)) : DynamicView();
}

Result<Vector> memberAccess(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<Dynamic> writer(rows);
    writer.keep(kernels::ownerOf(arguments[0]));
    kernels::forRows<Dynamic, String>(arguments, rows, [&](std::size_t row, bool null, std::string_view value, std::string_view name) {
        putView(writer, row, null ? DynamicView() : DynamicView(value).member(name));
    });
    return writer.finish();
}

Result<Vector> itemAccess(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<Dynamic> writer(rows);
    writer.keep(kernels::ownerOf(arguments[0]));
    kernels::forRows<Dynamic, Long>(arguments, rows, [&](std::size_t row, bool null, std::string_view value, std::int64_t index) {
        putView(writer, row, null ? DynamicView() : itemAt(DynamicView(value), index));
    });
    return writer.finish();
}

/// A key or index that is dynamic itself.
Result<Vector> dynamicAccess(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<Dynamic> writer(rows);
    writer.keep(kernels::ownerOf(arguments[0]));
    kernels::forRows<Dynamic, Dynamic>(arguments, rows, [&](std::size_t row, bool null, std::string_view value, std::string_view key) {
        if (null) {
            writer.putNull(row);
            return;
        }
        const DynamicView wanted(key);
        if (wanted.isString())
            putView(writer, row, DynamicView(value).member(wanted.asString()));
        else
            putView(writer, row, wanted.tag() == DynamicTag::Long ? itemAt(DynamicView(value), wanted.asLong()) : DynamicView());
    });
    return writer.finish();
}

/// With the members of bags in the order of their names, so that equal values give equal texts.
void appendCanonical(DynamicView value, std::string& out)
{
    if (!value.isObject() && !value.isArray())
        return value.appendJson(out);
    std::vector<std::size_t> order(value.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    if (value.isObject())
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return value.key(a) < value.key(b); });
    out += value.isObject() ? '{' : '[';
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i > 0)
            out += ',';
        if (value.isObject()) {
            appendJsonString(out, value.key(order[i]));
            out += ':';
        }
        appendCanonical(value.item(order[i]), out);
    }
    out += value.isObject() ? '}' : ']';
}

Result<Vector> parseJson(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<Dynamic> writer(rows);
    const VectorReader<std::string_view> texts(arguments[0]);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::string bytes = texts[row].empty() ? std::string() : parseJsonLenient(texts[row]);
        if (DynamicView(bytes).isNull())
            writer.putNull(row);
        else
            writer.put(row, std::string_view(bytes));
    }
    return writer.finish();
}

/// A string inside a dynamic is parsed again, so that parse_json() of an extracted JSON text works; other values stay.
Result<Vector> parseJsonDynamic(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<Dynamic> writer(rows);
    writer.keep(kernels::ownerOf(arguments[0]));
    const VectorReader<std::string_view> values(arguments[0]);
    for (std::size_t row = 0; row < rows; ++row) {
        const DynamicView view(values.isNull(row) ? std::string_view() : values[row]);
        if (!view.isString()) {
            putView(writer, row, view);
            continue;
        }
        const std::string bytes = parseJsonLenient(view.asString());
        if (DynamicView(bytes).isNull())
            writer.putNull(row);
        else
            writer.put(row, std::string_view(bytes));
    }
    return writer.finish();
}

Result<Vector> extractJson(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> paths(arguments[0]);
    const VectorReader<std::string_view> sources(arguments[1]);
    ResultWriter<Dynamic> writer(rows);
    JsonPath path;
    std::string_view pathText;
    for (std::size_t row = 0; row < rows; ++row) {
        if (row == 0 || paths[row] != pathText) {
            pathText = paths[row];
            path = JsonPath(pathText);
        }
        std::string parsed;
        if (arguments[1].type() == String)
            parsed = dynamicFromJson(sources[row]).value_or(std::string());
        const DynamicView found = sources.isNull(row) ? DynamicView() : path.find(DynamicView(arguments[1].type() == String ? std::string_view(parsed) : sources[row]));
        if (found.isNull())
            writer.putNull(row);
        else
            writer.put(row, found.bytes());
    }
    return convertVector(writer.finish(), context.returnType);
}

DataType extractJsonType(std::span<const DataType>, std::span<const Value* const> constants)
{
    if (constants.size() < 3 || !constants[2] || constants[2]->isNull() || constants[2]->type() != String)
        return String;
    return parseTypeName(constants[2]->asText()).value_or(String);
}

/// One path stands for all items of an array, and each path comes once.
void addTreePaths(DynamicView value, const std::string& path, std::set<std::string>& seen, DynamicBuilder& out)
{
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string below = value.isObject() ? path + "['" + std::string(value.key(i)) + "']" : path + "[0]";
        if (seen.insert(below).second)
            out.string(below);
        addTreePaths(value.item(i), below, seen, out);
    }
}

std::string_view kindOf(DynamicView view)
{
    switch (view.tag()) {
    case DynamicTag::Null: return "null";
    case DynamicTag::False:
    case DynamicTag::True: return "bool";
    case DynamicTag::Long: return "long";
    case DynamicTag::Real: return "real";
    case DynamicTag::String: return "string";
    case DynamicTag::DateTime: return "datetime";
    case DynamicTag::TimeSpan: return "timespan";
    case DynamicTag::Guid: return "guid";
    case DynamicTag::Decimal: return "decimal";
    case DynamicTag::Array: return "array";
    case DynamicTag::Object: return "dictionary";
    }
    return {};
}

/// gettype() of a column of another type than dynamic.
Result<Vector> typeOf(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<String> writer(rows);
    const Vector& vector = arguments[0];
    for (std::size_t row = 0; row < rows; ++row) {
        if (vector.isNull(row))
            writer.put(row, std::string_view("null"));
        else
            writer.put(row, vector.type() == Dynamic ? kindOf(DynamicView(VectorReader<std::string_view>(vector)[row])) : typeName(vector.type()));
    }
    return writer.finish();
}

} // namespace

void addDynamicFunctions(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "[]", .category = "dynamic", .help = "The value under a key of a bag, or the item of an array (negative counts from the end); null if there is none.", .example = "print dynamic({\"a\": [1, 2]})['a'][-1] // 2",
        .signatures = {signature({{"value", Dynamic}, {"key", String}}, Dynamic, memberAccess),
                       signature({{"value", Dynamic}, {"index", Long}}, Dynamic, itemAccess),
                       signature({{"value", Dynamic}, {"key", Dynamic}}, Dynamic, dynamicAccess)}});
    registry.add(ScalarFunction{.name = "parse_json", .category = "dynamic", .help = "Reads JSON text as a dynamic value; text that is no JSON stays a text.", .example = "print parse_json('{\"a\": 5}').a // 5",
        .signatures = {signature({{"json", String}}, Dynamic, parseJson), signature({{"json", Dynamic}}, Dynamic, parseJsonDynamic),
                       signature({{"value", types::any}}, Dynamic, [](KernelContext&, std::span<const Vector> arguments, std::size_t) { return convertVector(arguments[0], Dynamic); })}});
    for (const auto* alias : {"todynamic", "parsejson", "toobject"})
        registry.addAlias(alias, "parse_json");
    const std::vector<Parameter> path{{"path", String}, {"source", TypeSet{String, Dynamic}}};
    registry.add(ScalarFunction{.name = "extract_json", .category = "dynamic", .help = "The value under a JSON path, as text or as the given type.", .example = "print extract_json('$.a[1]', '{\"a\": [5, 6]}', typeof(long)) // 6",
        .signatures = {signature(path, String, extractJson), {{path[0], path[1], constant("type", String)}, extractJsonType, extractJson}}});
    registry.addAlias("extractjson", "extract_json");
    registry.add(ScalarFunction{.name = "dynamic_to_json", .category = "dynamic", .help = "The dynamic value as JSON text, bags sorted by name; another value as tostring() gives it.", .example = "print dynamic_to_json(dynamic({\"b\": 1, \"a\": [2]})) // {\"a\":[2],\"b\":1}",
        .signatures = {signature({{"value", Dynamic}}, String, kernels::mapText<String, Dynamic>([](std::string_view value, std::string& out) { appendCanonical(DynamicView(value), out); })),
                       signature({{"value", types::any}}, String, [](KernelContext&, std::span<const Vector> arguments, std::size_t) { return convertVector(arguments[0], String); })}});
    registry.add(ScalarFunction{.name = "treepath", .category = "dynamic", .help = "All paths in a dynamic value, as an array of texts.", .example = "print treepath(dynamic({\"a\": 1})) // [\"['a']\"]",
        .signatures = {signature({{"value", Dynamic}}, Dynamic, kernels::mapDynamic<Dynamic>([](std::string_view value, DynamicBuilder& out) {
            out.beginArray();
            std::set<std::string> seen;
            addTreePaths(DynamicView(value), {}, seen, out);
            out.endArray();
        }))}});
    registry.add(ScalarFunction{.name = "gettype", .category = "dynamic", .help = "The kind of the value: its type, or of a dynamic `array`, `dictionary` or the type inside.", .example = "print gettype(dynamic([1])) // array",
        .signatures = {signature({{"value", types::any}}, String, typeOf)}});
}

} // namespace tocsin::kql
