// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/IncidentModel.h"

#include "items/Roles.h"
#include "items/TimeDisplay.h"

namespace tocsin::items {

IncidentModel::IncidentModel(const TimeDisplay& time, QObject* parent) : QAbstractTableModel(parent), m_time(time)
{
    connect(&time, &TimeDisplay::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, FirstActivity), index(rowCount() - 1, LastActivity));
        Q_EMIT headerDataChanged(Qt::Horizontal, FirstActivity, LastActivity);
    });
}

void IncidentModel::setCase(std::shared_ptr<const CaseData> data)
{
    beginResetModel();
    m_case = std::move(data);
    endResetModel();
}

const Incident* IncidentModel::incidentAt(int row) const
{
    return m_case && row >= 0 && static_cast<std::size_t>(row) < m_case->incidents.size() ? &m_case->incidents[static_cast<std::size_t>(row)] : nullptr;
}

int IncidentModel::rowOf(int number) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (incidentAt(row)->number == number)
            return row;
    return -1;
}

int IncidentModel::rowCount(const QModelIndex& parent) const { return parent.isValid() || !m_case ? 0 : static_cast<int>(m_case->incidents.size()); }

int IncidentModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString IncidentModel::text(const Incident& incident, int column) const
{
    switch (column) {
    case SeverityColumn: return severityText(incident.severity);
    case Number: return QString::number(incident.number);
    case Title: return incident.title;
    case Status: return incident.status;
    case Owner: return incident.owner.isEmpty() ? tr("Unassigned") : incident.owner;
    case Alerts: return QString::number(incident.alertIds.size());
    case Tactics: return incident.tactics.join(QLatin1String(", "));
    case FirstActivity: return incident.firstActivity ? m_time.text(*incident.firstActivity) : QString();
    case LastActivity: return incident.lastActivity ? m_time.text(*incident.lastActivity) : QString();
    default: return {};
    }
}

QVariant IncidentModel::data(const QModelIndex& index, int role) const
{
    const Incident* incident = index.isValid() ? incidentAt(index.row()) : nullptr;
    if (!incident)
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(*incident, index.column());
    case SortRole:
        switch (index.column()) {
        case SeverityColumn: return static_cast<int>(incident->severity);
        case Number: return incident->number;
        case Alerts: return static_cast<int>(incident->alertIds.size());
        case FirstActivity: return QVariant::fromValue<qlonglong>(incident->firstActivity.value_or(0));
        case LastActivity: return QVariant::fromValue<qlonglong>(incident->lastActivity.value_or(0));
        default: return text(*incident, index.column());
        }
    case Qt::TextAlignmentRole: return int((index.column() == Number || index.column() == Alerts ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (index.column() == FirstActivity && incident->firstActivity)
            return m_time.tooltip(*incident->firstActivity);
        if (index.column() == LastActivity && incident->lastActivity)
            return m_time.tooltip(*incident->lastActivity);
        return {};
    case SeverityRole: return index.column() == SeverityColumn ? QVariant(static_cast<int>(incident->severity)) : QVariant();
    case MonospaceRole: return index.column() == FirstActivity || index.column() == LastActivity;
    case EmphasisRole: return index.column() == Title && incident->status == QLatin1String("New");
    case QuietRole: return incident->status == QLatin1String("Closed") || (index.column() == Owner && incident->owner.isEmpty());
    case IdRole: return incident->number;
    default: return {};
    }
}

QVariant IncidentModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Number || section == Alerts ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case SeverityColumn: return tr("Severity");
    case Number: return tr("No.");
    case Title: return tr("Title");
    case Status: return tr("Status");
    case Owner: return tr("Owner");
    case Alerts: return tr("Alerts");
    case Tactics: return tr("Tactics");
    case FirstActivity: return tr("First activity [%1]").arg(m_time.zoneName());
    case LastActivity: return tr("Last activity [%1]").arg(m_time.zoneName());
    default: return {};
    }
}

} // namespace tocsin::items
