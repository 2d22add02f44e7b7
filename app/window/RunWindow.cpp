// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/RunWindow.h"

#include "common/Theme.h"
#include "items/TimeDisplay.h"
#include "window/OpenCase.h"

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
        warnOfMissingRows();
        QObject::connect(&m_case->window(), &MainWindow::openWorkspaceRequested, &m_case->window(), [this](const QString& next) {
            QTimer::singleShot(0, qApp, [this, next] { open(next); }); // not while the window that asked is still on the stack
        });
        return true;
    }

private:
    /// Of archives that could not be attached: an analyst must not take what queries say then for all there is.
    void warnOfMissingRows()
    {
        QStringList reasons;
        for (const Error& missing : m_case->session().missingRows())
            reasons.append(QString::fromStdString(errorMessage(missing)));
        if (!reasons.isEmpty())
            QMessageBox::warning(&m_case->window(), QApplication::applicationDisplayName(), QApplication::translate("RunWindow", "The rows of an attached archive are left out of every answer.") + QStringLiteral("\n\n") + reasons.join(QLatin1Char('\n')));
    }

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
