// SPDX-License-Identifier: GPL-3.0-or-later
#include "CollectingSink.h"

#include "column/Dynamic.h"
#include "ingest/ByteSources.h"
#include "ingest/readers/TableLineParser.h"
#include "ingest/readers/json/JsonLines.h"

#include <QtTest>

#include <random>

using namespace tocsin;
using namespace tocsin::ingest;
using namespace tocsin::ingest::test;

namespace {

/// Records and rejects in the order in which they come.
class Collect final : public JsonRecordHandler {
public:
    Result<void> record(const JsonRecord& record) override
    {
        texts.emplace_back(record.text);
        return {};
    }
    void reject(Reject reject) override { rejects.emplace_back(reject.offset, reject.line.value_or(0), std::string(reject.reason.code())); }
    void warning(Reject) override {}
    void progress(std::uint64_t) override {}

    std::vector<std::string> texts;
    std::vector<std::tuple<std::uint64_t, std::uint64_t, std::string>> rejects;
};

/// Takes records with a member `a`, and leaves the others.
class Parser {
public:
    using Output = std::vector<std::string>;
    bool parse(std::string_view record, Output& out)
    {
        const auto object = m_parser.parse(record);
        if (!object || object->size() == 0 || mayHoldRecords((*object->begin()).key, (*object->begin()).value) || !member(*object, "a"))
            return false;
        out.emplace_back(record);
        return true;
    }
    void endChunk(Output&) {}

private:
    JsonParser m_parser;
};

Collect readLines(const std::string& text, Executor* executor)
{
    Collect all;
    MemoryByteSource source("test", text);
    JsonLineReader<Parser> reader(source, executor, all, {}, [] { return std::make_unique<Parser>(); },
        [&all](Parser::Output made) -> Result<void> {
            all.texts.insert(all.texts.end(), made.begin(), made.end());
            return {};
        });
    const auto read = reader.run();
    if (!read)
        qWarning("%s", errorMessage(read.error()).c_str());
    return all;
}

Collect walk(const std::string& text)
{
    Collect all;
    MemoryByteSource source("test", text);
    static_cast<void>(walkJsonRecords(source, all, {}));
    return all;
}

std::string many(std::size_t bytes, std::uint64_t seed, bool oddities)
{
    std::mt19937_64 random(seed);
    std::string text;
    for (int i = 0; text.size() < bytes; ++i) {
        const std::string good = "{\"a\":" + std::to_string(i) + ",\"text\":\"" + std::string(random() % 300, 'x') + "\"}";
        switch (oddities ? random() % 4000 : 99) {
        case 0: text += "{\"a\": oops\n"; break;
        case 1: text += "{\n  \"a\": 1,\n  \"b\": {\"c\": []}\n}\n"; break;
        case 2: text += "{\"records\":[" + good + "," + good + "]}\n"; break;
        case 3: text += "not JSON at all\n"; break;
        case 4: text += good + " " + good + "\n"; break;
        case 5: text += "{\"other\":1}\r\n"; break;
        case 6: text += "\n \t\r\n"; break;
        case 7: text += "[1, 2]\n"; break;
        default: text += good + "\n";
        }
    }
    return text;
}

} // namespace

