// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLabel;
class QListWidget;
class QPushButton;

namespace tocsin::items {
class CaseActions;
}

namespace tocsin::widgets {
class Theme;
}

namespace tocsin::app {

/// The folders whose files queries of this workspace may read with externaldata. What is chosen counts from the moment it is saved.
class ReadableFoldersDialog final : public QDialog {
    Q_OBJECT
public:
    ReadableFoldersDialog(items::CaseActions& actions, widgets::Theme& theme, QWidget* parent = nullptr);

    void addFolder(const QString& path);
    void removeSelected();
    QStringList folders() const;
    void accept() override;

private:
    void chooseFolder();
    void refresh();

    items::CaseActions& m_actions;
    QListWidget* m_list;
    QLabel* m_problem;
    QLabel* m_none;
    QPushButton* m_remove;
    QPushButton* m_save;
};

} // namespace tocsin::app
