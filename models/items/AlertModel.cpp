// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/AlertModel.h"

#include "items/Roles.h"
#include "items/TimeDisplay.h"

namespace tocsin::items {

AlertModel::AlertModel(const TimeDisplay& time, QObject* parent) : QAbstractTableModel(parent), m_time(time)
{
    connect(&time, &TimeDisplay::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, Time), index(rowCount() - 1, Time));
        Q_EMIT headerDataChanged(Qt::Horizontal, Time, Time);
    });
}

void AlertModel::setAlerts(std::shared_ptr<const CaseData> data, std::vector<const Alert*> alerts)
{
    beginResetModel();
    m_case = std::move(data);
    m_alerts = std::move(alerts);
    endResetModel();
}

const Alert* AlertModel::alertAt(int row) const { return row >= 0 && static_cast<std::size_t>(row) < m_alerts.size() ? m_alerts[static_cast<std::size_t>(row)] : nullptr; }

int AlertModel::rowOf(const QString& id) const
{
    for (std::size_t i = 0; i < m_alerts.size(); ++i)
        if (m_alerts[i]->id == id)
            return static_cast<int>(i);
    return -1;
}

int AlertModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_alerts.size()); }

int AlertModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant AlertModel::data(const QModelIndex& index, int role) const
{
    const Alert* alert = index.isValid() ? alertAt(index.row()) : nullptr;
    if (!alert)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Time: return m_time.text(alert->start);
        case SeverityColumn: return severityText(alert->severity);
        case Name: return alert->name;
        case Tactics: return alert->tactics.join(QLatin1String(", "));
        case Techniques: return alert->techniques.join(QLatin1String(", "));
        case Entity: return alert->compromisedEntity;
        default: return alert->product;
        }
    case Qt::ToolTipRole:
        if (index.column() == Time)
            return m_time.tooltip(alert->start);
        return index.column() == Name && !alert->description.isEmpty() ? QVariant(alert->description) : QVariant();
    case SeverityRole: return index.column() == SeverityColumn ? QVariant(static_cast<int>(alert->severity)) : QVariant();
    case SortRole: return index.column() == Time ? QVariant::fromValue<qlonglong>(alert->start) : index.column() == SeverityColumn ? QVariant(static_cast<int>(alert->severity)) : data(index, Qt::DisplayRole);
    case MonospaceRole: return index.column() == Time || index.column() == Techniques;
    case MiddleElideRole: return index.column() == Entity;
    case IdRole: return alert->id;
    default: return {};
    }
}

QVariant AlertModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time: return tr("Time [%1]").arg(m_time.zoneName());
    case SeverityColumn: return tr("Severity");
    case Name: return tr("Alert");
    case Tactics: return tr("Tactics");
    case Techniques: return tr("Techniques");
    case Entity: return tr("Compromised entity");
    default: return tr("Product");
    }
}

} // namespace tocsin::items
