// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/CaseData.h"

#include <QAbstractTableModel>

namespace tocsin::items {

class TimeDisplay;

/// Alerts, usually those of one incident.
class AlertModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, SeverityColumn, Name, Tactics, Techniques, Entity, Product, ColumnCount };

    explicit AlertModel(const TimeDisplay& time, QObject* parent = nullptr);
    /// `data` keeps the alerts alive.
    void setAlerts(std::shared_ptr<const CaseData> data, std::vector<const Alert*> alerts);
    const Alert* alertAt(int row) const;
    int rowOf(const QString& id) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const TimeDisplay& m_time;
    std::shared_ptr<const CaseData> m_case;
    std::vector<const Alert*> m_alerts;
};

} // namespace tocsin::items
