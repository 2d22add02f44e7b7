// SPDX-License-Identifier: GPL-3.0-or-later
// infer_storage_schema, infer_storage_schema_with_suggestions: over the files that queries may read, a folder standing for a container.
#include "base/Json.h"
#include "kql/exec/ExternalSchema.h"
#include "kql/exec/plugins/Plugins.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace tocsin::kql {
namespace {

inline constexpr ErrorKind kNoExternalFiles{"query.no_external_files", "There are no files for {0}() to look at", "Check StorageContainers, FileExtension and FileNamePrefix."};

std::string toLower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// The bag of options.
struct Request {
    std::vector<std::string> containers;
    ExternalFormat format;
    std::string extension, prefix;
    std::string mode = "last";
    bool namesFirst = false;
};

Result<Request> readOptions(PluginCall& call)
{
    TOCSIN_TRY_ASSIGN(const Value options, call.constant("Options"));
    const DynamicView bag(options.isNull() ? std::string_view() : options.asText());
    Request request;
    const DynamicView containers = bag.member("StorageContainers");
    for (std::size_t i = 0; containers.isArray() && i < containers.size(); ++i)
        request.containers.push_back(containers.item(i).toString());
    if (request.containers.empty())
        return std::unexpected(call.badValue("Options", "without StorageContainers", "a bag with an array of folders or files under that name"));
    request.format.name = toLower(bag.member("DataFormat").toString());
    if (!ExternalFormat::isKnown(request.format.name))
        return fail(kExternalFormat, request.format.name);
    request.extension = bag.member("FileExtension").toString();
    request.prefix = bag.member("FileNamePrefix").toString();
    if (const std::string mode = toLower(bag.member("Mode").toString()); !mode.empty())
        request.mode = mode;
    if (request.mode != "any" && request.mode != "last" && request.mode != "all")
        return std::unexpected(call.badValue("Options", "with the mode '" + request.mode + "'", "any, last or all"));
    request.namesFirst = bag.member("InferenceOptions").member("UseFirstRowAsHeader").tag() == DynamicTag::True;
    return request;
}

/// The files to look at: the first, the one written last, or all.
Result<std::vector<ExternalSource::Item>> filesOf(const Request& request, const ExternalSource& source)
{
    std::vector<ExternalSource::Item> items;
    for (const std::string& container : request.containers) {
        TOCSIN_TRY_ASSIGN(const std::vector<ExternalSource::Item> found, source.list(container));
        std::copy_if(found.begin(), found.end(), std::back_inserter(items), [&](const ExternalSource::Item& item) {
            return item.name.starts_with(request.prefix) && (item.name.ends_with(request.extension) || item.name.ends_with(request.extension + ".gz"));
        });
    }
    if (request.mode == "last")
        std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.written > b.written; });
    if (request.mode != "all" && items.size() > 1)
        items.resize(1);
    return items;
}

Result<std::vector<SchemaGuess::Column>> inferred(PluginCall& call)
{
    const ExternalSource* source = call.run.options().external.get();
    if (!source)
        return fail(kNoExternalData, std::string(call.name()));
    TOCSIN_TRY_ASSIGN(const Request request, readOptions(call));
    TOCSIN_TRY_ASSIGN(const std::vector<ExternalSource::Item> items, filesOf(request, *source));
    if (items.empty())
        return fail(kNoExternalFiles, std::string(call.name()));
    SchemaGuess guess(request.namesFirst);
    for (const ExternalSource::Item& item : items) {
        TOCSIN_TRY(call.run.checkStop());
        TOCSIN_TRY_ASSIGN(const std::string text, source->read(item.address));
        TOCSIN_TRY(guess.add(text, request.format, [&call] { return call.run.checkStop(); }));
    }
    return guess.columns();
}

std::string schemaName(const std::string& name)
{
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
    return plain ? name : "['" + name + "']";
}

struct Suggestion {
    std::string_view type;
    std::string_view mapping;
};

/// As the plugin's page says: ids that are numbers are better compared as texts, and numbers that are Unix times (here: of the years 2000
/// to 2100) are better kept as times.
Suggestion suggestionFor(const SchemaGuess::Column& column)
{
    struct Unit {
        std::string_view mapping;
        std::int64_t perSecond;
    };
    constexpr std::array kUnits{Unit{"DateTimeFromUnixSeconds", 1}, Unit{"DateTimeFromUnixMilliseconds", 1'000}, Unit{"DateTimeFromUnixMicroseconds", 1'000'000},
                                Unit{"DateTimeFromUnixNanoseconds", 1'000'000'000}};
    constexpr std::int64_t kYear2000 = 946'684'800, kYear2100 = 4'102'444'800;
    if (column.type != DataType::Long)
        return {typeName(column.type), {}};
    if (toLower(column.name).ends_with("id"))
        return {"string", {}};
    for (const Unit& unit : kUnits)
        if (column.least / unit.perSecond >= kYear2000 && column.most / unit.perSecond < kYear2100)
            return {"datetime", unit.mapping};
    return {"long", {}};
}

Result<void> writeOne(PluginCall& call, const std::string& text, BatchCollector& out)
{
    RowWriter writer(call.node.columns, out);
    TOCSIN_TRY(writer.add(std::array{Value::string(text)}));
    return writer.finish();
}

} // namespace

Result<void> runInferSchema(PluginCall& call, const Batch&, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(const std::vector<SchemaGuess::Column> columns, inferred(call));
    std::string schema;
    for (const SchemaGuess::Column& column : columns)
        schema += (schema.empty() ? "" : ", ") + schemaName(column.name) + ":" + std::string(typeName(column.type));
    return writeOne(call, schema, out);
}

Result<void> runInferSchemaSuggestions(PluginCall& call, const Batch&, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(const std::vector<SchemaGuess::Column> columns, inferred(call));
    std::string text;
    JsonWriter json(text);
    json.beginArray();
    for (const SchemaGuess::Column& column : columns) {
        const Suggestion suggestion = suggestionFor(column);
        json.beginObject().key("ColumnName").string(column.name).key("InferredType").string(typeName(column.type)).key("SuggestedType").string(suggestion.type);
        if (!suggestion.mapping.empty())
            json.key("ApplicableTransformationMapping").string(suggestion.mapping);
        json.endObject();
    }
    json.endArray();
    return writeOne(call, text, out);
}

} // namespace tocsin::kql
