// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/MemoryTable.h"
#include "engine/LocalEngine.h"
#include "kql/exec/KeyTable.h"
#include "kql/exec/RowOrder.h"
#include "kql/exec/Run.h"

#include <QtTest>

#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

namespace tocsin {
namespace {

inline constexpr ErrorKind kPlanned{"test.planned", "planned", ""};

struct Engine {
    Engine() : catalog("db"), functions(kql::builtInFunctions()), pool(2), local(catalog, functions, pool, clock, log) {}
    catalog::MemoryCatalog catalog;
    kql::FunctionRegistry functions;
    ThreadPool pool;
    SystemClock clock;
    Log log;
    engine::LocalEngine local;
};

engine::QueryRequest requestOf(std::string text, unsigned threads = 2)
{
    engine::QueryRequest request;
    request.text = std::move(text);
    request.threads = threads;
    return request;
}

/// Code of the first error of a run; "done" or "cancelled" otherwise.
std::string outcomeOf(const engine::QueryOutcome& outcome)
{
    if (outcome.kind == engine::QueryOutcome::Kind::Done)
        return "done";
    return outcome.kind == engine::QueryOutcome::Kind::Cancelled ? "cancelled" : std::string(outcome.errors.at(0).code());
}

class CountingSink final : public engine::ResultSink {
public:
    void schema(const engine::ResultSchema&) override {}
    void batch(std::size_t, Batch) override {}
    void progress(const engine::QueryProgress&) override {}
    void finished(const engine::QueryOutcome& outcome) override
    {
        ended = std::chrono::steady_clock::now();
        result = outcomeOf(outcome);
        ++calls;
    }
    std::chrono::steady_clock::time_point ended;
    std::string result;
    int calls = 0;
};

Vector vectorOf(DataType type, const std::vector<Value>& values)
{
    VectorBuilder builder(type);
    for (const Value& value : values)
        builder.append(value);
    return builder.finish();
}

} // namespace

class KqlExecTest : public QObject {
    Q_OBJECT

private slots:
    void parallelRunsEachWorkerOnce();
    void parallelReturnsTheFirstFailureAndStopsOthers();
    void cancelsWithin100Milliseconds_data();
    void cancelsWithin100Milliseconds();
    void limitsAreErrors_data();
    void limitsAreErrors();
    void fewRowsOfManyItemsNeedLittleMemory();
    void keysOfEveryType_data();
    void keysOfEveryType();
    void keysThatAreFound();
    void keysOfSeveralColumns();
    void rowOrder_data();
    void rowOrder();
};

void KqlExecTest::parallelRunsEachWorkerOnce()
{
    ThreadPool pool(3);
    kql::Run run({.threads = 3}, pool);
    std::atomic<int> calls = 0, sum = 0;
    QVERIFY(run.parallel([&](unsigned worker) -> Result<void> {
        ++calls;
        sum += static_cast<int>(worker);
        while (calls < 3)
            std::this_thread::yield();
        return {};
    }));
    QCOMPARE(calls.load(), 3);
    QCOMPARE(sum.load(), 0 + 1 + 2);
}

void KqlExecTest::parallelReturnsTheFirstFailureAndStopsOthers()
{
    ThreadPool pool(2);
    kql::Run run({.threads = 2}, pool);
    std::atomic<int> entered = 0;
    const auto result = run.parallel([&](unsigned worker) -> Result<void> {
        ++entered;
        while (entered < 2)
            std::this_thread::yield();
        if (worker == 1)
            return fail(kPlanned);
        for (;;) { // ends only because the other failed
            TOCSIN_TRY(run.checkStop());
            std::this_thread::yield();
        }
    });
    QVERIFY(!result);
    QCOMPARE(result.error().kind, &kPlanned);
}

void KqlExecTest::cancelsWithin100Milliseconds_data()
{
    QTest::addColumn<QString>("query");
    QTest::newRow("range and summarize") << "range x from 1 to 100000000000 step 1 | summarize count()";
    QTest::newRow("sort") << "range x from 1 to 100000000000 step 1 | sort by x asc | take 1";
    QTest::newRow("join") << "range x from 1 to 100000000000 step 1 | join kind=inner (range x from 1 to 10 step 1) on x | count";
    // Every operator, over more rows than it could ever get through.
    const QString rows = "range x from 1 to 100000000000 step 1 | extend y = x % 10, s = tostring(x)";
    const auto operators = std::initializer_list<const char*>{
        "where x < 0", "extend z = x + 1 | where z < 0", "project-away s | count", "distinct y", "summarize make_list(x) by y", "summarize dcount(s)", "summarize percentile(x, 50)",
        "top 3 by x", "top-nested 2 of y by count()", "top-hitters 3 of y", "take 100000000000 | count", "sample 3", "sample-distinct 20 of y", "serialize r = row_number() | where r < 0",
        "parse s with 'a' z | where z == 'q'", "parse-where s with 'a' z", "parse-kv s as (k:string) | count", "mv-expand z = range(1, 1000) | count", "mv-apply z = range(1, 10) on (summarize sum(tolong(z))) | count",
        "make-series count() default=0 on x from 0 to 1000 step 1", "partition hint.strategy=native by y (top 1 by x)", "scan with (step a: x < 0;)", "reduce by s", "union (range q from 1 to 5 step 1) | count",
        "join kind=fullouter (range x from 1 to 3 step 1) on x | count", "lookup (range x from 1 to 3 step 1 | extend q = x) on x | count", "evaluate bag_unpack(z) | count", "as T | count",
        "make-graph x --> y with_node_id=id | graph-to-table nodes | count", "fork (count) (summarize sum(x))", "facet by y", "render table", "summarize c = count() by s | sort by c | take 1"};
    for (const char* text : operators) {
        const QString tail = text;
        QTest::newRow(text) << (tail.contains("bag_unpack") ? rows + " | extend z = bag_pack('q', x) | " : tail.startsWith("scan") ? rows + " | serialize | " : rows + " | ") + tail;
    }
    QTest::newRow("paths of a graph") << "range i from 1 to 40 step 1 | mv-expand j = range(1, 40) to typeof(long) | make-graph i --> j with_node_id=id | graph-match (a)-[e*5..9]->(b) project a.id | count";
    QTest::newRow("shortest paths of a graph") << "range i from 1 to 30 step 1 | mv-expand j = range(1, 30) to typeof(long) | make-graph i --> j with_node_id=id | graph-shortest-paths output=all (a)-[e*7..20]->(b) project a.id | count";
    QTest::newRow("a large sort") << "range x from 1 to 30000000 step 1 | extend k = (x * 7919) % 1000003 | sort by k asc | summarize take_any(x)";
    QTest::newRow("a subquery") << "print toscalar(range x from 1 to 100000000000 step 1 | summarize sum(x))";
    QTest::newRow("a materialized part") << "let t = materialize(range x from 1 to 100000000000 step 1 | where x % 1000000 == 0); t | count";
}

void KqlExecTest::cancelsWithin100Milliseconds()
{
    QFETCH(QString, query);
    Engine engine;
    for (const unsigned threads : {1U, 2U}) {
        CountingSink sink;
        engine::QueryRequest request = requestOf(query.toStdString(), threads);
        request.limits.memoryBytes = 4ULL << 30;
        request.limits.resultRows = 0; // none that a quick machine reaches before
        request.limits.resultBytes = 0;
        const auto handle = engine.local.submit(std::move(request), sink);
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        const auto asked = std::chrono::steady_clock::now();
        handle->cancel();
        handle->wait();
        QCOMPARE(sink.calls, 1);
        QCOMPARE(sink.result, std::string("cancelled"));
        // The promise is 100 ms; a loaded machine may give our threads no time for a while.
        QVERIFY(sink.ended - asked < std::chrono::milliseconds(qEnvironmentVariableIsSet("TOCSIN_QUIET_MACHINE") ? 100 : 400));
    }
}

void KqlExecTest::limitsAreErrors_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("megabytes");
    QTest::addColumn<int>("milliseconds");
    QTest::addColumn<QString>("code");
    QTest::newRow("none") << "range x from 1 to 10 step 1" << 10 << 0 << 0 << "done";
    QTest::newRow("rows") << "range x from 1 to 11 step 1" << 10 << 0 << 0 << "query.row_limit";
    QTest::newRow("rows that the query allows") << "set truncationmaxrecords = 3; range x from 1 to 4 step 1" << 10 << 0 << 0 << "query.row_limit";
    QTest::newRow("as many rows as the query allows") << "set truncationmaxrecords = 3; range x from 1 to 3 step 1" << 10 << 0 << 0 << "done";
    QTest::newRow("rows that the query allows where any are") << "set truncationmaxrecords = 3; range x from 1 to 4 step 1" << 0 << 0 << 0 << "query.row_limit";
    QTest::newRow("no more than the caller allows") << "set truncationmaxrecords = 30; range x from 1 to 11 step 1" << 10 << 0 << 0 << "query.row_limit";
    QTest::newRow("no truncation") << "set notruncation; set truncationmaxrecords = 3; range x from 1 to 4 step 1" << 10 << 0 << 0 << "done";
    QTest::newRow("memory of a sort") << "range x from 1 to 10000000 step 1 | sort by x" << 0 << 4 << 0 << "query.memory_limit";
    QTest::newRow("memory of groups") << "range x from 1 to 10000000 step 1 | summarize count() by x | count" << 0 << 4 << 0 << "query.memory_limit";
    QTest::newRow("memory of a join") << "range x from 1 to 10 step 1 | join kind=inner (range x from 1 to 10000000 step 1) on x | count" << 0 << 4 << 0 << "query.memory_limit";
    QTest::newRow("memory of an expansion") << "print y = range(1, 1000000) | mv-expand y | count" << 0 << 16 << 0 << "query.memory_limit";
    QTest::newRow("memory of a list") << "range x from 1 to 10000000 step 1 | summarize make_list(x), make_list(-x), make_list(2 * x), make_list(3 * x), make_list(4 * x)" << 0 << 16 << 0 << "query.memory_limit";
    QTest::newRow("memory of collected rows") << "range x from 1 to 10000000 step 1 | serialize | count" << 0 << 4 << 0 << "query.memory_limit";
    QTest::newRow("memory of a partition") << "range x from 1 to 10000000 step 1 | partition hint.strategy=native by x (count)" << 0 << 4 << 0 << "query.memory_limit";
    QTest::newRow("memory of a graph") << "range x from 1 to 1000000 step 1 | extend y = x + 1 | make-graph x --> y with_node_id=id | graph-to-table nodes | count" << 0 << 8 << 0 << "query.memory_limit";
    QTest::newRow("memory of paths") << "range i from 1 to 20 step 1 | mv-expand j = range(1, 20) to typeof(long) | make-graph i --> j with_node_id=id | graph-match (a)-[e*4..5]->(b) project a, e, b | count" << 0 << 8 << 0 << "query.memory_limit";
    QTest::newRow("top needs little memory") << "range x from 1 to 3000000 step 1 | top 5 by x desc | count" << 0 << 12 << 0 << "done";
    QTest::newRow("bytes") << "range x from 1 to 2000000 step 1 | extend s = strcat('some longer text of a row ', x)" << 0 << 0 << 0 << "query.byte_limit";
    QTest::newRow("time") << "range x from 1 to 100000000000 step 1 | summarize count()" << 0 << 0 << 50 << "query.time_limit";
}

