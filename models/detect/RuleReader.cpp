// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/RuleReader.h"

#include "base/Utf8.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <set>

namespace tocsin::detect {
namespace {

// JSON is read by the YAML reader too: every JSON text is YAML.

std::string text(const YAML::Node& node) { return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::string(); }

std::vector<std::string> texts(const YAML::Node& node)
{
    std::vector<std::string> result;
    if (node.IsDefined() && node.IsSequence())
        for (const YAML::Node& item : node)
            if (item.IsScalar())
                result.push_back(item.Scalar());
    return result;
}

bool flag(const YAML::Node& node, bool otherwise)
{
    const std::string value = text(node);
    return value.empty() ? otherwise : equalsIgnoringCase(value, "true");
}

/// Collects what is wrong with one rule.
class RuleBuilder {
public:
    RuleBuilder(const YAML::Node& node, std::string_view source, std::vector<Error>& warnings) : m_node(node), m_source(source), m_warnings(warnings) {}

    Result<QueryRule> build()
    {
        QueryRule& rule = m_rule;
        rule.source = m_source;
        rule.id = text(m_node["id"]);
        if (rule.id.find('/') != std::string::npos)
            rule.id = rule.id.substr(rule.id.rfind('/') + 1);
        if (const std::string name = text(m_node["name"]); rule.id.empty())
            rule.id = name;
        rule.name = text(m_node["displayName"]).empty() ? text(m_node["name"]) : text(m_node["displayName"]);
        rule.description = unquoted(text(m_node["description"]));
        rule.query = text(m_node["query"]);
        rule.version = text(m_node["version"]);
        if (rule.name.empty())
            return error("name", "is missing");
        if (trimSpaces(rule.query).empty())
            return std::unexpected(makeError(kRuleMoved).in(std::string(m_source)));
        rule.nearRealTime = equalsIgnoringCase(text(m_node["kind"]), "NRT");
        rule.enabled = flag(m_node["enabled"], true);
        readSeverity();
        readTactics();
        TOCSIN_TRY(readSchedule());
        readEntities();
        readDetails();
        readGrouping();
        for (const YAML::Node& connector : m_node["requiredDataConnectors"])
            for (const std::string& type : texts(connector["dataTypes"]))
                rule.dataTypes.push_back(type);
        carryUnread();
        return std::move(m_rule);
    }

private:
    std::unexpected<Error> error(std::string_view field, std::string problem) const
    {
        return std::unexpected(makeError(kRuleField, std::string(field), std::move(problem)).in(std::string(m_source)));
    }
    void warn(std::string_view field, std::string problem) { m_warnings.push_back(error(field, std::move(problem)).error()); }

    /// Descriptions of the public repository stand in single quotes inside their block.
    static std::string unquoted(std::string value)
    {
        const std::string_view trimmed = trimSpaces(value);
        if (trimmed.size() >= 2 && trimmed.front() == '\'' && trimmed.back() == '\'')
            return std::string(trimSpaces(trimmed.substr(1, trimmed.size() - 2)));
        return std::string(trimmed);
    }

    /// Published rules have misspelt severities; that is no reason to lose the rule.
    void readSeverity()
    {
        const std::string name = text(m_node["severity"]);
        if (name.empty())
            return; // hunting queries have none
        if (const auto severity = parseSeverity(name))
            m_rule.severity = *severity;
        else
            warn("severity", fmt::format("'{}' is none of Informational, Low, Medium, High; taken as {}", name, severityName(m_rule.severity)));
    }

    void readTactics()
    {
        for (std::string tactic : texts(m_node["tactics"])) {
            std::erase(tactic, ' ');
            if (equalsIgnoringCase(tactic, "CommandAndControl"))
                tactic = "CommandAndControl";
            m_rule.tactics.push_back(std::move(tactic));
        }
        m_rule.techniques = texts(m_node["relevantTechniques"].IsDefined() ? m_node["relevantTechniques"] : m_node["techniques"]);
    }

    Result<void> readDuration(const char* field, Ticks& target)
    {
        const std::string value = text(m_node[field]);
        if (value.empty())
            return {};
        const auto ticks = parseRuleDuration(value);
        if (!ticks || *ticks <= 0)
            return error(field, fmt::format("'{}' is no duration such as 5m, 1h or P1D", value));
        target = *ticks;
        return {};
    }

