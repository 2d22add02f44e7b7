// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/MemoryTable.h"
#include "column/Dynamic.h"
#include "items/AlertModel.h"
#include "items/CaseParser.h"
#include "items/EntityModel.h"
#include "items/HopModel.h"
#include "items/IncidentModel.h"
#include "items/ResultTableModel.h"
#include "items/Roles.h"
#include "items/SchemaModel.h"
#include "items/Task.h"
#include "items/TaskModel.h"
#include "items/TimeDisplay.h"
#include "items/TimelineModel.h"
#include "items/TopologyLayout.h"
#include "items/TopologyModel.h"
#include "ui/FakeEngine.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace tocsin;
using namespace tocsin::items;

class TestItemModels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void resultTable();
    void resultTableOrdersWithNullsLast();
    void caseModels();
    void entitiesAreRead_data();
    void entitiesAreRead();
    void badJsonGivesNothing();
    void timelineHasALanePerStage();
    void taskModel();
    void schemaModel();
    void hopModel();
    void topologyModel();
    void hostileTopologyIsCleaned();
    void layoutKeepsNodesInsideTheirContainers();

private:
    static std::shared_ptr<const CaseData> exampleCase();
    TimeDisplay m_time;
};

void TestItemModels::resultTable()
{
    ResultTableModel model(m_time);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    std::vector<std::vector<Value>> rows;
    for (int i = 0; i < 10'000; ++i)
        rows.push_back({Value::dateTime(kUnixEpoch + i * kTicksPerSecond), Value::string("High"), i % 2 ? Value::int64(i) : Value::null(DataType::Long), Value::dynamic(*dynamicFromJson(R"({"a":[1,2]})"))});
    const auto result = test::makeResult({{"TimeGenerated", DataType::DateTime, ""}, {"Severity", DataType::String, ""}, {"N", DataType::Long, ""}, {"Bag", DataType::Dynamic, ""}}, rows);
    model.start(result.schema);
    QCOMPARE(model.state(), ResultTableModel::State::Loading);
    for (const Batch& batch : result.batches)
        model.append({batch});
    model.end(true);
    QCOMPARE(model.rowCount(), 10'000);
    QCOMPARE(model.index(4097, 2).data().toString(), QStringLiteral("4097"));
    QCOMPARE(model.index(1, 0).data().toString(), QStringLiteral("1970-01-01 00:00:01"));
    QCOMPARE(model.index(0, 1).data(SeverityRole).toInt(), int(Severity::High));
    QVERIFY(model.index(0, 2).data(NullRole).toBool());
    QCOMPARE(model.index(0, 2).data().toString(), QString());
    QCOMPARE(model.index(0, 3).data().toString(), QStringLiteral("{\"a\":[1,2]}"));
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("TimeGenerated [UTC]"));
    QVERIFY(model.index(0, 2).data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight);
    model.start(result.schema);
    QCOMPARE(model.rowCount(), 0);
}

void TestItemModels::resultTableOrdersWithNullsLast()
{
    const auto result = test::makeResult({{"N", DataType::Long, ""}}, {{Value::int64(2)}, {Value::null(DataType::Long)}, {Value::int64(9)}, {Value::int64(1)}});
    ResultTableModel model(m_time);
    model.start(result.schema);
    model.append(result.batches);
    model.end(true);
    const auto shown = [&] {
        QStringList out;
        for (int row = 0; row < model.rowCount(); ++row)
            out << model.index(row, 0).data().toString();
        return out.join(QLatin1Char(','));
    };
    model.setOrder(orderRows(model.batches(), 0, false));
    QCOMPARE(shown(), QStringLiteral("1,2,9,"));
    model.setOrder(orderRows(model.batches(), 0, true));
    QCOMPARE(shown(), QStringLiteral("9,2,1,"));
    model.setOrder(nullptr);
    QCOMPARE(shown(), QStringLiteral("2,,9,1"));
    model.setOrder(std::make_shared<const RowOrder>());
    QCOMPARE(shown(), QStringLiteral("2,,9,1"));
}

std::shared_ptr<const CaseData> TestItemModels::exampleCase()
{
    using enum DataType;
    const auto text = [](const char* t) { return Value::string(t); };
    const auto time = [](int hours) { return Value::dateTime(kUnixEpoch + hours * kTicksPerHour); };
    const auto alerts = test::makeResult({{"SystemAlertId", String, ""}, {"AlertName", String, ""}, {"AlertSeverity", String, ""}, {"Tactics", String, ""}, {"StartTime", DateTime, ""}, {"EndTime", DateTime, ""}, {"Entities", String, ""}},
                                         {{text("b"), text("Later"), text("high"), text("Impact, Exfiltration"), time(5), time(4), text(R"([{"Type":"ip","Address":"10.0.0.1"}])")},
                                          {text("a"), text("Earlier"), text("Low"), text("InitialAccess"), time(1), time(2), text(R"([{"$id":"1","Type":"ip","Address":"10.0.0.1"},{"Type":"host","HostName":"h"}])")},
                                          {text("c"), text("Unknown"), text("??"), text("Nonsense"), time(3), time(3), text("not json")}});
    const auto incidents = test::makeResult({{"IncidentNumber", Int, ""}, {"Title", String, ""}, {"Severity", String, ""}, {"Status", String, ""}, {"Owner", Dynamic, ""}, {"AlertIds", Dynamic, ""}},
                                            {{Value::int32(7), text("Both"), text("High"), text("New"), Value::dynamic(*dynamicFromJson(R"({"assignedTo":"ada"})")), Value::dynamic(*dynamicFromJson(R"(["a","b","missing"])"))},
                                             {Value::int32(8), text("None"), text("Low"), text("Closed"), Value::null(Dynamic), Value::null(Dynamic)}});
    return joinCase(parseIncidents(incidents), parseAlerts(alerts));
}

void TestItemModels::caseModels()
{
    const auto data = exampleCase();
    QCOMPARE(data->incidents.size(), std::size_t(2));
    const Incident& both = *data->incident(7);
    QCOMPARE(both.owner, QStringLiteral("ada"));
    QCOMPARE(both.tactics, QStringList({QStringLiteral("InitialAccess"), QStringLiteral("Impact"), QStringLiteral("Exfiltration")}));
    QCOMPARE(*both.firstActivity, kUnixEpoch + kTicksPerHour);
    const auto alerts = data->alertsOf(both);
    QCOMPARE(alerts.size(), std::size_t(2));
    QCOMPARE(alerts[0]->id, QStringLiteral("a"));
    // An end before the start is not believed.
    QCOMPARE(alerts[1]->end, alerts[1]->start);
    QCOMPARE(alerts[1]->severity, Severity::High);

    IncidentModel incidents(m_time);
    QAbstractItemModelTester incidentTester(&incidents, QAbstractItemModelTester::FailureReportingMode::QtTest);
    incidents.setCase(data);
    QCOMPARE(incidents.rowCount(), 2);
    QCOMPARE(incidents.index(incidents.rowOf(7), IncidentModel::Alerts).data().toString(), QStringLiteral("3"));
    QVERIFY(incidents.index(incidents.rowOf(7), IncidentModel::Title).data(EmphasisRole).toBool());
    QCOMPARE(incidents.rowOf(99), -1);

    AlertModel model(m_time);
    QAbstractItemModelTester alertTester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setAlerts(data, alerts);
    QCOMPARE(model.rowOf(QStringLiteral("b")), 1);

    EntityModel entities;
    QAbstractItemModelTester entityTester(&entities, QAbstractItemModelTester::FailureReportingMode::QtTest);
    entities.setAlerts(alerts);
    QCOMPARE(entities.rowCount(), 2);
    QCOMPARE(entities.index(0, EntityModel::Name).data().toString(), QStringLiteral("10.0.0.1"));
    QCOMPARE(entities.index(0, EntityModel::Alerts).data().toString(), QStringLiteral("2"));
}

void TestItemModels::entitiesAreRead_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("name");
    QTest::newRow("account upn") << QByteArray(R"([{"Type":"account","Name":"ada","UPNSuffix":"x.example"}])") << "account" << "ada@x.example";
    QTest::newRow("account domain") << QByteArray(R"([{"Type":"Account","Name":"ada","NTDomain":"X"}])") << "account" << "X\\ada";
    QTest::newRow("host") << QByteArray(R"([{"Type":"host","HostName":"h","DnsDomain":"x.example"}])") << "host" << "h.x.example";
    QTest::newRow("file") << QByteArray(R"([{"Type":"file","Directory":"C:\\T","Name":"a.exe"}])") << "file" << "C:\\T\\a.exe";
    QTest::newRow("process") << QByteArray(R"([{"Type":"process","ProcessId":"12"}])") << "process" << "12";
    QTest::newRow("url") << QByteArray(R"([{"Type":"url","Url":"http://x/"}])") << "url" << "http://x/";
    QTest::newRow("resource") << QByteArray(R"([{"Type":"azure-resource","ResourceId":"/s/1"}])") << "azure-resource" << "/s/1";
}

void TestItemModels::entitiesAreRead()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, type);
    QFETCH(QString, name);
    const auto entities = parseEntities(json.toStdString());
    QCOMPARE(entities.size(), std::size_t(1));
    QCOMPARE(entities[0].type, type);
    QCOMPARE(entities[0].name, name);
}

