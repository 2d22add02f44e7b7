// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/EntityModel.h"

#include "items/Roles.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace tocsin::items {

namespace {

struct TypeFacts {
    const char* type;
    const char* icon;
    const char* text;
};

constexpr std::array kTypes{
    TypeFacts{"account", "account", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "Account")},
    TypeFacts{"host", "host", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "Host")},
    TypeFacts{"ip", "ip", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "IP address")},
    TypeFacts{"process", "process", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "Process")},
    TypeFacts{"file", "file", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "File")},
    TypeFacts{"filehash", "tag", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "File hash")},
    TypeFacts{"url", "url", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "URL")},
    TypeFacts{"dns", "url", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "Domain name")},
    TypeFacts{"azure-resource", "resource", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "Azure resource")},
    TypeFacts{"cloud-application", "cloud", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "Cloud application")},
    TypeFacts{"mailbox", "mailbox", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "Mailbox")},
    TypeFacts{"mailmessage", "mailbox", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "Mail message")},
    TypeFacts{"malware", "warning", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "Malware")},
    TypeFacts{"registry-key", "list", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "Registry key")},
    TypeFacts{"security-group", "account", QT_TRANSLATE_NOOP("tocsin::items::EntityModel", "Security group")},
};

const TypeFacts* facts(const QString& type)
{
    const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeFacts& f) { return type == QLatin1String(f.type); });
    return found == kTypes.end() ? nullptr : &*found;
}

} // namespace

QString entityIcon(const QString& type)
{
    const TypeFacts* found = facts(type);
    return QString::fromLatin1(found ? found->icon : "resource");
}

QString entityTypeText(const QString& type)
{
    const TypeFacts* found = facts(type);
    return found ? QCoreApplication::translate("tocsin::items::EntityModel", found->text) : type;
}

QString entityQuery(const Entity& entity)
{
    QString text = entity.name;
    // The part that logs repeat most: the account without its domain, the file without its folder.
    if (entity.type == QLatin1String("account"))
        text = text.section(QLatin1Char('\\'), -1).section(QLatin1Char('@'), 0, 0);
    else if (entity.type == QLatin1String("host"))
        text = text.section(QLatin1Char('.'), 0, 0);
    text.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('"'), QLatin1String("\\\""));
    return QStringLiteral("search \"%1\"\n| sort by TimeGenerated asc\n| take 1000").arg(text);
}

void EntityModel::setAlerts(const std::vector<const Alert*>& alerts)
{
    beginResetModel();
    m_rows.clear();
    for (const Alert* alert : alerts) {
        std::vector<std::pair<QString, QString>> counted;
        for (const Entity& entity : alert->entities) {
            const std::pair key(entity.type, entity.name);
            const bool again = std::find(counted.begin(), counted.end(), key) != counted.end();
            counted.push_back(key);
            const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) { return row.entity.type == entity.type && row.entity.name == entity.name; });
            if (found == m_rows.end())
                m_rows.push_back({entity, 1});
            else if (!again)
                ++found->alerts;
        }
    }
    std::stable_sort(m_rows.begin(), m_rows.end(), [](const Row& a, const Row& b) { return a.alerts > b.alerts; });
    endResetModel();
}

const Entity* EntityModel::entityAt(int row) const { return row >= 0 && static_cast<std::size_t>(row) < m_rows.size() ? &m_rows[static_cast<std::size_t>(row)].entity : nullptr; }

int EntityModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int EntityModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant EntityModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return index.column() == Type ? entityTypeText(row.entity.type) : index.column() == Name ? row.entity.name : QString::number(row.alerts);
    case SortRole: return index.column() == Alerts ? QVariant(row.alerts) : data(index, Qt::DisplayRole);
    case Qt::ToolTipRole: return row.entity.properties.isEmpty() ? QVariant() : QVariant(row.entity.properties.join(QLatin1Char('\n')).left(4000));
    case Qt::TextAlignmentRole: return int((index.column() == Alerts ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case IconNameRole: return index.column() == Type ? QVariant(entityIcon(row.entity.type)) : QVariant();
    case MonospaceRole: return index.column() == Name;
    case MiddleElideRole: return index.column() == Name;
    default: return {};
    }
}

QVariant EntityModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Alerts ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == Type ? tr("Type") : section == Name ? tr("Entity") : tr("Alerts");
}

} // namespace tocsin::items
