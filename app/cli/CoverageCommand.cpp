// SPDX-License-Identifier: GPL-3.0-or-later
// tocsin coverage kql: what of the language runs.
#include "cli/CommandLine.h"
#include "kql/coverage/Coverage.h"

#include <cstdio>

namespace tocsin::app::cli {
namespace {

const char* stateText(kql::CoverageEntry::State state)
{
    switch (state) {
    case kql::CoverageEntry::State::Runs: return "runs";
    case kql::CoverageEntry::State::Outside: return "needs";
    case kql::CoverageEntry::State::Missing: break;
    }
    return "missing";
}

int runKqlCoverage(CommandContext& context, bool markdown)
{
    const std::vector<kql::CoverageEntry> entries = kql::kqlCoverage(context.app.services().functions);
    if (markdown) {
        std::fputs(kql::coverageMarkdown(entries).c_str(), stdout);
        return kExitDone;
    }
    std::size_t missing = 0;
    const kql::CoverageEntry* last = nullptr;
    for (const kql::CoverageEntry& entry : entries) {
        if (!last || last->kind != entry.kind) {
            const kql::CoverageCount count = kql::countCoverage(entries, entry.kind);
            std::printf("%s%s: %zu run, %zu need something outside, %zu missing\n", last ? "\n" : "", std::string(kql::coverageTitle(entry.kind)).c_str(), count.runs,
                        count.outside, count.missing);
            missing += count.missing;
        }
        std::printf("  %-40s %-8s %s\n", entry.name.c_str(), stateText(entry.state), entry.note.c_str());
        last = &entry;
    }
    return missing == 0 ? kExitDone : kExitInputErrors;
}

} // namespace

void addCoverageCommand(CLI::App& parser, Invocation& invocation)
{
    CLI::App* coverage = parser.add_subcommand("coverage", "What of a language runs here");
    coverage->require_subcommand(1);
    CLI::App* kql = coverage->add_subcommand("kql", "Every operator, function, aggregate and plugin of KQL: whether it runs, or what it needs");
    auto markdown = std::make_shared<bool>(false);
    kql->add_flag("--markdown", *markdown, "As a page in Markdown");
    kql->callback([&invocation, markdown] { invocation.command = [markdown](CommandContext& context) { return runKqlCoverage(context, *markdown); }; });
}

} // namespace tocsin::app::cli
