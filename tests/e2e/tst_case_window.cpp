// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over a standard header in here
#include "common/Theme.h"
#include "editor/QueryDocument.h"
#include "editor/QueryEditor.h"
#include "hops/HopsPane.h"
#include "hops/ValidatedField.h"
#include "items/ResultTableModel.h"
#include "items/TimeDisplay.h"
#include "results/ResultPane.h"
#include "session/DemoCase.h"
#include "topology/TopologyPane.h"
#include "topology/TopologyView.h"
#include "window/OpenCase.h"
#endif

#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace tocsin;

/// The window on the sample case: from a query to its result, to an incident, to a report, and a connectivity check beside.
class TestCaseWindow final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        qputenv("XDG_STATE_HOME", m_folder.path().toUtf8());
        auto context = app::AppContext::create();
        QVERIFY(context);
        m_context = std::move(*context);
        auto session = session::Session::open(m_folder.filePath(QStringLiteral("case.tocsin")).toStdString(), {}, m_context->services());
        QVERIFY2(session, session ? "" : errorMessage(session.error()).c_str());
        const auto demo = session::fillWithDemoCase(**session, [](const std::string&) {}, {});
        QVERIFY2(demo, demo ? "" : errorMessage(demo.error()).c_str());
        m_theme = std::make_unique<widgets::Theme>();
        m_theme->install(*qApp);
        m_settings = std::make_unique<QSettings>(m_folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        m_case = std::make_unique<app::OpenCase>(std::move(*session), *m_context, *m_theme, m_time, *m_settings);
        m_case->window().resize(1440, 900);
        QVERIFY(QTest::qWaitForWindowExposed(&m_case->window()));
    }
    void cleanupTestCase() { m_case.reset(); }

    void allFiveDocksAreThere()
    {
        for (const char* id : {"topology", "hops", "incidents", "killchain"})
            QVERIFY2(window().dock(QLatin1String(id)), id);
        QVERIFY(window().documents());
    }

    void queryRunsFromTheKeyboard()
    {
        widgets::QueryDocument* document = window().newQuery(QStringLiteral("Failures"), QStringLiteral("SigninLogs | where ResultType == '50126' | summarize Failures = count() by IPAddress | top 3 by Failures"));
        QVERIFY(document);
        document->editor()->setFocus();
        QTest::keyClick(document->editor(), Qt::Key_F5);
        QTRY_VERIFY_WITH_TIMEOUT(!document->isRunning() && document->results()->model()->rowCount() == 3, 20'000);
        QCOMPARE(document->results()->model()->index(0, 0).data().toString(), QStringLiteral("203.0.113.77"));
        QVERIFY(document->problemText().isEmpty());
    }

    void escapeEndsALongQuery()
    {
        widgets::QueryDocument* document = window().newQuery(QStringLiteral("Long"), QStringLiteral("range x from 1 to 1000000000 step 1 | summarize dcount(hash(tostring(x)))"));
        QVERIFY(document);
        document->editor()->setFocus();
        QTest::keyClick(document->editor(), Qt::Key_F5);
        QTRY_VERIFY_WITH_TIMEOUT(document->isRunning(), 5'000);
        QTest::qWait(200);
        QVERIFY(document->isRunning());
        QTest::keyClick(document->editor(), Qt::Key_Escape);
        QTRY_VERIFY_WITH_TIMEOUT(!document->isRunning(), 2'000);
        QVERIFY(document->problemText().isEmpty());
    }

    void mistakeIsNamed()
    {
        widgets::QueryDocument* document = window().newQuery(QStringLiteral("Mistake"), QStringLiteral("SigninLogs | where Resulttype == 0"));
        document->run();
        QTRY_VERIFY_WITH_TIMEOUT(!document->isRunning() && !document->problemText().isEmpty(), 20'000);
        QVERIFY(document->problemText().contains(QStringLiteral("Resulttype")));
    }

    void incidentsAreLoadedAndChanged()
    {
        QTRY_VERIFY_WITH_TIMEOUT(window().models().incidents.data() && !window().models().incidents.data()->incidents.empty(), 20'000);
        m_number = 0;
        std::size_t most = 0;
        for (const items::Incident& incident : window().models().incidents.data()->incidents)
            if (incident.alertIds.size() > static_cast<qsizetype>(most)) {
                most = static_cast<std::size_t>(incident.alertIds.size());
                m_number = incident.number;
            }
        QVERIFY(most > 10);
        window().openIncident(m_number);
        bool done = false;
        m_case->incidentActions().setStatus(m_number, QStringLiteral("Active"), [&](Result<void> result) { done = result.has_value(); });
        QTRY_VERIFY_WITH_TIMEOUT(done, 10'000);
        QCOMPARE(m_case->session().incidents().find(m_number)->status, incident::Status::Active);
    }

    void connectivityCheckShowsTheFourHops()
    {
        window().dock(QStringLiteral("hops"))->show();
        window().dock(QStringLiteral("hops"))->raise();
        auto* hops = window().dock(QStringLiteral("hops"))->findChild<widgets::HopsPane*>();
        QVERIFY(hops);
        hops->reload();
        QTRY_VERIFY_WITH_TIMEOUT(hops->sourceMachine()->findText(QStringLiteral("app-vm01")) >= 0, 10'000);
        hops->sourceMachine()->setCurrentIndex(hops->sourceMachine()->findText(QStringLiteral("app-vm01")));
        hops->destinationMachine()->setCurrentIndex(hops->destinationMachine()->findText(QStringLiteral("db-vm01")));
        hops->destinationPort()->setText(QStringLiteral("3389"));
        hops->check();
        QTRY_VERIFY_WITH_TIMEOUT(!hops->isChecking() && hops->hopTable()->model()->rowCount() == 4, 10'000);
        QVERIFY(hops->statusText().contains(QStringLiteral("Reachable")));
        for (const char* figure : {"2", "1", "10"})
            QVERIFY(hops->latencyText().contains(QLatin1String(figure)));
        const auto* topology = window().dock(QStringLiteral("topology"))->findChild<widgets::TopologyPane*>();
        QVERIFY(topology);
        QTRY_COMPARE_WITH_TIMEOUT(topology->view()->litCount(), 4, 10'000);
    }

    void reportIsWritten()
    {
        const QString path = m_folder.filePath(QStringLiteral("incident.pdf"));
        items::Task* task = m_case->caseActions().writeReport(m_number, path);
        QTRY_VERIFY_WITH_TIMEOUT(!task->isRunning(), 60'000);
        QVERIFY2(task->state() == items::Task::State::Done, qPrintable(task->text()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.read(5) == "%PDF-");
    }

    /// With TOCSIN_SCREENSHOTS naming a folder, keeps pictures of the window for the documentation.
    void pictures()
    {
        const QString folder = qEnvironmentVariable("TOCSIN_SCREENSHOTS");
        if (folder.isEmpty())
            QSKIP("set TOCSIN_SCREENSHOTS to a folder to keep pictures");
        for (const auto mode : {widgets::ThemeMode::Light, widgets::ThemeMode::Dark}) {
            m_theme->setMode(mode);
            for (const char* id : {"killchain", "incidents"}) {
                window().dock(QLatin1String(id))->raise();
                QTest::qWait(500);
                const QString name = QStringLiteral("%1/%2-%3.png").arg(folder, QLatin1String(id), mode == widgets::ThemeMode::Dark ? QStringLiteral("dark") : QStringLiteral("light"));
                QVERIFY(window().grab().save(name));
            }
        }
    }

private:
    app::MainWindow& window() { return m_case->window(); }

    QTemporaryDir m_folder;
    items::TimeDisplay m_time;
    std::unique_ptr<app::AppContext> m_context;
    std::unique_ptr<widgets::Theme> m_theme;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<app::OpenCase> m_case;
    int m_number = 0;
};

QTEST_MAIN(TestCaseWindow)
#include "tst_case_window.moc"
