// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/ItemDelegate.h"

#include "common/Icon.h"
#include "common/Severity.h"
#include "items/Roles.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace tocsin::widgets {

ItemDelegate::ItemDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

void ItemDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (index.data(items::MiddleElideRole).toBool())
        option->textElideMode = Qt::ElideMiddle;
    if (index.data(items::MonospaceRole).toBool())
        option->font = m_theme.monospaceFont();
    if (index.data(items::EmphasisRole).toBool())
        option->font = m_theme.boldFont();
    if (index.data(items::NullRole).toBool() || index.data(items::QuietRole).toBool()) {
        option->palette.setColor(QPalette::Text, m_theme.color(ThemeColor::TextQuiet));
        option->palette.setColor(QPalette::HighlightedText, m_theme.color(ThemeColor::TextQuiet));
    }
    // Multi-line values stay on one line in a list.
    option->text.replace(QLatin1Char('\n'), QLatin1Char(' '));
}

void ItemDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QVariant severity = index.data(items::SeverityRole);
    const QString iconName = index.data(items::IconNameRole).toString();
    if (!severity.isValid() && iconName.isEmpty()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = cell.text;
    cell.text.clear();
    QStyle* style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    const int side = severity.isValid() ? 13 : 16;
    const QRect mark(cell.rect.left() + 4, cell.rect.center().y() - side / 2, side, side);
    const bool clipped = mark.right() > cell.rect.right();
    if (severity.isValid() && !clipped)
        paintSeverity(painter, mark, static_cast<items::Severity>(severity.toInt()), m_theme);
    else if (!clipped) {
        const QVariant tone = index.data(items::ToneRole);
        const ThemeColor color = !tone.isValid() ? ThemeColor::TextQuiet
            : tone.toInt() == int(items::Tone::Good) ? ThemeColor::Success
            : tone.toInt() == int(items::Tone::Bad)  ? ThemeColor::Error
            : tone.toInt() == int(items::Tone::Warn) ? ThemeColor::Warning
                                                     : ThemeColor::TextQuiet;
        paintIcon(painter, mark, iconName, m_theme.color(color));
    }
    const QRect words = cell.rect.adjusted(side + 10, 0, -4, 0);
    painter->save();
    painter->setFont(cell.font);
    painter->setPen(cell.palette.color(QPalette::Text));
    painter->drawText(words, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, QFontMetrics(cell.font).elidedText(text, cell.textElideMode, words.width()));
    painter->restore();
}

QSize ItemDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(m_theme.rowHeight());
    if (index.data(items::SeverityRole).isValid() || index.data(items::IconNameRole).isValid())
        size.rwidth() += 18;
    return size;
}

bool ItemDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option, const QModelIndex& index)
{
    if (event->type() == QEvent::ToolTip && index.isValid() && !index.data(Qt::ToolTipRole).isValid()) {
        // The whole value, but only where the cell cannot show it.
        const QString text = index.data(Qt::DisplayRole).toString();
        if (sizeHint(option, index).width() > option.rect.width())
            QToolTip::showText(event->globalPos(), text.left(4000), view);
        else
            QToolTip::hideText();
        return true;
    }
    return QStyledItemDelegate::helpEvent(event, view, option, index);
}

} // namespace tocsin::widgets
