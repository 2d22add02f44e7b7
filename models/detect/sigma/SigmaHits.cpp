// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaHits.h"

#include "base/Guid.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tocsin::detect::sigma {
namespace {

constexpr std::size_t kMaxListed = 100; ///< record ids or times a query names; beyond that it gives the period

} // namespace

std::string textGuid(std::string_view text)
{
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    Guid guid;
    for (std::size_t i = 0; i < 8; ++i) {
        guid.bytes[i] = static_cast<std::uint8_t>(hash.high64 >> (56 - 8 * i));
        guid.bytes[8 + i] = static_cast<std::uint8_t>(hash.low64 >> (56 - 8 * i));
    }
    return formatGuid(guid);
}

std::string kqlText(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else
            out += c;
    }
    return out + '"';
}

Alert alertFrom(const SigmaHeader& header)
{
    Alert alert;
    alert.ruleId = header.id;
    alert.name = header.title;
    alert.description = header.description;
    alert.severity = severityOf(header.level);
    alert.tactics = header.tactics;
    alert.techniques = header.techniques;
    alert.customDetails.emplace_back("Level", std::vector{std::string(levelName(header.level))});
    return alert;
}

void SigmaAlerts::add(std::size_t rule, const SigmaHit& hit)
{
    Sum& sum = m_sums[{rule, std::string(hit.host), hit.time / kTicksPerHour}];
    sum.table = hit.table;
    sum.first = std::min(sum.first, hit.time);
    sum.last = std::max(sum.last, hit.time);
    ++sum.count;
    if (hit.event->product == "windows")
        sum.eventIds.insert(hit.event->eventId);
    if (sum.times.size() <= kMaxListed) {
        sum.times.insert(hit.time);
        if (!hit.recordId.empty())
            sum.recordIds.emplace(hit.recordId);
    }
    addEntities(*hit.event, hit.host, hit.event->product == "azure", sum.entities);
}

Alert SigmaAlerts::alertOf(const Key& key, const Sum& sum, Ticks periodEnd) const
{
    const SigmaRule& rule = m_rules[key.rule];
    Alert alert = alertFrom(rule.header);
    alert.startTime = sum.first;
    alert.endTime = sum.last;
    alert.time = std::min((key.hour + 1) * kTicksPerHour, periodEnd);
    alert.time = std::max(alert.time, sum.last);
    alert.queryFrom = sum.first;
    alert.queryTo = sum.last + 1;
    alert.resultRows = sum.count;
    alert.entities = sum.entities;
    std::string query = sum.table + "\n| where TimeGenerated between (datetime(" + formatDateTime(sum.first) + ") .. datetime(" + formatDateTime(sum.last) + "))";
    if (!key.host.empty() && !sum.eventIds.empty())
        query += "\n| where Computer == " + kqlText(key.host);
    if (!sum.eventIds.empty())
        query += fmt::format("\n| where EventID in ({})", fmt::join(sum.eventIds, ", "));
    if (sum.recordIds.size() == sum.count && sum.count <= kMaxListed) {
        std::vector<std::string> ids;
        for (const std::string& id : sum.recordIds)
            ids.push_back(kqlText(id));
        query += fmt::format("\n| where EventRecordId in ({})", fmt::join(ids, ", "));
    } else if (sum.times.size() <= kMaxListed) {
        std::vector<std::string> times;
        for (const Ticks time : sum.times)
            times.push_back("datetime(" + formatDateTime(time) + ")");
        query += fmt::format("\n| where TimeGenerated in ({})", fmt::join(times, ", "));
    }
    alert.query = std::move(query);
    const LogSource& source = rule.logSource;
    alert.customDetails.emplace_back("LogSource", std::vector{fmt::format("{}/{}/{}", source.product, source.category, source.service)});
    alert.id = textGuid(fmt::format("sigma\n{}\n{}\n{}\n{}", rule.header.id, sum.table, key.host, key.hour));
    return alert;
}

std::vector<Alert> SigmaAlerts::take(Ticks periodEnd)
{
    std::vector<Alert> alerts;
    for (const auto& [key, sum] : m_sums)
        alerts.push_back(alertOf(key, sum, periodEnd));
    std::stable_sort(alerts.begin(), alerts.end(), [](const Alert& a, const Alert& b) { return a.startTime < b.startTime; });
    m_sums.clear();
    return alerts;
}

} // namespace tocsin::detect::sigma
