// SPDX-License-Identifier: GPL-3.0-or-later
// Queries that do not fit into their memory give the same rows as those that do; what goes wrong on the way is said and leaves nothing.
#include "base/TemporaryFolder.h"
#include "catalog/MemoryTable.h"
#include "column/Dynamic.h"
#include "engine/LocalEngine.h"
#include "kql/bind/Binder.h"
#include "kql/exec/Compile.h"
#include "kql/exec/KeyTable.h"
#include "kql/exec/spill/KeyHash.h"
#include "kql/exec/spill/RunMerger.h"
#include "kql/plan/Optimizer.h"

#include <QtTest>

#include <chrono>
#include <cmath>
#include <limits>
#include <random>

namespace tocsin {
namespace {

constexpr Ticks kNow = 638'500'000'000'000'000;
constexpr quint64 kTinyBudget = 256 << 10;

const std::vector<catalog::ColumnSchema>& tableColumns()
{
    static const std::vector<catalog::ColumnSchema> columns{{"k", DataType::Long, {}}, {"f", DataType::Int, {}}, {"b", DataType::Bool, {}}, {"s", DataType::String, {}}, {"w", DataType::String, {}}, {"r", DataType::Real, {}},
                                                            {"t", DataType::DateTime, {}}, {"g", DataType::Guid, {}}, {"x", DataType::Decimal, {}}, {"d", DataType::Dynamic, {}}};
    return columns;
}

Value someDynamic(std::uint64_t n)
{
    DynamicBuilder builder;
    if (n % 3 == 0) {
        builder.value(Value::int64(static_cast<std::int64_t>(n % 50)));
    } else {
        builder.beginObject();
        builder.key("a");
        builder.value(Value::int64(static_cast<std::int64_t>(n % 40)));
        builder.key(n % 2 ? "b" : "c");
        builder.value(Value::string("v" + std::to_string(n % 7)));
        builder.endObject();
    }
    return Value::dynamic(builder.take());
}

Value someReal(std::uint64_t n)
{
    if (n % 31 == 0)
        return Value::null(DataType::Real);
    if (n % 37 == 0)
        return Value::real(std::numeric_limits<double>::quiet_NaN());
    return Value::real(n % 41 == 0 ? -0.0 : static_cast<double>(n % 5000) / 8 - 100);
}

Batch rowsOf(std::uint64_t seed, std::size_t count, std::size_t keys)
{
    std::mt19937_64 random(seed);
    std::vector<VectorBuilder> builders;
    for (const catalog::ColumnSchema& column : tableColumns())
        builders.emplace_back(column.type);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t n = random();
        Guid guid;
        for (std::size_t byte = 0; byte < 16; ++byte)
            guid.bytes[byte] = static_cast<std::uint8_t>((n % 1500 * 2654435761U) >> (byte % 4 * 8));
        const auto key = static_cast<std::int64_t>(n >> 20) % static_cast<std::int64_t>(keys);
        builders[0].append(n % 97 == 0 ? Value::null(DataType::Long) : Value::int64(key));
        builders[1].append(Value::int32(static_cast<std::int32_t>(n % 9)));
        builders[2].append(Value::boolean(n % 2 == 0));
        builders[3].append(Value::string("user" + std::to_string(n % 800)));
        builders[4].append(Value::string(std::string(40 + n % 60, static_cast<char>('a' + n % 26)) + std::to_string(n % 2500)));
        builders[5].append(someReal(n >> 8));
        builders[6].append(Value::dateTime(kNow + static_cast<Ticks>(n % 3000) * kTicksPerMinute));
        builders[7].append(Value::guid(guid));
        builders[8].append(Value::decimal(Decimal(static_cast<std::int64_t>(n % 1200))));
        builders[9].append(n % 53 == 0 ? Value::null(DataType::Dynamic) : someDynamic(n >> 5));
    }
    Batch batch;
    batch.storedRows = count;
    for (VectorBuilder& builder : builders)
        batch.columns.push_back(builder.finish());
    // As a store gives it: a string column of codes into one dictionary.
    const Batch values = batch;
    kql::KeyTable names({DataType::String});
    std::vector<std::uint32_t> groups;
    names.assign(std::span(&values.columns[3], 1), count, groups);
    auto codes = makeBuffer<std::uint32_t>(count);
    std::copy(groups.begin(), groups.end(), codes.get());
    batch.columns[3] = Vector::dictionary(names.keys(0, names.size())[0], std::move(codes), count);
    return batch;
}

/// Counts bytes, and at some point fails, spoils what is read, or asks for the run to be stopped.
struct Trouble {
    std::uint64_t failAfter = ~std::uint64_t{0};
    bool spoil = false;
    std::stop_source* stopAtWrite = nullptr;
    std::stop_source* stopAtRead = nullptr;
    std::atomic<std::uint64_t> written = 0;
    std::atomic<int> open = 0;
    std::chrono::steady_clock::time_point stopped;
};

class TroubledDevice final : public kql::SpillDevice {
public:
    TroubledDevice(std::unique_ptr<kql::SpillDevice> inner, Trouble& trouble) : m_inner(std::move(inner)), m_trouble(trouble) { ++m_trouble.open; }
    ~TroubledDevice() override { --m_trouble.open; }
    Result<void> write(std::uint64_t offset, std::span<const char> bytes) override
    {
        if (m_trouble.written.fetch_add(bytes.size()) + bytes.size() > m_trouble.failAfter)
            return fail(kql::kSpillFile, "folder", "No space left on device");
        stop(m_trouble.stopAtWrite);
        return m_inner->write(offset, bytes);
    }
    Result<void> read(std::uint64_t offset, std::span<char> bytes) override
    {
        stop(m_trouble.stopAtRead);
        Result<void> result = m_inner->read(offset, bytes);
        if (m_trouble.spoil && !bytes.empty())
            bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x40);
        return result;
    }

private:
    void stop(std::stop_source* source)
    {
        if (source && !source->stop_requested() && source->request_stop())
            m_trouble.stopped = std::chrono::steady_clock::now();
    }
    std::unique_ptr<kql::SpillDevice> m_inner;
    Trouble& m_trouble;
};

