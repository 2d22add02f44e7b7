// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "catalog/MemoryTable.h"
#include "cli/BatchLines.h"
#include "cli/CommandLine.h"
#include "cli/ResultWriter.h"
#include "cli/SchemaCatalog.h"
#include "detect/RuleReader.h"
#include "kql/bind/Binder.h"
#include "kql/syntax/SyntaxErrors.h"
#include "session/SettingStore.h"

#include <simdjson.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

namespace tocsin::app::cli {
namespace {

struct QueryOptions {
    std::string workspace;
    std::string text;
    std::string file;
    std::string batch;
    std::string format = "table";
    std::vector<std::string> parameters;
    std::string timespan;
    std::uint64_t limit = 500'000;
    std::uint64_t memoryMegabytes = 0;
    std::uint64_t temporaryMegabytes = engine::QueryLimits().spillBytes >> 20;
    std::vector<std::string> allowExternal;
    bool statistics = false;
};

/// An engine over a workspace, or over no tables at all.
class QueryTarget {
public:
    QueryTarget(CommandContext& context, const QueryOptions& options) : m_empty("tocsin")
    {
        if (options.workspace.empty())
            m_ready = open(context.app.services(), options);
        else if ((m_session = openForReading(context, options.workspace)))
            m_ready = m_session->alsoExternal({options.allowExternal.begin(), options.allowExternal.end()});
        else
            return; // it said why
        if (!m_ready)
            printError(m_ready.error());
    }
    explicit operator bool() const { return (m_engine || m_session) && m_ready; }
    engine::QueryEngine& engine() { return m_session ? m_session->engine() : *m_engine; }

private:
    Result<void> open(const session::Services& services, const QueryOptions& options)
    {
        TOCSIN_TRY_ASSIGN(auto folders, session::resolvedFolders({options.allowExternal.begin(), options.allowExternal.end()}));
        std::error_code none;
        const std::filesystem::path temporary = services.temporary.empty() ? std::filesystem::temp_directory_path(none) : services.temporary;
        m_engine = std::make_unique<engine::LocalEngine>(m_empty, services.functions, services.executor, services.clock, services.log, std::make_shared<engine::ExternalFiles>(std::move(folders)),
                                                         temporary);
        return {};
    }

    Result<void> m_ready;
    catalog::MemoryCatalog m_empty;
    std::unique_ptr<engine::LocalEngine> m_engine;
    std::unique_ptr<session::Session> m_session;
};

/// `2024-03-01/2024-03-02`, `2024-03-01/P1D` or `P1D` (until now).
std::optional<engine::TimeRange> parseTimespan(std::string_view text, Ticks now)
{
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) {
        const auto length = detect::parseRuleDuration(text);
        return length ? std::optional(engine::TimeRange{now - *length, now}) : std::nullopt;
    }
    const auto from = parseDateTime(text.substr(0, slash));
    const std::string_view second = text.substr(slash + 1);
    if (!from)
        return std::nullopt;
    if (const auto to = parseDateTime(second))
        return engine::TimeRange{*from, *to};
    const auto length = detect::parseRuleDuration(second);
    return length ? std::optional(engine::TimeRange{*from, *from + *length}) : std::nullopt;
}

struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
};

Position positionOf(std::string_view text, std::size_t offset)
{
    Position position;
    for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
        ++position.column;
        if (text[i] == '\n') {
            ++position.line;
            position.column = 1;
        }
    }
    return position;
}

void printQueryError(const Error& error, std::string_view text)
{
    if (error.span) {
        const Position position = positionOf(text, error.span->start);
        std::fprintf(stderr, "line %zu, column %zu: ", position.line, position.column);
    }
    printError(error);
}

void printStatistics(const engine::QueryStatistics& statistics)
{
    std::fprintf(stderr, "%llu rows; scanned %llu rows in %llu of %llu segments, %.1f MB; %.1f ms; peak memory %.1f MB, on disk %.1f MB\n",
                 static_cast<unsigned long long>(statistics.rows), static_cast<unsigned long long>(statistics.scanned.rowsScanned),
                 static_cast<unsigned long long>(statistics.scanned.segmentsScanned), static_cast<unsigned long long>(statistics.scanned.segmentsTotal),
                 static_cast<double>(statistics.bytesScanned) / 1e6, static_cast<double>(statistics.elapsed) / static_cast<double>(kTicksPerMillisecond),
                 static_cast<double>(statistics.peakMemoryBytes) / 1e6, static_cast<double>(statistics.peakSpillBytes) / 1e6);
}

