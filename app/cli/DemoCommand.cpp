// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CommandLine.h"
#include "cli/Summary.h"
#include "session/DemoCase.h"

#include <fmt/format.h>

#include <map>

namespace tocsin::app::cli {
namespace {

struct DemoOptions {
    std::string workspace = "northwharf.tocsin";
    std::string report;
    bool headless = false;
};

/// The incident to report on: the gravest, then the one with most alerts.
const incident::Incident* gravest(const std::vector<incident::Incident>& incidents)
{
    const auto best = std::max_element(incidents.begin(), incidents.end(), [](const incident::Incident& a, const incident::Incident& b) {
        return std::tuple(a.severity, a.score, a.alertIds.size()) < std::tuple(b.severity, b.score, b.alertIds.size());
    });
    return best == incidents.end() ? nullptr : &*best;
}

void printImport(const ingest::ImportSummary& import)
{
    std::size_t duplicates = 0, failed = 0;
    std::map<std::string, std::uint64_t> tables;
    for (const ingest::FileResult& file : import.files) {
        duplicates += file.state == ingest::FileResult::State::Duplicate;
        failed += file.state == ingest::FileResult::State::Failed;
        for (const auto& [table, rows] : file.rowsByTable)
            tables[table] += rows;
        if (file.error)
            printError(*file.error);
    }
    fmt::print("files      {} ({} already stored, {} failed)\n", import.files.size(), duplicates, failed);
    fmt::print("rows       {}\n", import.rows);
    for (const auto& [table, rows] : tables)
        fmt::print("           {:<28} {:>7}\n", table, rows);
    fmt::print("rejected   {}\n", import.rejected);
}

int runDemo(CommandContext& context, const DemoOptions& options)
{
    const auto session = openSession(context, options.workspace, {.create = true, .readOnly = false});
    if (!session)
        return kExitFailed;
    ProgressLine line;
    const auto demo = session::fillWithDemoCase(*session, [&](const std::string& step) { line.show(step); }, context.stop);
    if (!demo) {
        printError(demo.error());
        return demo.error().kind == &kCancelled ? kExitCancelled : kExitFailed;
    }
    fmt::print("workspace  {}\n", std::filesystem::absolute(options.workspace).string());
    printImport(demo->import);
    printDetection(demo->detection);
    const auto incidents = session->incidents().all();
    if (!incidents) {
        printError(incidents.error());
        return kExitFailed;
    }
    const incident::Incident* worst = gravest(*incidents);
    if (!worst) {
        fmt::print("no incident was found\n");
        return kExitInputErrors;
    }
    fmt::print("incident   {} {} ({}, {} alerts)\n", worst->number, worst->title, detect::severityName(worst->severity), worst->alertIds.size());
    const std::string path = options.report.empty() ? std::filesystem::path(options.workspace).replace_extension(".pdf").string() : options.report;
    const auto document = session->reportOf(worst->number, context.stop);
    const auto pages = document ? context.writeReport(*document, path) : Result<int>(std::unexpected(document.error()));
    if (!pages) {
        printError(pages.error());
        return kExitFailed;
    }
    fmt::print("report     {} ({} pages)\n", std::filesystem::absolute(path).string(), *pages);
    return kExitDone;
}

} // namespace

void addDemoCommand(CLI::App& parser, Invocation& invocation)
{
    auto options = std::make_shared<DemoOptions>();
    CLI::App* demo = parser.add_subcommand("demo", "Make the sample case, import it, run the rules; open the window or, headless, write the report");
    demo->add_option("--workspace", options->workspace, "Workspace file")->capture_default_str();
    demo->add_option("--report", options->report, "PDF file (default: beside the workspace)");
    demo->add_flag("--headless", options->headless, "Write the report and print a summary instead of opening the window");
    demo->callback([options, &invocation] {
        invocation.command = [options](CommandContext& context) { return runDemo(context, *options); };
        invocation.paints = true;
        invocation.workspace = options->workspace;
        invocation.thenWindow = !options->headless;
    });
}

} // namespace tocsin::app::cli
