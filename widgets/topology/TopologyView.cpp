// SPDX-License-Identifier: GPL-3.0-or-later
#include "topology/TopologyView.h"

#include "topology/TopologyItems.h"

#include <QKeyEvent>
#include <QWheelEvent>

#include <cmath>

namespace tocsin::widgets {

namespace {

/// Hops name the IP configuration of a network interface; the drawing has the interface.
bool isOrHolds(const QString& node, const QString& hop)
{
    return hop.startsWith(node, Qt::CaseInsensitive) && (hop.size() == node.size() || hop[node.size()] == QLatin1Char('/'));
}

} // namespace

TopologyView::TopologyView(const Theme& theme, QWidget* parent) : QGraphicsView(parent), m_theme(theme)
{
    setScene(new QGraphicsScene(this));
    setFrameShape(QFrame::NoFrame);
    setDragMode(QGraphicsView::ScrollHandDrag);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTransformationAnchor(QGraphicsView::AnchorUnderMouse);
    setAccessibleName(tr("Network topology"));
    setAccessibleDescription(tr("The list view of this pane has the same resources as text."));
    connect(scene(), &QGraphicsScene::selectionChanged, this, [this] {
        const auto selected = scene()->selectedItems();
        if (selected.isEmpty())
            return;
        if (const auto* item = dynamic_cast<TopologyNodeItem*>(selected.front()))
            Q_EMIT nodeSelected(item->node().id);
    });
    connect(&theme, &Theme::changed, this, [this] {
        viewport()->update();
        scene()->update();
    });
}

TopologyView::~TopologyView() { scene()->disconnect(this); }

items::TopologyMeasures TopologyView::measures() const
{
    items::TopologyMeasures out;
    const QFontMetricsF metrics(m_theme.font());
    out.characterWidth = metrics.horizontalAdvance(QStringLiteral("abcdefgNIC0123456789")) / 20 * 1.04;
    out.rowHeight = metrics.height();
    out.place = viewport()->size();
    return out;
}

void TopologyView::setPlaces(std::shared_ptr<const items::TopologyPlaces> places)
{
    scene()->clear();
    m_nodes.clear();
    m_edges.clear();
    m_lit = 0;
    m_places = std::move(places);
    if (!m_places)
        return;
    const items::TopologyGraph& graph = *m_places->graph;
    const QHash<QString, std::size_t> index = graph.index();
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        auto* item = new TopologyNodeItem(graph.nodes[i], m_places->nodes[i], m_theme);
        // Containers below what they contain, deeper ones above.
        int depth = 0;
        for (QString up = graph.nodes[i].parent; !up.isEmpty(); up = graph.nodes[index[up]].parent)
            ++depth;
        item->setZValue(graph.nodes[i].isContainer() ? -10 + depth : 5);
        scene()->addItem(item);
        m_nodes.push_back(item);
    }
    for (std::size_t i = 0; i < graph.edges.size(); ++i) {
        auto* item = new TopologyEdgeItem(graph.edges[i], m_places->edges[i], m_theme);
        item->setZValue(1);
        scene()->addItem(item);
        m_edges.push_back(item);
    }
    scene()->setSceneRect(m_places->bounds.adjusted(-24, -24, 24, 24));
    fit();
}

void TopologyView::fit()
{
    m_fitted = true;
    if (!m_places || m_places->bounds.isEmpty())
        return;
    fitInView(m_places->bounds.adjusted(-12, -12, 12, 12), Qt::KeepAspectRatio);
    // Never larger than life.
    if (transform().m11() > 1.25) {
        resetTransform();
        scale(1.25, 1.25);
        centerOn(m_places->bounds.center());
    }
}

void TopologyView::zoom(double factor)
{
    const double now = transform().m11() * factor;
    if (now < 0.05 || now > 4)
        return;
    m_fitted = false;
    scale(factor, factor);
}

void TopologyView::zoomIn() { zoom(1.25); }
void TopologyView::zoomOut() { zoom(0.8); }

void TopologyView::selectNode(const QString& id)
{
    for (TopologyNodeItem* item : m_nodes) {
        if (item->node().id != id || item->isSelected())
            continue;
        scene()->clearSelection();
        item->setSelected(true);
        item->ensureVisible(QRectF(), 24, 24);
        ensureVisible(item->sceneBoundingRect(), 24, 24);
    }
}

void TopologyView::showPath(const QStringList& ids, bool reachable)
{
    m_lit = 0;
    for (TopologyNodeItem* item : m_nodes)
        item->setPathRole(PathRole::None, 0);
    QStringList drawn;
    for (const QString& id : ids)
        for (TopologyNodeItem* item : m_nodes)
            if (isOrHolds(item->node().id, id) && !item->node().isContainer()) {
                drawn << item->node().id;
                const bool last = id == ids.back();
                item->setPathRole(!reachable && last ? PathRole::Broken : PathRole::On, static_cast<int>(drawn.size()));
                ++m_lit;
            }
    for (TopologyEdgeItem* item : m_edges) {
        const auto from = drawn.indexOf(item->edge().from), to = drawn.indexOf(item->edge().to);
        const bool on = from >= 0 && to >= 0 && std::abs(from - to) == 1;
        item->setPathRole(!on ? PathRole::None : !reachable && std::max(from, to) == drawn.size() - 1 ? PathRole::Broken : PathRole::On);
    }
}

void TopologyView::drawBackground(QPainter* painter, const QRectF& rect) { painter->fillRect(rect, m_theme.color(ThemeColor::Surface)); }

void TopologyView::wheelEvent(QWheelEvent* event)
{
    if (event->modifiers() & Qt::ControlModifier) {
        zoom(std::pow(1.0015, event->angleDelta().y()));
        event->accept();
        return;
    }
    QGraphicsView::wheelEvent(event);
}

void TopologyView::resizeEvent(QResizeEvent* event)
{
    QGraphicsView::resizeEvent(event);
    if (m_fitted)
        fit();
}

void TopologyView::step(int dx, int dy)
{
    const auto selected = scene()->selectedItems();
    const QPointF from = selected.isEmpty() ? sceneRect().topLeft() : selected.front()->sceneBoundingRect().center();
    TopologyNodeItem* best = nullptr;
    double nearest = 1e18;
    for (TopologyNodeItem* item : m_nodes) {
        if (item->isSelected() || item->node().isContainer())
            continue;
        const QPointF way = item->sceneBoundingRect().center() - from;
        const double along = way.x() * dx + way.y() * dy;
        const double across = std::abs(way.x() * dy) + std::abs(way.y() * dx);
        if (along <= 0 && !selected.isEmpty())
            continue;
        if (const double distance = along + 2.5 * across; distance < nearest) {
            nearest = distance;
            best = item;
        }
    }
    if (best)
        selectNode(best->node().id);
}

void TopologyView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomIn(); return;
    case Qt::Key_Minus: zoomOut(); return;
    case Qt::Key_0: fit(); return;
    case Qt::Key_Left: step(-1, 0); return;
    case Qt::Key_Right: step(1, 0); return;
    case Qt::Key_Up: step(0, -1); return;
    case Qt::Key_Down: step(0, 1); return;
    default: QGraphicsView::keyPressEvent(event);
    }
}

} // namespace tocsin::widgets
