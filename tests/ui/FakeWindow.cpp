// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/FakeWindow.h"

namespace tocsin::test {

FakeProgram::FakeProgram()
    : settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat), clock(ticksFromCivil({2026, 3, 3, 12, 0, 0, 0})), catalog(exampleCatalog()),
      tasks(executor), caseActions(tasks)
{
    fillEngine(engine);
}

app::WindowServices FakeProgram::services()
{
    return {engine, catalog, executor, clock, theme, time, tasks, incidentActions, caseActions, networkActions, settings,
            {QStringLiteral("ferries"), folder.filePath(QStringLiteral("ferries.tocsin")), QStringLiteral("Contoso Ferries"), true}};
}

} // namespace tocsin::test
