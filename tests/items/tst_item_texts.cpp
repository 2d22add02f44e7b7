// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/ChartData.h"
#include "items/CsvExport.h"
#include "items/ErrorText.h"
#include "items/TimeDisplay.h"
#include "items/TimeRangeText.h"
#include "items/ValueText.h"

#include <QTest>
#include <QTimeZone>

#include <cmath>

using namespace tocsin;
using namespace tocsin::items;

namespace {

const Ticks kNow = ticksFromCivil({2026, 3, 3, 12, 0, 0, 0});

Batch columnsOf(std::vector<Vector> columns)
{
    Batch batch;
    batch.storedRows = columns.front().size();
    batch.columns = std::move(columns);
    return batch;
}

template <DataType T, typename... V> Vector vectorOf(V... values)
{
    TypedBuilder<T> builder;
    (builder.append(values), ...);
    return builder.finish();
}

} // namespace

class TestItemTexts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void timeRanges_data();
    void timeRanges();
    void badTimeRangesAreRefused();
    void timesFollowTheZone();
    void errorsSayWhatWhereAndWhatToDo();
    void lineAndColumnCountCharacters();
    void csvFieldsAreQuoted();
    void chartColumnsAreChosen();
    void chartThinsLongSeriesButKeepsPeaks();
    void chartSaysWhyThereIsNone();
};

void TestItemTexts::timeRanges_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qlonglong>("from");
    QTest::addColumn<qlonglong>("to");
    const auto row = [](const char* text, Ticks from, Ticks to) { QTest::newRow(text) << QString::fromLatin1(text) << qlonglong(from) << qlonglong(to); };
    row("last 6h", kNow - 6 * kTicksPerHour, kNow);
    row("last 6 h", kNow - 6 * kTicksPerHour, kNow);
    row("7d", kNow - 7 * kTicksPerDay, kNow);
    row("30m", kNow - 30 * kTicksPerMinute, kNow);
    row("today", kNow - 12 * kTicksPerHour, kNow);
    row("yesterday", kNow - 36 * kTicksPerHour, kNow - 12 * kTicksPerHour);
    row("2026-03-01..2026-03-02T12:00Z", ticksFromCivil({2026, 3, 1, 0, 0, 0, 0}), ticksFromCivil({2026, 3, 2, 12, 0, 0, 0}));
    row("2026-03-01..2026-03-03T12:00+01:00", ticksFromCivil({2026, 3, 1, 0, 0, 0, 0}), ticksFromCivil({2026, 3, 3, 11, 0, 0, 0}));
    row("2026-03-01..", ticksFromCivil({2026, 3, 1, 0, 0, 0, 0}), kMaxDateTime);
}

void TestItemTexts::timeRanges()
{
    QFETCH(QString, text);
    QFETCH(qlonglong, from);
    QFETCH(qlonglong, to);
    const auto range = parseTimeRange(text, kNow);
    QVERIFY(range.has_value());
    QVERIFY(range->has_value());
    QCOMPARE(qlonglong((*range)->from), from);
    QCOMPARE(qlonglong((*range)->to), to);
}

void TestItemTexts::badTimeRangesAreRefused()
{
    for (const char* text : {"tomorrow", "-1d", "0d", "7", "..x", "2026-03-02..2026-03-01", "last", "99999999d"}) {
        const auto range = parseTimeRange(QLatin1String(text), kNow);
        QVERIFY2(!range.has_value(), text);
        QCOMPARE(range.error().code(), kBadTimeRange.code);
    }
    QVERIFY(!parseTimeRange(QStringLiteral("  "), kNow)->has_value());
}

