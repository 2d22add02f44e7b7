// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/IncidentPdf.h"

#include "base/Json.h"
#include "report/ReportText.h"

#include <algorithm>

namespace tocsin::report {

namespace {

void time(JsonWriter& json, std::string_view key, const std::optional<Ticks>& ticks)
{
    json.key(key);
    if (ticks)
        json.string(formatDateTime(*ticks));
    else
        json.null();
}

void strings(JsonWriter& json, std::string_view key, const std::vector<std::string>& list)
{
    json.key(key).beginArray();
    for (const std::string& text : list)
        json.string(text);
    json.endArray();
}

void alerts(JsonWriter& json, const IncidentReport& report)
{
    json.key("alerts").beginArray();
    for (const ReportAlert& alert : report.alerts) {
        json.beginObject().key("time").string(formatDateTime(alert.time)).key("name").string(alert.name);
        json.key("severity").string(severityWord(alert.severity)).key("tactics").string(alert.tactics);
        json.key("stages").beginArray();
        for (const std::size_t stage : alert.stages)
            json.number(static_cast<std::int64_t>(stage));
        json.endArray();
        strings(json, "entities", alert.entities);
        json.key("description").string(alert.description).endObject();
    }
    json.endArray();
}

void queries(JsonWriter& json, const IncidentReport& report, std::size_t rowCap)
{
    json.key("queries").beginArray();
    for (const ReportQuery& query : report.queries) {
        json.beginObject().key("title").string(query.title).key("note").string(query.note).key("kql").string(query.kql);
        json.key("totalRows").number(static_cast<std::int64_t>(query.totalRows)).key("truncated").boolean(query.truncated);
        json.key("columns").beginArray();
        for (const ReportColumn& column : query.columns)
            json.string(column.name);
        json.endArray().key("rows").beginArray();
        for (std::size_t i = 0; i < std::min(rowCap, query.rows.size()); ++i) {
            json.beginArray();
            for (const std::string& cell : query.rows[i])
                json.string(cell);
            json.endArray();
        }
        json.endArray().endObject();
    }
    json.endArray();
}

void connectivity(JsonWriter& json, const IncidentReport& report)
{
    json.key("connectivity");
    if (!report.connectivity) {
        json.null();
        return;
    }
    json.beginObject().key("question").string(report.connectivity->question).key("reachable").boolean(report.connectivity->reachable);
    json.key("verdict").string(report.connectivity->verdict).key("hops").beginArray();
    for (const ReportHop& hop : report.connectivity->hops) {
        json.beginObject().key("name").string(hop.name).key("address").string(hop.address).key("kind").string(hop.kind);
        json.key("nextHop").string(hop.nextHop).key("decision").string(hop.decision).key("reason").string(hop.reason).endObject();
    }
    json.endArray().endObject();
}

} // namespace

std::string reportJson(const IncidentReport& report, std::size_t rowCap)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("incident").string(report.number).key("title").string(report.title);
    json.key("severity").string(severityWord(report.severity)).key("status").string(report.status);
    json.key("classification").string(report.classification).key("owner").string(report.owner);
    time(json, "first", report.first);
    time(json, "last", report.last);
    json.key("summary").string(report.summary);
    json.key("stages").beginArray();
    for (const ReportStage& stage : report.stages) {
        json.beginObject().key("name").string(stage.name);
        time(json, "first", stage.first);
        time(json, "last", stage.last);
        json.endObject();
    }
    json.endArray();
    alerts(json, report);
    json.key("entities").beginArray();
    for (const ReportEntity& entity : report.entities) {
        json.beginObject().key("kind").string(entity.kind).key("name").string(entity.name).key("detail").string(entity.detail);
        time(json, "first", entity.first);
        time(json, "last", entity.last);
        json.key("alerts").number(static_cast<std::int64_t>(entity.alerts)).endObject();
    }
    json.endArray();
    connectivity(json, report);
    queries(json, report, rowCap);
    strings(json, "rules", report.rules);
    strings(json, "notes", report.notes);
    json.key("workspace").string(report.workspace).key("organisation").string(report.organisation);
    json.key("toolVersion").string(report.toolVersion).key("generated").string(formatDateTime(report.generated)).endObject();
    out += '\n';
    return out;
}

} // namespace tocsin::report
