// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/ChartView.h"
#include "common/DockTitleBar.h"
#include "hops/HopsPane.h"
#include "hops/ValidatedField.h"
#include "import/ImportPane.h"
#include "incidents/IncidentDocument.h"
#include "incidents/IncidentsPane.h"
#include "items/HopModel.h"
#include "items/IncidentStore.h"
#include "items/ResultTableModel.h"
#include "killchain/KillChainPane.h"
#include "killchain/KillChainView.h"
#include "results/ResultGrid.h"
#include "results/ResultPane.h"
#include "schema/SchemaPane.h"
#include "tasks/TasksPane.h"
#include "topology/TopologyPane.h"
#include "topology/TopologyView.h"
#include "ui/FakeWindow.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTreeView>

using namespace tocsin;
using namespace tocsin::widgets;

class TestPanes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void incidentsAreListedAndFiltered();
    void emptyQueueSaysWhatFillsIt();
    void brokenEngineIsSaid();
    void incidentPageChangesThroughTheInterface();
    void incidentPageOpensEvidenceAndReport();
    void killChainFollowsIncidentAndAlert();
    void killChainZoomsAndFits();
    void topologyIsDrawnAndPathLit();
    void connectivityCheckFillsTheTable();
    void connectivityFormIsValidated();
    void connectivityCheckCanBeCancelled();
    void importShowsRejects();
    void tasksShowTheirEnd();
    void schemaFiltersByColumn();
    void chartIsDrawnFromRender_data();
    void chartIsDrawnFromRender();
    void gridSortsSumsAndCopies();
    void csvIsWritten();
};

namespace {

struct Case {
    test::FakeProgram program;
    items::IncidentStore store{program.engine, program.executor};
    void load()
    {
        QSignalSpy loaded(&store, &items::IncidentStore::loaded);
        store.reload();
        QVERIFY(loaded.wait());
    }
};

} // namespace

void TestPanes::incidentsAreListedAndFiltered()
{
    Case c;
    IncidentsPane pane(c.store, c.program.time, c.program.theme);
    c.load();
    QCOMPARE(pane.table()->model()->rowCount(), 4);
    QCOMPARE(pane.countText(), QStringLiteral("4"));
    pane.filter()->setText(QStringLiteral("multistage SRV"));
    QCOMPARE(pane.table()->model()->rowCount(), 1);
    QCOMPARE(pane.countText(), QStringLiteral("1 of 4"));
    QSignalSpy opened(&pane, &IncidentsPane::incidentOpened);
    pane.table()->selectRow(0);
    QCOMPARE(c.store.currentIncident(), 14);
    QTest::keyClick(pane.table(), Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened[0][0].toInt(), 14);
}

void TestPanes::emptyQueueSaysWhatFillsIt()
{
    Case c;
    test::FakeEngine empty;
    empty.answer("SecurityIncident", {.result = test::makeResult({{"IncidentNumber", DataType::Int, ""}}, {})});
    empty.answer("SecurityAlert", {.result = test::makeResult({{"SystemAlertId", DataType::String, ""}}, {})});
    items::IncidentStore store(empty, c.program.executor);
    IncidentsPane pane(store, c.program.time, c.program.theme);
    KillChainPane chain(store, c.program.time, c.program.theme);
    QSignalSpy loaded(&store, &items::IncidentStore::loaded);
    store.reload();
    QVERIFY(loaded.wait());
    QVERIFY(pane.messageText().contains(QStringLiteral("No incidents")));
    QVERIFY(!chain.messageText().isEmpty());
}

void TestPanes::brokenEngineIsSaid()
{
    Case c;
    test::FakeEngine broken;
    items::IncidentStore store(broken, c.program.executor);
    IncidentsPane pane(store, c.program.time, c.program.theme);
    QSignalSpy failed(&store, &items::IncidentStore::failed);
    store.reload();
    QVERIFY(failed.wait());
    QCOMPARE(failed.count(), 1);
    QVERIFY2(pane.messageText().contains(QStringLiteral("does not exist")), qPrintable(pane.messageText()));
}

