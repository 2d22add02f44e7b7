// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/LogSources.h"

#include "base/Utf8.h"
#include "detect/sigma/MapFiles.h"

#include <algorithm>
#include <charconv>

namespace tocsin::detect::sigma {
namespace {

constexpr std::string_view kAzureServices[] = {"activitylogs", "auditlogs", "riskdetection", "signinlogs"};

bool contains(const std::vector<std::string>& names, std::string_view name)
{
    return std::any_of(names.begin(), names.end(), [name](const std::string& one) { return equalsIgnoringCase(one, name); });
}

} // namespace

LogSources LogSources::builtIn()
{
    LogSources sources;
    forEachMapRow("logsources.tsv", 5, [&](const std::vector<std::string_view>& cells) {
        Row row;
        for (const std::string_view channel : splitText(cells[2], '|'))
            row.channels.emplace_back(channel);
        for (const std::string_view provider : splitText(cells[3], '|'))
            row.providers.emplace_back(provider);
        for (const std::string_view id : splitText(cells[4], ',')) {
            std::uint32_t number = 0;
            std::from_chars(id.data(), id.data() + id.size(), number);
            row.ids.push_back(number);
        }
        auto& rows = cells[0] == "category" ? sources.m_categories : sources.m_services;
        rows[std::string(cells[1])].push_back(std::move(row));
    });
    return sources;
}

bool LogSources::fits(const std::vector<Row>& rows, const EventView& event)
{
    return std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
        return (row.ids.empty() || std::find(row.ids.begin(), row.ids.end(), event.eventId) != row.ids.end())
            && (contains(row.channels, event.channel) || contains(row.providers, event.provider));
    });
}

bool LogSources::windows(const LogSource& source, const EventView& event) const
{
    if (!source.category.empty()) {
        const auto rows = m_categories.find(source.category);
        if (rows == m_categories.end() || !fits(rows->second, event))
            return false;
    }
    if (!source.service.empty()) {
        const auto rows = m_services.find(source.service);
        if (rows == m_services.end() || !fits(rows->second, event))
            return false;
    }
    return true;
}

bool LogSources::matches(const LogSource& source, const EventView& event) const
{
    if (!source.product.empty() && source.product != event.product)
        return false;
    if (event.product == "windows") // without a product the source must be one that Windows alone has
        return windows(source, event) && (!source.product.empty() || !source.category.empty() || !source.service.empty());
    if (!source.category.empty() && source.category != event.category)
        return false;
    return source.service.empty() || std::find(event.services.begin(), event.services.end(), source.service) != event.services.end();
}

bool LogSources::isKnown(const LogSource& source) const
{
    if (source.product == "azure")
        return source.category.empty() && (source.service.empty() || std::find(std::begin(kAzureServices), std::end(kAzureServices), source.service) != std::end(kAzureServices));
    if (source.product == "linux")
        return source.category.empty() && source.service != "auditd";
    if (!source.product.empty() && source.product != "windows")
        return false;
    return (source.category.empty() || m_categories.contains(source.category)) && (source.service.empty() || m_services.contains(source.service));
}

} // namespace tocsin::detect::sigma
