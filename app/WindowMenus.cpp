// SPDX-License-Identifier: GPL-3.0-or-later
#include "MainWindow.h"

#include "ReadableFoldersDialog.h"
#include "ShortcutSheet.h"
#include "common/Theme.h"
#include "editor/QueryDocument.h"
#include "editor/QueryTools.h"
#include "editor/TimeRangePicker.h"
#include "items/CaseActions.h"
#include "items/Task.h"
#include "items/TimeDisplay.h"
#include "results/ResultGrid.h"
#include "results/ResultPane.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QFormLayout>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QStatusBar>
#include <QTabWidget>

namespace tocsin::app {

using widgets::QueryDocument;
using widgets::Theme;
using widgets::ThemeMode;

namespace {

/// Gives the focus to the first thing in a panel that can have it.
void focusInto(QWidget* panel)
{
    QWidget* target = panel->focusProxy();
    for (QWidget* child : panel->findChildren<QWidget*>())
        if (!target && child->isVisible() && child->isEnabled() && (child->focusPolicy() & Qt::TabFocus))
            target = child;
    if (target)
        target->setFocus(Qt::TabFocusReason);
}

} // namespace

template <typename Act> std::function<void()> MainWindow::onQuery(Act act)
{
    return [this, act] {
        if (QueryDocument* query = currentQuery())
            act(*query);
    };
}

QAction* MainWindow::addAction(QMenu* menu, const QString& icon, const QString& text, const QList<QKeySequence>& keys, std::function<void()> run)
{
    auto* action = new QAction(text, this);
    if (!icon.isEmpty())
        action->setIcon(m_services.theme.icon(icon));
    action->setShortcuts(keys);
    connect(action, &QAction::triggered, this, std::move(run));
    menu->addAction(action);
    return action;
}

void MainWindow::buildMenus()
{
    buildFileMenu();
    buildEditMenu();
    buildQueryMenu();
    buildViewMenu();
    buildHelpMenu();
    updateActions();
}

void MainWindow::buildFileMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    addAction(menu, QStringLiteral("plus"), tr("&New query"), {QKeySequence(QStringLiteral("Ctrl+N"))}, [this] { newQuery(); });
    addAction(menu, QStringLiteral("folder"), tr("&Open workspace…"), {QKeySequence(QStringLiteral("Ctrl+O"))}, [this] { chooseWorkspace(); });
    QAction* demo = addAction(menu, QStringLiteral("demo"), tr("Open &demo case"), {}, m_commands.openDemoCase);
    QAction* import = addAction(menu, QStringLiteral("import"), tr("&Import files…"), {QKeySequence(QStringLiteral("Ctrl+I"))}, m_commands.importFiles);
    demo->setEnabled(m_services.caseActions.canChange());
    import->setEnabled(m_services.caseActions.canChange());
    addAction(menu, QStringLiteral("lock"), tr("&Folders queries may read…"), {}, [this] { ReadableFoldersDialog(m_services.caseActions, m_services.theme, this).exec(); });
    menu->addSeparator();
    addAction(menu, {}, tr("&Close tab"), {QKeySequence(QStringLiteral("Ctrl+W"))}, [this] { closeDocument(m_documents->currentIndex()); });
    addAction(menu, {}, tr("&Reopen closed tab"), {QKeySequence(QStringLiteral("Ctrl+Shift+Alt+T"))}, [this] { reopenDocument(); });
    addAction(menu, {}, tr("Next tab"), {QKeySequence(QStringLiteral("Ctrl+Tab"))}, [this] { m_documents->setCurrentIndex((m_documents->currentIndex() + 1) % std::max(1, m_documents->count())); });
    menu->addSeparator();
    addAction(menu, {}, tr("&Quit"), {QKeySequence(QStringLiteral("Ctrl+Q"))}, [this] { close(); });
}

void MainWindow::buildEditMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    addAction(menu, {}, tr("&Undo"), {}, onQuery([](QueryDocument& q) { q.editor()->undo(); }));
    addAction(menu, {}, tr("&Redo"), {}, onQuery([](QueryDocument& q) { q.editor()->redo(); }));
    menu->addSeparator();
    addAction(menu, QStringLiteral("comment"), tr("&Comment or uncomment lines"), {QKeySequence(QStringLiteral("Ctrl+/"))}, onQuery([](QueryDocument& q) { q.editor()->toggleComment(); }));
    addAction(menu, {}, tr("Com&plete"), {QKeySequence(QStringLiteral("Ctrl+Space"))}, onQuery([](QueryDocument& q) { q.editor()->complete(); }));
    addAction(menu, {}, tr("&Help on symbol"), {QKeySequence(QStringLiteral("F1"))}, onQuery([](QueryDocument& q) { q.editor()->explain(); }));
}

