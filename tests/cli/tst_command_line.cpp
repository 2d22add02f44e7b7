// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

/// Drives the built program as a script would: arguments in, exit status and two streams out.
namespace {

constexpr int kDone = 0, kInputErrors = 1, kUsage = 2, kFailed = 3, kCancelled = 130;
constexpr int kPatience = 200'000; // ms; machines that build are slow

struct Run {
    int status = -1;
    QByteArray out;
    QByteArray err;

    QList<QByteArray> lines() const { return out.trimmed().split('\n'); }
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
    QByteArray told() const { return "status " + QByteArray::number(status) + "\n" + out + err; }
};

const QString kInventory = QStringLiteral(TOCSIN_SOURCE_DIR "/resources/samplecase/inventory.json");

} // namespace

#define VERIFY_STATUS(run, expected)                                                                                                        \
    do {                                                                                                                                     \
        const Run& verified = (run); /* which may run a command: once */                                                                     \
        QVERIFY2(verified.status == (expected), verified.told().constData());                                                                \
    } while (false)

class TestCommandLine final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        write("edge.log", "<86>1 2024-03-05T10:00:01Z edge-01 sshd 411 - - Failed password for admin from 203.0.113.9 port 40101 ssh2\n"
                          "<86>1 2024-03-05T10:00:02Z edge-01 sshd 412 - - Accepted password for admin from 203.0.113.9 port 40110 ssh2\n");
        write("half.json", "{\"time\":\"2024-03-05T10:00:00Z\",\"a\":1}\n{\"time\": oops}\n");
        write("noise.bin", QByteArray("\x00\x01\x02\x03\xFF\xFE\x07", 7));
    }

    void saysWhatItIs()
    {
        const Run version = run({"--version"});
        VERIFY_STATUS(version, kDone);
        QVERIFY(version.out.startsWith("tocsin "));
        for (const char* command : {"query", "check", "complete", "format", "ingest", "tables", "doctor", "purge", "retention", "rules", "alerts", "incidents", "net", "report", "demo"}) {
            const Run help = run({command, "--help"});
            VERIFY_STATUS(help, kDone);
            QVERIFY2(!help.out.isEmpty(), command);
        }
    }

    void printsResultsInEveryFormat_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* format, QByteArray expected) { QTest::newRow(format) << QString::fromLatin1(format) << expected; };
        row("table", "a  b      c                             e\n"
                     "-  -----  ----------------------------  -\n"
                     "1  x,y|z  2024-01-01T00:00:00.0000000Z   \n");
        row("csv", "a,b,c,e\n1,\"x,y|z\",2024-01-01T00:00:00.0000000Z,\n");
        row("tsv", "a\tb\tc\te\n1\tx,y|z\t2024-01-01T00:00:00.0000000Z\t\n");
        row("json", "{\"columns\":[{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"b\",\"type\":\"string\"},{\"name\":\"c\",\"type\":\"datetime\"},{\"name\":\"e\",\"type\":\"real\"}],"
                    "\"rows\":[[1,\"x,y|z\",\"2024-01-01T00:00:00.0000000Z\",null]]}\n");
        row("ndjson", "{\"a\":1,\"b\":\"x,y|z\",\"c\":\"2024-01-01T00:00:00.0000000Z\",\"e\":null}\n");
        row("markdown", "| a | b | c | e |\n|---:|---|---|---:|\n| 1 | x,y\\|z | 2024-01-01T00:00:00.0000000Z |  |\n");
    }
    void printsResultsInEveryFormat()
    {
        QFETCH(QString, format);
        const Run result = run({"query", "--format", format, "print a=1, b='x,y|z', c=datetime(2024-01-01), e=real(null)"});
        VERIFY_STATUS(result, kDone);
        QTEST(result.out, "expected");
    }

    void readsFilesOnlyWhereAllowed()
    {
        QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("lists")));
        write("lists/hosts.csv", "host,weight\nedge-01,3\nedge-02,4\n");
        const QString query = QStringLiteral("externaldata(host:string, weight:long)['hosts.csv'] with (ignoreFirstRecord=true) | summarize sum(weight)");
        const Run off = run({"query", query});
        VERIFY_STATUS(off, kFailed);
        QVERIFY(off.err.contains("may not read files"));
        const Run once = run({"query", "--format", "csv", "--allow-external", "lists", query});
        VERIFY_STATUS(once, kDone);
        QCOMPARE(once.out, QByteArray("sum_weight\n7\n"));
        VERIFY_STATUS(run({"query", "--allow-external", "absent", query}), kFailed);

        VERIFY_STATUS(run({"ingest", "--workspace", "files.tocsin", "edge.log"}), kDone);
        VERIFY_STATUS(run({"query", "--workspace", "files.tocsin", query}), kFailed);
        const Run set = run({"settings", "--workspace", "files.tocsin", "--allow-external", "lists"});
        VERIFY_STATUS(set, kDone);
        QVERIFY(set.lines().last().startsWith("allow-external\t/"));
        VERIFY_STATUS(run({"query", "--workspace", "files.tocsin", query}), kDone);
        write("batch.jsonl", "{\"id\":1,\"query\":\"externaldata(h:string)['hosts.csv'] | count\"}\n");
        const Run batch = run({"query", "--workspace", "files.tocsin", "--batch", "batch.jsonl"});
        QVERIFY2(batch.out.contains("[[3]]"), batch.told());
        VERIFY_STATUS(run({"settings", "--workspace", "files.tocsin", "--forbid-external", "lists"}), kDone);
        VERIFY_STATUS(run({"query", "--workspace", "files.tocsin", query}), kFailed);
        VERIFY_STATUS(run({"settings", "--workspace", "files.tocsin", "--forbid-external", "lists"}), kFailed);
    }

    void completesAQuery()
    {
        const Run one = run({"complete", "--text", "SigninLogs | where Resu", "--limit", "3", "--signature"});
        VERIFY_STATUS(one, kDone);
        const QJsonObject first = one.json().value(QStringLiteral("items")).toArray().first().toObject();
        QCOMPARE(first.value(QStringLiteral("kind")).toString(), QStringLiteral("column"));
        QVERIFY(first.value(QStringLiteral("label")).toString().startsWith(QStringLiteral("Result")));
        QCOMPARE(first.value(QStringLiteral("start")).toInt(), 19);
        write("complete.jsonl", "{\"id\":1,\"text\":\"SigninLogs | \",\"position\":13}\n{\"id\":\"b\",\"text\":\"SigninLogs | sort \",\"position\":18}\n");
        const Run batch = run({"complete", "--brief", "--batch", "complete.jsonl"});
        VERIFY_STATUS(batch, kDone);
        QCOMPARE(batch.lines().size(), 2);
        QVERIFY(batch.lines()[0].startsWith("{\"id\":1,"));
        QVERIFY(batch.lines()[1].contains("\"label\":\"by\""));
    }

    void formatsQueries()
    {
        const Run text = run({"format", "--text", "T|where a==1|take 5"});
        VERIFY_STATUS(text, kDone);
        QCOMPARE(text.out, QByteArray("T\n| where a == 1\n| take 5\n"));
        const Run broken = run({"format", "--text", "T|where ("});
        VERIFY_STATUS(broken, kInputErrors);
        QCOMPARE(broken.out, QByteArray("T|where (\n"));
        write("mixed.jsonl", "{\"id\":1,\"query\":\"T|take 1\"}\n{\"id\":\"b\",\"query\":\"T|(\"}\n");
        const Run batch = run({"format", "--batch", "mixed.jsonl"});
        VERIFY_STATUS(batch, kDone);
        QCOMPARE(batch.out, QByteArray("{\"id\":1,\"query\":\"T\\n| take 1\",\"changed\":true,\"parses\":true}\n{\"id\":\"b\",\"query\":\"T|(\",\"changed\":false,\"parses\":false}\n"));
        write("one.kql", "T|take 1\n");
        VERIFY_STATUS(run({"format", "--file", "one.kql", "--check"}), kInputErrors);
        VERIFY_STATUS(run({"format", "--file", "one.kql", "--write"}), kDone);
        VERIFY_STATUS(run({"format", "--file", "one.kql", "--check"}), kDone);
    }

    void exitStatusTellsWhatHappened_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::newRow("done") << QStringList{"query", "print 1"} << kDone;
        QTest::newRow("unknown command") << QStringList{"frobnicate"} << kUsage;
        QTest::newRow("unknown option") << QStringList{"query", "--colour", "print 1"} << kUsage;
        QTest::newRow("unknown format") << QStringList{"query", "--format", "xml", "print 1"} << kUsage;
        QTest::newRow("no query") << QStringList{"query"} << kUsage;
        QTest::newRow("no workspace named") << QStringList{"tables"} << kUsage;
        QTest::newRow("parameter without value") << QStringList{"query", "--param", "x", "print 1"} << kUsage;
        QTest::newRow("bad timespan") << QStringList{"query", "--timespan", "yesterday", "print 1"} << kUsage;
        QTest::newRow("bad severity") << QStringList{"incidents", "set", "1", "--severity", "Huge", "--workspace", "x.tocsin"} << kUsage;
        QTest::newRow("syntax") << QStringList{"query", "print a = "} << kFailed;
        QTest::newRow("unknown table") << QStringList{"query", "NoSuchTable | count"} << kFailed;
        QTest::newRow("limit passed") << QStringList{"query", "--limit", "2", "range x from 1 to 3 step 1"} << kFailed;
        QTest::newRow("no such workspace") << QStringList{"tables", "--workspace", "absent.tocsin"} << kFailed;
        QTest::newRow("no such batch") << QStringList{"query", "--batch", "absent.jsonl"} << kFailed;
        QTest::newRow("nothing to format") << QStringList{"format"} << kUsage;
        QTest::newRow("no such file to format") << QStringList{"format", "--file", "absent.kql"} << kFailed;
        QTest::newRow("no such query file") << QStringList{"query", "--file", "absent.kql"} << kUsage;
        QTest::newRow("no such inventory") << QStringList{"net", "topology", "--inventory", "absent.json"} << kFailed;
        QTest::newRow("no such machine") << QStringList{"net", "effective-rules", "--inventory", kInventory, "--vm", "nobody"} << kInputErrors;
    }
    void exitStatusTellsWhatHappened()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        const Run result = run(arguments);
        VERIFY_STATUS(result, status);
        if (status != kDone) {
            QVERIFY(result.out.isEmpty());
            QVERIFY(!result.err.isEmpty());
        }
    }

    void errorsHaveAPosition()
    {
        const Run result = run({"query", "print 1\n| where nowhere > 1"});
        VERIFY_STATUS(result, kFailed);
        QVERIFY2(result.err.startsWith("line 2, column 9:"), result.err);
    }

    void takesParametersAndStatistics()
    {
        const Run result = run({"query", "--format", "csv", "--stats", "--param", "n=4", "declare query_parameters(n:long = 1); print x = n * 2"});
        VERIFY_STATUS(result, kDone);
        QCOMPARE(result.out, QByteArray("x\n8\n"));
        QVERIFY2(result.err.contains("1 rows"), result.err);
    }

    void answersBatches()
    {
        const QByteArray batch = "{\"id\":1,\"query\":\"print x=1, y='a'\"}\n\n{\"id\":\"b\",\"query\":\"print x=1\\n| extend z=nope\"}\nnonsense\n{\"id\":4,\"query\":\"range i from 1 to 2 step 1\"}\n";
        write("batch.jsonl", batch);
        const Run file = run({"query", "--batch", "batch.jsonl"});
        VERIFY_STATUS(file, kInputErrors);
        const auto lines = file.lines();
        QCOMPARE(lines.size(), 4);
        QCOMPARE(lines[0], QByteArray(R"({"id":1,"columns":[{"name":"x","type":"long"},{"name":"y","type":"string"}],"rows":[[1,"a"]]})"));
        const QJsonObject broken = QJsonDocument::fromJson(lines[1]).object();
        QCOMPARE(broken["id"].toString(), QStringLiteral("b"));
        QCOMPARE(broken["error"]["line"].toInt(), 2);
        QCOMPARE(broken["error"]["column"].toInt(), 12);
        const QJsonObject nonsense = QJsonDocument::fromJson(lines[2]).object();
        QVERIFY(nonsense["id"].isNull());
        QCOMPARE(nonsense["error"]["code"].toString(), QStringLiteral("cli.batch_line"));
        QCOMPARE(lines[3], QByteArray(R"({"id":4,"columns":[{"name":"i","type":"long"}],"rows":[[1],[2]]})"));
        QCOMPARE(run({"query", "--batch", "-"}, batch).out, file.out); // the same from standard input
        const Run sound = run({"query", "--batch", "-"}, "{\"id\":1,\"query\":\"print 1\"}\n");
        VERIFY_STATUS(sound, kDone);
    }

    void checksBatches()
    {
        const Run result = run({"check", "--batch", "-"}, "{\"id\":1,\"query\":\"SigninLogs | project TimeGenerated, UserPrincipalName\"}\n"
                                                          "{\"id\":2,\"query\":\"SigninLogs | where Nope == 1\"}\n{\"id\":3,\"query\":\"print (\"}\n");
        VERIFY_STATUS(result, kInputErrors);
        const auto lines = result.lines();
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[0], QByteArray(R"({"id":1,"ok":true,"errors":[],"columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"UserPrincipalName","type":"string"}]})"));
        const QJsonObject semantic = QJsonDocument::fromJson(lines[1]).object();
        QVERIFY(!semantic["ok"].toBool());
        QCOMPARE(semantic["errors"][0]["kind"].toString(), QStringLiteral("semantic"));
        QCOMPARE(semantic["errors"][0]["start"].toInt(), 19);
        QCOMPARE(semantic["errors"][0]["length"].toInt(), 4);
        QCOMPARE(QJsonDocument::fromJson(lines[2]).object()["errors"][0]["kind"].toString(), QStringLiteral("syntax"));
    }

    void importsWhatItCanAndNamesTheRest()
    {
        const Run result = run({"ingest", "--workspace", "logs.tocsin", "--errors", "rejects.jsonl", "--table", "Half_CL", "edge.log", "half.json", "noise.bin"});
        VERIFY_STATUS(result, kInputErrors);
        const auto lines = result.lines();
        QCOMPARE(lines.size(), 4);
        QCOMPARE(lines[0], QByteArray("edge.log\timported\tsyslog\trecords 2\trows 2\trejected 0\tSyslog 2"));
        QCOMPARE(lines[1], QByteArray("half.json\timported\tjson\trecords 1\trows 1\trejected 1\tHalf_CL 1"));
        QVERIFY2(lines[2].startsWith("noise.bin\tfailed"), lines[2]);
        QCOMPARE(lines[3], QByteArray("total\t3 files\trecords 3\trows 3\trejected 1"));
        QVERIFY(result.err.contains("noise.bin"));
        const QJsonObject reject = QJsonDocument::fromJson(read("rejects.jsonl")).object();
        QCOMPARE(reject["file"].toString(), QStringLiteral("half.json"));
        QCOMPARE(reject["line"].toInt(), 2);
        QVERIFY(reject["offset"].toInt() > 0 && !reject["reason"].toString().isEmpty() && !reject["code"].toString().isEmpty());

        const Run again = run({"ingest", "--workspace", "logs.tocsin", "edge.log"});
        VERIFY_STATUS(again, kDone);
        QVERIFY(again.out.contains("already stored"));
        const Run tables = run({"tables", "--workspace", "logs.tocsin"});
        VERIFY_STATUS(tables, kDone);
        QCOMPARE(tables.lines().size(), 3);
        QVERIFY(tables.lines()[2].startsWith("Syslog\t") && tables.lines()[2].contains("\t2\t2024-03-05T10:00:01.0000000Z\t2024-03-05T10:00:02.0000000Z\t"));
        const Run query = run({"query", "--workspace", "logs.tocsin", "--format", "csv", "Syslog | where SyslogMessage has 'accepted' | project Computer, ProcessID"});
        VERIFY_STATUS(query, kDone);
        QVERIFY2(query.out.endsWith("edge-01,412\n"), query.out);
        QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("logs.tocsin-wal")))); // one file is left, as it was
    }

    void saysInItsStatusWhatWasRefused()
    {
        QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("mixed")));
        write("mixed/good.log", "<86>1 2024-03-05T10:00:01Z edge-01 sshd 411 - - Failed password for admin from 203.0.113.9 port 40101 ssh2\n");
        write("mixed/half.json", read("half.json"));
        VERIFY_STATUS(run({"ingest", "--workspace", "mixed.tocsin", "--table", "Half_CL", "mixed"}), kInputErrors); // a line was refused
        VERIFY_STATUS(run({"ingest", "--workspace", "mixed.tocsin", "mixed/good.log"}), kDone);
        VERIFY_STATUS(run({"ingest", "--workspace", "mixed.tocsin", "mixed/good.log", "absent.log"}), kInputErrors);
        VERIFY_STATUS(run({"ingest", "--workspace", "mixed.tocsin", "noise.bin"}), kInputErrors);
    }

    void purgesRows()
    {
        VERIFY_STATUS(run({"ingest", "--workspace", "purge.tocsin", "edge.log"}), kDone);
        const Run counted = run({"purge", "--workspace", "purge.tocsin", "--table", "Syslog", "--dry-run", "SyslogMessage has 'accepted'"});
        VERIFY_STATUS(counted, kDone);
        QVERIFY2(counted.out.startsWith("1 rows of Syslog would be removed"), counted.out);
        const Run wrong = run({"purge", "--workspace", "purge.tocsin", "--table", "Syslog", "NoColumn == 1"});
        VERIFY_STATUS(wrong, kFailed);
        QVERIFY2(wrong.err.contains("NoColumn") && wrong.err.contains("position 1"), wrong.err);
        VERIFY_STATUS(run({"purge", "--workspace", "purge.tocsin", "--table", "Syslog", "SyslogMessage has 'accepted' // by name"}), kDone);
        QCOMPARE(run({"query", "--workspace", "purge.tocsin", "--format", "csv", "Syslog | project ProcessID"}).out, QByteArray("ProcessID\n411\n"));
        QCOMPARE(run({"query", "--workspace", "purge.tocsin", "--format", "csv", "WorkspaceAudit | project Action, TableName, Rows"}).out, QByteArray("Action,TableName,Rows\npurge,Syslog,1\n"));
        VERIFY_STATUS(run({"retention", "--workspace", "purge.tocsin", "--table", "Syslog", "--keep", "never"}), kUsage);
        const Run retention = run({"retention", "--workspace", "purge.tocsin", "--table", "Syslog", "--keep", "P30D"});
        VERIFY_STATUS(retention, kDone);
        QCOMPARE(retention.out, QByteArray("Syslog\t30.00:00:00\n1 rows removed\n"));
        VERIFY_STATUS(run({"doctor", "--workspace", "purge.tocsin"}), kDone);
    }

    void readsBesideAWriter_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<int>("status");
        QTest::newRow("query") << QStringList{"query", "--workspace", "beside.tocsin", "--format", "csv", "Syslog | count"} << kDone;
        QTest::newRow("tables") << QStringList{"tables", "--workspace", "beside.tocsin"} << kDone;
        QTest::newRow("alerts") << QStringList{"alerts", "--workspace", "beside.tocsin"} << kDone;
        QTest::newRow("import") << QStringList{"ingest", "--workspace", "beside.tocsin", "half.json"} << kFailed;
    }
    void readsBesideAWriter()
    {
        QFETCH(QStringList, command);
        QFETCH(int, status);
        VERIFY_STATUS(run({"ingest", "--workspace", "beside.tocsin", "edge.log"}), kDone);
        const int writer = ::open(m_folder.filePath(QStringLiteral("beside.tocsin-lock")).toLocal8Bit().constData(), O_RDWR | O_CREAT, 0600); // as a program that has it open
        QVERIFY(writer >= 0 && ::flock(writer, LOCK_EX | LOCK_NB) == 0);
        const Run result = run(command);
        ::close(writer);
        VERIFY_STATUS(result, status);
        QCOMPARE(result.err.contains("is being written by another program"), status == kFailed);
    }

    void answersOverAnArchive()
    {
        VERIFY_STATUS(run({"ingest", "--workspace", "whole.tocsin", "edge.log"}), kDone);
        VERIFY_STATUS(run({"archive", "--workspace", "whole.tocsin", "--to", "old.tocsin", "--before", "2099-01-01"}), kDone);
        QCOMPARE(run({"query", "--workspace", "old.tocsin", "--format", "csv", "Syslog | count"}).out, QByteArray("Count\n2\n"));
        for (const char* query : {"SecurityAlert | count", "WorkspaceAudit | take 1", "union * | count", "search 'nothing of this'"})
            VERIFY_STATUS(run({"query", "--workspace", "old.tocsin", query}), kDone);
        VERIFY_STATUS(run({"alerts", "--workspace", "old.tocsin"}), kDone);
    }

    void endsWhenInterrupted_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<bool>("ignored"); // when it starts, as in the background of a shell
        QTest::addColumn<bool>("ends");
        QTest::newRow("Ctrl+C") << SIGINT << false << true;
        QTest::newRow("terminate") << SIGTERM << false << true;
        QTest::newRow("Ctrl+C in the background") << SIGINT << true << false;
        QTest::newRow("terminate in the background") << SIGTERM << true << true;
    }
    void endsWhenInterrupted()
    {
        QFETCH(int, signal);
        QFETCH(bool, ignored);
        QFETCH(bool, ends);
        QProcess process;
        process.setChildProcessModifier([ignored] { ::signal(SIGINT, ignored ? SIG_IGN : SIG_DFL); });
        process.setWorkingDirectory(m_folder.path());
        process.start(QStringLiteral(TOCSIN_BINARY_DIR "/bin/tocsin"), {QStringLiteral("query"), QStringLiteral("range x from 1 to 3000000000 step 1 | summarize sum(x % 7)")});
        QVERIFY(process.waitForStarted());
        QTest::qWait(1'500);
        QCOMPARE(process.state(), QProcess::Running);
        ::kill(static_cast<pid_t>(process.processId()), signal);
        if (!ends) {
            QVERIFY(!process.waitForFinished(1'000));
            process.kill();
            process.waitForFinished();
            return;
        }
        QVERIFY(process.waitForFinished(10'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), kCancelled);
    }

    void saysThatTheWindowIsMissing()
    {
        const QString alone = m_folder.filePath(QStringLiteral("alone"));
        QVERIFY(QDir().mkpath(alone));
        QVERIFY(QFile::copy(QStringLiteral(TOCSIN_BINARY_DIR "/bin/tocsin"), alone + QStringLiteral("/tocsin")));
        for (const QStringList& arguments : {QStringList{QStringLiteral("demo"), QStringLiteral("--headless")}, QStringList{}}) {
            QProcess process;
            process.setWorkingDirectory(m_folder.path());
            process.start(alone + QStringLiteral("/tocsin"), arguments);
            QVERIFY(process.waitForFinished(kPatience));
            QCOMPARE(process.exitStatus(), QProcess::NormalExit);
            QCOMPARE(process.exitCode(), kFailed);
            const QByteArray said = process.readAllStandardError();
            QVERIFY2(said.contains(alone.toUtf8() + "/tocsin-desktop"), said.constData());
        }
    }

    void findsDamage()
    {
        const Run sound = run({"doctor", "--workspace", "logs.tocsin"});
        VERIFY_STATUS(sound, kDone);
        QFile file(m_folder.filePath("logs.tocsin"));
        QVERIFY(file.copy(m_folder.filePath("damaged.tocsin")));
        QFile damaged(m_folder.filePath("damaged.tocsin"));
        QVERIFY(damaged.open(QIODevice::ReadWrite));
        for (qint64 at = 4096 * 2; at + 4096 <= damaged.size(); at += 4096) { // every page but the first two
            QVERIFY(damaged.seek(at + 2048));
            damaged.write(QByteArray(512, '\x5A'));
        }
        damaged.close();
        const Run result = run({"doctor", "--workspace", "damaged.tocsin"});
        QVERIFY2(result.status == kInputErrors || result.status == kFailed, result.told());
        QVERIFY(!result.out.contains("is sound"));
    }

    void knowsRules()
    {
        const Run list = run({"rules", "list", "--workspace", "logs.tocsin"});
        VERIFY_STATUS(list, kDone);
        QCOMPARE(list.lines().first(), QByteArray("Id\tEnabled\tSeverity\tStages\tName\tSource"));
        QVERIFY(list.lines().size() > 20);
        const Run coverage = run({"rules", "coverage", "--workspace", "logs.tocsin"});
        VERIFY_STATUS(coverage, kDone);
        QVERIFY(coverage.lines().last().startsWith("total\t"));
        QVERIFY(coverage.out.contains("needs data\t"));
        write("rule.yaml", "id: 0b0d2a34-0000-4000-8000-000000000001\nname: Entered\nkind: Scheduled\nseverity: High\nqueryFrequency: 1h\nqueryPeriod: 1h\n"
                           "triggerOperator: gt\ntriggerThreshold: 0\ntactics: [InitialAccess]\nquery: Syslog | where SyslogMessage startswith 'Accepted'\nversion: 1.0.0\n");
        write("broken.yaml", "name: [");
        VERIFY_STATUS(run({"rules", "test", "rule.yaml", "edge.log", "--expect", "1"}), kDone);
        VERIFY_STATUS(run({"rules", "test", "rule.yaml", "edge.log", "--expect", "2"}), kInputErrors);
        const Run import = run({"rules", "import", "--workspace", "logs.tocsin", "rule.yaml", "broken.yaml"});
        VERIFY_STATUS(import, kInputErrors);
        QCOMPARE(import.out, QByteArray("1 rules read, 1 new, 1 files refused\n"));
        const Run detected = run({"rules", "run", "--workspace", "logs.tocsin", "--rule", "0b0d2a34-0000-4000-8000-000000000001"});
        VERIFY_STATUS(detected, kDone);
        QVERIFY2(detected.out.contains("alerts     1 (1 new)"), detected.out);
        VERIFY_STATUS(run({"rules", "run", "--workspace", "logs.tocsin", "--from", "tomorrow"}), kUsage);
    }

    void answersNetworkQuestions()
    {
        const Run check = run({"net", "check", "--inventory", kInventory, "--vm", "app-vm01", "--dest-vm", "db-vm01", "--port", "3389"});
        VERIFY_STATUS(check, kDone);
        verifyPath(check.json());
        QVERIFY(QFile::copy(kInventory, m_folder.filePath("inventory.json")));
        write("questions.jsonl", "{\"id\":\"t7\",\"inventory\":\"inventory.json\",\"question\":{\"op\":\"connectivityCheck\",\"source\":{\"nic\":\"appNic0\"},\"destination\":{\"nic\":\"dbNic0\"},\"protocol\":\"Tcp\",\"port\":3389}}\n"
                                 "{\"id\":\"odd\",\"inventory\":\"inventory.json\",\"question\":{\"op\":\"telepathy\"}}\n");
        const Run batch = run({"net", "batch", "questions.jsonl"});
        VERIFY_STATUS(batch, kDone);
        QCOMPARE(batch.lines().size(), 2);
        const QJsonObject first = QJsonDocument::fromJson(batch.lines()[0]).object();
        QCOMPARE(first["id"].toString(), QStringLiteral("t7"));
        QCOMPARE(first["answer"]["hops"].toArray(), (QJsonArray{"10.1.1.4", "10.1.2.4", "10.1.3.4", "10.1.4.4"}));
        verifyPath(first["answer"]["connectivity"].toObject());
        const QJsonObject odd = QJsonDocument::fromJson(batch.lines()[1]).object();
        QCOMPARE(odd["id"].toString(), QStringLiteral("odd"));
        QVERIFY2(batch.lines()[1].contains("error"), batch.lines()[1]);
        const Run topology = run({"net", "topology", "--inventory", kInventory});
        VERIFY_STATUS(topology, kDone);
        QVERIFY(topology.json()["resources"].toArray().size() > 10);
    }

    void playsTheDemoCase()
    {
        const Run demo = run({"demo", "--headless", "--workspace", "demo.tocsin", "--report", "demo.pdf"});
        VERIFY_STATUS(demo, kDone);
        QVERIFY2(demo.out.contains("\nincident   "), demo.out);
        QVERIFY2(!demo.out.contains("rule failed"), demo.out);
        QVERIFY(read("demo.pdf").startsWith("%PDF-"));
        const Run doctor = run({"doctor", "--workspace", "demo.tocsin"});
        VERIFY_STATUS(doctor, kDone);
    }

    void worksOnIncidents()
    {
        if (!QFile::exists(m_folder.filePath("demo.tocsin")))
            QSKIP("there is no demo case");
        const Run list = run({"incidents", "list", "--workspace", "demo.tocsin"});
        VERIFY_STATUS(list, kDone);
        QVERIFY(list.lines().size() >= 2);
        QCOMPARE(list.lines().first().split('\t').first(), QByteArray("Number"));
        QVERIFY(run({"alerts", "--workspace", "demo.tocsin"}).lines().size() > 8);
        const Run set = run({"incidents", "set", "1", "--workspace", "demo.tocsin", "--status", "Active", "--owner", "maya", "--comment", "Looking at it"});
        VERIFY_STATUS(set, kDone);
        const Run show = run({"incidents", "show", "1", "--json", "--workspace", "demo.tocsin"});
        VERIFY_STATUS(show, kDone);
        QCOMPARE(show.json()["number"].toInt(), 1);
        QCOMPARE(show.json()["status"].toString(), QStringLiteral("Active"));
        QCOMPARE(show.json()["owner"].toString(), QStringLiteral("maya"));
        QVERIFY(show.out.contains("Looking at it"));
        QVERIFY(!show.json()["alertIds"].toArray().isEmpty());
        QVERIFY(run({"incidents", "show", "1", "--workspace", "demo.tocsin"}).out.startsWith("Incident 1: "));
        VERIFY_STATUS(run({"incidents", "show", "4711", "--workspace", "demo.tocsin"}), kInputErrors);
        const Run report = run({"report", "--incident", "1", "--output", "one.pdf", "--workspace", "demo.tocsin"});
        VERIFY_STATUS(report, kDone);
        QVERIFY(read("one.pdf").startsWith("%PDF-"));
        VERIFY_STATUS(run({"report", "--incident", "4711", "--output", "none.pdf", "--workspace", "demo.tocsin"}), kFailed);
        QVERIFY(!QFile::exists(m_folder.filePath("none.pdf")));
    }

private:
    void verifyPath(const QJsonObject& answer)
    {
        QCOMPARE(answer["connectionStatus"].toString(), QStringLiteral("Reachable"));
        QCOMPARE(answer["avgLatencyInMs"].toInt(), 2);
        QCOMPARE(answer["minLatencyInMs"].toInt(), 1);
        QCOMPARE(answer["maxLatencyInMs"].toInt(), 10);
        QStringList hops;
        for (const QJsonValue& hop : answer["hops"].toArray())
            hops << hop["name"].toString() + QLatin1Char(' ') + hop["address"].toString();
        QCOMPARE(hops, (QStringList{"appNic0 10.1.1.4", "fwNic 10.1.2.4", "auNic 10.1.3.4", "dbNic0 10.1.4.4"}));
    }

    void write(const char* name, const QByteArray& content)
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    QByteArray read(const char* name)
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    Run run(const QStringList& arguments, const QByteArray& input = {})
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_STATE_HOME"), m_folder.filePath(QStringLiteral("state")));
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_folder.path());
        process.start(QStringLiteral(TOCSIN_BINARY_DIR "/bin/tocsin"), arguments);
        process.write(input);
        process.closeWriteChannel();
        Run result;
        if (!process.waitForFinished(kPatience))
            process.kill();
        else if (process.exitStatus() == QProcess::NormalExit)
            result.status = process.exitCode();
        result.out = process.readAllStandardOutput();
        result.err = process.readAllStandardError();
        return result;
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
