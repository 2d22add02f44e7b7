// SPDX-License-Identifier: GPL-3.0-or-later
#include "NetworkFixtures.h"

using namespace tocsin;
using namespace tocsin::network;
using namespace tocsin::network::fixture;

namespace {

/// A hub with gateway and a spoke that borrows it, a service endpoint, a private endpoint and user routes.
std::string hubAndSpoke(bool disablePropagation = false, const std::string& policies = "Disabled")
{
    return table("t", route("toPeer", "10.2.0.0/16", "VirtualAppliance", "10.1.0.9") + "," + route("own", "10.1.0.0/16", "VirtualAppliance", "10.1.0.9") + "," + route("site", "192.168.7.0/24", "None"), disablePropagation)
        + "," + table("all", route("default", "0.0.0.0/0", "VirtualAppliance", "10.1.0.9")) + ","
        + vnet("spoke", "10.1.0.0/16",
               subnet("spoke", "plain", "10.1.0.0/24") + "," + subnet("spoke", "routed", "10.1.1.0/24", ",\"routeTable\":" + reference("routeTables/t")) + ","
                   + subnet("spoke", "forced", "10.1.2.0/24", ",\"routeTable\":" + reference("routeTables/all") + ",\"serviceEndpoints\":[{\"service\":\"Microsoft.Storage\",\"locations\":[\"*\"]}]") + ","
                   + subnet("spoke", "pe", "10.1.3.0/24", ",\"privateEndpointNetworkPolicies\":\"" + policies + "\""),
               peering("toHub", "hub", ",\"useRemoteGateways\":true"))
        + "," + vnet("hub", "10.2.0.0/16", subnet("hub", "GatewaySubnet", "10.2.255.0/27"), peering("toSpoke", "spoke", ",\"allowGatewayTransit\":true")) + ","
        + resource("virtualNetworkGateways", "gw", "\"gatewayType\":\"Vpn\",\"ipConfigurations\":[{\"properties\":{\"subnet\":" + reference("virtualNetworks/hub/subnets/GatewaySubnet") + "}}]") + ","
        + resource("localNetworkGateways", "site", "\"localNetworkAddressSpace\":{\"addressPrefixes\":[\"192.168.7.0/24\",\"10.1.3.0/25\"]}") + ","
        + resource("connections", "c", "\"connectionType\":\"IPsec\",\"virtualNetworkGateway1\":" + reference("virtualNetworkGateways/gw") + ",\"localNetworkGateway2\":" + reference("localNetworkGateways/site")) + ","
        + resource("privateEndpoints", "pe1", "\"subnet\":" + reference("virtualNetworks/spoke/subnets/pe") + ",\"ipConfigurations\":[{\"properties\":{\"privateIPAddress\":\"10.1.3.7\"}}]") + ","
        + nic("plain", "10.1.0.4", "spoke/subnets/plain") + "," + nic("routed", "10.1.1.4", "spoke/subnets/routed") + "," + nic("forced", "10.1.2.4", "spoke/subnets/forced") + ","
        + nic("nva", "10.1.0.9", "spoke/subnets/plain");
}

const std::string kTags = ",\"serviceTags\":{\"cloud\":\"Public\",\"values\":[{\"name\":\"Storage\",\"properties\":{\"addressPrefixes\":[\"20.38.0.0/16\",\"2603::/32\"]}}]}";
const std::string kLearned = ",\"learnedRoutes\":{\"" + kBase + "/virtualNetworkGateways/GW\":{\"value\":[{\"network\":\"172.16.5.0/24\",\"origin\":\"EBgp\"},{\"network\":\"10.2.0.0/16\",\"origin\":\"Network\"}]}}";

} // namespace

