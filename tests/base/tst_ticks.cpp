// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Ticks.h"

#include <QTest>

#include <limits>
#include <random>

using namespace tocsin;

Q_DECLARE_METATYPE(std::optional<tocsin::Ticks>)

namespace {

constexpr auto kNothing = std::optional<Ticks>();

Ticks civil(int year, int month, int day, int hour = 0, int minute = 0, int second = 0, int fraction = 0)
{
    return ticksFromCivil({year, month, day, hour, minute, second, fraction});
}

std::string printed(std::optional<Ticks> ticks) { return ticks ? std::to_string(*ticks) : "nothing"; }

} // namespace

class TestTicks final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void knowsTheCalendar()
    {
        QCOMPARE(civil(1, 1, 1), kMinDateTime);
        QCOMPARE(civil(1970, 1, 1), kUnixEpoch);
        QCOMPARE(civil(1601, 1, 1), kFileTimeEpoch);
        QCOMPARE(civil(9999, 12, 31, 23, 59, 59, 9'999'999), kMaxDateTime);
        QVERIFY(inDateTimeRange(kMinDateTime) && inDateTimeRange(kMaxDateTime));
        QVERIFY(!inDateTimeRange(kMinDateTime - 1) && !inDateTimeRange(kMaxDateTime + 1));
        QCOMPARE(daysInMonth(2024, 2), 29);
        QCOMPARE(daysInMonth(1900, 2), 28);
        QCOMPARE(daysInMonth(2000, 2), 29);
        QCOMPARE(daysInMonth(2023, 4), 30);
        QCOMPARE(dayOfWeek(civil(1, 1, 1)), 1);
        QCOMPARE(dayOfWeek(civil(2024, 6, 15)), 6);
        QCOMPARE(dayOfWeek(civil(2024, 6, 16)), 0);
        QCOMPARE(dayOfYear(civil(2024, 12, 31)), 366);
        QCOMPARE(dayOfYear(civil(2023, 3, 1, 23, 59)), 60);
    }

    void refusesFieldsOutsideTheCalendar_data()
    {
        QTest::addColumn<CivilTime>("time");
        QTest::addColumn<bool>("valid");
        QTest::newRow("leap day") << CivilTime{2024, 2, 29} << true;
        QTest::newRow("no leap day") << CivilTime{2023, 2, 29} << false;
        QTest::newRow("year 0") << CivilTime{0, 1, 1} << false;
        QTest::newRow("year 10000") << CivilTime{10000, 1, 1} << false;
        QTest::newRow("month 13") << CivilTime{2024, 13, 1} << false;
        QTest::newRow("day 0") << CivilTime{2024, 1, 0} << false;
        QTest::newRow("hour 24") << CivilTime{2024, 1, 1, 24} << false;
        QTest::newRow("leap second") << CivilTime{2024, 1, 1, 23, 59, 60} << false;
        QTest::newRow("last tick") << CivilTime{2024, 1, 1, 23, 59, 59, 9'999'999} << true;
        QTest::newRow("fraction too large") << CivilTime{2024, 1, 1, 0, 0, 0, 10'000'000} << false;
    }
    void refusesFieldsOutsideTheCalendar()
    {
        QFETCH(CivilTime, time);
        QTEST(isValidCivil(time), "valid");
    }

    void readsDateTimes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<std::optional<Ticks>>("expected");
        const auto row = [](const char* text, std::optional<Ticks> expected) { QTest::newRow(text) << QByteArray(text) << expected; };
        const Ticks noon = civil(2024, 6, 15, 12, 34, 56);
        row("2024-06-15T12:34:56Z", noon);
        row("2024-06-15 12:34:56", noon);
        row("2024-06-15t12:34:56z", noon);
        row("  2024-06-15T12:34:56Z\t", noon);
        row("2024-06-15T12:34:56.1Z", noon + 1'000'000);
        row("2024-06-15T12:34:56,25Z", noon + 2'500'000);
        row("2024-06-15T12:34:56.1234567Z", noon + 1'234'567);
        row("2024-06-15T12:34:56.123456789Z", noon + 1'234'567);
        row("2024-06-15T12:34:56+02:00", noon - 2 * kTicksPerHour);
        row("2024-06-15T12:34:56-0530", noon + 5 * kTicksPerHour + 30 * kTicksPerMinute);
        row("2024-06-15T12:34:56 +02", noon - 2 * kTicksPerHour);
        row("2024-06-15T12:34:56 GMT", noon);
        row("2024-06-15T12:34:56 UTC", noon);
        row("2024-06-15T12:34", civil(2024, 6, 15, 12, 34));
        row("2024-06-15 1:02:03 PM", civil(2024, 6, 15, 13, 2, 3));
        row("2024-06-15", civil(2024, 6, 15));
        row("2024-06-15Z", civil(2024, 6, 15));
        row("2024-6-5", civil(2024, 6, 5));
        row("2024-06", civil(2024, 6, 1));
        row("2024", civil(2024, 1, 1));
        row("20240615", civil(2024, 6, 15));
        row("20240615123456", noon);
        row("6/15/2024", civil(2024, 6, 15));
        row("06/15/2024 12:34:56", noon);
        row("6/15/2024 12:34:56 AM", noon - 12 * kTicksPerHour);
        row("6/15/2024 12:34:56 pm", noon);
        row("6/15/2024, 12:34", civil(2024, 6, 15, 12, 34));
        row("6/15/49", civil(2049, 6, 15));
        row("6/15/50", civil(1950, 6, 15));
        row("2024/06/15 12:34:56", noon);
        row("Sat, 15 Jun 2024 12:34:56 GMT", noon);
        row("Saturday, 15-Jun-24 12:34:56 UTC", noon);
        row("15 June 2024 12:34:56", noon);
        row("Jun 15 2024 12:34:56", noon);
        row("Jun 15, 2024", civil(2024, 6, 15));
        row("0001-01-01T00:00:00Z", kMinDateTime);
        row("9999-12-31T23:59:59.9999999Z", kMaxDateTime);
        for (const char* wrong : {"", " ", "now", "2024-13-01", "2024-02-30", "2023-02-29T00:00:00Z", "2024-06-15T", "2024-06-15T12", "2024-06-15T24:00:00Z",
                                  "2024-06-15T12:60:00Z", "2024-06-15T12:00:60Z", "2024-06-15T12:34:56+15:00", "2024-06-15T12:34:56+02:60", "2024-06-15T12:34:56 EST",
                                  "2024-06-15T12:34:56Zx", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "0000-01-01", "10000-01-01", "13/13/2024",
                                  "6/15/2024 13:00 PM", "6/15/2024 0:10 AM", "12345678", "2024061512345x", "15 Juni 2024", "15 Jun", "/", "1/2", "2024-06-15T1a:00"})
            row(wrong, kNothing);
    }
    void readsDateTimes()
    {
        QFETCH(QByteArray, text);
        QFETCH(std::optional<Ticks>, expected);
        QCOMPARE(printed(parseDateTime(text.toStdString())), printed(expected));
    }

    void readsOnlyIsoWhereAskedTo()
    {
        QVERIFY(parseIsoDateTime("2024-06-15T12:34:56.5Z"));
        for (const char* other : {"6/15/2024", "Sat, 15 Jun 2024 12:34:56 GMT", "20240615", "2024", ""})
            QVERIFY2(!parseIsoDateTime(other), other);
    }

    void readsTimeSpans_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<std::optional<Ticks>>("expected");
        const auto row = [](const char* text, std::optional<Ticks> expected) { QTest::newRow(text) << QByteArray(text) << expected; };
        row("00:00:00", 0);
        row("01:02:03", kTicksPerHour + 2 * kTicksPerMinute + 3 * kTicksPerSecond);
        row("1:02", kTicksPerHour + 2 * kTicksPerMinute);
        row("-01:00:00", -kTicksPerHour);
        row("1.00:00:00", kTicksPerDay);
        row("1:00:00:00", kTicksPerDay);
        row("-2.03:04:05.5", -(2 * kTicksPerDay + 3 * kTicksPerHour + 4 * kTicksPerMinute + 5 * kTicksPerSecond + kTicksPerSecond / 2));
        row("00:00:00.0000001", 1);
        row("00:00:00.00000019", 1);
        row("10675199.02:48:05.4775807", std::numeric_limits<Ticks>::max());
        row("-10675199.02:48:05.4775808", std::numeric_limits<Ticks>::min());
        row("2", 2 * kTicksPerDay);
        row("-0.5", -kTicksPerDay / 2);
        row("1.5h", kTicksPerHour + kTicksPerHour / 2);
        row("30m", 30 * kTicksPerMinute);
        row("100ms", 100 * kTicksPerMillisecond);
        row("10 s", 10 * kTicksPerSecond);
        row("3 days", 3 * kTicksPerDay);
        row("5micro", 50);
        row("1tick", 1);
        row("7ticks", 7);
        row(" 1d ", kTicksPerDay);
        row("0", 0);
        for (const char* wrong : {"", "-", "--1d", "d", "1x", "1 fortnight", "24:00:00", "00:60:00", "00:00:60", "1.24:00:00", "00:00:00x", "inf", "nan", "infd", "1e300d", "10675200.00:00:00",
                                  "99999999.00:00:00", "10675199.02:48:05.4775808", ":", "1:", "1:2:3:4:5", "1..00:00:00"})
            row(wrong, kNothing);
    }
    void readsTimeSpans()
    {
        QFETCH(QByteArray, text);
        QFETCH(std::optional<Ticks>, expected);
        QCOMPARE(printed(parseTimeSpan(text.toStdString())), printed(expected));
    }

    void prints()
    {
        QCOMPARE(formatDateTime(kMinDateTime), "0001-01-01T00:00:00.0000000Z");
        QCOMPARE(formatDateTime(kMaxDateTime), "9999-12-31T23:59:59.9999999Z");
        QCOMPARE(formatDateTime(civil(2024, 6, 15, 1, 2, 3, 40)), "2024-06-15T01:02:03.0000040Z");
        QCOMPARE(formatTimeSpan(0), "00:00:00");
        QCOMPARE(formatTimeSpan(-1), "-00:00:00.0000001");
        QCOMPARE(formatTimeSpan(kTicksPerDay + 1), "1.00:00:00.0000001");
        QCOMPARE(formatTimeSpan(std::numeric_limits<Ticks>::max()), "10675199.02:48:05.4775807");
        QCOMPARE(formatTimeSpan(std::numeric_limits<Ticks>::min()), "-10675199.02:48:05.4775808");
    }

    void readsBackWhatItPrints()
    {
        std::mt19937_64 random(7);
        std::uniform_int_distribution<Ticks> moment(kMinDateTime, kMaxDateTime);
        std::uniform_int_distribution<Ticks> length(std::numeric_limits<Ticks>::min(), std::numeric_limits<Ticks>::max());
        for (int i = 0; i < 20'000; ++i) {
            const Ticks time = moment(random);
            QCOMPARE(printed(parseDateTime(formatDateTime(time))), std::to_string(time));
            QCOMPARE(printed(parseIsoDateTime(formatDateTime(time))), std::to_string(time));
            QCOMPARE(ticksFromCivil(civilFromTicks(time)), time);
            const Ticks span = length(random) >> (i % 50);
            QCOMPARE(printed(parseTimeSpan(formatTimeSpan(span))), std::to_string(span));
        }
    }

    void everyDayFollowsTheOneBefore()
    {
        int year = 1, month = 1, day = 1;
        for (Ticks ticks = 0; ticks < 2500 * 366 * kTicksPerDay; ticks += kTicksPerDay) {
            const CivilTime time = civilFromTicks(ticks);
            if (time.year != year || time.month != month || time.day != day)
                QFAIL(formatDateTime(ticks).c_str());
            if (++day > daysInMonth(year, month)) {
                day = 1;
                if (++month > 12) {
                    month = 1;
                    ++year;
                }
            }
        }
    }

    void survivesMutatedText()
    {
        std::mt19937 random(11);
        const std::string seeds[] = {"2024-06-15T12:34:56.1234567+02:00", "Saturday, 15-Jun-24 12:34:56 UTC", "6/15/2024 12:34:56 AM", "-10675199.02:48:05.4775807", "1.5h"};
        for (int i = 0; i < 20'000; ++i) {
            std::string text = seeds[random() % std::size(seeds)];
            for (unsigned n = random() % 4; n > 0; --n)
                text[random() % text.size()] = static_cast<char>(random());
            text.resize(random() % (text.size() + 1));
            if (const auto time = parseDateTime(text))
                QVERIFY(inDateTimeRange(*time));
            (void)parseTimeSpan(text);
        }
    }
};

QTEST_GUILESS_MAIN(TestTicks)
#include "tst_ticks.moc"
