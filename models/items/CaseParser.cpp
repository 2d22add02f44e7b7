// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/CaseParser.h"

#include "column/Dynamic.h"
#include "items/ValueText.h"

#include <simdjson.h>

#include <algorithm>

namespace tocsin::items {

const char* const kIncidentQuery = "SecurityIncident | summarize arg_max(TimeGenerated, *) by IncidentNumber";
const char* const kAlertQuery = "SecurityAlert | summarize arg_max(TimeGenerated, *) by SystemAlertId";

namespace {

/// Cells of one row by column name.
class Row {
public:
    Row(const engine::ResultSchema& schema, const Batch& batch, std::size_t row) : m_schema(schema), m_batch(batch), m_row(row) {}

    QString text(std::string_view name) const
    {
        const Vector* column = find(name);
        return column && !column->isNull(m_row) ? toQString(column->valueAt(m_row).toString()) : QString();
    }
    std::optional<Ticks> time(std::string_view name) const
    {
        const Vector* column = find(name);
        if (!column || column->type() != DataType::DateTime || column->isNull(m_row))
            return std::nullopt;
        return column->valueAt(m_row).asLong();
    }
    int number(std::string_view name) const { return text(name).toInt(); }
    /// JSON text of a dynamic or string column.
    std::string json(std::string_view name) const
    {
        const Vector* column = find(name);
        if (!column || column->isNull(m_row))
            return {};
        const Value value = column->valueAt(m_row);
        return value.type() == DataType::Dynamic ? DynamicView(value.asText()).toJson() : value.toString();
    }

private:
    const Vector* find(std::string_view name) const
    {
        for (std::size_t i = 0; i < m_schema.columns.size(); ++i)
            if (m_schema.columns[i].name == name)
                return &m_batch.columns[i];
        return nullptr;
    }
    const engine::ResultSchema& m_schema;
    const Batch& m_batch;
    std::size_t m_row;
};

template <typename Item, typename Read> std::vector<Item> readRows(const engine::QueryResult& result, Read read)
{
    std::vector<Item> out;
    for (const Batch& stored : result.batches) {
        const Batch batch = stored.selection ? stored.compacted() : stored;
        for (std::size_t row = 0; row < batch.storedRows; ++row)
            out.push_back(read(Row(result.schema, batch, row)));
    }
    return out;
}

QString jsonText(simdjson::dom::element element)
{
    std::string_view text;
    return element.get(text) == simdjson::SUCCESS ? toQString(text) : toQString(simdjson::minify(element));
}

QString member(const simdjson::dom::object& object, std::string_view name)
{
    simdjson::dom::element element;
    return object.at_key_case_insensitive(name).get(element) == simdjson::SUCCESS && !element.is_null() ? jsonText(element) : QString();
}

/// Items of a JSON array as objects; nothing on other text.
std::vector<simdjson::dom::object> objectsOf(simdjson::dom::parser& parser, std::string_view json)
{
    std::vector<simdjson::dom::object> out;
    simdjson::dom::array items;
    if (json.empty() || parser.parse(json.data(), json.size()).get(items) != simdjson::SUCCESS)
        return out;
    for (const simdjson::dom::element item : items) {
        simdjson::dom::object object;
        if (item.get(object) == simdjson::SUCCESS)
            out.push_back(object);
    }
    return out;
}

QStringList stringsOf(std::string_view json)
{
    QStringList out;
    simdjson::dom::parser parser;
    simdjson::dom::array items;
    if (json.empty() || parser.parse(json.data(), json.size()).get(items) != simdjson::SUCCESS)
        return out;
    for (const simdjson::dom::element item : items) {
        simdjson::dom::object object;
        // Labels are objects with a name, ids plain strings.
        const QString text = item.get(object) == simdjson::SUCCESS ? member(object, "labelName") : jsonText(item);
        if (!text.isEmpty())
            out << text;
    }
    return out;
}

/// "A, B" or a JSON list.
QStringList listOf(const QString& text)
{
    if (text.startsWith(QLatin1Char('[')))
        return stringsOf(text.toStdString());
    QStringList out;
    for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts))
        out << part.trimmed();
    return out;
}

QString ownerOf(const std::string& json)
{
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (json.empty() || parser.parse(json).get(object) != simdjson::SUCCESS)
        return json.starts_with('{') ? QString() : toQString(json);
    for (const char* key : {"assignedTo", "userPrincipalName", "email"})
        if (const QString text = member(object, key); !text.isEmpty())
            return text;
    return {};
}

std::vector<Comment> commentsOf(const std::string& json)
{
    std::vector<Comment> out;
    simdjson::dom::parser parser;
    for (const simdjson::dom::object& object : objectsOf(parser, json)) {
        Comment comment;
        comment.text = member(object, "message");
        if (comment.text.isEmpty())
            comment.text = member(object, "text");
        simdjson::dom::object author;
        if (object.at_key_case_insensitive("author").get(author) == simdjson::SUCCESS)
            comment.author = member(author, "name");
        else
            comment.author = member(object, "author");
        QString time = member(object, "createdTimeUtc");
        if (time.isEmpty())
            time = member(object, "createdTime");
        comment.time = parseDateTime(time.toStdString());
        out.push_back(std::move(comment));
    }
    return out;
}

