// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // <compare> is more than Qt 6.4's moc can read
#include "column/Dynamic.h"
#endif

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace tocsin;

namespace {

std::string encoded(const char* json) { return dynamicFromJson(json).value(); }
bool equal(const char* a, const char* b) { return dynamicEquals(DynamicView(encoded(a)), DynamicView(encoded(b))); }

std::string nested(int depth) { return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']'); }

/// A value of random shape.
void write(DynamicBuilder& builder, std::mt19937& random, int depth)
{
    switch (random() % (depth > 0 ? 12 : 10)) {
    case 0: return builder.null();
    case 1: return builder.boolean(random() % 2);
    case 2: return builder.number(static_cast<std::int64_t>(random()) - 1'000'000);
    case 3: return builder.real(static_cast<double>(random()) / 7);
    case 4: return builder.string(std::string(random() % 9, 'x'));
    case 5: return builder.dateTime(kUnixEpoch + random());
    case 6: return builder.timeSpan(-static_cast<Ticks>(random()));
    case 7: return builder.guid({});
    case 8: return builder.decimal(Decimal(42));
    case 9: return builder.string("");
    case 10:
        builder.beginArray();
        for (unsigned n = random() % 5; n > 0; --n)
            write(builder, random, depth - 1);
        return builder.endArray();
    default:
        builder.beginObject();
        for (unsigned n = random() % 5; n > 0; --n) {
            builder.key(std::string(1, static_cast<char>('a' + random() % 4)));
            write(builder, random, depth - 1);
        }
        return builder.endObject();
    }
}

} // namespace

