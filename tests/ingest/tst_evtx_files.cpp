// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/EvtxShared.h"
#include "ingest/EvtxSink.h"
#include "ingest/readers/evtx/EvtxErrors.h"
#include "ingest/readers/evtx/EvtxFile.h"
#include "ingest/readers/evtx/EvtxReader.h"

#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tocsin;
using namespace tocsin::ingest;
using tocsin::test::EvtxSink;
using tocsin::test::fileBytes;
using tocsin::test::sharedFolder;

namespace {

/// What a listener heard, with the texts kept.
struct HeardEvent {
    std::map<std::string, std::string> system;
    std::vector<std::pair<std::string, std::string>> fields;
};

HeardEvent keep(const EvtxEvent& event)
{
    HeardEvent kept;
    const auto number = [](const auto& value) { return value ? std::to_string(*value) : std::string(); };
    kept.system = {{"EventID", std::to_string(event.eventId)}, {"Version", number(event.version)}, {"Level", number(event.level)},
                   {"Task", number(event.task)}, {"Opcode", number(event.opcode)}, {"Keywords", std::string(event.keywords)},
                   {"EventRecordID", std::to_string(event.recordId)}, {"Channel", std::string(event.channel)}, {"Computer", std::string(event.computer)},
                   {"Provider.Name", std::string(event.provider)}, {"Provider.Guid", std::string(event.providerGuid)},
                   {"Provider.EventSourceName", std::string(event.eventSourceName)},
                   {"TimeCreated.SystemTime", formatDateTime(event.time)}, {"Execution.ProcessID", number(event.processId)},
                   {"Execution.ThreadID", number(event.threadId)}, {"Security.UserID", std::string(event.userSid)},
                   {"Correlation.ActivityID", std::string(event.activityId)}, {"EventID.Qualifiers", number(event.qualifiers)}};
    for (const EvtxField& field : event.fields)
        kept.fields.emplace_back(field.name, field.text);
    return kept;
}

QString jsonText(const QJsonValue& value)
{
    if (value.isBool())
        return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    if (value.isDouble())
        return QString::number(value.toInteger());
    return value.toString();
}

/// The reference tool drops the braces of GUIDs, prints them in upper case, and trims.
QString comparable(QString text)
{
    text = text.trimmed();
    if (text.size() == 38 && text.startsWith('{') && text.endsWith('}'))
        text = text.mid(1, 36);
    return text.toLower();
}

/// Objects one after the other.
QList<QJsonObject> jsonObjects(const QByteArray& bytes)
{
    QList<QJsonObject> objects;
    qsizetype start = 0;
    int depth = 0;
    bool inString = false;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' && depth++ == 0) {
            start = i;
        } else if (c == '}' && --depth == 0) {
            objects.append(QJsonDocument::fromJson(bytes.mid(start, i - start + 1)).object());
        }
    }
    return objects;
}

} // namespace

class TestEvtxFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyRecordIsARowOrARejectWithAReason_data();
    void everyRecordIsARowOrARejectWithAReason();
    void valuesEqualTheReference_data();
    void valuesEqualTheReference();
    void forwardedEventWithoutTemplates();
    void unnamedDataOfAClassicProvider();
    void userDataOfAClearedLog();
    void tablesAndColumns();

private:
    QString path(const QString& name) const { return m_shared + QStringLiteral("/data/evtx/") + name; }
    EvtxSink read(const QString& name, bool forwarded = false) const;
    QString m_shared;
};

void TestEvtxFiles::initTestCase()
{
    m_shared = sharedFolder();
    if (m_shared.isEmpty())
        QSKIP("The folder of real logs is not here.");
}

EvtxSink TestEvtxFiles::read(const QString& name, bool forwarded) const
{
    EvtxSink sink;
    ReadOptions options;
    options.forwardedWindowsEvents = forwarded;
    MemoryByteSource source(name.toStdString(), fileBytes(path(name)));
    if (!EvtxReader().read(source, options, sink, {}))
        sink.rejects.clear();
    return sink;
}