struct Answer {
    QStringList lines; ///< or the code of the error
    std::uint64_t spilled = 0;
    std::uint64_t left = 0; ///< bytes of temporary files at the end
};

} // namespace

class SpillTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void blocksReadBackAsWritten_data();
    void blocksReadBackAsWritten();
    void runsMergeInOrder_data();
    void runsMergeInOrder();
    void equalKeysHashAlike();
    void sameRowsFromDisk_data();
    void sameRowsFromDisk();
    void whatGoesWrongIsSaid_data();
    void whatGoesWrongIsSaid();
    void stopsWithin100Milliseconds_data();
    void stopsWithin100Milliseconds();
    void theEngineTakesFolderAndLimit();

private:
    kql::Run::Options optionsOf(std::uint64_t memory, unsigned threads, bool spills) const;
    Answer run(const std::string& text, kql::Run::Options options, std::size_t mostRows = ~std::size_t{0});
    bool folderIsEmpty() const { return std::filesystem::is_empty(m_folder->path()); }

    kql::FunctionRegistry m_functions;
    std::unique_ptr<ThreadPool> m_pool;
    std::unique_ptr<TemporaryFolder> m_folder;
    catalog::MemoryCatalog m_catalog{"db"};
};

void SpillTest::initTestCase()
{
    m_functions = kql::builtInFunctions();
    m_pool = std::make_unique<ThreadPool>(2);
    auto folder = TemporaryFolder::make();
    QVERIFY(folder);
    m_folder = std::make_unique<TemporaryFolder>(std::move(*folder));
    for (const auto& [name, rows] : {std::pair<std::string, Batch>("T", rowsOf(1, 8000, 3000)), {"U", rowsOf(2, 4000, 2500)}, {"Small", rowsOf(3, 40, 20)}}) {
        catalog::TableSchema schema;
        schema.name = name;
        schema.columns = tableColumns();
        std::vector<Batch> pieces;
        for (std::size_t start = 0; start < rows.storedRows; start += 300)
            pieces.push_back(rows.slice(start, std::min<std::size_t>(300, rows.storedRows - start)));
        m_catalog.add(std::make_shared<catalog::MemoryTable>(schema, std::move(pieces)));
    }
}

kql::Run::Options SpillTest::optionsOf(std::uint64_t memory, unsigned threads, bool spills) const
{
    kql::Run::Options options;
    options.now = kNow;
    options.seed = 1;
    options.threads = threads;
    options.memoryBytes = memory;
    if (spills)
        options.spill.folder = m_folder->path();
    return options;
}

