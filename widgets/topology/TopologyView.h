// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"
#include "items/TopologyLayout.h"

#include <QGraphicsView>

namespace tocsin::widgets {

class TopologyEdgeItem;
class TopologyNodeItem;

/// Draws a laid-out topology. Ctrl+wheel or + and - zoom, drag moves, 0 fits, arrows walk from box to box.
class TopologyView final : public QGraphicsView {
    Q_OBJECT
public:
    explicit TopologyView(const Theme& theme, QWidget* parent = nullptr);
    ~TopologyView() override;

    void setPlaces(std::shared_ptr<const items::TopologyPlaces> places);
    void fit();
    void zoomIn();
    void zoomOut();
    void selectNode(const QString& id);
    /// Ids of resources in order. A resource that is not drawn is left out.
    void showPath(const QStringList& ids, bool reachable);
    int nodeCount() const { return static_cast<int>(m_nodes.size()); }
    int litCount() const { return m_lit; }
    items::TopologyMeasures measures() const;

Q_SIGNALS:
    void nodeSelected(const QString& id);

protected:
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void drawBackground(QPainter* painter, const QRectF& rect) override;

private:
    void zoom(double factor);
    void step(int dx, int dy);

    const Theme& m_theme;
    std::shared_ptr<const items::TopologyPlaces> m_places;
    std::vector<TopologyNodeItem*> m_nodes;
    std::vector<TopologyEdgeItem*> m_edges;
    bool m_fitted = true;
    int m_lit = 0;
};

} // namespace tocsin::widgets
