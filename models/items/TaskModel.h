// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

namespace tocsin::items {

class Task;
class TaskList;

/// The tasks of this session, newest first.
class TaskModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Status, Progress, Detail, Elapsed, Remaining, ColumnCount };

    explicit TaskModel(TaskList& tasks, QObject* parent = nullptr);
    Task* taskAt(int row) const { return m_rows.value(row); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<Task*> m_rows;
};

} // namespace tocsin::items
