// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/EvtxSink.h"
#include "ingest/readers/evtx/WindowsEventMapping.h"
#include "ingest/readers/evtx/WindowsIdentity.h"

#include <QTest>

using namespace tocsin;
using namespace tocsin::ingest;
using tocsin::test::EvtxSink;
using namespace std::string_literals;

namespace {

using Fields = std::vector<EvtxField>;

/// The row one event becomes. Events are put together by hand, as readers of other formats do.
EvtxSink::Row mapped(EvtxEvent event, const Fields& fields, const std::string& table, bool forwarded = false)
{
    event.fields = fields;
    if (!fields.empty() && event.kind == EvtxEvent::Data::None)
        event.kind = EvtxEvent::Data::EventData;
    ReadOptions options;
    options.importTime = kUnixEpoch;
    options.forwardedWindowsEvents = forwarded;
    EvtxSink sink;
    WindowsEventMapping mapping(options, sink);
    if (!mapping.add(event) || !mapping.finish() || sink.of(table).size() != 1)
        return {};
    return sink.of(table)[0];
}

EvtxEvent securityEvent(std::uint32_t id)
{
    EvtxEvent event;
    event.time = kUnixEpoch + kTicksPerDay;
    event.recordId = 7;
    event.provider = "Microsoft-Windows-Security-Auditing";
    event.channel = "Security";
    event.computer = "DC01.example.org";
    event.eventId = id;
    event.level = 0;
    event.task = 12544;
    event.keywords = "0x8020000000000000";
    event.keywordBits = 0x8020000000000000;
    return event;
}

EvtxEvent sysmonEvent(std::uint32_t id)
{
    EvtxEvent event;
    event.time = kUnixEpoch;
    event.provider = "Microsoft-Windows-Sysmon";
    event.channel = "Microsoft-Windows-Sysmon/Operational";
    event.computer = "HOST";
    event.eventId = id;
    event.level = 4;
    event.task = static_cast<std::int32_t>(id);
    event.userSid = "S-1-5-18";
    return event;
}

} // namespace

class TestEvtxMapping : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tableOfAnEvent_data();
    void tableOfAnEvent();
    void logonRow();
    void accounts_data();
    void accounts();
    void processNames();
    void listsLoseTheirLineBreaks();
    void aFieldCannotOverwriteTheEvent();
    void securityEventDataIsIndentedXml();
    void activityWithoutAKnownName();
    void numbersThatDoNotFitAreNull();
    void eventRow();
    void eventLevels_data();
    void eventLevels();
    void eventParameters();
    void eventDescription();
    void windowsEventRow();
    void repeatedNamesBecomeArrays();
    void sameEventSameOrigin();
};

void TestEvtxMapping::tableOfAnEvent_data()
{
    QTest::addColumn<QString>("channel");
    QTest::addColumn<int>("id");
    QTest::addColumn<int>("table");
    QTest::newRow("security") << "Security" << 4624 << int(WindowsTable::SecurityEvent);
    QTest::newRow("security, another case") << "security" << 1102 << int(WindowsTable::SecurityEvent);
    QTest::newRow("applocker") << "Microsoft-Windows-AppLocker/EXE and DLL" << 8002 << int(WindowsTable::SecurityEvent);
    QTest::newRow("applocker other") << "Microsoft-Windows-AppLocker/EXE and DLL" << 8020 << int(WindowsTable::Event);
    QTest::newRow("sysmon") << "Microsoft-Windows-Sysmon/Operational" << 1 << int(WindowsTable::Event);
    QTest::newRow("system") << "System" << 7045 << int(WindowsTable::Event);
}

void TestEvtxMapping::tableOfAnEvent()
{
    QFETCH(QString, channel);
    QFETCH(int, id);
    QFETCH(int, table);
    const std::string channelText = channel.toStdString();
    EvtxEvent event;
    event.channel = channelText;
    event.eventId = static_cast<std::uint32_t>(id);
    QCOMPARE(int(windowsTable(event, false)), table);
    QCOMPARE(windowsTable(event, true), WindowsTable::WindowsEvent);
}

