// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include "column/Dynamic.h"
#include "store/segment/BitPacking.h"
#include "store/segment/ColumnBuffer.h"
#include "store/segment/ColumnReader.h"

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <random>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

namespace {

constexpr std::int64_t kSegment = 7;
constexpr std::int64_t kColumn = 3;

using Parts = std::map<unsigned, Bytes>;

Parts seal(EncodedColumn encoded)
{
    Parts parts;
    for (auto& piece : encoded.parts) {
        sealChunk(piece.chunk, chunkId(kSegment, kColumn, piece.number));
        parts[piece.number] = std::move(piece.chunk);
    }
    return parts;
}

Result<std::shared_ptr<const ColumnReader>> openParts(const Parts& parts, DataType type, std::size_t rows)
{
    return ColumnReader::open(kSegment, kColumn, type, rows, [&](unsigned number) -> Result<Bytes> {
        const auto found = parts.find(number);
        if (found == parts.end())
            return fail(kBadChunk, "missing");
        return found->second;
    });
}

bool sameValue(const Value& a, const Value& b)
{
    if (a.type() == DataType::Real && !a.isNull() && !b.isNull())
        return std::memcmp(std::vector{a.asReal()}.data(), std::vector{b.asReal()}.data(), sizeof(double)) == 0; // NaN and minus zero too
    return a == b;
}

Encoding encodingOf(const EncodedColumn& column)
{
    ChunkHeader header;
    std::memcpy(&header, column.parts.front().chunk.data(), sizeof header);
    return header.encoding;
}

/// Encodes the values, checks the encoding, reads them back in batches and compares.
void checkRoundTrip(DataType type, const std::vector<Value>& values, std::optional<Encoding> expected)
{
    const auto buffer = ColumnBuffer::make(type);
    buffer->append(vectorOf(type, values));
    QCOMPARE(buffer->rows(), values.size());
    EncodedColumn encoded = buffer->encode();
    const auto nulls = static_cast<std::uint64_t>(std::count_if(values.begin(), values.end(), [](const Value& value) { return value.isNull(); }));
    QCOMPARE(encoded.zone.nulls, nulls);
    QCOMPARE(encoded.zone.stored, expected.has_value());
    if (!expected) {
        QVERIFY(encoded.parts.empty());
        return;
    }
    QCOMPARE(static_cast<int>(encodingOf(encoded)), static_cast<int>(*expected));
    const auto reader = openParts(seal(std::move(encoded)), type, values.size());
    REQUIRE_OK(reader);
    for (std::size_t at = 0; at < values.size(); at += kBatchRows) {
        const std::size_t rows = std::min(kBatchRows, values.size() - at);
        const auto vector = (*reader)->read(at, rows);
        REQUIRE_OK(vector);
        QCOMPARE(vector->size(), rows);
        for (std::size_t i = 0; i < rows; ++i)
            if (const Value value = vector->valueAt(i); !sameValue(value, values[at + i]))
                QFAIL(("row " + std::to_string(at + i) + ": " + value.toString() + " instead of " + values[at + i].toString()).c_str());
    }
}

std::vector<Value> filled(std::size_t count, const std::function<Value(std::size_t)>& value)
{
    std::vector<Value> values;
    for (std::size_t i = 0; i < count; ++i)
        values.push_back(value(i));
    return values;
}

Value longAt(std::size_t i, std::int64_t scale = 1) { return Value::int64(static_cast<std::int64_t>(i) * scale); }
Value dynamicOf(const char* json) { return Value::dynamic(*dynamicFromJson(json)); }

using Numbers = std::vector<std::int64_t>;
const Numbers kExtremes{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), 0, -1, 1, std::numeric_limits<std::int64_t>::min() + 1};

} // namespace

Q_DECLARE_METATYPE(tocsin::DataType)

class TestSegmentColumns : public QObject {
    Q_OBJECT
private slots:
    void packsBits_data();
    void packsBits();
    void roundTrips_data();
    void roundTrips();
    void roundTripsRandomColumns_data();
    void roundTripsRandomColumns();
    void packsTimeInFewBits();
    void takesEveryKindOfVector();
    void noticesEveryFlippedBit();
    void survivesForgedContent();
};

void TestSegmentColumns::packsBits_data()
{
    QTest::addColumn<unsigned>("width");
    for (unsigned width = 0; width <= 64; ++width)
        if (isPackedWidth(width))
            QTest::addRow("%u", width) << width;
}

