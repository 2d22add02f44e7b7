// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/Severity.h"

#include "common/Contrast.h"

#include <QPainter>
#include <QPainterPath>

namespace tocsin::widgets {

namespace {

QPolygonF octagon(const QRectF& r)
{
    const qreal cut = r.width() * 0.29;
    return QPolygonF({{r.left() + cut, r.top()}, {r.right() - cut, r.top()}, {r.right(), r.top() + cut}, {r.right(), r.bottom() - cut},
                      {r.right() - cut, r.bottom()}, {r.left() + cut, r.bottom()}, {r.left(), r.bottom() - cut}, {r.left(), r.top() + cut}});
}

} // namespace

void paintSeverity(QPainter* painter, const QRectF& rect, items::Severity severity, const Theme& theme)
{
    const qreal side = std::min(rect.width(), rect.height());
    const QRectF r(rect.center().x() - side / 2 + 1, rect.center().y() - side / 2 + 1, side - 2, side - 2);
    const QColor color = theme.severityColor(severity);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, 1.4));
    painter->setBrush(Qt::NoBrush);
    switch (severity) {
    case items::Severity::Informational: painter->drawEllipse(r.adjusted(1, 1, -1, -1)); break;
    case items::Severity::Low: {
        const QRectF c = r.adjusted(0.5, 0.5, -0.5, -0.5);
        painter->drawEllipse(c);
        painter->setBrush(color);
        painter->drawChord(c, 180 * 16, 180 * 16);
        break;
    }
    case items::Severity::Medium:
        painter->setBrush(color);
        painter->drawPolygon(QPolygonF({{r.center().x(), r.top()}, {r.right(), r.center().y()}, {r.center().x(), r.bottom()}, {r.left(), r.center().y()}}));
        break;
    case items::Severity::High:
        painter->setBrush(color);
        painter->drawPolygon(QPolygonF({{r.center().x(), r.top()}, {r.right(), r.bottom() - 1}, {r.left(), r.bottom() - 1}}));
        break;
    case items::Severity::Critical: {
        painter->setBrush(color);
        painter->drawPolygon(octagon(r));
        const QColor surface = theme.color(ThemeColor::Surface), text = theme.color(ThemeColor::Text);
        const QColor mark = contrastRatio(surface, color) > contrastRatio(text, color) ? surface : text;
        painter->setPen(Qt::NoPen);
        painter->setBrush(mark);
        const qreal w = r.width();
        painter->drawRect(QRectF(r.center().x() - w * 0.08, r.top() + w * 0.18, w * 0.16, w * 0.38));
        painter->drawRect(QRectF(r.center().x() - w * 0.08, r.top() + w * 0.66, w * 0.16, w * 0.16));
        break;
    }
    }
    painter->restore();
}

} // namespace tocsin::widgets