Answer SpillTest::run(const std::string& text, kql::Run::Options options, std::size_t mostRows)
{
    const auto snapshot = m_catalog.snapshot();
    const kql::BoundQuery bound = kql::bindQuery(text, **snapshot, m_functions);
    if (!bound.ok())
        return {{"does not bind", QString::fromStdString(errorMessage(bound.errors[0]))}};
    kql::Run run(std::move(options), *m_pool);
    const kql::PlanPtr plan = kql::optimize(bound.results[0].plan, {kNow, "db"});
    Answer answer;
    const Result<void> result = [&]() -> Result<void> {
        TOCSIN_TRY_ASSIGN(const kql::OperatorPtr op, kql::compile(plan, run));
        TOCSIN_TRY(op->prepare(run));
        return kql::drainInOrder(*op, run, [&](const Batch& batch) -> Result<bool> {
            const Batch rows = batch.compacted();
            for (std::size_t row = 0; row < rows.storedRows; ++row) {
                std::string line;
                for (const Vector& column : rows.columns)
                    line += column.valueAt(row).toString() + '\t';
                answer.lines << QString::fromStdString(line);
            }
            return static_cast<std::size_t>(answer.lines.size()) < mostRows;
        });
    }();
    if (!result)
        answer.lines = QStringList{QString::fromStdString(std::string(result.error().code()))};
    answer.spilled = run.spill().peak();
    answer.left = run.spill().used();
    return answer;
}

void SpillTest::blocksReadBackAsWritten_data()
{
    QTest::addColumn<int>("column");
    for (std::size_t i = 0; i < tableColumns().size(); ++i)
        QTest::newRow(tableColumns()[i].name.c_str()) << static_cast<int>(i);
}

void SpillTest::blocksReadBackAsWritten()
{
    QFETCH(int, column);
    const Batch rows = rowsOf(5, 1000, 50);
    const Vector& values = rows.columns[static_cast<std::size_t>(column)];
    const std::vector<std::uint32_t> few{7, 3, 3, 999, 0};
    for (const Vector& kind : {values, values.flatten(), Vector::constant(values.valueAt(1), 1000), Vector::nulls(values.type(), 1000), values.slice(0, 1000)})
        for (const std::vector<std::uint32_t>& which : {kql::allRows(1000), few}) {
            kql::SpillSpace space({m_folder->path(), 0, kql::openSpillDevice});
            auto file = space.file();
            QVERIFY(file);
            kql::RunWriter writer(*file, 4096);
            QVERIFY(writer.write(std::span(&kind, 1), which));
            file->reset();
            kql::RunReader reader(writer.finish());
            std::size_t at = 0;
            for (auto batch = reader.next(); batch && *batch; batch = reader.next())
                for (std::size_t i = 0; i < (*batch)->storedRows; ++i, ++at)
                    QCOMPARE((*batch)->columns[0].valueAt(i).toString(), kind.valueAt(which[at]).toString());
            QCOMPARE(at, which.size());
        }
}

void SpillTest::runsMergeInOrder_data()
{
    QTest::addColumn<int>("runs");
    for (const int runs : {0, 1, 2, 3, 5, 64, 150})
        QTest::addRow("%d", runs) << runs;
}

void SpillTest::runsMergeInOrder()
{
    QFETCH(int, runs);
    kql::Run run(optionsOf(kTinyBudget, 1, true), *m_pool);
    auto file = run.spill().file();
    QVERIFY(file);
    std::mt19937_64 random(static_cast<std::uint64_t>(runs));
    std::vector<std::pair<std::int64_t, std::int64_t>> expected; // value, run
    std::vector<kql::SpillRun> written;
    for (int i = 0; i < runs; ++i) {
        std::vector<std::int64_t> values(random() % 400);
        for (std::int64_t& value : values)
            value = static_cast<std::int64_t>(random() % 1000);
        std::sort(values.begin(), values.end());
        TypedBuilder<DataType::Long> keys, numbers;
        for (const std::int64_t value : values) {
            keys.append(value);
            numbers.append(i);
            expected.emplace_back(value, i);
        }
        Batch batch;
        batch.storedRows = values.size();
        batch.columns = {numbers.finish(), keys.finish()};
        kql::RunWriter writer(*file, 512);
        QVERIFY(writer.write(batch));
        written.push_back(writer.finish());
    }
    std::sort(expected.begin(), expected.end());
    auto merged = kql::MergedRows::make(written, kql::RunOrder::byPlace(1), {.columns = 2}, run);
    QVERIFY(merged);
    const auto cursor = (*merged)->cursor();
    std::size_t at = 0;
    for (auto batch = cursor->next(); batch && *batch; batch = cursor->next())
        for (std::size_t i = 0; i < (*batch)->storedRows; ++i, ++at) {
            QCOMPARE((*batch)->columns[1].valueAt(i).asLong(), expected[at].first);
            QCOMPARE((*batch)->columns[0].valueAt(i).asLong(), expected[at].second);
        }
    QCOMPARE(at, expected.size());
}

