// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include "base/Utf8.h"
#include "store/index/BloomFilter.h"
#include "store/index/ColumnFilters.h"
#include "store/index/TermFilter.h"
#include "store/index/Terms.h"
#include "store/sqlite/Connection.h"

#include <algorithm>
#include <random>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;
using catalog::ScanPredicate;

namespace {

/// KQL's `has`: the string stands in the text, ignoring case, between characters that are no letters or digits.
bool hasTerm(std::string_view text, std::string_view wanted)
{
    const std::string in = foldCase(text);
    const std::string what = foldCase(wanted);
    std::vector<std::size_t> starts;
    std::vector<bool> isTerm;
    for (std::size_t at = 0; at < in.size();) {
        const DecodedChar decoded = decodeUtf8(in, at);
        starts.push_back(at);
        isTerm.push_back(decoded.valid && isTermChar(decoded.code));
        at += decoded.length;
    }
    starts.push_back(in.size());
    isTerm.push_back(false);
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
        if (std::string_view(in).substr(starts[i], what.size()) != what)
            continue;
        const auto end = static_cast<std::size_t>(std::lower_bound(starts.begin(), starts.end(), starts[i] + what.size()) - starts.begin());
        if ((i == 0 || !isTerm[i - 1]) && !isTerm[end])
            return true;
    }
    return false;
}

const catalog::TableSchema kSchema{"Logs", {{"Text", DataType::String, ""}, {"Key", DataType::Guid, ""}, {"Code", DataType::Int, ""}, {"Host", DataType::String, ""}}, "", {}, false, false};

Guid guidOf(std::uint64_t number)
{
    Guid guid;
    std::mt19937_64 random(number);
    for (std::size_t half = 0; half < 2; ++half) {
        const auto word = random();
        std::memcpy(guid.bytes.data() + 8 * half, &word, 8);
    }
    return guid;
}

constexpr std::uint64_t kRows = 1'200; ///< of a segment: its texts and guids are just large enough for filters

/// Rows number, number + 1, …
Batch logs(std::uint64_t number, std::size_t rows)
{
    TypedBuilder<DataType::String> text, host;
    TypedBuilder<DataType::Guid> key;
    TypedBuilder<DataType::Int> code;
    for (std::uint64_t i = number; i < number + rows; ++i) {
        text.append("C:\\Tools\\run.exe -Target Host" + std::to_string(i % 50) + " -Number N" + std::to_string(i) + "\xE2\x84\xAA" "elvin" + (i % kRows == 17 ? " Needle" + std::to_string(i / kRows) : ""));
        key.append(guidOf(i));
        code.append(static_cast<std::int32_t>(i / kRows * 100 + i % 2 * 1'000'000));
        host.append("server" + std::to_string(i / kRows) + "-" + std::to_string(i % 3));
    }
    return batchOf({text.finish(), key.finish(), code.finish(), host.finish()});
}

/// How many segments a scan could not leave out.
std::uint64_t segmentsRead(const catalog::TableSource& table, const catalog::ScanRequest& request)
{
    const auto scan = table.scan(request);
    if (!scan)
        return 0;
    for (auto morsel = (*scan)->nextMorsel({}); morsel && *morsel; morsel = (*scan)->nextMorsel({}))
        for (auto batch = (*morsel)->next(); batch && *batch; batch = (*morsel)->next()) {}
    return (*scan)->statistics().segmentsRead;
}

} // namespace

class TestColumnFilters : public QObject {
    Q_OBJECT
private slots:
    void bloomFilterForgetsNothing();
    void termsAreKnownByBlock();
    void refusesBrokenTermFilters();
    void termsAgreeWithHas_data();
    void termsAgreeWithHas();
    void termsAgreeWithHasOnRandomText();
    void skipsSegmentsWithoutTheValue_data();
    void skipsSegmentsWithoutTheValue();
    void damagedFilterOnlyCostsTime();
};