void TestItemModels::badJsonGivesNothing()
{
    for (const char* json : {"", "{", "[", "[1,2]", "[{}]", "[{\"Type\":5}]", "[{\"$ref\":\"1\"}]", "\xff\xfe", "null"})
        QVERIFY2(parseEntities(json).empty(), json);
}

void TestItemModels::timelineHasALanePerStage()
{
    const auto data = exampleCase();
    std::vector<const Alert*> all;
    for (const Alert& alert : data->alerts)
        all.push_back(&alert);
    TimelineModel model(m_time);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setAlerts(data, all);
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.withoutStage(), 1);
    QCOMPARE(model.index(0, TimelineModel::StageColumn).data().toString(), QStringLiteral("Intrusion"));
    QCOMPARE(model.extent()->first, kUnixEpoch + kTicksPerHour);
    for (const auto& [tactic, stage] : {std::pair("attack.stealth", Stage::Obfuscation), std::pair("defense-impairment", Stage::Obfuscation), std::pair("DefenseEvasion", Stage::Obfuscation),
                                        std::pair("Probing", Stage::Reconnaissance), std::pair("credential_access", Stage::PrivilegeEscalation), std::pair("collection", Stage::Exfiltration)})
        QVERIFY2(stageOfTactic(QString::fromLatin1(tactic)) == stage, tactic);
    QVERIFY(!stageOfTactic(u"Nonsense"));
}

