// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include "column/Dynamic.h"
#include "store/index/Terms.h"
#include "store/segment/ColumnBuffer.h"
#include "store/segment/ColumnReader.h"
#include "store/segment/JsonTemplate.h"
#include "store/segment/JsonTextEncoder.h"

#include <algorithm>
#include <map>
#include <random>

using namespace tocsin;
using namespace tocsin::store;
using namespace tocsin::store::test;

namespace {

constexpr std::int64_t kSegment = 5;
constexpr std::int64_t kColumn = 2;

using Parts = std::map<unsigned, Bytes>;

Parts encode(const std::vector<std::string>& texts)
{
    const auto buffer = ColumnBuffer::make(DataType::String);
    TypedBuilder<DataType::String> builder;
    for (const std::string& text : texts)
        builder.append(text);
    buffer->append(builder.finish());
    Parts parts;
    EncodedColumn encoded = buffer->encode();
    for (auto& piece : encoded.parts) {
        sealChunk(piece.chunk, chunkId(kSegment, kColumn, piece.number));
        parts[piece.number] = std::move(piece.chunk);
    }
    return parts;
}

PartLoader loaderOf(const Parts& parts, std::vector<unsigned>* read = nullptr)
{
    return [&parts, read](unsigned number) -> Result<Bytes> {
        if (read)
            read->push_back(number);
        const auto found = parts.find(number);
        return found == parts.end() ? Result<Bytes>(fail(kBadChunk, "missing")) : Result<Bytes>(found->second);
    };
}

Encoding encodingOf(const Parts& parts)
{
    ChunkHeader header;
    std::memcpy(&header, parts.at(part::kValues).data(), sizeof header);
    return header.encoding;
}

/// Objects as logs have them: few shapes, members of all kinds, some texts that are something else.
std::vector<std::string> logTexts(std::size_t rows, unsigned seed, double otherShare)
{
    std::mt19937 random(seed);
    const auto below = [&](unsigned bound) { return random() % bound; };
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < rows; ++i) {
        const std::string user = "user" + std::to_string(below(50));
        if (random() % 1000 < otherShare * 1000) {
            const std::vector<std::string> others{"", "{", "plain text", "[1,2]", R"({"User": nonsense})", R"({"User":"a","User":"b"})", "{\"User\":\"tab\there\"}",
                R"({"User":"bad \q escape"})", "{\"User\":\"\xff\"}", R"({"User":1e999})", R"({"Us\u0065r":"x"})", R"({"User":"x"} )", "{}", R"({"User":"x",})",
                "{\"User\":\"\x01\"}", "{\"User\":\x02}", R"({"User":"a")", R"({"User" : "spaced" , "Id" : 07})", "null", "5"};
            texts.push_back(others[below(static_cast<unsigned>(others.size()))] + (below(2) ? "" : " "));
            continue;
        }
        switch (below(5)) {
        case 0: texts.push_back(R"({"User":")" + user + R"(","Id":)" + std::to_string(random()) + R"(,"Path":"C:\\Temp\\)" + std::to_string(below(9)) + R"(.exe"})"); break;
        case 1: texts.push_back(R"({"User":")" + user + R"(","Flag":)" + (below(2) ? "true" : "null") + R"(,"Real":)" + std::to_string(below(100)) + ".5e-3}"); break;
        case 2: texts.push_back(R"({"User":)" + std::to_string(below(7)) + R"(,"Nested":{"a":[1,"x]}",{"b":"\"}"}]},"Id":"text)" + std::to_string(below(3)) + R"("})"); break;
        case 3: texts.push_back("{ \"Id\" :\t" + std::to_string(below(1000)) + " ,\n \"User\": \"\xC3\xBC \\u00e9 \\\\\" }"); break;
        default: texts.push_back(R"({"Other":[]})"); break;
        }
    }
    return texts;
}

} // namespace

class JsonTextsTest : public QObject {
    Q_OBJECT

private slots:
    void split_data();
    void split();
    void knownTemplatesSplitAlike();
    void termsOfTheWhole();
    void roundTrip_data();
    void roundTrip();
    void textsOfOtherKinds();
    void membersReadNoMoreThanTheyNeed();
    void spoiltPartsAreRefused();
};

