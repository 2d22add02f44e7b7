// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/MapFiles.h"

#include <algorithm>

namespace tocsin::detect::sigma {

std::vector<std::string_view> splitText(std::string_view text, char separator)
{
    std::vector<std::string_view> items;
    while (!text.empty()) {
        const std::size_t end = text.find(separator);
        items.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return items;
}

void forEachMapRow(std::string_view file, std::size_t cells, const std::function<void(const std::vector<std::string_view>&)>& row)
{
    for (const EmbeddedFile& embedded : mapFiles()) {
        if (embedded.name != file)
            continue;
        for (const std::string_view line : splitText(embedded.bytes, '\n')) {
            if (line.empty() || line.starts_with('#'))
                continue;
            auto items = splitText(line, '\t');
            items.resize(std::max(cells, items.size()));
            row(items);
        }
    }
}

} // namespace tocsin::detect::sigma
