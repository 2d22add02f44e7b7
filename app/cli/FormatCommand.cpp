// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "cli/BatchLines.h"
#include "cli/CommandLine.h"
#include "kql/services/Format.h"
#include "kql/syntax/SyntaxTree.h"

#include <simdjson.h>

#include <fstream>
#include <iostream>
#include <iterator>

namespace tocsin::app::cli {
namespace {

inline constexpr ErrorKind kFormatLine{"cli.format_line", "A line of the batch is no JSON object with \"id\" and \"query\"", "Write one {\"id\": …, \"query\": \"…\"} a line."};

struct FormatCommandOptions {
    std::string text, file, batch;
    bool write = false;
    bool check = false;
    kql::services::FormatOptions layout;
};

/// Whether the text parses; what does not was left as it is.
bool parses(const std::string& text) { return kql::parseQuery(text)->errors().empty(); }

int formatBatch(const FormatCommandOptions& options)
{
    bool errors = false;
    simdjson::dom::parser parser;
    const bool read = forEachLine(options.batch, [&](const std::string& line) {
        simdjson::dom::element root, id;
        std::string_view query;
        if (parser.parse(line).get(root) != simdjson::SUCCESS || root["id"].get(id) != simdjson::SUCCESS || root["query"].get(query) != simdjson::SUCCESS) {
            printError(makeError(kFormatLine));
            errors = true;
            return;
        }
        const std::string before(query), after = kql::services::formatQuery(before, options.layout);
        std::string out;
        JsonWriter json(out);
        json.beginObject().key("id").raw(simdjson::minify(id)).key("query").string(after).key("changed").boolean(before != after).key("parses").boolean(parses(before)).endObject();
        std::cout << out << '\n';
    });
    std::cout << std::flush;
    return !read ? kExitFailed : errors ? kExitInputErrors : kExitDone;
}

std::optional<std::string> readAll(const std::string& path)
{
    if (path == "-")
        return std::string(std::istreambuf_iterator<char>(std::cin), {});
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        printError(makeError(kFileUnreadable, path, "it cannot be opened"));
        return std::nullopt;
    }
    return std::string(std::istreambuf_iterator<char>(file), {});
}

int formatCommand(const FormatCommandOptions& options)
{
    if (!options.batch.empty())
        return formatBatch(options);
    const auto before = options.file.empty() ? std::optional(options.text) : readAll(options.file);
    if (!before)
        return kExitFailed;
    const std::string after = kql::services::formatQuery(*before, options.layout);
    if (options.check)
        return after == *before ? kExitDone : kExitInputErrors;
    if (!options.write) {
        std::cout << after << (after.ends_with('\n') ? "" : "\n") << std::flush;
    } else if (after != *before) {
        std::ofstream file(options.file, std::ios::binary | std::ios::trunc);
        if (!(file << after << std::flush)) {
            printError(makeError(kFileUnwritable, options.file, "it cannot be written"));
            return kExitFailed;
        }
    }
    return parses(*before) ? kExitDone : kExitInputErrors;
}

} // namespace

void addFormatCommand(CLI::App& parser, Invocation& invocation)
{
    auto options = std::make_shared<FormatCommandOptions>();
    CLI::App* format = parser.add_subcommand("format", "Lay KQL out anew; what does not parse stays as it is (exit status 1)");
    format->add_option("--text", options->text, "The query");
    CLI::Option* file = format->add_option("--file", options->file, "Read the query from a file (- for standard input)");
    format->add_option("--batch", options->batch, "Format {\"id\",\"query\"} lines of a file (- for standard input), one JSON line each");
    format->add_flag("--write", options->write, "Write the file back in place of printing it")->needs(file);
    format->add_flag("--check", options->check, "Print nothing; exit status 1 if formatting would change the text");
    format->add_option("--width", options->layout.width, "Characters of a line before lists are broken")->check(CLI::Range(20, 1000));
    format->add_option("--indent", options->layout.indent, "Blanks of one step")->check(CLI::Range(1, 16));
    format->callback([options, &invocation] {
        if (options->text.empty() && options->file.empty() && options->batch.empty())
            throw CLI::RequiredError("--text, --file or --batch");
        invocation.command = [options](CommandContext&) { return formatCommand(*options); };
    });
}

} // namespace tocsin::app::cli
