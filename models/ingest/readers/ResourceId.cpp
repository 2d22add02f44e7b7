// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/ResourceId.h"

#include "base/Utf8.h"

#include <algorithm>

namespace tocsin::ingest {

ResourceIdParts splitResourceId(std::string_view id)
{
    ResourceIdParts parts;
    bool inProvider = false;
    bool expectType = true;
    std::string_view key;
    bool haveKey = false;
    while (!id.empty()) {
        if (id.front() == '/') {
            id.remove_prefix(1);
            continue;
        }
        const std::size_t end = std::min(id.find('/'), id.size());
        const std::string_view segment = id.substr(0, end);
        id.remove_prefix(end);
        // A provider may follow another one (an extension resource); the last one counts.
        if (!haveKey && equalsIgnoringCase(segment, "providers")) {
            inProvider = true;
            expectType = true;
            parts.provider = {};
            continue;
        }
        if (inProvider && parts.provider.empty()) {
            parts.provider = segment;
        } else if (inProvider) {
            (expectType ? parts.type : parts.name) = segment;
            haveKey = expectType;
            expectType = !expectType;
        } else if (!haveKey) {
            key = segment;
            haveKey = true;
        } else {
            haveKey = false;
            if (equalsIgnoringCase(key, "subscriptions"))
                parts.subscription = segment;
            else if (equalsIgnoringCase(key, "resourceGroups"))
                parts.group = segment;
            else if (equalsIgnoringCase(key, "tenants"))
                parts.tenant = segment;
        }
    }
    return parts;
}

std::string lowerAscii(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), foldAscii);
    return result;
}

std::string upperAscii(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return result;
}

} // namespace tocsin::ingest
