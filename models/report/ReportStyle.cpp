// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/ReportStyle.h"

#include <QPainter>
#include <QPainterPath>
#include <QPolygonF>
#include <QtMath>

namespace tocsin::report {

namespace {

QFont sans(qreal points, QFont::Weight weight)
{
    QFont font(QStringList{QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans")});
    font.setStyleHint(QFont::SansSerif);
    font.setPointSizeF(points);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    // Contextual forms would turn the x of 0x1F into a multiplication sign: evidence must stay what it is, also when copied.
    font.setStyleStrategy(QFont::PreferNoShaping);
    return font;
}

QFont monospace(qreal points)
{
    QFont font(QStringList{QStringLiteral("Noto Sans Mono"), QStringLiteral("DejaVu Sans Mono"), QStringLiteral("Liberation Mono")});
    font.setStyleHint(QFont::Monospace);
    font.setFixedPitch(true);
    font.setPointSizeF(points);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

QPolygonF polygon(const QPointF& centre, qreal radius, int corners, qreal turn)
{
    QPolygonF out;
    for (int i = 0; i < corners; ++i) {
        const qreal angle = turn + 2 * M_PI * i / corners;
        out << centre + QPointF(radius * qCos(angle), radius * qSin(angle));
    }
    return out;
}

} // namespace

ReportStyle::ReportStyle()
    : title(sans(19, QFont::DemiBold)), heading(sans(11.25, QFont::DemiBold)), normal(sans(9, QFont::Normal)), strong(sans(9, QFont::DemiBold)),
      small(sans(7.65, QFont::Normal)), smallStrong(sans(7.65, QFont::DemiBold)), mono(monospace(8.2)), smallMono(monospace(7))
{
}

QColor severityColour(Severity severity)
{
    switch (severity) {
    case Severity::Informational: return {0x7B, 0x81, 0x8B};
    case Severity::Low: return {0x3A, 0x96, 0xD9};
    case Severity::Medium: return {0xB6, 0x8D, 0x04};
    case Severity::High: return {0x9D, 0x07, 0x04};
    case Severity::Critical: return {0x5B, 0x08, 0x52};
    }
    return {};
}

void drawSeverityMark(QPainter& painter, const QPointF& centre, qreal size, Severity severity)
{
    const QColor colour = severityColour(severity);
    const qreal radius = size / 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, size * 0.12, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    const QRectF box(centre.x() - radius * 0.88, centre.y() - radius * 0.88, radius * 1.76, radius * 1.76);
    switch (severity) {
    case Severity::Informational:
        painter.setBrush(Qt::white);
        painter.drawEllipse(box);
        break;
    case Severity::Low: {
        painter.setBrush(Qt::white);
        painter.drawEllipse(box);
        QPainterPath half;
        half.moveTo(centre.x() - radius * 0.88, centre.y());
        half.arcTo(box, 180, 180);
        half.closeSubpath();
        painter.fillPath(half, colour);
        break;
    }
    case Severity::Medium:
        painter.setBrush(colour);
        painter.setPen(Qt::NoPen);
        painter.drawPolygon(polygon(centre, radius * 1.08, 4, 0));
        break;
    case Severity::High:
        painter.setBrush(colour);
        painter.setPen(Qt::NoPen);
        painter.drawPolygon(polygon(centre + QPointF(0, radius * 0.18), radius * 1.12, 3, -M_PI / 2));
        break;
    case Severity::Critical:
        painter.setBrush(colour);
        painter.setPen(Qt::NoPen);
        painter.drawPolygon(polygon(centre, radius * 1.1, 8, M_PI / 8));
        painter.setBrush(Qt::white); // the "!" as shapes, so that it needs no font
        painter.drawRect(QRectF(centre.x() - size * 0.065, centre.y() - size * 0.3, size * 0.13, size * 0.36));
        painter.drawEllipse(centre + QPointF(0, size * 0.22), size * 0.08, size * 0.08);
        break;
    }
    painter.restore();
}

void drawVerdictMark(QPainter& painter, const QPointF& centre, qreal size, bool good, const ReportStyle& style)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(good ? style.success : style.error, size * 0.16, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const qreal r = size / 2;
    if (good) {
        painter.drawPolyline(QPolygonF{centre + QPointF(-r * 0.8, 0), centre + QPointF(-r * 0.2, r * 0.6), centre + QPointF(r * 0.8, -r * 0.6)});
    } else {
        painter.drawLine(centre + QPointF(-r * 0.6, -r * 0.6), centre + QPointF(r * 0.6, r * 0.6));
        painter.drawLine(centre + QPointF(-r * 0.6, r * 0.6), centre + QPointF(r * 0.6, -r * 0.6));
    }
    painter.restore();
}

} // namespace tocsin::report
