// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/JsonPath.h"

#include <charconv>

namespace tocsin::kql {

JsonPath::JsonPath(std::string_view text)
{
    if (text.starts_with('$'))
        text.remove_prefix(1);
    while (!text.empty()) {
        if (text.front() == '.') {
            const std::size_t end = std::min(text.find_first_of(".[", 1), text.size());
            if (end == 1)
                return;
            m_steps.emplace_back(std::string(text.substr(1, end - 1)));
            text.remove_prefix(end);
        } else if (text.front() == '[') {
            const char quote = text.size() > 1 ? text[1] : '\0';
            if (quote == '\'' || quote == '"') {
                const std::size_t end = text.find(quote, 2);
                if (end == std::string_view::npos || end + 1 >= text.size() || text[end + 1] != ']')
                    return;
                m_steps.emplace_back(std::string(text.substr(2, end - 2)));
                text.remove_prefix(end + 2);
            } else {
                const std::size_t end = text.find(']');
                std::int64_t index = 0;
                if (end == std::string_view::npos || std::from_chars(text.data() + 1, text.data() + end, index).ptr != text.data() + end)
                    return;
                m_steps.emplace_back(index);
                text.remove_prefix(end + 1);
            }
        } else {
            return;
        }
    }
    m_valid = true;
}

std::vector<std::string> JsonPath::names() const
{
    std::vector<std::string> out;
    for (const auto& step : m_steps) {
        const auto* name = std::get_if<std::string>(&step);
        if (!m_valid || !name)
            return {};
        out.push_back(*name);
    }
    return out;
}

DynamicView JsonPath::find(DynamicView root) const
{
    if (!m_valid)
        return {};
    for (const auto& step : m_steps) {
        if (const auto* name = std::get_if<std::string>(&step)) {
            root = root.member(*name);
            continue;
        }
        std::int64_t index = std::get<std::int64_t>(step);
        const auto size = static_cast<std::int64_t>(root.size());
        if (index < 0)
            index += size;
        if (!root.isArray() || index < 0 || index >= size)
            return {};
        root = root.item(static_cast<std::size_t>(index));
    }
    return root;
}

} // namespace tocsin::kql