std::optional<engine::QueryRequest> makeRequest(const QueryOptions& options, const Clock& clock)
{
    engine::QueryRequest request;
    request.text = options.text;
    request.limits.resultRows = options.limit;
    request.limits.memoryBytes = options.memoryMegabytes << 20;
    request.limits.spillBytes = options.temporaryMegabytes << 20;
    if (!options.file.empty()) {
        std::ifstream file(options.file, std::ios::binary);
        std::ostringstream content;
        if (!file || !(content << file.rdbuf())) {
            printError(makeError(kFileUnreadable, options.file, "it cannot be opened"));
            return std::nullopt;
        }
        request.text = std::move(content).str();
    }
    for (const std::string& parameter : options.parameters) {
        const auto equals = parameter.find('=');
        if (equals == std::string::npos) {
            std::fprintf(stderr, "tocsin: --param wants name=value, not '%s'\n", parameter.c_str());
            return std::nullopt;
        }
        request.parameters[parameter.substr(0, equals)] = parameter.substr(equals + 1);
    }
    if (!options.timespan.empty()) {
        request.timespan = parseTimespan(options.timespan, clock.now());
        if (!request.timespan) {
            std::fprintf(stderr, "tocsin: --timespan '%s' is none of START/END, START/DURATION, DURATION (ISO 8601)\n", options.timespan.c_str());
            return std::nullopt;
        }
    }
    return request;
}

int runQueryCommand(CommandContext& context, const QueryOptions& options)
{
    const auto format = parseResultFormat(options.format);
    auto request = makeRequest(options, context.app.services().clock);
    if (!format || !request)
        return kExitUsage;
    QueryTarget target(context, options);
    if (!target)
        return kExitFailed;
    const std::string text = request->text;
    const engine::QueryAnswer answer = engine::runQuery(target.engine(), std::move(*request), context.stop);
    for (const Error& warning : answer.outcome.warnings)
        std::fprintf(stderr, "warning: %s\n", errorMessage(warning).c_str());
    if (answer.outcome.kind == engine::QueryOutcome::Kind::Done)
        for (const engine::QueryResult& result : answer.results)
            std::cout << writeResult(result, *format);
    for (const Error& error : answer.outcome.errors)
        printQueryError(error, text);
    if (options.statistics)
        printStatistics(answer.outcome.statistics);
    switch (answer.outcome.kind) {
    case engine::QueryOutcome::Kind::Done: return kExitDone;
    case engine::QueryOutcome::Kind::Cancelled: return kExitCancelled;
    case engine::QueryOutcome::Kind::Failed: break;
    }
    return kExitFailed;
}

inline constexpr ErrorKind kBatchLine{"cli.batch_line", "A line of the batch is no JSON object with \"id\" and \"query\"", "Write one {\"id\": …, \"query\": \"…\"} a line."};

/// A line of a batch file.
struct BatchItem {
    std::string id;    ///< as JSON, quoted or not, so that it comes back as it was
    std::string query;
};

Result<BatchItem> parseItem(const std::string& line)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    std::string_view query;
    simdjson::dom::element id;
    if (parser.parse(line).get(root) != simdjson::SUCCESS || root["query"].get(query) != simdjson::SUCCESS || root["id"].get(id) != simdjson::SUCCESS)
        return fail(kBatchLine);
    return BatchItem{simdjson::minify(id), std::string(query)};
}

void appendErrorJson(std::string& out, const Error& error, std::string_view text)
{
    const Position position = positionOf(text, error.span ? error.span->start : 0);
    JsonWriter json(out);
    json.beginObject().key("code").string(error.code()).key("message").string(errorMessage(error));
    json.key("line").number(static_cast<std::int64_t>(position.line)).key("column").number(static_cast<std::int64_t>(position.column)).endObject();
}

int runBatchCommand(CommandContext& context, const QueryOptions& options)
{
    QueryTarget target(context, options);
    if (!target)
        return kExitFailed;
    bool errors = false;
    const bool read = forEachLine(options.batch, [&](const std::string& line) {
        if (context.stop.stop_requested())
            return;
        const auto item = parseItem(line);
        std::string out = "{\"id\":";
        if (!item) {
            out += "null,\"error\":";
            appendErrorJson(out, item.error(), {});
            errors = true;
        } else {
            engine::QueryRequest request;
            request.text = item->query;
            request.limits.resultRows = options.limit;
            const engine::QueryAnswer answer = engine::runQuery(target.engine(), std::move(request), context.stop);
            out += item->id + ",";
            if (answer.outcome.kind == engine::QueryOutcome::Kind::Done) {
                appendResultJson(out, answer.results.empty() ? engine::QueryResult{} : answer.results.front());
            } else {
                out += "\"error\":";
                appendErrorJson(out, answer.outcome.errors.empty() ? makeError(kCancelled) : answer.outcome.errors.front(), item->query);
                errors = true;
            }
        }
        std::cout << out << "}\n" << std::flush;
    });
    return context.stop.stop_requested() ? kExitCancelled : !read ? kExitFailed : errors ? kExitInputErrors : kExitDone;
}