void TestPanes::incidentPageChangesThroughTheInterface()
{
    Case c;
    c.load();
    IncidentDocument page(14, c.store, c.program.incidentActions, c.program.caseActions, c.program.time, c.program.theme);
    page.show();
    QCOMPARE(page.statusBox()->currentText(), QStringLiteral("New"));
    QSignalSpy loaded(&c.store, &items::IncidentStore::loaded);
    page.statusBox()->setCurrentText(QStringLiteral("Active"));
    Q_EMIT page.statusBox()->activated(1);
    QCOMPARE(c.program.incidentActions.calls, QStringList{QStringLiteral("status 14 Active")});
    QVERIFY(loaded.wait());
    // The store still has the old row: the page shows what is stored.
    QCOMPARE(page.statusBox()->currentText(), QStringLiteral("New"));
    c.program.incidentActions.writable = false;
    IncidentDocument readOnly(14, c.store, c.program.incidentActions, c.program.caseActions, c.program.time, c.program.theme);
    QVERIFY(!readOnly.statusBox()->isEnabled());
}

void TestPanes::incidentPageOpensEvidenceAndReport()
{
    Case c;
    c.load();
    IncidentDocument page(14, c.store, c.program.incidentActions, c.program.caseActions, c.program.time, c.program.theme);
    QCOMPARE(page.alertTable()->model()->rowCount(), 11);
    QSignalSpy query(&page, &IncidentDocument::queryRequested);
    page.alertTable()->selectRow(2);
    Q_EMIT page.alertTable()->doubleClicked(page.alertTable()->currentIndex());
    QCOMPARE(query.count(), 1);
    QVERIFY(query[0][1].toString().startsWith(QStringLiteral("SigninLogs")));
    page.writeReport(QStringLiteral("/x.pdf"));
    QCOMPARE(c.program.caseActions.calls, QStringList{QStringLiteral("report 14 /x.pdf")});
    QTRY_COMPARE(c.program.tasks.runningCount(), 0);
}

void TestPanes::killChainFollowsIncidentAndAlert()
{
    Case c;
    KillChainPane pane(c.store, c.program.time, c.program.theme);
    pane.resize(700, 320);
    pane.show();
    c.load();
    c.store.setCurrentIncident(14);
    QCOMPARE(pane.countText(), QStringLiteral("11 alert(s)"));
    c.store.setCurrentAlert(QStringLiteral("a-04"));
    QCOMPARE(pane.view()->selectedAlert(), QStringLiteral("a-04"));
    // a-02 has two tactics and so two marks; the spray comes second in time.
    QTest::mouseClick(pane.view()->viewport(), Qt::LeftButton, Qt::NoModifier, pane.view()->markPosition(1).toPoint());
    QCOMPARE(c.store.currentAlert(), QStringLiteral("a-02"));
    QTest::keyClick(pane.view(), Qt::Key_Right);
    QCOMPARE(c.store.currentAlert(), QStringLiteral("a-03"));
    pane.filter()->setCurrentIndex(1);
    Q_EMIT pane.filter()->activated(1);
    QCOMPARE(pane.countText(), QStringLiteral("13 alert(s)"));
}

void TestPanes::killChainZoomsAndFits()
{
    Case c;
    KillChainPane pane(c.store, c.program.time, c.program.theme);
    pane.resize(700, 320);
    pane.show();
    c.load();
    const TimeScale before = pane.view()->scale();
    pane.view()->zoomIn();
    QVERIFY(pane.view()->scale().to - pane.view()->scale().from < before.to - before.from);
    pane.view()->fit();
    QCOMPARE(pane.view()->scale().from, before.from);
    for (int i = 0; i < 60; ++i)
        pane.view()->zoomIn();
    QVERIFY(pane.view()->scale().to - pane.view()->scale().from >= 10 * kTicksPerSecond);
}

