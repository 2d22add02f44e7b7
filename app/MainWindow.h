// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "DockRegistry.h"
#include "Perspective.h"
#include "WindowCommands.h"
#include "WindowModels.h"
#include "WindowServices.h"

#include <QHash>
#include <QMainWindow>

class QActionGroup;
class QLabel;
class QTabWidget;

namespace tocsin::items {
class Task;
}

namespace tocsin::widgets {
class QueryDocument;
}

namespace tocsin::app {

/// The window: documents as tabs in the middle, tools as docks around them, menus, perspectives, saved layout.
class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(const WindowServices& services, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Starts reading the workspace: schema, incidents.
    void loadWorkspace();
    /// Layout, perspective, tabs and appearance of the last session. Unknown or broken ones fall back to the built-in.
    void restoreSession();
    void saveSession();
    void resetLayout();
    void setPerspective(const QString& id);
    QString perspective() const { return m_perspective; }

    widgets::QueryDocument* newQuery(const QString& title = {}, const QString& text = {});
    widgets::QueryDocument* currentQuery() const;
    void openIncident(int number);
    QTabWidget* documents() const { return m_documents; }
    QDockWidget* dock(const QString& id) const { return m_docks.value(id); }
    WindowModels& models() { return m_models; }

Q_SIGNALS:
    /// The user chose another workspace file; whoever owns the window opens it.
    void openWorkspaceRequested(const QString& path);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void buildDocks();
    void buildMenus();
    void buildFileMenu();
    void buildEditMenu();
    void buildQueryMenu();
    void addToolActions(QMenu* menu);
    void buildViewMenu();
    void buildHelpMenu();
    void buildStatusBar();
    void showStartPage();
    void closeDocument(int index);
    void reopenDocument();
    void restoreDocuments();
    bool restorePerspective(const QString& id);
    void savePerspective();
    void updateTitle();
    void updateActions();
    void taskEnded(items::Task* task);
    void chooseWorkspace();
    void askRunRules();
    void cyclePanels(int step);
    void bringAllOnScreen();
    void showShortcuts();
    void showDock(const QString& id);
    void insertIntoQuery(const QString& text);
    QAction* addAction(QMenu* menu, const QString& icon, const QString& text, const QList<QKeySequence>& keys, std::function<void()> run);
    template <typename Act> std::function<void()> onQuery(Act act);

    WindowServices m_services;
    WindowModels m_models;
    DockRegistry m_registry;
    WindowCommands m_commands;
    std::vector<Perspective> m_perspectives;
    QString m_perspective;
    QTabWidget* m_documents;
    QHash<QString, QDockWidget*> m_docks;
    QActionGroup* m_perspectiveActions = nullptr;
    QAction* m_runAction = nullptr;
    QAction* m_cancelAction = nullptr;
    QLabel* m_taskLabel = nullptr;
    QLabel* m_zoneLabel = nullptr;
    QList<QVariantMap> m_closed;
    int m_queryCount = 0;
    bool m_restoring = false;
};

/// The tools of the product.
void registerDocks(DockRegistry& registry, const WindowServices& services, WindowModels& models, const WindowCommands& commands);

} // namespace tocsin::app
