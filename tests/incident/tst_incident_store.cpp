// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/AlertStore.h"
#include "incident/IncidentStore.h"

#include <QTemporaryDir>
#include <QTest>

using namespace tocsin;
using namespace tocsin::incident;

namespace {

constexpr Ticks kNow = 639'080'064'000'000'000;

detect::Alert alert(std::string id, std::string rule, std::string host, Ticks time)
{
    detect::Alert a;
    a.id = std::move(id);
    a.ruleId = std::move(rule);
    a.name = a.id;
    a.tactics = {"Execution"};
    a.startTime = a.endTime = a.time = time;
    a.query = "T | take 1";
    a.entities = {*entity::makeEntity("Host", {{"FullName", host}})};
    a.customDetails = {{"Command", {"a", "b\"c"}}};
    return a;
}

} // namespace

class TestIncidentStore final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        auto workspace = store::Workspace::open(m_folder->filePath(QStringLiteral("w.tocsin")).toStdString(), {}, m_clock, m_executor, m_log);
        QVERIFY2(workspace, workspace ? "" : errorMessage(workspace.error()).c_str());
        m_workspace = std::move(*workspace);
    }
    void cleanup()
    {
        m_workspace.reset();
        m_folder.reset();
    }

    void alertsComeBackAsTheyWere()
    {
        auto alerts = detect::AlertStore::open(*m_workspace);
        QVERIFY(alerts);
        QCOMPARE(alerts->add({alert("a1", "r", "h.example.org", kNow)}).value(), 1U);
        QCOMPARE(alerts->add({alert("a1", "r", "h.example.org", kNow), alert("a2", "r", "h.example.org", kNow + 1)}).value(), 1U); // known ones are left alone
        const auto all = alerts->all();
        QVERIFY(all);
        QCOMPARE(all->size(), 2U);
        QCOMPARE((*all)[0].customDetails[0].second[1], std::string("b\"c"));
        QCOMPARE((*all)[0].entities[0].label(), std::string("h.example.org"));
        const auto snapshot = m_workspace->catalog().snapshot();
        QVERIFY(snapshot);
        const auto table = (*snapshot)->findTable("SecurityAlert");
        QVERIFY(table);
        QCOMPARE(table->schema().columns.size(), 40U);
    }

    void importedAlertsStandBesideOwnOnes()
    {
        auto alerts = detect::AlertStore::open(*m_workspace);
        QCOMPARE(alerts->add({alert("a1", "r", "h.example.org", kNow)}).value(), 1U);
        catalog::TableSchema schema;
        schema.name = "SecurityAlert";
        schema.columns = {{"AlertName", DataType::String, {}}, {"Extra", DataType::Long, {}}};
        Batch batch{{Vector::constant(Value::string("imported"), 2), Vector::constant(Value::int64(7), 2)}, 2, {}};
        auto writer = m_workspace->beginImport({"alerts.json", "table-json", 1, std::string(64, 'a')});
        QVERIFY(writer);
        QVERIFY((*writer)->append(schema, batch, 2));
        QVERIFY((*writer)->finish());
        const auto table = (*m_workspace->catalog().snapshot())->findTable("SecurityAlert");
        QVERIFY(table->schema().indexOf("Extra"));
        auto scan = table->scan({{*table->schema().indexOf("AlertName"), *table->schema().indexOf("Extra")}, {}, nullptr});
        QVERIFY(scan);
        QStringList names;
        qint64 extra = 0;
        while (const auto morsel = (*scan)->nextMorsel({}).value())
            while (const auto rows = morsel->next().value())
                for (std::size_t i = 0; i < rows->rows(); ++i) {
                    names << QString::fromStdString(rows->columns[0].valueAt(i).toString());
                    extra += rows->columns[1].isNull(i) ? 0 : rows->columns[1].valueAt(i).asLong();
                }
        names.sort();
        QCOMPARE(names, (QStringList{QStringLiteral("a1"), QStringLiteral("imported"), QStringLiteral("imported")}));
        QCOMPARE(extra, 14);
    }

    void incidentsContinueAndKeepWhatTheAnalystSet()
    {
        auto incidents = IncidentStore::open(*m_workspace, m_clock);
        QVERIFY(incidents);
        std::vector<detect::Alert> alerts{alert("a1", "r1", "h.example.org", kNow), alert("a2", "r2", "h.example.org", kNow + 1), alert("n", "r3", "other.example.org", kNow)};
        QCOMPARE(incidents->reconcile(alerts, fuseAlerts(alerts))->size(), 2U);
        QVERIFY(incidents->reconcile(alerts, fuseAlerts(alerts))->empty()); // nothing new
        const std::int64_t number = incidents->all()->at(0).alertIds.size() == 2 ? 1 : 2;
        QVERIFY(incidents->change(number, "maya", [](Incident& i) { i.status = Status::Active; i.owner = "maya"; i.comments.push_back({kNow, "maya", "looking"}); }));
        alerts.push_back(alert("a3", "r3", "h.example.org", kNow + 2));
        QCOMPARE(incidents->reconcile(alerts, fuseAlerts(alerts))->size(), 1U);
        const auto incident = incidents->find(number);
        QVERIFY(incident);
        QCOMPARE(incident->alertIds.size(), 3U);
        QCOMPARE(incident->owner, std::string("maya"));
        QCOMPARE(incident->status, Status::Active);
        QCOMPARE(incident->comments.size(), 1U);
    }

    void closedIncidentsStayClosed()
    {
        auto incidents = IncidentStore::open(*m_workspace, m_clock);
        const std::vector<detect::Alert> alerts{alert("a1", "r1", "h.example.org", kNow)};
        QCOMPARE(incidents->reconcile(alerts, fuseAlerts(alerts))->size(), 1U);
        QVERIFY(incidents->change(1, "maya", [](Incident& i) { i.status = Status::Closed; i.classification = "FalsePositive"; }));
        QVERIFY(incidents->find(1)->closed != 0);
        QVERIFY(incidents->reconcile(alerts, fuseAlerts(alerts))->empty());
        QCOMPARE(incidents->all()->size(), 1U);
    }

    void unknownNumberIsAnError()
    {
        auto incidents = IncidentStore::open(*m_workspace, m_clock);
        QCOMPARE(incidents->find(7).error().kind, &kNoIncident);
        QCOMPARE(incidents->change(7, "x", [](Incident&) {}).error().kind, &kNoIncident);
    }

private:
    ManualClock m_clock{kNow};
    InlineExecutor m_executor;
    Log m_log;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<store::Workspace> m_workspace;
};

QTEST_GUILESS_MAIN(TestIncidentStore)
#include "tst_incident_store.moc"
