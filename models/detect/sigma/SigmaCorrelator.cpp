// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaCorrelator.h"

#include "detect/sigma/SigmaErrors.h"
#include "detect/sigma/SigmaRuleSet.h"

#include <fmt/format.h>

#include <algorithm>

namespace tocsin::detect::sigma {
namespace {

using Type = SigmaCorrelation::Type;

bool compares(std::int64_t left, Compare compare, std::int64_t right)
{
    switch (compare) {
    case Compare::Equal: return left == right;
    case Compare::NotEqual: return left != right;
    case Compare::Greater: return left > right;
    case Compare::GreaterOrEqual: return left >= right;
    case Compare::Less: return left < right;
    case Compare::LessOrEqual: return left <= right;
    }
    return false;
}

std::string fieldText(const EventView& event, const std::string& name)
{
    const std::string key = fieldKey(name);
    for (const EventField& field : event.fields)
        if (fieldKey(field.name) == key)
            return std::string(field.text);
    return {};
}

} // namespace

SigmaCorrelator::SigmaCorrelator(const std::vector<SigmaCorrelation>& correlations, const std::vector<SigmaRule>& rules)
    : m_correlations(correlations), m_uses(rules.size()), m_silent(rules.size()), m_groups(correlations.size())
{
    for (std::size_t c = 0; c < correlations.size(); ++c) {
        for (std::size_t member = 0; member < correlations[c].rules.size(); ++member) {
            const std::string& name = correlations[c].rules[member];
            bool found = false;
            for (std::size_t r = 0; r < rules.size(); ++r) {
                if (rules[r].header.id != name && rules[r].header.name != name)
                    continue;
                found = true;
                m_uses[r].emplace_back(c, member);
                m_silent[r] = m_silent[r] || !correlations[c].generate;
            }
            if (!found)
                m_errors.push_back(makeError(kSigmaField, "rules", "there is no rule with the id or name '" + name + "'").in(correlations[c].header.title));
        }
    }
}

void SigmaCorrelator::add(std::size_t rule, const SigmaHit& hit)
{
    for (const auto& [index, member] : m_uses[rule]) {
        const SigmaCorrelation& correlation = m_correlations[index];
        std::string key;
        for (const std::string& field : correlation.groupBy)
            key += (key.empty() ? "" : ", ") + fieldText(*hit.event, field);
        Group& group = m_groups[index][key];
        group.hits.push_back({hit.time, member, correlation.field.empty() ? std::string() : fieldText(*hit.event, correlation.field)});
        group.tables.emplace(hit.table);
        addEntities(*hit.event, hit.host, hit.event->product == "azure", group.entities);
    }
}

bool SigmaCorrelator::holds(const SigmaCorrelation& correlation, const std::vector<Hit>& hits, std::size_t from, std::size_t to) const
{
    std::int64_t count = 0;
    switch (correlation.type) {
    case Type::EventCount: count = static_cast<std::int64_t>(to - from); break;
    case Type::ValueCount: {
        std::set<std::string_view> values;
        for (std::size_t i = from; i < to; ++i)
            values.insert(hits[i].value);
        count = static_cast<std::int64_t>(values.size());
        break;
    }
    case Type::Temporal: {
        std::set<std::size_t> members;
        for (std::size_t i = from; i < to; ++i)
            members.insert(hits[i].member);
        count = static_cast<std::int64_t>(members.size());
        break;
    }
    case Type::TemporalOrdered:
        for (std::size_t i = from; i < to; ++i)
            count += hits[i].member == static_cast<std::size_t>(count) ? 1 : 0;
        break;
    }
    if (correlation.bounds.empty()) // temporal: all rules
        return count == static_cast<std::int64_t>(correlation.rules.size());
    return std::all_of(correlation.bounds.begin(), correlation.bounds.end(), [count](const auto& bound) { return compares(count, bound.first, bound.second); });
}

void SigmaCorrelator::addAlerts(std::size_t index, const std::string& key, Group& group, Ticks periodEnd, std::vector<Alert>& alerts) const
{
    const SigmaCorrelation& correlation = m_correlations[index];
    std::vector<Hit>& hits = group.hits;
    std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.time < b.time; });
    std::size_t from = 0;
    std::optional<std::size_t> start; // of the stretch in which the condition holds
    for (std::size_t i = 0; i <= hits.size(); ++i) {
        bool good = false;
        if (i < hits.size()) {
            while (hits[i].time - hits[from].time > correlation.timespan)
                ++from;
            good = holds(correlation, hits, from, i + 1);
        }
        if (good && !start)
            start = from;
        if (good || !start)
            continue;
        const Hit& first = hits[*start];
        const Hit& last = hits[i - 1];
        Alert alert = alertFrom(correlation.header);
        alert.startTime = alert.queryFrom = first.time;
        alert.endTime = last.time;
        alert.queryTo = last.time + 1;
        alert.time = std::max(last.time, std::min(last.time + correlation.timespan, periodEnd));
        alert.resultRows = i - *start;
        alert.entities = group.entities;
        std::string tables;
        for (const std::string& table : group.tables)
            tables += (tables.empty() ? "" : ", ") + table;
        alert.query = fmt::format("{}{}\n| where TimeGenerated between (datetime({}) .. datetime({}))", group.tables.size() > 1 ? "union " : "", tables,
                                  formatDateTime(first.time), formatDateTime(last.time));
        if (!key.empty())
            alert.customDetails.emplace_back("Group", std::vector{key});
        alert.id = textGuid(fmt::format("sigma correlation\n{}\n{}\n{}", correlation.header.id, key, first.time));
        alerts.push_back(std::move(alert));
        start.reset();
    }
}

std::vector<Alert> SigmaCorrelator::take(Ticks periodEnd)
{
    std::vector<Alert> alerts;
    for (std::size_t i = 0; i < m_groups.size(); ++i)
        for (auto& [key, group] : m_groups[i])
            addAlerts(i, key, group, periodEnd, alerts);
    return alerts;
}

} // namespace tocsin::detect::sigma
