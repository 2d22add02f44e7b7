// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read the concepts in the standard headers
#include "kql/functions/geo/h3/Cell.h"
#endif

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace tocsin::kql;
using namespace tocsin::kql::h3;

/// The H3 grid holds together: every cell is found again at its centre, and neighbours are mutual.
class TestH3 : public QObject {
    Q_OBJECT
private slots:
    void knownCells_data();
    void knownCells();
    void everyCellIsAtItsCentre();
    void neighboursAreMutual();
    void pentagonsHaveFiveSides();
    void ringsGrowBySix();
    void tokensAreChecked();
};

void TestH3::knownCells_data()
{
    QTest::addColumn<double>("longitude");
    QTest::addColumn<double>("latitude");
    QTest::addColumn<int>("resolution");
    QTest::addColumn<QString>("token");
    QTest::newRow("new york") << -73.956683 << 40.807907 << 5 << "852a100bfffffff";
    QTest::newRow("new york south") << -73.989148 << 40.743273 << 5 << "852a1073fffffff";
    QTest::newRow("across an edge") << -138.911548544749905 << 60.739311153800870 << 12 << "8c13b26168283ff";
    QTest::newRow("antarctica") << 162.443554781977582 << -62.364749489778390 << 12 << "8cdb69ce1da39ff";
    QTest::newRow("near a pentagon") << -61.200583937379463 << 33.612750272260705 << 5 << "853bb21bfffffff";
}

void TestH3::knownCells()
{
    QFETCH(double, longitude);
    QFETCH(double, latitude);
    QFETCH(int, resolution);
    QTEST(QString::fromStdString(toToken(cellAt({longitude, latitude}, resolution))), "token");
}

void TestH3::everyCellIsAtItsCentre()
{
    for (int base = 0; base < kBaseCells; ++base)
        for (int resolution = 0; resolution <= 3; ++resolution)
            for (const Index cell : childrenOf(indexOf(base, 0), resolution))
                QCOMPARE(toToken(cellAt(centreOf(cell), resolution)), toToken(cell));
}

void TestH3::neighboursAreMutual()
{
    for (int base = 0; base < kBaseCells; ++base)
        for (const Index cell : childrenOf(indexOf(base, 0), 1)) {
            const std::vector<Index> around = neighboursOf(cell);
            QCOMPARE(around.size(), std::size_t(isPentagon(cell) ? 5 : 6));
            for (const Index next : around) {
                const std::vector<Index> back = neighboursOf(next);
                QVERIFY(std::find(back.begin(), back.end(), cell) != back.end());
            }
        }
}

void TestH3::pentagonsHaveFiveSides()
{
    int pentagons = 0;
    for (int base = 0; base < kBaseCells; ++base) {
        const Index cell = indexOf(base, 0);
        pentagons += isPentagon(cell);
        QCOMPARE(boundaryOf(cell).size(), std::size_t(isPentagon(cell) ? 5 : 6));
        // At odd resolutions every edge of a pentagon is cut by one of the icosahedron.
        if (isPentagon(cell))
            QCOMPARE(boundaryOf(childrenOf(cell, 1)[0]).size(), std::size_t(10));
    }
    QCOMPARE(pentagons, 12);
}

void TestH3::ringsGrowBySix()
{
    const auto rings = ringsOf(*fromToken("861f8894fffffff"), 3);
    QCOMPARE(rings.size(), std::size_t(4));
    for (std::size_t i = 1; i < rings.size(); ++i)
        QCOMPARE(rings[i].size(), i * 6);
    QCOMPARE(ringsOf(indexOf(4, 0), 2)[1].size(), std::size_t(5)); // a pentagon
}

void TestH3::tokensAreChecked()
{
    for (const char* token : {"", "abc", "1", "@", "862a1072ffffff", "8f2a1072fffffff", "0x862a1072fffffff", "ffffffffffffffff", "880800000000000"})
        QVERIFY2(!fromToken(token), token);
    QCOMPARE(toToken(*fromToken("862a1072fffffff")), std::string("862a1072fffffff"));
}

QTEST_GUILESS_MAIN(TestH3)
#include "tst_h3.moc"