void TestSegmentColumns::packsBits()
{
    QFETCH(unsigned, width);
    std::mt19937_64 random(width);
    std::vector<std::uint64_t> values(1'000 + width);
    for (auto& value : values)
        value = width == 0 ? 0 : random() >> (64 - width);
    Bytes bytes;
    ByteWriter out(bytes);
    packBits<std::uint64_t>(out, values, width);
    QCOMPARE(bytes.size(), packedBytes(values.size(), width));
    bytes.resize(bytes.size() + kPackSlack);
    std::vector<std::uint64_t> back(values.size());
    unpackBits(bytes.data(), width, 0, values.size(), back.data());
    QCOMPARE(back, values);
    unpackBits(bytes.data(), width, 13, 100, back.data());
    QVERIFY(std::equal(back.begin(), back.begin() + 100, values.begin() + 13));
}

void TestSegmentColumns::roundTrips_data()
{
    QTest::addColumn<DataType>("type");
    QTest::addColumn<std::vector<Value>>("values");
    QTest::addColumn<std::optional<Encoding>>("encoding");
    const auto row = [](const char* name, DataType type, std::vector<Value> values, std::optional<Encoding> encoding) { QTest::newRow(name) << type << std::move(values) << encoding; };
    const auto withNulls = [](DataType type, std::vector<Value> values, std::size_t every) {
        for (std::size_t i = 0; i < values.size(); i += every)
            values[i] = Value::null(type);
        return values;
    };

    row("long all null", DataType::Long, filled(100, [](auto) { return Value::null(DataType::Long); }), {});
    row("long one", DataType::Long, {Value::int64(42)}, Encoding::Constant);
    row("long constant", DataType::Long, filled(5'000, [](auto) { return Value::int64(-42); }), Encoding::Constant);
    row("long constant with nulls", DataType::Long, withNulls(DataType::Long, filled(5'000, [](auto) { return Value::int64(-42); }), 3), Encoding::Constant);
    row("long ascending", DataType::Long, filled(65'536, [](auto i) { return longAt(i); }), Encoding::Integers);
    row("long steps with nulls", DataType::Long, withNulls(DataType::Long, filled(10'001, [](auto i) { return longAt(i, 1'000'003); }), 7), Encoding::Integers);
    row("long first rows null", DataType::Long, [] {
        auto values = filled(3'000, [](auto i) { return longAt(i, 17); });
        std::fill_n(values.begin(), 1'500, Value::null(DataType::Long));
        return values;
    }(), Encoding::Integers);
    row("long extremes", DataType::Long, filled(3'000, [](auto i) { return Value::int64(kExtremes[i % kExtremes.size()]); }), Encoding::Dictionary);
    row("long wide", DataType::Long, filled(5'000, [](auto i) { return Value::int64(static_cast<std::int64_t>(std::mt19937_64(i)())); }), Encoding::Integers);
    row("long few far apart", DataType::Long, filled(9'000, [](auto i) { return Value::int64(i % 5 == 0 ? 4'624 : static_cast<std::int64_t>(i % 3) * 1'000'000'000'000); }), Encoding::Dictionary);
    row("int extremes", DataType::Int, filled(2'500, [](auto i) { return Value::int32(i % 2 ? std::numeric_limits<std::int32_t>::min() : std::numeric_limits<std::int32_t>::max() - static_cast<std::int32_t>(i)); }), Encoding::Integers);
    row("int with nulls", DataType::Int, withNulls(DataType::Int, filled(70, [](auto i) { return Value::int32(static_cast<std::int32_t>(i)); }), 2), Encoding::Integers);
    row("bool", DataType::Bool, filled(65'536, [](auto i) { return Value::boolean(i % 3 == 0); }), Encoding::Integers);
    row("bool with nulls", DataType::Bool, withNulls(DataType::Bool, filled(1'025, [](auto i) { return Value::boolean(i % 2 == 0); }), 5), Encoding::Integers);
    row("datetime range", DataType::DateTime, {Value::dateTime(kMinDateTime), Value::dateTime(kMaxDateTime), Value::null(DataType::DateTime), Value::dateTime(kUnixEpoch)}, Encoding::Dictionary);
    row("datetime milliseconds", DataType::DateTime, filled(65'536, [](auto i) { return Value::dateTime(kUnixEpoch + static_cast<Ticks>(i * i % 977 + i * 1'000) * kTicksPerMillisecond); }), Encoding::Integers);
    row("timespan negative", DataType::TimeSpan, filled(2'000, [](auto i) { return Value::timeSpan((static_cast<Ticks>(i) - 1'000) * kTicksPerSecond); }), Encoding::Integers);
    row("real plain", DataType::Real, filled(5'000, [](auto i) { return Value::real(std::sin(static_cast<double>(i))); }), Encoding::Plain);
    row("real whole", DataType::Real, filled(5'000, [](auto i) { return Value::real(static_cast<double>(i) - 2'500); }), Encoding::WholeReals);
    row("real special", DataType::Real, {Value::real(std::nan("")), Value::real(-0.0), Value::real(0.0), Value::real(std::numeric_limits<double>::infinity()),
        Value::real(-std::numeric_limits<double>::infinity()), Value::real(std::numeric_limits<double>::denorm_min()), Value::real(std::numeric_limits<double>::max()), Value::null(DataType::Real)}, Encoding::Plain);
    row("real few", DataType::Real, filled(5'000, [](auto i) { return Value::real(0.1 * static_cast<double>(i % 4)); }), Encoding::Dictionary);
    row("decimal", DataType::Decimal, filled(2'000, [](auto i) { return Value::decimal(*Decimal::parse(std::to_string(i) + ".5")); }), Encoding::Plain);
    row("decimal extremes", DataType::Decimal, {Value::decimal(*Decimal::parse("9999999999999999999999999999999999")), Value::decimal(*Decimal::parse("-0.000000000000000000000000000001")), Value::null(DataType::Decimal)}, Encoding::Dictionary);
    row("decimal few", DataType::Decimal, filled(2'000, [](auto i) { return Value::decimal(*Decimal::parse(std::to_string(i % 3))); }), Encoding::Dictionary);
    row("guid", DataType::Guid, filled(3'000, [](auto i) { Guid guid; std::memcpy(guid.bytes.data(), &i, 8); return Value::guid(guid); }), Encoding::Plain);
    row("guid few with nulls", DataType::Guid, withNulls(DataType::Guid, filled(3'000, [](auto i) { Guid guid; guid.bytes[15] = static_cast<std::uint8_t>(i % 9); return Value::guid(guid); }), 4), Encoding::Dictionary);
    row("string all empty", DataType::String, filled(50, [](auto) { return Value::string(""); }), {});
    row("string constant", DataType::String, filled(5'000, [](auto) { return Value::string("same"); }), Encoding::Text);
    row("string few", DataType::String, filled(65'536, [](auto i) { return Value::string("value" + std::to_string(i % 11)); }), Encoding::Text);
    row("string distinct", DataType::String, filled(65'536, [](auto i) { return Value::string("a longer text with the number " + std::to_string(i * 7'919)); }), Encoding::Text);
    row("string unicode", DataType::String, {Value::string("grüße"), Value::string("日本語"), Value::string(""), Value::string("\U0001F600"), Value::string(std::string("nul\0inside", 10)), Value::string("\xff\xfe")}, Encoding::Text);
    row("string long", DataType::String, filled(20, [](auto i) { return Value::string(std::string(200'000 + i, static_cast<char>('a' + i))); }), Encoding::Text);
    row("string incompressible", DataType::String, filled(3'000, [](auto i) {
        std::mt19937_64 random(i);
        std::string text;
        for (int j = 0; j < 10; ++j) {
            const auto word = random();
            text.append(reinterpret_cast<const char*>(&word), 8);
        }
        return Value::string(text);
    }), Encoding::Text);
    row("dynamic all null", DataType::Dynamic, filled(50, [](auto) { return Value::null(DataType::Dynamic); }), {});
    row("dynamic", DataType::Dynamic, {dynamicOf("{\"a\":1,\"b\":[true,null,\"x\"]}"), Value::null(DataType::Dynamic), dynamicOf("5"), dynamicOf("null"), dynamicOf("[]"), dynamicOf("\"\"")}, Encoding::Text);
    row("dynamic many", DataType::Dynamic, filled(20'000, [](auto i) { return i % 10 == 0 ? Value::null(DataType::Dynamic) : dynamicOf(("{\"n\":" + std::to_string(i) + ",\"s\":\"text\"}").c_str()); }), Encoding::Text);
}

void TestSegmentColumns::roundTrips()
{
    QFETCH(DataType, type);
    QFETCH(std::vector<Value>, values);
    QFETCH(std::optional<Encoding>, encoding);
    checkRoundTrip(type, values, encoding);
}

void TestSegmentColumns::roundTripsRandomColumns_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 0; seed < 60; ++seed)
        QTest::addRow("%d", seed) << seed;
}

void TestSegmentColumns::roundTripsRandomColumns()
{
    QFETCH(int, seed);
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    const auto below = [&](std::uint64_t limit) { return random() % limit; };
    const std::size_t rows = 1 + below(seed % 5 == 0 ? 65'536 : 3'000);
    const unsigned shift = static_cast<unsigned>(below(64));
    const std::uint64_t nullEvery = below(3) == 0 ? 0 : 1 + below(20);
    std::int64_t walk = static_cast<std::int64_t>(random() >> shift);
    std::vector<Value> values;
    const DataType type = std::vector{DataType::Long, DataType::DateTime, DataType::Int, DataType::Real, DataType::String}[static_cast<std::size_t>(seed) % 5];
    for (std::size_t i = 0; i < rows; ++i) {
        walk = static_cast<std::int64_t>(static_cast<std::uint64_t>(walk) + (random() >> shift) - (seed % 2 ? random() >> shift : 0));
        const std::int64_t number = seed % 3 == 0 ? static_cast<std::int64_t>(random() >> shift) : walk;
        if (nullEvery && below(nullEvery) == 0) {
            values.push_back(Value::null(type));
            continue;
        }
        switch (type) {
        case DataType::Long: values.push_back(Value::int64(number)); break;
        case DataType::DateTime: values.push_back(Value::dateTime(number)); break;
        case DataType::Int: values.push_back(Value::int32(static_cast<std::int32_t>(number))); break;
        case DataType::Real: values.push_back(Value::real(static_cast<double>(number) / (1 + static_cast<double>(below(4))))); break;
        default: values.push_back(Value::string(std::to_string(number % 5'000)));
        }
    }
    const auto buffer = ColumnBuffer::make(type);
    buffer->append(vectorOf(type, values));
    EncodedColumn encoded = buffer->encode();
    if (!encoded.zone.stored)
        return;
    const Encoding encoding = encodingOf(encoded);
    checkRoundTrip(type, values, encoding);
    for (const Value& value : values) {
        if (value.isNull())
            continue;
        for (const auto kind : {catalog::ScanPredicate::Kind::Equal, catalog::ScanPredicate::Kind::LessOrEqual, catalog::ScanPredicate::Kind::GreaterOrEqual})
            QVERIFY(mayPass(encoded.zone, {0, kind, {value}}));
    }
}

void TestSegmentColumns::packsTimeInFewBits()
{
    const auto buffer = ColumnBuffer::make(DataType::DateTime);
    buffer->append(vectorOf(DataType::DateTime, filled(65'536, [](auto i) { return Value::dateTime(kUnixEpoch + static_cast<Ticks>(i * 3 + i % 2) * kTicksPerSecond); })));
    const EncodedColumn encoded = buffer->encode();
    QVERIFY2(encoded.parts.front().chunk.size() < 65'536 / 2, "two deltas of seconds should take about two bits a row");
}

void TestSegmentColumns::takesEveryKindOfVector()
{
    const auto codes = std::shared_ptr<std::uint32_t[]>(new std::uint32_t[4]{2, 0, 0, 1});
    const auto dynamics = std::make_shared<const Vector>(vectorOf(DataType::Dynamic, {dynamicOf("1"), Value::null(DataType::Dynamic), dynamicOf("[2]")}));
    const auto longs = std::make_shared<const Vector>(vectorOf(DataType::Long, {Value::int64(1), Value::null(DataType::Long), Value::int64(3)}));
    for (const auto& dictionary : {dynamics, longs}) {
        const DataType type = dictionary->type();
        const auto buffer = ColumnBuffer::make(type);
        const Vector coded = Vector::dictionary(dictionary, codes, 4);
        buffer->append(coded);
        buffer->append(coded);
        buffer->append(Vector::constant(dictionary->valueAt(0), 3));
        buffer->append(Vector::nulls(type, 2));
        buffer->append(coded.flatten());
        buffer->appendNulls(1);
        std::vector<Value> expected;
        for (const int place : {2, 0, 0, 1, 2, 0, 0, 1, 0, 0, 0, 1, 1, 2, 0, 0, 1, 1})
            expected.push_back(dictionary->valueAt(static_cast<std::size_t>(place)));
        EncodedColumn encoded = buffer->encode();
        QCOMPARE(encoded.zone.nulls, 6u);
        const auto reader = openParts(seal(std::move(encoded)), type, expected.size());
        REQUIRE_OK(reader);
        const auto vector = (*reader)->read(0, expected.size());
        REQUIRE_OK(vector);
        for (std::size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(vector->valueAt(i), expected[i]);
    }
}

void TestSegmentColumns::noticesEveryFlippedBit()
{
    const auto buffer = ColumnBuffer::make(DataType::String);
    buffer->append(vectorOf(DataType::String, filled(200, [](auto i) { return Value::string("text" + std::to_string(i % 9)); })));
    const Parts parts = seal(buffer->encode());
    REQUIRE_OK(openParts(parts, DataType::String, 200));
    for (std::size_t bit = 0; bit < parts.at(0).size() * 8; ++bit) {
        Parts damaged = parts;
        damaged[0][bit / 8] ^= std::byte(1 << (bit % 8));
        COMPARE_ERROR(openParts(damaged, DataType::String, 200), kBadChunk);
    }
    for (std::size_t size = 0; size < parts.at(0).size(); ++size) {
        Parts cut = parts;
        cut[0].resize(size);
        COMPARE_ERROR(openParts(cut, DataType::String, 200), kBadChunk);
    }
    COMPARE_ERROR(openParts(parts, DataType::String, 199), kBadChunk);
    COMPARE_ERROR(openParts(parts, DataType::Dynamic, 200), kBadChunk);
    Parts elsewhere;
    elsewhere[0] = parts.at(0);
    COMPARE_ERROR(ColumnReader::open(kSegment + 1, kColumn, DataType::String, 200, [&](unsigned) -> Result<Bytes> { return elsewhere[0]; }), kBadChunk);
}

/// Whoever forges a file can compute checksums: then the content itself must be refused or read as something, never outside its memory.
void TestSegmentColumns::survivesForgedContent()
{
    struct Case { DataType type; std::vector<Value> values; };
    const std::vector<Case> cases{{DataType::Long, filled(3'000, [](auto i) { return longAt(i, 99); })}, {DataType::Long, filled(3'000, [](auto i) { return Value::int64(i % 3 ? 1 : 1'000'000'000); })},
        {DataType::Guid, filled(100, [](auto i) { Guid guid; guid.bytes[0] = static_cast<std::uint8_t>(i); return i % 4 ? Value::guid(guid) : Value::null(DataType::Guid); })},
        {DataType::Real, filled(500, [](auto i) { return Value::real(1.0 / static_cast<double>(i + 1)); })},
        {DataType::String, filled(2'000, [](auto i) { return Value::string("text number " + std::to_string(i / 3)); })},
        {DataType::String, filled(9'000, [](auto i) { return Value::string("text number " + std::to_string(i)); })},
        {DataType::Dynamic, filled(300, [](auto i) { return dynamicOf(("{\"a\":[" + std::to_string(i) + "]}").c_str()); })}};
    std::mt19937_64 random(1);
    for (const Case& one : cases) {
        const auto buffer = ColumnBuffer::make(one.type);
        buffer->append(vectorOf(one.type, one.values));
        const Parts parts = seal(buffer->encode());
        for (int round = 0; round < 400; ++round) {
            Parts forged = parts;
            auto chosen = forged.begin();
            std::advance(chosen, static_cast<std::ptrdiff_t>(random() % forged.size()));
            Bytes& chunk = chosen->second;
            chunk.resize(chunk.size() - kChunkTrailer);
            const std::size_t reach = round % 2 ? chunk.size() : std::min<std::size_t>(chunk.size(), 64); // heads matter most
            for (std::uint64_t i = 0, flips = 1 + random() % 3; i < flips; ++i)
                chunk[random() % reach] = static_cast<std::byte>(random());
            if (round % 5 == 0)
                chunk.resize(std::max<std::size_t>(sizeof(ChunkHeader), chunk.size() - random() % chunk.size()));
            sealChunk(chunk, chunkId(kSegment, kColumn, chosen->first));
            const auto reader = openParts(forged, one.type, one.values.size());
            if (!reader)
                continue;
            for (std::size_t at = 0; at < one.values.size(); at += kBatchRows)
                if (const auto vector = (*reader)->read(at, std::min(kBatchRows, one.values.size() - at)))
                    for (std::size_t i = 0; i < vector->size(); ++i)
                        (void)vector->valueAt(i);
        }
    }
}

QTEST_GUILESS_MAIN(TestSegmentColumns)
#include "tst_segment_columns.moc"
