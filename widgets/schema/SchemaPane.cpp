// SPDX-License-Identifier: GPL-3.0-or-later
#include "schema/SchemaPane.h"

#include "common/ViewSetup.h"
#include "items/ErrorText.h"
#include "items/ValueText.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QVBoxLayout>

namespace tocsin::widgets {

namespace {

/// Hides tables without rows when asked; a table stays if one of its columns matches the filter.
class SchemaProxy final : public QSortFilterProxyModel {
public:
    SchemaProxy(items::SchemaModel& model, QObject* parent) : QSortFilterProxyModel(parent), m_model(model)
    {
        setSourceModel(&model);
        setFilterCaseSensitivity(Qt::CaseInsensitive);
        setRecursiveFilteringEnabled(true);
        setAutoAcceptChildRows(true);
    }
    void setOnlyFilled(bool only)
    {
        m_onlyFilled = only;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        const QModelIndex index = m_model.index(row, 0, parent);
        const QModelIndex table = parent.isValid() ? parent : index;
        if (m_onlyFilled && m_model.kind(table) == items::SchemaModel::Kind::Table && m_model.contents().tables[static_cast<std::size_t>(table.row())].statistics.rows == 0)
            return false;
        return QSortFilterProxyModel::filterAcceptsRow(row, parent);
    }

private:
    items::SchemaModel& m_model;
    bool m_onlyFilled = false;
};

} // namespace

SchemaPane::SchemaPane(items::SchemaModel& model, const Theme& theme, QWidget* parent) : Pane(theme, QStringLiteral("schema"), parent), m_model(model)
{
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, theme.space(), 0, 0);
    column->setSpacing(theme.space());
    m_filter = new QLineEdit;
    setUpFilter(m_filter, tr("Filter tables and columns"));
    m_onlyFilled = new QCheckBox(tr("Only tables with rows"));
    auto* top = new QVBoxLayout;
    top->setContentsMargins(theme.space(), 0, theme.space(), 0);
    top->setSpacing(theme.space());
    top->addWidget(m_filter);
    top->addWidget(m_onlyFilled);
    column->addLayout(top);
    m_tree = new QTreeView;
    m_tree->setAccessibleName(tr("Tables and columns"));
    m_proxy = new SchemaProxy(model, this);
    m_tree->setModel(m_proxy);
    setUpTree(m_tree, theme);
    m_tree->setDragEnabled(true);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setMinimumSectionSize(40);
    m_tree->header()->setSectionResizeMode(items::SchemaModel::Name, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(items::SchemaModel::Detail, QHeaderView::Fixed);
    m_tree->header()->resizeSection(items::SchemaModel::Detail, 84);
    column->addWidget(m_tree, 1);
    setContent(content);

    QAction* reload = makeTitleAction(QStringLiteral("refresh"), tr("Read the schema again"));
    connect(reload, &QAction::triggered, this, [this] {
        setLoading(true);
        m_model.reload();
    });
    connect(m_filter, &QLineEdit::textChanged, this, &SchemaPane::applyFilter);
    connect(m_onlyFilled, &QCheckBox::toggled, this, [this](bool on) { static_cast<SchemaProxy*>(m_proxy)->setOnlyFilled(on); });
    connect(m_tree, &QTreeView::doubleClicked, this, [this](const QModelIndex& index) {
        if (const QString text = m_model.insertText(m_proxy->mapToSource(index)); !text.isEmpty())
            Q_EMIT insertRequested(text);
    });
    connect(m_tree, &QTreeView::customContextMenuRequested, this, &SchemaPane::showMenu);
    connect(&model, &items::SchemaModel::loaded, this, &SchemaPane::refresh);
    connect(&model, &items::SchemaModel::failed, this, [this, reload](const Error& error) {
        setLoading(false);
        showError(items::errorText(error), items::errorAdviceText(error), reload);
    });
    refresh();
}

void SchemaPane::refresh()
{
    setLoading(false);
    const auto& contents = m_model.contents();
    setCountText(contents.tables.empty() ? QString() : tr("%n table(s)", nullptr, static_cast<int>(contents.tables.size())));
    if (contents.tables.empty())
        showMessage({QStringLiteral("schema"), tr("No tables"), tr("Tables appear when a workspace is open. Imported logs fill them."), nullptr});
    else
        showContent();
}

void SchemaPane::applyFilter()
{
    m_proxy->setFilterFixedString(m_filter->text());
    // Matching columns are inside their tables: open those few that are left.
    if (!m_filter->text().isEmpty() && m_proxy->rowCount() <= 12)
        m_tree->expandAll();
    else
        m_tree->collapseAll();
}

void SchemaPane::showMenu(const QPoint& at)
{
    const QModelIndex index = m_proxy->mapToSource(m_tree->indexAt(at));
    if (!index.isValid())
        return;
    QMenu menu;
    const QString text = m_model.insertText(index);
    QAction* insert = menu.addAction(tr("Insert into query"));
    insert->setEnabled(!text.isEmpty());
    QAction* preview = nullptr;
    if (m_model.kind(index) == items::SchemaModel::Kind::Table)
        preview = menu.addAction(theme().icon(QStringLiteral("table")), tr("Show 100 rows"));
    QAction* copy = menu.addAction(theme().icon(QStringLiteral("copy")), tr("Copy name"));
    const QAction* chosen = menu.exec(m_tree->viewport()->mapToGlobal(at));
    if (!chosen)
        return;
    if (chosen == insert)
        Q_EMIT insertRequested(text);
    else if (chosen == preview)
        Q_EMIT previewRequested(text);
    else if (chosen == copy)
        QGuiApplication::clipboard()->setText(index.siblingAtColumn(0).data().toString());
}

} // namespace tocsin::widgets
