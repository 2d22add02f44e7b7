// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

using namespace tocsin;

namespace {

std::string quotedText(std::string_view text)
{
    std::string out;
    appendJsonString(out, text);
    return out;
}

std::string number(double value)
{
    std::string out;
    appendJsonNumber(out, value);
    return out;
}

} // namespace

class TestJson final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void quotesText()
    {
        QCOMPARE(quotedText(""), "\"\"");
        QCOMPARE(quotedText("plain /"), "\"plain /\"");
        QCOMPARE(quotedText("a\"b\\c"), "\"a\\\"b\\\\c\"");
        QCOMPARE(quotedText("\n\r\t\b\f"), "\"\\n\\r\\t\\b\\f\"");
        QCOMPARE(quotedText(std::string_view("\0\x1F\x7F", 3)), "\"\\u0000\\u001f\x7F\"");
        QCOMPARE(quotedText("caf\xC3\xA9"), "\"caf\xC3\xA9\"");
        QCOMPARE(quotedText("a\xFF\xC3"), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
    }

    void marksStandAnywhereInLongTexts()
    {
        for (std::size_t size = 0; size < 70; ++size)
            for (std::size_t at = 0; at < size; ++at)
                for (const char mark : {'"', '\\'}) {
                    std::string text(size, 'x');
                    text[at] = mark;
                    text[size / 2] = mark;
                    std::string expected;
                    for (const char c : text)
                        expected += c == mark ? std::string{'\\', c} : std::string{c};
                    QCOMPARE(quotedText(text), '"' + expected + '"');
                }
    }

    void anyBytesGiveReadableJson()
    {
        std::mt19937 random(1);
        for (int i = 0; i < 2'000; ++i) {
            std::string text;
            for (unsigned n = random() % 60; n > 0; --n)
                text += static_cast<char>(random());
            QJsonParseError error;
            QJsonDocument::fromJson(QByteArray::fromStdString("[" + quotedText(text) + "]"), &error);
            QCOMPARE(error.error, QJsonParseError::NoError);
        }
    }

    void printsNumbers()
    {
        QCOMPARE(number(0), "0.0");
        QCOMPARE(number(-0.0), "-0.0");
        QCOMPARE(number(1), "1.0");
        QCOMPARE(number(0.1), "0.1");
        QCOMPARE(number(-2.5), "-2.5");
        QCOMPARE(number(1e300), "1e+300");
        QCOMPARE(number(std::numeric_limits<double>::quiet_NaN()), "\"NaN\"");
        QCOMPARE(number(HUGE_VAL), "\"inf\"");
        QCOMPARE(number(-HUGE_VAL), "\"-inf\"");
    }

    void numbersReadBackExactly()
    {
        std::mt19937_64 random(2);
        for (int i = 0; i < 20'000; ++i) {
            const double value = std::bit_cast<double>(random());
            if (std::isfinite(value))
                QCOMPARE(std::bit_cast<std::uint64_t>(std::strtod(number(value).c_str(), nullptr)), std::bit_cast<std::uint64_t>(value));
        }
    }

    void placesCommas()
    {
        std::string out;
        JsonWriter json(out);
        json.beginObject().key("a").number(std::numeric_limits<std::int64_t>::min()).key("b").beginArray().endArray();
        json.key("c").beginArray().real(1.5).boolean(true).boolean(false).null().string("x").beginObject().endObject().beginObject().key("k\"").raw("[1,2]").endObject().endArray();
        json.key("d").beginObject().endObject().endObject();
        QCOMPARE(out, "{\"a\":-9223372036854775808,\"b\":[],\"c\":[1.5,true,false,null,\"x\",{},{\"k\\\"\":[1,2]}],\"d\":{}}");
        std::string lone;
        JsonWriter(lone).number(7);
        QCOMPARE(lone, "7");
    }
};

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
