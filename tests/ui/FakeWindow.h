// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "MainWindow.h"
#include "base/Executor.h"
#include "common/Theme.h"
#include "items/TimeDisplay.h"
#include "ui/FakeCase.h"

#include <QSettings>
#include <QTemporaryDir>

namespace tocsin::test {

/// All that a window needs, invented; made and destroyed in order.
struct FakeProgram {
    FakeProgram();
    app::WindowServices services();

    QTemporaryDir folder;
    QSettings settings;
    ManualClock clock;
    FakeEngine engine;
    catalog::MemoryCatalog catalog;
    ThreadPool executor{2};
    widgets::Theme theme;
    items::TimeDisplay time;
    items::TaskList tasks;
    FakeIncidentActions incidentActions;
    FakeCaseActions caseActions;
    FakeNetworkActions networkActions;
};

} // namespace tocsin::test
