// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"
#include "detect/sigma/SigmaYaml.h"

#include <charconv>

namespace tocsin::detect::sigma {
namespace {

std::optional<Compare> comparison(std::string_view name)
{
    constexpr std::pair<std::string_view, Compare> kNames[] = {{"eq", Compare::Equal}, {"neq", Compare::NotEqual}, {"gt", Compare::Greater},
        {"gte", Compare::GreaterOrEqual}, {"lt", Compare::Less}, {"lte", Compare::LessOrEqual}};
    for (const auto& [known, compare] : kNames)
        if (equalsIgnoringCase(name, known))
            return compare;
    return std::nullopt;
}

/// `10s`, `5m`, `1h`, `7d`, `1w`; the specification's M (months) and y have no fixed length.
std::optional<Ticks> timespan(std::string_view text)
{
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end + 1 != text.data() + text.size() || count <= 0 || count > 1'000'000)
        return std::nullopt;
    switch (*end) {
    case 's': return count * kTicksPerSecond;
    case 'm': return count * kTicksPerMinute;
    case 'h': return count * kTicksPerHour;
    case 'd': return count * kTicksPerDay;
    case 'w': return count * 7 * kTicksPerDay;
    default: return std::nullopt;
    }
}

class CorrelationReader {
public:
    CorrelationReader(const YAML::Node& document, std::string_view source) : m_node(document["correlation"]), m_source(source), m_generate(document["generate"]) {}

    Result<SigmaCorrelation> read(SigmaHeader header)
    {
        m_correlation.header = std::move(header);
        if (!m_node.IsMap())
            return error(m_node, "correlation", "is no map");
        TOCSIN_TRY(type());
        m_correlation.rules = yamlTexts(m_node["rules"]);
        if (m_correlation.rules.empty())
            return error(m_node, "rules", "is missing");
        m_correlation.groupBy = yamlTexts(m_node["group-by"]);
        const auto span = timespan(yamlText(m_node["timespan"]));
        if (!span)
            return error(m_node["timespan"].IsDefined() ? m_node["timespan"] : m_node, "timespan", "must be a number of s, m, h, d or w, such as 5m");
        m_correlation.timespan = *span;
        if (m_node["aliases"].IsDefined())
            return std::unexpected(makeError(kSigmaUnsupported, "field aliases of a correlation", "use rules that name the field alike").in(yamlPlace(m_source, m_node["aliases"])));
        m_correlation.generate = equalsIgnoringCase(yamlText(m_node["generate"].IsDefined() ? m_node["generate"] : m_generate), "true");
        TOCSIN_TRY(bounds());
        return std::move(m_correlation);
    }

private:
    std::unexpected<Error> error(const YAML::Node& at, std::string_view field, std::string problem) const
    {
        return std::unexpected(makeError(kSigmaField, std::string(field), std::move(problem)).in(yamlPlace(m_source, at)));
    }
    Result<void> type()
    {
        const std::string name = yamlText(m_node["type"]);
        if (name == "event_count")
            m_correlation.type = SigmaCorrelation::Type::EventCount;
        else if (name == "value_count")
            m_correlation.type = SigmaCorrelation::Type::ValueCount;
        else if (name == "temporal")
            m_correlation.type = SigmaCorrelation::Type::Temporal;
        else if (name == "temporal_ordered" || name == "ordered_temporal")
            m_correlation.type = SigmaCorrelation::Type::TemporalOrdered;
        else
            return std::unexpected(makeError(kSigmaUnsupported, "the correlation type '" + name + "'", "event_count, value_count, temporal and temporal_ordered are").in(yamlPlace(m_source, m_node)));
        return {};
    }
    Result<void> bounds()
    {
        const bool temporal = m_correlation.type == SigmaCorrelation::Type::Temporal || m_correlation.type == SigmaCorrelation::Type::TemporalOrdered;
        const YAML::Node condition = m_node["condition"];
        if (!condition.IsDefined()) {
            if (!temporal)
                return error(m_node, "condition", "is missing");
            return {};
        }
        if (!condition.IsMap())
            return std::unexpected(makeError(kSigmaUnsupported, "a correlation condition that is no map", "write it as 'gte: 10'").in(yamlPlace(m_source, condition)));
        for (const auto& entry : condition) {
            const std::string name = yamlText(entry.first), value = yamlText(entry.second);
            if (name == "field") {
                m_correlation.field = value;
                continue;
            }
            const auto compare = comparison(name);
            std::int64_t count = 0;
            const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), count);
            if (!compare || problem != std::errc() || end != value.data() + value.size())
                return error(condition, name, "must be gt, gte, lt, lte, eq or neq with a whole number");
            m_correlation.bounds.emplace_back(*compare, count);
        }
        if (m_correlation.type == SigmaCorrelation::Type::ValueCount && m_correlation.field.empty())
            return error(condition, "field", "is missing");
        if (m_correlation.bounds.empty() && !temporal)
            return error(condition, "condition", "compares with nothing");
        return {};
    }

    YAML::Node m_node;
    std::string_view m_source;
    YAML::Node m_generate;
    SigmaCorrelation m_correlation;
};

} // namespace

Result<SigmaCorrelation> readCorrelation(const YAML::Node& document, std::string_view source, std::vector<Error>& warnings)
{
    TOCSIN_TRY_ASSIGN(SigmaHeader header, readHeader(document, source, warnings));
    return CorrelationReader(document, source).read(std::move(header));
}

} // namespace tocsin::detect::sigma
