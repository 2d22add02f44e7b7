// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/InventoryTopology.h"

#include "items/ValueText.h"
#include "network/Topology.h"

#include <QCoreApplication>

#include <array>
#include <map>

namespace tocsin::items {

namespace {

/// Subnets with more interfaces than this draw their routes from the subnet itself.
constexpr std::size_t kMostRouteStarts = 3;

QString say(const char* text) { return QCoreApplication::translate("tocsin::items::InventoryTopology", text); }

struct TypeKind {
    const char* type; ///< lower case
    TopologyKind kind;
};

constexpr std::array kTypes{
    TypeKind{"microsoft.network/virtualnetworks", TopologyKind::VirtualNetwork},
    TypeKind{"microsoft.network/virtualnetworks/subnets", TopologyKind::Subnet},
    TypeKind{"microsoft.compute/virtualmachines", TopologyKind::VirtualMachine},
    TypeKind{"microsoft.network/networkinterfaces", TopologyKind::NetworkInterface},
    TypeKind{"microsoft.network/azurefirewalls", TopologyKind::Firewall},
    TypeKind{"microsoft.network/virtualnetworkgateways", TopologyKind::Gateway},
    TypeKind{"microsoft.network/natgateways", TopologyKind::Gateway},
    TypeKind{"microsoft.network/localnetworkgateways", TopologyKind::OnPremises},
    TypeKind{"microsoft.network/loadbalancers", TopologyKind::LoadBalancer},
    TypeKind{"microsoft.network/publicipaddresses", TopologyKind::PublicIp},
    TypeKind{"microsoft.network/networksecuritygroups", TopologyKind::SecurityGroup},
    TypeKind{"microsoft.network/routetables", TopologyKind::RouteTable},
    TypeKind{"microsoft.network/privateendpoints", TopologyKind::PrivateEndpoint},
};

TopologyKind kindOf(const std::string& type)
{
    const QString lower = toQString(type).toLower();
    for (const TypeKind& entry : kTypes)
        if (lower == QLatin1String(entry.type))
            return entry.kind;
    return lower.startsWith(QLatin1String("microsoft.sql")) || lower.startsWith(QLatin1String("microsoft.dbfor")) ? TopologyKind::Database : TopologyKind::Other;
}

class Converter {
public:
    explicit Converter(const network::TopologyGraph& graph) : m_graph(graph), m_kinds(graph.nodes.size()), m_wanted(graph.nodes.size(), false) {}

    TopologyGraph run()
    {
        m_out.nodes.resize(m_graph.nodes.size());
        for (std::size_t i = 0; i < m_graph.nodes.size(); ++i) {
            const network::TopologyNode& node = m_graph.nodes[i];
            m_kinds[i] = kindOf(node.type);
            m_out.nodes[i] = {toQString(node.id), parent(node), m_kinds[i], toQString(node.name), toQString(node.address), {}};
            add(i, say("Resource group"), node.resourceGroup);
            add(i, say("Location"), node.location);
            // Parts of a network are drawn; other resources only if something drawn is connected to them.
            m_wanted[i] = m_kinds[i] != TopologyKind::Other && !isBadge(i);
        }
        for (const network::TopologyEdge& edge : m_graph.edges)
            convert(edge);
        for (std::size_t i = 0; i < m_wanted.size(); ++i)
            if (m_wanted[i])
                m_drawn.nodes.push_back(std::move(m_out.nodes[i]));
        m_drawn.edges = std::move(m_out.edges);
        return m_drawn.cleaned();
    }

private:
    static std::size_t at(network::Index index) { return static_cast<std::size_t>(index); }
    QString parent(const network::TopologyNode& node) const { return node.parent == network::kNone ? QString() : toQString(m_graph.nodes[at(node.parent)].id); }
    bool isBadge(std::size_t i) const { return m_kinds[i] == TopologyKind::SecurityGroup || m_kinds[i] == TopologyKind::RouteTable; }
    void add(std::size_t node, const QString& name, const std::string& value)
    {
        if (!value.empty())
            m_out.nodes[node].details << name + QLatin1String(": ") + toQString(value);
    }
    void line(std::size_t from, std::size_t to, const QString& label, bool dashed, bool directed)
    {
        if (from == to)
            return;
        const auto key = std::minmax(from, to);
        const auto [place, isNew] = m_lines.try_emplace(key, m_out.edges.size());
        if (isNew) {
            m_out.edges.push_back({m_out.nodes[from].id, m_out.nodes[to].id, label, dashed, directed});
            return;
        }
        // There and back is one line without an arrow.
        TopologyEdge& before = m_out.edges[place->second];
        if (before.from != m_out.nodes[from].id)
            before.directed = false;
    }
    void convert(const network::TopologyEdge& edge)
    {
        const std::size_t from = at(edge.from), to = at(edge.to);
        switch (edge.kind) {
        case network::TopologyEdgeKind::Contains:
            if (m_graph.nodes[to].parent != edge.from)
                line(from, to, {}, false, false);
            break;
        case network::TopologyEdgeKind::Associated:
            if (isBadge(to))
                add(from, topologyKindText(m_kinds[to]), m_graph.nodes[to].name);
            else if (m_kinds[to] != TopologyKind::Other && m_kinds[from] != TopologyKind::Other)
                line(from, to, {}, false, false);
            break;
        case network::TopologyEdgeKind::Peering: line(from, to, toQString(edge.label), !edge.active, false); break;
        case network::TopologyEdgeKind::Connection: line(from, to, toQString(edge.label), !edge.active, false); break;
        case network::TopologyEdgeKind::NextHop: nextHop(from, to); break;
        }
    }
    void nextHop(std::size_t subnet, std::size_t to)
    {
        std::vector<std::size_t> starts;
        for (std::size_t i = 0; i < m_graph.nodes.size(); ++i)
            if (m_kinds[i] == TopologyKind::NetworkInterface && m_graph.nodes[i].parent != network::kNone && at(m_graph.nodes[i].parent) == subnet)
                starts.push_back(i);
        if (starts.empty() || starts.size() > kMostRouteStarts)
            starts = {subnet};
        for (const std::size_t start : starts)
            line(start, to, {}, true, true);
    }

    const network::TopologyGraph& m_graph;
    std::vector<TopologyKind> m_kinds;
    std::vector<bool> m_wanted;
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> m_lines;
    TopologyGraph m_out, m_drawn;
};

} // namespace

TopologyGraph topologyOf(const network::Inventory& inventory) { return Converter(network::buildTopology(inventory)).run(); }

} // namespace tocsin::items
