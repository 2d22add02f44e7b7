// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/CaseData.h"

#include <QAbstractTableModel>

namespace tocsin::items {

class TimeDisplay;

/// The queue of incidents.
class IncidentModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { SeverityColumn, Number, Title, Status, Owner, Alerts, Tactics, FirstActivity, LastActivity, ColumnCount };

    explicit IncidentModel(const TimeDisplay& time, QObject* parent = nullptr);
    void setCase(std::shared_ptr<const CaseData> data);
    const Incident* incidentAt(int row) const;
    int rowOf(int number) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const Incident& incident, int column) const;
    const TimeDisplay& m_time;
    std::shared_ptr<const CaseData> m_case;
};

} // namespace tocsin::items