void TestPanes::topologyIsDrawnAndPathLit()
{
    test::FakeProgram p;
    TopologyPane pane(p.networkActions, p.executor, p.theme);
    pane.resize(600, 500);
    QVERIFY(pane.messageText().contains(QStringLiteral("No network inventory")));
    pane.show();
    pane.reload();
    QTRY_COMPARE(pane.view()->nodeCount(), 15);
    pane.showPath({QStringLiteral("appNic0"), QStringLiteral("fwNic"), QStringLiteral("auNic"), QStringLiteral("dbNic0")}, true);
    QCOMPARE(pane.view()->litCount(), 4);
    pane.view()->selectNode(QStringLiteral("auNic"));
    QVERIFY(pane.detailsText().contains(QStringLiteral("10.1.3.4")));
    QCOMPARE(pane.tree()->currentIndex().data().toString(), QStringLiteral("auNic"));
    QVERIFY(pane.grab().toImage().width() >= 600);
    p.networkActions.empty = true;
    pane.reload();
    QTRY_VERIFY(!pane.showsContent());
}

void TestPanes::connectivityCheckFillsTheTable()
{
    test::FakeProgram p;
    HopsPane pane(p.networkActions, p.theme);
    pane.reload();
    pane.setEnds(QStringLiteral("MultiTierApp0"), QStringLiteral("Database0"));
    pane.destinationPort()->setText(QStringLiteral("3389"));
    QSignalSpy path(&pane, &HopsPane::pathChanged);
    QVERIFY(pane.checkButton()->isEnabled());
    pane.check();
    QCOMPARE(pane.statusText(), QStringLiteral("Reachable"));
    const QAbstractItemModel* hops = pane.hopTable()->model();
    QCOMPARE(hops->rowCount(), 4);
    QCOMPARE(hops->headerData(0, Qt::Horizontal).toString(), QStringLiteral("NAME"));
    const char* expected[4][2] = {{"appNic0", "10.1.1.4"}, {"fwNic", "10.1.2.4"}, {"auNic", "10.1.3.4"}, {"dbNic0", "10.1.4.4"}};
    for (int row = 0; row < 4; ++row) {
        QCOMPARE(hops->index(row, 0).data().toString(), QLatin1String(expected[row][0]));
        QCOMPARE(hops->index(row, 1).data().toString(), QLatin1String(expected[row][1]));
        QCOMPARE(hops->index(row, 2).data().toString(), QStringLiteral("Reachable"));
    }
    QVERIFY2(pane.latencyText().contains(QStringLiteral("Average latency: 2 ms   Minimum: 1 ms   Maximum: 10 ms")), qPrintable(pane.latencyText()));
    QCOMPARE(path.count(), 1);
    QVERIFY(!p.networkActions.requests[0].sourcePort);
    p.networkActions.reachable = false;
    pane.check();
    QCOMPARE(pane.statusText(), QStringLiteral("Unreachable"));
    QVERIFY(pane.latencyText().contains(QStringLiteral("not measured")));
    QCOMPARE(hops->index(3, 2).data().toString(), QStringLiteral("Unreachable"));
    QVERIFY(hops->index(3, 4).data().toString().contains(QStringLiteral("DenyRdp")));
}

void TestPanes::connectivityFormIsValidated()
{
    test::FakeProgram p;
    HopsPane pane(p.networkActions, p.theme);
    pane.reload();
    QVERIFY(!pane.checkButton()->isEnabled());
    pane.destinationPort()->setText(QStringLiteral("70000"));
    QVERIFY(!pane.destinationPort()->isValid());
    pane.destinationPort()->setText(QStringLiteral("443"));
    QVERIFY(pane.checkButton()->isEnabled());
    QVERIFY(pane.sourcePort()->isValid());
    pane.sourcePort()->setText(QStringLiteral("x"));
    QVERIFY(!pane.checkButton()->isEnabled());
    pane.sourcePort()->setText({});
    pane.manualButton()->setChecked(true);
    QVERIFY(!pane.checkButton()->isEnabled());
    for (const auto& [address, valid] : {std::pair("10.1.4.4", true), std::pair("300.1.1.1", false), std::pair("db.example", true), std::pair("a b", false), std::pair("2001:db8::1", true)}) {
        pane.address()->setText(QLatin1String(address));
        QCOMPARE(pane.address()->isValid(), valid);
    }
    pane.check();
    QCOMPARE(p.networkActions.requests.back().destinationAddress, QStringLiteral("2001:db8::1"));
}

