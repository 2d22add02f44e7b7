// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/TimestampReader.h"

#include <QtTest>

using namespace tocsin;
using namespace tocsin::ingest;

class TestTimestampReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEveryForm_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("offset");
        QTest::addColumn<QByteArray>("expected"); // empty: no time
        const auto row = [](const char* text, const char* expected, int offset = 0) { QTest::newRow(text) << QByteArray(text) << offset << QByteArray(expected); };
        row("2018-11-13T12:01:35.3918317Z", "2018-11-13T12:01:35.3918317Z");
        row("2021-10-14T22:17:11+02:00", "2021-10-14T20:17:11.0000000Z");
        row("2021-10-14T22:17:11", "2021-10-14T20:17:11.0000000Z", 120);
        row("2021-10-14T22:17:11Z", "2021-10-14T22:17:11.0000000Z", 120);
        row("2025-01-15 08:45:30.123", "2025-01-15T08:45:30.1230000Z");
        row("2025-12-22T09:00:00.000000001Z", "2025-12-22T09:00:00.0000000Z");
        row("10/15/2020, 6:38:45.828 PM", "2020-10-15T18:38:45.8280000Z");
        row("7/8/2019 16:08", "2019-07-08T16:08:00.0000000Z");
        row("7/8/2019 4:08:09 AM", "2019-07-08T04:08:09.0000000Z");
        row("2025/09/16 13:11:22.6543210", "2025-09-16T13:11:22.6543210Z");
        row("Thursday, 19-Jun-14 22:58:10 GMT", "2014-06-19T22:58:10.0000000Z");
        row("1622547800", "2021-06-01T11:43:20.0000000Z");
        row("1622547800123", "2021-06-01T11:43:20.1230000Z");
        row("1622547800123456", "2021-06-01T11:43:20.1234560Z");
        row("1622547800123456789", "2021-06-01T11:43:20.1234567Z");
        row("1622547800.25", "2021-06-01T11:43:20.2500000Z");
        row("Mar 01 2021 20:35:54", "2021-03-01T20:35:54.0000000Z");
        row("Mar 01 2021 20:35:54", "2021-03-01T19:35:54.0000000Z", 60);
        row("May 11 2022 07:11:59.900 +0000", "2022-05-11T07:11:59.9000000Z", 60);
        row("13/Jan/2016:19:31:16 +0100", "2016-01-13T18:31:16.0000000Z");
        row("Sun Dec 04 04:47:44 2005", "2005-12-04T04:47:44.0000000Z");
        row("Sun Dec 04 04:47:44.123456 2005", "2005-12-04T04:47:44.1234560Z");
        row("2021-13-45T99:99:99Z", "");
        row("yesterday", "");
        row("", "");
        row("12345", "");
        row("99999999999999999999999999", "");
    }
    void readsEveryForm()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, offset);
        QFETCH(QByteArray, expected);
        const auto time = TimestampReader(offset).read(text.toStdString());
        QCOMPARE(time ? QByteArray::fromStdString(formatDateTime(*time)) : QByteArray(), expected);
    }

    void epochNumbersAreToldApartBySize()
    {
        QCOMPARE(TimestampReader::fromEpoch(std::int64_t{0}), std::optional(kUnixEpoch));
        QCOMPARE(TimestampReader::fromEpoch(std::int64_t{1542110377}), TimestampReader::fromEpoch(std::int64_t{1542110377000}));
        QCOMPARE(TimestampReader::fromEpoch(1542110377.5), std::optional(kUnixEpoch + 15421103775000000));
        QVERIFY(!TimestampReader::fromEpoch(1e30));
        QVERIFY(!TimestampReader::fromEpoch(std::int64_t{-99000000000}));
    }

    void yearlessTimesOfSyslog()
    {
        const auto padded = readYearlessTime("Mar  6 04:07:28 host");
        QVERIFY(padded);
        QCOMPARE(padded->month, 3);
        QCOMPARE(padded->day, 6);
        QCOMPARE(padded->timeOfDay, 4 * kTicksPerHour + 7 * kTicksPerMinute + 28 * kTicksPerSecond);
        QCOMPARE(padded->length, std::size_t{15});
        QVERIFY(!readYearlessTime("Foo  6 04:07:28"));
        QVERIFY(!readYearlessTime("Mar 45 04:07:28"));
        QVERIFY(!readYearlessTime("Mar"));
    }
};

QTEST_GUILESS_MAIN(TestTimestampReader)
#include "tst_timestamp_reader.moc"
