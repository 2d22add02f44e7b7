// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/TimelineModel.h"

#include "items/Roles.h"
#include "items/TimeDisplay.h"

#include <algorithm>

namespace tocsin::items {

TimelineModel::TimelineModel(const TimeDisplay& time, QObject* parent) : QAbstractTableModel(parent), m_time(time)
{
    connect(&time, &TimeDisplay::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, Time), index(rowCount() - 1, Time));
        Q_EMIT headerDataChanged(Qt::Horizontal, Time, Time);
    });
}

void TimelineModel::setAlerts(std::shared_ptr<const CaseData> data, const std::vector<const Alert*>& alerts)
{
    beginResetModel();
    m_case = std::move(data);
    m_marks.clear();
    m_withoutStage = 0;
    for (const Alert* alert : alerts) {
        for (std::size_t stage = 0; stage < kStageCount; ++stage)
            if (alert->stages.test(stage))
                m_marks.push_back({static_cast<Stage>(stage), alert});
        m_withoutStage += alert->stages.none();
    }
    std::stable_sort(m_marks.begin(), m_marks.end(), [](const TimelineMark& a, const TimelineMark& b) { return a.alert->start < b.alert->start; });
    endResetModel();
}

std::optional<std::pair<Ticks, Ticks>> TimelineModel::extent() const
{
    if (m_marks.empty())
        return std::nullopt;
    std::pair out(m_marks.front().alert->start, m_marks.front().alert->end);
    for (const TimelineMark& mark : m_marks)
        out.second = std::max(out.second, mark.alert->end);
    return out;
}

int TimelineModel::rowOf(const QString& alertId) const
{
    for (std::size_t i = 0; i < m_marks.size(); ++i)
        if (m_marks[i].alert->id == alertId)
            return static_cast<int>(i);
    return -1;
}

int TimelineModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_marks.size()); }

int TimelineModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant TimelineModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TimelineMark& mark = m_marks[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Time: return m_time.text(mark.alert->start);
        case StageColumn: return stageText(mark.stage);
        case SeverityColumn: return severityText(mark.alert->severity);
        case Name: return mark.alert->name;
        default: return mark.alert->compromisedEntity;
        }
    case SeverityRole: return index.column() == SeverityColumn ? QVariant(static_cast<int>(mark.alert->severity)) : QVariant();
    case MonospaceRole: return index.column() == Time;
    case Qt::ToolTipRole: return index.column() == Time ? QVariant(m_time.tooltip(mark.alert->start)) : QVariant();
    case IdRole: return mark.alert->id;
    default: return {};
    }
}

QVariant TimelineModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time: return tr("Time [%1]").arg(m_time.zoneName());
    case StageColumn: return tr("Stage");
    case SeverityColumn: return tr("Severity");
    case Name: return tr("Alert");
    default: return tr("Compromised entity");
    }
}

} // namespace tocsin::items
