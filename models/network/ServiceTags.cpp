// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/ServiceTags.h"

#include "base/Utf8.h"
#include "network/Vocabulary.h"

#include <algorithm>

namespace tocsin::network {

bool ServiceTag::supports(std::string_view feature) const
{
    return features.empty() || std::any_of(features.begin(), features.end(), [feature](const std::string& has) { return equalsIgnoringCase(has, feature); });
}

ServiceTagFile ServiceTagFile::read(const JsonTree& document)
{
    ServiceTagFile file;
    file.m_cloud = document.get("cloud").text();
    file.m_changeNumber = document.get("changeNumber").text();
    for (const JsonTree& value : document.get("values").items()) {
        ServiceTag tag;
        tag.name = value.get("name").text();
        if (tag.name.empty())
            continue;
        for (const JsonTree& item : value.property("addressPrefixes").items()) {
            const auto prefix = parsePrefix(item.view());
            if (!prefix) {
                ++file.m_refused;
                continue;
            }
            tag.prefixes.push_back(prefix->normalized());
        }
        tag.addresses = AddressSet::of(tag.prefixes);
        for (const JsonTree& feature : value.property("networkFeatures").items())
            tag.features.push_back(feature.text());
        file.m_tags.insert_or_assign(lowered(tag.name), std::move(tag));
    }
    return file;
}

const ServiceTag* ServiceTagFile::find(std::string_view name) const
{
    const auto found = m_tags.find(lowered(name));
    return found == m_tags.end() ? nullptr : &found->second;
}

} // namespace tocsin::network
