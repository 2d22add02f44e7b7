// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/CardView.h"

#include <QPainter>

namespace tocsin::widgets {

CardView::CardView(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void CardView::setCards(const QStringList& cards)
{
    m_cards = cards;
    setAccessibleName(QString(cards.join(QLatin1String("; "))).replace(QLatin1Char('\t'), QLatin1String(": ")));
    update();
}

void CardView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(ThemeColor::Surface));
    if (m_cards.isEmpty())
        return;
    const int columns = std::max(1, std::min(static_cast<int>(m_cards.size()), width() / 200));
    const int rows = static_cast<int>((m_cards.size() + columns - 1) / columns);
    const QSizeF cell(double(width()) / columns, double(height()) / rows);
    for (int i = 0; i < m_cards.size(); ++i) {
        const QRectF box(i % columns * cell.width(), i / columns * cell.height(), cell.width(), cell.height());
        QFont large = m_theme.titleFont();
        large.setPointSizeF(large.pointSizeF() * 2.2);
        const QString value = m_cards[i].section(QLatin1Char('\t'), 1);
        while (large.pointSizeF() > m_theme.font().pointSizeF() && QFontMetrics(large).horizontalAdvance(value) > box.width() - 24)
            large.setPointSizeF(large.pointSizeF() - 1);
        painter.setFont(large);
        painter.setPen(m_theme.color(ThemeColor::Text));
        painter.drawText(box.adjusted(12, 0, -12, -box.height() / 2 + 8), Qt::AlignHCenter | Qt::AlignBottom, QFontMetrics(large).elidedText(value, Qt::ElideMiddle, static_cast<int>(box.width()) - 24));
        painter.setFont(m_theme.font());
        painter.setPen(m_theme.color(ThemeColor::TextQuiet));
        painter.drawText(box.adjusted(12, box.height() / 2 + 12, -12, 0), Qt::AlignHCenter | Qt::AlignTop, m_cards[i].section(QLatin1Char('\t'), 0, 0));
    }
}

} // namespace tocsin::widgets
