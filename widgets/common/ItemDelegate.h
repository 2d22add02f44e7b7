// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"

#include <QStyledItemDelegate>

namespace tocsin::widgets {

/// Draws cells of every list: severity shape before its word (items::SeverityRole), middle elision of long values
/// (items::MiddleElideRole), monospace for ids, addresses and times (items::MonospaceRole), nulls quiet.
class ItemDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit ItemDelegate(const Theme& theme, QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    const Theme& theme() const { return m_theme; }
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option, const QModelIndex& index) override;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
};

} // namespace tocsin::widgets