QString entityName(const QString& type, const simdjson::dom::object& object)
{
    const auto first = [&](std::initializer_list<std::string_view> keys) {
        for (const std::string_view key : keys)
            if (const QString text = member(object, key); !text.isEmpty())
                return text;
        return QString();
    };
    if (type == QLatin1String("account")) {
        const QString name = first({"UserPrincipalName", "FullName", "Name", "DisplayName", "AadUserId", "Sid"});
        const QString suffix = first({"UPNSuffix"}), domain = first({"NTDomain"});
        if (!suffix.isEmpty() && !name.contains(QLatin1Char('@')))
            return name + QLatin1Char('@') + suffix;
        return domain.isEmpty() || name.contains(QLatin1Char('@')) || name.contains(QLatin1Char('\\')) ? name : domain + QLatin1Char('\\') + name;
    }
    if (type == QLatin1String("host")) {
        const QString name = first({"FullName", "HostName", "NetBiosName", "AzureID"}), domain = first({"DnsDomain"});
        return domain.isEmpty() || name.contains(QLatin1Char('.')) ? name : name + QLatin1Char('.') + domain;
    }
    if (type == QLatin1String("process"))
        return first({"CommandLine", "ProcessId"});
    if (type == QLatin1String("file")) {
        const QString folder = first({"Directory"}), name = first({"Name"});
        const QChar slash = folder.contains(QLatin1Char('\\')) ? QLatin1Char('\\') : QLatin1Char('/');
        return folder.isEmpty() ? name : folder + (folder.endsWith(slash) ? QString() : QString(slash)) + name;
    }
    return first({"Address", "Url", "ResourceId", "Value", "DomainName", "MailboxPrimaryAddress", "Name", "FullName", "FriendlyName", "Recipient", "Key"});
}

} // namespace

std::vector<Entity> parseEntities(std::string_view json)
{
    std::vector<Entity> out;
    simdjson::dom::parser parser;
    for (const simdjson::dom::object& object : objectsOf(parser, json)) {
        Entity entity;
        entity.type = member(object, "Type").toLower();
        if (entity.type.isEmpty())
            continue;
        entity.name = entityName(entity.type, object);
        for (const auto& [key, value] : object) {
            const QString name = toQString(key);
            if (name.startsWith(QLatin1Char('$')) || name.compare(QLatin1String("Type"), Qt::CaseInsensitive) == 0 || value.is_null())
                continue;
            entity.properties << name + QLatin1String(": ") + jsonText(value);
        }
        if (!entity.name.isEmpty())
            out.push_back(std::move(entity));
    }
    return out;
}

std::vector<Incident> parseIncidents(const engine::QueryResult& result)
{
    return readRows<Incident>(result, [](const Row& row) {
        Incident i;
        i.number = row.number("IncidentNumber");
        i.title = row.text("Title");
        i.description = row.text("Description");
        i.severity = severityFromWord(row.text("Severity")).value_or(Severity::Informational);
        i.status = row.text("Status");
        i.owner = ownerOf(row.json("Owner"));
        i.classification = row.text("Classification");
        i.classificationComment = row.text("ClassificationComment");
        i.alertIds = stringsOf(row.json("AlertIds"));
        i.labels = stringsOf(row.json("Labels"));
        i.comments = commentsOf(row.json("Comments"));
        i.firstActivity = row.time("FirstActivityTime");
        i.lastActivity = row.time("LastActivityTime");
        i.created = row.time("CreatedTime");
        return i;
    });
}

std::vector<Alert> parseAlerts(const engine::QueryResult& result)
{
    return readRows<Alert>(result, [](const Row& row) {
        Alert a;
        a.id = row.text("SystemAlertId");
        a.name = row.text("AlertName");
        if (const QString shown = row.text("DisplayName"); !shown.isEmpty())
            a.name = shown;
        a.description = row.text("Description");
        a.severity = severityFromWord(row.text("AlertSeverity")).value_or(Severity::Informational);
        a.status = row.text("Status");
        a.tactics = listOf(row.text("Tactics"));
        a.techniques = listOf(row.text("Techniques"));
        a.stages = stagesOfTactics(a.tactics);
        const Ticks generated = row.time("TimeGenerated").value_or(kMinDateTime);
        a.start = row.time("StartTime").value_or(generated);
        a.end = std::max(a.start, row.time("EndTime").value_or(a.start));
        a.product = row.text("ProductName");
        a.compromisedEntity = row.text("CompromisedEntity");
        a.remediation = row.text("RemediationSteps");
        a.entities = parseEntities(row.json("Entities"));
        simdjson::dom::parser parser;
        simdjson::dom::object properties;
        if (const std::string json = row.json("ExtendedProperties"); !json.empty() && parser.parse(json).get(properties) == simdjson::SUCCESS)
            a.query = member(properties, "Query");
        return a;
    });
}

std::shared_ptr<const CaseData> joinCase(std::vector<Incident> incidents, std::vector<Alert> alerts)
{
    auto out = std::make_shared<CaseData>();
    out->alerts = std::move(alerts);
    std::stable_sort(out->alerts.begin(), out->alerts.end(), [](const Alert& a, const Alert& b) { return a.start < b.start; });
    out->incidents = std::move(incidents);
    for (Incident& incident : out->incidents) {
        for (const Alert* alert : out->alertsOf(incident)) {
            incident.stages |= alert->stages;
            for (const QString& tactic : alert->tactics)
                if (!incident.tactics.contains(tactic))
                    incident.tactics << tactic;
            incident.firstActivity = std::min(incident.firstActivity.value_or(alert->start), alert->start);
            incident.lastActivity = std::max(incident.lastActivity.value_or(alert->end), alert->end);
        }
        std::stable_sort(incident.tactics.begin(), incident.tactics.end(),
                         [](const QString& a, const QString& b) { return stageOfTactic(a).value_or(Stage{}) < stageOfTactic(b).value_or(Stage{}); });
    }
    std::stable_sort(out->incidents.begin(), out->incidents.end(), [](const Incident& a, const Incident& b) { return a.lastActivity.value_or(0) > b.lastActivity.value_or(0); });
    return out;
}

} // namespace tocsin::items
