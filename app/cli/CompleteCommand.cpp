// SPDX-License-Identifier: GPL-3.0-or-later
// What the editor would offer at a place of a query, for scripts and measurements.
#include "base/Json.h"
#include "cli/BatchLines.h"
#include "cli/CommandLine.h"
#include "cli/SchemaCatalog.h"
#include "kql/services/LanguageServices.h"

#include <simdjson.h>

#include <iostream>
#include <optional>

namespace tocsin::app::cli {
namespace {

namespace services = kql::services;

inline constexpr ErrorKind kCompleteLine{"cli.complete_line", "A line of the batch is no JSON object with \"id\", \"text\" and \"position\"",
                                         "Write one {\"id\": …, \"text\": \"…\", \"position\": …} a line."};

struct CompleteOptions {
    std::string text;
    std::optional<std::size_t> position;
    std::string schemas;
    std::string workspace;
    std::string batch;
    std::size_t limit = 0;
    bool brief = false;
    bool signature = false;
    bool hover = false;
};

void appendItem(JsonWriter& json, const services::CompletionItem& item, bool brief)
{
    json.beginObject().key("label").string(item.label).key("kind").string(services::completionKindName(item.kind));
    if (!brief) {
        json.key("detail").string(item.detail).key("help").string(item.help).key("insert").string(item.insert);
        json.key("caret").number(static_cast<std::int64_t>(item.caret));
    }
    json.key("start").number(static_cast<std::int64_t>(item.replaced.start)).key("length").number(static_cast<std::int64_t>(item.replaced.length));
    if (item.follows)
        json.key("follows").boolean(true);
    json.endObject();
}

void appendCompletions(JsonWriter& json, const services::Completions& completions, const CompleteOptions& options)
{
    json.key("word").beginObject().key("start").number(static_cast<std::int64_t>(completions.word.start));
    json.key("length").number(static_cast<std::int64_t>(completions.word.length)).endObject();
    const std::size_t count = options.limit == 0 ? completions.items.size() : std::min(options.limit, completions.items.size());
    json.key("complete").boolean(count == completions.items.size()).key("items").beginArray();
    for (std::size_t i = 0; i < count; ++i)
        appendItem(json, completions.items[i], options.brief);
    json.endArray();
}

void appendSignature(JsonWriter& json, const services::LanguageServices& language, std::string_view text, std::size_t position)
{
    const auto help = language.signatureHelp(text, position);
    json.key("signature");
    if (!help) {
        json.null();
        return;
    }
    json.beginObject().key("active").number(static_cast<std::int64_t>(help->active));
    if (help->activeParameter)
        json.key("parameter").number(static_cast<std::int64_t>(*help->activeParameter));
    json.key("help").string(help->help).key("signatures").beginArray();
    for (const services::SignatureText& signature : help->signatures)
        json.string(signature.text);
    json.endArray().endObject();
}

void appendHover(JsonWriter& json, const services::LanguageServices& language, std::string_view text, std::size_t position)
{
    const auto hover = language.hover(text, position);
    json.key("hover");
    if (!hover) {
        json.null();
        return;
    }
    json.beginObject().key("title").string(hover->title).key("detail").string(hover->detail).key("help").string(hover->help).key("problem").string(hover->problem);
    json.key("start").number(static_cast<std::int64_t>(hover->place.start)).key("length").number(static_cast<std::int64_t>(hover->place.length)).endObject();
}

std::string answer(const services::LanguageServices& language, std::string_view id, std::string_view text, std::size_t position, const CompleteOptions& options)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject();
    if (!id.empty())
        json.key("id").raw(id);
    appendCompletions(json, language.complete(text, position), options);
    if (options.signature)
        appendSignature(json, language, text, position);
    if (options.hover)
        appendHover(json, language, text, position);
    json.endObject();
    return out;
}

int runBatch(const services::LanguageServices& language, const CompleteOptions& options)
{
    bool errors = false;
    simdjson::dom::parser parser;
    const bool read = forEachLine(options.batch, [&](const std::string& line) {
        simdjson::dom::element root, id;
        std::string_view text;
        std::uint64_t position = 0;
        if (parser.parse(line).get(root) != simdjson::SUCCESS || root["id"].get(id) != simdjson::SUCCESS || root["text"].get(text) != simdjson::SUCCESS ||
            root["position"].get(position) != simdjson::SUCCESS) {
            printError(makeError(kCompleteLine));
            errors = true;
            return;
        }
        std::cout << answer(language, simdjson::minify(id), text, position, options) << '\n';
    });
    std::cout << std::flush;
    return !read ? kExitFailed : errors ? kExitInputErrors : kExitDone;
}

int runComplete(CommandContext& context, const CompleteOptions& options)
{
    const kql::FunctionRegistry& functions = context.app.services().functions;
    std::unique_ptr<session::Session> session;
    std::optional<catalog::MemoryCatalog> tables;
    if (!options.workspace.empty()) {
        session = openSession(context, options.workspace, {.create = false, .readOnly = true});
        if (!session)
            return kExitFailed;
    } else if (auto made = schemaCatalog(options.schemas)) {
        tables = std::move(*made);
    } else {
        printError(made.error());
        return kExitFailed;
    }
    const auto snapshot = session ? session->workspace().catalog().snapshot() : tables->snapshot();
    if (!snapshot) {
        printError(snapshot.error());
        return kExitFailed;
    }
    const services::LanguageServices language(*snapshot, functions);
    if (!options.batch.empty())
        return runBatch(language, options);
    std::cout << answer(language, {}, options.text, options.position.value_or(options.text.size()), options) << '\n';
    return kExitDone;
}

} // namespace

void addCompleteCommand(CLI::App& parser, Invocation& invocation)
{
    auto options = std::make_shared<CompleteOptions>();
    CLI::App* complete = parser.add_subcommand("complete", "What the editor offers at a place of a query, as JSON");
    complete->add_option("--text", options->text, "The query");
    complete->add_option("--position", options->position, "Byte of the text where the cursor stands; its end if not given");
    complete->add_option("--schemas", options->schemas, "Folder of table schemas, in place of the built-in ones");
    complete->add_option("--workspace", options->workspace, "Workspace file whose tables and functions are offered");
    complete->add_option("--batch", options->batch, "Answer {\"id\",\"text\",\"position\"} lines of a file (- for standard input), one JSON line each");
    complete->add_option("--limit", options->limit, "Most items of an answer, the best ones; 0 for all");
    complete->add_flag("--brief", options->brief, "Leave out details, help and texts to insert");
    complete->add_flag("--signature", options->signature, "Also the signature of the call around the place");
    complete->add_flag("--hover", options->hover, "Also what stands at the place");
    complete->callback([options, &invocation] {
        if (options->text.empty() && options->batch.empty() && !options->position)
            throw CLI::RequiredError("--text or --batch");
        invocation.command = [options](CommandContext& context) { return runComplete(context, *options); };
    });
}

} // namespace tocsin::app::cli