    Result<void> readSchedule()
    {
        if (m_rule.nearRealTime)
            m_rule.frequency = m_rule.period = kTicksPerMinute;
        else if (!m_node["queryFrequency"].IsDefined())
            m_rule.frequency = m_rule.period = kTicksPerDay; // hunting queries have no schedule
        TOCSIN_TRY(readDuration("queryFrequency", m_rule.frequency));
        TOCSIN_TRY(readDuration("queryPeriod", m_rule.period));
        if (m_rule.period < m_rule.frequency && !m_rule.nearRealTime)
            warn("queryPeriod", "is shorter than queryFrequency: events between two runs are never seen");
        if (flag(m_node["suppressionEnabled"], false))
            TOCSIN_TRY(readDuration("suppressionDuration", m_rule.suppression));

        struct Operator { std::string_view shortName, longName; Trigger trigger; };
        static constexpr Operator kOperators[] = {{"gt", "GreaterThan", Trigger::GreaterThan}, {"lt", "LessThan", Trigger::LessThan}, {"eq", "Equal", Trigger::Equal}, {"ne", "NotEqual", Trigger::NotEqual}};
        if (const std::string name = text(m_node["triggerOperator"]); !name.empty()) {
            bool known = false;
            for (const Operator& op : kOperators)
                if (equalsIgnoringCase(op.shortName, name) || equalsIgnoringCase(op.longName, name)) {
                    m_rule.trigger = op.trigger;
                    known = true;
                }
            if (!known)
                return error("triggerOperator", fmt::format("'{}' is none of gt, lt, eq, ne", name));
        }
        if (const std::string value = text(m_node["triggerThreshold"]); !value.empty()) {
            const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), m_rule.threshold);
            if (failure != std::errc() || end != value.data() + value.size() || m_rule.threshold < 0 || m_rule.threshold > 10'000)
                return error("triggerThreshold", fmt::format("'{}' is no number from 0 to 10,000", value));
        }
        return {};
    }

    void readEntities()
    {
        for (const YAML::Node& mapping : m_node["entityMappings"]) {
            EntityMapping entity{text(mapping["entityType"]), {}};
            for (const YAML::Node& field : mapping["fieldMappings"])
                entity.fields.push_back({text(field["identifier"]), text(field["columnName"])});
            if (entity.entityType.empty() || entity.fields.empty())
                warn("entityMappings", "a mapping without type or fields is left out");
            else
                m_rule.entities.push_back(std::move(entity));
        }
        addColumnNameEntities();
    }

    /// Rules from before entity mappings name their columns after the entity instead.
    void addColumnNameEntities()
    {
        if (!m_rule.entities.empty())
            return;
        struct Custom { std::string_view column, type, identifier; };
        static constexpr Custom kCustom[] = {{"AccountCustomEntity", "Account", "FullName"}, {"HostCustomEntity", "Host", "FullName"}, {"IPCustomEntity", "IP", "Address"},
                                             {"URLCustomEntity", "URL", "Url"}, {"FileHashCustomEntity", "FileHash", "Value"}};
        for (const Custom& custom : kCustom)
            if (m_rule.query.find(custom.column) != std::string::npos)
                m_rule.entities.push_back({std::string(custom.type), {{std::string(custom.identifier), std::string(custom.column)}}});
    }

    void readDetails()
    {
        for (const auto& detail : m_node["customDetails"])
            m_rule.customDetails.emplace_back(text(detail.first), text(detail.second));
        const YAML::Node override_ = m_node["alertDetailsOverride"];
        if (override_.IsDefined() && override_.IsMap()) {
            m_rule.nameFormat = text(override_["alertDisplayNameFormat"]);
            m_rule.descriptionFormat = text(override_["alertDescriptionFormat"]);
            m_rule.tacticsColumn = text(override_["alertTacticsColumnName"]);
            m_rule.severityColumn = text(override_["alertSeverityColumnName"]);
        }
        if (const YAML::Node events = m_node["eventGroupingSettings"]; events.IsDefined() && events.IsMap())
            m_rule.alertPerResult = equalsIgnoringCase(text(events["aggregationKind"]), "AlertPerResult");
    }

    void readGrouping()
    {
        const YAML::Node incident = m_node["incidentConfiguration"];
        if (!incident.IsDefined() || !incident.IsMap())
            return;
        m_rule.createIncident = flag(incident["createIncident"], true);
        const YAML::Node grouping = incident["groupingConfiguration"];
        if (!grouping.IsDefined() || !grouping.IsMap())
            return;
        GroupingSettings& settings = m_rule.grouping;
        settings.enabled = flag(grouping["enabled"], false);
        settings.reopenClosed = flag(grouping["reopenClosedIncident"], false);
        if (const auto lookback = parseRuleDuration(text(grouping["lookbackDuration"])))
            settings.lookback = *lookback;
        const std::string matching = text(grouping["matchingMethod"]);
        settings.matching = equalsIgnoringCase(matching, "AnyAlert") ? GroupingSettings::Matching::AnyAlert
            : equalsIgnoringCase(matching, "Selected")               ? GroupingSettings::Matching::Selected
                                                                     : GroupingSettings::Matching::AllEntities;
        settings.byEntities = texts(grouping["groupByEntities"]);
        settings.byAlertDetails = texts(grouping["groupByAlertDetails"]);
        settings.byCustomDetails = texts(grouping["groupByCustomDetails"]);
    }

    void carryUnread()
    {
        static const std::set<std::string, std::less<>> kRead{"id", "name", "displayName", "description", "kind", "severity", "query", "version", "enabled", "tactics", "relevantTechniques",
            "techniques", "queryFrequency", "queryPeriod", "triggerOperator", "triggerThreshold", "entityMappings", "customDetails", "alertDetailsOverride", "eventGroupingSettings",
            "incidentConfiguration", "suppressionEnabled", "suppressionDuration"};
        for (const auto& field : m_node)
            if (!kRead.contains(text(field.first)))
                m_rule.carried.emplace_back(text(field.first), YAML::Dump(field.second));
    }