class TestJsonLines : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAsTheWalkerDoes_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, const std::string& text) { QTest::newRow(name) << QByteArray::fromStdString(text); };
        row("nothing", "");
        row("one line without an end", R"({"a":1})");
        row("mark, blank lines and carriage returns", "\xEF\xBB\xBF{\"a\":1}\r\n\r\n  {\"a\":2}\t\r\n");
        row("commas behind", "{\"a\":1},\n{\"a\":2},\n{\"a\":3}\n");
        row("one array", "[{\"a\":1},\n{\"a\":2}]");
        row("a container", R"({"records":[{"a":1},{"a":2}]})");
        row("cut off", "{\"a\":1}\n{\"a\":2,\"b\":\"");
        row("pieces", many(5u << 20, 1, false));
        row("pieces with oddities", many(6u << 20, 2, true));
        row("a line longer than a piece", many(1u << 20, 3, false) + "{\"a\":\"" + std::string(5u << 20, 'y') + "\"}\n" + many(1u << 20, 4, false));
        row("no lines", [] {
            std::string text;
            while (text.size() < (3u << 20))
                text += "{\"a\":1}";
            return text;
        }());
        row("many broken", [] {
            std::string text;
            for (int i = 0; i < 20'000; ++i)
                text += i % 2 ? "{\"a\":1}\n" : "{\"a\":\n";
            return text;
        }());
    }
    void readsAsTheWalkerDoes()
    {
        QFETCH(QByteArray, text);
        const Collect expected = walk(text.toStdString());
        ThreadPool pool(3);
        for (Executor* executor : {static_cast<Executor*>(nullptr), static_cast<Executor*>(&pool)}) {
            const Collect got = readLines(text.toStdString(), executor);
            QCOMPARE(got.texts.size(), expected.texts.size());
            QVERIFY(got.texts == expected.texts);
            QVERIFY(got.rejects == expected.rejects);
        }
    }

    void stopsWhenAsked()
    {
        std::stop_source stop;
        stop.request_stop();
        Collect all;
        MemoryByteSource source("test", many(1u << 20, 1, false));
        ThreadPool pool(2);
        JsonLineReader<Parser> reader(source, &pool, all, stop.get_token(), [] { return std::make_unique<Parser>(); }, [](Parser::Output) -> Result<void> { return {}; });
        const auto read = reader.run();
        QVERIFY(!read);
        QCOMPARE(read.error().kind, &kCancelled);
    }

    void aRefusalEndsIt()
    {
        Collect all;
        MemoryByteSource source("test", many(9u << 20, 1, false));
        ThreadPool pool(2);
        JsonLineReader<Parser> reader(source, &pool, all, {}, [] { return std::make_unique<Parser>(); }, [](Parser::Output) -> Result<void> { return fail(kInternal, "no more"); });
        QVERIFY(!reader.run());
    }

    void rowsAreTheSameOnManyThreads_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("table");
        std::string events;
        for (int i = 0; events.size() < (5u << 20); ++i) {
            events += "{\"TimeGenerated\":\"2024-03-05T10:00:" + std::to_string(10 + i % 50) + "Z\",\"Computer\":\"h" + std::to_string(i % 7) + "\",\"EventID\":" + std::to_string(4624 + i % 3);
            if (i % 5 == 0)
                events += ",\"computer\":\"lower\""; // differs only by case: the exact name counts
            if (i % 997 == 0)
                events += ",\"Own\":" + std::string(i % 2 ? "1" : "\"text\"");
            if (i % 1999 == 0)
                events += ",\"TimeGenerated\":null";
            events += ",\"EventData\":{\"n\":" + std::to_string(i) + ",\"list\":[1,2.5,true,null,\"x\\\"y\"]},\"Type\":\"SecurityEvent\"}\n";
        }
        QTest::newRow("known table") << QByteArray::fromStdString(events) << QByteArray("SecurityEvent");
        std::string plain;
        for (int i = 0; plain.size() < (5u << 20); ++i)
            plain += "{\"ts\":" + std::to_string(1'700'000'000 + i) + ",\"name\":\"n" + std::to_string(i % 100) + "\"" + (i % 3 ? ",\"value\":" + std::to_string(i) + (i % 1000 == 999 ? ".5" : "") : "") + ",\"bag\":{\"i\":" + std::to_string(i) + "}}\n";
        QTest::newRow("own table") << QByteArray::fromStdString(plain) << QByteArray("Own_CL");
    }
    void rowsAreTheSameOnManyThreads()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, table);
        ReadOptions options;
        options.table = table.toStdString();
        const auto alone = readBytes(text.toStdString(), "x.json", {}, options);
        ThreadPool pool(3);
        options.executor = &pool;
        const auto together = readBytes(text.toStdString(), "x.json", {}, options);
        QVERIFY(alone->status && together->status);
        QCOMPARE(quint64(together->sink.records), quint64(text.count('\n')));
        QCOMPARE(together->sink.rejects.size(), std::size_t{0});
        QCOMPARE(together->sink.rowsOf(table.toStdString()), alone->sink.rowsOf(table.toStdString()));
        for (const std::size_t row : {std::size_t{0}, std::size_t{1}, std::size_t{997}, std::size_t{5000}, std::size_t{1999}, alone->sink.rowsOf(table.toStdString()) - 1})
            for (const char* column : {"TimeGenerated", "Computer", "EventID", "EventData", "Own", "Type", "_BilledSize", "name", "value", "bag"})
                QCOMPARE(together->sink.cell(table.toStdString(), row, column), alone->sink.cell(table.toStdString(), row, column));
        if (table != "SecurityEvent")
            return;
        QCOMPARE(together->sink.cell("SecurityEvent", 5, "Computer"), QByteArray("h5"));
        QCOMPARE(together->sink.cell("SecurityEvent", 1, "EventData"), QByteArray("{\"n\":1,\"list\":[1,2.5,true,null,\"x\\\"y\"]}"));
    }

    void shapeIsGuessedAndMended_data()
    {
        QTest::addColumn<QByteArray>("tail");
        QTest::addColumn<int>("restarts");
        QTest::addColumn<QByteArray>("column");
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("first"); ///< its cell in the first row and in the last
        QTest::addColumn<QByteArray>("last");
        const auto type = [](DataType of) { return static_cast<int>(of); };
        QTest::newRow("as guessed") << QByteArray("{\"n\":5}\n") << 0 << QByteArray("n") << type(DataType::Long) << QByteArray("0") << QByteArray("5");
        QTest::newRow("new member") << QByteArray("{\"late\":true}\n") << 0 << QByteArray("late") << type(DataType::Bool) << QByteArray("<no column>") << QByteArray("true");
        QTest::newRow("long becomes real") << QByteArray("{\"n\":0.5}\n") << 1 << QByteArray("n") << type(DataType::Real) << QByteArray("0.0") << QByteArray("0.5");
        QTest::newRow("long becomes text") << QByteArray("{\"n\":\"five\"}\n") << 1 << QByteArray("n") << type(DataType::String) << QByteArray("0") << QByteArray("five");
        QTest::newRow("time becomes text") << QByteArray("{\"when\":\"never\"}\n") << 1 << QByteArray("when") << type(DataType::String) << QByteArray("2024-01-02T03:04:05Z") << QByteArray("never");
        QTest::newRow("digits are no time") << QByteArray("{\"when\":\"20240102\"}\n") << 1 << QByteArray("when") << type(DataType::String) << QByteArray("2024-01-02T03:04:05Z") << QByteArray("20240102");
        QTest::newRow("text becomes container") << QByteArray("{\"text\":[1]}\n") << 1 << QByteArray("text") << type(DataType::Dynamic) << QByteArray("a") << QByteArray("[1]");
        QTest::newRow("only empty text, then text") << QByteArray("{\"empty\":\"x\"}\n") << 0 << QByteArray("empty") << type(DataType::String) << QByteArray("") << QByteArray("x");
        QTest::newRow("only empty text, then number") << QByteArray("{\"empty\":3}\n") << 1 << QByteArray("empty") << type(DataType::Long) << QByteArray("<null>") << QByteArray("3");
        QTest::newRow("record over many lines") << QByteArray("{\n\"n\":\n2.5}\n") << 1 << QByteArray("n") << type(DataType::Real) << QByteArray("0.0") << QByteArray("2.5");
        QTest::newRow("new member, then wider") << QByteArray("{\"late\":1}\n{\"late\":2.5}\n") << 0 << QByteArray("late") << type(DataType::Real) << QByteArray("<no column>") << QByteArray("2.5");
    }
    void shapeIsGuessedAndMended()
    {
        QFETCH(QByteArray, tail);
        QFETCH(QByteArray, column);
        std::string text;
        std::size_t rows = 0;
        for (; text.size() < 3 * LineChunks::kBytes; ++rows)
            text += "{\"n\":" + std::to_string(rows) + ",\"when\":\"2024-01-02T03:04:05Z\",\"text\":\"a\",\"empty\":\"\",\"filler\":\"" + std::string(300, 'x') + "\"}\n";
        const std::size_t added = static_cast<std::size_t>(tail.count("}\n"));
        ThreadPool pool(2);
        ReadOptions options;
        options.table = "Own_CL";
        options.executor = &pool;
        const auto read = readBytes(text + tail.toStdString(), "x.json", {}, options);
        QVERIFY2(read->status, read->status ? "" : errorMessage(read->status.error()).c_str());
        QTEST(read->sink.restarts, "restarts");
        QCOMPARE(read->sink.rowsOf("Own_CL"), rows + added);
        QCOMPARE(read->sink.rejects.size(), std::size_t{0});
        const catalog::TableSchema& schema = read->sink.tables.at("Own_CL").schema;
        const auto place = schema.indexOf(column.toStdString());
        QVERIFY(place);
        QTEST(static_cast<int>(schema.columns[*place].type), "type");
        QTEST(read->sink.cell("Own_CL", 0, column.toStdString()), "first");
        QTEST(read->sink.cell("Own_CL", rows + added - 1, column.toStdString()), "last");
    }

    void dynamicValuesAreAsFromABuilder_data()
    {
        QTest::addColumn<QByteArray>("json");
        for (const char* json : {"{}", "[]", "{\"a\":1,\"b\":[true,false,null,-5,2.5,\"x\"],\"c\":{\"d\":{}}}", "{\"a\":1,\"b\":2,\"a\":3}", "{\"big\":18446744073709551615,\"long\":9223372036854775807}",
                 "{\"text\":\"\\u00e4\\n\\u0000\"}"})
            QTest::newRow(json) << QByteArray(json);
    }
    void dynamicValuesAreAsFromABuilder()
    {
        QFETCH(QByteArray, json);
        simdjson::dom::parser parser;
        const JsonElement value = parser.parse(json.toStdString()).value();
        std::string encoded;
        appendDynamic(encoded, value);
        DynamicBuilder builder;
        buildDynamic(builder, value);
        QVERIFY(encoded == builder.take());
        QVERIFY(isValidDynamic(encoded));
    }

    void tasksComeInOrder()
    {
        ThreadPool pool(3);
        OrderedTasks<int> tasks(&pool);
        for (int i = 0; i < 100; ++i)
            tasks.add([i] { return i * i; });
        for (int i = 0; i < 60; ++i)
            QCOMPARE(tasks.take(), i * i);
        // The rest is forgotten.
    }
};

QTEST_GUILESS_MAIN(TestJsonLines)
#include "tst_json_lines.moc"
