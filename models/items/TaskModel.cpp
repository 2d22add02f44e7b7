// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/TaskModel.h"

#include "items/Roles.h"
#include "items/Task.h"
#include "items/ValueText.h"

namespace tocsin::items {

TaskModel::TaskModel(TaskList& tasks, QObject* parent) : QAbstractTableModel(parent), m_rows(tasks.tasks())
{
    connect(&tasks, &TaskList::taskStarted, this, [this](Task* task) {
        beginInsertRows({}, 0, 0);
        m_rows.prepend(task);
        endInsertRows();
    });
    connect(&tasks, &TaskList::taskChanged, this, [this](Task* task) {
        if (const auto row = static_cast<int>(m_rows.indexOf(task)); row >= 0)
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    });
    connect(&tasks, &TaskList::cleared, this, [this, &tasks] {
        beginResetModel();
        m_rows = tasks.tasks();
        endResetModel();
    });
}

int TaskModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int TaskModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant TaskModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Task& task = *m_rows[index.row()];
    if (role == Qt::TextAlignmentRole && (index.column() == Progress || index.column() == Elapsed || index.column() == Remaining))
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (index.column() == Status && (role == IconNameRole || role == ToneRole)) {
        switch (task.state()) {
        case Task::State::Running: return role == ToneRole ? QVariant(int(Tone::Neutral)) : QVariant(QStringLiteral("clock"));
        case Task::State::Done: return role == ToneRole ? QVariant(int(Tone::Good)) : QVariant(QStringLiteral("tick"));
        case Task::State::Cancelled: return role == ToneRole ? QVariant(int(Tone::Neutral)) : QVariant(QStringLiteral("stop"));
        case Task::State::Failed: return role == ToneRole ? QVariant(int(Tone::Bad)) : QVariant(QStringLiteral("error"));
        }
    }
    if (role == RawRole && index.column() == Progress)
        return task.percent();
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Name: return task.title();
    case Status:
        switch (task.state()) {
        case Task::State::Running: return tr("Running");
        case Task::State::Done: return tr("Done");
        case Task::State::Cancelled: return tr("Cancelled");
        case Task::State::Failed: return tr("Failed");
        }
        return {};
    case Progress: return task.percent() < 0 ? QString() : tr("%1%").arg(task.percent());
    case Elapsed: return durationText(task.elapsed());
    case Remaining: return task.remaining() ? durationText(*task.remaining()) : QString();
    case Detail: return task.noteCount() ? tr("%1 (%n note(s))", nullptr, static_cast<int>(task.noteCount())).arg(task.text()) : task.text();
    default: return {};
    }
}

QVariant TaskModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Task");
    case Status: return tr("Status");
    case Progress: return tr("Progress");
    case Elapsed: return tr("Elapsed");
    case Remaining: return tr("Remaining");
    case Detail: return tr("Details");
    default: return {};
    }
}

} // namespace tocsin::items
