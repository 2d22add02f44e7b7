// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/OpenCase.h"

#include <QFileInfo>

namespace tocsin::app {
namespace {

WorkspaceInfo infoOf(const store::Workspace& workspace)
{
    const QFileInfo file(QString::fromStdString(workspace.file().string()));
    return {file.fileName(), file.absoluteFilePath(), {}, !workspace.isReadOnly()};
}

} // namespace

OpenCase::OpenCase(std::unique_ptr<session::Session> session, AppContext& context, widgets::Theme& theme, items::TimeDisplay& time, QSettings& settings)
    : m_session(std::move(session))
    , m_tasks(context.executor())
    , m_incidentActions(*m_session)
    , m_caseActions(*m_session, m_tasks)
    , m_networkActions(*m_session)
    , m_window(WindowServices{m_session->engine(), m_session->workspace().catalog(), context.executor(), context.services().clock, theme, time, m_tasks, m_incidentActions,
          m_caseActions, m_networkActions, settings, infoOf(m_session->workspace())})
{
    m_window.restoreSession();
    m_window.show();
    m_window.loadWorkspace();
}

} // namespace tocsin::app
