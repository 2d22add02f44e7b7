// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/AddressSet.h"
#include "network/JsonTree.h"

#include <map>
#include <string>
#include <vector>

namespace tocsin::network {

struct ServiceTag {
    std::string name;
    AddressSet addresses;
    std::vector<IpPrefix> prefixes; ///< as listed
    std::vector<std::string> features; ///< NSG, UDR …; empty if the file does not tell
    bool supports(std::string_view feature) const;
};

/// The tags of a ServiceTags_Public_YYYYMMDD.json, or of the answer of Service Tags - List. Names without regard to case.
/// https://learn.microsoft.com/azure/virtual-network/service-tags-overview
class ServiceTagFile {
public:
    static ServiceTagFile read(const JsonTree& document);

    bool isEmpty() const { return m_tags.empty(); }
    const ServiceTag* find(std::string_view name) const;
    const std::map<std::string, ServiceTag>& tags() const { return m_tags; }
    const std::string& cloud() const { return m_cloud; }
    const std::string& changeNumber() const { return m_changeNumber; }
    std::size_t refusedPrefixes() const { return m_refused; }

private:
    std::map<std::string, ServiceTag> m_tags; ///< by name in lower case
    std::string m_cloud;
    std::string m_changeNumber;
    std::size_t m_refused = 0;
};

} // namespace tocsin::network
