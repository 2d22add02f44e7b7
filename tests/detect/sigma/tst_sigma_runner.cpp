// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc of Qt 6.4 stumbles over a standard header in here
#include "FakeWindowsEngine.h"
#include "SigmaShared.h"

#include "detect/sigma/EventDataXml.h"
#include "detect/sigma/SigmaRuleStore.h"
#include "detect/sigma/SigmaRunner.h"
#include "ingest/ByteSources.h"
#include "ingest/readers/evtx/EvtxFile.h"
#include "ingest/readers/evtx/WindowsEventMapping.h"
#endif

#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace tocsin;
using namespace tocsin::detect;
using namespace tocsin::detect::sigma;

namespace {

constexpr Ticks kStart = 639'080'064'000'000'000;

SigmaFile readAll(std::string_view text)
{
    auto file = readSigmaFile(text, "rules.yml");
    return file ? std::move(*file) : SigmaFile();
}

constexpr std::string_view kRules = R"(title: Encoded command
id: r1
name: encoded
level: critical
tags: [attack.execution, attack.t1059.001]
logsource: {product: windows, category: process_creation}
detection:
    s:
        Image|endswith: '\powershell.exe'
        CommandLine|contains|windash: ' -enc'
    condition: s
---
title: Many encoded commands
id: c1
level: high
correlation:
    type: event_count
    rules: [encoded]
    group-by: [Computer]
    timespan: 10m
    generate: true
    condition:
        gte: 3
)";

/// A process event of the Sysmon log.
void addProcess(ingest::WindowsEventMapping& mapping, std::string_view computer, Ticks time, std::string_view line)
{
    const ingest::EvtxField fields[] = {{"Image", "C:\\Windows\\powershell.exe"}, {"CommandLine", line}, {"User", "CORP\\ann"}, {"ProcessId", "77"},
                                        {"Hashes", "MD5=0123456789ABCDEF0123456789ABCDEF,IMPHASH=00000000000000000000000000000000"}};
    ingest::EvtxEvent event;
    event.time = event.written = time;
    event.provider = "Microsoft-Windows-Sysmon";
    event.channel = "Microsoft-Windows-Sysmon/Operational";
    event.eventId = 1;
    event.computer = computer;
    event.kind = ingest::EvtxEvent::Data::EventData;
    event.fields = fields;
    (void)mapping.add(event);
}

std::set<std::string> typesOf(const Alert& alert)
{
    std::set<std::string> types;
    for (const entity::Entity& entity : alert.entities)
        types.insert(entity.type);
    return types;
}

} // namespace

class TestSigmaRunner : public QObject {
    Q_OBJECT

private slots:
    void eventDataXml()
    {
        std::vector<EventField> fields;
        std::deque<std::string> texts;
        readEventData("<DataItem time=\"x\"><EventData xmlns=\"n\"><Data Name=\"A\">a &lt;b&gt; &#65;</Data><Data Name='B'/><Data>plain</Data>"
                      "<Data Name=\"C\"><![CDATA[x<y]]></Data></EventData></DataItem>", fields, texts);
        QCOMPARE(fields.size(), 4U);
        QCOMPARE(fields[0].name, std::string_view("A"));
        QCOMPARE(fields[0].text, std::string_view("a <b> A"));
        QCOMPARE(fields[1].text, std::string_view());
        QCOMPARE(fields[2].name, std::string_view("Data"));
        QCOMPARE(fields[3].text, std::string_view("x<y"));
        fields.clear();
        readEventData("<UserData><ns:Event xmlns:ns='u'><ns:Path>p</ns:Path></ns:Event></UserData>", fields, texts);
        QCOMPARE(fields.size(), 1U);
        QCOMPARE(fields[0].name, std::string_view("Path"));
        for (const char* broken : {"", "<", "<a", "<a>", "</", "<a></a", "<![CDATA[", "<a Name=\"", "&#xFFFFFFFFF;<x>&#99999999;</x>", "<a/"})
            readEventData(broken, fields, texts); // any text is taken
    }

