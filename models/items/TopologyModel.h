// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/TopologyGraph.h"

#include <QAbstractItemModel>

#include <memory>

namespace tocsin::items {

/// A topology as a tree of containers and what they contain: the list twin of the drawing.
class TopologyModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, Kind, Address, Connections, ColumnCount };

    using QAbstractItemModel::QAbstractItemModel;
    void setGraph(std::shared_ptr<const TopologyGraph> graph);
    const TopologyNode* node(const QModelIndex& index) const;
    QModelIndex indexOf(const QString& id) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const TopologyGraph> m_graph;
    std::vector<int> m_top;
    std::vector<std::vector<int>> m_children;
    std::vector<int> m_parents; ///< -1 at the top
    std::vector<int> m_rowOf;
    std::vector<QStringList> m_neighbours;
};

} // namespace tocsin::items
