// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/LogSources.h"

#include "base/Utf8.h"

#include <algorithm>
#include <charconv>

// The map as bytes between two symbols, so that the program needs no file at run time.
asm(".pushsection .rodata\n"
    "tocsinSigmaSources:\n"
    ".incbin \"" TOCSIN_SIGMA_SOURCES "\"\n"
    "tocsinSigmaSourcesEnd:\n"
    ".byte 0\n"
    ".popsection\n"
    ".globl tocsinSigmaSources\n"
    ".globl tocsinSigmaSourcesEnd\n");

extern "C" {
extern const char tocsinSigmaSources[] __attribute__((visibility("hidden")));
extern const char tocsinSigmaSourcesEnd[] __attribute__((visibility("hidden")));
}

namespace tocsin::detect::sigma {
namespace {

constexpr std::string_view kAzureServices[] = {"activitylogs", "auditlogs", "signinlogs"};

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> items;
    while (!text.empty()) {
        const std::size_t end = text.find(separator);
        items.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return items;
}

bool contains(const std::vector<std::string>& names, std::string_view name)
{
    return std::any_of(names.begin(), names.end(), [name](const std::string& one) { return equalsIgnoringCase(one, name); });
}

} // namespace

LogSources LogSources::builtIn()
{
    LogSources sources;
    for (const std::string_view line : split({tocsinSigmaSources, static_cast<std::size_t>(tocsinSigmaSourcesEnd - tocsinSigmaSources)}, '\n')) {
        std::vector<std::string_view> cells = split(line, '\t');
        if (cells.size() < 3 || line.starts_with('#'))
            continue;
        cells.resize(5);
        Row row;
        for (const std::string_view channel : split(cells[2], '|'))
            row.channels.emplace_back(channel);
        for (const std::string_view provider : split(cells[3], '|'))
            row.providers.emplace_back(provider);
        for (const std::string_view id : split(cells[4], ',')) {
            std::uint32_t number = 0;
            std::from_chars(id.data(), id.data() + id.size(), number);
            row.ids.push_back(number);
        }
        auto& rows = cells[0] == "category" ? sources.m_categories : sources.m_services;
        rows[std::string(cells[1])].push_back(std::move(row));
    }
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
