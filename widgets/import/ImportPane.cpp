// SPDX-License-Identifier: GPL-3.0-or-later
#include "import/ImportPane.h"

#include "common/ViewSetup.h"
#include "items/CaseActions.h"
#include "items/Roles.h"
#include "items/Task.h"
#include "items/ValueText.h"

#include <QAction>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>

namespace tocsin::widgets {

namespace {

enum FileColumn { File, Status, Progress, Rejected, Details, FileColumnCount };

} // namespace

ImportPane::ImportPane(items::CaseActions& actions, const Theme& theme, QWidget* parent) : Pane(theme, QStringLiteral("import"), parent), m_actions(actions)
{
    setAcceptDrops(true);
    m_files = new QTableWidget(0, FileColumnCount);
    m_files->setAccessibleName(tr("Imported files"));
    m_files->setHorizontalHeaderLabels({tr("File"), tr("Status"), tr("Progress"), tr("Rejected"), tr("Details")});
    setUpTable(m_files, theme);
    m_files->setSelectionMode(QAbstractItemView::SingleSelection);
    m_files->horizontalHeader()->setStretchLastSection(true);
    m_files->setColumnWidth(File, 260);
    m_files->setColumnWidth(Status, 100);
    m_files->setColumnWidth(Progress, 80);
    m_files->setColumnWidth(Rejected, 80);
    m_rejectsTitle = new QLabel;
    m_rejectsTitle->setMargin(theme.space());
    m_rejects = new QPlainTextEdit;
    m_rejects->setReadOnly(true);
    m_rejects->setFrameShape(QFrame::NoFrame);
    m_rejects->setAccessibleName(tr("Rejected records"));
    m_rejects->setPlaceholderText(tr("Choose a file to see what was rejected in it."));
    m_rejects->setFont(theme.monospaceFont());
    auto* side = new QWidget;
    auto* sideColumn = new QVBoxLayout(side);
    sideColumn->setContentsMargins(0, 0, 0, 0);
    sideColumn->setSpacing(0);
    sideColumn->addWidget(m_rejectsTitle);
    sideColumn->addWidget(m_rejects, 1);
    auto* split = new QSplitter(Qt::Horizontal);
    split->addWidget(m_files);
    split->addWidget(side);
    split->setSizes({600, 300});
    setContent(split);

    m_choose = makeTitleAction(QStringLiteral("import"), tr("Import files…"));
    m_chooseFolder = makeTitleAction(QStringLiteral("folder"), tr("Import a folder…"));
    connect(m_choose, &QAction::triggered, this, &ImportPane::chooseFiles);
    connect(m_chooseFolder, &QAction::triggered, this, &ImportPane::chooseFolder);
    connect(m_files->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ImportPane::showRejects);
    refresh();
}

int ImportPane::fileCount() const { return static_cast<int>(m_tasks.size()); }

QString ImportPane::rejectsText() const { return m_rejects->toPlainText(); }

void ImportPane::chooseFiles()
{
    const QStringList paths = QFileDialog::getOpenFileNames(this, tr("Import files"), QString(),
                                                            tr("Logs (*.json *.jsonl *.ndjson *.csv *.tsv *.log *.evtx *.xml *.cef *.txt *.gz *.zst);;All files (*)"));
    if (!paths.isEmpty())
        importPaths(paths);
}

void ImportPane::chooseFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Import a folder"));
    if (!path.isEmpty())
        importPaths({path});
}