void MainWindow::buildQueryMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Query"));
    m_runAction = addAction(menu, QStringLiteral("run"), tr("&Run statement or selection"),
                            {QKeySequence(QStringLiteral("F5")), QKeySequence(QStringLiteral("Shift+Return")), QKeySequence(QStringLiteral("Shift+Enter"))}, onQuery([](QueryDocument& q) { q.run(); }));
    m_cancelAction = addAction(menu, QStringLiteral("stop"), tr("&Cancel run"), {QKeySequence(QStringLiteral("Esc")), QKeySequence(QStringLiteral("Shift+F5"))}, onQuery([](QueryDocument& q) { q.cancel(); }));
    menu->addSeparator();
    addToolActions(menu);
    menu->addSeparator();
    addAction(menu, QStringLiteral("clock"), tr("&Time range"), {QKeySequence(QStringLiteral("Alt+T"))}, onQuery([](QueryDocument& q) { q.timeRange()->setFocus(Qt::ShortcutFocusReason); }));
    addAction(menu, {}, tr("Go to &editor"), {QKeySequence(QStringLiteral("Ctrl+Shift+Y"))}, onQuery([](QueryDocument& q) { q.editor()->setFocus(Qt::ShortcutFocusReason); }));
    addAction(menu, {}, tr("Go to re&sults"), {QKeySequence(QStringLiteral("Ctrl+Shift+R"))}, onQuery([](QueryDocument& q) { q.results()->grid()->setFocus(Qt::ShortcutFocusReason); }));
    menu->addSeparator();
    QAction* rules = addAction(menu, QStringLiteral("rules"), tr("Run r&ules…"), {}, [this] { askRunRules(); });
    rules->setEnabled(m_services.caseActions.canChange());
}

void MainWindow::addToolActions(QMenu* menu)
{
    const auto tool = [this](void (widgets::QueryTools::*act)()) { return onQuery([act](QueryDocument& q) { (q.tools()->*act)(); }); };
    using Tools = widgets::QueryTools;
    addAction(menu, QStringLiteral("format"), tr("&Format"), {QKeySequence(QStringLiteral("Shift+Alt+F"))}, tool(&Tools::format));
    addAction(menu, {}, tr("Format state&ment or selection"), {QKeySequence(QStringLiteral("Ctrl+K, Ctrl+F"))}, tool(&Tools::formatSelection));
    menu->addSeparator();
    addAction(menu, {}, tr("Go to &definition"), {QKeySequence(QStringLiteral("F12"))}, tool(&Tools::goToDefinition));
    addAction(menu, {}, tr("Show re&ferences"), {QKeySequence(QStringLiteral("Shift+F12")), QKeySequence(QStringLiteral("Alt+F12"))}, tool(&Tools::showReferences));
    addAction(menu, {}, tr("Re&name…"), {QKeySequence(QStringLiteral("F2")), QKeySequence(QStringLiteral("Ctrl+R, Ctrl+R"))}, tool(&Tools::rename));
    addAction(menu, {}, tr("E&xtract let"), {QKeySequence(QStringLiteral("Ctrl+.")), QKeySequence(QStringLiteral("Ctrl+Alt+M"))}, tool(&Tools::extractLet));
    addAction(menu, {}, tr("&Inline let"), {QKeySequence(QStringLiteral("Ctrl+Alt+N"))}, tool(&Tools::inlineLet));
    addAction(menu, {}, tr("Next &problem"), {QKeySequence(QStringLiteral("Alt+F8"))}, onQuery([](QueryDocument& q) { q.editor()->goToProblem(false); }));
    addAction(menu, {}, tr("Pre&vious problem"), {QKeySequence(QStringLiteral("Shift+F8"))}, onQuery([](QueryDocument& q) { q.editor()->goToProblem(true); }));
    addAction(menu, {}, tr("Set problem ri&ght"), {QKeySequence(QStringLiteral("Alt+Return")), QKeySequence(QStringLiteral("Alt+Enter"))}, onQuery([](QueryDocument& q) { q.editor()->fixProblem(); }));
    addAction(menu, QStringLiteral("list"), tr("&Outline…"), {QKeySequence(QStringLiteral("Ctrl+Shift+O"))}, tool(&Tools::showOutline));
    addAction(menu, {}, tr("Fold &all"), {QKeySequence(QStringLiteral("Ctrl+K, Ctrl+0"))}, onQuery([](QueryDocument& q) { q.editor()->foldAll(true); }));
    addAction(menu, {}, tr("&Unfold all"), {QKeySequence(QStringLiteral("Ctrl+K, Ctrl+J"))}, onQuery([](QueryDocument& q) { q.editor()->foldAll(false); }));
}

