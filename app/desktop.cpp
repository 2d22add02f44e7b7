// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Program.h"
#include "report/IncidentPdf.h"
#include "window/RunWindow.h"

#include <QGuiApplication>

namespace {

using namespace tocsin;

/// Fonts and painting need an application, but no display.
int whilePainting(char** argv, const std::function<int()>& work)
{
    const QByteArray platform = qgetenv("QT_QPA_PLATFORM");
    qputenv("QT_QPA_PLATFORM", "offscreen");
    int argc = 1;
    int status = 0;
    {
        const QGuiApplication painter(argc, argv);
        status = work();
    }
    platform.isNull() ? qunsetenv("QT_QPA_PLATFORM") : qputenv("QT_QPA_PLATFORM", platform);
    return status;
}

Result<int> writeReport(const report::IncidentReport& document, const std::string& path)
{
    TOCSIN_TRY_ASSIGN(const report::ReportFacts facts, report::writeIncidentPdf(document, QString::fromStdString(path)));
    return facts.pages;
}

} // namespace

int main(int argc, char** argv)
{
    const app::cli::Desktop desktop{
        [argv](const std::function<int()>& work) { return whilePainting(argv, work); },
        writeReport,
        [&](const std::string& workspace) { return app::runWindow(argc, argv, workspace); },
    };
    return app::cli::runProgram(argc, argv, &desktop);
}
