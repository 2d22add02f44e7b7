// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "cli/CommandLine.h"
#include "incident/IncidentJson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>

namespace tocsin::app::cli {
namespace {

struct IncidentOptions {
    std::string workspace;
    std::int64_t number = 0;
    std::string status, owner, classification, reason, comment, severity;
    std::string output;
    bool json = false;
};

int listAlerts(CommandContext& context, const IncidentOptions& options)
{
    const auto session = openForReading(context, options.workspace);
    if (!session)
        return kExitFailed;
    const auto alerts = session->alerts().all();
    if (!alerts) {
        printError(alerts.error());
        return kExitFailed;
    }
    fmt::print("Start\tSeverity\tTactics\tName\tEntities\tId\n");
    for (const detect::Alert& alert : *alerts) {
        std::vector<std::string> labels;
        for (const entity::Entity& entity : alert.entities)
            if (labels.size() < 4)
                labels.push_back(entity.label());
        fmt::print("{}\t{}\t{}\t{}\t{}\t{}\n", formatDateTime(alert.startTime), detect::severityName(alert.severity), fmt::join(alert.tactics, ","), alert.name, fmt::join(labels, ", "), alert.id);
    }
    return kExitDone;
}

int listIncidents(CommandContext& context, const IncidentOptions& options)
{
    const auto session = openForReading(context, options.workspace);
    if (!session)
        return kExitFailed;
    const auto incidents = session->incidents().all();
    if (!incidents) {
        printError(incidents.error());
        return kExitFailed;
    }
    fmt::print("Number\tSeverity\tStatus\tScore\tAlerts\tFirst\tLast\tTitle\n");
    for (const incident::Incident& incident : *incidents)
        fmt::print("{}\t{}\t{}\t{:.0f}\t{}\t{}\t{}\t{}\n", incident.number, detect::severityName(incident.severity), incident::statusName(incident.status), incident.score, incident.alertIds.size(),
                   formatDateTime(incident.firstActivity), formatDateTime(incident.lastActivity), incident.title);
    return kExitDone;
}

void printIncidentJson(const incident::Incident& incident)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("number").number(incident.number).key("title").string(incident.title).key("description").string(incident.description);
    json.key("severity").string(detect::severityName(incident.severity)).key("status").string(incident::statusName(incident.status));
    json.key("classification").string(incident.classification).key("classificationReason").string(incident.classificationReason).key("owner").string(incident.owner);
    json.key("firstActivityTimeUtc").string(formatDateTime(incident.firstActivity)).key("lastActivityTimeUtc").string(formatDateTime(incident.lastActivity));
    json.key("createdTimeUtc").string(formatDateTime(incident.created)).key("lastModifiedTimeUtc").string(formatDateTime(incident.modified));
    json.key("relatedAnalyticRuleIds").raw(incident::textsJson(incident.ruleIds)).key("alertIds").raw(incident::textsJson(incident.alertIds));
    json.key("comments").raw(incident::commentsJson(incident.comments)).key("additionalData").raw(incident::additionalDataJson(incident)).endObject();
    std::cout << out << '\n';
}

int showIncident(CommandContext& context, const IncidentOptions& options)
{
    const auto session = openForReading(context, options.workspace);
    if (!session)
        return kExitFailed;
    const auto incident = session->incidents().find(options.number);
    if (!incident) {
        printError(incident.error());
        return kExitInputErrors;
    }
    if (options.json) {
        printIncidentJson(*incident);
        return kExitDone;
    }
    fmt::print("Incident {}: {}\n{}, {}, owner {}\n{} to {}\n\n{}\n\n", incident->number, incident->title, detect::severityName(incident->severity), incident::statusName(incident->status),
               incident->owner.empty() ? "unassigned" : incident->owner, formatDateTime(incident->firstActivity), formatDateTime(incident->lastActivity), incident->description);
    const auto alerts = session->alerts().withIds(incident->alertIds);
    if (!alerts) {
        printError(alerts.error());
        return kExitFailed;
    }
    for (const detect::Alert& alert : *alerts)
        fmt::print("{}  {:<13} {}\n", formatDateTime(alert.startTime), detect::severityName(alert.severity), alert.name);
    for (const incident::Comment& comment : incident->comments)
        fmt::print("\n{} {}: {}\n", formatDateTime(comment.time), comment.author, comment.text);
    return kExitDone;
}

bool isOneOf(const std::string& value, std::initializer_list<std::string_view> allowed)
{
    return value.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

int setIncident(CommandContext& context, const IncidentOptions& options)
{
    const auto status = incident::parseStatus(options.status);
    const auto severity = detect::parseSeverity(options.severity);
    if ((!options.status.empty() && !status) || (!options.severity.empty() && !severity)
        || !isOneOf(options.classification, {"Undetermined", "TruePositive", "BenignPositive", "FalsePositive"})
        || !isOneOf(options.reason, {"SuspiciousActivity", "SuspiciousButExpected", "IncorrectAlertLogic", "InaccurateData"})) {
        fmt::print(stderr, "tocsin: unknown status, severity, classification or reason; see --help\n");
        return kExitUsage;
    }
    const auto session = openSession(context, options.workspace);
    if (!session)
        return kExitFailed;
    const Ticks now = context.app.services().clock.now();
    const auto changed = session->incidents().change(options.number, "command line", [&](incident::Incident& incident) {
        if (status)
            incident.status = *status;
        if (severity)
            incident.severity = *severity;
        if (!options.owner.empty())
            incident.owner = options.owner == "-" ? std::string() : options.owner;
        if (!options.classification.empty())
            incident.classification = options.classification;
        if (!options.reason.empty())
            incident.classificationReason = options.reason;
        if (!options.comment.empty())
            incident.comments.push_back({now, "command line", options.comment});
    });
    if (!changed) {
        printError(changed.error());
        return kExitInputErrors;
    }
    printIncidentJson(*changed);
    return kExitDone;
}

int writeReport(CommandContext& context, const IncidentOptions& options)
{
    const auto session = openSession(context, options.workspace);
    if (!session)
        return kExitFailed;
    const auto document = session->reportOf(options.number, context.stop);
    if (!document) {
        printError(document.error());
        return kExitFailed;
    }
    const auto pages = context.writeReport(*document, options.output);
    if (!pages) {
        printError(pages.error());
        return kExitFailed;
    }
    fmt::print("{} ({} pages)\n", options.output, *pages);
    return kExitDone;
}

} // namespace

void addIncidentCommands(CLI::App& parser, Invocation& invocation)
{
    auto options = std::make_shared<IncidentOptions>();
    const auto run = [options, &invocation](CLI::App* command, int (*work)(CommandContext&, const IncidentOptions&), bool paints = false) {
        command->add_option("--workspace", options->workspace, "Workspace file")->required();
        command->callback([options, work, paints, &invocation] {
            invocation.command = [options, work](CommandContext& context) { return work(context, *options); };
            invocation.paints = paints;
        });
    };
    run(parser.add_subcommand("alerts", "List the alerts"), listAlerts);

    CLI::App* incidents = parser.add_subcommand("incidents", "The incident queue");
    incidents->require_subcommand(1);
    run(incidents->add_subcommand("list", "List the incidents"), listIncidents);
    CLI::App* show = incidents->add_subcommand("show", "Show one incident");
    show->add_option("NUMBER", options->number, "Incident number")->required();
    show->add_flag("--json", options->json, "As JSON");
    run(show, showIncident);
    CLI::App* set = incidents->add_subcommand("set", "Change an incident");
    set->add_option("NUMBER", options->number, "Incident number")->required();
    set->add_option("--status", options->status, "New, Active or Closed");
    set->add_option("--severity", options->severity, "Informational, Low, Medium or High");
    set->add_option("--owner", options->owner, "Owner; - for nobody");
    set->add_option("--classification", options->classification, "Undetermined, TruePositive, BenignPositive or FalsePositive");
    set->add_option("--reason", options->reason, "SuspiciousActivity, SuspiciousButExpected, IncorrectAlertLogic or InaccurateData");
    set->add_option("--comment", options->comment, "Comment to add");
    run(set, setIncident);

    CLI::App* report = parser.add_subcommand("report", "Write the report of an incident as PDF");
    report->add_option("--incident", options->number, "Incident number")->required();
    report->add_option("--output", options->output, "PDF file")->required();
    run(report, writeReport, true);
}

} // namespace tocsin::app::cli
