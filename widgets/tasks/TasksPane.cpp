// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/TasksPane.h"

#include "common/ViewSetup.h"
#include "items/Roles.h"
#include "items/Task.h"
#include "items/TaskModel.h"

#include <QAction>
#include <QHeaderView>
#include <QPainter>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTableView>

namespace tocsin::widgets {

namespace {

/// A thin bar with the number beside it.
class ProgressDelegate final : public QStyledItemDelegate {
public:
    ProgressDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const int percent = index.data(items::RawRole).toInt();
        if (percent < 0)
            return;
        const QRect groove(option.rect.left() + 6, option.rect.center().y() - 2, std::max(0, option.rect.width() - 54), 4);
        painter->fillRect(groove, m_theme.color(ThemeColor::Hairline));
        painter->fillRect(QRect(groove.left(), groove.top(), groove.width() * percent / 100, 4), m_theme.color(ThemeColor::Accent));
    }

private:
    const Theme& m_theme;
};

} // namespace

TasksPane::TasksPane(items::TaskList& tasks, const Theme& theme, QWidget* parent) : Pane(theme, QStringLiteral("tasks"), parent), m_tasks(tasks)
{
    m_model = new items::TaskModel(tasks, this);
    m_table = new QTableView;
    m_table->setAccessibleName(tr("Tasks"));
    m_table->setModel(m_model);
    setUpTable(m_table, theme);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setItemDelegateForColumn(items::TaskModel::Progress, new ProgressDelegate(theme, this));
    m_table->horizontalHeader()->setSectionResizeMode(items::TaskModel::Detail, QHeaderView::Stretch);
    m_table->setColumnWidth(items::TaskModel::Name, 150);
    m_table->setColumnWidth(items::TaskModel::Status, 92);
    m_table->setColumnWidth(items::TaskModel::Progress, 96);
    m_table->setColumnWidth(items::TaskModel::Elapsed, 70);
    m_table->setColumnWidth(items::TaskModel::Remaining, 84);
    m_notes = new QPlainTextEdit;
    m_notes->setReadOnly(true);
    m_notes->setFrameShape(QFrame::NoFrame);
    m_notes->setAccessibleName(tr("Notes of the task"));
    m_notes->hide();
    auto* split = new QSplitter(Qt::Horizontal);
    split->addWidget(m_table);
    split->addWidget(m_notes);
    split->setStretchFactor(0, 1);
    setContent(split);

    m_cancel = makeTitleAction(QStringLiteral("stop"), tr("Cancel the task"), Qt::Key_Delete);
    m_clear = makeTitleAction(QStringLiteral("close"), tr("Remove ended tasks"));
    connect(m_cancel, &QAction::triggered, this, [this] {
        items::Task* task = m_model->taskAt(m_table->currentIndex().row());
        if (task)
            task->cancel();
        else
            for (items::Task* running : m_tasks.tasks())
                running->cancel();
    });
    connect(m_clear, &QAction::triggered, &tasks, &items::TaskList::clearEnded);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &TasksPane::showNotes);
    connect(&tasks, &items::TaskList::taskStarted, this, &TasksPane::refresh);
    connect(&tasks, &items::TaskList::taskEnded, this, &TasksPane::refresh);
    connect(&tasks, &items::TaskList::cleared, this, &TasksPane::refresh);
    m_tick.setInterval(500);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        if (m_model->rowCount() > 0)
            m_table->viewport()->update();
    });
    connect(&theme, &Theme::changed, this, [this] { m_notes->setFont(this->theme().monospaceFont()); });
    m_notes->setFont(theme.monospaceFont());
    refresh();
}

void TasksPane::refresh()
{
    const int running = m_tasks.runningCount();
    setCountText(running > 0 ? tr("%n running", nullptr, running) : QString());
    m_cancel->setEnabled(running > 0);
    m_clear->setEnabled(running < m_tasks.tasks().size());
    m_table->setColumnHidden(items::TaskModel::Remaining, running == 0);
    if (running > 0)
        m_tick.start();
    else
        m_tick.stop();
    if (m_tasks.tasks().isEmpty())
        showMessage({QStringLiteral("tasks"), tr("No tasks"), tr("Imports, exports, rule runs and reports appear here while they run."), nullptr});
    else
        showContent();
    showNotes();
}

void TasksPane::showNotes()
{
    const items::Task* task = m_model->taskAt(m_table->currentIndex().row());
    const bool any = task && !task->notes().isEmpty();
    m_notes->setVisible(any);
    if (any)
        m_notes->setPlainText(task->notes().join(QLatin1Char('\n')));
}

} // namespace tocsin::widgets
