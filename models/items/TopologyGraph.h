// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QString>
#include <QStringList>

#include <vector>

namespace tocsin::items {

/// What stands in a topology. The first four contain others.
enum class TopologyKind {
    Region, VirtualNetwork, Subnet, Group, VirtualMachine, NetworkInterface, Firewall, Gateway, LoadBalancer, PublicIp, SecurityGroup, RouteTable,
    PrivateEndpoint, Internet, OnPremises, Database, Other,
};

/// Name of the line drawing of a kind.
QString topologyIcon(TopologyKind kind);
/// The kind in words.
QString topologyKindText(TopologyKind kind);

struct TopologyNode {
    QString id;
    QString parent; ///< id of the container; empty at the top
    TopologyKind kind = TopologyKind::Other;
    QString name;
    QString caption;     ///< second line: address or prefix; may be empty
    QStringList details; ///< "Name: value" lines
    bool isContainer() const { return kind <= TopologyKind::Group; }
};

struct TopologyEdge {
    QString from, to;
    QString label; ///< may be empty
    bool dashed = false;
    bool directed = false;
};

struct TopologyGraph {
    std::vector<TopologyNode> nodes;
    std::vector<TopologyEdge> edges;
    QHash<QString, std::size_t> index() const; ///< place of each id in `nodes`
    /// A copy whose parents exist and form no loop, and whose edges join existing nodes.
    TopologyGraph cleaned() const;
};

} // namespace tocsin::items