    const YAML::Node m_node;
    std::string_view m_source;
    std::vector<Error>& m_warnings;
    QueryRule m_rule;
};

/// An API or ARM object keeps the rule under `properties`; its kind and name stand outside.
YAML::Node flattened(const YAML::Node& node)
{
    const YAML::Node properties = node["properties"];
    if (!properties.IsDefined() || !properties.IsMap())
        return node;
    YAML::Node rule = YAML::Clone(properties);
    for (const char* outer : {"kind", "id", "name"})
        if (node[outer].IsDefined() && !rule[outer].IsDefined())
            rule[outer] = node[outer];
    return rule;
}

std::vector<YAML::Node> ruleNodes(const YAML::Node& root)
{
    std::vector<YAML::Node> nodes;
    if (root.IsMap()) {
        for (const char* list : {"resources", "value"})
            if (root[list].IsDefined() && root[list].IsSequence()) {
                for (const YAML::Node& item : root[list])
                    nodes.push_back(flattened(item));
                return nodes;
            }
        nodes.push_back(flattened(root));
    } else if (root.IsSequence()) {
        for (const YAML::Node& item : root)
            nodes.push_back(flattened(item));
    }
    return nodes;
}

/// `1h10m` as published rules have it: time spans one after the other.
std::optional<Ticks> sumOfTimeSpans(std::string_view value)
{
    if (value.empty())
        return std::nullopt;
    Ticks total = 0;
    while (!value.empty()) {
        const std::size_t unit = std::min(value.find_first_not_of("0123456789.:-"), value.size());
        const std::size_t next = std::min(value.find_first_of("0123456789", unit), value.size());
        const auto part = parseTimeSpan(value.substr(0, next));
        if (!part || __builtin_add_overflow(total, *part, &total))
            return std::nullopt;
        value.remove_prefix(next);
    }
    return total;
}

} // namespace

std::string_view severityName(Severity severity)
{
    static constexpr std::string_view kNames[] = {"Informational", "Low", "Medium", "High"};
    return kNames[static_cast<std::size_t>(severity)];
}

std::optional<Severity> parseSeverity(std::string_view name)
{
    for (const Severity severity : {Severity::Informational, Severity::Low, Severity::Medium, Severity::High})
        if (equalsIgnoringCase(severityName(severity), name))
            return severity;
    if (equalsIgnoringCase(name, "critical"))
        return Severity::High;
    return std::nullopt;
}

std::optional<Ticks> parseRuleDuration(std::string_view value)
{
    value = trimSpaces(value);
    if (value.empty() || (value[0] != 'P' && value[0] != 'p'))
        return sumOfTimeSpans(value);
    Ticks total = 0;
    bool time = false;
    bool any = false;
    for (std::size_t i = 1; i < value.size();) {
        if (value[i] == 'T' || value[i] == 't') {
            time = true;
            ++i;
            continue;
        }
        std::int64_t number = 0;
        const auto [end, failure] = std::from_chars(value.data() + i, value.data() + value.size(), number);
        if (failure != std::errc() || end == value.data() + value.size() || number < 0 || number > 100'000)
            return std::nullopt;
        switch (*end | 32) {
        case 'w': total += number * 7 * kTicksPerDay; break;
        case 'd': total += number * kTicksPerDay; break;
        case 'h': total += number * kTicksPerHour; break;
        case 'm':
            if (!time)
                return std::nullopt; // months have no fixed length
            total += number * kTicksPerMinute;
            break;
        case 's': total += number * kTicksPerSecond; break;
        default: return std::nullopt;
        }
        any = true;
        i = static_cast<std::size_t>(end - value.data()) + 1;
    }
    return any ? std::optional(total) : std::nullopt;
}

Result<RuleFile> readSentinelRules(std::string_view content, std::string_view source)
{
    try {
        RuleFile file;
        const YAML::Node root = YAML::Load(std::string(content));
        std::vector<YAML::Node> nodes = ruleNodes(root);
        if (nodes.empty())
            return std::unexpected(makeError(kRuleSyntax, "there is no rule in it").in(std::string(source)));
        for (const YAML::Node& node : nodes) {
            if (!node.IsMap()) {
                file.warnings.push_back(makeError(kRuleSyntax, "an item is no rule").in(std::string(source)));
                continue;
            }
            auto rule = RuleBuilder(node, source, file.warnings).build();
            if (rule)
                file.rules.push_back(std::move(*rule));
            else if (nodes.size() == 1)
                return std::unexpected(std::move(rule).error());
            else
                file.warnings.push_back(std::move(rule).error());
        }
        return file;
    } catch (const YAML::Exception& failure) {
        return std::unexpected(makeError(kRuleSyntax, fmt::format("line {}, column {}: {}", failure.mark.line + 1, failure.mark.column + 1, failure.msg)).in(std::string(source)));
    }
}

} // namespace tocsin::detect
