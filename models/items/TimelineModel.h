// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/CaseData.h"

#include <QAbstractTableModel>

namespace tocsin::items {

class TimeDisplay;

/// One alert on one of the eight lanes.
struct TimelineMark {
    Stage stage = Stage::Reconnaissance;
    const Alert* alert = nullptr;
};

/// Alerts on the lanes of the kill chain, by time. An alert of several stages stands on several lanes; one whose tactics are unknown
/// stands on none and is counted.
class TimelineModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, StageColumn, SeverityColumn, Name, Entity, ColumnCount };

    explicit TimelineModel(const TimeDisplay& time, QObject* parent = nullptr);
    void setAlerts(std::shared_ptr<const CaseData> data, const std::vector<const Alert*>& alerts);
    const std::vector<TimelineMark>& marks() const { return m_marks; }
    int withoutStage() const { return m_withoutStage; }
    /// First start and last end; nothing without marks.
    std::optional<std::pair<Ticks, Ticks>> extent() const;
    /// Place of the first mark of an alert, or -1.
    int rowOf(const QString& alertId) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const TimeDisplay& m_time;
    std::shared_ptr<const CaseData> m_case;
    std::vector<TimelineMark> m_marks;
    int m_withoutStage = 0;
};

} // namespace tocsin::items