void TestPanes::connectivityCheckCanBeCancelled()
{
    test::FakeProgram p;
    p.networkActions.hangs = true;
    HopsPane pane(p.networkActions, p.theme);
    pane.reload();
    pane.destinationPort()->setText(QStringLiteral("22"));
    pane.check();
    QVERIFY(pane.isChecking());
    pane.cancel();
    QVERIFY(!pane.isChecking());
    QCOMPARE(pane.statusText(), QStringLiteral("Cancelled"));
}

void TestPanes::importShowsRejects()
{
    test::FakeProgram p;
    ImportPane pane(p.caseActions, p.theme);
    QVERIFY(pane.messageText().contains(QStringLiteral("Drop")));
    pane.importPaths({QStringLiteral("/a/edge.log"), QStringLiteral("/a/x.bin")});
    QTRY_COMPARE(p.tasks.runningCount(), 0);
    QCOMPARE(pane.fileCount(), 2);
    auto* table = pane.findChild<QTableView*>();
    table->selectRow(0);
    QVERIFY(pane.rejectsText().contains(QStringLiteral("line 17: no time")));
    QCOMPARE(table->model()->index(1, 1).data().toString(), QStringLiteral("Failed"));
    p.tasks.clearEnded();
    QTRY_COMPARE(pane.fileCount(), 0);
}

void TestPanes::tasksShowTheirEnd()
{
    test::FakeProgram p;
    TasksPane pane(p.tasks, p.theme);
    QVERIFY(!pane.showsContent());
    std::atomic<bool> go = false;
    items::Task* task = p.tasks.start(QStringLiteral("Long"), [&go](items::TaskControl& control) -> items::TaskList::Outcome {
        while (!go && !control.isCancelled())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return fail(kCancelled);
    });
    QVERIFY(pane.showsContent());
    QCOMPARE(pane.countText(), QStringLiteral("1 running"));
    task->cancel();
    QTRY_COMPARE(task->state(), items::Task::State::Cancelled);
    QCOMPARE(pane.table()->model()->index(0, 1).data().toString(), QStringLiteral("Cancelled"));
}

void TestPanes::schemaFiltersByColumn()
{
    test::FakeProgram p;
    items::SchemaModel schema(p.catalog, p.executor, p.time);
    SchemaPane pane(schema, p.theme);
    QSignalSpy loaded(&schema, &items::SchemaModel::loaded);
    schema.reload();
    QVERIFY(loaded.wait());
    const int all = pane.tree()->model()->rowCount();
    pane.filter()->setText(QStringLiteral("RiskScore"));
    QCOMPARE(pane.tree()->model()->rowCount(), 1);
    QVERIFY(all > 5);
    QSignalSpy inserted(&pane, &SchemaPane::insertRequested);
    Q_EMIT pane.tree()->doubleClicked(pane.tree()->model()->index(0, 0));
    QCOMPARE(inserted[0][0].toString(), QStringLiteral("SigninLogs"));
}

void TestPanes::chartIsDrawnFromRender_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("series");
    QTest::newRow("timechart") << "union x" << 3;
    QTest::newRow("areachart") << "union area" << 3;
    QTest::newRow("barchart") << "bar" << 1;
    QTest::newRow("columnchart") << "column" << 1;
    QTest::newRow("piechart") << "pie" << 1;
    QTest::newRow("card") << "card" << 0;
}

