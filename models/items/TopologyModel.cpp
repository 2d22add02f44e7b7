// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/TopologyModel.h"

#include "items/Roles.h"

namespace tocsin::items {

void TopologyModel::setGraph(std::shared_ptr<const TopologyGraph> graph)
{
    beginResetModel();
    m_graph = graph ? std::make_shared<const TopologyGraph>(graph->cleaned()) : nullptr;
    const std::size_t count = m_graph ? m_graph->nodes.size() : 0;
    m_top.clear();
    m_children.assign(count, {});
    m_parents.assign(count, -1);
    m_rowOf.assign(count, 0);
    m_neighbours.assign(count, {});
    if (m_graph) {
        const QHash<QString, std::size_t> places = m_graph->index();
        for (std::size_t i = 0; i < count; ++i) {
            const QString& parent = m_graph->nodes[i].parent;
            std::vector<int>& siblings = parent.isEmpty() ? m_top : m_children[places[parent]];
            m_parents[i] = parent.isEmpty() ? -1 : static_cast<int>(places[parent]);
            m_rowOf[i] = static_cast<int>(siblings.size());
            siblings.push_back(static_cast<int>(i));
        }
        for (const TopologyEdge& edge : m_graph->edges) {
            const std::size_t a = places[edge.from], b = places[edge.to];
            m_neighbours[a] << m_graph->nodes[b].name;
            m_neighbours[b] << m_graph->nodes[a].name;
        }
    }
    endResetModel();
}

const TopologyNode* TopologyModel::node(const QModelIndex& index) const
{
    return index.isValid() && m_graph ? &m_graph->nodes[static_cast<std::size_t>(index.internalId())] : nullptr;
}

QModelIndex TopologyModel::indexOf(const QString& id) const
{
    if (m_graph)
        for (std::size_t i = 0; i < m_graph->nodes.size(); ++i)
            if (m_graph->nodes[i].id == id)
                return createIndex(m_rowOf[i], 0, static_cast<quintptr>(i));
    return {};
}

QModelIndex TopologyModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const std::vector<int>& siblings = parent.isValid() ? m_children[static_cast<std::size_t>(parent.internalId())] : m_top;
    return createIndex(row, column, static_cast<quintptr>(siblings[static_cast<std::size_t>(row)]));
}

QModelIndex TopologyModel::parent(const QModelIndex& child) const
{
    if (!child.isValid())
        return {};
    const int above = m_parents[static_cast<std::size_t>(child.internalId())];
    return above < 0 ? QModelIndex() : createIndex(m_rowOf[static_cast<std::size_t>(above)], 0, static_cast<quintptr>(above));
}

int TopologyModel::rowCount(const QModelIndex& parent) const
{
    if (parent.column() > 0)
        return 0;
    return static_cast<int>(parent.isValid() ? m_children[static_cast<std::size_t>(parent.internalId())].size() : m_top.size());
}

int TopologyModel::columnCount(const QModelIndex&) const { return ColumnCount; }

QVariant TopologyModel::data(const QModelIndex& index, int role) const
{
    const TopologyNode* node = this->node(index);
    if (!node)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name: return node->name;
        case Kind: return topologyKindText(node->kind);
        case Address: return node->caption;
        case Connections: return m_neighbours[static_cast<std::size_t>(index.internalId())].join(QLatin1String(", "));
        default: return {};
        }
    case Qt::ToolTipRole: return node->details.isEmpty() ? QVariant() : QVariant(node->details.join(QLatin1Char('\n')));
    case IconNameRole: return index.column() == Name ? QVariant(topologyIcon(node->kind)) : QVariant();
    case MonospaceRole: return index.column() == Address;
    case QuietRole: return index.column() == Kind;
    case IdRole: return node->id;
    default: return {};
    }
}

QVariant TopologyModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Name");
    case Kind: return tr("Type");
    case Address: return tr("Address");
    default: return tr("Connected to");
    }
}

} // namespace tocsin::items