void MainWindow::buildViewMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    QMenu* arrangement = menu->addMenu(m_services.theme.icon(QStringLiteral("layout")), tr("&Perspective"));
    m_perspectiveActions = new QActionGroup(this);
    int number = 1;
    for (const Perspective& perspective : m_perspectives) {
        QAction* action = addAction(arrangement, {}, perspective.title, {QKeySequence(QStringLiteral("Ctrl+Alt+%1").arg(number++))}, [this, id = perspective.id] { setPerspective(id); });
        action->setCheckable(true);
        action->setData(perspective.id);
        m_perspectiveActions->addAction(action);
    }
    addAction(menu, {}, tr("&Reset layout"), {}, [this] { resetLayout(); });
    addAction(menu, {}, tr("&Dock all"), {}, [this] {
        for (QDockWidget* dock : m_docks)
            dock->setFloating(false);
    });
    addAction(menu, {}, tr("&Bring all on screen"), {}, [this] { bringAllOnScreen(); });
    menu->addSeparator();
    for (const DockDescription& description : m_registry.docks())
        menu->addAction(m_docks[description.id]->toggleViewAction());
    menu->addSeparator();
    QMenu* appearance = menu->addMenu(m_services.theme.icon(QStringLiteral("theme")), tr("&Theme"));
    auto* themes = new QActionGroup(this);
    for (const auto& [mode, text] : {std::pair(ThemeMode::FollowSystem, tr("&Follow system")), std::pair(ThemeMode::Light, tr("&Light")),
                                     std::pair(ThemeMode::Dark, tr("&Dark")), std::pair(ThemeMode::HighContrast, tr("&High contrast"))}) {
        QAction* action = addAction(appearance, {}, text, {}, [this, mode = mode] { m_services.theme.setMode(mode); });
        action->setCheckable(true);
        action->setChecked(m_services.theme.mode() == mode);
        themes->addAction(action);
        connect(&m_services.theme, &Theme::changed, action, [this, action, mode = mode] { action->setChecked(m_services.theme.mode() == mode); });
    }
    QAction* comfortable = addAction(menu, {}, tr("&Comfortable rows"), {}, [] {});
    comfortable->setCheckable(true);
    comfortable->setChecked(m_services.theme.comfortable());
    connect(comfortable, &QAction::toggled, this, [this](bool on) { m_services.theme.setComfortable(on); });
    QAction* local = addAction(menu, QStringLiteral("clock"), tr("Times in &local zone"), {QKeySequence(QStringLiteral("Ctrl+Shift+L"))}, [] {});
    local->setCheckable(true);
    local->setChecked(!m_services.time.isUtc());
    connect(local, &QAction::toggled, this, [this](bool on) { m_services.time.setUtc(!on); });
    connect(&m_services.time, &items::TimeDisplay::changed, local, [this, local] { local->setChecked(!m_services.time.isUtc()); });
    menu->addSeparator();
    addAction(menu, {}, tr("&Next panel"), {QKeySequence(QStringLiteral("F6"))}, [this] { cyclePanels(1); });
    addAction(menu, {}, tr("Pre&vious panel"), {QKeySequence(QStringLiteral("Shift+F6"))}, [this] { cyclePanels(-1); });
    addAction(menu, {}, tr("Go to &schema"), {QKeySequence(QStringLiteral("Ctrl+Shift+T"))}, [this] {
        showDock(QStringLiteral("schema"));
        focusInto(m_docks[QStringLiteral("schema")]->widget());
    });
    QAction* full = addAction(menu, {}, tr("&Full screen"), {QKeySequence(QStringLiteral("F11"))}, [] {});
    full->setCheckable(true);
    connect(full, &QAction::toggled, this, [this](bool on) { on ? showFullScreen() : showNormal(); });
}