void KqlExecTest::limitsAreErrors()
{
    QFETCH(QString, query);
    QFETCH(int, rows);
    QFETCH(int, megabytes);
    QFETCH(int, milliseconds);
    QFETCH(QString, code);
    Engine engine;
    for (const unsigned threads : {1U, 2U}) {
        engine::QueryRequest request = requestOf(query.toStdString(), threads);
        request.limits.resultRows = static_cast<std::uint64_t>(rows);
        request.limits.memoryBytes = static_cast<std::uint64_t>(megabytes) << 20;
        request.limits.time = milliseconds * kTicksPerMillisecond;
        const engine::QueryAnswer answer = engine::runQuery(engine.local, std::move(request));
        QCOMPARE(QString::fromStdString(outcomeOf(answer.outcome)), code);
    }
}

void KqlExecTest::fewRowsOfManyItemsNeedLittleMemory()
{
    Engine engine;
    for (const unsigned threads : {1U, 2U}) {
        engine::QueryRequest request = requestOf("range i from 1 to 20 step 1 | mv-expand with_itemindex=n x = range(i, i + 99999) to typeof(long) | summarize sum(x), count(), max(n)", threads);
        request.limits.memoryBytes = 40ULL << 20; // all two million items at once would take more
        const engine::QueryAnswer answer = engine::runQuery(engine.local, std::move(request));
        QCOMPARE(QString::fromStdString(outcomeOf(answer.outcome)), QString("done"));
        QCOMPARE(answer.results[0].at(0, 0).asLong(), std::int64_t{20} * 100'000 * 99'999 / 2 + std::int64_t{100'000} * 20 * 21 / 2);
        QCOMPARE(answer.results[0].at(0, 1).asLong(), std::int64_t{2'000'000});
        QCOMPARE(answer.results[0].at(0, 2).asLong(), std::int64_t{99'999});
    }
}

void KqlExecTest::keysOfEveryType_data()
{
    QTest::addColumn<int>("type");
    for (const DataType type : {DataType::Bool, DataType::Int, DataType::Long, DataType::Real, DataType::Decimal, DataType::DateTime, DataType::TimeSpan,
                                DataType::Guid, DataType::String})
        QTest::newRow(std::string(typeName(type)).c_str()) << static_cast<int>(type);
}

void KqlExecTest::keysOfEveryType()
{
    QFETCH(int, type);
    const DataType keyType = static_cast<DataType>(type);
    const auto at = [&](int i) -> Value {
        switch (keyType) {
        case DataType::Bool: return Value::boolean(i == 1);
        case DataType::Int: return Value::int32(i);
        case DataType::Long: return Value::int64(i);
        case DataType::Real: return Value::real(i == 1 ? std::numeric_limits<double>::quiet_NaN() : 0.0);
        case DataType::Decimal: return Value::decimal(Decimal(std::int64_t{i}));
        case DataType::DateTime: return Value::dateTime(i);
        case DataType::TimeSpan: return Value::timeSpan(i);
        case DataType::Guid: {
            Guid guid{};
            guid.bytes[0] = static_cast<std::uint8_t>(i);
            return Value::guid(guid);
        }
        default: return Value::string(std::string(static_cast<std::size_t>(i) * 20, 'x'));
        }
    };
    // A string has no null: its null is the empty one, which is value 0 too.
    const bool hasNull = keyType != DataType::String;
    const Value zero = keyType == DataType::Real ? Value::real(-0.0) : at(0);
    const std::vector<Value> values{at(0), at(1), Value::null(keyType), zero, at(1), Value::null(keyType)};
    const Vector keys = vectorOf(keyType, values);
    kql::KeyTable table({keyType});
    std::vector<std::uint32_t> groups;
    table.assign(std::span(&keys, 1), keys.size(), groups);
    const std::uint32_t null = hasNull ? 2 : 0;
    QCOMPARE(groups, (std::vector<std::uint32_t>{0, 1, null, 0, 1, null}));
    QCOMPARE(table.size(), hasNull ? std::size_t{3} : std::size_t{2});
    const Vector back = table.keys(0, table.size())[0];
    QCOMPARE(back.isNull(0), false);
    QCOMPARE(back.valueAt(0).toString(), at(0).toString());
    QCOMPARE(back.valueAt(1).toString(), at(1).toString());
    if (hasNull)
        QVERIFY(back.isNull(2));
}

void KqlExecTest::keysThatAreFound()
{
    kql::KeyTable table({DataType::String});
    const Vector known = vectorOf(DataType::String, {Value::string("a"), Value::string("b")});
    std::vector<std::uint32_t> groups;
    table.assign(std::span(&known, 1), known.size(), groups);
    const Vector asked = vectorOf(DataType::String, {Value::string("b"), Value::string("c"), Value::string("a")});
    kql::KeyScratch scratch;
    table.find(std::span(&asked, 1), asked.size(), scratch, groups);
    QCOMPARE(groups, (std::vector<std::uint32_t>{1, kql::kNoGroup, 0}));
    const auto codes = makeBuffer<std::uint32_t>(3);
    codes[0] = 1;
    codes[1] = 0;
    codes[2] = 1;
    const Vector dictionary = Vector::dictionary(asked, std::shared_ptr<const std::uint32_t[]>(codes), 3);
    table.find(std::span(&dictionary, 1), 3, scratch, groups);
    QCOMPARE(groups, (std::vector<std::uint32_t>{kql::kNoGroup, 1, kql::kNoGroup}));
    table.assign(std::span(&dictionary, 1), 3, groups);
    QCOMPARE(groups, (std::vector<std::uint32_t>{2, 1, 2}));
    QCOMPARE(table.size(), std::size_t{3}); // "a" of the dictionary is used by no row
}

void KqlExecTest::keysOfSeveralColumns()
{
    kql::KeyTable table({DataType::Long, DataType::String});
    const std::vector<Vector> keys{vectorOf(DataType::Long, {Value::int64(1), Value::int64(1), Value::null(DataType::Long), Value::int64(1), Value::null(DataType::Long)}),
                                   vectorOf(DataType::String, {Value::string("a"), Value::string("b"), Value::string("a"), Value::string("a"), Value::string("a")})};
    std::vector<std::uint32_t> groups;
    table.assign(keys, 5, groups);
    QCOMPARE(groups, (std::vector<std::uint32_t>{0, 1, 2, 0, 2}));
    kql::KeyScratch scratch;
    table.find(keys, 5, scratch, groups);
    QCOMPARE(groups, (std::vector<std::uint32_t>{0, 1, kql::kNoGroup, 0, kql::kNoGroup})); // a null key meets nothing
}

void KqlExecTest::rowOrder_data()
{
    QTest::addColumn<bool>("descending");
    QTest::addColumn<bool>("nullsFirst");
    QTest::addColumn<QString>("order");
    QTest::newRow("ascending, nulls first") << false << true << "1 3 4 2 0";
    QTest::newRow("ascending, nulls last") << false << false << "4 2 0 3 1";
    QTest::newRow("descending, nulls last") << true << false << "0 2 4 3 1";
    QTest::newRow("descending, nulls first") << true << true << "1 3 0 2 4";
}

void KqlExecTest::rowOrder()
{
    QFETCH(bool, descending);
    QFETCH(bool, nullsFirst);
    QFETCH(QString, order);
    const Vector key = vectorOf(DataType::Real, {Value::real(2), Value::null(DataType::Real), Value::real(1), Value::real(std::nan("")), Value::real(-1)});
    const kql::SortDirection direction{descending, nullsFirst};
    for (const std::size_t limit : {std::size_t{2}, std::size_t{5}, std::numeric_limits<std::size_t>::max()}) {
        QStringList got;
        for (const std::uint32_t row : kql::sortedRows(std::span(&key, 1), std::span(&direction, 1), key.size(), limit))
            got << QString::number(row);
        QCOMPARE(got.join(' '), order.split(' ').mid(0, static_cast<qsizetype>(std::min<std::size_t>(limit, 5))).join(' '));
    }
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::KqlExecTest)
#include "tst_kql_exec.moc"
