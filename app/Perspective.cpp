// SPDX-License-Identifier: GPL-3.0-or-later
#include "Perspective.h"

#include <QCoreApplication>
#include <QDockWidget>
#include <QHash>
#include <QMainWindow>

namespace tocsin::app {

namespace {

QString say(const char* text) { return QCoreApplication::translate("tocsin::app::Perspective", text); }

/// Puts the groups of one area side by side (or one below the other at the sides).
QList<QDockWidget*> place(QMainWindow& window, const QHash<QString, QDockWidget*>& docks, Qt::DockWidgetArea area, const std::vector<QStringList>& groups)
{
    QList<QDockWidget*> fronts;
    for (const QStringList& group : groups) {
        QDockWidget* front = docks.value(group.front());
        front->setFloating(false);
        // Splitting a place that has tabs already would add a tab: all fronts come first.
        if (fronts.isEmpty())
            window.addDockWidget(area, front);
        else
            window.splitDockWidget(fronts.back(), front, area == Qt::BottomDockWidgetArea ? Qt::Horizontal : Qt::Vertical);
        front->show();
        fronts << front;
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        QDockWidget* front = fronts[static_cast<qsizetype>(i)];
        for (const QString& id : groups[i].mid(1)) {
            QDockWidget* dock = docks.value(id);
            dock->setFloating(false);
            window.tabifyDockWidget(front, dock);
            dock->show();
        }
        front->raise();
    }
    return fronts;
}

} // namespace

std::vector<Perspective> perspectives()
{
    const QString incidents = QStringLiteral("incidents"), chain = QStringLiteral("killchain"), topology = QStringLiteral("topology"), hops = QStringLiteral("hops"),
                  schema = QStringLiteral("schema"), tasks = QStringLiteral("tasks"), import = QStringLiteral("import");
    std::vector<Perspective> out;
    out.push_back({QStringLiteral("incident-response"), say("Incident response"), {}, {{topology, hops, schema}}, {{incidents, tasks, import}, {chain}}, 17, 31, 38, {52, 48}});
    out.push_back({QStringLiteral("monitoring"), say("Monitoring"), {{schema}}, {}, {{incidents, tasks, import}}, 18, 30, 30, {}});
    out.push_back({QStringLiteral("escalation"), say("Escalation"), {}, {}, {{incidents, tasks}, {chain}}, 17, 30, 46, {60, 40}});
    out.push_back({QStringLiteral("deployment"), say("Deployment"), {}, {{topology, schema}}, {{hops}, {tasks, import}}, 18, 44, 36, {62, 38}});
    out.push_back({QStringLiteral("auditing"), say("Security auditing"), {{schema}}, {}, {{chain, incidents, tasks}}, 18, 30, 38, {}});
    return out;
}

void arrange(QMainWindow& window, const QHash<QString, QDockWidget*>& docks, const Perspective& perspective)
{
    for (QDockWidget* dock : docks) {
        dock->hide();
        window.removeDockWidget(dock);
    }
    const QList<QDockWidget*> left = place(window, docks, Qt::LeftDockWidgetArea, perspective.left);
    const QList<QDockWidget*> right = place(window, docks, Qt::RightDockWidgetArea, perspective.right);
    const QList<QDockWidget*> bottom = place(window, docks, Qt::BottomDockWidgetArea, perspective.bottom);
    // Docks of no place stay known to the window, so that View can show them.
    for (QDockWidget* dock : docks)
        if (window.dockWidgetArea(dock) == Qt::NoDockWidgetArea) {
            window.addDockWidget(Qt::RightDockWidgetArea, dock);
            dock->hide();
        }
    const int width = window.width(), height = window.height();
    if (!left.isEmpty())
        window.resizeDocks({left.front()}, {width * perspective.leftPercent / 100}, Qt::Horizontal);
    if (!right.isEmpty())
        window.resizeDocks({right.front()}, {width * perspective.rightPercent / 100}, Qt::Horizontal);
    if (!bottom.isEmpty()) {
        window.resizeDocks({bottom.front()}, {height * perspective.bottomPercent / 100}, Qt::Vertical);
        QList<int> widths;
        for (qsizetype i = 0; i < bottom.size(); ++i)
            widths << width * (static_cast<std::size_t>(i) < perspective.bottomShares.size() ? perspective.bottomShares[static_cast<std::size_t>(i)] : 100 / static_cast<int>(bottom.size())) / 100;
        window.resizeDocks(bottom, widths, Qt::Horizontal);
    }
}

} // namespace tocsin::app
