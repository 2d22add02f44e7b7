// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"
#include "items/TopologyLayout.h"

#include <QGraphicsItem>

namespace tocsin::widgets {

/// How an item stands on the lit path.
enum class PathRole { None, On, End, Broken };

/// A box: a resource, or a container with its title at the top.
class TopologyNodeItem final : public QGraphicsItem {
public:
    TopologyNodeItem(const items::TopologyNode& node, const QRectF& box, const Theme& theme);
    const items::TopologyNode& node() const { return m_node; }
    void setPathRole(PathRole role, int step);

    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void paintContainer(QPainter* painter, bool selected) const;
    void paintResource(QPainter* painter, bool selected) const;

    const items::TopologyNode& m_node;
    QRectF m_box;
    const Theme& m_theme;
    PathRole m_role = PathRole::None;
    int m_step = 0;
};

/// A connection, one pixel wide at every zoom.
class TopologyEdgeItem final : public QGraphicsItem {
public:
    TopologyEdgeItem(const items::TopologyEdge& edge, const items::TopologyPlaces::Line& line, const Theme& theme);
    const items::TopologyEdge& edge() const { return m_edge; }
    void setPathRole(PathRole role);

    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    const items::TopologyEdge& m_edge;
    const Theme& m_theme;
    QPainterPath m_path;
    QPointF m_label;
    PathRole m_role = PathRole::None;
};

} // namespace tocsin::widgets
