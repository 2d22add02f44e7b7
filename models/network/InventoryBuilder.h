// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network/Inventory.h"
#include "network/JsonTree.h"

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace tocsin::network {

/// One resource object as some export wrote it, and where.
struct RawResource {
    JsonTree tree;
    std::string source;     ///< file and JSON path
    bool fromTemplate = false;
};

/// Makes the model from resource objects of any of the export shapes. Gather everything with add…(), then call build() once.
class InventoryBuilder {
public:
    void addResource(RawResource resource);
    void addServiceTags(ServiceTagFile tags);
    /// Gateway id → answer of Get learned routes.
    void addLearnedRoutes(const JsonTree& byGateway);
    /// Virtual network id → answer of List effective security admin rules.
    void addAdminRules(const JsonTree& byNetwork, const std::string& source);
    void addLatencies(const JsonTree& list, const std::string& source);
    void addObservations(const JsonTree& list, const std::string& source);
    void addFinding(Finding finding) { m_inventory.findings.push_back(std::move(finding)); }
    bool isEmpty() const { return m_raw.empty(); }

    Inventory build();

private:
    using Raws = std::vector<const RawResource*>;

    ResourceInfo readInfo(const RawResource& raw) const;
    void sortByType();
    const Raws& ofType(std::string_view type) const;
    /// Children inside the parent and those standing alone, each id once.
    std::vector<const JsonTree*> childrenOf(const RawResource& parent, const std::string& parentKey, std::string_view member) const;
    const ResourceInfo& infoOf(const RawResource& raw) const;

    void buildVnets();
    void buildSubnet(Index vnet, const JsonTree& node);
    void buildPeering(VirtualNetwork& vnet, const JsonTree& node);
    void buildSecurityGroups();
    void buildRouteTables();
    void buildPublicIps();
    void associate();
    void buildInterfaces();
    void buildConfiguration(NetworkInterface& nic, const JsonTree& node);
    void buildMachines();
    void assignTemplateAddresses();
    void buildGateways();
    void buildLocalGateways();
    void buildConnections();
    void buildBalancers();
    void buildBalancerRules(LoadBalancer& balancer, const RawResource& raw);
    void buildPrivateEndpoints();
    void buildFirewalls();
    void addFirewallRules(AzureFirewall& firewall, const RawResource& raw);
    void resolvePeerings();
    void indexOwners();

    Index lookUp(const std::unordered_map<std::string, Index>& map, const JsonTree& reference, const ResourceInfo& from, std::string_view what);
    void note(FindingSeverity severity, std::string code, const ResourceInfo& info, std::string text);

    Inventory m_inventory;
    std::vector<RawResource> m_raw;
    std::vector<ResourceInfo> m_infos; ///< beside m_raw
    std::unordered_map<std::string, Raws> m_byType;
    std::unordered_map<std::string, Raws> m_children; ///< parent key + "|" + member
    std::unordered_map<std::string, Index> m_vnetByKey, m_subnetByKey, m_groupByKey, m_tableByKey, m_publicIpByKey, m_nicByKey, m_machineByKey;
    std::unordered_map<std::string, std::vector<IpPrefix>> m_learned;
    std::vector<std::pair<Index, Index>> m_unassigned; ///< interface and configuration of a template without an address
    std::set<std::string> m_reported;
};

} // namespace tocsin::network
