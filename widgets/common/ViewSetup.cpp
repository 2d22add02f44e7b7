// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/ViewSetup.h"

#include "common/ItemDelegate.h"
#include "common/Theme.h"
#include "items/Roles.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QTableView>
#include <QToolButton>
#include <QTreeView>

#include <set>

namespace tocsin::widgets {

void setUpTable(QTableView* view, const Theme& theme)
{
    view->setItemDelegate(new ItemDelegate(theme, view));
    view->setShowGrid(false);
    view->setAlternatingRowColors(true);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    view->setWordWrap(false);
    view->setTabKeyNavigation(false);
    view->setFrameShape(QFrame::NoFrame);
    view->verticalHeader()->hide();
    // Never by contents: measuring every row takes seconds on large results.
    view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view->verticalHeader()->setMinimumSectionSize(theme.rowHeight());
    view->verticalHeader()->setDefaultSectionSize(theme.rowHeight());
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    view->horizontalHeader()->setMinimumSectionSize(28);
    view->horizontalHeader()->setSectionsMovable(true);
    view->setCornerButtonEnabled(false);
    QObject::connect(&theme, &Theme::changed, view, [view, &theme] {
        view->verticalHeader()->setMinimumSectionSize(theme.rowHeight());
        view->verticalHeader()->setDefaultSectionSize(theme.rowHeight());
        view->viewport()->update();
    });
}

void setUpTree(QTreeView* view, const Theme& theme)
{
    view->setItemDelegate(new ItemDelegate(theme, view));
    view->setUniformRowHeights(true);
    view->setFrameShape(QFrame::NoFrame);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setAnimated(false);
    QObject::connect(&theme, &Theme::changed, view, [view] { view->doItemsLayout(); });
}

void setUpFilter(QLineEdit* edit, const QString& words)
{
    edit->setPlaceholderText(words);
    edit->setAccessibleName(words);
    edit->setClearButtonEnabled(true);
    for (QToolButton* clear : edit->findChildren<QToolButton*>())
        clear->setAccessibleName(QCoreApplication::translate("tocsin::widgets::ViewSetup", "Clear the filter"));
}

void fitColumns(QTableView* view, int maximumWidth)
{
    const QAbstractItemModel* model = view->model();
    if (!model)
        return;
    const int rows = std::min(model->rowCount(), 60);
    for (int column = 0; column < model->columnCount(); ++column) {
        int width = view->horizontalHeader()->sectionSizeHint(column) + 8;
        for (int row = 0; row < rows; ++row) {
            const QModelIndex index = model->index(row, column);
            QFont font = view->font();
            if (index.data(items::MonospaceRole).toBool())
                font = QFont(static_cast<const ItemDelegate*>(view->itemDelegate())->theme().monospaceFont());
            const QString text = index.data(Qt::DisplayRole).toString().left(200);
            int needed = QFontMetrics(font).horizontalAdvance(text) + 14;
            if (index.data(items::SeverityRole).isValid() || index.data(items::IconNameRole).isValid())
                needed += 20;
            width = std::max(width, needed);
        }
        view->setColumnWidth(column, std::clamp(width, 40, maximumWidth));
    }
}

bool copySelection(const QTableView* view)
{
    const QAbstractItemModel* model = view->model();
    if (!model || !view->selectionModel() || !view->selectionModel()->hasSelection())
        return false;
    std::set<int> rows, columns;
    for (const QItemSelectionRange& range : view->selectionModel()->selection()) {
        for (int r = range.top(); r <= range.bottom() && rows.size() < 200'000; ++r)
            rows.insert(r);
        for (int c = range.left(); c <= range.right(); ++c)
            if (!view->isColumnHidden(c))
                columns.insert(c);
    }
    const auto cell = [&](const QModelIndex& index) {
        const QVariant whole = index.data(items::CopyRole);
        return (whole.isValid() ? whole : index.data(Qt::DisplayRole)).toString().replace(QLatin1Char('\t'), QLatin1Char(' ')).replace(QLatin1Char('\n'), QLatin1Char(' '));
    };
    QString out;
    if (rows.size() == 1 && columns.size() == 1) {
        out = cell(model->index(*rows.begin(), *columns.begin()));
    } else {
        QStringList line;
        for (const int c : columns)
            line << model->headerData(c, Qt::Horizontal).toString();
        out = line.join(QLatin1Char('\t')) + QLatin1Char('\n');
        for (const int r : rows) {
            line.clear();
            for (const int c : columns)
                line << cell(model->index(r, c));
            out += line.join(QLatin1Char('\t')) + QLatin1Char('\n');
        }
    }
    QGuiApplication::clipboard()->setText(out);
    return true;
}

} // namespace tocsin::widgets
