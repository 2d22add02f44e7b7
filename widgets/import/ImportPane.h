// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Pane.h"

class QPlainTextEdit;
class QTableWidget;
class QLabel;

namespace tocsin::items {
class CaseActions;
class Task;
}

namespace tocsin::widgets {

class ImportPane final : public Pane {
    Q_OBJECT
public:
    ImportPane(items::CaseActions& actions, const Theme& theme, QWidget* parent = nullptr);

    void importPaths(const QStringList& paths);
    void chooseFiles();
    void chooseFolder();
    int fileCount() const;
    QString rejectsText() const;

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void refreshRow(int row);
    void showRejects();
    void refresh();

    items::CaseActions& m_actions;
    QList<items::Task*> m_tasks;
    QTableWidget* m_files;
    QPlainTextEdit* m_rejects;
    QLabel* m_rejectsTitle;
    QAction* m_choose;
    QAction* m_chooseFolder;
};

} // namespace tocsin::widgets
