// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include "base/Utf8.h"
#include "catalog/ValueTimes.h"
#include "column/Dynamic.h"
#include "store/segment/Zone.h"

#include <cmath>
#include <random>
#include <set>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;
using catalog::ScanPredicate;

namespace {

const catalog::TableSchema kSchema{"Events",
    {{"TimeGenerated", DataType::DateTime, ""}, {"Id", DataType::Long, ""}, {"Level", DataType::Int, ""}, {"Score", DataType::Real, ""}, {"Cost", DataType::Decimal, ""},
        {"Key", DataType::Guid, ""}, {"Text", DataType::String, ""}, {"Flag", DataType::Bool, ""}, {"Took", DataType::TimeSpan, ""}, {"More", DataType::Dynamic, ""}},
    "", {}, false, false};

Guid guidOf(std::uint64_t number)
{
    Guid guid;
    for (std::size_t i = 0; i < 16; ++i)
        guid.bytes[i] = static_cast<std::uint8_t>(number * 0x9E3779B97F4A7C15ULL >> (8 * (i % 8)));
    return guid;
}

const std::vector<std::string> kWords{"alpha", "Beta", "gamma9", "x1", "ÄRGER", "powershell", "cmd", "a-b", "C:\\Windows", "9"};

class EventGenerator {
public:
    explicit EventGenerator(std::uint64_t seed) : m_random(seed) {}
    Value value(DataType type)
    {
        if (below(6) == 0)
            return Value::null(type);
        const auto number = static_cast<std::int64_t>(m_base + below(50));
        switch (type) {
        case DataType::Bool: return Value::boolean(number % 2 == 0);
        case DataType::Int: return Value::int32(static_cast<std::int32_t>(number) - 100);
        case DataType::Long: return Value::int64(number * 1'000 - 100'000);
        case DataType::Real: return Value::real(below(40) == 0 ? std::nan("") : static_cast<double>(number) / 4 - 10);
        case DataType::Decimal: return Value::decimal(*Decimal::parse(std::to_string(number) + ".25"));
        case DataType::DateTime: return Value::dateTime(kUnixEpoch + number * kTicksPerMinute);
        case DataType::TimeSpan: return Value::timeSpan((number - 60) * kTicksPerSecond);
        case DataType::Guid: return Value::guid(guidOf(static_cast<std::uint64_t>(number)));
        case DataType::String: return Value::string(text());
        case DataType::Dynamic: return Value::dynamic(*dynamicFromJson("{\"n\":" + std::to_string(number) + "}"));
        }
        return Value::null(type);
    }
    std::string text()
    {
        std::string text;
        for (std::uint64_t i = below(4); i > 0; --i)
            text += kWords[below(kWords.size())] + (below(3) ? " " : "_");
        if (below(3) == 0)
            text += std::to_string(m_base + below(30));
        if (below(9) == 0)
            text += std::string(kZoneText, 'z') + std::to_string(below(3));
        return text;
    }
    Batch batch(std::size_t rows)
    {
        m_base = below(400); // segments differ in their ranges
        std::vector<Vector> columns;
        for (const auto& column : kSchema.columns) {
            std::vector<Value> values;
            const bool noValues = below(12) == 0;
            for (std::size_t i = 0; i < rows; ++i)
                values.push_back(noValues ? Value::null(column.type) : value(column.type));
            columns.push_back(vectorOf(column.type, values));
        }
        return batchOf(std::move(columns));
    }
    ScanPredicate predicate()
    {
        using Kind = ScanPredicate::Kind;
        ScanPredicate predicate;
        predicate.column = below(kSchema.columns.size() - 1);
        const DataType type = kSchema.columns[predicate.column].type;
        m_base = below(400);
        predicate.kind = static_cast<Kind>(below(type == DataType::String ? 8 : 5));
        const std::uint64_t count = predicate.kind == Kind::Equal || predicate.kind == Kind::HasTerm || predicate.kind == Kind::HasAnyTerm ? 1 + below(3) : 1;
        for (std::uint64_t i = 0; i < count; ++i)
            predicate.values.push_back(predicate.kind >= Kind::HasTerm && below(2) ? Value::string(kWords[below(kWords.size())]) : value(type));
        return predicate;
    }
    std::uint64_t below(std::uint64_t limit) { return m_random() % limit; }

private:
    std::mt19937_64 m_random;
    std::uint64_t m_base = 0;
};

/// Whether `term` stands in `text` between characters that are no letters or digits, ignoring case, as the KQL operator does.
bool hasTerm(const std::string& text, const std::string& term)
{
    const std::string in = foldCase(text);
    const std::string wanted = foldCase(term);
    if (wanted.empty())
        return true;
    const auto isTerm = [&](std::size_t at) { return static_cast<unsigned char>(in[at]) >= 0x80 || std::isalnum(static_cast<unsigned char>(in[at])); };
    for (std::size_t at = in.find(wanted); at != std::string::npos; at = in.find(wanted, at + 1)) {
        const std::size_t end = at + wanted.size();
        if ((at == 0 || !isTerm(at - 1)) && (end == in.size() || !isTerm(end)))
            return true;
    }
    return false;
}

bool passes(const Value& value, const ScanPredicate& predicate)
{
    using Kind = ScanPredicate::Kind;
    const auto text = [&](const Value& wanted) { return predicate.kind == Kind::ContainsText ? foldCase(value.asText()).find(foldCase(wanted.asText())) != std::string::npos : hasTerm(value.asText(), wanted.asText()); };
    const auto& values = predicate.values;
    switch (predicate.kind) {
    case Kind::HasTerm: return std::all_of(values.begin(), values.end(), text);
    case Kind::HasAnyTerm:
    case Kind::ContainsText: return std::any_of(values.begin(), values.end(), text);
    default: break;
    }
    return std::any_of(values.begin(), values.end(), [&](const Value& wanted) {
        if (value.isNull() || wanted.isNull())
            return false;
        if (value.type() == DataType::Real && (std::isnan(value.asReal()) || std::isnan(wanted.asReal())))
            return false;
        const auto order = compareValues(value, wanted);
        switch (predicate.kind) {
        case Kind::Equal: return order == 0;
        case Kind::Less: return order < 0;
        case Kind::LessOrEqual: return order <= 0;
        case Kind::Greater: return order > 0;
        default: return order >= 0;
        }
    });
}

} // namespace

