// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/Catalog.h"
#include "items/Async.h"
#include "kql/services/LanguageServices.h"

#include <QAbstractItemModel>

namespace tocsin::items {

class TimeDisplay;

/// The catalog as it was at one moment, copied for the window.
struct SchemaContents {
    struct Table {
        catalog::TableSchema schema;
        catalog::TableStatistics statistics;
    };
    struct Function {
        std::string name, parameters, description;
    };
    std::string database;
    std::vector<Table> tables; ///< those with rows first, then by name
    std::vector<Function> functions;

    std::uint64_t rows() const;
};

/// Tables, their columns, and functions as a tree. Loads in a worker.
class SchemaModel final : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, Detail, ColumnCount }; ///< Detail: rows of a table, type of a column
    enum class Kind { Table, TableColumn, FunctionGroup, Function };

    SchemaModel(const catalog::Catalog& catalog, Executor& executor, const TimeDisplay& time, QObject* parent = nullptr);

    /// Reads the catalog again; `loaded` or `failed` follows.
    void reload();
    const SchemaContents& contents() const { return *m_contents; }
    /// What completes and explains queries over these tables; null before the first load.
    std::shared_ptr<const kql::services::LanguageServices> language() const { return m_language; }
    Kind kind(const QModelIndex& index) const;
    /// What a double click puts into the query.
    QString insertText(const QModelIndex& index) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void loaded();
    void failed(const tocsin::Error& error);

private:
    QVariant tableData(const SchemaContents::Table& table, int column, int role) const;

    const catalog::Catalog& m_catalog;
    Executor& m_executor;
    const TimeDisplay& m_time;
    Mailbox m_mailbox;
    int m_load = 0;
    std::shared_ptr<const kql::services::LanguageServices> m_language;
    std::shared_ptr<const SchemaContents> m_contents = std::make_shared<const SchemaContents>();
};

} // namespace tocsin::items