void TestPanes::chartIsDrawnFromRender()
{
    QFETCH(QString, query);
    QFETCH(int, series);
    test::FakeProgram p;
    p.theme.setMode(ThemeMode::Dark);
    items::QueryRunner runner(p.engine);
    ResultPane pane({p.executor, p.time, p.tasks, p.theme});
    connect(&runner, &items::QueryRunner::schemaArrived, &pane, &ResultPane::beginResult);
    connect(&runner, &items::QueryRunner::batchesArrived, &pane, &ResultPane::addBatches);
    connect(&runner, &items::QueryRunner::finished, &pane, &ResultPane::endRun);
    pane.resize(700, 420);
    pane.show();
    pane.beginRun({});
    engine::QueryRequest request;
    request.text = query.toStdString();
    runner.run(request);
    QTRY_VERIFY(pane.showsChart());
    QTRY_VERIFY(!pane.chart()->chart().isEmpty());
    QCOMPARE(pane.chart()->drawnSeries(), series);
    QCOMPARE(pane.chart()->grab().toImage().pixelColor(2, 200).name(), p.theme.color(ThemeColor::Surface).name());
    p.theme.setMode(ThemeMode::Light);
    QCOMPARE(pane.chart()->grab().toImage().pixelColor(2, 200).name(), p.theme.color(ThemeColor::Surface).name());
}

namespace {

void fill(ResultPane& pane)
{
    const engine::QueryResult result = test::makeResult({{"Name", DataType::String, ""}, {"Size", DataType::Long, ""}},
                                                        {{Value::string("b,\"x\""), Value::int64(3)}, {Value::string("a"), Value::null(DataType::Long)}, {Value::string("c"), Value::int64(10)}});
    pane.beginRun({});
    pane.beginResult(result.schema);
    pane.addBatches(0, result.batches);
    pane.endRun({});
}

} // namespace

void TestPanes::gridSortsSumsAndCopies()
{
    test::FakeProgram p;
    ResultPane pane({p.executor, p.time, p.tasks, p.theme});
    fill(pane);
    pane.resize(500, 300);
    pane.show();
    const auto names = [&] {
        QStringList out;
        for (int row = 0; row < 3; ++row)
            out << pane.model()->index(row, 0).data().toString().left(1);
        return out.join(QString());
    };
    Q_EMIT pane.grid()->horizontalHeader()->sectionClicked(1);
    QTRY_COMPARE(names(), QStringLiteral("cba"));
    Q_EMIT pane.grid()->horizontalHeader()->sectionClicked(1);
    QTRY_COMPARE(names(), QStringLiteral("bca"));
    Q_EMIT pane.grid()->horizontalHeader()->sectionClicked(1);
    QTRY_COMPARE(names(), QStringLiteral("bac"));
    QSignalSpy summary(pane.grid(), &ResultGrid::selectionSummaryChanged);
    pane.grid()->selectAll();
    QCOMPARE(summary.back()[0].toString(), QStringLiteral("Sum 13   Avg 6.5   Min 3   Max 10"));
    QCOMPARE(summary.back()[1].toInt(), 3);
    QTest::keyClick(pane.grid(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Name\tSize\nb,\"x\"\t3\na\t\nc\t10\n"));
}

void TestPanes::csvIsWritten()
{
    test::FakeProgram p;
    ResultPane pane({p.executor, p.time, p.tasks, p.theme});
    fill(pane);
    const QString path = p.folder.filePath(QStringLiteral("out.csv"));
    pane.exportCsv(path);
    QTRY_COMPARE(p.tasks.runningCount(), 0);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("Name,Size\r\n\"b,\"\"x\"\"\",3\r\na,\r\nc,10\r\n"));
    pane.exportCsv(QStringLiteral("/no/such/folder/out.csv"));
    QTRY_COMPARE(p.tasks.runningCount(), 0);
    QCOMPARE(p.tasks.tasks().front()->state(), items::Task::State::Failed);
    QVERIFY(!p.tasks.tasks().front()->text().isEmpty());
}

QTEST_MAIN(TestPanes)
#include "tst_panes.moc"