class TestSegmentScan : public QObject {
    Q_OBJECT
private slots:
    void pruningLosesNoRow_data();
    void pruningLosesNoRow();
    void prunesByTime();
    void readsOnlyWantedColumns();
    void givesStringsAsASharedDictionary();
    void handsOutNewestFirst();
    void leavesOutValuesThatWereMetLater_data();
    void leavesOutValuesThatWereMetLater();
    void countsRowsOfAPeriod_data();
    void countsRowsOfAPeriod();
    void findsRowsById();
    void stopsWhenAsked();
    void survivesCompactZones();
};

void TestSegmentScan::pruningLosesNoRow_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 0; seed < 8; ++seed)
        QTest::addRow("%d", seed) << seed;
}

void TestSegmentScan::pruningLosesNoRow()
{
    QFETCH(int, seed);
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    EventGenerator generator(static_cast<std::uint64_t>(seed));
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    for (int segment = 0; segment < 20; ++segment) {
        REQUIRE_OK((*import)->append(kSchema, generator.batch(1 + generator.below(40)), 1));
        REQUIRE_OK((*import)->commit());
    }
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("Events");
    std::vector<std::size_t> columns(kSchema.columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i)
        columns[i] = i;
    const auto all = readAll(*table, {columns, {}, {}});
    REQUIRE_OK(all);
    std::size_t left = 0;
    std::size_t possible = 0;
    for (int round = 0; round < 80; ++round) {
        std::vector<ScanPredicate> predicates{generator.predicate()};
        if (round % 3 == 0)
            predicates.push_back(generator.predicate());
        const auto found = readAll(*table, {columns, predicates, {}});
        REQUIRE_OK(found);
        const auto matching = [&](const std::vector<std::vector<Value>>& rows) {
            std::vector<std::string> texts;
            for (std::size_t row = 0; row < rows[0].size(); ++row) {
                if (!std::all_of(predicates.begin(), predicates.end(), [&](const ScanPredicate& predicate) { return passes(rows[predicate.column][row], predicate); }))
                    continue;
                std::string text;
                for (const auto& column : rows)
                    text += column[row].toString() + "|";
                texts.push_back(text);
            }
            return texts;
        };
        QCOMPARE(matching(*found), matching(*all));
        left += found->front().size();
        possible += all->front().size();
    }
    QVERIFY2(left < possible * 3 / 4, "pruning should leave out some segments");
}

