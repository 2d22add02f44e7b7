// SPDX-License-Identifier: GPL-3.0-or-later
// Random queries must give the same rows in the same order however they are run: with one thread or several, over tables in one piece
// or in many, optimised or as bound. TOCSIN_DIFFERENTIAL_ROUNDS sets how many queries are tried, TOCSIN_DIFFERENTIAL_SEED the first seed.
#include "catalog/MemoryTable.h"
#include "kql/bind/Binder.h"
#include "kql/exec/Compile.h"
#include "kql/plan/Optimizer.h"

#include "QueryMaker.h"

#include <QtTest>

#include <chrono>

namespace tocsin {
namespace {

constexpr Ticks kNow = 638'500'000'000'000'000;

struct Setting {
    const char* name;
    std::size_t pieceRows;
    unsigned threads;
    bool optimised;
};
constexpr Setting kSettings[] = {
    {"one piece, one thread", 1'000'000, 1, true}, {"one piece, two threads", 1'000'000, 2, true}, {"as bound", 1'000'000, 1, false},
    {"pieces of 7, two threads", 7, 2, true},      {"pieces of 7, as bound", 7, 2, false},         {"pieces of 100, three threads", 100, 3, true},
    {"pieces of 1, one thread", 1, 1, true},       {"pieces of 1, two threads", 1, 2, false},
};

} // namespace

class TestDifferential : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void sameRowsHoweverRun();
    void sameRowsOverManyBatches_data();
    void sameRowsOverManyBatches();

private:
    static catalog::MemoryCatalog catalogOf(const Batch& a, const Batch& b, std::size_t pieceRows);
    QStringList run(const std::string& text, const catalog::MemoryCatalog& catalog, const Setting& setting);
    QString firstDifference(const std::string& text, const Batch& a, const Batch& b);

    kql::FunctionRegistry m_functions;
    std::unique_ptr<ThreadPool> m_pool;
};

void TestDifferential::initTestCase()
{
    m_functions = kql::builtInFunctions();
    m_pool = std::make_unique<ThreadPool>(3);
}

catalog::MemoryCatalog TestDifferential::catalogOf(const Batch& a, const Batch& b, std::size_t pieceRows)
{
    catalog::MemoryCatalog catalog("db");
    for (const auto& [name, rows] : {std::pair("A", &a), std::pair("B", &b)}) {
        catalog::TableSchema schema;
        schema.name = name;
        for (const QueryMaker::Column& column : QueryMaker::columns())
            schema.columns.push_back({column.name, column.type, {}});
        std::vector<Batch> pieces;
        for (std::size_t start = 0; start < rows->storedRows; start += pieceRows)
            pieces.push_back(rows->slice(start, std::min(pieceRows, rows->storedRows - start)));
        catalog.add(std::make_shared<catalog::MemoryTable>(schema, std::move(pieces)));
    }
    return catalog;
}

/// Rows as text, or the code of the error.
QStringList TestDifferential::run(const std::string& text, const catalog::MemoryCatalog& catalog, const Setting& setting)
{
    const auto snapshot = catalog.snapshot();
    const kql::BoundQuery bound = kql::bindQuery(text, **snapshot, m_functions);
    if (!bound.ok())
        return {"does not bind", QString::fromStdString(errorMessage(bound.errors[0]))};
    kql::Run::Options options;
    options.now = kNow;
    options.seed = 1;
    options.threads = setting.threads;
    kql::Run run(options, *m_pool);
    const kql::PlanPtr plan = setting.optimised ? kql::optimize(bound.results[0].plan, {kNow, "db"}) : bound.results[0].plan;
    QStringList lines;
    const Result<void> result = [&]() -> Result<void> {
        TOCSIN_TRY_ASSIGN(const kql::OperatorPtr op, kql::compile(plan, run));
        TOCSIN_TRY(op->prepare(run));
        return kql::drainInOrder(*op, run, [&](const Batch& batch) -> Result<bool> {
            const Batch rows = batch.compacted();
            for (std::size_t row = 0; row < rows.storedRows; ++row) {
                std::string line;
                for (const Vector& column : rows.columns)
                    line += column.valueAt(row).toString() + '\t';
                lines << QString::fromStdString(line);
            }
            return true;
        });
    }();
    return result ? lines : QStringList{QString::fromStdString(std::string(result.error().code()))};
}