class TestNetworkRoutes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nextHop_data()
    {
        QTest::addColumn<QString>("interface");
        QTest::addColumn<QString>("destination");
        QTest::addColumn<QString>("expected");
        QTest::newRow("own network") << "plain" << "10.1.9.9" << "VnetLocal  System Route";
        QTest::newRow("peer") << "plain" << "10.2.0.4" << "VNetPeering  System Route";
        QTest::newRow("borrowed gateway") << "plain" << "192.168.7.5" << "VirtualNetworkGateway  System Route";
        QTest::newRow("learned route") << "plain" << "172.16.5.1" << "VirtualNetworkGateway  System Route";
        QTest::newRow("reserved space") << "plain" << "172.16.6.1" << "None  System Route";
        QTest::newRow("Internet") << "plain" << "8.8.8.8" << "Internet  System Route";
        QTest::newRow("user route of the network's prefix") << "routed" << "10.1.0.4" << "VirtualAppliance 10.1.0.9 t";
        QTest::newRow("user route over peering") << "routed" << "10.2.0.4" << "VirtualAppliance 10.1.0.9 t";
        QTest::newRow("user None over gateway") << "routed" << "192.168.7.5" << "None  t";
        QTest::newRow("user default takes reserved space") << "forced" << "172.16.6.1" << "VirtualAppliance 10.1.0.9 all";
        QTest::newRow("gateway prefix is longer than the user default") << "forced" << "192.168.7.5" << "VirtualNetworkGateway  System Route";
        QTest::newRow("service endpoint over user default") << "forced" << "20.38.1.1" << "VirtualNetworkServiceEndpoint  System Route";
        QTest::newRow("endpoint of one subnet only") << "plain" << "20.38.1.1" << "Internet  System Route";
        QTest::newRow("private endpoint") << "plain" << "10.1.3.7" << "InterfaceEndpoint  System Route";
        QTest::newRow("private endpoint under a user route") << "routed" << "10.1.3.7" << "InterfaceEndpoint  System Route";
        QTest::newRow("gateway route inside the network loses though longer") << "plain" << "10.1.3.9" << "VnetLocal  System Route";
        QTest::newRow("IPv6 in an IPv4 network") << "plain" << "2001:db8::1" << "None  System Route";
    }

    void nextHop()
    {
        QFETCH(QString, interface);
        QFETCH(QString, destination);
        QFETCH(QString, expected);
        const Inventory inventory = load(hubAndSpoke(), kTags + kLearned);
        const auto answer = askNextHop(inventory, {{}, interface.toStdString()}, destination.toStdString());
        QVERIFY(answer);
        QCOMPARE(QString::fromStdString(std::string(name(answer->hop.type())) + " " + answer->address + " " + answer->routeTable), expected);
    }

    void propagationOffTakesGatewayRoutesAway()
    {
        const Inventory inventory = load(hubAndSpoke(true), kLearned);
        const auto answer = askNextHop(inventory, {{}, "routed"}, "172.16.5.1");
        QCOMPARE(answer->hop.type(), NextHopType::None);
        QVERIFY(answer->routes.propagationDisabled);
        QCOMPARE(askNextHop(inventory, {{}, "plain"}, "172.16.5.1")->hop.type(), NextHopType::VirtualNetworkGateway);
    }

    void privateEndpointPolicyLetsUserRoutesIn()
    {
        const Inventory inventory = load(hubAndSpoke(false, "RouteTableEnabled"));
        QCOMPARE(askNextHop(inventory, {{}, "routed"}, "10.1.3.7")->hop.type(), NextHopType::VirtualAppliance);
        QCOMPARE(askNextHop(inventory, {{}, "forced"}, "10.1.3.7")->hop.type(), NextHopType::InterfaceEndpoint);
    }

    void gatewayNeedsBothSidesOfThePeering()
    {
        Inventory cut = load(hubAndSpoke());
        cut.vnets[0].peerings[0].useRemoteGateways = false;
        QCOMPARE(askNextHop(cut, {{}, "plain"}, "192.168.7.5")->hop.type(), NextHopType::None);
        cut.vnets[1].peerings[0].connected = false;
        QCOMPARE(askNextHop(cut, {{}, "plain"}, "10.2.0.4")->hop.type(), NextHopType::None);
    }

    void losersSayWhy()
    {
        const Inventory inventory = load(hubAndSpoke());
        const auto answer = askNextHop(inventory, {{}, "routed"}, "10.1.0.4");
        QStringList reasons;
        for (const LosingRoute& loser : answer->hop.losers)
            reasons << QString::fromStdString(formatPrefix(loser.prefix) + ": " + loser.reason);
        QCOMPARE(reasons.join("; "), QString("10.1.0.0/16: same prefix, User goes first; 0.0.0.0/0: shorter prefix; 10.0.0.0/8: shorter prefix"));
    }

    void missingTagFileIsSaid()
    {
        const Inventory inventory = load(hubAndSpoke());
        const auto answer = askNextHop(inventory, {{}, "forced"}, "20.38.1.1");
        QCOMPARE(answer->hop.type(), NextHopType::VirtualAppliance);
        QCOMPARE(answer->routes.assumptions.size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestNetworkRoutes)
#include "tst_network_routes.moc"
