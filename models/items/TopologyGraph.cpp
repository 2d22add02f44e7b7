// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/TopologyGraph.h"

#include <QCoreApplication>
#include <QSet>

#include <array>

namespace tocsin::items {

namespace {

struct KindFacts {
    const char* icon;
    const char* text;
};

constexpr std::array kKinds{
    KindFacts{"cloud", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Region")},
    KindFacts{"vnet", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Virtual network")},
    KindFacts{"subnet", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Subnet")},
    KindFacts{"folder", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Group")},
    KindFacts{"vm", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Virtual machine")},
    KindFacts{"nic", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Network interface")},
    KindFacts{"firewall", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Virtual appliance")},
    KindFacts{"gateway", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Gateway")},
    KindFacts{"loadbalancer", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Load balancer")},
    KindFacts{"ip", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Public IP address")},
    KindFacts{"nsg", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Network security group")},
    KindFacts{"routetable", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Route table")},
    KindFacts{"connectivity", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Private endpoint")},
    KindFacts{"internet", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Internet")},
    KindFacts{"onpremises", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "On-premises network")},
    KindFacts{"database", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Database")},
    KindFacts{"resource", QT_TRANSLATE_NOOP("tocsin::items::TopologyKind", "Resource")},
};

} // namespace

QString topologyIcon(TopologyKind kind) { return QString::fromLatin1(kKinds[static_cast<std::size_t>(kind)].icon); }

QString topologyKindText(TopologyKind kind) { return QCoreApplication::translate("tocsin::items::TopologyKind", kKinds[static_cast<std::size_t>(kind)].text); }

QHash<QString, std::size_t> TopologyGraph::index() const
{
    QHash<QString, std::size_t> out;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (!out.contains(nodes[i].id))
            out.insert(nodes[i].id, i);
    return out;
}

TopologyGraph TopologyGraph::cleaned() const
{
    TopologyGraph out;
    QSet<QString> seen;
    for (const TopologyNode& node : nodes) {
        if (node.id.isEmpty() || seen.contains(node.id))
            continue;
        seen.insert(node.id);
        out.nodes.push_back(node);
    }
    const QHash<QString, std::size_t> places = out.index();
    for (TopologyNode& node : out.nodes) {
        const auto parent = places.constFind(node.parent);
        if (parent == places.constEnd() || !out.nodes[*parent].isContainer())
            node.parent.clear();
    }
    for (TopologyNode& node : out.nodes) {
        QSet<QString> above{node.id};
        for (QString up = node.parent; !up.isEmpty(); up = out.nodes[places[up]].parent) {
            if (above.contains(up)) {
                node.parent.clear();
                break;
            }
            above.insert(up);
        }
    }
    for (const TopologyEdge& edge : edges)
        if (places.contains(edge.from) && places.contains(edge.to) && edge.from != edge.to)
            out.edges.push_back(edge);
    return out;
}

} // namespace tocsin::items
