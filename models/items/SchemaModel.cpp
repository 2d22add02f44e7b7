// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/SchemaModel.h"

#include "items/Roles.h"
#include "items/TimeDisplay.h"
#include "items/ValueText.h"

#include <algorithm>

namespace tocsin::items {

namespace {

/// The services with the functions they refer to.
struct Language {
    explicit Language(std::shared_ptr<const catalog::Snapshot> snapshot) : functions(kql::builtInFunctions()), services(std::move(snapshot), functions) {}
    kql::FunctionRegistry functions;
    kql::services::LanguageServices services;
};

struct Loaded {
    std::shared_ptr<const SchemaContents> contents;
    std::shared_ptr<const kql::services::LanguageServices> language;
};

Result<Loaded> readContents(const catalog::Catalog& catalog)
{
    TOCSIN_TRY_ASSIGN(const std::shared_ptr<const catalog::Snapshot> snapshot, catalog.snapshot());
    auto out = std::make_shared<SchemaContents>();
    out->database = snapshot->databaseName();
    for (const std::string& name : snapshot->tableNames())
        if (const auto table = snapshot->findTable(name))
            out->tables.push_back({table->schema(), table->statistics()});
    std::stable_sort(out->tables.begin(), out->tables.end(), [](const auto& a, const auto& b) { return (a.statistics.rows > 0) > (b.statistics.rows > 0); });
    for (const std::string& name : snapshot->functionNames())
        if (const catalog::StoredFunction* function = snapshot->findFunction(name))
            out->functions.push_back({function->name, function->parameters, function->description});
    const auto language = std::make_shared<const Language>(snapshot);
    return Loaded{std::move(out), std::shared_ptr<const kql::services::LanguageServices>(language, &language->services)};
}

constexpr quintptr kTopLevel = 0; ///< internal id of tables and the function group; children hold their parent's row + 1

} // namespace

std::uint64_t SchemaContents::rows() const
{
    std::uint64_t sum = 0;
    for (const Table& table : tables)
        sum += table.statistics.rows;
    return sum;
}

SchemaModel::SchemaModel(const catalog::Catalog& catalog, Executor& executor, const TimeDisplay& time, QObject* parent)
    : QAbstractItemModel(parent), m_catalog(catalog), m_executor(executor), m_time(time)
{
}

void SchemaModel::reload()
{
    runAsync(
        m_executor, m_mailbox, [&catalog = m_catalog] { return readContents(catalog); },
        [this, load = ++m_load](Result<Loaded> result) {
            if (load != m_load)
                return;
            if (!result) {
                Q_EMIT failed(result.error());
                return;
            }
            beginResetModel();
            m_contents = result->contents;
            m_language = result->language;
            endResetModel();
            Q_EMIT loaded();
        });
}

SchemaModel::Kind SchemaModel::kind(const QModelIndex& index) const
{
    const bool group = static_cast<std::size_t>(index.internalId() == kTopLevel ? index.row() : index.internalId() - 1) >= m_contents->tables.size();
    if (index.internalId() == kTopLevel)
        return group ? Kind::FunctionGroup : Kind::Table;
    return group ? Kind::Function : Kind::TableColumn;
}

QString SchemaModel::insertText(const QModelIndex& index) const
{
    if (!index.isValid())
        return {};
    const QString name = index.siblingAtColumn(Name).data(Qt::DisplayRole).toString();
    return kind(index) == Kind::FunctionGroup ? QString() : kind(index) == Kind::Function ? name.section(QLatin1Char('('), 0, 0) + QLatin1String("()") : name;
}

QModelIndex SchemaModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : kTopLevel);
}

QModelIndex SchemaModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == kTopLevel)
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, kTopLevel);
}

int SchemaModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_contents->tables.size()) + (m_contents->functions.empty() ? 0 : 1);
    if (parent.internalId() != kTopLevel || parent.column() != 0)
        return 0;
    const auto row = static_cast<std::size_t>(parent.row());
    return static_cast<int>(row < m_contents->tables.size() ? m_contents->tables[row].schema.columns.size() : m_contents->functions.size());
}

int SchemaModel::columnCount(const QModelIndex&) const { return ColumnCount; }

QVariant SchemaModel::tableData(const SchemaContents::Table& table, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        if (column == Name)
            return toQString(table.schema.name);
        return column == Detail ? countText(table.statistics.rows) : QString();
    case Qt::ToolTipRole: {
        QString text = toQString(table.schema.name);
        if (!table.schema.description.empty())
            text += QLatin1Char('\n') + toQString(table.schema.description);
        text += QLatin1Char('\n') + tr("%1 rows, %n column(s)", nullptr, static_cast<int>(table.schema.columns.size())).arg(countText(table.statistics.rows));
        if (table.statistics.minTime && table.statistics.maxTime)
            text += QLatin1Char('\n') + tr("%1 to %2 (%3)").arg(m_time.text(*table.statistics.minTime), m_time.text(*table.statistics.maxTime), m_time.zoneName());
        return text;
    }
    case IconNameRole: return column == Name ? QVariant(table.schema.isFunction ? QStringLiteral("function") : QStringLiteral("table")) : QVariant();
    case QuietRole: return table.statistics.rows == 0;
    default: return {};
    }
}

QVariant SchemaModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::TextAlignmentRole && index.column() == Detail)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    const auto row = static_cast<std::size_t>(index.row());
    switch (kind(index)) {
    case Kind::Table: return tableData(m_contents->tables[row], index.column(), role);
    case Kind::FunctionGroup:
        if (role == Qt::DisplayRole && index.column() == Name)
            return tr("Functions");
        if (role == Qt::DisplayRole && index.column() == Detail)
            return countText(m_contents->functions.size());
        return role == IconNameRole && index.column() == Name ? QVariant(QStringLiteral("folder")) : QVariant();
    case Kind::Function: {
        const SchemaContents::Function& function = m_contents->functions[row];
        if (role == Qt::DisplayRole && index.column() == Name)
            return toQString(function.name + '(' + function.parameters + ')');
        if (role == Qt::ToolTipRole && !function.description.empty())
            return toQString(function.description);
        return role == IconNameRole && index.column() == Name ? QVariant(QStringLiteral("function")) : QVariant();
    }
    case Kind::TableColumn: break;
    }
    const catalog::ColumnSchema& column = m_contents->tables[index.internalId() - 1].schema.columns[row];
    switch (role) {
    case Qt::DisplayRole: return index.column() == Name ? toQString(column.name) : toQString(typeName(column.type));
    case Qt::ToolTipRole: return column.description.empty() ? QVariant() : QVariant(toQString(column.description));
    case IconNameRole: return index.column() == Name ? QVariant(QStringLiteral("column")) : QVariant();
    case QuietRole: return index.column() == Detail;
    default: return {};
    }
}

QVariant SchemaModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section == Detail)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Name") : tr("Rows, type");
}

} // namespace tocsin::items
