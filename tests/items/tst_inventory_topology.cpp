// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/InventoryTopology.h"
#include "items/TopologyLayout.h"
#include "network/InventoryLoader.h"

#include <QFile>
#include <QDir>
#include <QTest>

using namespace tocsin;
using namespace tocsin::items;

namespace {

QString sharedFolder() { return qEnvironmentVariable("TOCSIN_SHARED", QStringLiteral(TOCSIN_SOURCE_DIR "/../shared")); }

} // namespace

/// The four-tier demo network, as it is drawn.
class TestInventoryTopology : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void topologyDrawsWhatIsInTheNetwork();
    void everyInventoryHasALayout_data();
    void everyInventoryHasALayout();

private:
    std::shared_ptr<const network::Inventory> m_inventory;
};

void TestInventoryTopology::initTestCase()
{
    const QString path = sharedFolder() + QStringLiteral("/network/inventories/multitier-demo.json");
    if (!QFile::exists(path))
        QSKIP("the example inventories are not here");
    auto loaded = network::loadInventory(path.toStdString());
    QVERIFY2(loaded.has_value(), loaded ? "" : errorMessage(loaded.error()).c_str());
    m_inventory = std::make_shared<const network::Inventory>(std::move(*loaded));
}

void TestInventoryTopology::topologyDrawsWhatIsInTheNetwork()
{
    const TopologyGraph graph = topologyOf(*m_inventory);
    int networks = 0, subnets = 0, interfaces = 0, machines = 0, badges = 0;
    for (const TopologyNode& node : graph.nodes) {
        networks += node.kind == TopologyKind::VirtualNetwork;
        subnets += node.kind == TopologyKind::Subnet;
        interfaces += node.kind == TopologyKind::NetworkInterface;
        machines += node.kind == TopologyKind::VirtualMachine;
        badges += node.kind == TopologyKind::SecurityGroup || node.kind == TopologyKind::RouteTable;
    }
    QVERIFY(networks >= 1);
    QVERIFY(subnets >= 4);
    QVERIFY(interfaces >= 4);
    QVERIFY(machines >= 4);
    QCOMPARE(badges, 0);
    for (const TopologyNode& node : graph.nodes)
        if (node.name == QLatin1String("appNic0"))
            QCOMPARE(node.caption, QStringLiteral("10.1.1.4"));
}

void TestInventoryTopology::everyInventoryHasALayout_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("sample case") << QStringLiteral(TOCSIN_SOURCE_DIR "/resources/samplecase/inventory.json");
    const QDir folder(sharedFolder() + QStringLiteral("/network/inventories"));
    for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name))
        QTest::newRow(qPrintable(name)) << folder.filePath(name);
}

void TestInventoryTopology::everyInventoryHasALayout()
{
    QFETCH(QString, path);
    const auto inventory = network::loadInventory(path.toStdString());
    QVERIFY2(inventory, inventory ? "" : errorMessage(inventory.error()).c_str());
    const TopologyGraph graph = topologyOf(*inventory);
    for (const QSizeF place : {QSizeF(), QSizeF(1200, 300), QSizeF(300, 1200)}) {
        TopologyMeasures measures;
        measures.place = place;
        const auto places = layoutTopology(graph, measures);
        QVERIFY2(places, places ? "" : errorMessage(places.error()).c_str());
        QCOMPARE((*places)->nodes.size(), (*places)->graph->nodes.size());
        QCOMPARE((*places)->edges.size(), (*places)->graph->edges.size());
        for (const QRectF& node : (*places)->nodes)
            QVERIFY((*places)->bounds.adjusted(-1, -1, 1, 1).contains(node));
    }
}

QTEST_GUILESS_MAIN(TestInventoryTopology)
#include "tst_inventory_topology.moc"
