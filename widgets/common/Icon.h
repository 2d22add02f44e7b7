// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"

#include <QHash>
#include <QIconEngine>

namespace tocsin::widgets {

/// Draws one of the line drawings of resources/icons in a colour of the theme, crisp at every scale. Disabled icons are quiet.
class IconEngine final : public QIconEngine {
public:
    IconEngine(const Theme& theme, QString name, ThemeColor color) : m_theme(theme), m_name(std::move(name)), m_color(color) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    QIconEngine* clone() const override { return new IconEngine(m_theme, m_name, m_color); }
    QString key() const override { return QStringLiteral("tocsin"); }

private:
    const Theme& m_theme;
    QString m_name;
    ThemeColor m_color;
};

/// The drawing as SVG text in one colour; empty if there is no such icon.
QByteArray iconSvg(const QString& name, const QColor& color);
void paintIcon(QPainter* painter, const QRectF& rect, const QString& name, const QColor& color);

} // namespace tocsin::widgets