void TestEvtxMapping::logonRow()
{
    const auto row = mapped(securityEvent(4624),
                            {{"SubjectUserName", "DC01$"}, {"SubjectDomainName", "EXAMPLE"}, {"TargetUserName", "anna"}, {"TargetDomainName", "EXAMPLE"},
                             {"TargetLogonId", "0x3e7"}, {"LogonType", "10"}, {"LogonGuid", "{01020304-0506-0708-090a-0b0c0d0e0f10}"},
                             {"LogonProcessName", "Advapi  "}, {"ElevatedToken", "%%1842"}, {"ProcessName", "-"}, {"Unknown", "kept in EventData only"}},
                            "SecurityEvent");
    QCOMPARE(row.at("TimeGenerated"), "1970-01-02T00:00:00.0000000Z"s);
    QCOMPARE(row.at("TimeCollected"), "1970-01-01T00:00:00.0000000Z"s);
    QCOMPARE(row.at("Activity"), "4624 - An account was successfully logged on."s);
    QCOMPARE(row.at("EventID"), "4624"s);
    QCOMPARE(row.at("Level"), "8"s);
    QCOMPARE(row.at("Account"), "EXAMPLE\\anna"s);
    QCOMPARE(row.at("AccountType"), "User"s);
    QCOMPARE(row.at("SubjectAccount"), "EXAMPLE\\DC01$"s);
    QCOMPARE(row.at("TargetAccount"), "EXAMPLE\\anna"s);
    QCOMPARE(row.at("LogonType"), "10"s);
    QCOMPARE(row.at("LogonTypeName"), "10 - RemoteInteractive"s);
    QCOMPARE(row.at("LogonGuid"), "01020304-0506-0708-090a-0b0c0d0e0f10"s);
    QCOMPARE(row.at("LogonProcessName"), "Advapi  "s);
    QCOMPARE(row.at("ElevatedToken"), "%%1842"s);
    QCOMPARE(row.at("Process"), "-"s);
    QCOMPARE(row.at("SourceSystem"), "OpsManager"s);
    QCOMPARE(row.at("Type"), "SecurityEvent"s);
    QVERIFY(!row.contains("Unknown"));
    QVERIFY(row.at("EventData").find("Name=\"Unknown\">kept in EventData only<") != std::string::npos);
}

void TestEvtxMapping::accounts_data()
{
    QTest::addColumn<int>("id");
    QTest::addColumn<QStringList>("fields"); // name, value, …
    QTest::addColumn<QString>("account");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("target");
    const QStringList subject{"SubjectUserName", "bob", "SubjectDomainName", "D"};
    QTest::newRow("logon from nobody") << 4624 << QStringList{"SubjectUserName", "-", "SubjectDomainName", "-", "TargetUserName", "eve", "TargetDomainName", "D"}
                                       << "D\\eve" << "User" << "D\\eve";
    QTest::newRow("process") << 4688 << subject << "D\\bob" << "User" << "";
    QTest::newRow("machine") << 4672 << QStringList{"SubjectUserName", "HOST$", "SubjectDomainName", "D"} << "D\\HOST$" << "Machine" << "";
    QTest::newRow("service") << 4688 << QStringList{"SubjectUserName", "LOCAL SERVICE", "SubjectDomainName", "NT AUTHORITY"} << "NT AUTHORITY\\LOCAL SERVICE" << "Machine" << "";
    QTest::newRow("credentials") << 4776 << QStringList{"TargetUserName", "eve"} << "" << "" << "eve";
    QTest::newRow("user created") << 4720 << (subject + QStringList{"TargetUserName", "new", "TargetDomainName", "D"}) << "D\\bob" << "User" << "D\\new";
    QTest::newRow("ticket") << 4768 << QStringList{"TargetUserName", "eve", "TargetDomainName", "D"} << "D\\eve" << "User" << "D\\eve";
    QTest::newRow("dashes") << 4688 << QStringList{"SubjectUserName", "-", "SubjectDomainName", "-"} << "-\\-" << "User" << "";
    QTest::newRow("applocker") << 8002 << QStringList{"TargetUser", "S-1-5-18"} << "NT AUTHORITY\\SYSTEM" << "Machine" << "";
    QTest::newRow("applocker unknown") << 8002 << QStringList{"TargetUser", "S-1-5-21-1"} << "S-1-5-21-1" << "User" << "";
    QTest::newRow("none") << 5156 << QStringList{"ProcessID", "4"} << "" << "" << "";
}

void TestEvtxMapping::accounts()
{
    QFETCH(int, id);
    QFETCH(QStringList, fields);
    QFETCH(QString, account);
    QFETCH(QString, type);
    QFETCH(QString, target);
    std::vector<std::string> texts;
    for (const QString& text : fields)
        texts.push_back(text.toStdString());
    Fields given;
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2)
        given.push_back({texts[i], texts[i + 1]});
    auto row = mapped(securityEvent(static_cast<std::uint32_t>(id)), given, "SecurityEvent");
    QCOMPARE(QString::fromStdString(row["Account"]), account);
    QCOMPARE(QString::fromStdString(row["AccountType"]), type);
    QCOMPARE(QString::fromStdString(row["TargetAccount"]), target);
}

