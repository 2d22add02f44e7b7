// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/Icon.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

namespace tocsin::widgets {

QByteArray iconSvg(const QString& name, const QColor& color)
{
    QFile file(QStringLiteral(":/icons/") + name + QStringLiteral(".svg"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().replace("#000", color.name().toLatin1());
}

void paintIcon(QPainter* painter, const QRectF& rect, const QString& name, const QColor& color)
{
    const QByteArray svg = iconSvg(name, color);
    if (svg.isEmpty())
        return;
    QSvgRenderer renderer(svg);
    renderer.render(painter, rect);
}

void IconEngine::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State)
{
    const ThemeColor color = mode == QIcon::Disabled ? ThemeColor::TextQuiet : m_color;
    QColor drawn = m_theme.color(color);
    painter->save();
    if (mode == QIcon::Disabled)
        painter->setOpacity(0.6);
    const int side = std::min(rect.width(), rect.height());
    paintIcon(painter, QRectF(rect.x() + (rect.width() - side) / 2.0, rect.y() + (rect.height() - side) / 2.0, side, side), m_name, drawn);
    painter->restore();
}

QPixmap IconEngine::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state)
{
    QPixmap out(size);
    out.fill(Qt::transparent);
    QPainter painter(&out);
    painter.setRenderHint(QPainter::Antialiasing);
    paint(&painter, QRect(QPoint(0, 0), size), mode, state);
    return out;
}

QPixmap IconEngine::scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) { return pixmap(size, mode, state); }

} // namespace tocsin::widgets
