// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Executor.h"
#include "catalog/Catalog.h"
#include "engine/QueryEngine.h"

#include <QString>

class QSettings;

namespace tocsin::items {
class CaseActions;
class IncidentActions;
class NetworkActions;
class TaskList;
class TimeDisplay;
}

namespace tocsin::widgets {
class Theme;
}

namespace tocsin::app {

/// What the title bar says about the open workspace.
struct WorkspaceInfo {
    QString name;
    QString path;
    QString organisation; ///< may be empty
    bool writable = true;
};

/// Everything a window needs of the program. All of it must outlive the window.
struct WindowServices {
    engine::QueryEngine& engine;
    const catalog::Catalog& catalog;
    Executor& executor;
    const Clock& clock;
    widgets::Theme& theme;
    items::TimeDisplay& time;
    items::TaskList& tasks;
    items::IncidentActions& incidentActions;
    items::CaseActions& caseActions;
    items::NetworkActions& networkActions;
    QSettings& settings; ///< layout, tabs, appearance
    WorkspaceInfo workspace;
};

} // namespace tocsin::app