void TestEvtxMapping::processNames()
{
    QCOMPARE(mapped(securityEvent(4688), {{"ProcessName", "C:\\a\\parent.exe"}, {"NewProcessName", "C:\\b\\new.exe"}}, "SecurityEvent").at("Process"), "new.exe"s);
    QCOMPARE(mapped(securityEvent(4663), {{"ProcessName", "C:\\a\\svchost.exe"}}, "SecurityEvent").at("Process"), "svchost.exe"s);
    QCOMPARE(mapped(securityEvent(8002), {{"FilePath", "%SYSTEM32%\\CMD.EXE"}}, "SecurityEvent").at("Process"), "CMD.EXE"s);
}

void TestEvtxMapping::listsLoseTheirLineBreaks()
{
    const auto row = mapped(securityEvent(4672), {{"PrivilegeList", "SeSecurityPrivilege\r\n\t\t\tSeDebugPrivilege"}, {"CommandLine", "a\r\nb"}}, "SecurityEvent");
    QCOMPARE(row.at("PrivilegeList"), "SeSecurityPrivilege\t\t\tSeDebugPrivilege"s);
    QCOMPARE(row.at("CommandLine"), "a\r\nb"s);
}

void TestEvtxMapping::aFieldCannotOverwriteTheEvent()
{
    const auto row = mapped(securityEvent(4624), {{"Computer", "evil"}, {"EventID", "1"}, {"Account", "evil"}, {"TimeGenerated", "x"}, {"Type", "x"}}, "SecurityEvent");
    QCOMPARE(row.at("Computer"), "DC01.example.org"s);
    QCOMPARE(row.at("EventID"), "4624"s);
    QCOMPARE(row.at("Type"), "SecurityEvent"s);
    QVERIFY(!row.contains("Account"));
}

void TestEvtxMapping::securityEventDataIsIndentedXml()
{
    const auto row = mapped(securityEvent(4769), {{"TicketOptions", "0x40810000"}, {"Data", "a & <b>", false}}, "SecurityEvent");
    QCOMPARE(row.at("EventData"), "<EventData xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\r\n  <Data Name=\"TicketOptions\">0x40810000</Data>\r\n"
                                  "  <Data>a &amp; &lt;b&gt;</Data>\r\n</EventData>"s);
}

void TestEvtxMapping::activityWithoutAKnownName()
{
    EvtxEvent event = securityEvent(412);
    QCOMPARE(mapped(event, {}, "SecurityEvent").at("Activity"), "412"s);
    event.eventId = 4624;
    event.provider = "AD FS Auditing";
    QCOMPARE(mapped(event, {}, "SecurityEvent").at("Activity"), "4624"s);
    QCOMPARE(mapped(securityEvent(4799), {}, "SecurityEvent").at("Activity"), "4799 - A security-enabled local group membership was enumerated"s);
}

void TestEvtxMapping::numbersThatDoNotFitAreNull()
{
    const auto row = mapped(securityEvent(4697), {{"ServiceStartType", "3"}, {"KeyLength", "many"}, {"ErrorCode", "99999999999"}, {"LogonType", "0x3"}}, "SecurityEvent");
    QCOMPARE(row.at("ServiceStartType"), "3"s);
    QCOMPARE(row.at("LogonType"), "3"s);
    QVERIFY(!row.contains("KeyLength"));
    QVERIFY(!row.contains("ErrorCode"));
}

void TestEvtxMapping::eventRow()
{
    const auto row = mapped(sysmonEvent(18), {{"RuleName", "-"}, {"PipeName", "\\sql\\query"}}, "Event");
    QCOMPARE(row.at("Source"), "Microsoft-Windows-Sysmon"s);
    QCOMPARE(row.at("EventLog"), "Microsoft-Windows-Sysmon/Operational"s);
    QCOMPARE(row.at("EventID"), "18"s);
    QCOMPARE(row.at("EventCategory"), "18"s);
    QCOMPARE(row.at("UserName"), "NT AUTHORITY\\SYSTEM"s);
    QCOMPARE(row.at("EventLevel"), "4"s);
    QCOMPARE(row.at("EventLevelName"), "Information"s);
    QCOMPARE(row.at("RenderedDescription"), "Pipe Connected:\r\nRuleName: -\r\nPipeName: \\sql\\query"s);
    QCOMPARE(row.at("ParameterXml"), "<Param>-</Param><Param>\\sql\\query</Param>"s);
    const std::string& data = row.at("EventData");
    QVERIFY(data.starts_with("<DataItem type=\"System.XmlData\" time=\"1970-01-01T00:00:00.0000000+00:00\" sourceHealthServiceId=\""));
    QVERIFY(data.ends_with("\"><EventData xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><Data Name=\"RuleName\">-</Data>"
                           "<Data Name=\"PipeName\">\\sql\\query</Data></EventData></DataItem>"));
}

