// SPDX-License-Identifier: GPL-3.0-or-later
#include "NetworkFixtures.h"
#include "network/CaptureFilter.h"
#include "network/FlowLog.h"
#include "network/Usage.h"
#include "network/VpnDiagnostics.h"

using namespace tocsin;
using namespace tocsin::network;
using namespace tocsin::network::fixture;

namespace {

CaptureFilter filter(const char* json)
{
    auto parsed = parseCaptureFilter(*parseJsonTree(json, "filter"));
    if (!parsed)
        qFatal("%s", errorMessage(parsed.error()).c_str());
    return *parsed;
}

std::string gateways(const std::string& connections)
{
    const auto gateway = [](const std::string& name, const std::string& vnetName) {
        return resource("virtualNetworkGateways", name, "\"gatewayType\":\"Vpn\",\"provisioningState\":\"Succeeded\",\"vpnClientConfiguration\":{\"vpnClientAddressPool\":{\"addressPrefixes\":[\"172.20.0.0/24\"]}},\"ipConfigurations\":[{\"properties\":{\"subnet\":" + reference("virtualNetworks/" + vnetName + "/subnets/GatewaySubnet") + "}}]");
    };
    return vnet("a", "10.1.0.0/16", subnet("a", "GatewaySubnet", "10.1.255.0/27") + "," + subnet("a", "s", "10.1.0.0/28")) + "," + vnet("b", "10.2.0.0/16", subnet("b", "GatewaySubnet", "10.2.255.0/27")) + "," + gateway("ga", "a") + ","
        + gateway("gb", "b") + "," + resource("localNetworkGateways", "site", "\"localNetworkAddressSpace\":{\"addressPrefixes\":[\"192.168.0.0/24\"]}") + "," + nic("n", "10.1.0.4", "a/subnets/s") + connections;
}

std::string connection(const std::string& name, const std::string& from, const std::string& to, const std::string& more = {})
{
    return "," + resource("connections", name, "\"connectionType\":\"Vnet2Vnet\",\"connectionStatus\":\"Connected\",\"virtualNetworkGateway1\":" + reference("virtualNetworkGateways/" + from) + ",\"virtualNetworkGateway2\":" + reference("virtualNetworkGateways/" + to) + more);
}

} // namespace