void TestSegmentScan::prunesByTime()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    const catalog::TableSchema schema{"T", {{"TimeGenerated", DataType::DateTime, ""}}, "", {}, false, false};
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    for (int day = 0; day < 10; ++day) {
        REQUIRE_OK((*import)->append(schema, batchOf({vectorOf(DataType::DateTime, {Value::dateTime(kUnixEpoch + day * kTicksPerDay), Value::dateTime(kUnixEpoch + day * kTicksPerDay + kTicksPerHour)})}), 2));
        REQUIRE_OK((*import)->commit());
    }
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("T");
    QCOMPARE(table->statistics().minTime, std::optional<Ticks>(kUnixEpoch));
    QCOMPARE(table->statistics().maxTime, std::optional<Ticks>(kUnixEpoch + 9 * kTicksPerDay + kTicksPerHour));
    const Value from = Value::dateTime(kUnixEpoch + 3 * kTicksPerDay);
    const Value to = Value::dateTime(kUnixEpoch + 5 * kTicksPerDay);
    const auto scan = table->scan({{0}, {{0, ScanPredicate::Kind::GreaterOrEqual, {from}}, {0, ScanPredicate::Kind::Less, {to}}}, {}});
    std::size_t morsels = 0;
    while (const auto morsel = (*scan)->nextMorsel({}).value()) {
        ++morsels;
        while (morsel->next().value()) {
        }
    }
    QCOMPARE(morsels, 2u);
    QCOMPARE((*scan)->statistics().segmentsTotal, 10u);
    QCOMPARE((*scan)->statistics().segmentsRead, 2u);
    QCOMPARE((*scan)->statistics().rowsRead, 4u);
}

void TestSegmentScan::readsOnlyWantedColumns()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 50'000), 1));
    REQUIRE_OK((*import)->finish());
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("Numbers");
    const auto bytesOf = [&](std::vector<std::size_t> columns) -> std::uint64_t {
        const auto scan = table->scan({std::move(columns), {}, {}});
        std::size_t rows = 0;
        while (const auto morsel = (*scan)->nextMorsel({}).value())
            while (const auto batch = morsel->next().value()) {
                if (batch->storedRows > kBatchRows)
                    return 0;
                rows += batch->storedRows;
            }
        return rows == 50'000 ? (*scan)->statistics().bytesRead : 0;
    };
    QCOMPARE(bytesOf({}), 0u); // counting needs no column
    const auto one = bytesOf({1});
    QVERIFY(one > 0 && one < table->statistics().bytes);
    QCOMPARE(bytesOf({1}), 0u); // from the cache
    QCOMPARE(one + bytesOf({0, 1}), table->statistics().bytes);
}

void TestSegmentScan::givesStringsAsASharedDictionary()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 20'000), 1));
    REQUIRE_OK((*import)->finish());
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("Numbers");
    const auto scan = table->scan({{1}, {}, {}});
    const auto morsel = (*scan)->nextMorsel({}).value();
    std::set<const Vector*> dictionaries;
    while (const auto batch = morsel->next().value()) {
        QVERIFY(batch->columns[0].isDictionary());
        QCOMPARE(batch->columns[0].dictionaryValues().size(), 7u);
        dictionaries.insert(batch->columns[0].sharedDictionary().get());
    }
    QCOMPARE(dictionaries.size(), 1u);
}

void TestSegmentScan::handsOutNewestFirst()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    const catalog::TableSchema schema{"T", {{"TimeGenerated", DataType::DateTime, ""}}, "", {}, false, false};
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    for (const Value& time : {Value::dateTime(30), Value::dateTime(10), Value::null(DataType::DateTime), Value::dateTime(20)}) {
        REQUIRE_OK((*import)->append(schema, batchOf({vectorOf(DataType::DateTime, {time})}), 1));
        REQUIRE_OK((*import)->commit());
    }
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("T");
    const auto ordinals = [&](const std::shared_ptr<catalog::TimeBound>& bound) {
        const auto scan = table->scan({{}, {}, bound});
        std::vector<std::uint64_t> result;
        while (const auto morsel = (*scan)->nextMorsel({}).value())
            result.push_back(morsel->ordinal());
        return result;
    };
    QCOMPARE(ordinals(nullptr), (std::vector<std::uint64_t>{0, 1, 2, 3}));
    const auto newest = std::make_shared<catalog::TimeBound>(true);
    const auto oldest = std::make_shared<catalog::TimeBound>(false);
    QCOMPARE(ordinals(newest), (std::vector<std::uint64_t>{0, 3, 1, 2}));
    QCOMPARE(ordinals(oldest), (std::vector<std::uint64_t>{1, 3, 0, 2}));
    newest->raise(20);
    newest->raise(15); // it never moves back
    oldest->raise(20);
    QCOMPARE(ordinals(newest), (std::vector<std::uint64_t>{0, 3, 2}));
    QCOMPARE(ordinals(oldest), (std::vector<std::uint64_t>{1, 3, 2}));
}