void JsonTextsTest::split_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("shape"); // empty: cannot be taken apart
    QTest::addColumn<QByteArray>("values");
    QTest::newRow("strings") << QByteArray(R"({"a":"x","b":"y z"})") << QByteArray("{\"a\":\"\x01\",\"b\":\"\x01\"}") << QByteArray("x|y z|");
    QTest::newRow("others") << QByteArray(R"({"a":-1.5e3,"b":null,"c":true})") << QByteArray("{\"a\":\x02,\"b\":\x02,\"c\":\x02}") << QByteArray("-1.5e3|null|true|");
    QTest::newRow("nested") << QByteArray(R"({"a":{"b":["}"]},"c":[[],{}]})") << QByteArray("{\"a\":\x02,\"c\":\x02}") << QByteArray(R"({"b":["}"]}|[[],{}]|)");
    QTest::newRow("white space") << QByteArray("{ \"a\" : 1 ,\n\"b\":\"\" } ") << QByteArray("{ \"a\" : \x02 ,\n\"b\":\"\x01\" } ") << QByteArray("1||");
    QTest::newRow("escapes in a value") << QByteArray(R"({"a":"\\","b":"\"","c":"\\\""})") << QByteArray("{\"a\":\"\x01\",\"b\":\"\x01\",\"c\":\"\x01\"}") << QByteArray(R"(\\|\"|\\\"|)");
    for (const char* text : {"", "{", "{}", "[]", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\":1}x", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "{\"a\\n\":1}", "{\"a\":\"x}", "{a:1}", "{\"a\":[1}", "{\"a\":1]}"})
        QTest::newRow(text) << QByteArray(text) << QByteArray() << QByteArray();
    QTest::newRow("too deep") << QByteArray("{\"a\":" + QByteArray(100, '[') + QByteArray(100, ']') + "}") << QByteArray() << QByteArray();
}

void JsonTextsTest::split()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, shape);
    QFETCH(QByteArray, values);
    JsonPieces pieces;
    const bool done = splitJson(text.toStdString(), pieces);
    const std::string kept = text.toStdString();
    // `{"a":1]}` and its like come apart, but no template of theirs is JSON.
    if (shape.isEmpty()) {
        QVERIFY(!done || !dynamicFromJson(kept));
        return;
    }
    const std::string stays = text.toStdString();
    QVERIFY(splitJson(stays, pieces));
    QCOMPARE(QByteArray::fromStdString(pieces.shape), shape);
    QByteArray found;
    for (const JsonPieces::Member& member : pieces.members)
        found += QByteArray(member.value.data(), static_cast<qsizetype>(member.value.size())) + '|';
    QCOMPARE(found, values);
}

