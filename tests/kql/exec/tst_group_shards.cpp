// SPDX-License-Identifier: GPL-3.0-or-later
// Groups of several keys that are so many that rows wait in shards: the same groups, in the same order, as without.
#include "base/TemporaryFolder.h"
#include "catalog/MemoryTable.h"
#include "kql/bind/Binder.h"
#include "kql/exec/Compile.h"
#include "kql/exec/GroupTable.h"
#include "kql/exec/ShardedRows.h"
#include "kql/plan/Optimizer.h"

#include <QtTest>

#include <limits>
#include <random>
#include <set>

namespace tocsin {
namespace {

constexpr Ticks kNow = 638'500'000'000'000'000;
constexpr std::size_t kRows = 110'000;
constexpr std::size_t kLeft = 9'000; // more than a grid of pairs has room for
constexpr std::size_t kRight = 7'000;

const std::vector<catalog::ColumnSchema>& tableColumns()
{
    static const std::vector<catalog::ColumnSchema> columns{{"a", DataType::Long, {}}, {"b", DataType::String, {}}, {"c", DataType::Int, {}}, {"v", DataType::Long, {}},
                                                            {"r", DataType::Real, {}}, {"t", DataType::DateTime, {}}, {"o", DataType::Bool, {}}};
    return columns;
}

/// Many pairs of `a` and `b`; nulls and values that are no number among all.
Batch manyPairs()
{
    std::mt19937_64 random(4);
    std::vector<VectorBuilder> builders;
    for (const catalog::ColumnSchema& column : tableColumns())
        builders.emplace_back(column.type);
    for (std::size_t i = 0; i < kRows; ++i) {
        const std::uint64_t n = random();
        builders[0].append(n % 89 == 0 ? Value::null(DataType::Long) : Value::int64(static_cast<std::int64_t>((n >> 8) % kLeft)));
        builders[1].append(Value::string("b" + std::to_string((n >> 20) % kRight)));
        builders[2].append(n % 11 == 0 ? Value::null(DataType::Int) : Value::int32(static_cast<std::int32_t>((n >> 33) % 3)));
        builders[3].append(n % 7 == 0 ? Value::null(DataType::Long) : Value::int64(static_cast<std::int64_t>((n >> 35) % 50)));
        builders[4].append(n % 13 == 0 ? Value::null(DataType::Real) : Value::real(n % 17 == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>((n >> 40) % 1000) / 7));
        builders[5].append(Value::dateTime(kNow + static_cast<Ticks>((n >> 44) % 5000) * kTicksPerMinute));
        builders[6].append(n % 19 == 0 ? Value::null(DataType::Bool) : Value::boolean((n >> 50) % 2 == 0));
    }
    Batch batch;
    batch.storedRows = kRows;
    for (VectorBuilder& builder : builders)
        batch.columns.push_back(builder.finish());
    return batch;
}

} // namespace

class GroupShardsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void rowsComeBack();
    void sameGroups_data();
    void sameGroups();

private:
    std::vector<std::string> run(const std::string& text, unsigned threads, std::uint64_t memory);

    kql::FunctionRegistry m_functions = kql::builtInFunctions();
    ThreadPool m_pool{2};
    std::unique_ptr<TemporaryFolder> m_folder;
    catalog::MemoryCatalog m_catalog{"db"};
};

