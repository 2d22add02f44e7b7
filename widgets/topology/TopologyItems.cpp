// SPDX-License-Identifier: GPL-3.0-or-later
#include "topology/TopologyItems.h"

#include "common/Icon.h"

#include <QPainter>
#include <QStyleOptionGraphicsItem>

namespace tocsin::widgets {

namespace {

/// Below this zoom words are smaller than a few pixels: only boxes are drawn.
constexpr qreal kWordsFrom = 0.35;

QPen cosmetic(const QColor& color, Qt::PenStyle style = Qt::SolidLine)
{
    QPen pen(color, 1, style);
    pen.setCosmetic(true);
    return pen;
}

} // namespace

TopologyNodeItem::TopologyNodeItem(const items::TopologyNode& node, const QRectF& box, const Theme& theme) : m_node(node), m_box(box), m_theme(theme)
{
    setFlag(ItemIsSelectable);
    QStringList tip{items::topologyKindText(node.kind) + QLatin1String(": ") + node.name};
    if (!node.caption.isEmpty())
        tip << node.caption;
    setToolTip((tip + node.details).join(QLatin1Char('\n')));
}

void TopologyNodeItem::setPathRole(PathRole role, int step)
{
    m_role = role;
    m_step = step;
    update();
}

QRectF TopologyNodeItem::boundingRect() const { return m_box.adjusted(-10, -10, 10, 10); }

QPainterPath TopologyNodeItem::shape() const
{
    QPainterPath path;
    path.addRect(m_node.isContainer() ? QRectF(m_box.left(), m_box.top(), m_box.width(), 24) : m_box);
    return path;
}

void TopologyNodeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*)
{
    const bool selected = option->state & QStyle::State_Selected;
    painter->setRenderHint(QPainter::Antialiasing);
    if (m_node.isContainer())
        paintContainer(painter, selected);
    else
        paintResource(painter, selected);
}

void TopologyNodeItem::paintContainer(QPainter* painter, bool selected) const
{
    const bool subnet = m_node.kind == items::TopologyKind::Subnet;
    painter->setPen(cosmetic(selected ? m_theme.color(ThemeColor::Accent) : m_theme.color(subnet ? ThemeColor::Hairline : ThemeColor::Border), subnet ? Qt::DashLine : Qt::SolidLine));
    painter->setBrush(m_theme.color(subnet ? ThemeColor::Surface : ThemeColor::Window));
    painter->drawRoundedRect(m_box, m_theme.radius(), m_theme.radius());
    if (painter->worldTransform().m11() < kWordsFrom)
        return;
    paintIcon(painter, QRectF(m_box.left() + 6, m_box.top() + 4, 14, 14), items::topologyIcon(m_node.kind), m_theme.color(ThemeColor::TextQuiet));
    const QFontMetricsF metrics(m_theme.smallFont());
    painter->setFont(m_theme.smallFont());
    painter->setPen(m_theme.color(ThemeColor::Text));
    const qreal room = m_box.width() - 32;
    const QString name = metrics.elidedText(m_node.name, Qt::ElideMiddle, room);
    const QPointF at(m_box.left() + 25, m_box.top() + 4 + metrics.ascent());
    painter->drawText(at, name);
    const qreal used = metrics.horizontalAdvance(name) + 10;
    if (!m_node.caption.isEmpty() && metrics.horizontalAdvance(m_node.caption) < room - used) {
        painter->setPen(m_theme.color(ThemeColor::TextQuiet));
        painter->drawText(at + QPointF(used, 0), m_node.caption);
    }
}

