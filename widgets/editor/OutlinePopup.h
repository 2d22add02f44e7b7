// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"
#include "kql/services/Outline.h"

#include <QFrame>

class QLineEdit;
class QTreeWidget;
class QTreeWidgetItem;

namespace tocsin::widgets {

/// The outline of a text as a tree with a search line: typing narrows it, Enter goes to the chosen item. Deletes itself when it closes.
class OutlinePopup final : public QFrame {
    Q_OBJECT
public:
    OutlinePopup(const Theme& theme, const std::vector<kql::services::OutlineItem>& items, std::size_t cursor, QWidget* parent);
    QLineEdit* search() const { return m_search; }
    QTreeWidget* tree() const { return m_tree; }

Q_SIGNALS:
    void chosen(quint64 byte);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void narrow(const QString& text);
    void choose(QTreeWidgetItem* item);

    QLineEdit* m_search;
    QTreeWidget* m_tree;
};

} // namespace tocsin::widgets
