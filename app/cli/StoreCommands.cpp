// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "cli/CommandLine.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

namespace tocsin::app::cli {
namespace {

struct IngestOptions {
    std::string workspace;
    std::string format;
    std::string table;
    std::string errors;
    std::vector<std::string> paths;
    bool forwarded = false;
};

std::string_view stateName(ingest::FileResult::State state)
{
    static constexpr std::string_view kNames[] = {"imported", "already stored", "failed", "cancelled", "skipped: not a log"};
    return kNames[static_cast<std::size_t>(state)];
}

bool isFailure(const ingest::FileResult& file) { return file.error && file.state != ingest::FileResult::State::Skipped; }

void printFile(const ingest::FileResult& file)
{
    std::string tables;
    for (const auto& [table, rows] : file.rowsByTable)
        tables += fmt::format("{}{} {}", tables.empty() ? "" : ", ", table, rows);
    fmt::print("{}\t{}\t{}\trecords {}\trows {}\trejected {}\t{}\n", file.path, stateName(file.state), file.format.empty() ? "-" : file.format, file.records, file.rows, file.rejected,
               tables.empty() ? "-" : tables);
    if (isFailure(file))
        printError(*file.error);
}

void writeReject(std::ostream& out, const std::string& file, const ingest::Reject& reject)
{
    std::string line;
    JsonWriter json(line);
    json.beginObject().key("file").string(file).key("offset").number(static_cast<std::int64_t>(reject.offset));
    if (reject.line)
        json.key("line").number(static_cast<std::int64_t>(*reject.line));
    json.key("code").string(reject.reason.code()).key("reason").string(errorMessage(reject.reason)).endObject();
    out << line << '\n';
}

int runIngest(CommandContext& context, const IngestOptions& options)
{
    const auto session = openSession(context, options.workspace, {.create = true, .readOnly = false});
    if (!session)
        return kExitFailed;
    ingest::ImportOptions import;
    if (!options.format.empty())
        import.format = options.format;
    if (!options.table.empty())
        import.read.table = options.table;
    import.read.forwardedWindowsEvents = options.forwarded;
    std::ofstream errors;
    if (!options.errors.empty()) {
        errors.open(options.errors);
        import.onReject = [&errors](const std::string& file, const ingest::Reject& reject) { writeReject(errors, file, reject); };
    }
    ProgressLine line;
    const ingest::ImportSummary summary = session->import({options.paths.begin(), options.paths.end()}, import, [&](const ingest::ImportProgress& progress) {
        line.show(fmt::format("{}/{} {} {} rows", progress.index + 1, progress.files, progress.file, progress.rows));
    }, context.stop);
    session->maintenance().wait(context.stop);
    bool failed = false;
    std::size_t skipped = 0;
    for (const ingest::FileResult& file : summary.files) {
        printFile(file);
        skipped += file.state == ingest::FileResult::State::Skipped;
        failed = failed || isFailure(file);
    }
    if (!options.errors.empty() && !errors.flush()) {
        printError(makeError(kFileUnwritable, options.errors, "it cannot be written"));
        failed = true;
    }
    fmt::print("total\t{} files{}\trecords {}\trows {}\trejected {}\n", summary.files.size(), skipped ? fmt::format(" ({} skipped)", skipped) : "", summary.records, summary.rows, summary.rejected);
    return summary.cancelled ? kExitCancelled : failed || summary.rejected ? kExitInputErrors : kExitDone;
}

int runTables(CommandContext& context, const std::string& workspace, bool all)
{
    const auto session = openForReading(context, workspace);
    if (!session)
        return kExitFailed;
    const auto snapshot = session->workspace().catalog().snapshot();
    if (!snapshot) {
        printError(snapshot.error());
        return kExitFailed;
    }
    fmt::print("Table\tColumns\tRows\tFirst\tLast\tBytes\n");
    for (const std::string& name : (*snapshot)->tableNames()) {
        const auto table = (*snapshot)->findTable(name);
        const catalog::TableStatistics statistics = table->statistics();
        if (statistics.rows == 0 && !all)
            continue;
        const auto time = [](const std::optional<Ticks>& ticks) { return ticks ? formatDateTime(*ticks) : std::string("-"); };
        fmt::print("{}\t{}\t{}\t{}\t{}\t{}\n", name, table->schema().columns.size(), statistics.rows, time(statistics.minTime), time(statistics.maxTime), statistics.bytes);
    }
    return kExitDone;
}

} // namespace

void addStoreCommands(CLI::App& parser, Invocation& invocation)
{
    auto options = std::make_shared<IngestOptions>();
    CLI::App* ingest = parser.add_subcommand("ingest", "Import log files and folders");
    ingest->add_option("--workspace", options->workspace, "Workspace file; made if it is not there")->required();
    ingest->add_option("--format", options->format, "Format of all files, in place of detection");
    ingest->add_option("--table", options->table, "Table for formats that leave it open (CSV, plain JSON); a new one if there is none of this name");
    ingest->add_option("--errors", options->errors, "Write each rejected record with its position and reason to this file, as JSON lines");
    ingest->add_flag("--forwarded", options->forwarded, "Windows events were collected by forwarding: store them as WindowsEvent");
    ingest->add_option("PATH", options->paths, "Files and folders")->required();
    ingest->callback([options, &invocation] { invocation.command = [options](CommandContext& context) { return runIngest(context, *options); }; });

    auto workspace = std::make_shared<std::string>();
    auto all = std::make_shared<bool>(false);
    CLI::App* tables = parser.add_subcommand("tables", "List tables with rows, time range and size");
    tables->add_option("--workspace", *workspace, "Workspace file")->required();
    tables->add_flag("--all", *all, "Also tables without rows");
    tables->callback([workspace, all, &invocation] { invocation.command = [workspace, all](CommandContext& context) { return runTables(context, *workspace, *all); }; });
}

} // namespace tocsin::app::cli
