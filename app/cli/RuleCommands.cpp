// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/TemporaryFolder.h"
#include "cli/CommandLine.h"
#include "cli/Summary.h"
#include "attack/KillChain.h"
#include "ingest/Importer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <sstream>

namespace tocsin::app::cli {
namespace {

struct RuleOptions {
    std::string workspace;
    std::vector<std::string> paths;
    std::string from, to;
    std::vector<std::string> ids;
    bool fold = false;
};

Result<std::vector<detect::QueryRule>> rulesOf(session::Session& session) { return session.rules().all(); }

bool isRuleFile(const std::filesystem::path& path)
{
    const std::string extension = path.extension().string();
    return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

/// Keeps the Sigma rules among the files and says what was left out.
Result<std::size_t> importSigma(session::Session& session, const std::vector<detect::sigma::SigmaRuleStore::Text>& texts)
{
    if (texts.empty())
        return 0;
    TOCSIN_TRY_ASSIGN(const detect::sigma::SigmaImport import, session.sigmaRules().add(texts));
    for (const Error& error : import.errors)
        printError(error);
    fmt::print("{} Sigma rules new, {} replaced, {} refused\n", import.added, import.replaced, import.errors.size());
    return import.errors.size();
}

int importRules(CommandContext& context, const RuleOptions& options)
{
    const auto session = openSession(context, options.workspace, {.create = true, .readOnly = false});
    if (!session)
        return kExitFailed;
    std::vector<detect::QueryRule> rules;
    std::vector<detect::sigma::SigmaRuleStore::Text> sigma;
    std::size_t refused = 0;
    for (const std::filesystem::path& path : ingest::listFiles({options.paths.begin(), options.paths.end()})) {
        if (!isRuleFile(path))
            continue;
        std::ifstream file(path, std::ios::binary);
        std::ostringstream content;
        if (!file || !(content << file.rdbuf())) {
            printError(makeError(kFileUnreadable, path.string(), "it cannot be opened"));
            ++refused;
            continue;
        }
        if (detect::sigma::looksLikeSigma(content.str())) {
            sigma.push_back({content.str(), path.string()});
            continue;
        }
        auto read = detect::readSentinelRules(content.str(), path.string());
        if (!read) {
            printError(read.error());
            refused += read.error().kind != &detect::kRuleMoved;
            continue;
        }
        for (const Error& warning : read->warnings)
            fmt::print(stderr, "warning: {}\n", errorMessage(warning));
        std::move(read->rules.begin(), read->rules.end(), std::back_inserter(rules));
    }
    const auto added = session->rules().add(rules);
    if (!added) {
        printError(added.error());
        return kExitFailed;
    }
    fmt::print("{} rules read, {} new, {} files refused\n", rules.size(), *added, refused);
    const auto sigmaRefused = importSigma(*session, sigma);
    if (!sigmaRefused) {
        printError(sigmaRefused.error());
        return kExitFailed;
    }
    return refused + *sigmaRefused ? kExitInputErrors : kExitDone;
}

int listRules(CommandContext& context, const RuleOptions& options)
{
    const auto session = openSession(context, options.workspace, {.create = true, .readOnly = false});
    if (!session)
        return kExitFailed;
    const auto rules = rulesOf(*session);
    if (!rules) {
        printError(rules.error());
        return kExitFailed;
    }
    const auto sigma = session->sigmaRules().list();
    if (!sigma) {
        printError(sigma.error());
        return kExitFailed;
    }
    fmt::print("Id\tEnabled\tSeverity\tStages\tName\tSource\n");
    for (const detect::QueryRule& rule : *rules) {
        std::string stages;
        for (const attack::Stage stage : attack::stagesOf(rule.tactics))
            stages += (stages.empty() ? "" : ", ") + std::string(attack::stageName(stage));
        fmt::print("{}\t{}\t{}\t{}\t{}\t{}\n", rule.id, rule.enabled ? "on" : "off", detect::severityName(rule.severity), stages, rule.name, rule.source);
    }
    for (const detect::sigma::StoredSigmaRule& rule : *sigma)
        fmt::print("{}\t{}\t{}\t{}\t{}\t{}\n", rule.id, rule.enabled ? "on" : "off", detect::sigma::levelName(rule.level), "Sigma " + rule.logSource, rule.title, rule.source);
    return kExitDone;
}

std::optional<engine::TimeRange> periodOf(const RuleOptions& options, bool& valid)
{
    valid = true;
    if (options.from.empty() && options.to.empty())
        return std::nullopt;
    const auto from = parseDateTime(options.from);
    const auto to = parseDateTime(options.to);
    valid = from && to && *from < *to;
    return valid ? std::optional(engine::TimeRange{*from, *to}) : std::nullopt;
}

int runRules(CommandContext& context, const RuleOptions& options)
{
    bool valid = false;
    const auto period = periodOf(options, valid);
    if (!valid) {
        fmt::print(stderr, "tocsin: --from and --to must both be times, the first before the second\n");
        return kExitUsage;
    }
    const auto session = openSession(context, options.workspace);
    if (!session)
        return kExitFailed;
    auto rules = rulesOf(*session);
    if (!rules) {
        printError(rules.error());
        return kExitFailed;
    }
    if (!options.ids.empty())
        std::erase_if(*rules, [&](const detect::QueryRule& rule) { return std::find(options.ids.begin(), options.ids.end(), rule.id) == options.ids.end(); });
    ProgressLine line;
    const auto summary = session->detect(*rules, period, options.fold, context.stop, [&](const detect::RunProgress& progress) {
        line.show(fmt::format("rule {}/{} {}: {} alerts", progress.rule + 1, progress.rules, progress.ruleName, progress.alerts));
    });
    if (!summary) {
        printError(summary.error());
        return kExitFailed;
    }
    printDetection(*summary);
    bool failed = false;
    for (const detect::RuleOutcome& outcome : summary->rules)
        failed = failed || outcome.failure;
    return summary->cancelled ? kExitCancelled : failed ? kExitInputErrors : kExitDone;
}

int coverage(CommandContext& context, const RuleOptions& options)
{
    const auto session = openSession(context, options.workspace, {.create = true, .readOnly = false});
    if (!session)
        return kExitFailed;
    const auto rules = rulesOf(*session);
    const auto snapshot = session->workspace().catalog().snapshot();
    if (!rules || !snapshot) {
        printError(!rules ? rules.error() : snapshot.error());
        return kExitFailed;
    }
    std::size_t runs = 0, waits = 0, unsupported = 0;
    for (const detect::QueryRule& rule : *rules) {
        const RuleCoverage state = coverageOf(rule, **snapshot, context.app.services().functions);
        fmt::print("{}\t{}\t{}\t{}\n", coverageName(state.kind), rule.id, rule.name, state.detail);
        runs += state.kind == RuleCoverage::Kind::Runs;
        waits += state.kind == RuleCoverage::Kind::NeedsData;
        unsupported += state.kind == RuleCoverage::Kind::Unsupported;
    }
    fmt::print("total\t{} run, {} need data, {} not supported\n", runs, waits, unsupported);
    return kExitDone;
}

/// Imports one log file into a workspace of its own that is thrown away, and counts what a rule finds there.
int testRule(CommandContext& context, const std::string& ruleFile, const std::string& logFile, std::uint64_t expected)
{
    std::ifstream file(ruleFile, std::ios::binary);
    std::ostringstream content;
    if (!file || !(content << file.rdbuf())) {
        printError(makeError(kFileUnreadable, ruleFile, "it cannot be opened"));
        return kExitFailed;
    }
    const auto rules = detect::readSentinelRules(content.str(), ruleFile);
    if (!rules) {
        printError(rules.error());
        return kExitFailed;
    }
    const auto folder = TemporaryFolder::make();
    if (!folder) {
        printError(folder.error());
        return kExitFailed;
    }
    const auto session = openSession(context, (folder->path() / "rule-test.tocsin").string(), {.create = true, .readOnly = false});
    if (!session)
        return kExitFailed;
    session->import({logFile}, {}, {}, context.stop);
    const auto summary = session->detect(rules->rules, std::nullopt, true, context.stop, {});
    if (!summary) {
        printError(summary.error());
        return kExitFailed;
    }
    std::uint64_t hits = 0;
    for (const detect::RuleOutcome& outcome : summary->rules) {
        hits += outcome.alerts;
        if (outcome.failure)
            printError(*outcome.failure);
    }
    fmt::print("{} hits, {} expected\n", hits, expected);
    return hits == expected ? kExitDone : kExitInputErrors;
}

} // namespace

void addRuleCommands(CLI::App& parser, Invocation& invocation)
{
    auto options = std::make_shared<RuleOptions>();
    CLI::App* rules = parser.add_subcommand("rules", "Detection rules");
    rules->require_subcommand(1);
    const auto add = [&](const char* name, const char* help, int (*run)(CommandContext&, const RuleOptions&)) {
        CLI::App* command = rules->add_subcommand(name, help);
        command->add_option("--workspace", options->workspace, "Workspace file")->required();
        command->callback([options, run, &invocation] { invocation.command = [options, run](CommandContext& context) { return run(context, *options); }; });
        return command;
    };
    add("import", "Import rules: Sentinel YAML, ARM or API JSON, Sigma", importRules)->add_option("PATH", options->paths, "Rule files and folders")->required();
    add("list", "List the rules", listRules);
    add("coverage", "Which rules run, which need data, which are not supported and why", coverage);
    CLI::App* run = add("run", "Run the enabled rules over a period and bring the incidents up to date", runRules);
    run->add_option("--from", options->from, "Begin of the period (default: first event)");
    run->add_option("--to", options->to, "End of the period (default: last event)");
    run->add_option("--rule", options->ids, "Only the rules of these ids");
    run->add_flag("--fold", options->fold, "Fold an alert into an earlier one with the same content whose window overlaps");

    auto ruleFile = std::make_shared<std::string>();
    auto logFile = std::make_shared<std::string>();
    auto expected = std::make_shared<std::uint64_t>(1);
    CLI::App* test = rules->add_subcommand("test", "Run a rule over a log file and compare the number of alerts");
    test->add_option("RULE", *ruleFile, "Rule file")->required();
    test->add_option("LOG", *logFile, "Log file")->required();
    test->add_option("--expect", *expected, "Alerts expected");
    test->callback([ruleFile, logFile, expected, &invocation] {
        invocation.command = [ruleFile, logFile, expected](CommandContext& context) { return testRule(context, *ruleFile, *logFile, *expected); };
    });
}

} // namespace tocsin::app::cli
