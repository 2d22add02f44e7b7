// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // <compare> is more than Qt 6.4's moc can read
#include "Generator.h"
#endif

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace tocsin::bench;

namespace {

constexpr std::uint32_t kRows = 5'000;

QByteArray made(const QByteArray& kind, const Shape& shape)
{
    QByteArray bytes;
    generate(*findKind(kind.toStdString()), shape, [&](std::string_view block) {
        bytes.append(block.data(), static_cast<qsizetype>(block.size()));
        return true;
    });
    return bytes;
}

QList<QByteArray> lines(const QByteArray& bytes)
{
    QList<QByteArray> list = bytes.split('\n');
    list.removeLast(); // behind the last line end
    return list;
}

QStringList texts(const QByteArray& bytes, const QString& column)
{
    QStringList list;
    for (const QByteArray& line : lines(bytes))
        list << QJsonDocument::fromJson(line).object().value(column).toVariant().toString();
    return list;
}

void eachKind()
{
    QTest::addColumn<QByteArray>("kind");
    for (const Kind& kind : kinds()) {
        const QByteArray name(kind.name.data(), static_cast<qsizetype>(kind.name.size()));
        QTest::newRow(name) << name;
    }
}

} // namespace

class TestGenerator final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// The figures of another machine mean nothing unless it measures the same rows.
    void givesTheSameBytesEverywhere_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("digest");
        QTest::newRow("signin") << QByteArray("signin") << QByteArray("6cd6b25f647badcf49d928547f7dd70e");
        QTest::newRow("security") << QByteArray("security") << QByteArray("019cb171416dd81eefa5f294aed6f282");
        QTest::newRow("flow") << QByteArray("flow") << QByteArray("32d17524a68c2c29fc24f2c3487fb47e");
        QTest::newRow("nested") << QByteArray("nested") << QByteArray("e89bfa665ba23963011e446cf53a86fd");
        QTest::newRow("request") << QByteArray("request") << QByteArray("ababede67706bae772ca309f064a9253");
    }
    void givesTheSameBytesEverywhere()
    {
        QFETCH(QByteArray, kind);
        const QByteArray bytes = made(kind, {.rows = kRows});
        QCOMPARE(made(kind, {.rows = kRows}), bytes);
        QTEST(QCryptographicHash::hash(bytes, QCryptographicHash::Md5).toHex(), "digest");
    }

    void otherSeedsGiveOtherRows_data() { eachKind(); }
    void otherSeedsGiveOtherRows()
    {
        QFETCH(QByteArray, kind);
        const QList<QByteArray> one = lines(made(kind, {.rows = kRows, .seed = 1}));
        const QList<QByteArray> two = lines(made(kind, {.rows = kRows, .seed = 2}));
        QCOMPARE(one.size(), two.size());
        qsizetype equal = 0;
        for (qsizetype i = 0; i < one.size(); ++i)
            equal += one[i] == two[i];
        QCOMPARE(equal, qsizetype{0});
    }

    void everyLineIsJsonWithTheColumns_data() { eachKind(); }
    void everyLineIsJsonWithTheColumns()
    {
        QFETCH(QByteArray, kind);
        QStringList columns;
        for (const std::string_view name : findKind(kind.toStdString())->columns)
            columns << QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
        columns.sort();
        const QList<QByteArray> all = lines(made(kind, {.rows = kRows}));
        QCOMPARE(all.size(), qsizetype{kRows});
        for (const QByteArray& line : all) {
            QJsonParseError error;
            const QJsonDocument document = QJsonDocument::fromJson(line, &error);
            QVERIFY2(error.error == QJsonParseError::NoError, line.constData());
            QCOMPARE(document.object().keys(), columns);
        }
    }

    void timesLieInTheirDaysAndAlmostInOrder_data() { eachKind(); }
    void timesLieInTheirDaysAndAlmostInOrder()
    {
        QFETCH(QByteArray, kind);
        const QStringList times = texts(made(kind, {.rows = kRows, .days = 3}), QStringLiteral("TimeGenerated"));
        static const QRegularExpression kForm(QStringLiteral(R"(^2024-06-0[123]T\d\d:\d\d:\d\d\.\d{6}Z$)"));
        QDateTime newest;
        for (const QString& time : times) {
            QVERIFY2(kForm.match(time).hasMatch(), qPrintable(time));
            const QDateTime moment = QDateTime::fromString(time.left(23) + QLatin1Char('Z'), Qt::ISODateWithMs);
            QVERIFY(moment.isValid());
            QVERIFY(!newest.isValid() || newest.secsTo(moment) >= -30);
            newest = newest.isValid() ? std::max(newest, moment) : moment;
        }
        QVERIFY(times.first().startsWith(QLatin1String("2024-06-01")));
        QVERIFY(times.last().startsWith(QLatin1String("2024-06-03")));
    }

    void shufflingKeepsTheRowsAndLosesTheOrder_data() { eachKind(); }
    void shufflingKeepsTheRowsAndLosesTheOrder()
    {
        QFETCH(QByteArray, kind);
        QList<QByteArray> ordered = lines(made(kind, {.rows = kRows}));
        QList<QByteArray> shuffled = lines(made(kind, {.rows = kRows, .shuffled = true}));
        // In random order each row is as likely later as earlier than the one before.
        qsizetype earlier = 0;
        for (qsizetype i = 1; i < shuffled.size(); ++i)
            earlier += shuffled[i].left(45) < shuffled[i - 1].left(45);
        QVERIFY2(earlier > shuffled.size() * 45 / 100 && earlier < shuffled.size() * 55 / 100, qPrintable(QString::number(earlier)));
        std::ranges::sort(ordered);
        std::ranges::sort(shuffled);
        QCOMPARE(shuffled, ordered);
    }

    void requestsHaveAsManyAddressesAsAsked_data()
    {
        QTest::addColumn<unsigned>("rows");
        QTest::addColumn<unsigned>("asked");
        QTest::addColumn<qsizetype>("found");
        QTest::newRow("one") << 1'000U << 1U << qsizetype{1};
        QTest::newRow("few") << 1'000U << 7U << qsizetype{7};
        QTest::newRow("half of the rows") << 5'000U << 2'500U << qsizetype{2'500};
        QTest::newRow("each row its own") << 5'000U << 5'000U << qsizetype{5'000};
        QTest::newRow("more than rows") << 100U << 5'000U << qsizetype{100};
        QTest::newRow("one row") << 1U << 1U << qsizetype{1};
    }
    void requestsHaveAsManyAddressesAsAsked()
    {
        QFETCH(unsigned, rows);
        QFETCH(unsigned, asked);
        const QStringList addresses = texts(made("request", {.rows = rows, .distinct = asked}), QStringLiteral("Url"));
        QTEST(qsizetype(QSet<QString>(addresses.begin(), addresses.end()).size()), "found");
    }

    void hasTheRareRowsThatQueriesLookFor()
    {
        QCOMPARE(made("signin", {.rows = kRows}).count("feedc0de-0000-4000-8000-0000000c0ffe"), qsizetype{1});
        const QByteArray events = made("security", {.rows = 300'000});
        const qsizetype found = events.count("mimikatz");
        QVERIFY2(found >= 1 && found <= 12, qPrintable(QString::number(found)));
        QVERIFY(events.count("-ExecutionPolicy Bypass -File C:\\\\Scripts") > 300);
        QVERIFY(events.count("http://185.") > 200);
    }

    void stopsWhenTheSinkCannotGoOn()
    {
        int blocks = 0;
        QVERIFY(!generate(*findKind("flow"), {.rows = 100'000}, [&](std::string_view) { return ++blocks < 2; }));
        QCOMPARE(blocks, 2);
    }

    void knowsNoOtherKind() { QVERIFY(!findKind("flows")); }
};

QTEST_GUILESS_MAIN(TestGenerator)
#include "tst_generator.moc"