/// What differs between the first setting and another; empty if nothing does.
QString TestDifferential::firstDifference(const std::string& text, const Batch& a, const Batch& b)
{
    std::optional<QStringList> expected;
    for (const Setting& setting : kSettings) {
        if (a.storedRows > 1000 && setting.pieceRows == 1)
            continue;
        const QStringList got = run(text, catalogOf(a, b, setting.pieceRows), setting);
        if (!expected) {
            expected = got;
            if (got.value(0) == "does not bind")
                return got.join(": ");
        }
        if (got == *expected)
            continue;
        qsizetype at = 0;
        while (at < got.size() && at < expected->size() && got[at] == expected->at(at))
            ++at;
        return QString("%1: %2 rows, expected %3; row %4:\n  %5\nexpected\n  %6").arg(setting.name).arg(got.size()).arg(expected->size()).arg(at).arg(got.value(at), expected->value(at));
    }
    return {};
}

void TestDifferential::sameRowsHoweverRun()
{
    const int rounds = qEnvironmentVariableIsSet("TOCSIN_DIFFERENTIAL_ROUNDS") ? qEnvironmentVariableIntValue("TOCSIN_DIFFERENTIAL_ROUNDS") : 150;
    const int first = qEnvironmentVariableIntValue("TOCSIN_DIFFERENTIAL_SEED");
    int failures = 0;
    for (int round = 0; round < rounds; ++round) {
        QueryMaker maker(static_cast<std::uint64_t>(first + round) * 7919 + 17);
        const Batch a = maker.rows(round % 5 == 0 ? 3 : 150), b = maker.rows(round % 7 == 0 ? 0 : 60);
        const std::string text = maker.query(1 + round % 5);
        if (const QString difference = firstDifference(text, a, b); !difference.isEmpty()) {
            qWarning("seed %d: %s\n%s", first + round, text.c_str(), qPrintable(difference));
            ++failures;
        }
    }
    QCOMPARE(failures, 0);
}

void TestDifferential::sameRowsOverManyBatches_data()
{
    QTest::addColumn<QString>("query");
    QTest::newRow("groups") << "A | summarize count(), sum(r), avg(r), make_set(s, 3), make_list(n, 20), take_any(u), stdev(r) by s, n";
    QTest::newRow("ties") << "A | summarize arg_max(n, *) by s";
    QTest::newRow("first of ties") << "A | summarize arg_min(n, m, r, s) | project n, m, r, s";
    QTest::newRow("all in one group") << "A | summarize sum(r), avg(r), variance(r), covariance(r, n), sum(m), avg(m), make_list(m), make_bag(bag_pack(u, m)), buildschema(d)";
    QTest::newRow("digest") << "A | summarize tdigest(r), hll(m) by b";
    QTest::newRow("order of rows") << "A | where n > 1 | project s, n, m";
    QTest::newRow("take") << "A | where n == 3 | take 100";
    QTest::newRow("take of few") << "A | where m % 1000 == 7 | take 2";
    QTest::newRow("sort with ties") << "A | sort by n asc | extend i = row_number() | where i % 50 == 0";
    QTest::newRow("top with ties") << "A | top 200 by n desc";
    QTest::newRow("distinct") << "A | distinct m | take 500";
    QTest::newRow("join") << "A | join kind=fullouter (B | where n > 3) on m | summarize count(), sum(r) by s";
    QTest::newRow("innerunique") << "A | project s, n, m | join (B | take 100 | project s, u) on s | take 1000";
    QTest::newRow("unions in unions") << "union (union A, (B | where n > 2)), B, (union (A | take 3000), B) | project s, n | take 20000";
    QTest::newRow("series") << "A | make-series c = count(), r = sum(r) default = 0.0 on t from datetime(2024-01-01) to datetime(2024-03-15) step 1d by b";
    QTest::newRow("partition") << "A | partition by s (top 2 by n | extend k = 1)";
    QTest::newRow("expand") << "A | mv-expand d | summarize make_set(d, 10) by s";
    QTest::newRow("sample") << "A | sample 20";
    QTest::newRow("random numbers") << "A | take 5000 | where n == 2 | extend q = rand() | summarize round(sum(q), 6)";
}

void TestDifferential::sameRowsOverManyBatches()
{
    QFETCH(QString, query);
    QueryMaker maker(42);
    const Batch a = maker.rows(9000), b = maker.rows(4500);
    if (query.contains("rand()")) { // drawn by a row's place, which depends on the pieces but not on the threads
        const auto catalog = catalogOf(a, b, 100);
        QCOMPARE(run(query.toStdString(), catalog, {"", 100, 1, true}), run(query.toStdString(), catalog, {"", 100, 2, true}));
        return;
    }
    const QString difference = firstDifference(query.toStdString(), a, b);
    QVERIFY2(difference.isEmpty(), qPrintable(difference));
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::TestDifferential)
#include "tst_kql_differential.moc"
