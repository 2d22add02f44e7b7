// SPDX-License-Identifier: GPL-3.0-or-later
#include "MainWindow.h"

#include "common/Theme.h"
#include "hops/HopsPane.h"
#include "import/ImportPane.h"
#include "incidents/IncidentsPane.h"
#include "killchain/KillChainPane.h"
#include "schema/SchemaPane.h"
#include "tasks/TasksPane.h"
#include "topology/TopologyPane.h"

#include <QCoreApplication>

namespace tocsin::app {

namespace {

QString say(const char* text) { return QCoreApplication::translate("tocsin::app::DockRegistry", text); }

} // namespace

void registerDocks(DockRegistry& registry, const WindowServices& s, WindowModels& models, const WindowCommands& commands)
{
    // The commands are copied: panes outlive this call.
    registry.add({QStringLiteral("incidents"), say("Incidents"), Qt::BottomDockWidgetArea, [=, &models](QWidget* parent) -> widgets::Pane* {
                      auto* pane = new widgets::IncidentsPane(models.incidents, s.time, s.theme, parent);
                      QObject::connect(pane, &widgets::IncidentsPane::incidentOpened, pane, commands.openIncident);
                      QObject::connect(pane, &widgets::IncidentsPane::demoRequested, pane, commands.openDemoCase);
                      return pane;
                  }});
    registry.add({QStringLiteral("killchain"), say("Kill-chain timeline"), Qt::BottomDockWidgetArea, [=, &models](QWidget* parent) -> widgets::Pane* {
                      auto* pane = new widgets::KillChainPane(models.incidents, s.time, s.theme, parent);
                      QObject::connect(pane, &widgets::KillChainPane::incidentOpened, pane, commands.openIncident);
                      return pane;
                  }});
    registry.add({QStringLiteral("topology"), say("Network topology"), Qt::RightDockWidgetArea, [=, &models](QWidget* parent) -> widgets::Pane* {
                      return new widgets::TopologyPane(s.networkActions, s.executor, s.theme, parent);
                  }});
    registry.add({QStringLiteral("hops"), say("Connectivity check"), Qt::RightDockWidgetArea, [=](QWidget* parent) -> widgets::Pane* {
                      return new widgets::HopsPane(s.networkActions, s.theme, parent);
                  }});
    registry.add({QStringLiteral("schema"), say("Schema"), Qt::LeftDockWidgetArea, [=, &models](QWidget* parent) -> widgets::Pane* {
                      auto* pane = new widgets::SchemaPane(models.schema, s.theme, parent);
                      QObject::connect(pane, &widgets::SchemaPane::insertRequested, pane, commands.insertIntoQuery);
                      QObject::connect(pane, &widgets::SchemaPane::previewRequested, pane,
                                       [commands](const QString& table) { commands.openQuery(table, table + QStringLiteral("\n| take 100"), true); });
                      return pane;
                  }});
    registry.add({QStringLiteral("tasks"), say("Tasks"), Qt::BottomDockWidgetArea,
                  [=](QWidget* parent) -> widgets::Pane* { return new widgets::TasksPane(s.tasks, s.theme, parent); }});
    registry.add({QStringLiteral("import"), say("Import"), Qt::BottomDockWidgetArea,
                  [=](QWidget* parent) -> widgets::Pane* { return new widgets::ImportPane(s.caseActions, s.theme, parent); }});
}

} // namespace tocsin::app