class TestDynamic final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsAndPrintsJson_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("printed");
        const auto row = [](const char* json, const char* printed) { QTest::newRow(json) << QByteArray(json) << QByteArray(printed); };
        const auto same = [&](const char* json) { row(json, json); };
        same("null");
        same("true");
        same("false");
        same("-7");
        same("9223372036854775807");
        same("-9223372036854775808");
        same("1.5");
        same("\"a\\\"b\"");
        same("[]");
        same("{}");
        same(R"([1,[2,[]],{"a":{"b":null}}])");
        row(" { \"a\" : [ 1 , 2.0 ] } ", R"({"a":[1,2.0]})");
        row(R"("caf\u00e9")", "\"caf\xC3\xA9\"");
        row("1e2", "100.0");
        row("18446744073709551615", "18446744073709551616.0");
        row("123456789012345678901234567890", "1.2345678901234568e+29");
        row(R"({"n":[-99999999999999999999,"99999999999999999999"]})", R"({"n":[-1e+20,"99999999999999999999"]})");
        row(R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})");
        row(R"({"a":{"x":1,"x":2},"b":[{"y":1,"y":[2]}],"a":7})", R"({"a":7,"b":[{"y":[2]}]})");
        row(R"({"":1})", R"({"":1})");
        for (const char* wrong : {"", " ", "{", "[1,]", "{\"a\"}", "{a:1}", "'a'", "nul", "1 2", "\"\x01\"", "\"\xFF\"", "01", "+1", "[1", "\"a", "NaN", "99999999999999999999x", "-"})
            row(wrong, "-");
    }
    void readsAndPrintsJson()
    {
        QFETCH(QByteArray, json);
        const auto bytes = dynamicFromJson(json.toStdString());
        QTEST((bytes ? QByteArray::fromStdString(DynamicView(*bytes).toJson()) : QByteArray("-")), "printed");
        if (bytes) {
            QVERIFY(isValidDynamic(*bytes));
            const auto again = dynamicFromJson(DynamicView(*bytes).toJson());
            QVERIFY(again && dynamicEquals(DynamicView(*again), DynamicView(*bytes)));
        }
    }

    void limitsNesting()
    {
        QVERIFY(dynamicFromJson(nested(1000)));
        QVERIFY(isValidDynamic(*dynamicFromJson(nested(1000))));
        QVERIFY(!dynamicFromJson(nested(1100)));
        QVERIFY(!dynamicFromJson(nested(100'000)));
        DynamicBuilder builder;
        for (int i = 0; i < 1'100; ++i)
            builder.beginArray();
        for (int i = 0; i < 1'100; ++i)
            builder.endArray();
        QVERIFY(!isValidDynamic(builder.take()));
    }

    void readsOtherTextAsAString()
    {
        QCOMPARE(DynamicView(parseJsonLenient("hello world")).toString(), "hello world");
        QVERIFY(DynamicView(parseJsonLenient("hello world")).isString());
        QCOMPARE(DynamicView(parseJsonLenient("[1]")).toJson(), "[1]");
        QVERIFY(parseJsonLenient("").empty());
        QVERIFY(parseJsonLenient(" \n").empty());
        QVERIFY(parseJsonLenient("null").empty());
    }

    void viewsMembersAndItems()
    {
        const std::string bytes = encoded(R"({"name":"dc-01","list":[10,20.5,"x"],"none":null,"Name":true})");
        const DynamicView view(bytes);
        QVERIFY(view.isObject());
        QCOMPARE(view.size(), std::size_t{4});
        QCOMPARE(view.key(1), std::string_view("list"));
        QCOMPARE(view.member("name").asString(), std::string_view("dc-01"));
        QCOMPARE(view.member("Name").tag(), DynamicTag::True);
        QVERIFY(view.member("none").isNull() && view.hasMember("none"));
        QVERIFY(view.member("other").isNull() && !view.hasMember("other"));
        QCOMPARE(view.item(1).item(0).asLong(), 10);
        QCOMPARE(view.item(1).item(1).asReal(), 20.5);
        QCOMPARE(view.item(1).item(2).asString(), std::string_view("x"));
        QVERIFY(view.item(1).member("x").isNull() && !view.item(1).hasMember("x"));
        QCOMPARE(DynamicView().size(), std::size_t{0});
        QCOMPARE(DynamicView().toJson(), "null");
        QCOMPARE(DynamicView().toString(), "");
    }

    void buildsEveryType()
    {
        DynamicBuilder builder;
        builder.beginArray();
        builder.null();
        builder.boolean(true);
        builder.number(std::numeric_limits<std::int64_t>::min());
        builder.real(-0.5);
        builder.string(std::string_view("a\0b", 3));
        builder.dateTime(kUnixEpoch);
        builder.timeSpan(-kTicksPerHour);
        builder.guid({});
        builder.decimal(*Decimal::parse("1.50"));
        builder.real(std::nan(""));
        builder.view(DynamicView());
        builder.view(DynamicView(encoded(R"({"k":[]})")));
        builder.value(Value::null(DataType::Long));
        builder.value(Value::int32(3));
        builder.value(Value::string("s"));
        builder.value(Value::dynamic(encoded("[1]")));
        builder.endArray();
        const std::string bytes = builder.take();
        QVERIFY(isValidDynamic(bytes));
        QCOMPARE(DynamicView(bytes).toJson(), R"([null,true,-9223372036854775808,-0.5,"a\u0000b","1970-01-01T00:00:00.0000000Z","-01:00:00",)"
                                              R"("00000000-0000-0000-0000-000000000000","1.50","NaN",null,{"k":[]},null,3,"s",[1]])");
        QVERIFY(builder.take().empty());
        QCOMPARE(DynamicView(bytes).item(6).toString(), "-01:00:00");
        QCOMPARE(DynamicView(bytes).item(2).toString(), "-9223372036854775808");
    }

    void comparesDeeply()
    {
        QVERIFY(equal("1", "1.0"));
        QVERIFY(!equal("1", "\"1\""));
        QVERIFY(!equal("1", "true"));
        QVERIFY(equal(R"({"a":1,"b":[2]})", R"({"b":[2.0],"a":1})"));
        QVERIFY(!equal(R"({"a":1})", R"({"a":1,"b":null})"));
        QVERIFY(!equal(R"({"a":null,"b":1})", R"({"c":null,"b":1})"));
        QVERIFY(!equal("[1,2]", "[2,1]"));
        QVERIFY(!equal("[1]", "[1,1]"));
        QVERIFY(equal("null", "null"));
        QVERIFY(dynamicEquals(DynamicView(), DynamicView(encoded("null"))));
        QVERIFY(!equal("[]", "{}"));
    }

    void knowsDamage_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("unknown tag") << QByteArray("\x0C");
        QTest::newRow("negative tag") << QByteArray("\xFF");
        QTest::newRow("number cut short") << QByteArray("\x03\x01\x02", 3);
        QTest::newRow("text without length") << QByteArray("\x05\x01", 2);
        QTest::newRow("text longer than the bytes") << QByteArray("\x05\xFF\xFF\xFF\xFFx", 6);
        QTest::newRow("byte behind the end") << QByteArray("\x01\x01", 2);
        QTest::newRow("array of four billion") << QByteArray("\x0A\xFF\xFF\xFF\xFF", 5);
        QTest::newRow("end behind the bytes") << QByteArray("\x0A\x01\0\0\0\x05\0\0\0\x01", 10);
        QTest::newRow("empty item") << QByteArray("\x0A\x01\0\0\0\0\0\0\0", 9);
        QTest::newRow("ends go back") << QByteArray("\x0A\x02\0\0\0\x02\0\0\0\x01\0\0\0\x01\x01", 15);
        QTest::newRow("key longer than its entry") << QByteArray("\x0B\x01\0\0\0\x05\0\0\0\x09\0\0\0\x01", 14);
        QTest::newRow("key without value") << QByteArray("\x0B\x01\0\0\0\x05\0\0\0\x01\0\0\0k", 14);
    }
    void knowsDamage()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(!isValidDynamic(bytes.toStdString()));
    }

    void mutatedBytesAreRefusedOrReadable()
    {
        std::mt19937 random(8);
        int accepted = 0;
        for (int i = 0; i < 20'000; ++i) {
            DynamicBuilder builder;
            write(builder, random, 4);
            std::string bytes = builder.take();
            QVERIFY(isValidDynamic(bytes));
            QVERIFY(dynamicEquals(DynamicView(bytes), DynamicView(bytes)));
            for (unsigned n = 1 + random() % 3; n > 0; --n)
                bytes[random() % bytes.size()] = static_cast<char>(random() % 4 ? random() % 16 : random());
            if (random() % 4 == 0)
                bytes.resize(random() % (bytes.size() + 1));
            // Reading below must stay inside a buffer of exactly this size; a sanitizer build sees it if not.
            const std::vector<char> exact(bytes.begin(), bytes.end());
            const std::string_view text(exact.data(), exact.size());
            if (isValidDynamic(text)) {
                ++accepted;
                (void)dynamicEquals(DynamicView(text), DynamicView(text));
                for (std::size_t k = 0; k < DynamicView(text).size(); ++k)
                    (void)DynamicView(text).item(k).bytes();
            }
        }
        QVERIFY(accepted > 100);
    }
};

QTEST_GUILESS_MAIN(TestDynamic)
#include "tst_dynamic.moc"