void TopologyNodeItem::paintResource(QPainter* painter, bool selected) const
{
    const bool onPath = m_role != PathRole::None;
    const ThemeColor edge = m_role == PathRole::Broken ? ThemeColor::Error : onPath || selected ? ThemeColor::Accent : ThemeColor::Border;
    if (onPath || selected) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(m_theme.color(m_role == PathRole::Broken ? ThemeColor::Error : ThemeColor::Accent));
        painter->drawRoundedRect(m_box.adjusted(-1.5, -1.5, 1.5, 1.5), m_theme.radius() + 1, m_theme.radius() + 1);
    }
    painter->setPen(cosmetic(m_theme.color(edge)));
    painter->setBrush(m_theme.color(selected ? ThemeColor::Selection : ThemeColor::Surface));
    painter->drawRoundedRect(m_box, m_theme.radius(), m_theme.radius());
    if (painter->worldTransform().m11() < kWordsFrom)
        return;
    paintIcon(painter, QRectF(m_box.left() + 7, m_box.center().y() - 8, 16, 16), items::topologyIcon(m_node.kind), m_theme.color(ThemeColor::Text));
    const QRectF words = m_box.adjusted(29, 3, -6, -3);
    painter->setFont(m_theme.font());
    painter->setPen(m_theme.color(ThemeColor::Text));
    const QFontMetricsF metrics(m_theme.font());
    const bool two = !m_node.caption.isEmpty();
    const QRectF first = two ? QRectF(words.left(), words.top(), words.width(), words.height() / 2) : words;
    painter->drawText(first, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(m_node.name, Qt::ElideMiddle, words.width()));
    if (two) {
        QFont mono = m_theme.monospaceFont();
        mono.setPointSizeF(m_theme.smallFont().pointSizeF());
        painter->setFont(mono);
        painter->setPen(m_theme.color(ThemeColor::TextQuiet));
        painter->drawText(QRectF(words.left(), words.center().y(), words.width(), words.height() / 2), Qt::AlignLeft | Qt::AlignVCenter,
                          QFontMetricsF(mono).elidedText(m_node.caption, Qt::ElideMiddle, words.width()));
    }
    if (onPath) {
        // The step of the path in words, not in colour alone.
        const QRectF badge(m_box.right() - 9, m_box.top() - 9, 18, 18);
        const ThemeColor fill = m_role == PathRole::Broken ? ThemeColor::Error : ThemeColor::Accent;
        painter->setPen(Qt::NoPen);
        painter->setBrush(m_theme.color(fill));
        painter->drawEllipse(badge);
        if (m_role == PathRole::Broken) {
            paintIcon(painter, badge.adjusted(3, 3, -3, -3), QStringLiteral("cross"), m_theme.color(ThemeColor::Surface));
        } else {
            painter->setFont(m_theme.smallFont());
            painter->setPen(m_theme.color(ThemeColor::AccentText));
            painter->drawText(badge, Qt::AlignCenter, QString::number(m_step));
        }
    }
}

TopologyEdgeItem::TopologyEdgeItem(const items::TopologyEdge& edge, const items::TopologyPlaces::Line& line, const Theme& theme)
    : m_edge(edge), m_theme(theme), m_label(line.label)
{
    setToolTip(edge.label);
    if (line.points.empty())
        return;
    m_path.moveTo(line.points.front());
    for (std::size_t i = 1; i + 2 < line.points.size(); i += 3)
        m_path.cubicTo(line.points[i], line.points[i + 1], line.points[i + 2]);
}

void TopologyEdgeItem::setPathRole(PathRole role)
{
    m_role = role;
    setZValue(role == PathRole::None ? 1 : 2);
    update();
}

QRectF TopologyEdgeItem::boundingRect() const
{
    QRectF out = m_path.boundingRect().adjusted(-8, -8, 8, 8);
    if (!m_edge.label.isEmpty())
        out |= QRectF(m_label.x() - 80, m_label.y() - 10, 160, 20);
    return out;
}

void TopologyEdgeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    painter->setRenderHint(QPainter::Antialiasing);
    const ThemeColor color = m_role == PathRole::Broken ? ThemeColor::Error : m_role == PathRole::None ? ThemeColor::Border : ThemeColor::Accent;
    QPen pen = cosmetic(m_theme.color(color), m_edge.dashed || m_role == PathRole::Broken ? Qt::DashLine : Qt::SolidLine);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(pen);
    painter->drawPath(m_path);
    if (m_role != PathRole::None) {
        // Twice, a pixel apart: a lit path is seen without a wide pen.
        painter->translate(0, 1 / std::max<qreal>(0.2, painter->worldTransform().m11()));
        painter->drawPath(m_path);
        painter->translate(0, -1 / std::max<qreal>(0.2, painter->worldTransform().m11()));
    }
    if (m_edge.directed && !m_path.isEmpty()) {
        const QPointF tip = m_path.pointAtPercent(1);
        painter->save();
        painter->translate(tip);
        painter->rotate(-m_path.angleAtPercent(1));
        painter->drawPolyline(QPolygonF({{-7, -4}, {0, 0}, {-7, 4}}));
        painter->restore();
    }
    if (!m_edge.label.isEmpty() && painter->worldTransform().m11() >= kWordsFrom) {
        painter->setFont(m_theme.smallFont());
        const QFontMetricsF metrics(m_theme.smallFont());
        const QString text = metrics.elidedText(m_edge.label, Qt::ElideMiddle, 150);
        const QRectF box(m_label.x() - metrics.horizontalAdvance(text) / 2 - 2, m_label.y() - metrics.height() / 2, metrics.horizontalAdvance(text) + 4, metrics.height());
        painter->fillRect(box, m_theme.color(ThemeColor::Window));
        painter->setPen(m_theme.color(ThemeColor::TextQuiet));
        painter->drawText(box, Qt::AlignCenter, text);
    }
}

} // namespace tocsin::widgets
