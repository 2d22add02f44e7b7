// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/HopModel.h"

#include "items/Roles.h"

#include <QCoreApplication>

namespace tocsin::items {

QString latencyText(const std::optional<int>& milliseconds)
{
    return milliseconds ? QCoreApplication::translate("tocsin::items::HopModel", "%1 ms").arg(*milliseconds)
                        : QCoreApplication::translate("tocsin::items::HopModel", "not measured");
}

QString issueText(const HopIssue& issue)
{
    const QString head = issue.origin.isEmpty() ? issue.type : QCoreApplication::translate("tocsin::items::HopModel", "%1 (%2)").arg(issue.type, issue.origin);
    return issue.context.isEmpty() ? head : QCoreApplication::translate("tocsin::items::HopModel", "%1: %2").arg(head, issue.context);
}

void HopModel::setHops(std::vector<Hop> hops)
{
    beginResetModel();
    m_hops = std::move(hops);
    endResetModel();
}

QString HopModel::nameOf(const QString& id) const
{
    for (const Hop& hop : m_hops)
        if (hop.id == id)
            return hop.name;
    return id;
}

int HopModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_hops.size()); }

int HopModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant HopModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Hop& hop = m_hops[static_cast<std::size_t>(index.row())];
    const bool bad = !hop.reached || std::any_of(hop.issues.begin(), hop.issues.end(), [](const HopIssue& i) { return i.severity.compare(QLatin1String("Error"), Qt::CaseInsensitive) == 0; });
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name: return hop.name;
        case IpAddress: return hop.address;
        case Status: return bad ? tr("Unreachable") : tr("Reachable");
        case NextHop: {
            QStringList names;
            for (const QString& id : hop.nextHopIds)
                names << nameOf(id);
            return names.join(QLatin1String(", "));
        }
        default: {
            QStringList lines;
            for (const HopIssue& issue : hop.issues)
                lines << issueText(issue);
            return lines.join(QLatin1String("; "));
        }
        }
    case Qt::ToolTipRole: return index.column() == Name && !hop.resourceId.isEmpty() ? QVariant(hop.resourceId) : QVariant();
    case MonospaceRole: return index.column() == IpAddress;
    case IconNameRole: return index.column() == Status ? QVariant(bad ? QStringLiteral("cross") : QStringLiteral("tick")) : QVariant();
    case ToneRole: return index.column() == Status ? QVariant(int(bad ? Tone::Bad : Tone::Good)) : QVariant();
    case IdRole: return hop.resourceId.isEmpty() ? hop.id : hop.resourceId;
    default: return {};
    }
}

QVariant HopModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("NAME");
    case IpAddress: return tr("IP ADDRESS");
    case Status: return tr("STATUS");
    case NextHop: return tr("NEXT HOP");
    default: return tr("ISSUES");
    }
}

} // namespace tocsin::items
