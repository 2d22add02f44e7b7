// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AppContext.h"
#include "MainWindow.h"
#include "items/Task.h"
#include "window/SessionCaseActions.h"
#include "window/SessionIncidentActions.h"
#include "window/SessionNetworkActions.h"

namespace tocsin::app {

/// One open workspace and the window on it; replaced as a whole when the user opens another. Everything passed in must outlive it.
class OpenCase {
public:
    OpenCase(std::unique_ptr<session::Session> session, AppContext& context, widgets::Theme& theme, items::TimeDisplay& time, QSettings& settings);

    MainWindow& window() { return m_window; }
    session::Session& session() { return *m_session; }
    items::CaseActions& caseActions() { return m_caseActions; }
    items::IncidentActions& incidentActions() { return m_incidentActions; }

private:
    std::unique_ptr<session::Session> m_session;
    items::TaskList m_tasks;
    SessionIncidentActions m_incidentActions;
    SessionCaseActions m_caseActions;
    SessionNetworkActions m_networkActions;
    MainWindow m_window;
};

} // namespace tocsin::app