void TestItemModels::taskModel()
{
    InlineExecutor inlineExecutor;
    TaskList tasks(inlineExecutor);
    TaskModel model(tasks);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    tasks.start(QStringLiteral("One"), [](TaskControl&) -> TaskList::Outcome { return fail(kFileUnreadable, "a", "b"); });
    QCOMPARE(model.rowCount(), 1);
    QTRY_COMPARE(model.index(0, TaskModel::Status).data().toString(), QStringLiteral("Failed"));
    QVERIFY(model.index(0, TaskModel::Detail).data().toString().contains(QStringLiteral("Cannot read a: b")));
    tasks.clearEnded();
    QCOMPARE(model.rowCount(), 0);
}

void TestItemModels::schemaModel()
{
    catalog::MemoryCatalog catalog("db");
    for (const char* name : {"A", "B"})
        catalog.add(std::make_shared<catalog::MemoryTable>(catalog::TableSchema{name, {{"X", DataType::Long, "what"}, {"Y", DataType::String, ""}}, "", {}, false, false}, std::vector<Batch>()));
    catalog.add(catalog::StoredFunction{"F", "n:int", "A", "does"});
    InlineExecutor inlineExecutor;
    SchemaModel model(catalog, inlineExecutor, m_time);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy loaded(&model, &SchemaModel::loaded);
    model.reload();
    QVERIFY(loaded.wait());
    QCOMPARE(model.rowCount(), 3);
    const QModelIndex table = model.index(0, 0);
    QCOMPARE(model.rowCount(table), 2);
    QCOMPARE(model.index(0, SchemaModel::Detail, table).data().toString(), QStringLiteral("long"));
    QCOMPARE(model.insertText(model.index(0, 0, model.index(2, 0))), QStringLiteral("F()"));
    QVERIFY(model.language());
}

void TestItemModels::hopModel()
{
    HopModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setHops({{"1", "a", "10.0.0.1", "Source", "", {"2"}, {}, true}, {"2", "b", "10.0.0.2", "VirtualMachine", "/r/b", {}, {{"Inbound", "Error", "NetworkSecurityRule", "deny"}}, true}});
    QCOMPARE(model.index(0, HopModel::NextHop).data().toString(), QStringLiteral("b"));
    QCOMPARE(model.index(1, HopModel::Status).data().toString(), QStringLiteral("Unreachable"));
    QCOMPARE(model.index(1, HopModel::Issues).data().toString(), QStringLiteral("NetworkSecurityRule (Inbound): deny"));
    QCOMPARE(latencyText(std::nullopt), QStringLiteral("not measured"));
}