void JsonTextsTest::knownTemplatesSplitAlike()
{
    std::vector<std::string> texts = logTexts(2'000, 3, 0.1);
    for (const char* text : {R"({"a":"x"})", R"({"a":5})", R"({"a": 5})", R"({"a":"x"} )", R"({"a":"x","b":"y"})", R"({"a":"x","b":1})", R"({"ab":"x"})", R"({"a":"\""})", R"({"a":""x"})", R"({"a":})"})
        texts.emplace_back(text);
    JsonTemplates templates;
    std::vector<std::string> shapes;
    std::size_t known = 0;
    for (const std::string& text : texts) {
        JsonPieces pieces;
        std::vector<std::string_view> values;
        const bool done = splitJson(text, pieces);
        if (const auto number = templates.split(text, values)) {
            ++known;
            QVERIFY2(done, text.c_str());
            QCOMPARE(pieces.shape, shapes.at(*number));
            QCOMPARE(values.size(), pieces.members.size());
            for (std::size_t i = 0; i < values.size(); ++i)
                QVERIFY(values[i].data() == pieces.members[i].value.data() && values[i].size() == pieces.members[i].value.size());
        } else if (done && pieces.shape.find('\x01', 0) != std::string::npos) {
            templates.add(pieces, static_cast<std::uint32_t>(shapes.size()));
            shapes.push_back(pieces.shape);
        }
    }
    QVERIFY(known > 1'000);
}

void JsonTextsTest::termsOfTheWhole()
{
    const std::vector<std::string> texts = logTexts(2'000, 5, 0.02);
    TextDictionary dictionary;
    TermHashes whole;
    std::vector<std::uint32_t> codes;
    for (const std::string& text : texts) {
        codes.push_back(dictionary.code(text));
        whole.addText(text);
    }
    std::vector<EncodedColumn::Part> parts;
    auto terms = encodeJsonTexts(dictionary, codes, parts);
    QVERIFY(terms);
    auto expected = whole.hashes();
    std::ranges::sort(*terms);
    std::ranges::sort(expected);
    QVERIFY(*terms == expected);
}

void JsonTextsTest::roundTrip_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<double>("others");
    QTest::addColumn<bool>("byMember");
    QTest::newRow("all objects") << 3'000 << 0.0 << true;
    QTest::newRow("some other texts") << 3'000 << 0.02 << true;
    QTest::newRow("many other texts") << 3'000 << 0.9 << false;
    QTest::newRow("full segment") << 65'536 << 0.01 << true;
    QTest::newRow("few rows") << 40 << 0.0 << false;
}

void JsonTextsTest::roundTrip()
{
    QFETCH(int, rows);
    QFETCH(double, others);
    QFETCH(bool, byMember);
    const std::vector<std::string> texts = logTexts(static_cast<std::size_t>(rows), 11, others);
    const Parts parts = encode(texts);
    QCOMPARE(encodingOf(parts) == Encoding::JsonText, byMember);
    const auto column = ColumnReader::open(kSegment, kColumn, DataType::String, texts.size(), loaderOf(parts));
    REQUIRE_OK(column);
    for (std::size_t at = 0; at < texts.size(); at += kBatchRows) {
        const std::size_t count = std::min(kBatchRows, texts.size() - at);
        const auto values = (*column)->read(at, count);
        REQUIRE_OK(values);
        const VectorReader<std::string_view> reader(*values);
        for (std::size_t i = 0; i < count; ++i)
            QVERIFY2(reader[i] == texts[at + i], texts[at + i].c_str());
    }
    for (const std::string_view key : {"User", "Id", "Nested", "Flag", "Real", "Path", "Other", "Absent", ""}) {
        const auto member = ColumnReader::openMember(kSegment, kColumn, key, texts.size(), loaderOf(parts));
        REQUIRE_OK(member);
        for (std::size_t at = 0; at < texts.size(); at += kBatchRows) {
            const std::size_t count = std::min(kBatchRows, texts.size() - at);
            const auto values = (*member)->read(at, count);
            REQUIRE_OK(values);
            QCOMPARE(values->type(), DataType::Dynamic);
            for (std::size_t i = 0; i < count; ++i) {
                const std::string parsed = parseJsonLenient(texts[at + i]);
                const DynamicView expected = DynamicView(parsed).member(key);
                const Value found = values->valueAt(i);
                QCOMPARE(found.isNull(), expected.isNull());
                if (!found.isNull())
                    QVERIFY2(found.asText() == expected.bytes(), texts[at + i].c_str());
            }
        }
    }
}

void JsonTextsTest::textsOfOtherKinds()
{
    std::vector<std::string> texts;
    for (int i = 0; i < 500; ++i)
        texts.push_back("powershell -File c:\\scripts\\" + std::to_string(i) + std::string(100, 'x'));
    QCOMPARE(static_cast<int>(encodingOf(encode(texts))), static_cast<int>(Encoding::Text));
    for (std::string& text : texts) // looks like an object at first
        text.insert(0, "{");
    QCOMPARE(static_cast<int>(encodingOf(encode(texts))), static_cast<int>(Encoding::Text));
}

void JsonTextsTest::membersReadNoMoreThanTheyNeed()
{
    const std::vector<std::string> texts = logTexts(5'000, 3, 0);
    const Parts parts = encode(texts);
    std::vector<unsigned> read;
    const PartLoader load = loaderOf(parts, &read);
    REQUIRE_OK(ColumnReader::openMember(kSegment, kColumn, "Path", texts.size(), load));
    QCOMPARE(read.size(), std::size_t{2});
    read.clear();
    REQUIRE_OK(ColumnReader::openMember(kSegment, kColumn, "Absent", texts.size(), load));
    QCOMPARE(read.size(), std::size_t{1});
}

/// Chunks whose checksum is right but whose content is not: an error or some values, never a crash.
void JsonTextsTest::spoiltPartsAreRefused()
{
    const std::vector<std::string> texts = logTexts(2'000, 4, 0.02);
    const Parts parts = encode(texts);
    std::mt19937 random(17);
    int refused = 0;
    for (int round = 0; round < 300; ++round) {
        Parts spoilt = parts;
        auto piece = std::next(spoilt.begin(), static_cast<std::ptrdiff_t>(random() % spoilt.size()));
        Bytes& chunk = piece->second;
        const std::size_t payload = chunk.size() - sizeof(ChunkHeader) - kChunkTrailer;
        chunk.resize(sizeof(ChunkHeader) + payload);
        for (unsigned i = 0; i < 1 + random() % 3; ++i) {
            const std::size_t at = random() % 2 ? random() % std::min<std::size_t>(payload, 64) : random() % payload;
            chunk[sizeof(ChunkHeader) + at] = static_cast<std::byte>(random());
        }
        if (random() % 4 == 0)
            chunk.resize(sizeof(ChunkHeader) + random() % payload);
        sealChunk(chunk, chunkId(kSegment, kColumn, piece->first));
        for (const bool whole : {true, false}) {
            const auto column = whole ? ColumnReader::open(kSegment, kColumn, DataType::String, texts.size(), loaderOf(spoilt))
                                      : ColumnReader::openMember(kSegment, kColumn, "User", texts.size(), loaderOf(spoilt));
            refused += !column;
            if (column)
                (void)(*column)->read(0, texts.size() < kBatchRows ? texts.size() : kBatchRows);
        }
    }
    QVERIFY(refused > 100);
}

QTEST_GUILESS_MAIN(JsonTextsTest)
#include "tst_json_texts.moc"