void TestEvtxMapping::eventLevels_data()
{
    QTest::addColumn<int>("level");
    QTest::addColumn<quint64>("keywords");
    QTest::addColumn<QString>("number");
    QTest::addColumn<QString>("name");
    QTest::newRow("critical") << 1 << quint64{0} << "1" << "Error";
    QTest::newRow("error") << 2 << quint64{0} << "1" << "Error";
    QTest::newRow("warning") << 3 << quint64{0} << "2" << "Warning";
    QTest::newRow("information") << 4 << quint64{0} << "4" << "Information";
    QTest::newRow("verbose") << 5 << quint64{0} << "4" << "Information";
    QTest::newRow("always") << 0 << quint64{0x8000000000000000} << "4" << "Information";
    QTest::newRow("success") << 0 << quint64{0x8020000000000000} << "8" << "Audit Success";
    QTest::newRow("failure") << 0 << quint64{0x8010000000000000} << "16" << "Audit Failure";
}

void TestEvtxMapping::eventLevels()
{
    QFETCH(int, level);
    QFETCH(quint64, keywords);
    QFETCH(QString, number);
    QFETCH(QString, name);
    EvtxEvent event = sysmonEvent(1);
    event.level = level;
    event.keywordBits = keywords;
    const auto row = mapped(event, {}, "Event");
    QCOMPARE(QString::fromStdString(row.at("EventLevel")), number);
    QCOMPARE(QString::fromStdString(row.at("EventLevelName")), name);
}

void TestEvtxMapping::eventParameters()
{
    const auto row = mapped(sysmonEvent(99), {{"a", "1 < 2"}, {"b", "x\r\ny<"}, {"c", "\n]]>"}, {"d", ""}}, "Event");
    QCOMPARE(row.at("ParameterXml"), "<Param>1 &lt; 2</Param><Param><![CDATA[x\r\ny<]]></Param><Param>\n]]&gt;</Param><Param></Param>"s);
}

void TestEvtxMapping::eventDescription()
{
    EvtxEvent event = sysmonEvent(99);
    event.provider = "Vendor";
    event.userSid = {};
    QCOMPARE(mapped(event, {}, "Event").at("UserName"), "N/A"s);
    QCOMPARE(mapped(event, {{"Data", "the only text", false}}, "Event").at("RenderedDescription"), "the only text"s);
    QCOMPARE(mapped(event, {{"Data", "one", false}, {"Data", "two", false}}, "Event").at("RenderedDescription"), "one\r\ntwo"s);
    event.rendering.message = "What the collector wrote";
    QCOMPARE(mapped(event, {{"a", "b"}}, "Event").at("RenderedDescription"), "What the collector wrote"s);
    EvtxEvent audit = sysmonEvent(33205);
    audit.provider = "MSSQL$INSTANCE";
    QCOMPARE(mapped(audit, {{"Data", "action_id:SL", false}}, "Event").at("RenderedDescription"), "Audit event: action_id:SL"s);
}

void TestEvtxMapping::windowsEventRow()
{
    EvtxEvent event = sysmonEvent(3);
    event.keywords = "0x8000000000000000";
    event.recordId = 99;
    const auto row = mapped(event, {{"ProcessId", "3936"}, {"Initiated", "false"}}, "WindowsEvent", true);
    QCOMPARE(row.at("Provider"), "Microsoft-Windows-Sysmon"s);
    QCOMPARE(row.at("EventID"), "3"s);
    QCOMPARE(row.at("EventLevel"), "4"s);
    QCOMPARE(row.at("EventLevelName"), "Information"s);
    QCOMPARE(row.at("Task"), "3"s);
    QCOMPARE(row.at("EventRecordId"), "99"s);
    QCOMPARE(row.at("SystemUserId"), "S-1-5-18"s);
    QCOMPARE(row.at("EventData"), "{\"ProcessId\":\"3936\",\"Initiated\":\"false\"}"s);
}

void TestEvtxMapping::repeatedNamesBecomeArrays()
{
    const auto row = mapped(sysmonEvent(3), {{"b", "1"}, {"a", "2"}, {"b", "3"}, {"Data", "x", false}}, "WindowsEvent", true);
    QCOMPARE(row.at("EventData"), "{\"b\":[\"1\",\"3\"],\"a\":\"2\",\"Data\":[\"x\"]}"s);
}

void TestEvtxMapping::sameEventSameOrigin()
{
    EvtxEvent event = securityEvent(4624);
    const Guid first = originGuid(event);
    QVERIFY(first == originGuid(event));
    event.recordId = 8;
    QVERIFY(first != originGuid(event));
    QVERIFY(computerGuid("HOST") == computerGuid("host"));
    QVERIFY(computerGuid("HOST") != computerGuid("OTHER"));
}

QTEST_GUILESS_MAIN(TestEvtxMapping)
#include "tst_evtx_mapping.moc"