void SpillTest::equalKeysHashAlike()
{
    const Batch rows = rowsOf(9, 500, 40);
    for (const Vector& column : rows.columns) {
        kql::KeyHasher hasher;
        kql::KeyTable table({column.type()});
        std::vector<std::uint64_t> hashes, flat;
        std::vector<std::uint32_t> groups;
        hasher.hash(std::span(&column, 1), column.size(), hashes);
        const Vector flattened = column.flatten();
        hasher.hash(std::span(&flattened, 1), column.size(), flat);
        QCOMPARE(hashes, flat);
        table.assign(std::span(&column, 1), column.size(), groups);
        std::vector<std::uint64_t> ofGroup(table.size());
        for (std::size_t i = 0; i < groups.size(); ++i)
            ofGroup[groups[i]] = hashes[i];
        for (std::size_t i = 0; i < groups.size(); ++i)
            QCOMPARE(hashes[i], ofGroup[groups[i]]);
        std::sort(ofGroup.begin(), ofGroup.end());
        QVERIFY(std::unique(ofGroup.begin(), ofGroup.end()) == ofGroup.end());
    }
}

void SpillTest::sameRowsFromDisk_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<quint64>("budget");
    const auto add = [](const char* name, const QString& query, quint64 budget = kTinyBudget) { QTest::newRow(name) << query << budget; };
    constexpr quint64 kSmallBudget = 1 << 20; // where operators that hold a whole batch of the result come behind
    add("sort by text", "T | sort by s asc, k desc");
    add("sort by real", "T | sort by r asc nulls first");
    add("sort by real, nulls last", "T | sort by r desc nulls last, w asc");
    add("sort by decimal", "T | sort by x desc");
    add("sort by guid", "T | sort by g asc");
    add("sort by text of dynamic", "T | sort by tostring(d) asc");
    add("sort, then take", "T | sort by t desc | take 1500", kSmallBudget);
    add("sort of joined", "T | join kind=inner U on k | sort by w asc, w1 desc");
    add("top of many", "T | top 1500 by w asc", kSmallBudget);
    add("top of few", "T | top 20 by t desc");
    add("groups", "T | summarize count(), sum(r), avg(r), min(w), max(t), countif(b), stdev(r), variance(r) by k");
    add("groups of text", "T | summarize count(), sum(k) by w");
    add("groups of several keys", "T | summarize count(), take_any(w), max(w) by s, f, b");
    add("groups of guids", "T | summarize count(), make_set(k) by g");
    add("groups of decimals", "T | summarize count(), min(g) by x, f");
    add("groups of reals", "T | summarize count(), max(k) by r, f");
    add("groups of dynamics", "T | summarize count(), make_bag(d) by tostring(d), f");
    add("groups of bins", "T | summarize count(), sumif(k, b) by bin(t, 2m), f");
    add("rows of groups", "T | summarize arg_max(t, *) by k", kSmallBudget);
    add("rows of groups, least", "T | summarize arg_min(r, w, d) by k", kSmallBudget);
    add("lists", "T | summarize make_list(w), make_list(r), make_set(s) by k");
    add("lists that grow", "T | summarize make_list(w), count() by s");
    add("sets that grow", "T | summarize make_set(w), dcount(k) by x");
    add("conditions", "T | summarize sumif(k, f > 3), make_list_if(w, b), take_anyif(w, f == 2) by k");
    add("digests", "T | summarize tdigest(k), hll(w) by x", kSmallBudget);
    add("percentiles", "T | summarize percentiles(k, 5, 50, 95), percentile(r, 30) by s, b");
    add("schemas", "T | summarize buildschema(d), count() by w", kSmallBudget);
    add("distinct", "T | distinct w, f");
    add("distinct of everything", "T | distinct k, f, b, s, w, r, t, g, x");
    add("groups of groups", "T | summarize c = count(), m = max(w) by w, f | summarize count(), sum(c), make_list(m, 3) by f, c");
    add("groups in order", "T | sort by w asc | summarize make_list(k), count() by s, f");
    add("groups, then top", "T | summarize c = count(), w = max(w) by k | top 50 by c desc");
    add("groups, then filter and take", "T | summarize c = count(), w = max(w) by k | where c > 2 | take 100", kSmallBudget);
    for (const char* kind : {"innerunique", "inner", "leftouter", "rightouter", "fullouter", "leftsemi", "rightsemi", "leftanti", "rightanti"}) {
        QTest::addRow("join %s", kind) << QString("T | join kind=%1 U on k").arg(kind) << kTinyBudget;
        QTest::addRow("join %s on text", kind) << QString("T | project w, k, s | join kind=%1 (U | project w, f, t) on w").arg(kind) << kTinyBudget;
        QTest::addRow("join %s on two keys", kind) << QString("T | project s, f, k, w | join kind=%1 (U | project s, f, t, w) on s, f").arg(kind) << kTinyBudget;
        QTest::addRow("join %s on one value", kind) << QString("Small | take 8 | project f1 = k, one = 1 | join kind=%1 (U | project w, one = 1) on one").arg(kind) << kTinyBudget;
        QTest::addRow("join %s on one value, turned", kind) << QString("U | project w, one = 1 | join kind=%1 (Small | take 8 | project f1 = k, one = 1) on one").arg(kind) << kTinyBudget;
        QTest::addRow("join %s with nothing", kind) << QString("T | join kind=%1 (U | where k == -1) on k").arg(kind) << kTinyBudget;
    }
    add("join of much by few", "T | extend one = k % 300 | project one, w | join kind=leftouter (U | extend one = k % 300 | project one, g, k) on one | summarize count(), sum(k) by one");
    add("join, then groups", "T | join kind=fullouter U on k | summarize count(), min(w), max(w1) by s");
    add("join, then take", "T | join kind=inner U on s, f | take 1000", 4 * kSmallBudget); // batches of wide rows wait their turn
    add("lookup", "T | lookup (U | project k, u = w) on k");
    add("join of joins", "T | project k, w | join kind=inner (U | project k, s) on k | join kind=leftouter (T | project s, q = w, f | where f == 1) on s | summarize count(), max(q) by k, w");
}

