// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Inventory.h"

#include <map>
#include <optional>
#include <string>

namespace tocsin::network {

/// Prefixes reached through a virtual network gateway, and which one.
struct GatewayPrefix {
    IpPrefix prefix;
    Index gateway = kNone;
    bool isClientPool = false; ///< point-to-site
};

/// Everything beyond the gateways a network can use: local network gateways of their connections, learned routes, partners of
/// VNet-to-VNet connections, client pools; its own gateways, and those of peers that lend them.
std::vector<GatewayPrefix> gatewayPrefixes(const Inventory& inventory, Index vnet);

/// What the service tags mean seen from one subnet. Sets are made once and kept; make one scope per question, it is not shared
/// between threads. https://learn.microsoft.com/azure/virtual-network/service-tags-overview
class TagScope {
public:
    TagScope(const Inventory& inventory, Index vnet, Index subnet);

    /// The addresses of a tag; nullptr if it needs a service tag file the inventory does not have.
    const AddressSet* find(std::string_view tag);
    const AddressSet& virtualNetwork();
    const AddressSet& internet();
    /// Members of an application security group in this virtual network.
    const AddressSet& group(const std::string& key);
    Index vnet() const { return m_vnet; }

private:
    AddressSet makeVirtualNetwork() const;
    AddressSet makeInternet() const;

    const Inventory& m_inventory;
    Index m_vnet;
    Index m_subnet;
    std::optional<AddressSet> m_virtualNetwork, m_internet;
    std::map<std::string, AddressSet> m_others; ///< platform tags and groups
};

enum class Match { No, Yes, Unknown };

/// Whether one side of a rule covers all addresses of the question. Unknown if that hangs on a tag without addresses.
Match matchAddresses(const AddressSpec& side, const AddressSet& question, TagScope& scope);
/// All addresses of one side; nothing if a tag's addresses are not known, with its name in `missing`.
std::optional<AddressSet> expandAddresses(const AddressSpec& side, TagScope& scope, std::string* missing = nullptr);

} // namespace tocsin::network