void TestSegmentScan::leavesOutValuesThatWereMetLater_data()
{
    QTest::addColumn<bool>("newest");
    QTest::addColumn<QList<int>>("read"); // segments
    QTest::newRow("newest") << true << QList<int>{4, 1, 0};
    QTest::newRow("oldest") << false << QList<int>{0, 1, 4};
}

void TestSegmentScan::leavesOutValuesThatWereMetLater()
{
    QFETCH(bool, newest);
    QFETCH(QList<int>, read);
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    const catalog::TableSchema schema{"T", {{"User", DataType::String, ""}, {"TimeGenerated", DataType::DateTime, ""}}, "", {}, false, false};
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    // Users of five segments, whose times rise. The first holds a user that no other has, so does the last; the second has one of its own.
    const std::vector<std::vector<std::string>> segments{{"a", "b", "first"}, {"a", "b", "second"}, {"a", "b"}, {"b", "a"}, {"a", "b", "last"}};
    Ticks now = 0;
    for (const auto& users : segments) {
        std::vector<Value> texts, times;
        for (const std::string& user : users) {
            texts.push_back(Value::string(user));
            times.push_back(Value::dateTime(++now));
        }
        REQUIRE_OK((*import)->append(schema, batchOf({vectorOf(DataType::String, texts), vectorOf(DataType::DateTime, times)}), users.size()));
        REQUIRE_OK((*import)->commit());
    }
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("T");
    const auto times = std::make_shared<catalog::ValueTimes>(newest);
    const auto scan = table->scan({.columns = {0, 1}, .predicates = {}, .timeBound = {}, .valueBound = catalog::ValueBound{0, times}});
    REQUIRE_OK(scan);
    QList<int> order;
    while (const auto morsel = (*scan)->nextMorsel({}).value()) {
        order.push_back(static_cast<int>(morsel->ordinal()));
        while (const auto batch = morsel->next().value())
            times->note(batch->columns[0], batch->columns[1]);
    }
    QCOMPARE(order, read);
    const auto unbound = table->scan({.columns = {0, 1}, .predicates = {}, .timeBound = {}, .valueBound = catalog::ValueBound{0, std::make_shared<catalog::ValueTimes>(newest)}});
    int all = 0;
    while ((*unbound)->nextMorsel({}).value()) // nobody says what was met
        ++all;
    QCOMPARE(all, 5);
}

void TestSegmentScan::countsRowsOfAPeriod_data()
{
    QTest::addColumn<bool>("hasFrom");
    QTest::addColumn<int>("from");
    QTest::addColumn<bool>("hasTo");
    QTest::addColumn<int>("to");
    QTest::addColumn<int>("expected");
    QTest::newRow("all rows, those without a time too") << false << 0 << false << 0 << 301;
    QTest::newRow("from the start of a segment") << true << 100 << false << 0 << 200;
    QTest::newRow("within a segment") << true << 110 << true << 120 << 10;
    QTest::newRow("parts of two and one between") << true << 50 << true << 250 << 200;
    QTest::newRow("up to") << false << 0 << true << 1 << 1;
    QTest::newRow("nothing") << true << 300 << true << 400 << 0;
    QTest::newRow("upside down") << true << 200 << true << 100 << 0;
}