void TestItemTexts::timesFollowTheZone()
{
    TimeDisplay time;
    QCOMPARE(time.text(kNow + 2'500'000), QStringLiteral("2026-03-03 12:00:00.250"));
    QCOMPARE(time.zoneName(), QStringLiteral("UTC"));
    time.setLocalZone(QTimeZone("Europe/Helsinki"));
    time.setUtc(false);
    QCOMPARE(time.text(kNow), QStringLiteral("2026-03-03 14:00:00"));
    QCOMPARE(time.text(ticksFromCivil({2026, 7, 1, 12, 0, 0, 0})), QStringLiteral("2026-07-01 15:00:00"));
    QVERIFY(time.tooltip(kNow).contains(QStringLiteral("2026-03-03T12:00:00.0000000Z")));
    QVERIFY(time.tooltip(kNow).contains(QStringLiteral("+02:00")));
    QVERIFY(!time.text(kMinDateTime).isEmpty());
    QCOMPARE(durationText(1'500 * kTicksPerMillisecond), QStringLiteral("1.50 s"));
    QCOMPARE(durationText(185 * kTicksPerSecond), QStringLiteral("3 min 5 s"));
}

void TestItemTexts::errorsSayWhatWhereAndWhatToDo()
{
    Error error = makeError(kFileUnreadable, "a.log", "no permission").in("line 4");
    QCOMPARE(errorText(error), QStringLiteral("Cannot read a.log: no permission (line 4)"));
    QVERIFY(errorAdviceText(error).startsWith(QStringLiteral("Check")));
    QVERIFY(errorReport(error).endsWith(QStringLiteral("base.file_unreadable")));
    const Error outer = makeError(kInternal, "x").because(error);
    QVERIFY(errorText(outer).contains(QStringLiteral("no permission")));
}

void TestItemTexts::lineAndColumnCountCharacters()
{
    QCOMPARE(lineAndColumn("ab\nc\xc3\xa4 d", 7), std::pair(2, 4));
    QCOMPARE(lineAndColumn("", 9), std::pair(1, 1));
}

void TestItemTexts::csvFieldsAreQuoted()
{
    QByteArray out;
    for (const char* field : {"a", "b,c", "d\"e", "f\ng"}) {
        appendCsvField(out, QLatin1String(field));
        out += '|';
    }
    QCOMPARE(out, QByteArray("a|\"b,c\"|\"d\"\"e\"|\"f\ng\"|"));
}

void TestItemTexts::chartColumnsAreChosen()
{
    engine::ResultSchema schema;
    schema.columns = {{"Table", DataType::String, ""}, {"TimeGenerated", DataType::DateTime, ""}, {"Rows", DataType::Long, ""}};
    schema.visualization = {"timechart", {{"title", "T"}, {"ymin", "5"}}};
    const Batch batch = columnsOf({vectorOf<DataType::String>(std::string_view("b"), std::string_view("a"), std::string_view("b")),
                                   vectorOf<DataType::DateTime>(kUnixEpoch + 2 * kTicksPerSecond, kUnixEpoch, kUnixEpoch), vectorOf<DataType::Long>(std::int64_t(1), std::int64_t(2), std::int64_t(3))});
    ChartData chart = buildChart(schema, {batch});
    QVERIFY(chart.timeAxis);
    QCOMPARE(chart.series.size(), std::size_t(2));
    QCOMPARE(chart.series[0].name, QStringLiteral("b"));
    QCOMPARE(chart.series[0].x, (std::vector<double>{0, 2}));
    QCOMPARE(chart.series[0].y, (std::vector<double>{3, 1}));
    QCOMPARE(*chart.yMinimum, 5.0);
    schema.visualization = {"piechart", {}};
    chart = buildChart(schema, {batch});
    QVERIFY(!chart.timeAxis);
    QCOMPARE(chart.categories, QStringList({QStringLiteral("b"), QStringLiteral("a")}));
    schema.visualization = {"card", {}};
    QCOMPARE(buildChart(schema, {batch}).cards.front(), QStringLiteral("Table\tb"));
}

void TestItemTexts::chartThinsLongSeriesButKeepsPeaks()
{
    TypedBuilder<DataType::Long> x, y;
    for (std::int64_t i = 0; i < 200'000; ++i) {
        x.append(i);
        y.append(i == 123'456 ? 99'999 : i % 7);
    }
    engine::ResultSchema schema;
    schema.columns = {{"X", DataType::Long, ""}, {"Y", DataType::Long, ""}};
    schema.visualization = {"linechart", {{"xcolumn", "X"}}};
    const ChartData chart = buildChart(schema, {columnsOf({x.finish(), y.finish()})});
    QCOMPARE(chart.series.size(), std::size_t(1));
    QVERIFY(chart.series[0].x.size() <= 8000);
    QVERIFY(std::find(chart.series[0].y.begin(), chart.series[0].y.end(), 99'999.0) != chart.series[0].y.end());
    QVERIFY(std::is_sorted(chart.series[0].x.begin(), chart.series[0].x.end()));
    QVERIFY(!chart.notes.isEmpty());
}

void TestItemTexts::chartSaysWhyThereIsNone()
{
    engine::ResultSchema schema;
    schema.columns = {{"A", DataType::String, ""}};
    schema.visualization = {"barchart", {}};
    QVERIFY(!buildChart(schema, {}).problem.isEmpty());
    schema.visualization = {"treemap", {}};
    QVERIFY(!buildChart(schema, {}).problem.isEmpty());
}

QTEST_GUILESS_MAIN(TestItemTexts)
#include "tst_item_texts.moc"
