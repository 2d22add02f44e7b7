// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/ByteSources.h"
#include "ingest/readers/json/JsonPeek.h"
#include "ingest/readers/json/JsonRecords.h"

#include <QtTest>

#include <random>

using namespace tocsin;
using namespace tocsin::ingest;

namespace {

class Collect final : public JsonRecordHandler {
public:
    Result<void> record(const JsonRecord& record) override
    {
        texts.emplace_back(record.text);
        offsets.push_back(record.offset);
        lines.push_back(record.line);
        tables.emplace_back(record.table);
        return {};
    }
    void reject(Reject reject) override { rejects.push_back(std::move(reject)); }
    void warning(Reject note) override { warnings.push_back(std::move(note)); }
    void progress(std::uint64_t) override {}

    std::vector<std::string> texts;
    std::vector<std::uint64_t> offsets;
    std::vector<std::uint64_t> lines;
    std::vector<std::string> tables;
    std::vector<Reject> rejects;
    std::vector<Reject> warnings;
};

Collect walk(const std::string& text)
{
    Collect collect;
    MemoryByteSource source("test", text);
    const auto result = walkJsonRecords(source, collect, {});
    if (!result)
        qWarning("%s", errorMessage(result.error()).c_str());
    return collect;
}

} // namespace

class TestJsonRecords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsRecordsInEveryContainer_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QList<QByteArray>>("records");
        const auto row = [](const char* name, const char* text, QList<QByteArray> records) { QTest::newRow(name) << QByteArray(text) << records; };
        const QList<QByteArray> two{R"({"a":1})", R"({"a":2})"};
        row("records", R"({"records":[{"a":1},{"a":2}]})", two);
        row("records behind other members", R"({"count":2,"records":[{"a":1},{"a":2}],"x":{"y":[1]}})", two);
        row("array", R"([{"a":1}, {"a":2}])", two);
        row("value", R"({"value":[{"a":1},{"a":2}],"nextLink":"next"})", two);
        row("value behind its link", R"({"nextLink":"next","value":[{"a":1},{"a":2}]})", two);
        row("lines", "{\"a\":1}\n{\"a\":2}\n", two);
        row("lines with CRLF and blanks between", "{\"a\":1}\r\n\r\n  {\"a\":2}\r\n", two);
        row("without separator", R"({"a":1}{"a":2})", two);
        row("commas between lines", "{\"a\":1},\n{\"a\":2},\n", two);
        row("one object", R"({"a":1})", {two[0]});
        row("mark in front", "\xEF\xBB\xBF{\"a\":1}", {two[0]});
        row("nested records", R"({"records":[{"records":[{"a":1}]},{"records":[{"a":2}]}]})", two);
        row("a container a line", "{\"records\":[{\"a\":1}]}\n{\"records\":[{\"a\":2}]}", two);
        row("API example", R"({"parameters":{"x":1},"responses":{"200":{"headers":{},"body":{"value":[{"a":1},{"a":2}]}},"404":{}}})", two);
        row("API example with one object", R"({"parameters":{},"responses":{"200":{"body":{"a":1}}}})", {two[0]});
        row("query answer", R"({"tables":[{"name":"PrimaryResult","columns":[{"name":"a","type":"long"},{"name":"b","type":"string"}],"rows":[[1,"x"],[2,null]]}]})",
            {R"({"a":1,"b":"x"})", R"({"a":2,"b":null})"});
        row("Kusto frames",
            R"([{"FrameType":"DataSetHeader","Version":"v2.0"},{"FrameType":"DataTable","TableId":0,"TableKind":"QueryProperties","TableName":"@X","Columns":[{"ColumnName":"q"}],"Rows":[[1]]},)"
            R"({"FrameType":"DataTable","TableKind":"PrimaryResult","TableName":"P","Columns":[{"ColumnName":"a","ColumnType":"long"}],"Rows":[[1],[2]]}])", two);
        row("Kusto version 1", R"({"Tables":[{"TableName":"Table_0","Columns":[{"ColumnName":"a"}],"Rows":[[1],[2]]},{"TableName":"Table_1","Columns":[{"ColumnName":"z"}],"Rows":[[9]]}]})", two);
        row("record whose own value is an array of objects", R"({"a":1,"value":[{"b":2}]})", {R"({"a":1,"value":[{"b":2}]})"});
        row("record whose value holds no objects", R"({"value":[1,2]})", {R"({"value":[1,2]})"});
        row("braces and quotes in text", "[{\"a\":\"}]{[\\\"\\\\\"},{\"a\":2}]", {"{\"a\":\"}]{[\\\"\\\\\"}", two[1]});
        row("empty records", R"({"records":[]})", {});
        row("nothing", "", {});
        row("blanks", " \n\t ", {});
    }
    void findsRecordsInEveryContainer()
    {
        QFETCH(QByteArray, text);
        QFETCH(QList<QByteArray>, records);
        const Collect found = walk(text.toStdString());
        QCOMPARE(QList<QByteArray>(), [&] { QList<QByteArray> r; for (const Reject& x : found.rejects) r << QByteArray::fromStdString(errorMessage(x.reason)); return r; }());
        QList<QByteArray> texts;
        for (const std::string& record : found.texts)
            texts << QByteArray::fromStdString(record);
        QCOMPARE(texts, records);
    }

    void brokenRecordsCostOnlyThemselves_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QList<QByteArray>>("records");
        QTest::addColumn<QList<QByteArray>>("codes");
        QTest::addColumn<QList<int>>("offsets");
        const auto row = [](const char* name, const char* text, QList<QByteArray> records, QList<QByteArray> codes, QList<int> offsets) {
            QTest::newRow(name) << QByteArray(text) << records << codes << offsets;
        };
        const QList<QByteArray> outer{R"({"a":1})", R"({"a":3})"};
        row("cut off", "{\"records\":[{\"a\":1},{\"a\":2,\"b\":{\"c", {R"({"a":1})"}, {"ingest.json_truncated"}, {20});
        row("cut off line", "{\"a\":1}\n{\"a\":", {R"({"a":1})"}, {"ingest.json_truncated"}, {8});
        row("open quotation mark", "{\"a\":1}\n{\"a\":\"x}\n{\"a\":3}\n", outer, {"ingest.json_broken"}, {8});
        row("missing brace", "{\"a\":1}\n{\"a\":{\"b\":2}\n{\"a\":3}\n", outer, {"ingest.json_broken"}, {8});
        row("line cut in the middle", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n", outer, {"ingest.json_truncated"}, {8});
        row("open mark in one line", "[{\"a\":1},{\"a\":\"x},{\"a\":3}]", outer, {"ingest.json_truncated"}, {9});
        row("scalars", R"([{"a":1},7,"x",{"a":3}])", outer, {"ingest.json_no_object", "ingest.json_no_object"}, {9, 11});
        row("text between", "{\"a\":1}\nINFO started\nmore\n{\"a\":3}\n", outer, {"ingest.json_stray_text"}, {8});
    }
    void brokenRecordsCostOnlyThemselves()
    {
        QFETCH(QByteArray, text);
        QFETCH(QList<QByteArray>, records);
        QFETCH(QList<QByteArray>, codes);
        QFETCH(QList<int>, offsets);
        const Collect found = walk(text.toStdString());
        QList<QByteArray> texts;
        for (const std::string& record : found.texts)
            texts << QByteArray::fromStdString(record);
        QList<QByteArray> foundCodes;
        QList<int> foundOffsets;
        for (const Reject& reject : found.rejects) {
            foundCodes << QByteArray::fromStdString(std::string(reject.reason.code()));
            foundOffsets << int(reject.offset);
        }
        QCOMPARE(texts, records);
        QCOMPARE(foundCodes, codes);
        QCOMPARE(foundOffsets, offsets);
    }

    void offsetsAndLinesHoldBeyondTheWindow()
    {
        std::string text = "[\n";
        std::vector<std::uint64_t> offsets;
        for (int i = 0; i < 20000; ++i) {
            text += "  ";
            offsets.push_back(text.size());
            text += "{\"i\":" + std::to_string(i) + ",\"pad\":\"" + std::string(200, 'x') + "\"},\n";
        }
        text += "  {}\n]";
        const Collect found = walk(text);
        QCOMPARE(found.texts.size(), std::size_t{20001});
        for (std::size_t i = 0; i < offsets.size(); ++i) {
            QCOMPARE(found.offsets[i], offsets[i]);
            QCOMPARE(found.lines[i], i + 2);
        }
    }

    void deepNestingIsOneReject()
    {
        const Collect found = walk("{\"a\":1}\n" + std::string(100000, '[') + "\n{\"a\":2}\n");
        QCOMPARE(found.texts.size(), std::size_t{2});
        const Collect object = walk("{\"a\":" + std::string(5000, '[') + "\n{\"a\":2}\n");
        QCOMPARE(object.rejects.size(), std::size_t{1});
        QCOMPARE(object.texts.size(), std::size_t{1});
    }

    void hostileLinesCostLinearTime()
    {
        std::string text;
        for (int i = 0; i < 200000; ++i)
            text += "{\"a\":\n";
        QElapsedTimer timer;
        timer.start();
        const Collect found = walk(text);
        QVERIFY(found.texts.empty());
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    }

    void mutationsNeverCrash()
    {
        const std::string seed = "{\"records\":[{\"time\":\"2024-01-01T00:00:00Z\",\"p\":{\"x\":[1,2,{\"y\":\"z\\\"é\"}]}},{\"time\":\"b\"}],\"n\":null}" "\n{\"time\":1}\n[{\"time\":2}]";
        std::mt19937 random(20240601);
        for (int round = 0; round < 3000; ++round) {
            std::string text = seed;
            for (int i = 0; i < 4; ++i) {
                const std::size_t at = random() % text.size();
                switch (random() % 3) {
                case 0: text[at] = static_cast<char>(random()); break;
                case 1: text.erase(at, 1 + random() % 5); break;
                default: text.insert(at, 1, "{}[]\",:\\\n"[random() % 9]); break;
                }
                if (text.empty())
                    text = " ";
            }
            const Collect found = walk(text);
            QVERIFY(found.texts.size() < 100);
            JsonPeek peek(text);
            static_cast<void>(peek.has("time"));
        }
    }

    void stopEndsTheWalk()
    {
        std::stop_source stop;
        stop.request_stop();
        Collect collect;
        MemoryByteSource source("test", "{}");
        const auto result = walkJsonRecords(source, collect, stop.get_token());
        QVERIFY(!result && result.error().kind == &kCancelled);
    }

    void peekSeesTheFirstRecordEvenIfCutOff()
    {
        const std::string text = "{\"records\":[{\"category\":\"FlowLogFlowEvent\",\"resourceId\":\"\\/SUBSCRIPTIONS\\/X\",\"flowRecords\":{\"flows\":[" + std::string(70000, ' ');
        const JsonPeek peek(text);
        QVERIFY(peek.isJson());
        QCOMPARE(QByteArray::fromStdString(std::string(peek.text("Category"))), QByteArray("FlowLogFlowEvent"));
        QCOMPARE(QByteArray::fromStdString(std::string(peek.text("resourceid"))), QByteArray("/SUBSCRIPTIONS/X"));
        QVERIFY(peek.has("flowRecords"));
        QVERIFY(!JsonPeek("[Sun Dec 04 04:47:44 2005] [error] x").isJson());
        QVERIFY(!JsonPeek("plain text").isJson());
    }
};

QTEST_GUILESS_MAIN(TestJsonRecords)
#include "tst_json_records.moc"