void TestEvtxFiles::everyRecordIsARowOrARejectWithAReason_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("records");
    const QStringList lines = QString::fromStdString(fileBytes(m_shared + QStringLiteral("/data/MANIFEST.tsv"))).split('\n');
    for (const QString& line : lines) {
        const QStringList cells = line.split('\t');
        if (cells.size() > 9 && cells[8] == QStringLiteral("Windows EVTX"))
            QTest::newRow(qPrintable(cells[0])) << m_shared + QStringLiteral("/data/") + cells[0] << cells[9].toInt();
    }
}

void TestEvtxFiles::everyRecordIsARowOrARejectWithAReason()
{
    QFETCH(QString, file);
    QFETCH(int, records);
    auto source = FileByteSource::open(file.toStdString());
    QVERIFY(source);
    EvtxSink sink;
    sink.keep = false;
    QVERIFY(EvtxReader().read(**source, {}, sink, {}));
    int lostRecords = 0;
    int lostChunks = 0;
    for (const Reject& reject : sink.rejects)
        ++(reject.reason.kind == &kEvtxChunkSignature ? lostChunks : lostRecords);
    QCOMPARE(int(sink.total()) + lostRecords, records);
    // Only these three files hold damaged records.
    const QString name = file.section('/', -1);
    const QMap<QString, std::pair<int, int>> damaged{{"Microsoft-Windows-HelloForBusiness_4Operational.evtx", {1, 0}},
                                                     {"sample_with_a_bad_chunk_magic.evtx", {3, 2}}, {"plaso_System2_truncated.evtx", {1, 0}}};
    const auto [records1, chunks1] = damaged.value(name, {0, 0});
    QCOMPARE(lostRecords, records1);
    QCOMPARE(lostChunks, chunks1);
    if (!damaged.contains(name))
        QVERIFY(sink.warnings.empty());
}

void TestEvtxFiles::valuesEqualTheReference_data()
{
    QTest::addColumn<QString>("file");
    QDirIterator it(m_shared + QStringLiteral("/sigma/cases"), {QStringLiteral("*.evtx")}, QDir::Files, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        const QString file = it.next();
        QTest::newRow(qPrintable(file.section('/', -2))) << file;
    }
}

void TestEvtxFiles::valuesEqualTheReference()
{
    QFETCH(QString, file);
    std::vector<HeardEvent> events;
    MemoryByteSource source(file.toStdString(), fileBytes(file));
    QVERIFY(forEachEvent(source, [&](const EvtxEvent& event) { events.push_back(keep(event)); }));
    const QList<QJsonObject> expected = jsonObjects(QByteArray::fromStdString(fileBytes(file.chopped(4) + QStringLiteral("json"))));
    QCOMPARE(qsizetype(events.size()), expected.size());
    for (qsizetype i = 0; i < expected.size(); ++i) {
        const QJsonObject event = expected[i].value(QStringLiteral("Event")).toObject();
        HeardEvent& ours = events[static_cast<std::size_t>(i)];
        const QJsonObject system = event.value(QStringLiteral("System")).toObject();
        for (auto part = system.begin(); part != system.end(); ++part) {
            const QJsonObject attributes = part->toObject().value(QStringLiteral("#attributes")).toObject();
            for (auto attribute = attributes.begin(); attribute != attributes.end(); ++attribute) {
                QString got = QString::fromStdString(ours.system[(part.key() + '.' + attribute.key()).toStdString()]);
                if (attribute.key() == QStringLiteral("SystemTime"))
                    got = got.chopped(2) + 'Z'; // the reference prints microseconds
                QCOMPARE(comparable(got), comparable(jsonText(*attribute)));
            }
            if (!part->isObject() && !part->isNull())
                QCOMPARE(QString::fromStdString(ours.system[part.key().toStdString()]), jsonText(*part));
        }
        QJsonObject data = event.value(QStringLiteral("EventData")).toObject();
        data.remove(QStringLiteral("#attributes"));
        QCOMPARE(qsizetype(ours.fields.size()), data.size());
        for (const auto& [name, text] : ours.fields) {
            QVERIFY2(data.contains(QString::fromStdString(name)), name.c_str());
            QCOMPARE(comparable(QString::fromStdString(text)), comparable(jsonText(data.value(QString::fromStdString(name)))));
        }
    }
}

