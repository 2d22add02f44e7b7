// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CommandLine.h"
#include "detect/RuleReader.h"
#include "session/Purge.h"
#include "store/maintenance/Archive.h"
#include "store/maintenance/Repair.h"
#include "store/maintenance/RetentionRules.h"
#include "store/maintenance/Vacuum.h"

#include <fmt/format.h>

#include <pwd.h>
#include <unistd.h>

#include <iostream>

namespace tocsin::app::cli {
namespace {

/// Who runs the program.
std::string currentUser()
{
    const passwd* user = getpwuid(geteuid());
    return user ? user->pw_name : std::to_string(geteuid());
}

int failed(const Error& error)
{
    printError(error);
    return error.kind == &kCancelled ? kExitCancelled : kExitFailed;
}

int runPurge(CommandContext& context, const std::string& workspace, session::PurgeOrder order)
{
    const auto session = openSession(context, workspace);
    if (!session)
        return kExitFailed;
    order.actor = currentUser();
    const auto result = session::purge(*session, order, context.stop);
    if (!result) {
        if (result.error().span)
            std::fprintf(stderr, "position %zu: ", result.error().span->start + 1);
        return failed(result.error());
    }
    fmt::print("{} rows of {} {}; segments: {} written again, {} removed as a whole\n", result->rows, order.table, order.onlyCount ? "would be removed" : "removed", result->rewritten, result->removed);
    return kExitDone;
}

struct AttachOptions {
    std::string workspace;
    std::string file;
};

int runAttach(CommandContext& context, const AttachOptions& options, bool isAttached)
{
    const auto session = openSession(context, options.workspace);
    if (!session)
        return kExitFailed;
    if (!options.file.empty())
        if (const Result<void> changed = isAttached ? session->attach(options.file) : session->detach(options.file); !changed)
            return failed(changed.error());
    for (const std::filesystem::path& file : session->attachedFiles())
        fmt::print("{}\n", file.string());
    return kExitDone;
}

struct RetentionOptions {
    std::string workspace;
    std::string table;
    std::string period;
};

int runRetention(CommandContext& context, const RetentionOptions& options)
{
    const auto session = openSession(context, options.workspace);
    if (!session)
        return kExitFailed;
    store::Workspace& workspace = session->workspace();
    if (!options.table.empty()) {
        std::optional<Ticks> period;
        if (options.period != "none") {
            period = detect::parseRuleDuration(options.period);
            if (!period || *period <= 0) {
                std::fprintf(stderr, "tocsin: '%s' is no period: write P90D (ISO 8601), 90d or none\n", options.period.c_str());
                return kExitUsage;
            }
        }
        if (const auto kept = store::setRetention(workspace, options.table, period); !kept)
            return failed(kept.error());
    }
    const auto dropped = store::applyRetention(workspace, context.app.services().clock.now());
    if (!dropped)
        return failed(dropped.error());
    const auto rules = store::retentionRules(workspace);
    if (!rules)
        return failed(rules.error());
    for (const store::RetentionRule& rule : *rules)
        fmt::print("{}\t{}\n", rule.table, formatTimeSpan(rule.period));
    fmt::print("{} rows removed\n", *dropped);
    return kExitDone;
}

int runVacuum(CommandContext& context, const std::string& workspace)
{
    const auto session = openSession(context, workspace);
    if (!session)
        return kExitFailed;
    const auto result = store::vacuum(session->workspace(), context.stop);
    if (!result)
        return failed(result.error());
    fmt::print("{} bytes before, {} after\n", result->bytesBefore, result->bytesAfter);
    return result->complete ? kExitDone : kExitCancelled;
}

struct ArchiveOptions {
    std::string workspace;
    std::string to;
    std::string before;
    std::string table;
};

int runArchive(CommandContext& context, const ArchiveOptions& options)
{
    const auto before = parseDateTime(options.before);
    if (!before) {
        std::fprintf(stderr, "tocsin: '%s' is no time: write 2024-06-01 or 2024-06-01T12:00\n", options.before.c_str());
        return kExitUsage;
    }
    const auto session = openSession(context, options.workspace);
    if (!session)
        return kExitFailed;
    const auto result = store::archive(session->workspace(), {options.to, *before, options.table, currentUser()}, context.stop);
    if (!result)
        return failed(result.error());
    fmt::print("{} rows of {} segments moved to {}\n", result->rows, result->segments, options.to);
    return kExitDone;
}

struct DoctorOptions {
    std::string workspace;
    bool repair = false;
};

void printSetAside(const store::SetAsideSegment& segment)
{
    const std::string times = segment.minTime ? fmt::format(", {} to {}", formatDateTime(*segment.minTime), formatDateTime(*segment.maxTime)) : "";
    fmt::print("set aside: segment {} of {}, {} rows{}: {}\n", segment.id, segment.table, segment.rows, times, segment.reason);
    if (segment.importable)
        fmt::print("           import {} again to get its rows back\n", segment.source);
}

int runDoctor(CommandContext& context, const DoctorOptions& options)
{
    // Not a session: that needs all of the workspace to be whole.
    const session::Services& services = context.app.services();
    if (options.repair) {
        const auto missing = store::restoreLength(options.workspace);
        if (!missing)
            return failed(missing.error());
        if (*missing > 0)
            fmt::print("{} bytes at the end of the file are lost\n", *missing);
    }
    const auto workspace = store::Workspace::open(options.workspace, {.create = false, .readOnly = !options.repair}, services.clock, services.executor, services.log);
    if (!workspace)
        return failed(workspace.error());
    std::vector<std::string> findings;
    if (options.repair) {
        const auto repaired = store::repair(**workspace, currentUser(), context.stop);
        if (!repaired)
            return failed(repaired.error());
        fmt::print("{} segments with {} rows set aside now\n", repaired->setAside.size(), repaired->rows);
        findings = repaired->remaining;
    } else {
        const auto found = (*workspace)->check(context.stop);
        if (!found)
            return failed(found.error());
        findings = *found;
    }
    for (const std::string& finding : findings)
        std::cout << finding << '\n';
    const auto setAside = store::setAsideSegments(**workspace);
    if (!setAside)
        return failed(setAside.error());
    for (const store::SetAsideSegment& segment : *setAside)
        printSetAside(segment);
    if (!findings.empty())
        fmt::print("The workspace has damage. What is not named above is readable. {}\n",
                   options.repair ? "What is still named cannot be repaired: export the rest, or restore a backup." : "Run doctor with --repair to set damaged segments aside, or restore a backup.");
    else if (!setAside->empty())
        fmt::print("What is not set aside is sound: every page, segment and checksum is as it was written.\n");
    else
        fmt::print("The workspace is sound: every page, segment and checksum is as it was written.\n");
    return findings.empty() && setAside->empty() ? kExitDone : kExitInputErrors;
}

} // namespace

void addCareCommands(CLI::App& parser, Invocation& invocation)
{
    auto workspace = std::make_shared<std::string>();
    CLI::App* doctor = parser.add_subcommand("doctor", "Check a workspace for damage");
    auto doctorOptions = std::make_shared<DoctorOptions>();
    doctor->add_option("--workspace", doctorOptions->workspace, "Workspace file")->required();
    doctor->add_flag("--repair", doctorOptions->repair, "Set damaged segments aside and rebuild indexes, so that everything else can be read");
    doctor->callback([doctorOptions, &invocation] { invocation.command = [doctorOptions](CommandContext& context) { return runDoctor(context, *doctorOptions); }; });

    auto order = std::make_shared<session::PurgeOrder>();
    CLI::App* purge = parser.add_subcommand("purge", "Remove rows of a table for good; the audit keeps who, when, which and how many");
    purge->add_option("--workspace", *workspace, "Workspace file")->required();
    purge->add_option("--table", order->table, "The table")->required();
    purge->add_flag("--dry-run", order->onlyCount, "Only count the rows");
    purge->add_option("PREDICATE", order->predicate, "KQL as behind where: rows for which it holds are removed")->required();
    purge->callback([workspace, order, &invocation] { invocation.command = [workspace, order](CommandContext& context) { return runPurge(context, *workspace, *order); }; });

    auto options = std::make_shared<RetentionOptions>();
    CLI::App* retention = parser.add_subcommand("retention", "How long the rows of tables are kept; removes what is past that");
    retention->add_option("--workspace", options->workspace, "Workspace file")->required();
    CLI::Option* table = retention->add_option("--table", options->table, "The table to change");
    retention->add_option("--keep", options->period, "Period from TimeGenerated: P90D, 90d or none")->needs(table);
    table->needs(retention->get_option("--keep"));
    retention->callback([options, &invocation] { invocation.command = [options](CommandContext& context) { return runRetention(context, *options); }; });

    CLI::App* vacuum = parser.add_subcommand("vacuum", "Give free space inside a workspace back to the disk");
    vacuum->add_option("--workspace", *workspace, "Workspace file")->required();
    vacuum->callback([workspace, &invocation] { invocation.command = [workspace](CommandContext& context) { return runVacuum(context, *workspace); }; });

    const auto attaching = [&](const char* name, const char* help, bool isAttached, bool mayList) {
        auto attachment = std::make_shared<AttachOptions>();
        CLI::App* command = parser.add_subcommand(name, help);
        command->add_option("--workspace", attachment->workspace, "Workspace file")->required();
        command->add_option("FILE", attachment->file, "The other workspace file")->required(!mayList);
        command->callback([attachment, isAttached, &invocation] { invocation.command = [attachment, isAttached](CommandContext& context) { return runAttach(context, *attachment, isAttached); }; });
    };
    attaching("attach", "Show the rows of another workspace file, an archive say, in all queries; without a file, list those that are shown", true, true);
    attaching("detach", "Show the rows of an attached file no more", false, false);

    auto archiveOptions = std::make_shared<ArchiveOptions>();
    CLI::App* archive = parser.add_subcommand("archive", "Move old segments to another workspace file");
    archive->add_option("--workspace", archiveOptions->workspace, "Workspace file")->required();
    archive->add_option("--to", archiveOptions->to, "The archive; made if it is not there")->required();
    archive->add_option("--before", archiveOptions->before, "Segments all of whose rows have a TimeGenerated before this")->required();
    archive->add_option("--table", archiveOptions->table, "Only of this table");
    archive->callback([archiveOptions, &invocation] { invocation.command = [archiveOptions](CommandContext& context) { return runArchive(context, *archiveOptions); }; });
}

} // namespace tocsin::app::cli