class TestNetworkTools : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addressSets()
    {
        const auto set = [](const char* text) { return *parseAddressSet(text); };
        const AddressSet some = set("10.0.0.0/8").united(set("11.0.0.0/8")).united(set("10.5.0.1-10.5.0.9"));
        QCOMPARE(some.ranges().size(), std::size_t(1));
        QCOMPARE(formatPrefix(some.prefixes().at(0)), std::string("10.0.0.0/7"));
        QCOMPARE(some.minus(set("10.0.0.0/8")), set("11.0.0.0/8"));
        QCOMPARE(some.complement().complement(), some);
        QVERIFY(AddressSet::everything().complement().isEmpty());
        QVERIFY(!set("0.0.0.0/0").contains(*parseIp("::1")));
        QVERIFY(!set("::/0").contains(*parseIp("1.2.3.4")));
        QVERIFY(AddressSet::allIpv4().united(AddressSet::allIpv6()) == AddressSet::everything());
        QStringList cover;
        for (const IpPrefix& prefix : set("10.0.0.1-10.0.0.6").prefixes())
            cover << QString::fromStdString(formatPrefix(prefix));
        QCOMPARE(cover.join(' '), QString("10.0.0.1/32 10.0.0.2/31 10.0.0.4/31 10.0.0.6/32"));
        QVERIFY(!parseAddressSet("10.0.0.9-10.0.0.1") && !parseAddressSet("10.0.0.1-::1") && !parseAddressSet("VirtualNetwork"));
    }

    void portSets()
    {
        const PortSet some({{80, 90}, {91, 95}, {65535, 65535}, {0, 0}});
        QCOMPARE(some.ranges().size(), std::size_t(3));
        QCOMPARE(PortSet::everything().minus(some).united(some), PortSet::everything());
        QCOMPARE(some.intersected(PortSet({{85, 70000 - 65536 + 85}})), PortSet({{85, 95}}).intersected(PortSet({{85, 4549}})));
        QVERIFY(!parsePortRange("65536") && !parsePortRange("9-8") && !parsePortRange("") && !parsePortRange("-1") && !parsePortRange("80x"));
    }

    void captureFiltersBecomeExpressions()
    {
        const AddressSet local = AddressSet::of(*parseIp("10.0.0.3"));
        QCOMPARE(QString::fromStdString(captureExpression({filter(R"({"protocol":"TCP","remotePort":"80;443;"})")}, local)),
                 QString("(tcp and src host 10.0.0.3 and (dst port 80 or dst port 443)) or (tcp and dst host 10.0.0.3 and (src port 80 or src port 443))"));
        QCOMPARE(QString::fromStdString(captureExpression({filter(R"({"protocol":"UDP","remoteIPAddress":"10.0.0.0-10.0.0.255","localPort":"50-60"})")}, local)),
                 QString("(udp and src host 10.0.0.3 and dst net 10.0.0.0/24 and src portrange 50-60) or (udp and dst host 10.0.0.3 and src net 10.0.0.0/24 and dst portrange 50-60)"));
        const CapturedPacket packet{Protocol::Udp, *parseIp("10.0.0.9"), *parseIp("10.0.0.3"), 99, 55};
        QVERIFY(isCaptured({filter(R"({"protocol":"UDP","remoteIPAddress":"10.0.0.0-10.0.0.255","localPort":"50-60"})")}, local, packet));
        QVERIFY(!isCaptured({filter(R"({"protocol":"UDP","remotePort":"55"})")}, local, packet));
        QVERIFY(isCaptured({}, local, packet));
    }

    void flowTuplesOfAllVersions()
    {
        const auto v1 = parseFlowTuple("1542110377,10.0.0.4,13.67.143.118,44931,443,T,O,A");
        QVERIFY(v1 && v1->epochMilliseconds == 1542110377000 && v1->denied == false && v1->direction == Direction::Outbound);
        const auto v2 = parseFlowTuple("1542110437,125.5.5.5,10.0.0.4,59831,443,T,I,A,E,1,66,2,132");
        QVERIFY(v2 && v2->state == 'E' && v2->bytesReceived == 132);
        const auto v4 = parseFlowTuple("1663146003599,10.0.0.6,52.239.184.180,23956,443,6,O,D,NX,0,0,0,0");
        QVERIFY(v4 && v4->epochMilliseconds == 1663146003599 && v4->denied == true && v4->protocol == 6);
        for (const char* bad : {"", "1,2,3", "x,10.0.0.4,10.0.0.5,1,2,T,I,A", "1,10.0.0.4,10.0.0.5,1,99999,T,I,A", "1,10.0.0.4,10.0.0.5,1,2,Q,I,A", "1,10.0.0.4,10.0.0.5,1,2,T,I,A,C,-5,1,1,1"})
            QVERIFY2(!parseFlowTuple(bad), bad);
        const FlowTotals totals = addFlows({"1,10.0.0.4,10.0.0.5,1,2,T,I,A,C,9223372036854775807,1,9223372036854775807,1", "nonsense"});
        QCOMPARE(totals.packets, INT64_MAX);
        QCOMPARE(totals.refused, std::size_t(1));
    }

    void flowTypes_data()
    {
        QTest::addColumn<QString>("a");
        QTest::addColumn<QString>("b");
        QTest::addColumn<QString>("type");
        QTest::newRow("same network") << "10.1.0.4" << "10.1.9.9" << "IntraVNet";
        QTest::newRow("two networks") << "10.1.0.4" << "10.2.9.9" << "InterVNet";
        QTest::newRow("site") << "192.168.0.9" << "10.1.0.4" << "S2S";
        QTest::newRow("client") << "10.1.0.4" << "172.20.0.9" << "P2S";
        QTest::newRow("Azure") << "10.1.0.4" << "20.38.0.1" << "AzurePublic";
        QTest::newRow("elsewhere") << "10.1.0.4" << "8.8.8.8" << "ExternalPublic";
        QTest::newRow("private") << "10.1.0.4" << "10.77.0.1" << "UnknownPrivate";
        QTest::newRow("neither") << "8.8.8.8" << "9.9.9.9" << "Unknown";
        QTest::newRow("indicator") << "10.1.0.4" << "198.51.100.66" << "MaliciousFlow";
    }

    void flowTypes()
    {
        QFETCH(QString, a);
        QFETCH(QString, b);
        QFETCH(QString, type);
        const std::string site = "," + resource("connections", "c", "\"virtualNetworkGateway1\":" + reference("virtualNetworkGateways/ga") + ",\"localNetworkGateway2\":" + reference("localNetworkGateways/site"));
        const Inventory inventory = load(gateways(site), ",\"serviceTags\":{\"cloud\":\"Public\",\"values\":[{\"name\":\"AzureCloud\",\"properties\":{\"addressPrefixes\":[\"20.38.0.0/16\"]}}]}");
        QCOMPARE(QString::fromStdString(flowType(inventory, *parseIp(a.toStdString()), *parseIp(b.toStdString()), AddressSet::of(*parseIp("198.51.100.66")))), type);
    }

    void vpnFaults_data()
    {
        QTest::addColumn<QByteArray>("connections");
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("faults");
        const auto row = [](const char* title, const std::string& connections, const char* target, const char* faults) { QTest::newRow(title) << QByteArray::fromStdString(connections) << target << faults; };
        row("healthy pair", connection("ab", "ga", "gb", ",\"sharedKey\":\"k\"") + connection("ba", "gb", "ga", ",\"sharedKey\":\"k\""), "virtualNetworkGateways/GA", "");
        row("no connection", "", "virtualNetworkGateways/ga", "NoConnectionsFoundForGateway");
        row("keys differ", connection("ab", "ga", "gb", ",\"sharedKey\":\"k\"") + connection("ba", "gb", "ga", ",\"sharedKey\":\"other\""), "connections/ab", "Authentication");
        row("policies differ", connection("ab", "ga", "gb", ",\"ipsecPolicies\":[{\"dhGroup\":\"DHGroup2\"}]") + connection("ba", "gb", "ga"), "connections/ab", "IkePolicyMismatch");
        row("no mirror", connection("ab", "ga", "gb"), "connections/ab", "ConnectionNotConfiguredOnGateway");
        row("down", connection("ab", "ga", "gb", ",\"x\":1") + connection("ba", "gb", "ga") + "," + resource("connections", "down", "\"connectionStatus\":\"NotConnected\",\"virtualNetworkGateway1\":" + reference("virtualNetworkGateways/ga") + ",\"localNetworkGateway2\":" + reference("localNetworkGateways/site")), "virtualNetworkGateways/ga", "ConnectionsNotConnected");
        row("unknown gateway", "", "virtualNetworkGateways/none", "GatewayNotFound");
        row("unknown connection", "", "connections/none", "ConnectionEntityNotFound");
    }

    void vpnFaults()
    {
        QFETCH(QByteArray, connections);
        QFETCH(QString, target);
        QFETCH(QString, faults);
        const VpnReport report = diagnoseVpn(load(gateways(connections.toStdString())), kBase + "/" + target.toStdString());
        QStringList found;
        for (const VpnFault& fault : report.faults)
            found << QString::fromStdString(fault.reasonType);
        QCOMPARE(found.join(' '), faults);
        QCOMPARE(report.healthy, faults.isEmpty());
    }

    void usageOfSubnets()
    {
        const Inventory inventory = load(gateways(""));
        const SubnetUsage usage = subnetUsage(inventory, *inventory.findSubnet("s"));
        QCOMPARE(usage.limit, 11);
        QCOMPARE(usage.currentValue, 1);
        QCOMPARE(subnetUsage(inventory, *inventory.findSubnet("GatewaySubnet", 0)).limit, -1);
        QCOMPARE(inventory.findSubnet("GatewaySubnet").error().code(), std::string_view("network.ambiguous_resource"));
        QVERIFY(!limitUsages(inventory).empty());
    }
};

QTEST_GUILESS_MAIN(TestNetworkTools)
#include "tst_network_tools.moc"