void TestItemModels::topologyModel()
{
    TopologyModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    auto graph = std::make_shared<TopologyGraph>();
    graph->nodes = {{"v", "", TopologyKind::VirtualNetwork, "net", "10.0.0.0/16", {}}, {"s", "v", TopologyKind::Subnet, "sub", "", {}}, {"n", "s", TopologyKind::NetworkInterface, "nic", "10.0.0.4", {}}, {"i", "", TopologyKind::Internet, "Internet", "", {}}};
    graph->edges = {{"i", "n", "", false, false}};
    model.setGraph(graph);
    QCOMPARE(model.rowCount(), 2);
    const QModelIndex nic = model.indexOf(QStringLiteral("n"));
    QCOMPARE(nic.parent().data().toString(), QStringLiteral("sub"));
    QCOMPARE(nic.siblingAtColumn(TopologyModel::Connections).data().toString(), QStringLiteral("Internet"));
    model.setGraph(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void TestItemModels::hostileTopologyIsCleaned()
{
    TopologyGraph graph;
    graph.nodes = {{"a", "b", TopologyKind::Subnet, "", "", {}}, {"b", "a", TopologyKind::Subnet, "", "", {}}, {"a", "", TopologyKind::Other, "again", "", {}}, {"", "", TopologyKind::Other, "", "", {}},
                   {"c", "leaf", TopologyKind::Other, "", "", {}}, {"leaf", "nowhere", TopologyKind::Other, "", "", {}}};
    graph.edges = {{"a", "zzz", "", false, false}, {"c", "c", "", false, false}, {"c", "leaf", "", false, false}};
    const TopologyGraph clean = graph.cleaned();
    QCOMPARE(clean.nodes.size(), std::size_t(4));
    QCOMPARE(clean.edges.size(), std::size_t(1));
    TopologyModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setGraph(std::make_shared<const TopologyGraph>(graph));
}

void TestItemModels::layoutKeepsNodesInsideTheirContainers()
{
    TopologyGraph graph;
    graph.nodes.push_back({"v", "", TopologyKind::VirtualNetwork, "net", "10.0.0.0/8", {}});
    for (int s = 0; s < 6; ++s) {
        const QString subnet = QStringLiteral("s%1").arg(s);
        graph.nodes.push_back({subnet, "v", TopologyKind::Subnet, subnet, "10.0.0.0/24", {}});
        for (int n = 0; n < s; ++n) {
            graph.nodes.push_back({subnet + QString::number(n), subnet, TopologyKind::NetworkInterface, QStringLiteral("nic \"quoted\" <b>%1").arg(n), "10.0.0.4", {}});
            if (n)
                graph.edges.push_back({subnet + QString::number(n - 1), subnet + QString::number(n), "label", false, false});
        }
    }
    graph.edges.push_back({"s20", "s30", "", true, true});
    for (const QSizeF place : {QSizeF(), QSizeF(1600, 300)}) {
        TopologyMeasures measures;
        measures.place = place;
        const auto places = layoutTopology(graph, measures);
        QVERIFY(places.has_value());
        const auto index = (*places)->graph->index();
        for (std::size_t i = 0; i < (*places)->graph->nodes.size(); ++i) {
            const TopologyNode& node = (*places)->graph->nodes[i];
            QVERIFY((*places)->nodes[i].isValid());
            if (!node.parent.isEmpty())
                QVERIFY2((*places)->nodes[index[node.parent]].adjusted(-0.5, -0.5, 0.5, 0.5).contains((*places)->nodes[i]), qPrintable(node.id));
            for (std::size_t j = 0; j < i; ++j)
                if (!node.isContainer() && !(*places)->graph->nodes[j].isContainer())
                    QVERIFY(!(*places)->nodes[i].intersects((*places)->nodes[j]));
        }
        QCOMPARE((*places)->edges.size(), graph.edges.size());
    }
}

QTEST_GUILESS_MAIN(TestItemModels)
#include "tst_item_models.moc"
