// SPDX-License-Identifier: GPL-3.0-or-later
// Published rules and hunting queries that bind must also run to their end: over empty tables of their schemas, and over tables that hold
// a few rows of every kind of value. One in ten is run; all of them with TOCSIN_ALL_RULES set.
#include "catalog/MemoryTable.h"
#include "column/Dynamic.h"
#include "engine/LocalEngine.h"
#include "ingest/SchemaLibrary.h"
#include "kql/bind/Binder.h"
#include "support/PublishedRules.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <simdjson.h>

namespace tocsin {

using test::PublishedQuery;

namespace {

std::vector<PublishedQuery> communityQueries()
{
    std::vector<PublishedQuery> queries;
    simdjson::dom::parser parser;
    simdjson::dom::document_stream lines;
    if (parser.load_many(test::sharedFolder() + "/conformance/rules.dev.jsonl", 4'000'000).get(lines))
        return queries;
    for (auto line : lines)
        queries.push_back({std::string(std::string_view(line["id"])), std::string(std::string_view(line["query"]))});
    return queries;
}

/// Values such as logs hold, and such as they should not.
Value someValue(DataType type, Ticks now, std::mt19937_64& random)
{
    static constexpr std::string_view kTexts[] = {"", "alice@contoso.com", "203.0.113.7", "10.0.0.4", "powershell.exe -enc SQBFAFgA", "C:\\Windows\\System32\\cmd.exe", "0", "Success", "https://example.com/a?b=1",
                                                  "{\"displayName\":\"x\",\"modifiedProperties\":[{\"displayName\":\"a\",\"newValue\":\"[\\\"b\\\"]\"}]}", "<EventData><Data Name=\"a\">1</Data></EventData>", "not json {", "Ünïcode \xF0\x9F\x98\x80"};
    static constexpr std::string_view kBags[] = {"[]", "{}", "[{\"displayName\":\"a\",\"userPrincipalName\":\"b@c.d\",\"modifiedProperties\":[{\"displayName\":\"n\",\"newValue\":\"v\"}]}]",
                                                 "{\"user\":{\"id\":\"u\",\"ipAddress\":\"203.0.113.7\"},\"city\":\"Paris\",\"geoCoordinates\":{\"latitude\":48.8,\"longitude\":2.3}}", "\"text\"", "17", "[1,\"x\",null]"};
    if (random() % 10 == 0)
        return Value::null(type);
    switch (type) {
    case DataType::Bool: return Value::boolean(random() % 2);
    case DataType::Int: return Value::int32(static_cast<std::int32_t>(random() % 5000));
    case DataType::Long: return Value::int64(static_cast<std::int64_t>(random() % 100'000));
    case DataType::Real: return Value::real(static_cast<double>(random() % 1000) / 8);
    case DataType::Decimal: return Value::decimal(Decimal(static_cast<std::int64_t>(random() % 1000)));
    case DataType::DateTime: return Value::dateTime(now - static_cast<Ticks>(random() % (14 * 24 * 60)) * kTicksPerMinute);
    case DataType::TimeSpan: return Value::timeSpan(static_cast<Ticks>(random() % 1000) * kTicksPerSecond);
    case DataType::Guid: return Value::guid(Guid{});
    case DataType::String: return Value::string(std::string(kTexts[random() % std::size(kTexts)]));
    case DataType::Dynamic: return Value::dynamic(*dynamicFromJson(kBags[random() % std::size(kBags)]));
    }
    return Value::null(type);
}

Batch someRows(const catalog::TableSchema& schema, std::size_t rows, Ticks now, std::mt19937_64& random)
{
    Batch batch;
    batch.storedRows = rows;
    for (const catalog::ColumnSchema& column : schema.columns) {
        VectorBuilder builder(column.type);
        for (std::size_t row = 0; row < rows; ++row)
            builder.append(someValue(column.type, now, random));
        batch.columns.push_back(builder.finish());
    }
    return batch;
}

} // namespace

class TestRulesRun : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void runToTheirEnd_data();
    void runToTheirEnd();

private:
    static constexpr Ticks kNow = 638'500'000'000'000'000;
    catalog::MemoryCatalog m_empty{"workspace"};
    catalog::MemoryCatalog m_filled{"workspace"};
    kql::FunctionRegistry m_functions = kql::builtInFunctions();
};

void TestRulesRun::initTestCase()
{
    if (!std::filesystem::exists(test::sharedFolder() + "/rules/sentinel/expected.jsonl"))
        QSKIP("no shared data");
    const auto library = ingest::SchemaLibrary::fromFolder(test::sharedFolder() + "/schemas");
    QVERIFY(library.has_value());
    std::mt19937_64 random(7);
    for (const std::string& name : library->names()) {
        const catalog::TableSchema& schema = *library->find(name);
        m_empty.add(std::make_shared<catalog::MemoryTable>(schema, std::vector<Batch>()));
        std::vector<Batch> pieces{someRows(schema, 30, kNow, random), someRows(schema, 5, kNow, random)};
        m_filled.add(std::make_shared<catalog::MemoryTable>(schema, std::move(pieces)));
    }
}

void TestRulesRun::runToTheirEnd_data()
{
    QTest::addColumn<bool>("community");
    QTest::addColumn<bool>("filled");
    QTest::newRow("rules, no rows") << false << false;
    QTest::newRow("rules, a few rows") << false << true;
    QTest::newRow("community queries, no rows") << true << false;
    QTest::newRow("community queries, a few rows") << true << true;
}

void TestRulesRun::runToTheirEnd()
{
    QFETCH(bool, community);
    QFETCH(bool, filled);
    const catalog::MemoryCatalog& catalog = filled ? m_filled : m_empty;
    ThreadPool pool(2);
    SystemClock clock;
    Log log;
    engine::LocalEngine engine(catalog, m_functions, pool, clock, log);
    const std::size_t every = qEnvironmentVariableIsSet("TOCSIN_ALL_RULES") ? 1 : 10;
    const std::vector<PublishedQuery> queries = community ? communityQueries() : test::publishedRules();
    int ran = 0;
    std::map<std::string, int> outcomes;
    QStringList failures;
    for (std::size_t i = 0; i < queries.size(); i += every) {
        engine::QueryRequest request;
        request.text = queries[i].text;
        request.now = kNow;
        request.limits.time = 20 * kTicksPerSecond;
        if (!kql::bindQuery(request.text, **catalog.snapshot(), m_functions).ok())
            continue;
        ++ran;
        const engine::QueryAnswer answer = engine::runQuery(engine, std::move(request));
        if (answer.outcome.kind == engine::QueryOutcome::Kind::Done)
            continue;
        const Error& error = answer.outcome.errors.at(0);
        ++outcomes[std::string(error.code())];
        if (!test::needsAService(error))
            failures << QString::fromStdString(queries[i].name + ": " + errorMessage(error));
    }
    qInfo("%d of %d ran", ran, static_cast<int>(queries.size() / every));
    for (const auto& [code, count] : outcomes)
        qInfo("%4d  %s", count, code.c_str());
    QVERIFY(ran > 0);
    QVERIFY2(failures.isEmpty(), qPrintable(failures.join('\n')));
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::TestRulesRun)
#include "tst_rules_run.moc"