void TestSegmentScan::countsRowsOfAPeriod()
{
    QFETCH(bool, hasFrom);
    QFETCH(int, from);
    QFETCH(bool, hasTo);
    QFETCH(int, to);
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    const catalog::TableSchema schema{"T", {{"TimeGenerated", DataType::DateTime, ""}}, "", {}, false, false};
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    for (int part = 0; part < 3; ++part) {
        std::vector<Value> times;
        for (int i = 0; i < 100; ++i)
            times.push_back(Value::dateTime(part * 100 + i));
        if (part == 1)
            times.push_back(Value::null(DataType::DateTime));
        REQUIRE_OK((*import)->append(schema, batchOf({vectorOf(DataType::DateTime, times)}), 1));
        REQUIRE_OK((*import)->commit());
    }
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("T");
    QVERIFY(table->canCount());
    catalog::TimePeriod period;
    if (hasFrom)
        period.from = from;
    if (hasTo)
        period.to = to;
    const auto count = table->countRows(period, {});
    REQUIRE_OK(count);
    QTEST(static_cast<int>(*count), "expected");
}

void TestSegmentScan::findsRowsById()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    for (int part = 0; part < 3; ++part) {
        REQUIRE_OK((*import)->append(numbersSchema(), numbers(part * 3'000, 3'000), 1));
        REQUIRE_OK((*import)->commit());
    }
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("Numbers");
    QVERIFY(table->canFetch());
    catalog::ScanRequest request;
    request.columns = {0};
    request.rowIds = true;
    const auto scan = table->scan(request);
    std::map<std::int64_t, Value> known; // by row id
    while (const auto morsel = (*scan)->nextMorsel({}).value())
        while (const auto batch = morsel->next().value()) {
            QCOMPARE(batch->columns.size(), std::size_t{2});
            for (std::size_t row = 0; row < batch->rows(); ++row)
                known.emplace(batch->column(1).valueAt(row).asLong(), batch->column(0).valueAt(row));
        }
    QCOMPARE(known.size(), std::size_t{9'000});
    std::vector<std::int64_t> wanted;
    for (const auto& [id, value] : known)
        if (id % 7 == 0)
            wanted.insert(wanted.begin() + static_cast<std::ptrdiff_t>(wanted.size() / 2), id); // in no order
    wanted.push_back(wanted.front());
    const std::vector<std::size_t> columns{0};
    const auto fetched = table->fetch(wanted, columns, {});
    REQUIRE_OK(fetched);
    QCOMPARE(fetched->storedRows, wanted.size());
    for (std::size_t row = 0; row < wanted.size(); ++row)
        QVERIFY(fetched->columns[0].valueAt(row) == known.at(wanted[row]));
    REQUIRE_OK(table->fetch({}, columns, {}));
    std::stop_source stop;
    stop.request_stop();
    COMPARE_ERROR(table->fetch(wanted, columns, stop.get_token()), kCancelled);
}

void TestSegmentScan::stopsWhenAsked()
{
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    REQUIRE_OK((*import)->append(numbersSchema(), numbers(0, 10), 1));
    REQUIRE_OK((*import)->finish());
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("Numbers");
    const auto scan = table->scan({{0}, {}, {}});
    std::stop_source stop;
    stop.request_stop();
    COMPARE_ERROR((*scan)->nextMorsel(stop.get_token()), kCancelled);
    COMPARE_ERROR((*workspace)->check(stop.get_token()), kCancelled);
}

void TestSegmentScan::survivesCompactZones()
{
    std::vector<Zone> zones(kDataTypeCount);
    EventGenerator generator(5);
    for (std::size_t i = 0; i < zones.size(); ++i) {
        zones[i].column = static_cast<std::int64_t>(i * 900);
        zones[i].type = static_cast<DataType>(i);
        zones[i].stored = i % 2;
        zones[i].hasNan = i % 3;
        zones[i].nulls = 65'536;
        zones[i].distinct = i;
        zones[i].bytes = 1ULL << 40;
        while (i % 4 && (!zones[i].min || zones[i].min->isNull()))
            zones[i].min = zones[i].max = generator.value(zones[i].type);
    }
    const Bytes bytes = writeZones(zones);
    const auto back = readZones(bytes);
    REQUIRE_OK(back);
    QCOMPARE(back->size(), zones.size());
    for (std::size_t i = 0; i < zones.size(); ++i) {
        QCOMPARE((*back)[i].column, zones[i].column);
        QCOMPARE((*back)[i].stored, zones[i].stored);
        QCOMPARE((*back)[i].bytes, zones[i].bytes);
        QCOMPARE((*back)[i].min, zones[i].min);
    }
    for (std::size_t size = 0; size < bytes.size(); ++size)
        QVERIFY(!readZones(std::span(bytes).first(size)));
}

QTEST_GUILESS_MAIN(TestSegmentScan)
#include "tst_segment_scan.moc"