void TestEvtxFiles::forwardedEventWithoutTemplates()
{
    EvtxSink sink = read(QStringLiteral("parser-edge-cases/issue_201.evtx"));
    QCOMPARE(sink.count("Event"), std::size_t{1});
    const EvtxSink::Row& row = sink.of("Event")[0];
    QCOMPARE(row.at("Source"), std::string("MSExchange CmdletLogs"));
    QCOMPARE(row.at("TimeGenerated"), std::string("2021-11-19T16:52:33.8337335Z"));
    QVERIFY(row.at("ParameterXml").starts_with("<Param>Set-Mailbox</Param><Param>-Identity \"Administrateur\""));
    EvtxSink forwarded = read(QStringLiteral("mitre/ID1149-RDP_success_logins_to_multiple_hosts.evtx"), true);
    QCOMPARE(forwarded.count("WindowsEvent"), std::size_t{11});
    QCOMPARE(forwarded.of("WindowsEvent")[0].at("EventData"), std::string(R"({"Param1":"admmig","Param2":"","Param3":"10.23.123.11"})"));
}

void TestEvtxFiles::unnamedDataOfAClassicProvider()
{
    EvtxSink sink = read(QStringLiteral("attack/Other_emotet/exec_emotet_ps_800_get-item.evtx"));
    QCOMPARE(sink.count("Event"), std::size_t{1});
    const EvtxSink::Row& row = sink.of("Event")[0];
    QCOMPARE(row.at("EventID"), std::string("800"));
    QVERIFY(row.at("EventData").find("<Data>$Va5w3n8=") != std::string::npos);
}

void TestEvtxFiles::userDataOfAClearedLog()
{
    EvtxSink sink = read(QStringLiteral("attack/Defense_Evasion/DE_1102_security_log_cleared.evtx"));
    const auto& rows = sink.of("SecurityEvent");
    const auto cleared = std::find_if(rows.begin(), rows.end(), [](const EvtxSink::Row& row) { return row.at("EventID") == "1102"; });
    QVERIFY(cleared != rows.end());
    QCOMPARE(cleared->at("Account"), std::string("EXAMPLE\\user01"));
    QCOMPARE(cleared->at("Activity"), std::string("1102 - The audit log was cleared."));
    QVERIFY(cleared->at("EventData").starts_with("<UserData xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\r\n  <LogFileCleared "));
}

void TestEvtxFiles::tablesAndColumns()
{
    EvtxSink sink = read(QStringLiteral("mitre/ID4624-Mimikatz_Pass_the_hash.evtx"));
    QCOMPARE(sink.count("SecurityEvent"), std::size_t{8});
    const auto& rows = sink.of("SecurityEvent");
    const auto logon = std::find_if(rows.begin(), rows.end(), [](const EvtxSink::Row& row) { return row.at("EventID") == "4624"; });
    QVERIFY(logon != rows.end());
    QCOMPARE(logon->at("LogonTypeName"), std::string("9 - NewCredentials"));
    QCOMPARE(logon->at("Account"), std::string("OFFSEC\\admmig"));
    QCOMPARE(logon->at("Process"), std::string("svchost.exe"));
    QCOMPARE(logon->at("LogonGuid"), std::string("00000000-0000-0000-0000-000000000000"));
    const auto process = std::find_if(rows.begin(), rows.end(), [](const EvtxSink::Row& row) { return row.at("EventID") == "4688"; });
    QCOMPARE(process->at("AccountType"), std::string("Machine"));
    QCOMPARE(process->at("NewProcessId"), std::string("0xe74"));
    QCOMPARE(read(QStringLiteral("attack/Command_and_Control/DE_sysmon-3-rdp-tun.evtx")).count("Event"), std::size_t{73});
}

QTEST_GUILESS_MAIN(TestEvtxFiles)
#include "tst_evtx_files.moc"