void SpillTest::sameRowsFromDisk()
{
    QFETCH(QString, query);
    QFETCH(quint64, budget);
    const std::string text = query.toStdString();
    const Answer expected = run(text, optionsOf(1ULL << 30, 1, false));
    QCOMPARE(expected.spilled, std::uint64_t{0});
    QVERIFY2(expected.lines.value(0) != "does not bind", qPrintable(expected.lines.join(": ")));
    for (const unsigned threads : {1U, 2U}) {
        const Answer got = run(text, optionsOf(budget, threads, true));
        qsizetype at = 0;
        while (at < got.lines.size() && at < expected.lines.size() && got.lines[at] == expected.lines[at])
            ++at;
        QVERIFY2(got.lines == expected.lines, qPrintable(QString("%1 threads: %2 rows, expected %3; row %4:\n  %5\nexpected\n  %6").arg(threads).arg(got.lines.size()).arg(expected.lines.size()).arg(at).arg(got.lines.value(at), expected.lines.value(at))));
        QCOMPARE(got.left, std::uint64_t{0});
    }
    QVERIFY(folderIsEmpty());
}

void SpillTest::whatGoesWrongIsSaid_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<quint64>("failAfter");
    QTest::addColumn<bool>("spoil");
    QTest::addColumn<quint64>("limit");
    QTest::addColumn<bool>("spills");
    QTest::addColumn<QString>("code");
    const quint64 never = ~quint64{0};
    for (const auto& [name, query] : {std::pair("sort", "T | sort by w asc"), {"groups", "T | summarize count(), max(w) by w, k"}, {"join", "T | join kind=fullouter U on k"}}) {
        QTest::addRow("%s, disk full at once", name) << query << quint64{0} << false << quint64{0} << true << "query.spill_file";
        QTest::addRow("%s, disk full later", name) << query << quint64{200'000} << false << quint64{0} << true << "query.spill_file";
        QTest::addRow("%s, limit", name) << query << never << false << quint64{100'000} << true << "query.spill_limit";
        QTest::addRow("%s, damaged", name) << query << never << true << quint64{0} << true << "query.spill_damaged";
        QTest::addRow("%s, no folder", name) << query << never << false << quint64{0} << false << "query.memory_limit";
    }
    QTest::newRow("one list of everything") << "T | summarize make_list(w)" << never << false << quint64{0} << true << "query.memory_limit";
}

void SpillTest::whatGoesWrongIsSaid()
{
    QFETCH(QString, query);
    QFETCH(quint64, failAfter);
    QFETCH(bool, spoil);
    QFETCH(quint64, limit);
    QFETCH(bool, spills);
    QFETCH(QString, code);
    for (const unsigned threads : {1U, 2U}) {
        Trouble trouble;
        trouble.failAfter = failAfter;
        trouble.spoil = spoil;
        kql::Run::Options options = optionsOf(kTinyBudget, threads, spills);
        options.spill.limitBytes = limit;
        options.spill.open = [&trouble](const std::filesystem::path& folder) -> Result<std::unique_ptr<kql::SpillDevice>> {
            TOCSIN_TRY_ASSIGN(std::unique_ptr<kql::SpillDevice> inner, kql::openSpillDevice(folder));
            return std::make_unique<TroubledDevice>(std::move(inner), trouble);
        };
        const Answer answer = run(query.toStdString(), options);
        QCOMPARE(answer.lines, QStringList{code});
        QCOMPARE(answer.left, std::uint64_t{0});
        QCOMPARE(trouble.open.load(), 0);
        QVERIFY(folderIsEmpty());
    }
}

void SpillTest::stopsWithin100Milliseconds_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<bool>("reading");
    for (const auto& [name, query] : {std::pair("sort", "T | sort by w asc"), {"groups", "T | summarize count(), max(w) by w, k"}, {"join", "T | join kind=fullouter U on s"}}) {
        QTest::addRow("%s, while it writes", name) << query << false;
        QTest::addRow("%s, while it reads", name) << query << true;
    }
}