void GroupShardsTest::initTestCase()
{
    auto folder = TemporaryFolder::make();
    QVERIFY(folder);
    m_folder = std::make_unique<TemporaryFolder>(std::move(*folder));
    const Batch rows = manyPairs();
    // Each of two threads must come upon enough of them, in about half of the rows.
    std::set<std::pair<std::string, std::string>> pairs;
    for (std::size_t i = 0; i < kRows / 3; ++i)
        pairs.emplace(rows.columns[0].valueAt(i).toString(), rows.columns[1].valueAt(i).toString());
    QVERIFY(pairs.size() > kql::GroupTable::kManyGroups);
    catalog::TableSchema schema;
    schema.name = "T";
    schema.columns = tableColumns();
    std::vector<Batch> pieces;
    for (std::size_t start = 0; start < kRows; start += 3'000)
        pieces.push_back(rows.slice(start, std::min<std::size_t>(3'000, kRows - start)));
    // A long tail of little pieces: what is to come is guessed by their number.
    const std::size_t tail = kql::GroupTable::kManyRows / 500;
    for (std::size_t i = 0; i < tail; ++i)
        pieces.push_back(rows.slice(i, 1));
    m_catalog.add(std::make_shared<catalog::MemoryTable>(schema, std::move(pieces)));
}

std::vector<std::string> GroupShardsTest::run(const std::string& text, unsigned threads, std::uint64_t memory)
{
    kql::Run::Options options;
    options.now = kNow;
    options.seed = 1;
    options.threads = threads;
    options.memoryBytes = memory;
    options.spill.folder = m_folder->path();
    const auto snapshot = m_catalog.snapshot();
    const kql::BoundQuery bound = kql::bindQuery(text, **snapshot, m_functions);
    if (!bound.ok())
        return {errorMessage(bound.errors[0])};
    kql::Run run(std::move(options), m_pool);
    std::vector<std::string> lines;
    const Result<void> result = [&]() -> Result<void> {
        TOCSIN_TRY_ASSIGN(const kql::OperatorPtr op, kql::compile(kql::optimize(bound.results[0].plan, {kNow, "db"}), run));
        TOCSIN_TRY(op->prepare(run));
        return kql::drainInOrder(*op, run, [&](const Batch& batch) -> Result<bool> {
            const Batch rows = batch.compacted();
            for (std::size_t row = 0; row < rows.storedRows; ++row) {
                std::string& line = lines.emplace_back();
                for (const Vector& column : rows.columns)
                    line += column.valueAt(row).toString() + '\t';
            }
            return true;
        });
    }();
    if (!result)
        return {errorMessage(result.error())};
    return lines;
}

void GroupShardsTest::rowsComeBack()
{
    constexpr std::size_t kBatch = 3'000;
    kql::ShardedRows shards(2, {{DataType::Long, {}}, {DataType::String, Value::string("same")}, {DataType::Bool, {}}});
    std::mt19937_64 random(8);
    std::map<std::uint64_t, std::string> expected; // by place
    for (std::uint64_t first = 0; first < 5 * kBatch; first += kBatch) {
        kql::ColumnNumbers keys(2);
        std::vector<std::uint8_t> of;
        TypedBuilder<DataType::Long> numbers;
        TypedBuilder<DataType::Bool> flags;
        for (std::size_t i = 0; i < kBatch; ++i) {
            const std::uint64_t n = random();
            keys[0].push_back(static_cast<std::uint32_t>(n % 100));
            keys[1].push_back(static_cast<std::uint32_t>(n % 1'000));
            of.push_back(n % 3 == 0 ? 5 : static_cast<std::uint8_t>(n % kql::ShardedRows::kShards));
            if (n % 5 == 0)
                numbers.appendNull();
            else
                numbers.append(static_cast<std::int64_t>(n));
            flags.append(n % 2 == 0);
            expected[first + i] = std::to_string(n % 100) + ' ' + std::to_string(n % 1'000) + ' ' + (n % 5 == 0 ? "" : std::to_string(static_cast<std::int64_t>(n))) + " same " + (n % 2 == 0 ? "true" : "false");
        }
        const Vector constant = Vector::constant(Value::string("same"), kBatch);
        const Vector values = numbers.finish();
        const Vector bools = flags.finish();
        const std::vector<const Vector*> arguments{&values, &constant, &bools};
        shards.add(keys, arguments, {first}, of);
    }
    QVERIFY(shards.memoryBytes() > 5 * kBatch * 24);
    std::size_t rows = 0;
    for (std::size_t shard = 0; shard < kql::ShardedRows::kShards; ++shard) {
        std::uint64_t last = 0;
        for (std::size_t chunk = 0; chunk < shards.chunks(shard); ++chunk) {
            const kql::ShardedRows::Rows some = shards.take(shard, chunk);
            for (std::size_t i = 0; i < some.count; ++i, ++rows) {
                std::string line = std::to_string(some.keys[0][i]) + ' ' + std::to_string(some.keys[1][i]);
                for (const Vector& argument : some.arguments)
                    line += ' ' + argument.valueAt(i).toString();
                QCOMPARE(line, expected.at(some.places[i]));
                QVERIFY(last <= some.places[i]);
                last = some.places[i];
            }
        }
    }
    QCOMPARE(rows, expected.size());
}

void GroupShardsTest::sameGroups_data()
{
    QTest::addColumn<QString>("query");
    QTest::newRow("numbers") << "T | summarize count(), sum(v), min(v), max(r), countif(o) by a, b";
    QTest::newRow("three keys") << "T | summarize n = count(), x = avg(r) by a, b, c";
    QTest::newRow("expressions") << "T | summarize sum(v * 2 + c), dcount(v), percentile(r, 50) by b, k = a + 1";
    QTest::newRow("order of rows") << "T | summarize take_any(v), make_list(v), arg_max(r, v, t) by a, b";
    QTest::newRow("no aggregates") << "T | distinct a, b";
    QTest::newRow("times") << "T | summarize count(), max(t) by b, bin(t, 10m)";
    QTest::newRow("text argument") << "T | summarize max(b), count() by a, t"; // cannot wait in shards
    QTest::newRow("top") << "T | summarize s = sum(v) by a, b | top 500 by s";
    const QString wide = "T | summarize a1 = sum(v), a2 = sum(v + 1), a3 = sum(v + 2), a4 = sum(v + 3), a5 = sum(v + 4), a6 = sum(v + 5), a7 = sum(v + 6), a8 = sum(v + 7), a9 = sum(v + 8), "
                         "r1 = sum(r), r2 = sum(r + 1), r3 = sum(r + 2), r4 = sum(r + 3), r5 = sum(r + 4), r6 = sum(r + 5), r7 = sum(r + 6), r8 = sum(r + 7), r9 = sum(r + 8) by a, b";
    QTest::newRow("wide rows") << wide + " | where a2 % 5 == 0";
}

void GroupShardsTest::sameGroups()
{
    QFETCH(QString, query);
    constexpr std::uint64_t kMuch = 2ULL << 30;
    const std::vector<std::string> expected = run(query.toStdString(), 1, kql::GroupTable::kLeastShardMemory - 1);
    QVERIFY(expected.size() >= 500);
    for (const auto& [threads, memory] : {std::pair(1U, kMuch), {2U, kMuch}, {2U, kql::GroupTable::kLeastShardMemory}}) { // the last may have no room for all that waits
        const std::vector<std::string> found = run(query.toStdString(), threads, memory);
        QCOMPARE(found.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            QVERIFY2(found[i] == expected[i], (found[i] + "\n" + expected[i] + "\nrow " + std::to_string(i) + ", threads " + std::to_string(threads) + ", memory " + std::to_string(memory)).c_str());
    }
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::GroupShardsTest)
#include "tst_group_shards.moc"
