// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReadableFoldersDialog.h"

#include "common/Theme.h"
#include "items/CaseActions.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace tocsin::app {

ReadableFoldersDialog::ReadableFoldersDialog(items::CaseActions& actions, widgets::Theme& theme, QWidget* parent)
    : QDialog(parent), m_actions(actions), m_list(new QListWidget), m_problem(new QLabel), m_none(new QLabel(tr("Queries may read no file outside the workspace."), m_list))
{
    setWindowTitle(tr("Folders queries may read"));
    resize(560, 360);
    auto* purpose = new QLabel(tr("The operator externaldata reads files of these folders, and of the folders in them. The list is kept in this workspace."));
    purpose->setWordWrap(true);
    m_list->setAccessibleName(windowTitle());
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setSpacing(theme.space() / 2);
    m_list->addItems(actions.readableFolders());
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setEnabled(false);
    auto* inList = new QVBoxLayout(m_list);
    inList->addWidget(m_none);
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto* add = new QPushButton(theme.icon(QStringLiteral("plus")), tr("&Add folder…"));
    m_remove = new QPushButton(theme.icon(QStringLiteral("minus")), tr("&Remove"));
    auto* changes = new QHBoxLayout;
    changes->addWidget(add);
    changes->addWidget(m_remove);
    changes->addStretch();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_save = buttons->addButton(tr("Save"), QDialogButtonBox::AcceptRole);
    m_save->setProperty("primary", true);
    m_save->setDefault(true);
    add->setAutoDefault(false);
    m_remove->setAutoDefault(false);

    auto* column = new QVBoxLayout(this);
    column->addWidget(purpose);
    column->addWidget(m_list, 1);
    column->addLayout(changes);
    column->addWidget(m_problem);
    column->addWidget(buttons);

    for (QWidget* change : {static_cast<QWidget*>(add), static_cast<QWidget*>(m_remove), static_cast<QWidget*>(m_save)})
        change->setEnabled(actions.canChange());
    if (!actions.canChange())
        m_problem->setText(tr("The workspace is open for reading only, so the list cannot be changed."));
    connect(add, &QPushButton::clicked, this, &ReadableFoldersDialog::chooseFolder);
    connect(m_remove, &QPushButton::clicked, this, &ReadableFoldersDialog::removeSelected);
    connect(m_list, &QListWidget::itemSelectionChanged, this, &ReadableFoldersDialog::refresh);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, &ReadableFoldersDialog::accept);
    refresh();
}

void ReadableFoldersDialog::chooseFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Folder that queries may read"));
    if (!path.isEmpty())
        addFolder(path);
}

void ReadableFoldersDialog::addFolder(const QString& path)
{
    if (!folders().contains(path))
        m_list->addItem(path);
    refresh();
}

void ReadableFoldersDialog::removeSelected()
{
    qDeleteAll(m_list->selectedItems());
    refresh();
}

QStringList ReadableFoldersDialog::folders() const
{
    QStringList paths;
    for (int row = 0; row < m_list->count(); ++row)
        paths << m_list->item(row)->text();
    return paths;
}

void ReadableFoldersDialog::accept()
{
    const QString problem = m_actions.setReadableFolders(folders());
    m_problem->setText(problem);
    if (problem.isEmpty())
        QDialog::accept();
}

void ReadableFoldersDialog::refresh()
{
    for (int row = 0; row < m_list->count(); ++row)
        m_list->item(row)->setToolTip(m_list->item(row)->text());
    m_none->setVisible(m_list->count() == 0);
    m_remove->setEnabled(m_actions.canChange() && !m_list->selectedItems().isEmpty());
}

} // namespace tocsin::app