void SpillTest::stopsWithin100Milliseconds()
{
    QFETCH(QString, query);
    QFETCH(bool, reading);
    std::stop_source source;
    Trouble trouble;
    (reading ? trouble.stopAtRead : trouble.stopAtWrite) = &source;
    kql::Run::Options options = optionsOf(kTinyBudget, 2, true);
    options.stop = source.get_token();
    options.spill.open = [&trouble](const std::filesystem::path& folder) -> Result<std::unique_ptr<kql::SpillDevice>> {
        TOCSIN_TRY_ASSIGN(std::unique_ptr<kql::SpillDevice> inner, kql::openSpillDevice(folder));
        return std::make_unique<TroubledDevice>(std::move(inner), trouble);
    };
    const Answer answer = run(query.toStdString(), options);
    const auto took = std::chrono::steady_clock::now() - trouble.stopped;
    QCOMPARE(answer.lines, QStringList{"base.cancelled"});
    QVERIFY2(took < std::chrono::milliseconds(100), qPrintable(QString::number(std::chrono::duration_cast<std::chrono::milliseconds>(took).count())));
    QCOMPARE(trouble.open.load(), 0);
    QVERIFY(folderIsEmpty());
}

void SpillTest::theEngineTakesFolderAndLimit()
{
    SystemClock clock;
    Log log;
    engine::LocalEngine local(m_catalog, m_functions, *m_pool, clock, log, {}, m_folder->path());
    engine::QueryRequest request;
    request.text = "T | summarize count(), max(w) by k, w | project k, w";
    request.limits.memoryBytes = kTinyBudget;
    const engine::QueryAnswer answer = engine::runQuery(local, request);
    QVERIFY2(answer.outcome.errors.empty(), answer.outcome.errors.empty() ? "" : errorMessage(answer.outcome.errors[0]).c_str());
    QVERIFY(answer.outcome.statistics.peakSpillBytes > 0);
    request.limits.spillBytes = 50'000;
    const engine::QueryAnswer limited = engine::runQuery(local, request);
    QCOMPARE(QString::fromStdString(std::string(limited.outcome.errors.at(0).code())), QString("query.spill_limit"));
    QVERIFY(folderIsEmpty());
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::SpillTest)
#include "tst_spill.moc"
