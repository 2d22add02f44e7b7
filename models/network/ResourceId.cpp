// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/ResourceId.h"

#include "base/Utf8.h"
#include "network/Vocabulary.h"

#include <vector>

namespace tocsin::network {
namespace {

std::string_view trimmed(std::string_view id)
{
    while (!id.empty() && id.front() == '/')
        id.remove_prefix(1);
    while (!id.empty() && id.back() == '/')
        id.remove_suffix(1);
    return id;
}

std::vector<std::string_view> segments(std::string_view id)
{
    std::vector<std::string_view> parts;
    for (id = trimmed(id); !id.empty();) {
        const auto slash = id.find('/');
        parts.push_back(id.substr(0, slash));
        id = slash == std::string_view::npos ? std::string_view() : id.substr(slash + 1);
    }
    return parts;
}

} // namespace

ResourceId parseResourceId(std::string_view id)
{
    ResourceId result;
    const auto parts = segments(id);
    std::size_t i = 0;
    for (; i + 1 < parts.size() && !equalsIgnoringCase(parts[i], "providers"); i += 2) {
        if (equalsIgnoringCase(parts[i], "subscriptions"))
            result.subscription = parts[i + 1];
        else if (equalsIgnoringCase(parts[i], "resourceGroups"))
            result.resourceGroup = parts[i + 1];
    }
    if (i + 1 < parts.size()) {
        result.type = parts[i + 1];
        for (i += 2; i + 1 < parts.size(); i += 2)
            result.type += "/" + std::string(parts[i]);
    }
    result.name = parts.empty() ? std::string() : std::string(parts.back());
    return result;
}

std::string_view lastSegment(std::string_view id)
{
    id = trimmed(id);
    const auto slash = id.rfind('/');
    return slash == std::string_view::npos ? id : id.substr(slash + 1);
}

std::string_view parentId(std::string_view id)
{
    for (int step = 0; step < 2; ++step) {
        const auto slash = id.rfind('/');
        if (slash == std::string_view::npos)
            return {};
        id = id.substr(0, slash);
    }
    return id;
}

std::string resourceKey(std::string_view id) { return "/" + lowered(trimmed(id)); }

} // namespace tocsin::network