void ImportPane::importPaths(const QStringList& paths)
{
    if (!m_actions.canChange())
        return;
    const QList<items::Task*> tasks = m_actions.importPaths(paths);
    for (qsizetype i = 0; i < tasks.size(); ++i) {
        items::Task* task = tasks[i];
        const int row = m_files->rowCount();
        m_tasks.append(task);
        m_files->insertRow(row);
        for (int column = 0; column < FileColumnCount; ++column)
            m_files->setItem(row, column, new QTableWidgetItem);
        const QString path = i < paths.size() && tasks.size() == paths.size() ? paths[i] : task->title();
        m_files->item(row, File)->setText(path.section(QLatin1Char('/'), -1));
        m_files->item(row, File)->setToolTip(path);
        m_files->item(row, File)->setData(items::IconNameRole, QStringLiteral("file"));
        connect(task, &items::Task::changed, this, [this, task] { refreshRow(static_cast<int>(m_tasks.indexOf(task))); });
        connect(task, &items::Task::finished, this, &ImportPane::refresh);
        connect(task, &QObject::destroyed, this, [this, task] {
            // The task list was cleared: the row goes with its task.
            if (const auto gone = static_cast<int>(m_tasks.indexOf(task)); gone >= 0) {
                m_tasks.removeAt(gone);
                m_files->removeRow(gone);
                refresh();
            }
        });
        refreshRow(row);
    }
    refresh();
}

void ImportPane::refreshRow(int row)
{
    if (row < 0)
        return;
    const items::Task& task = *m_tasks[row];
    QTableWidgetItem* status = m_files->item(row, Status);
    const auto set = [&](const QString& text, const char* icon, items::Tone tone) {
        status->setText(text);
        status->setData(items::IconNameRole, QString::fromLatin1(icon));
        status->setData(items::ToneRole, int(tone));
    };
    switch (task.state()) {
    case items::Task::State::Running: set(tr("Reading"), "clock", items::Tone::Neutral); break;
    case items::Task::State::Done: set(tr("Done"), "tick", task.noteCount() ? items::Tone::Warn : items::Tone::Good); break;
    case items::Task::State::Cancelled: set(tr("Cancelled"), "stop", items::Tone::Neutral); break;
    case items::Task::State::Failed: set(tr("Failed"), "error", items::Tone::Bad); break;
    }
    m_files->item(row, Progress)->setText(task.percent() < 0 ? QString() : tr("%1%").arg(task.percent()));
    m_files->item(row, Rejected)->setText(items::countText(task.noteCount()));
    for (const int column : {int(Progress), int(Rejected)})
        m_files->item(row, column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_files->item(row, Details)->setText(task.text());
    if (row == m_files->currentRow())
        showRejects();
}

void ImportPane::showRejects()
{
    const int row = m_files->currentRow();
    const items::Task* task = row >= 0 && row < m_tasks.size() ? m_tasks[row] : nullptr;
    m_rejectsTitle->setText(task ? tr("%n rejected record(s)", nullptr, static_cast<int>(task->noteCount())) : tr("Rejected records"));
    if (!task) {
        m_rejects->clear();
        return;
    }
    QString text = task->notes().join(QLatin1Char('\n'));
    if (task->noteCount() > static_cast<qulonglong>(task->notes().size()))
        text += QLatin1Char('\n') + tr("… and %1 more").arg(items::countText(task->noteCount() - static_cast<qulonglong>(task->notes().size())));
    m_rejects->setPlainText(text);
}

void ImportPane::refresh()
{
    const bool allowed = m_actions.canChange();
    m_choose->setEnabled(allowed);
    m_chooseFolder->setEnabled(allowed);
    setCountText(m_tasks.isEmpty() ? QString() : tr("%n file(s)", nullptr, static_cast<int>(m_tasks.size())));
    if (!allowed)
        showMessage({QStringLiteral("lock"), tr("This workspace is read-only"), tr("Open a writable workspace to import logs."), nullptr});
    else if (m_tasks.isEmpty())
        showMessage({QStringLiteral("import"), tr("Drop log files or folders here"),
                     tr("JSON, JSON lines, CSV, EVTX, syslog, CEF, IIS W3C, NSG flow logs. The format is recognised from the content."), m_choose});
    else
        showContent();
}

void ImportPane::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && m_actions.canChange()) {
        event->acceptProposedAction();
        setStrip(tr("Drop to import."));
    }
}

void ImportPane::dragLeaveEvent(QDragLeaveEvent*) { setStrip({}); }

void ImportPane::dropEvent(QDropEvent* event)
{
    setStrip({});
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    if (!paths.isEmpty())
        importPaths(paths);
    event->acceptProposedAction();
}

} // namespace tocsin::widgets
