// SPDX-License-Identifier: GPL-3.0-or-later
#include "MainWindow.h"

#include "common/Theme.h"
#include "editor/QueryDocument.h"
#include "items/TimeDisplay.h"

#include <QAction>
#include <QActionGroup>
#include <QDockWidget>
#include <QScreen>
#include <QSettings>
#include <QTabWidget>

namespace tocsin::app {

namespace {

/// Raised when docks change so that an old layout would not fit; the old one then stays in the settings, unused.
constexpr int kLayoutVersion = 1;

QString layoutKey(const QString& perspective) { return QStringLiteral("layout/v%1/%2").arg(kLayoutVersion).arg(perspective); }

} // namespace

void MainWindow::setPerspective(const QString& id)
{
    const auto found = std::find_if(m_perspectives.begin(), m_perspectives.end(), [&id](const Perspective& p) { return p.id == id; });
    if (found == m_perspectives.end())
        return;
    if (!m_perspective.isEmpty() && m_perspective != id && !m_restoring)
        savePerspective();
    m_perspective = id;
    if (m_perspectiveActions)
        for (QAction* action : m_perspectiveActions->actions())
            action->setChecked(action->data().toString() == id);
    if (!restorePerspective(id))
        arrange(*this, m_docks, *found);
}

bool MainWindow::restorePerspective(const QString& id)
{
    const QByteArray state = m_services.settings.value(layoutKey(id)).toByteArray();
    if (state.isEmpty())
        return false;
    if (restoreState(state, kLayoutVersion))
        return true;
    // Not readable: kept under another name for whoever wants to look.
    m_services.settings.setValue(layoutKey(id) + QStringLiteral(".broken"), state);
    m_services.settings.remove(layoutKey(id));
    return false;
}

void MainWindow::savePerspective() { m_services.settings.setValue(layoutKey(m_perspective), saveState(kLayoutVersion)); }

void MainWindow::resetLayout()
{
    m_services.settings.remove(layoutKey(m_perspective));
    for (const Perspective& perspective : m_perspectives)
        if (perspective.id == m_perspective)
            arrange(*this, m_docks, perspective);
}

void MainWindow::saveSession()
{
    QSettings& settings = m_services.settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/perspective"), m_perspective);
    savePerspective();
    settings.setValue(QStringLiteral("appearance/theme"), static_cast<int>(m_services.theme.mode()));
    settings.setValue(QStringLiteral("appearance/comfortable"), m_services.theme.comfortable());
    settings.setValue(QStringLiteral("appearance/localTime"), !m_services.time.isUtc());
    QVariantList documents;
    for (int i = 0; i < m_documents->count(); ++i)
        if (const auto* query = qobject_cast<widgets::QueryDocument*>(m_documents->widget(i)))
            documents << query->saveState();
    settings.setValue(QStringLiteral("documents/") + m_services.workspace.name, documents);
}

void MainWindow::restoreSession()
{
    m_restoring = true;
    QSettings& settings = m_services.settings;
    m_services.theme.setMode(static_cast<widgets::ThemeMode>(std::clamp(settings.value(QStringLiteral("appearance/theme")).toInt(), 0, 3)));
    m_services.theme.setComfortable(settings.value(QStringLiteral("appearance/comfortable")).toBool());
    m_services.time.setUtc(!settings.value(QStringLiteral("appearance/localTime")).toBool());
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    setPerspective(settings.value(QStringLiteral("window/perspective"), m_perspective).toString());
    restoreDocuments();
    m_restoring = false;
}

void MainWindow::restoreDocuments()
{
    for (const QVariant& document : m_services.settings.value(QStringLiteral("documents/") + m_services.workspace.name).toList())
        newQuery(tr("Query"))->restoreState(document.toMap());
    if (m_documents->count() == 0)
        showStartPage();
}

void MainWindow::bringAllOnScreen()
{
    const QRect area = screen()->availableGeometry();
    for (QDockWidget* dock : m_docks)
        if (dock->isFloating() && dock->isVisible() && !area.contains(dock->frameGeometry()))
            dock->setGeometry(QRect(area.topLeft() + QPoint(40, 40), dock->size().boundedTo(area.size() / 2)));
    if (!area.intersects(frameGeometry()))
        move(area.topLeft());
}

} // namespace tocsin::app
