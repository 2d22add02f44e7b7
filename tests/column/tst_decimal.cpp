// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // <compare> is more than Qt 6.4's moc can read
#include "column/Decimal.h"
#endif

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace tocsin;

namespace {

__extension__ using Wide = __int128;

QByteArray printed(const std::optional<Decimal>& value) { return value ? QByteArray::fromStdString(value->toString()) : QByteArray("-"); }
Decimal decimal(const QByteArray& text) { return Decimal::parse(text.toStdString()).value(); }

QByteArray printed(Wide value)
{
    QByteArray digits;
    const bool negative = value < 0;
    do {
        const int digit = static_cast<int>(value % 10);
        digits.prepend(static_cast<char>('0' + std::abs(digit)));
        value /= 10;
    } while (value != 0);
    return negative ? "-" + digits : digits;
}

/// The number under `scale` decimals, printed without rounding.
QByteArray printed(Wide value, int scale)
{
    QByteArray text = printed(value < 0 ? -value : value);
    while (text.size() <= scale)
        text.prepend('0');
    if (scale > 0)
        text.insert(text.size() - scale, '.');
    return value < 0 ? "-" + text : text;
}

} // namespace

class TestDecimal final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsAndPrints_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* text, const char* expected) { QTest::newRow(text) << QByteArray(text) << QByteArray(expected); };
        row("0", "0");
        row("-0", "0");
        row("+7", "7");
        row("007", "7");
        row("1.50", "1.50");
        row("-.5", "-0.5");
        row("5.", "5");
        row("1e3", "1000");
        row("1E-3", "0.001");
        row("12.5e+1", "125");
        row("9999999999999999999999999999999999", "9999999999999999999999999999999999");
        row("0.1234567890123456789012345678901234", "0.1234567890123456789012345678901234");
        row("12345678901234567890123456789012345", "1.234567890123456789012345678901234E+34"); // half to even: down
        row("12345678901234567890123456789012355", "1.234567890123456789012345678901236E+34"); // half to even: up
        row("12345678901234567890123456789012345.1", "1.234567890123456789012345678901235E+34"); // above half
        row("99999999999999999999999999999999995", "1.000000000000000000000000000000000E+35");
        row("1e6144", "1.000000000000000000000000000000000E+6144");
        row("9.999999999999999999999999999999999e6144", "9.999999999999999999999999999999999E+6144");
        row("1e-6176", "1E-6176");
        row("1e-6177", "0");
        row("1e-7000", "0");
        row("-6e-6177", "-1E-6176");
        for (const char* wrong : {"", "-", "+", ".", "1.2.3", "1e", "1e+", "e5", "1 ", " 1", "--1", "0x1", "1,000", "NaN", "inf", "1e6145", "1e99999", "1e1.5", "1d"})
            row(wrong, "-");
    }
    void readsAndPrints()
    {
        QFETCH(QByteArray, text);
        const auto value = Decimal::parse(text.toStdString());
        if (value && value->isZero()) {
            QTEST(QByteArray(decimal("0") == *value ? "0" : "?"), "expected");
            return;
        }
        QTEST(printed(value), "expected");
        if (value)
            QVERIFY(Decimal::parse(value->toString()) == value);
    }

    void adds_data()
    {
        QTest::addColumn<QByteArray>("a");
        QTest::addColumn<QByteArray>("b");
        QTest::addColumn<QByteArray>("sum");
        const auto row = [](const char* a, const char* b, const char* sum) { QTest::addRow("%s + %s", a, b) << QByteArray(a) << QByteArray(b) << QByteArray(sum); };
        row("0.1", "0.2", "0.3");
        row("1", "-1", "0");
        row("1e20", "1e-10", "100000000000000000000.0000000001");
        row("9999999999999999999999999999999999", "1", "10000000000000000000000000000000000");
        row("1", "5e-34", "1");                                            // an exact half goes to the even neighbour
        row("1", "5.0000000000001e-34", "1.000000000000000000000000000000001"); // a little more than half does not
        row("1.000000000000000000000000000000001", "5e-34", "1.000000000000000000000000000000002");
        row("1.000000000000000000000000000000001", "4.9999999999999e-34", "1.000000000000000000000000000000001");
        row("1", "-1e-40", "1");
        row("1", "-6e-35", "0.9999999999999999999999999999999999");
        row("1e6000", "1e-6000", "1e6000");
        row("9.999999999999999999999999999999999e6144", "9e6144", "9.999999999999999999999999999999999e6144"); // the largest stays the largest
    }
    void adds()
    {
        QFETCH(QByteArray, a);
        QFETCH(QByteArray, b);
        QFETCH(QByteArray, sum);
        QVERIFY2(decimal(a) + decimal(b) == decimal(sum), printed(decimal(a) + decimal(b)));
        QVERIFY2(decimal(b) + decimal(a) == decimal(sum), printed(decimal(b) + decimal(a)));
        QVERIFY2(-decimal(a) - decimal(b) == -decimal(sum), printed(-decimal(a) - decimal(b)));
    }

    void multipliesAndDivides_data()
    {
        QTest::addColumn<QByteArray>("a");
        QTest::addColumn<QByteArray>("b");
        QTest::addColumn<QByteArray>("product");
        QTest::addColumn<QByteArray>("quotient");
        const auto row = [](const char* a, const char* b, const char* product, const char* quotient) {
            QTest::addRow("%s and %s", a, b) << QByteArray(a) << QByteArray(b) << QByteArray(product) << QByteArray(quotient);
        };
        row("6", "3", "18", "2");
        row("1", "3", "3", "0.3333333333333333333333333333333333");
        row("2", "3", "6", "0.6666666666666666666666666666666667");
        row("-1", "8", "-8", "-0.125");
        row("0", "5", "0", "0");
        row("5", "0", "0", "-");
        row("1.10", "1.10", "1.21", "1");
        row("9999999999999999999999999999999999", "9999999999999999999999999999999999", "9.999999999999999999999999999999998e67", "1");
        row("1e-4000", "1e-4000", "0", "1");
        row("1e4000", "1e-4000", "1", "9.999999999999999999999999999999999e6144");
    }
    void multipliesAndDivides()
    {
        QFETCH(QByteArray, a);
        QFETCH(QByteArray, b);
        QFETCH(QByteArray, product);
        QFETCH(QByteArray, quotient);
        QVERIFY2(decimal(a) * decimal(b) == decimal(product), printed(decimal(a) * decimal(b)));
        const auto divided = Decimal::divide(decimal(a), decimal(b));
        if (quotient == "-")
            QVERIFY(!divided);
        else
            QVERIFY2(divided && *divided == decimal(quotient), printed(divided));
    }

    void takesRemaindersAndFloors_data()
    {
        QTest::addColumn<QByteArray>("a");
        QTest::addColumn<QByteArray>("b");
        QTest::addColumn<QByteArray>("rest");
        QTest::addColumn<QByteArray>("floor");
        const auto row = [](const char* a, const char* b, const char* rest, const char* floor) {
            QTest::addRow("%s and %s", a, b) << QByteArray(a) << QByteArray(b) << QByteArray(rest) << QByteArray(floor);
        };
        row("7.5", "2", "1.5", "7");
        row("-7.5", "2", "-1.5", "-8");
        row("7.5", "-2", "1.5", "7");
        row("1", "0", "-", "1");
        row("1e30", "7", "1", "1e30"); // 10^30 mod 7: 10^6 = 1
        row("1", "1e40", "1", "1");
        row("-0.0001", "1", "-0.0001", "-1");
        row("-1e-100", "1", "-1e-100", "-1");
        row("1e-100", "1", "1e-100", "0");
        row("-3.00", "3", "0", "-3");
    }
    void takesRemaindersAndFloors()
    {
        QFETCH(QByteArray, a);
        QFETCH(QByteArray, b);
        QFETCH(QByteArray, rest);
        QFETCH(QByteArray, floor);
        const auto remainder = Decimal::remainder(decimal(a), decimal(b));
        QVERIFY2(rest == "-" ? !remainder : remainder && *remainder == decimal(rest), printed(remainder));
        QVERIFY2(decimal(a).floor() == decimal(floor), printed(decimal(a).floor()));
    }

    void comparesByValue()
    {
        const QByteArray ascending[] = {"-1e6144", "-10", "-9.99", "-1e-6000", "0", "1e-6176", "0.1", "0.10000000000000000000001", "1", "1.5", "9999999999999999999999999999999999", "1e40"};
        for (std::size_t i = 0; i < std::size(ascending); ++i)
            for (std::size_t j = 0; j < std::size(ascending); ++j)
                QVERIFY2((decimal(ascending[i]) <=> decimal(ascending[j])) == (i <=> j), ascending[i] + " and " + ascending[j]);
        for (const char* same : {"1.50", "1.5", "15e-1", "0.15e1", "1.500000000000000000000000000000000"}) {
            QVERIFY(decimal(same) == decimal("1.5"));
            QCOMPARE(decimal(same).hash(), decimal("1.5").hash());
        }
        QCOMPARE(decimal("0.00").hash(), decimal("-0").hash());
    }

    void convertsToAndFromDoubleAndLong()
    {
        QVERIFY(Decimal::fromDouble(0.1) == decimal("0.1"));
        QVERIFY(Decimal::fromDouble(1e300) == decimal("1e300"));
        QVERIFY(Decimal::fromDouble(std::nan("")).isZero());
        QVERIFY(Decimal::fromDouble(HUGE_VAL).isZero());
        QCOMPARE(decimal("1e-5").toDouble(), 1e-5);
        QCOMPARE(decimal("-2.75").toLong().value(), -2);
        QCOMPARE(decimal("1e-6000").toLong().value(), 0);
        QVERIFY(!decimal("1e6000").toLong());
        for (const std::int64_t extreme : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
            QCOMPARE(Decimal(extreme).toLong().value(), extreme);
            QCOMPARE(printed(Decimal(extreme)), QByteArray::number(qint64(extreme)));
        }
        QVERIFY(!decimal("9223372036854775808").toLong());
        QVERIFY(decimal("-9223372036854775808").toLong());
        QVERIFY(!decimal("-9223372036854775809").toLong());
        std::mt19937_64 random(4);
        for (int i = 0; i < 5'000; ++i) {
            const double value = std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 400) - 200);
            QCOMPARE(Decimal::fromDouble(value).toDouble(), value);
        }
    }

    void agreesWithExactArithmetic()
    {
        std::mt19937_64 random(6);
        for (int i = 0; i < 20'000; ++i) {
            // Up to 15 digits and 6 decimals each: every sum and product is exact in 34 digits and in 128 bits.
            const auto pick = [&] { return static_cast<std::int64_t>(random() % 1'000'000'000'000'000ULL) >> (random() % 50); };
            const std::int64_t x = random() % 2 ? pick() : -pick();
            const std::int64_t y = random() % 2 ? pick() : -pick();
            const int sx = static_cast<int>(random() % 7), sy = static_cast<int>(random() % 7);
            const Decimal a = decimal(printed(Wide{x}, sx)), b = decimal(printed(Wide{y}, sy));
            const int scale = std::max(sx, sy);
            Wide wideX = x, wideY = y;
            for (int s = sx; s < scale; ++s)
                wideX *= 10;
            for (int s = sy; s < scale; ++s)
                wideY *= 10;
            QVERIFY(a + b == decimal(printed(wideX + wideY, scale)));
            QVERIFY(a - b == decimal(printed(wideX - wideY, scale)));
            QVERIFY(a * b == decimal(printed(Wide{x} * y, sx + sy)));
            QVERIFY((a <=> b) == (wideX <=> wideY));
            if (y == 0)
                continue;
            const Decimal rest = decimal(printed(wideX % wideY, scale));
            QVERIFY(*Decimal::remainder(a, b) == rest);
            const Decimal whole = decimal(printed(wideX / wideY));
            QVERIFY(*Decimal::divide(a - rest, b) == whole);
            QVERIFY(*Decimal::divide(a * b, b) == a);
        }
    }
};

QTEST_GUILESS_MAIN(TestDecimal)
#include "tst_decimal.moc"
