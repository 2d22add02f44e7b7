// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/CaseData.h"

#include <QAbstractTableModel>

namespace tocsin::items {

/// The different entities of some alerts, each with the number of alerts that name it.
class EntityModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Type, Name, Alerts, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setAlerts(const std::vector<const Alert*>& alerts);
    const Entity* entityAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        Entity entity;
        int alerts = 0;
    };
    std::vector<Row> m_rows;
};

QString entityIcon(const QString& type);
QString entityTypeText(const QString& type);
/// A query for the rows that name the entity, over all tables.
QString entityQuery(const Entity& entity);

} // namespace tocsin::items
