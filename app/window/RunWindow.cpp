// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/RunWindow.h"

#include "AppContext.h"
#include "MainWindow.h"
#include "common/Theme.h"
#include "items/TimeDisplay.h"
#include "window/SessionCaseActions.h"
#include "window/SessionIncidentActions.h"
#include "window/SessionNetworkActions.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QMessageBox>
#include <QSettings>
#include <QStandardPaths>
#include <QTimer>

namespace tocsin::app {
namespace {

constexpr auto kLastWorkspace = "workspace/last";

/// One open workspace and the window on it; replaced as a whole when the user opens another.
class OpenCase {
public:
    OpenCase(std::unique_ptr<session::Session> session, AppContext& context, widgets::Theme& theme, items::TimeDisplay& time, QSettings& settings)
        : m_session(std::move(session))
        , m_tasks(context.executor())
        , m_incidentActions(*m_session)
        , m_caseActions(*m_session, m_tasks)
        , m_networkActions(*m_session)
        , m_window(WindowServices{m_session->engine(), m_session->workspace().catalog(), context.executor(), context.services().clock, theme, time, m_tasks, m_incidentActions, m_caseActions,
              m_networkActions, settings, info(m_session->workspace())})
    {
        m_window.restoreSession();
        m_window.show();
        m_window.loadWorkspace();
    }
    MainWindow& window() { return m_window; }

private:
    static WorkspaceInfo info(const store::Workspace& workspace)
    {
        const QFileInfo file(QString::fromStdString(workspace.file().string()));
        return {file.fileName(), file.absoluteFilePath(), {}, !workspace.isReadOnly()};
    }

    std::unique_ptr<session::Session> m_session;
    items::TaskList m_tasks;
    SessionIncidentActions m_incidentActions;
    SessionCaseActions m_caseActions;
    SessionNetworkActions m_networkActions;
    MainWindow m_window;
};

QString defaultWorkspace(const QSettings& settings)
{
    const QString last = settings.value(QLatin1String(kLastWorkspace)).toString();
    if (!last.isEmpty() && QFileInfo::exists(last))
        return last;
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    QDir().mkpath(folder);
    return folder + QStringLiteral("/workspace.tocsin");
}

class WindowRunner {
public:
    WindowRunner(AppContext& context, QSettings& settings, QApplication& application) : m_context(context), m_settings(settings) { m_theme.install(application); }

    bool open(const QString& path)
    {
        const bool writable = !QFileInfo::exists(path) || QFileInfo(path).isWritable();
        auto session = session::Session::open(path.toStdString(), {.create = true, .readOnly = !writable}, m_context.services());
        if (!session) {
            const QString advice = QString::fromStdString(errorAdvice(session.error()));
            QMessageBox::critical(m_case ? &m_case->window() : nullptr, QApplication::applicationDisplayName(), QString::fromStdString(errorMessage(session.error())) + QStringLiteral("\n\n") + advice);
            return false;
        }
        m_case.reset(); // the settings of its window are saved before the next one reads them
        m_case = std::make_unique<OpenCase>(std::move(*session), m_context, m_theme, m_time, m_settings);
        m_settings.setValue(QLatin1String(kLastWorkspace), QFileInfo(path).absoluteFilePath());
        QObject::connect(&m_case->window(), &MainWindow::openWorkspaceRequested, &m_case->window(), [this](const QString& next) {
            QTimer::singleShot(0, qApp, [this, next] { open(next); }); // not while the window that asked is still on the stack
        });
        return true;
    }

private:
    AppContext& m_context;
    QSettings& m_settings;
    widgets::Theme m_theme;
    items::TimeDisplay m_time;
    std::unique_ptr<OpenCase> m_case;
};

} // namespace

int runWindow(int argc, char** argv, const std::string& workspace)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("tocsin"));
    QApplication::setApplicationDisplayName(QStringLiteral("Tocsin"));
    QApplication::setOrganizationName(QStringLiteral("tocsin"));
    QApplication::setDesktopFileName(QStringLiteral("tocsin"));
    const auto context = AppContext::create();
    if (!context) {
        QMessageBox::critical(nullptr, QApplication::applicationDisplayName(), QString::fromStdString(errorMessage(context.error())));
        return 3;
    }
    QSettings settings;
    WindowRunner runner(**context, settings, application);
    if (!runner.open(workspace.empty() ? defaultWorkspace(settings) : QString::fromStdString(workspace)))
        return 3;
    return QApplication::exec();
}

} // namespace tocsin::app
