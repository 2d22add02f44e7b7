// SPDX-License-Identifier: GPL-3.0-or-later
#include "CollectingSink.h"

#include "ingest/readers/CsvRecords.h"

#include <QtTest>

using namespace tocsin;
using namespace tocsin::ingest;
using namespace tocsin::ingest::test;

namespace {

using Cells = QList<QPair<QByteArray, QByteArray>>;

void compareCells(const CollectingSink& sink, const char* table, std::size_t row, const Cells& cells)
{
    for (const auto& [column, expected] : cells) {
        const QByteArray found = sink.cell(table, row, column.toStdString());
        if (found != expected)
            qWarning("%s", column.constData());
        QCOMPARE(found, expected);
    }
}

} // namespace

class TestTextReaders : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void syslogForms_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<Cells>("cells");
        const auto row = [](const char* name, const char* line, Cells cells) { QTest::newRow(name) << QByteArray(line) << cells; };
        row("RFC 3164", "<34>Oct 11 22:14:15 mymachine su[77]: 'su root' failed", {{"TimeGenerated", "2025-10-11T22:14:15.0000000Z"}, {"EventTime", "2025-10-11T22:14:15.0000000Z"},
            {"Computer", "mymachine"}, {"HostName", "mymachine"}, {"Facility", "auth"}, {"SeverityLevel", "crit"}, {"ProcessName", "su"}, {"ProcessID", "77"}, {"SyslogMessage", "'su root' failed"},
            {"SourceSystem", "Linux"}, {"Type", "Syslog"}});
        row("RFC 3164 without colon", "<15>Mar  6 04:07:23 hostname log_tag this is debug", {{"ProcessName", "log_tag"}, {"SyslogMessage", "this is debug"}, {"Facility", "user"}, {"SeverityLevel", "debug"}, {"ProcessID", "<null>"}});
        row("RFC 5424", "<165>1 2003-10-11T22:14:15.003Z 192.0.2.9 evntslog 812 ID47 [ex@32473 a=\"1\" b=\"x]\\\"\"][z] \xEF\xBB\xBFhello", {{"TimeGenerated", "2003-10-11T22:14:15.0030000Z"},
            {"EventTime", "2003-10-11T22:14:15.0000000Z"}, {"Facility", "local4"}, {"SeverityLevel", "notice"}, {"ProcessName", "evntslog"}, {"ProcessID", "812"}, {"HostIP", "192.0.2.9"},
            {"SyslogMessage", "ID47 [ex@32473 a=\"1\" b=\"x]\\\"\"][z] hello"}});
        row("RFC 5424 with nils", "<14>1 2021-03-06T04:07:38+01:00 h app - - - m", {{"TimeGenerated", "2021-03-06T03:07:38.0000000Z"}, {"ProcessID", "<null>"}, {"SyslogMessage", "m"}});
        row("file", "Jan 10 07:53:01 host.example CRON[31051]: (root) CMD (x)", {{"TimeGenerated", "2026-01-10T07:53:01.0000000Z"}, {"Facility", "daemon"}, {"SeverityLevel", "info"}, {"ProcessName", "CRON"},
            {"ProcessID", "31051"}, {"SyslogMessage", "(root) CMD (x)"}});
        row("program in brackets", "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure", {{"ProcessName", "sshd(pam_unix)"}, {"ProcessID", "19939"}, {"TimeGenerated", "2025-06-14T15:16:01.0000000Z"}});
        row("macOS level", "Mar 11 19:26:45 osx sockerfilterfw[1985] <Error>: denied", {{"SeverityLevel", "err"}, {"ProcessName", "sockerfilterfw"}, {"ProcessID", "1985"}, {"SyslogMessage", "denied"}});
        row("Chrome OS level", "2016-10-25T12:37:24.987014-07:00 WARNING kernel: [  316.5] x", {{"TimeGenerated", "2016-10-25T19:37:24.9870140Z"}, {"SeverityLevel", "warning"}, {"ProcessName", "kernel"}, {"Computer", ""}});
        row("no host", "Nov 18 08:30:20 kernel: [997.390602] sda2", {{"Computer", ""}, {"ProcessName", "kernel"}, {"SyslogMessage", "[997.390602] sda2"}});
        row("no tag", "Jan 10 07:54:32 h.example Job `cron.daily' terminated", {{"Computer", "h.example"}, {"ProcessName", ""}, {"SyslogMessage", "Job `cron.daily' terminated"}});
        row("vendor", "2018-04-30 14:14:08.143 vc vcenter-server: User logged out", {{"TimeGenerated", "2018-04-30T14:14:08.1430000Z"}, {"Computer", "vc"}, {"ProcessName", "vcenter-server"}});
    }
    void syslogForms()
    {
        QFETCH(QByteArray, line);
        QFETCH(Cells, cells);
        const auto result = readBytes(line.toStdString() + "\n", "messages");
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("syslog"));
        QCOMPARE(result->sink.rowsOf("Syslog"), std::size_t{1});
        compareCells(result->sink, "Syslog", 0, cells);
    }

    void syslogYearsGrowAndZonesApply()
    {
        ReadOptions options;
        options.sourceUtcOffsetMinutes = 60;
        const auto result = readBytes("Dec 30 10:00:00 h a: 1\nJan  2 10:00:00 h a: 2\n", "auth.log", {}, options);
        compareCells(result->sink, "Syslog", 0, {{"TimeGenerated", "2025-12-30T09:00:00.0000000Z"}, {"Facility", "authpriv"}});
        compareCells(result->sink, "Syslog", 1, {{"TimeGenerated", "2026-01-02T09:00:00.0000000Z"}});
        const auto older = readBytes("Nov 30 10:00:00 h a: 1\nJan 30 10:00:00 h a: 2\n", "x");
        compareCells(older->sink, "Syslog", 0, {{"TimeGenerated", "2024-11-30T10:00:00.0000000Z"}});
    }

    void syslogMessagesOverLinesAndWithoutBreaks()
    {
        const auto result = readBytes("<13>Jan  2 10:00:00 h a: first\nsecond line\n<13>Jan  2 10:00:01 h a: x<14>Jan  2 10:00:02 h a: y\nMMM 22 07:54:32 h a: bad\n", "x");
        QCOMPARE(result->sink.rowsOf("Syslog"), std::size_t{3});
        compareCells(result->sink, "Syslog", 0, {{"SyslogMessage", "first\nsecond line"}});
        compareCells(result->sink, "Syslog", 1, {{"SyslogMessage", "x"}});
        compareCells(result->sink, "Syslog", 2, {{"SyslogMessage", "y"}});
        QCOMPARE(result->sink.rejects.size(), std::size_t{1});
        QCOMPARE(result->sink.rejects[0].line, std::optional<std::uint64_t>(4));
    }

    void cefInSyslogIsNoSyslogRow()
    {
        const auto result = readBytes("<13>Jan  2 10:00:00 fw1 CEF:0|Ferry|Gate|1.0|100|Login \\| try|8|src=10.0.0.1 spt=4000 dst=10.0.0.2 dpt=443 msg=lang=en two words act=blocked cs1=v cs1Label=Policy cn1=5000000000 "
            "rt=Mar 01 2021 20:35:54 cat=web vendorKey=a b externalId=7 request=http:x?q\\=1\n<13>Jan  2 10:00:01 h app: plain\n", "x");
        QCOMPARE(result->sink.rowsOf("Syslog"), std::size_t{1});
        compareCells(result->sink, "CommonSecurityLog", 0, {{"DeviceVendor", "Ferry"}, {"DeviceProduct", "Gate"}, {"DeviceVersion", "1.0"}, {"DeviceEventClassID", "100"}, {"Activity", "Login | try"}, {"LogSeverity", "8"},
            {"SourceIP", "10.0.0.1"}, {"SourcePort", "4000"}, {"DestinationIP", "10.0.0.2"}, {"DestinationPort", "443"}, {"Message", "lang=en two words"}, {"DeviceAction", "blocked"}, {"DeviceCustomString1", "v"},
            {"DeviceCustomString1Label", "Policy"}, {"DeviceCustomNumber1", "<null>"}, {"FieldDeviceCustomNumber1", "5000000000"}, {"ReceiptTime", "Mar 01 2021 20:35:54"}, {"TimeGenerated", "2021-03-01T20:35:54.0000000Z"},
            {"DeviceEventCategory", "web"}, {"AdditionalExtensions", "cat=web;vendorKey=a b"}, {"ExternalID", "7"}, {"ExtID", "7"}, {"RequestURL", "http:x?q=1"}, {"Computer", "fw1"}});
        QCOMPARE(QByteArray::fromStdString(readBytes("CEF: 0|a|b|c|d|e|3|", "f")->format), QByteArray("cef"));
        QCOMPARE(readBytes("CEF:0|a|b|c|d|e|3|x=1\nCEF:0|a|b\n", "f")->sink.rejects.size(), std::size_t{1});
    }

    void webLogs()
    {
        const auto result = readBytes("#Software: Microsoft Internet Information Services 10.0\n#Date: 2024-01-31 23:59:50\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-bytes time-taken cs(X-Odd)\n"
            "2024-01-31 23:59:58 10.0.0.1 GET /a.aspx - 443 - 192.0.2.3 Mozilla/5.0+(X) 404 - 15 odd\nbad line\n"
            "#Fields: time c-ip cs-method sc-status\n23:59:59 192.0.2.3 POST 200\n00:00:01 192.0.2.3 POST 500 \n", "u_ex.log");
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("w3c"));
        compareCells(result->sink, "W3CIISLog", 0, {{"TimeGenerated", "2024-01-31T23:59:58.0000000Z"}, {"Date", "2024-01-31"}, {"sIP", "10.0.0.1"}, {"csMethod", "GET"}, {"csUriStem", "/a.aspx"}, {"csUriQuery", "-"}, {"sPort", "443"},
            {"csUserName", "-"}, {"cIP", "192.0.2.3"}, {"csUserAgent", "Mozilla/5.0+(X)"}, {"scStatus", "404"}, {"scBytes", "<null>"}, {"TimeTaken", "15"}, {"AdditionalFields", "{\"cs(X-Odd)\":\"odd\"}"}});
        compareCells(result->sink, "W3CIISLog", 1, {{"TimeGenerated", "2024-01-31T23:59:59.0000000Z"}, {"scStatus", "200"}});
        compareCells(result->sink, "W3CIISLog", 2, {{"TimeGenerated", "2024-02-01T00:00:01.0000000Z"}, {"scStatus", "500"}});
        QCOMPARE(result->sink.rejects.size(), std::size_t{1});
        QVERIFY(!readBytes("a b c\n", "x", "w3c")->status);
    }

    void firewallLogs()
    {
        const auto result = readBytes("#Version: 1.5\n#Time Format: Local\n#Fields: date time action protocol src-ip dst-ip src-port dst-port size path\n2024-01-31 10:00:00 DROP TCP 192.0.2.1 10.0.0.1 4000 3389 52 RECEIVE\n", "pfirewall.log");
        compareCells(result->sink, "WindowsFirewall", 0, {{"TimeGenerated", "2024-01-31T10:00:00.0000000Z"}, {"FirewallAction", "DROP"}, {"Protocol", "TCP"}, {"SourceIP", "192.0.2.1"}, {"DestinationIP", "10.0.0.1"},
            {"FullDestinationAddress", "10.0.0.1"}, {"RemoteIP", "192.0.2.1"}, {"CommunicationDirection", "RECEIVE"}, {"DestinationPort", "3389"}});
    }

    void classicStorageLogs()
    {
        const auto result = readBytes("1.0;2014-06-19T22:59:23.1967767Z;GetBlob;AnonymousSuccess;200;17;16;anonymous;;acc;blob;\"u?a=1&amp;b=2;c\";\"/acc/x\";61d2e3f6-bcb7-4cd1-a81e-4f8f497f0da2;0;192.100.0.102:4362;2014-02-14;283;0;354;23;0;;;"
            "\"&quot;0x8D&quot;\";Thursday, 19-Jun-14 22:58:10 GMT;;\"agent\";;\"44dfd78e\"\n1.0;short\n", "000000.log");
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("storage-analytics"));
        compareCells(result->sink, "StorageBlobLogs", 0, {{"TimeGenerated", "2014-06-19T22:59:23.1967767Z"}, {"OperationName", "GetBlob"}, {"StatusText", "AnonymousSuccess"}, {"StatusCode", "200"}, {"AccountName", "acc"}, {"Uri", "u?a=1&b=2;c"},
            {"ObjectKey", "/acc/x"}, {"CallerIpAddress", "192.100.0.102:4362"}, {"Etag", "\"0x8D\""}, {"LastModifiedTime", "2014-06-19T22:58:10.0000000Z"}, {"UserAgentHeader", "agent"}, {"ClientRequestId", "44dfd78e"}, {"Category", "StorageRead"}});
        QCOMPARE(result->sink.rejects.size(), std::size_t{1});
    }

    void csvOfAKnownTable()
    {
        const auto result = readBytes("\xEF\xBB\xBF,TenantId,\"TimeGenerated [UTC]\",Computer,Facility,SeverityLevel,SyslogMessage,ProcessID\r\n"
            "0,t,\"7/8/2019, 4:08:09.5 PM\",h,auth,info,\"a \"\"quoted\"\", text\nover lines\",12\r\n1,t,7/8/2019 16:08,h,auth,info,,NaN\r\n2,t,7/8/2019 16:08,h,auth,info,x,1,2,3\r\n", "query_data.csv");
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("csv"));
        compareCells(result->sink, "Syslog", 0, {{"TimeGenerated", "2019-07-08T16:08:09.5000000Z"}, {"Computer", "h"}, {"Facility", "auth"}, {"SyslogMessage", "a \"quoted\", text\nover lines"}, {"ProcessID", "12"}});
        compareCells(result->sink, "Syslog", 1, {{"TimeGenerated", "2019-07-08T16:08:00.0000000Z"}, {"SyslogMessage", ""}, {"ProcessID", "<null>"}});
        QCOMPARE(result->sink.rejects.size(), std::size_t{1});
        QCOMPARE(result->sink.rejects[0].line, std::optional<std::uint64_t>(5));
        QCOMPARE(result->sink.rejects[0].reason.code(), std::string_view("ingest.wrong_field_count"));
    }

    void csvOfUnknownShape()
    {
        const auto result = readBytes("time;gate;count;ratio;open;zip\n2024-01-02 03:04:05;A;1;1;true;01234\n2024-01-03;B;2;2.5;false;2\n;;;;;\n", "gates.csv");
        const auto& schema = result->sink.tables.at("gates_CL").schema;
        const auto type = [&](const char* name) { return schema.columns[*schema.indexOf(name)].type; };
        QCOMPARE(type("count"), DataType::Long);
        QCOMPARE(type("ratio"), DataType::Real);
        QCOMPARE(type("open"), DataType::Bool);
        QCOMPARE(type("zip"), DataType::String);
        QCOMPARE(type("time"), DataType::DateTime);
        compareCells(result->sink, "gates_CL", 0, {{"TimeGenerated", "2024-01-02T03:04:05.0000000Z"}, {"gate", "A"}, {"count", "1"}, {"ratio", "1.0"}, {"open", "true"}, {"zip", "01234"}});
        compareCells(result->sink, "gates_CL", 2, {{"count", "<null>"}, {"gate", ""}, {"TimeGenerated", "2026-01-15T12:00:00.0000000Z"}});
    }

    void csvSeparatorsAndOpenQuotes()
    {
        QCOMPARE(guessSeparator("a\tb\tc"), std::optional('\t'));
        QCOMPARE(guessSeparator("a|b"), std::optional('|'));
        QCOMPARE(guessSeparator("\"a,b\";c;d"), std::optional(';'));
        QVERIFY(!guessSeparator("word"));
        const auto result = readBytes("a,b\n1,\"open\n2,x\n3,y\n", "x.csv");
        QCOMPARE(result->sink.rowsOf("x_CL"), std::size_t{2});
        QCOMPARE(result->sink.rejects.size(), std::size_t{1});
        QCOMPARE(result->sink.rejects[0].reason.code(), std::string_view("ingest.cut_quote"));
        compareCells(result->sink, "x_CL", 1, {{"a", "3"}, {"b", "y"}});
    }

    void unknownBytesAreRefusedWithAdvice()
    {
        for (const char* text : {"\x7F" "ELF\x02\x01", "just some words\nand more\n", "\x89PNG\r\n"}) {
            const auto result = readBytes(text, "thing.bin");
            QVERIFY(!result->status);
            QCOMPARE(result->status.error().code(), std::string_view("ingest.unknown_format"));
            QVERIFY(errorAdvice(result->status.error()).find("azure-activity") != std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(TestTextReaders)
#include "tst_text_readers.moc"