    void alertsByRuleHostAndHour_data()
    {
        QTest::addColumn<bool>("forwarded");
        QTest::newRow("Event") << false;
        QTest::newRow("WindowsEvent") << true;
    }
    void alertsByRuleHostAndHour()
    {
        QFETCH(bool, forwarded);
        test::FakeWindowsEngine engine;
        ingest::ReadOptions options;
        options.importTime = kStart;
        options.forwardedWindowsEvents = forwarded;
        ingest::WindowsEventMapping mapping(options, engine);
        for (int i = 0; i < 4; ++i)
            addProcess(mapping, "ws1.corp.example", kStart + i * kTicksPerMinute, "powershell /enc AAAA");
        addProcess(mapping, "ws1.corp.example", kStart + 2 * kTicksPerHour, "powershell -enc AAAA");
        addProcess(mapping, "ws2.corp.example", kStart, "powershell -enc BBBB");
        addProcess(mapping, "ws2.corp.example", kStart, "powershell -file x.ps1");
        QVERIFY(mapping.finish().has_value());

        const SigmaFile file = readAll(kRules);
        QCOMPARE(file.rules.size(), 1U);
        QCOMPARE(file.correlations.size(), 1U);
        Log log;
        const SigmaRunner runner(engine, log);
        const auto report = runner.run(file.rules, file.correlations, {}, {}, {});
        QCOMPARE(report.events, 7U);
        QCOMPARE(report.matches, 6U);
        QCOMPARE(report.alerts.size(), 4U); // two hosts, one of them in two hours; and the correlation
        const auto first = std::find_if(report.alerts.begin(), report.alerts.end(), [](const Alert& alert) { return alert.ruleId == "r1" && alert.resultRows == 4; });
        QVERIFY(first != report.alerts.end());
        QCOMPARE(first->severity, Severity::High);
        QCOMPARE(first->startTime, kStart);
        QCOMPARE(first->endTime, kStart + 3 * kTicksPerMinute);
        QCOMPARE(first->tactics, (std::vector<std::string>{"Execution"}));
        QCOMPARE(typesOf(*first), (std::set<std::string>{"Host", "Account", "Process", "File", "FileHash"}));
        QVERIFY(first->query.starts_with(forwarded ? "WindowsEvent\n" : "Event\n"));
        QVERIFY(first->query.find("Computer == \"ws1.corp.example\"") != std::string::npos);
        const auto many = std::find_if(report.alerts.begin(), report.alerts.end(), [](const Alert& alert) { return alert.ruleId == "c1"; });
        QVERIFY(many != report.alerts.end());
        QCOMPARE(many->resultRows, 4U);
        QCOMPARE(many->customDetails.back().second, (std::vector<std::string>{"ws1.corp.example"}));

        const auto again = runner.run(file.rules, file.correlations, {}, {}, {});
        QCOMPARE(again.alerts.size(), report.alerts.size());
        for (std::size_t i = 0; i < again.alerts.size(); ++i)
            QCOMPARE(again.alerts[i].id, report.alerts[i].id);
    }

    void store()
    {
        QTemporaryDir folder;
        SystemClock clock;
        InlineExecutor executor;
        Log log;
        auto workspace = store::Workspace::open((folder.path() + QStringLiteral("/w.tocsin")).toStdString(), {}, clock, executor, log);
        QVERIFY2(workspace.has_value(), workspace ? "" : errorMessage(workspace.error()).c_str());
        auto rules = SigmaRuleStore::open(**workspace);
        QVERIFY(rules.has_value());
        const auto added = rules->add({{std::string(kRules), "rules.yml"}, {"title: x\ndetection: {}\n", "bad.yml"}});
        QVERIFY2(added.has_value(), added ? "" : errorMessage(added.error()).c_str());
        QCOMPARE(added->added, 2U);
        QCOMPARE(added->errors.size(), 1U);
        QVERIFY(rules->setEnabled("c1", false).has_value());
        QCOMPARE(rules->add({{std::string(kRules), "rules.yml"}})->replaced, 2U);
        const auto list = rules->list();
        QCOMPARE(list->size(), 2U);
        QCOMPARE((*list)[0].logSource, std::string("windows/process_creation/"));
        QVERIFY((*list)[0].enabled);
        QVERIFY(!(*list)[1].enabled); // stays off when imported again
        const auto loaded = rules->load();
        QCOMPARE(loaded->rules.size(), 1U);
        QCOMPARE(loaded->correlations.size(), 0U);
        QVERIFY(rules->text("r1")->starts_with("title: Encoded command"));
        QVERIFY(rules->remove("r1").has_value());
        QCOMPARE(rules->list()->size(), 1U);
    }

    /// All published rules over the recorded events as rows of tables: the same number of matches as over the logs themselves.
    void tablesMatchLikeLogs_data()
    {
        QTest::addColumn<bool>("forwarded");
        QTest::newRow("SecurityEvent and Event") << false;
        QTest::newRow("WindowsEvent") << true;
    }
    void tablesMatchLikeLogs()
    {
        QFETCH(bool, forwarded);
        const QString folder = test::sigmaFolder();
        if (folder.isEmpty())
            QSKIP("the published rules and cases are not here");
        QTemporaryDir unpacked;
        if (m_rules.empty())
            m_rules = test::readPublishedRules(folder + QStringLiteral("/rules.tar.gz"), unpacked.path()).rules;
        std::vector<SigmaRule> windows;
        std::set<std::string> ids;
        for (const SigmaRule& rule : m_rules)
            if (rule.logSource.product == "windows" && ids.insert(rule.header.id).second)
                windows.push_back(rule);
        test::FakeWindowsEngine engine;
        ingest::ReadOptions options;
        options.importTime = kStart;
        options.forwardedWindowsEvents = forwarded;
        ingest::WindowsEventMapping mapping(options, engine);
        for (QDirIterator it(folder + QStringLiteral("/cases"), {QStringLiteral("*.evtx")}, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
            auto source = ingest::FileByteSource::open(it.next().toStdString());
            QVERIFY(source.has_value());
            QVERIFY(ingest::forEachEvent(**source, [&](const ingest::EvtxEvent& event) { return mapping.add(event); }).has_value());
        }
        QVERIFY(mapping.finish().has_value());
        Log log;
        const auto report = SigmaRunner(engine, log).run(windows, {}, {}, {}, {});
        QCOMPARE(report.events, 152U);
        QCOMPARE(report.matches, 216U);
        QVERIFY(!report.alerts.empty() && report.alerts.size() <= 216);
        for (const Alert& alert : report.alerts)
            QVERIFY2(!alert.entities.empty(), alert.name.c_str());
    }

private:
    std::vector<SigmaRule> m_rules;
};

QTEST_GUILESS_MAIN(TestSigmaRunner)
#include "tst_sigma_runner.moc"
