// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Pane.h"
#include "items/SchemaModel.h"

class QCheckBox;
class QLineEdit;
class QSortFilterProxyModel;
class QTreeView;

namespace tocsin::widgets {

class SchemaPane final : public Pane {
    Q_OBJECT
public:
    SchemaPane(items::SchemaModel& model, const Theme& theme, QWidget* parent = nullptr);
    QTreeView* tree() const { return m_tree; }
    QLineEdit* filter() const { return m_filter; }

Q_SIGNALS:
    void insertRequested(const QString& text);
    /// Show some rows of a table.
    void previewRequested(const QString& table);

private:
    void refresh();
    void applyFilter();
    void showMenu(const QPoint& at);

    items::SchemaModel& m_model;
    QSortFilterProxyModel* m_proxy;
    QLineEdit* m_filter;
    QCheckBox* m_onlyFilled;
    QTreeView* m_tree;
};

} // namespace tocsin::widgets
