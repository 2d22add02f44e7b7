// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Pane.h"

#include <QTimer>

class QPlainTextEdit;
class QTableView;

namespace tocsin::items {
class TaskList;
class TaskModel;
}

namespace tocsin::widgets {

class TasksPane final : public Pane {
    Q_OBJECT
public:
    TasksPane(items::TaskList& tasks, const Theme& theme, QWidget* parent = nullptr);
    QTableView* table() const { return m_table; }

private:
    void refresh();
    void showNotes();

    items::TaskList& m_tasks;
    items::TaskModel* m_model;
    QTableView* m_table;
    QPlainTextEdit* m_notes;
    QAction* m_cancel;
    QAction* m_clear;
    QTimer m_tick;
};

} // namespace tocsin::widgets
