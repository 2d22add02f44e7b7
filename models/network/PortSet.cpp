// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/PortSet.h"

#include "base/Utf8.h"

#include <algorithm>
#include <charconv>

namespace tocsin::network {
namespace {

std::optional<std::uint16_t> parsePort(std::string_view text)
{
    text = trimSpaces(text);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return !text.empty() && error == std::errc() && end == text.data() + text.size() ? std::optional(port) : std::nullopt;
}

} // namespace

PortSet::PortSet(std::vector<PortRange> ranges)
{
    std::erase_if(ranges, [](PortRange range) { return range.last < range.first; });
    std::sort(ranges.begin(), ranges.end(), [](PortRange a, PortRange b) { return a.first < b.first; });
    for (const PortRange range : ranges) {
        if (!m_ranges.empty() && range.first <= m_ranges.back().last + 1)
            m_ranges.back().last = std::max(m_ranges.back().last, range.last);
        else
            m_ranges.push_back(range);
    }
}

bool PortSet::contains(std::uint16_t port) const { return covers({port, port}); }

bool PortSet::covers(PortRange range) const
{
    return std::any_of(m_ranges.begin(), m_ranges.end(),
                       [range](PortRange mine) { return mine.first <= range.first && range.last <= mine.last; });
}

PortSet PortSet::united(const PortSet& other) const
{
    auto ranges = m_ranges;
    ranges.insert(ranges.end(), other.m_ranges.begin(), other.m_ranges.end());
    return PortSet(std::move(ranges));
}

PortSet PortSet::minus(const PortSet& other) const
{
    std::vector<PortRange> left;
    for (const PortRange range : m_ranges) {
        int from = range.first;
        for (const PortRange cut : other.m_ranges) {
            if (cut.last < from || cut.first > range.last)
                continue;
            if (from < cut.first)
                left.push_back({static_cast<std::uint16_t>(from), static_cast<std::uint16_t>(cut.first - 1)});
            from = cut.last + 1;
        }
        if (from <= range.last)
            left.push_back({static_cast<std::uint16_t>(from), range.last});
    }
    return PortSet(std::move(left));
}

std::optional<PortRange> parsePortRange(std::string_view text)
{
    text = trimSpaces(text);
    if (text == "*" || equalsIgnoringCase(text, "any"))
        return PortRange{};
    const auto dash = text.find('-');
    const auto first = parsePort(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parsePort(text.substr(dash + 1));
    if (!first || !last || *last < *first)
        return std::nullopt;
    return PortRange{*first, *last};
}

std::string formatPortRange(PortRange range)
{
    return range.isSingle() ? std::to_string(range.first) : std::to_string(range.first) + "-" + std::to_string(range.last);
}

} // namespace tocsin::network