void TestColumnFilters::bloomFilterForgetsNothing()
{
    for (const std::size_t count : {1u, 10u, 1'000u, 70'000u}) {
        std::mt19937_64 random(count);
        std::vector<std::uint64_t> hashes(count);
        for (auto& hash : hashes)
            hash = random();
        Bytes chunk = BloomFilter::encode(hashes, DataType::String, 10);
        sealChunk(chunk, 5);
        QVERIFY(!BloomFilter::open(chunk, 6));
        const auto filter = BloomFilter::open(chunk, 5);
        REQUIRE_OK(filter);
        for (const auto hash : hashes)
            QVERIFY((*filter)->mayContain(hash));
        int wrong = 0;
        for (int i = 0; i < 20'000; ++i)
            wrong += (*filter)->mayContain(random());
        QVERIFY2(wrong < 20'000 / 40, qPrintable(QString::number(wrong)));
    }
}

void TestColumnFilters::termsAreKnownByBlock()
{
    std::vector<std::string> lines;
    for (int block = 0; block < 5; ++block)
        for (int i = 0; i < 200; ++i)
            lines.push_back("run common job" + std::to_string(block) + " of " + std::to_string(1'000 * block + i));
    const std::vector<std::string_view> texts(lines.begin(), lines.end());
    const std::vector<std::uint32_t> blocks(5, 200);
    EncodedColumn column;
    column.zone.type = DataType::String;
    addTextFilters(column, texts, blocks, texts.size());
    const auto part = std::ranges::find(column.parts, part::kTerms, &EncodedColumn::Part::number);
    QVERIFY(part != column.parts.end());
    sealChunk(part->chunk, 9);
    const auto filter = TermFilter::open(part->chunk, 9);
    REQUIRE_OK(filter);
    QCOMPARE((*filter)->blocks(), std::size_t{5});
    using Kind = ScanPredicate::Kind;
    const auto found = [&](Kind kind, std::vector<Value> values) {
        QString blockList;
        for (const std::uint8_t may : blocksWithTerms(**filter, {0, kind, std::move(values)}))
            blockList += may ? '1' : '0';
        return blockList;
    };
    QCOMPARE(found(Kind::HasTerm, {Value::string("JOB3")}), "00010");
    QCOMPARE(found(Kind::HasTerm, {Value::string("common")}), "11111");
    QCOMPARE(found(Kind::HasTerm, {Value::string("nowhere")}), "00000");
    QCOMPARE(found(Kind::HasTerm, {Value::string("x")}), "11111"); // says nothing about terms
    QCOMPARE(found(Kind::HasTerm, {Value::string("job1"), Value::string("common")}), "01000");
    QCOMPARE(found(Kind::HasTerm, {Value::string("job1"), Value::string("job2")}), "00000");
    QCOMPARE(found(Kind::HasAnyTerm, {Value::string("job1"), Value::string("job4")}), "01001");
}

void TestColumnFilters::refusesBrokenTermFilters()
{
    const std::vector<std::vector<std::uint64_t>> hashes{{1, 2, 3}, {4, 5}};
    const Bytes whole = TermFilter::encode(hashes, DataType::String, 10);
    for (std::size_t size = sizeof(ChunkHeader); size <= whole.size(); ++size) {
        Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        sealChunk(cut, 5);
        QCOMPARE(TermFilter::open(cut, 5).has_value(), size == whole.size());
    }
    Bytes other = beginChunk(Encoding::Plain, DataType::String, 10);
    sealChunk(other, 5);
    QVERIFY(!TermFilter::open(other, 5));
}

void TestColumnFilters::termsAgreeWithHas_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("wanted");
    QTest::addColumn<bool>("mayBeThere");
    const auto row = [](const char* text, const char* wanted, bool may) { QTest::addRow("%s in %s", wanted, text) << QString::fromUtf8(text) << QString::fromUtf8(wanted) << may; };
    row("powershell.exe -enc", "PowerShell", true);
    row("powershell.exe -enc", "shell", false);
    row("powershell.exe -enc", "powershell.exe", true);
    row("powershell exe", "powershell.cmd", false);
    row("a bc def", "bc", true); // too short to know
    row("x", "", true);
    row("grüße", "GRÜSSE", true); // nothing known beyond ASCII
    row("müller-meier", "MÜLLER-MEIER", true);
    row("müller", "meier", false);
    row("über alles", "alles", true);
    row("\xE2\x84\xAA" "ernel panic", "kernel", true);
    row("\xC4\xB0stanbul", "istanbul", true);
    row("kernel", "\xE2\x84\xAA" "ernel", true);
}

void TestColumnFilters::termsAgreeWithHas()
{
    QFETCH(QString, text);
    QFETCH(QString, wanted);
    QFETCH(bool, mayBeThere);
    TermHashes terms;
    terms.addText(text.toStdString());
    const auto hashes = terms.hashes();
    QCOMPARE(hashes.size(), terms.size());
    const auto required = requiredTerms(wanted.toStdString());
    QCOMPARE(std::all_of(required.begin(), required.end(), [&](std::uint64_t term) { return std::find(hashes.begin(), hashes.end(), term) != hashes.end(); }), mayBeThere);
}

void TestColumnFilters::termsAgreeWithHasOnRandomText()
{
    const std::vector<std::string> pieces{"a", "B", "ab", "Abc", "k", "K", "\xE2\x84\xAA", "i", "I", "\xC4\xB0", "ı", "ſ", "s", "ß", "ü", "Ü", "é", " ", "-", "_", ".", "7", "42", "日", "\xff", "x1"};
    std::mt19937_64 random(9);
    const auto make = [&](std::size_t most) {
        std::string text;
        for (std::size_t i = 1 + random() % most; i > 0; --i)
            text += pieces[random() % pieces.size()];
        return text;
    };
    int found = 0;
    for (int round = 0; round < 10'000; ++round) {
        const std::string wanted = make(5);
        const std::size_t around = round % 3 ? 3 : 80; // long texts are looked at piece by piece
        const std::string text = round % 2 ? make(8) : make(around) + "-" + (random() % 2 ? wanted : toUpper(wanted)) + " " + make(around);
        if (!hasTerm(text, wanted))
            continue;
        ++found;
        TermHashes terms;
        terms.addText(text);
        const auto hashes = terms.hashes();
        for (const std::uint64_t term : requiredTerms(wanted))
            QVERIFY2(std::find(hashes.begin(), hashes.end(), term) != hashes.end(), (wanted + " in " + text).c_str());
    }
    QVERIFY(found > 1'000);
}

void TestColumnFilters::skipsSegmentsWithoutTheValue_data()
{
    QTest::addColumn<ScanPredicate>("predicate");
    QTest::addColumn<std::size_t>("segments"); // that hold it
    const auto text = [](const char* value) { return Value::string(value); };
    using Kind = ScanPredicate::Kind;
    QTest::newRow("term in one segment") << ScanPredicate{0, Kind::HasTerm, {text("needle4")}} << std::size_t{1};
    QTest::newRow("term nowhere") << ScanPredicate{0, Kind::HasTerm, {text("needle99")}} << std::size_t{0};
    QTest::newRow("term everywhere") << ScanPredicate{0, Kind::HasTerm, {text("TOOLS")}} << std::size_t{8};
    QTest::newRow("all terms") << ScanPredicate{0, Kind::HasTerm, {text("tools"), text("needle3")}} << std::size_t{1};
    QTest::newRow("any term") << ScanPredicate{0, Kind::HasAnyTerm, {text("needle1"), text("needle6"), text("absent")}} << std::size_t{2};
    QTest::newRow("term beside the Kelvin sign") << ScanPredicate{0, Kind::HasTerm, {text("n5000kelvin")}} << std::size_t{1};
    QTest::newRow("text") << ScanPredicate{0, Kind::Equal, {text("C:\\Tools\\run.exe -Target Host7 -Number N7\xE2\x84\xAA" "elvin")}} << std::size_t{1};
    QTest::newRow("text nowhere") << ScanPredicate{0, Kind::Equal, {text("C:\\Tools\\run.exe -Target Host8 -Number N7")}} << std::size_t{0};
    QTest::newRow("guid") << ScanPredicate{1, Kind::Equal, {Value::guid(guidOf(5'345))}} << std::size_t{1};
    QTest::newRow("guids") << ScanPredicate{1, Kind::Equal, {Value::guid(guidOf(1)), Value::guid(guidOf(2)), Value::guid(guidOf(9'599))}} << std::size_t{2};
    QTest::newRow("guid nowhere") << ScanPredicate{1, Kind::Equal, {Value::guid(guidOf(99'999'999))}} << std::size_t{0};
    QTest::newRow("number between") << ScanPredicate{2, Kind::Equal, {Value::int32(300)}} << std::size_t{1};
    QTest::newRow("number of another type") << ScanPredicate{2, Kind::Equal, {Value::int64(1'000'100)}} << std::size_t{1};
    QTest::newRow("few texts") << ScanPredicate{3, Kind::Equal, {text("server2-1")}} << std::size_t{1};
    QTest::newRow("few texts, absent") << ScanPredicate{3, Kind::Equal, {text("server2-7")}} << std::size_t{0};
}

void TestColumnFilters::skipsSegmentsWithoutTheValue()
{
    QFETCH(ScanPredicate, predicate);
    QFETCH(std::size_t, segments);
    Fixture fixture;
    auto workspace = fixture.open();
    REQUIRE_OK(workspace);
    auto import = (*workspace)->beginImport({"x", "", 0, ""});
    for (std::uint64_t i = 0; i < 8; ++i) {
        REQUIRE_OK((*import)->append(kSchema, logs(i * kRows, kRows), 1));
        REQUIRE_OK((*import)->commit());
    }
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto table = (*snapshot)->findTable("Logs");
    const std::vector<std::size_t> columns{predicate.column};
    const auto all = readAll(*table, {columns, {}, {}});
    const auto some = readAll(*table, {columns, {predicate}, {}});
    REQUIRE_OK(some);
    const auto matching = [&](const std::vector<Value>& values) {
        return std::count_if(values.begin(), values.end(), [&](const Value& value) {
            const auto has = [&](const Value& wanted) { return hasTerm(value.asText(), wanted.asText()); };
            if (predicate.kind == ScanPredicate::Kind::HasTerm)
                return std::all_of(predicate.values.begin(), predicate.values.end(), has);
            if (predicate.kind == ScanPredicate::Kind::HasAnyTerm)
                return std::any_of(predicate.values.begin(), predicate.values.end(), has);
            return std::any_of(predicate.values.begin(), predicate.values.end(), [&](const Value& wanted) { return wanted.toString() == value.toString(); });
        });
    };
    QCOMPARE(matching(some->front()), matching(all->front()));
    QCOMPARE(matching(all->front()) > 0, segments > 0);
    const std::uint64_t read = segmentsRead(*table, {columns, {predicate}, {}});
    QVERIFY2(read >= segments && read <= segments + 1, qPrintable(QString::number(read))); // a filter errs once in a hundred
}

void TestColumnFilters::damagedFilterOnlyCostsTime()
{
    Fixture fixture;
    {
        auto workspace = fixture.open();
        auto import = (*workspace)->beginImport({"x", "", 0, ""});
        REQUIRE_OK((*import)->append(kSchema, logs(0, kRows), 1));
        REQUIRE_OK((*import)->finish());
        REQUIRE_OK((*workspace)->write([](Connection& connection) { return connection.execute("UPDATE chunk SET data = zeroblob(length(data)) WHERE id & 16383 IN (1, 2, 3)"); }));
    }
    auto workspace = fixture.open();
    const auto snapshot = (*workspace)->catalog().snapshot();
    const auto rows = readAll(*(*snapshot)->findTable("Logs"), {{0}, {{0, ScanPredicate::Kind::HasTerm, {Value::string("absent")}}}, {}});
    REQUIRE_OK(rows);
    QCOMPARE(rows->front().size(), kRows);
    QCOMPARE(segmentsRead(*(*snapshot)->findTable("Logs"), {{0}, {{0, ScanPredicate::Kind::HasTerm, {Value::string("absent")}}}, {}}), 1U);
    QCOMPARE((*workspace)->check({})->size(), 2u); // one line a column
}

Q_DECLARE_METATYPE(tocsin::catalog::ScanPredicate)
QTEST_GUILESS_MAIN(TestColumnFilters)
#include "tst_column_filters.moc"