struct CheckOptions {
    std::string batch;
    std::string schemas;
};

void appendDiagnostic(JsonWriter& json, const Error& error, std::string_view severity)
{
    json.beginObject().key("code").string(error.code()).key("message").string(errorMessage(error));
    json.key("start").number(error.span ? static_cast<std::int64_t>(error.span->start) : 0).key("length").number(error.span ? static_cast<std::int64_t>(error.span->length) : 0);
    json.key("severity").string(severity).key("kind").string(kql::isSyntaxError(error) ? "syntax" : "semantic").endObject();
}

int runCheckCommand(CommandContext& context, const CheckOptions& options)
{
    const auto catalog = schemaCatalog(options.schemas);
    if (!catalog) {
        printError(catalog.error());
        return kExitFailed;
    }
    const auto snapshot = catalog->snapshot();
    bool errors = false;
    kql::BindOptions bindOptions;
    bindOptions.advice = true;
    // One line for each line, so that answers and questions can be laid side by side.
    const bool read = forEachLine(options.batch, [&](const std::string& line) {
        const auto item = parseItem(line);
        const kql::BoundQuery bound = item ? kql::bindQuery(item->query, **snapshot, context.app.services().functions, bindOptions) : kql::BoundQuery{};
        const bool ok = item && bound.ok();
        errors = errors || !ok;
        std::string out;
        JsonWriter json(out);
        json.beginObject().key("id").raw(item ? item->id : "null").key("ok").boolean(ok).key("errors").beginArray();
        if (!item)
            appendDiagnostic(json, item.error(), "error");
        for (const Error& error : bound.errors)
            appendDiagnostic(json, error, "error");
        for (const Error& warning : bound.warnings)
            appendDiagnostic(json, warning, "warning");
        json.endArray().key("columns").beginArray();
        if (ok && !bound.results.empty())
            for (const kql::PlanColumn& column : bound.results.back().plan->columns)
                json.beginObject().key("name").string(column.name).key("type").string(typeName(column.type)).endObject();
        json.endArray().endObject();
        std::cout << out << '\n';
    }, true);
    return !read ? kExitFailed : errors ? kExitInputErrors : kExitDone;
}

} // namespace

void addQueryCommands(CLI::App& parser, Invocation& invocation)
{
    auto options = std::make_shared<QueryOptions>();
    CLI::App* query = parser.add_subcommand("query", "Run KQL over a workspace, or self-contained KQL without one");
    query->add_option("KQL", options->text, "The query");
    query->add_option("--workspace", options->workspace, "Workspace file");
    query->add_option("--file", options->file, "Read the query from a file");
    query->add_option("--batch", options->batch, "Answer {\"id\",\"query\"} lines of a file (- for standard input), one JSON line each");
    query->add_option("--format", options->format, "table, csv, tsv, json, ndjson or markdown")->check(CLI::IsMember({"table", "csv", "tsv", "json", "ndjson", "markdown"}));
    query->add_option("--param", options->parameters, "Value of a query parameter: name=value")->take_all()->allow_extra_args(false); // the query may follow
    query->add_option("--timespan", options->timespan, "Bound TimeGenerated: START/END, START/DURATION or DURATION, ISO 8601");
    query->add_option("--limit", options->limit, "Most rows of a result (an error when passed); 0 for no limit");
    query->add_option("--memory", options->memoryMegabytes, "Memory of a query in MB, before it goes on on disk; 0 for a quarter of the machine, at least 1 GB");
    query->add_option("--temporary", options->temporaryMegabytes, "Most temporary disk space of a query in MB; 0 for no limit");
    query->add_option("--allow-external", options->allowExternal, "Folder whose files this run may read with externaldata")->take_all()->allow_extra_args(false);
    query->add_flag("--stats", options->statistics, "Print rows and segments scanned, time and memory");
    query->callback([options, &invocation] {
        if (options->text.empty() && options->file.empty() && options->batch.empty())
            throw CLI::RequiredError("KQL, --file or --batch");
        invocation.command = [options](CommandContext& context) { return options->batch.empty() ? runQueryCommand(context, *options) : runBatchCommand(context, *options); };
    });

    auto checkOptions = std::make_shared<CheckOptions>();
    CLI::App* check = parser.add_subcommand("check", "Parse and bind KQL without running it");
    check->add_option("--batch", checkOptions->batch, "Check {\"id\",\"query\"} lines of a file (- for standard input)")->required();
    check->add_option("--schemas", checkOptions->schemas, "Folder of table schemas, in place of the built-in ones");
    check->callback([checkOptions, &invocation] { invocation.command = [checkOptions](CommandContext& context) { return runCheckCommand(context, *checkOptions); }; });
}

} // namespace tocsin::app::cli
