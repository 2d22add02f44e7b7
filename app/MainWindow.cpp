// SPDX-License-Identifier: GPL-3.0-or-later
#include "MainWindow.h"

#include "StartPage.h"
#include "common/DockTitleBar.h"
#include "common/Pane.h"
#include "editor/QueryDocument.h"
#include "hops/HopsPane.h"
#include "import/ImportPane.h"
#include "incidents/IncidentDocument.h"
#include "items/CaseActions.h"
#include "items/Task.h"
#include "items/TimeDisplay.h"
#include "topology/TopologyPane.h"

#include <QAction>
#include <QCloseEvent>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMessageBox>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>

namespace tocsin::app {

using widgets::QueryDocument;

namespace {

constexpr int kMostClosedDocuments = 20;

} // namespace

MainWindow::MainWindow(const WindowServices& services, QWidget* parent)
    : QMainWindow(parent), m_services(services), m_models(services), m_perspectives(perspectives())
{
    setObjectName(QStringLiteral("mainWindow"));
    setDockOptions(AllowNestedDocks | AllowTabbedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    setDocumentMode(true);
    resize(1440, 900);
    m_documents = new QTabWidget;
    m_documents->setDocumentMode(true);
    m_documents->setTabsClosable(true);
    m_documents->setMovable(true);
    m_documents->setMinimumSize(320, 160);
    m_documents->tabBar()->setElideMode(Qt::ElideMiddle);
    setCentralWidget(m_documents);
    connect(m_documents, &QTabWidget::tabCloseRequested, this, &MainWindow::closeDocument);
    connect(m_documents, &QTabWidget::currentChanged, this, &MainWindow::updateActions);

    m_commands.insertIntoQuery = [this](const QString& text) { insertIntoQuery(text); };
    m_commands.openQuery = [this](const QString& title, const QString& text, bool run) {
        QueryDocument* document = newQuery(title, text);
        if (run)
            document->run();
    };
    m_commands.openIncident = [this](int number) { openIncident(number); };
    m_commands.showDock = [this](const QString& id) { showDock(id); };
    m_commands.openDemoCase = [this] { m_services.caseActions.openDemoCase(); };
    m_commands.importFiles = [this] {
        showDock(QStringLiteral("import"));
        if (auto* pane = qobject_cast<widgets::ImportPane*>(m_docks[QStringLiteral("import")]->widget()))
            pane->chooseFiles();
    };
    registerDocks(m_registry, m_services, m_models, m_commands);
    buildDocks();
    buildMenus();
    buildStatusBar();
    connect(&services.tasks, &items::TaskList::taskEnded, this, &MainWindow::taskEnded);
    connect(&services.time, &items::TimeDisplay::changed, this, [this] { m_zoneLabel->setText(tr("Times in %1").arg(m_services.time.zoneName())); });
    updateTitle();
    setPerspective(m_perspectives.front().id);
}

MainWindow::~MainWindow()
{
    // Views go before the models they show; Qt would delete them after our members.
    m_documents->disconnect(this);
    delete takeCentralWidget();
    qDeleteAll(m_docks);
}

void MainWindow::buildDocks()
{
    for (const DockDescription& description : m_registry.docks()) {
        auto* dock = new QDockWidget(description.title, this);
        dock->setObjectName(description.id);
        widgets::Pane* pane = description.make(dock);
        dock->setWidget(pane);
        dock->setTitleBarWidget(new widgets::DockTitleBar(dock, pane));
        dock->setMinimumSize(160, 110);
        dock->setAccessibleName(description.title);
        addDockWidget(description.area, dock);
        m_docks.insert(description.id, dock);
    }
    auto* hops = qobject_cast<widgets::HopsPane*>(m_docks[QStringLiteral("hops")]->widget());
    auto* topology = qobject_cast<widgets::TopologyPane*>(m_docks[QStringLiteral("topology")]->widget());
    if (hops && topology) {
        connect(hops, &widgets::HopsPane::pathChanged, topology, &widgets::TopologyPane::showPath);
        connect(topology, &widgets::TopologyPane::checkRequested, this, [this, hops](const QString& from, const QString& to) {
            showDock(QStringLiteral("hops"));
            hops->setEnds(from, to);
        });
    }
}

void MainWindow::loadWorkspace()
{
    m_models.schema.reload();
    m_models.incidents.reload();
    for (QDockWidget* dock : m_docks) {
        if (auto* topology = qobject_cast<widgets::TopologyPane*>(dock->widget()))
            topology->reload();
        if (auto* hops = qobject_cast<widgets::HopsPane*>(dock->widget()))
            hops->reload();
    }
}

void MainWindow::taskEnded(items::Task* task)
{
    if (task->changesData())
        loadWorkspace();
}

void MainWindow::updateTitle()
{
    const WorkspaceInfo& w = m_services.workspace;
    const QString access = w.writable ? tr("writable") : tr("read-only");
    setWindowTitle(w.organisation.isEmpty() ? tr("%1 (%2) - Tocsin").arg(w.name, access) : tr("%1, %2 (%3) - Tocsin").arg(w.name, w.organisation, access));
    setWindowFilePath(w.path);
}

void MainWindow::updateActions()
{
    const QueryDocument* query = currentQuery();
    m_runAction->setEnabled(query && !query->isRunning());
    m_cancelAction->setEnabled(query && query->isRunning());
}

QueryDocument* MainWindow::currentQuery() const { return qobject_cast<QueryDocument*>(m_documents->currentWidget()); }

QueryDocument* MainWindow::newQuery(const QString& title, const QString& text)
{
    auto* document = new QueryDocument({m_services.engine, m_services.executor, m_services.clock, m_services.time, m_services.tasks, m_models.schema, m_services.theme});
    document->setTitle(title.isEmpty() ? tr("Query %1").arg(++m_queryCount) : title);
    if (!text.isEmpty())
        document->editor()->setText(text);
    const int index = m_documents->addTab(document, m_services.theme.icon(QStringLiteral("query")), document->title());
    connect(document, &QueryDocument::titleChanged, this, [this, document](const QString& changed) { m_documents->setTabText(m_documents->indexOf(document), changed); });
    connect(document, &QueryDocument::runningChanged, this, [this, document](bool running) {
        m_documents->setTabIcon(m_documents->indexOf(document), m_services.theme.icon(running ? QStringLiteral("run") : QStringLiteral("query"), running ? widgets::ThemeColor::Accent : widgets::ThemeColor::Text));
        updateActions();
    });
    m_documents->setCurrentIndex(index);
    document->editor()->setFocus();
    return document;
}

void MainWindow::openIncident(int number)
{
    m_models.incidents.setCurrentIncident(number);
    for (int i = 0; i < m_documents->count(); ++i) {
        auto* open = qobject_cast<widgets::IncidentDocument*>(m_documents->widget(i));
        if (open && open->number() == number) {
            m_documents->setCurrentIndex(i);
            return;
        }
    }
    auto* document = new widgets::IncidentDocument(number, m_models.incidents, m_services.incidentActions, m_services.caseActions, m_services.time, m_services.theme);
    connect(document, &widgets::IncidentDocument::queryRequested, this, [this](const QString& title, const QString& text) { m_commands.openQuery(title, text, false); });
    m_documents->setCurrentIndex(m_documents->addTab(document, m_services.theme.icon(QStringLiteral("incident")), tr("Incident %1").arg(number)));
}

void MainWindow::showStartPage()
{
    auto* page = new StartPage(m_services.theme, m_services.caseActions.canChange());
    connect(page, &StartPage::demoRequested, this, m_commands.openDemoCase);
    connect(page, &StartPage::importRequested, this, m_commands.importFiles);
    connect(page, &StartPage::openRequested, this, &MainWindow::chooseWorkspace);
    connect(page, &StartPage::queryRequested, this, [this] { newQuery(); });
    m_documents->addTab(page, m_services.theme.icon(QStringLiteral("help")), tr("Start"));
}

void MainWindow::closeDocument(int index)
{
    QWidget* widget = m_documents->widget(index);
    if (auto* query = qobject_cast<QueryDocument*>(widget)) {
        m_closed.prepend(query->saveState());
        m_closed = m_closed.mid(0, kMostClosedDocuments);
    }
    m_documents->removeTab(index);
    widget->deleteLater();
    if (m_documents->count() == 0)
        showStartPage();
}

void MainWindow::reopenDocument()
{
    if (!m_closed.isEmpty())
        newQuery()->restoreState(m_closed.takeFirst());
}

void MainWindow::insertIntoQuery(const QString& text)
{
    QueryDocument* document = currentQuery();
    for (int i = 0; !document && i < m_documents->count(); ++i)
        if ((document = qobject_cast<QueryDocument*>(m_documents->widget(i))))
            m_documents->setCurrentIndex(i);
    if (!document)
        document = newQuery();
    document->editor()->insertText(text);
}

void MainWindow::showDock(const QString& id)
{
    if (QDockWidget* dock = m_docks.value(id)) {
        dock->show();
        dock->raise();
    }
}

void MainWindow::chooseWorkspace()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open workspace"), QFileInfo(m_services.workspace.path).path(), tr("Workspaces (*.tocsin);;All files (*)"));
    if (!path.isEmpty())
        Q_EMIT openWorkspaceRequested(path);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (const int running = m_services.tasks.runningCount(); running > 0) {
        const auto answer = QMessageBox::question(this, tr("Tasks are running"), tr("%n task(s) are still running. Cancel them and close?", nullptr, running),
                                                  QMessageBox::Yes | QMessageBox::Cancel, QMessageBox::Cancel);
        if (answer != QMessageBox::Yes) {
            event->ignore();
            return;
        }
        m_services.tasks.cancelAll();
    }
    saveSession();
    QMainWindow::closeEvent(event);
}

} // namespace tocsin::app