void MainWindow::buildHelpMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    addAction(menu, QStringLiteral("demo"), tr("&Start page"), {}, [this] {
        showStartPage();
        m_documents->setCurrentIndex(m_documents->count() - 1);
    });
    addAction(menu, QStringLiteral("list"), tr("&Keyboard shortcuts"), {QKeySequence(QStringLiteral("Ctrl+Shift+/")), QKeySequence(QStringLiteral("Ctrl+?"))}, [this] { showShortcuts(); });
    addAction(menu, QStringLiteral("info"), tr("&About Tocsin"), {}, [this] {
        QMessageBox::about(this, tr("About Tocsin"),
                           tr("Tocsin %1\nA desktop security operations console. One file a workspace, KQL, incidents, network checks, reports.\nGPL-3.0-or-later.").arg(QApplication::applicationVersion()));
    });
}

void MainWindow::buildStatusBar()
{
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(m_services.theme.space(), 0, m_services.theme.space(2), 0);
    m_taskLabel = new QLabel;
    m_zoneLabel = new QLabel(tr("Times in %1").arg(m_services.time.zoneName()));
    statusBar()->addWidget(m_taskLabel, 1);
    statusBar()->addPermanentWidget(m_zoneLabel);
    const auto refresh = [this] {
        const int running = m_services.tasks.runningCount();
        QString text;
        for (const items::Task* task : m_services.tasks.tasks())
            if (task->isRunning())
                text = task->percent() < 0 ? task->title() : tr("%1: %2%").arg(task->title()).arg(task->percent());
        m_taskLabel->setText(running == 0 ? tr("Ready") : running == 1 ? text : tr("%1 (%n task(s) running)", nullptr, running).arg(text));
    };
    connect(&m_services.tasks, &items::TaskList::taskStarted, this, refresh);
    connect(&m_services.tasks, &items::TaskList::taskChanged, this, refresh);
    connect(&m_services.tasks, &items::TaskList::taskEnded, this, refresh);
    refresh();
}

void MainWindow::askRunRules()
{
    QDialog dialog(this);
    dialog.setWindowTitle(tr("Run rules"));
    auto* form = new QFormLayout(&dialog);
    auto* picker = new widgets::TimeRangePicker(m_services.clock);
    picker->setRangeText(QStringLiteral("30d"));
    form->addRow(tr("Period"), picker);
    auto* problem = new QLabel;
    problem->setWordWrap(true);
    form->addRow(problem);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    QPushButton* start = buttons->addButton(tr("Run"), QDialogButtonBox::AcceptRole);
    start->setProperty("primary", true);
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, &dialog, [&] {
        if (picker->range())
            dialog.accept();
        else
            problem->setText(tr("Write a period such as 7d, or two times as 2026-03-01..2026-03-02."));
    });
    if (dialog.exec() != QDialog::Accepted)
        return;
    const auto range = picker->range();
    m_services.caseActions.runRules(range && *range ? **range : engine::TimeRange());
    showDock(QStringLiteral("tasks"));
}

void MainWindow::cyclePanels(int step)
{
    QList<QWidget*> panels{m_documents};
    for (const DockDescription& description : m_registry.docks())
        if (QDockWidget* dock = m_docks[description.id]; dock->isVisible() && !dock->visibleRegion().isEmpty())
            panels << dock;
    qsizetype here = 0;
    for (qsizetype i = 0; i < panels.size(); ++i)
        if (QApplication::focusWidget() && panels[i]->isAncestorOf(QApplication::focusWidget()))
            here = i;
    QWidget* next = panels[(here + step + panels.size()) % panels.size()];
    if (auto* tabs = qobject_cast<QTabWidget*>(next))
        next = tabs->currentWidget();
    else if (auto* dock = qobject_cast<QDockWidget*>(next))
        next = dock->widget();
    if (next)
        focusInto(next);
}

void MainWindow::showShortcuts()
{
    ShortcutSheet sheet(findChildren<QAction*>(QString(), Qt::FindDirectChildrenOnly), this);
    sheet.exec();
}

} // namespace tocsin::app
