// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the window with invented data. Arguments: a theme (light, dark, contrast), a perspective, and scenes to open:
// incident, chart, bar, pie, column, card, error, details, hops, start, import.
#include "editor/QueryDocument.h"
#include "hops/HopsPane.h"
#include "hops/ValidatedField.h"
#include "import/ImportPane.h"
#include "items/IncidentStore.h"
#include "results/ResultGrid.h"
#include "results/ResultPane.h"
#include "ui/FakeWindow.h"

#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QTimer>

using namespace tocsin;

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    test::FakeProgram program;
    const QStringList arguments = application.arguments();
    program.theme.setMode(arguments.contains(QStringLiteral("dark")) ? widgets::ThemeMode::Dark : arguments.contains(QStringLiteral("contrast")) ? widgets::ThemeMode::HighContrast : widgets::ThemeMode::Light);
    program.theme.install(application);
    app::MainWindow window(program.services());
    window.resize(1440, 900);
    if (arguments.contains(QStringLiteral("wide")))
        window.resize(2560, 1440);
    for (const QString& argument : arguments)
        window.setPerspective(argument);
    if (arguments.contains(QStringLiteral("start"))) {
        window.restoreSession();
    } else {
        window.loadWorkspace();
        auto* query = window.newQuery(QString(), QStringLiteral("// Failed sign-ins of the last day, with the addresses they came from\n"
                                                                "let threshold = 5;\n"
                                                                "SigninLogs\n| where TimeGenerated > ago(1d) and ResultType != 0\n"
                                                                "| extend Country = tostring(LocationDetails.countryOrRegion)\n"
                                                                "| summarize Failures = count(), Users = make_set(UserPrincipalName, 10) by IPAddress, bin(TimeGenerated, 1h)\n"
                                                                "| where Failures >= threshold and IPAddress !startswith \"10.\"\n| sort by Failures desc\n\n"
                                                                "SecurityAlert\n| evaluate autocluster()\n"));
        query->editor()->setText(QStringLiteral("SigninLogs\n| where TimeGenerated > ago(1d) and ResultType != 0   // failures only\n| extend Country = tostring(LocationDetails.countryOrRegion)\n| summarize Failures = count(), Users = make_set(UserPrincipalName, 10)\n    by IPAddress, bin(TimeGenerated, 1h)\n| where Failures >= 5 and IPAddress !startswith \"10.\"\n| sort by Failures desc\n\nSecurityAlert\n| evaluate autocluster()\n"));
        query->run();
        const auto open = [&](const char* name, const char* text) {
            if (arguments.contains(QLatin1String(name)))
                window.newQuery(QString(), QLatin1String(text))->run();
        };
        open("chart", "union SigninLogs, SecurityEvent, CommonSecurityLog\n| summarize Rows = count() by Table, bin(TimeGenerated, 1h)\n| render timechart");
        open("area", "union area");
        open("bar", "bar | render barchart");
        open("column", "column | render columnchart");
        open("pie", "pie | render piechart");
        open("card", "card | render card");
        open("hang", "hang");
        open("error", "SigninLogs | where Nmae == \"x\"\n| take 10");
        if (arguments.contains(QStringLiteral("incident")))
            QTimer::singleShot(700, &window, [&] { window.openIncident(14); });
        if (arguments.contains(QStringLiteral("details")))
            QTimer::singleShot(700, &window, [query] { Q_EMIT query->results()->grid()->rowActivated(3); });
    }
    if (arguments.contains(QStringLiteral("hops"))) {
        program.networkActions.reachable = !arguments.contains(QStringLiteral("unreachable"));
        QTimer::singleShot(900, &window, [&] {
            auto* pane = qobject_cast<widgets::HopsPane*>(window.dock(QStringLiteral("hops"))->widget());
            if (!arguments.contains(QStringLiteral("path")))
                window.dock(QStringLiteral("hops"))->raise();
            pane->setEnds(QStringLiteral("MultiTierApp0"), QStringLiteral("Database0"));
            pane->destinationPort()->setText(QStringLiteral("3389"));
            pane->check();
        });
    }
    if (arguments.contains(QStringLiteral("import"))) {
        auto* pane = qobject_cast<widgets::ImportPane*>(window.dock(QStringLiteral("import"))->widget());
        pane->importPaths({QStringLiteral("/cases/dc-01/Security.evtx"), QStringLiteral("/cases/fw/edge.log"), QStringLiteral("/cases/dump.bin")});
        window.dock(QStringLiteral("import"))->raise();
    }
    if (arguments.contains(QStringLiteral("toggle")))
        QTimer::singleShot(1500, &window, [&] { program.theme.setMode(program.theme.isDark() ? widgets::ThemeMode::Light : widgets::ThemeMode::Dark); });
    window.show();
    return application.exec();
}
