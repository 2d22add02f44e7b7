// SPDX-License-Identifier: GPL-3.0-or-later
#include "NetworkFixtures.h"
#include "network/Commands.h"
#include "network/JsonTree.h"
#include "network/Topology.h"
#include "network/WhatIf.h"

using namespace tocsin;
using namespace tocsin::network;
using namespace tocsin::network::fixture;

namespace {

Inventory sampleCase()
{
    auto inventory = loadInventory(TOCSIN_SOURCE_DIR "/resources/samplecase/inventory.json");
    if (!inventory)
        qFatal("%s", errorMessage(inventory.error()).c_str());
    return std::move(*inventory);
}

ConnectivityRequest betweenMachines(const char* source, const char* destination, std::uint16_t port)
{
    ConnectivityRequest request;
    request.source.machine = source;
    request.destination.machine = destination;
    request.destination.port = port;
    return request;
}

/// Client, load balancer with a public address, two members; and an Azure Firewall in front of a back end.
std::string edge(const std::string& more = {})
{
    const std::string lb = kBase + "/loadBalancers/lb";
    const std::string pool = ",\"loadBalancerBackendAddressPools\":[{\"id\":\"" + lb + "/backendAddressPools/be\"}]";
    return resource("publicIPAddresses", "lbip", "\"ipAddress\":\"20.1.1.1\"", ",\"sku\":{\"name\":\"Standard\"}") + "," + resource("publicIPAddresses", "fwip", "\"ipAddress\":\"20.1.1.2\"", ",\"sku\":{\"name\":\"Standard\"}") + ","
        + group("open", rule("Web", 100, "Inbound", "Allow", "Tcp", "Internet", "*", "8080")) + "," + group("shut", rule("Web", 100, "Inbound", "Allow", "Tcp", "Internet", "*", "8080") + "," + rule("NoMore", 200, "Inbound", "Deny", "*", "*", "*", "*")) + ","
        + table("viaFw", route("all", "0.0.0.0/0", "VirtualAppliance", "10.0.9.4")) + ","
        + vnet("v", "10.0.0.0/16", subnet("v", "web", "10.0.0.0/24") + "," + subnet("v", "AzureFirewallSubnet", "10.0.9.0/26") + "," + subnet("v", "back", "10.0.1.0/24", ",\"routeTable\":" + reference("routeTables/viaFw"))) + ","
        + resource("loadBalancers", "lb",
                   "\"frontendIPConfigurations\":[{\"id\":\"" + lb + "/frontendIPConfigurations/fe\",\"name\":\"fe\",\"properties\":{\"publicIPAddress\":" + reference("publicIPAddresses/lbip") + "}}],"
                   "\"backendAddressPools\":[{\"id\":\"" + lb + "/backendAddressPools/be\",\"name\":\"be\"}],\"probes\":[{\"id\":\"" + lb + "/probes/p\",\"name\":\"p\",\"properties\":{\"protocol\":\"Tcp\",\"port\":8080}}],"
                   "\"loadBalancingRules\":[{\"name\":\"http\",\"properties\":{\"protocol\":\"Tcp\",\"frontendPort\":80,\"backendPort\":8080,\"frontendIPConfiguration\":{\"id\":\"" + lb + "/frontendIPConfigurations/fe\"},"
                   "\"backendAddressPool\":{\"id\":\"" + lb + "/backendAddressPools/be\"},\"probe\":{\"id\":\"" + lb + "/probes/p\"}}}]",
                   ",\"sku\":{\"name\":\"Standard\"}")
        + "," + nic("closed", "10.0.0.4", "v/subnets/web", ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/shut"), pool) + ","
        + nic("server", "10.0.0.5", "v/subnets/web", ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/open"), pool) + "," + nic("back", "10.0.1.4", "v/subnets/back") + ","
        + resource("azureFirewalls", "fw",
                   "\"ipConfigurations\":[{\"properties\":{\"privateIPAddress\":\"10.0.9.4\",\"subnet\":" + reference("virtualNetworks/v/subnets/AzureFirewallSubnet") + ",\"publicIPAddress\":" + reference("publicIPAddresses/fwip") + "}}],"
                   "\"natRuleCollections\":[{\"name\":\"nat\",\"properties\":{\"priority\":100,\"rules\":[{\"name\":\"ssh\",\"protocols\":[\"TCP\"],\"sourceAddresses\":[\"*\"],\"destinationAddresses\":[\"20.1.1.2\"],\"destinationPorts\":[\"2222\"],\"translatedAddress\":\"10.0.1.4\",\"translatedPort\":\"22\"}]}}],"
                   "\"networkRuleCollections\":[{\"name\":\"net\",\"properties\":{\"priority\":200,\"action\":{\"type\":\"Allow\"},\"rules\":[{\"name\":\"dns\",\"protocols\":[\"UDP\"],\"sourceAddresses\":[\"10.0.0.0/16\"],\"destinationAddresses\":[\"*\"],\"destinationPorts\":[\"53\"]}]}}],"
                   "\"applicationRuleCollections\":[{\"name\":\"app\",\"properties\":{\"priority\":300,\"action\":{\"type\":\"Allow\"},\"rules\":[{\"name\":\"all\",\"protocols\":[{\"protocolType\":\"Https\",\"port\":443}],\"sourceAddresses\":[\"*\"],\"targetFqdns\":[\"*\"]}]}}]")
        + more;
}

} // namespace

class TestNetworkConnectivity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The one connectivity check that is fully specified: four hops, reachable, latency 2, 1 and 10; source port left empty.
    void fourHopsWithMeasuredLatency()
    {
        const Inventory inventory = sampleCase();
        const ConnectivityRequest request = betweenMachines("app-vm01", "db-vm01", 3389);
        QVERIFY(!request.source.port);
        const auto result = checkConnectivity(inventory, request);
        QVERIFY(result);
        QCOMPARE(hopsText(*result), QString("appNic0 10.1.1.4 > fwNic 10.1.2.4 > auNic 10.1.3.4 > dbNic0 10.1.4.4"));
        QCOMPARE(name(result->status), std::string_view("Reachable"));
        QCOMPARE(*result->avgLatencyInMs, 2.0);
        QCOMPARE(*result->minLatencyInMs, 1.0);
        QCOMPARE(*result->maxLatencyInMs, 10.0);
        QCOMPARE(*result->probesSent, 100);
        QCOMPARE(*result->probesFailed, 0);
        for (const ConnectivityHop& hop : result->hops)
            QVERIFY(hop.issues.empty());
        QCOMPARE(QString::fromStdString(result->hops[0].type + " " + result->hops[1].type + " " + result->hops[3].type), QString("Source VirtualAppliance VnetLocal"));
        QCOMPARE(result->hops[0].nextHopIds, std::vector<std::string>{result->hops[1].id});
        const auto json = parseJsonTree(*checkJson(inventory, request), "check");
        QCOMPARE(json->get("connectionStatus").text(), std::string("Reachable"));
        QCOMPARE(json->get("avgLatencyInMs").integer(), std::optional<std::int64_t>(2));
        QVERIFY(json->get("hops").items()[2].get("resourceId").view().ends_with("networkInterfaces/auNic/ipConfigurations/ipconfig1"));
    }

    void withoutMeasurementThereIsNoLatency()
    {
        const auto result = checkConnectivity(sampleCase(), betweenMachines("app-vm01", "db-vm01", 1433));
        QCOMPARE(name(result->status), std::string_view("Reachable"));
        QVERIFY(!result->avgLatencyInMs && !result->minLatencyInMs && !result->maxLatencyInMs && !result->probesSent);
    }

    void sampleCasePaths_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("destination");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("hops");
        QTest::addColumn<QString>("failure");
        QTest::newRow("denied at the audit appliance") << "appNic0" << "dbNic0" << 80 << "appNic0 10.1.1.4 > fwNic 10.1.2.4 > auNic 10.1.3.4 > dbNic0 10.1.4.4" << "Outbound NetworkSecurityRule UserRule_Port80 at auNic";
        QTest::newRow("workstation may not administer the database") << "wksNic0231" << "dbNic0" << 3389 << "wksNic0231 10.1.10.31 > dbNic0 10.1.4.4" << "Inbound NetworkSecurityRule UserRule_Deny-Vnet-In at dbNic0";
        QTest::newRow("jump host may") << "mgmtNic" << "dbNic0" << 3389 << "mgmtNic 10.1.5.4 > dbNic0 10.1.4.4" << "";
        QTest::newRow("workstation to the jump host") << "wksNic0231" << "mgmtNic" << 3389 << "wksNic0231 10.1.10.31 > mgmtNic 10.1.5.4" << "";
        QTest::newRow("dropped by a route") << "appNic0" << "198.51.100.7" << 443 << "appNic0 10.1.1.4 > Destination 198.51.100.7" << "Outbound UserDefinedRoute BlockKnownBad at appNic0";
        QTest::newRow("out to the Internet") << "wksNic0231" << "203.0.113.77" << 443 << "wksNic0231 10.1.10.31 > Internet 203.0.113.77" << "";
        QTest::newRow("storage account by its name") << "appNic0" << "https://nwfinancedata.blob.core.windows.net/x" << 443 << "appNic0 10.1.1.4 > nwfinancedata-pe 10.1.7.5" << "";
        QTest::newRow("customers reach the portal") << "203.0.113.5" << "20.61.14.10" << 443 << "Source 203.0.113.5 > appNic0 10.1.1.4" << "";
        QTest::newRow("office over the gateway") << "192.168.50.9" << "mgmtNic" << 3389 << "Source 192.168.50.9 > hub-vpngw  > mgmtNic 10.1.5.4" << "";
        QTest::newRow("to the office") << "mgmtNic" << "192.168.50.9" << 443 << "mgmtNic 10.1.5.4 > hub-vpngw  > Destination 192.168.50.9" << "";
        QTest::newRow("nobody has the address") << "mgmtNic" << "10.1.5.99" << 443 << "mgmtNic 10.1.5.4 > Destination 10.1.5.99" << "Inbound Unknown at 10.1.5.99";
        QTest::newRow("unknown name") << "mgmtNic" << "nowhere.example.test" << 443 << "mgmtNic 10.1.5.4" << "Local DnsResolution at mgmtNic";
    }

    void sampleCasePaths()
    {
        QFETCH(QString, source);
        QFETCH(QString, destination);
        QFETCH(int, port);
        QFETCH(QString, hops);
        QFETCH(QString, failure);
        const auto result = checkConnectivity(sampleCase(), check(source.toStdString(), destination.toStdString(), port));
        QVERIFY(result);
        QCOMPARE(hopsText(*result), hops);
        QCOMPARE(failureText(*result), failure);
        if (failure.isEmpty())
            QCOMPARE(name(result->status), std::string_view("Reachable"));
        else
            QVERIFY(result->status != ConnectionStatus::Reachable);
    }

    void sampleCaseHasNoFindings()
    {
        for (const Finding& finding : sampleCase().findings)
            QFAIL(finding.text.c_str());
    }

    void sampleCaseTopologyHangsTogether()
    {
        const Inventory inventory = sampleCase();
        const TopologyGraph graph = buildTopology(inventory);
        int contains = 0, peerings = 0, nextHops = 0;
        for (const TopologyEdge& edge : graph.edges) {
            QVERIFY(edge.from >= 0 && edge.from < static_cast<Index>(graph.nodes.size()) && edge.to >= 0 && edge.to < static_cast<Index>(graph.nodes.size()));
            contains += edge.kind == TopologyEdgeKind::Contains;
            peerings += edge.kind == TopologyEdgeKind::Peering;
            nextHops += edge.kind == TopologyEdgeKind::NextHop;
        }
        QCOMPARE(peerings, 2);
        QCOMPARE(nextHops, 4);
        QVERIFY(contains > 20);
        QCOMPARE(inventory.subscriptions(), std::vector<std::string>{"11111111-2222-3333-4444-555555555555"});
        QCOMPARE(inventory.resourceGroups(), std::vector<std::string>{"rg-prod"});
        QCOMPARE(inventory.machinesIn({}, "RG-PROD").size(), std::size_t(8));
        QVERIFY(graph.find("/SUBSCRIPTIONS/11111111-2222-3333-4444-555555555555/resourcegroups/rg-prod/providers/microsoft.compute/virtualmachines/DB-VM01") != kNone);
    }

    void everyKindOfIssueHasItsClass_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("issueClass");
        for (const char* type : {"GuestFirewall", "SocketBind"})
            QTest::newRow(type) << type << "UserConfiguration";
        for (const char* type : {"Platform", "AgentStopped", "PortThrottled"})
            QTest::newRow(type) << type << "Platform";
        for (const char* type : {"CPU", "Memory", "DnsResolution"})
            QTest::newRow(type) << type << "Resource";
    }

    void everyKindOfIssueHasItsClass()
    {
        QFETCH(QString, type);
        QFETCH(QString, issueClass);
        const std::string seen = ",\"observations\":[{\"resource\":\"B\",\"type\":\"" + type.toStdString() + "\",\"origin\":\"Inbound\",\"severity\":\"Error\",\"port\":443,\"context\":{\"Detail\":\"seen\"}}]";
        const Inventory inventory = load(vnet("v", "10.0.0.0/16", subnet("v", "s", "10.0.0.0/24")) + "," + nic("a", "10.0.0.4", "v/subnets/s") + "," + nic("b", "10.0.0.5", "v/subnets/s"), seen);
        const auto result = checkConnectivity(inventory, check("a", "b", 443));
        QCOMPARE(failureText(*result), "Inbound " + type + " at b");
        QCOMPARE(QString::fromStdString(std::string(name(result->failure().issue->issueClass()))), issueClass);
        QCOMPARE(result->status, ConnectionStatus::Unreachable);
        QCOMPARE(checkConnectivity(inventory, check("a", "b", 80))->status, ConnectionStatus::Reachable);
    }

    void edgePaths_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("destination");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("protocol");
        QTest::addColumn<QString>("hops");
        QTest::addColumn<QString>("failure");
        QTest::newRow("balancer passes a member whose probe is denied") << "203.0.113.5" << "20.1.1.1" << 80 << "Tcp" << "Source 203.0.113.5 > server 10.0.0.5" << "";
        QTest::newRow("no rule for the port") << "203.0.113.5" << "20.1.1.1" << 81 << "Tcp" << "Source 203.0.113.5 > lb 20.1.1.1" << "Inbound Unknown at lb";
        QTest::newRow("DNAT") << "203.0.113.5" << "20.1.1.2" << 2222 << "Tcp" << "Source 203.0.113.5 > fw 10.0.9.4 > back 10.0.1.4" << "";
        QTest::newRow("no DNAT rule") << "203.0.113.5" << "20.1.1.2" << 22 << "Tcp" << "Source 203.0.113.5 > fw 10.0.9.4 > Destination 20.1.1.2" << "Inbound NetworkSecurityRule DefaultDeny at fw";
        QTest::newRow("network rule of the firewall") << "back" << "8.8.8.8" << 53 << "Udp" << "back 10.0.1.4 > fw 10.0.9.4 > Internet 8.8.8.8" << "";
        QTest::newRow("application rule of the firewall") << "back" << "8.8.8.8" << 443 << "Tcp" << "back 10.0.1.4 > fw 10.0.9.4 > Internet 8.8.8.8" << "";
        QTest::newRow("nothing matches in the firewall") << "back" << "8.8.8.8" << 80 << "Tcp" << "back 10.0.1.4 > fw 10.0.9.4 > Internet 8.8.8.8" << "Inbound NetworkSecurityRule DefaultDeny at fw";
    }

    void edgePaths()
    {
        QFETCH(QString, source);
        QFETCH(QString, destination);
        QFETCH(int, port);
        QFETCH(QString, protocol);
        QFETCH(QString, hops);
        QFETCH(QString, failure);
        const auto result = checkConnectivity(load(edge()), check(source.toStdString(), destination.toStdString(), port, *parseProtocol(protocol.toStdString())));
        QVERIFY(result);
        QCOMPARE(hopsText(*result), hops);
        QCOMPARE(failureText(*result), failure);
    }

    void appliancesMustForwardAndExist()
    {
        const auto network = [](const std::string& nextHop, const std::string& forwarding) {
            return load(table("t", route("r", "10.0.1.0/24", "VirtualAppliance", nextHop)) + ","
                        + vnet("v", "10.0.0.0/16", subnet("v", "a", "10.0.0.0/24", ",\"routeTable\":" + reference("routeTables/t")) + "," + subnet("v", "b", "10.0.1.0/24") + "," + subnet("v", "n", "10.0.2.0/24")) + ","
                        + nic("a", "10.0.0.4", "v/subnets/a") + "," + nic("b", "10.0.1.4", "v/subnets/b") + "," + nic("nva", "10.0.2.4", "v/subnets/n", ",\"enableIPForwarding\":" + forwarding));
        };
        const auto forwarded = checkConnectivity(network("10.0.2.4", "true"), check("a", "b", 80));
        QCOMPARE(forwarded->status, ConnectionStatus::Reachable);
        QCOMPARE(QString::fromStdString(forwarded->hops.back().issues.at(0).severity), QString("Warning")); // the reply goes another way
        QCOMPARE(failureText(*checkConnectivity(network("10.0.2.4", "false"), check("a", "b", 80))), QString("Inbound UserDefinedRoute r at nva"));
        QCOMPARE(failureText(*checkConnectivity(network("10.0.2.9", "true"), check("a", "b", 80))), QString("Outbound UserDefinedRoute r at a"));
    }

    void routingLoopEnds()
    {
        const std::string loop = ",\"routeTable\":" + reference("routeTables/t");
        const Inventory inventory = load(table("t", route("r", "10.0.1.0/24", "VirtualAppliance", "10.0.2.4")) + ","
                                         + vnet("v", "10.0.0.0/16", subnet("v", "a", "10.0.0.0/24", loop) + "," + subnet("v", "b", "10.0.1.0/24") + "," + subnet("v", "n", "10.0.2.0/24", loop)) + ","
                                         + nic("a", "10.0.0.4", "v/subnets/a") + "," + nic("b", "10.0.1.4", "v/subnets/b") + "," + nic("nva", "10.0.2.4", "v/subnets/n", ",\"enableIPForwarding\":true"));
        const auto result = checkConnectivity(inventory, check("a", "b", 80));
        QCOMPARE(result->status, ConnectionStatus::Unreachable);
        QVERIFY(result->failure().issue->value("Reason") == "routing loop");
        QVERIFY(reachablePorts(inventory, check("a", "b", 0))->reachable.isEmpty());
    }

    void portsOfABalancerAreExact()
    {
        const auto reach = reachablePorts(load(edge()), check("203.0.113.5", "20.1.1.1", 0));
        QVERIFY(reach);
        QCOMPARE(reach->reachable, PortSet({{80, 80}}));
        QCOMPARE(reachablePorts(load(edge()), check("203.0.113.5", "20.1.1.2", 0))->reachable, PortSet({{2222, 2222}}));
    }

    void portsAgreeWithSingleChecks()
    {
        const Inventory inventory = sampleCase();
        for (const auto& [source, destination] : {std::pair("appNic0", "dbNic0"), std::pair("wksNic0231", "dcNic"), std::pair("mgmtNic", "appNic0"), std::pair("203.0.113.5", "20.61.14.10")}) {
            const PortSet open = reachablePorts(inventory, check(source, destination, 0))->reachable;
            for (const int port : {22, 53, 80, 88, 443, 445, 1433, 3268, 3269, 3270, 3389, 49151, 49152, 65535})
                QCOMPARE(open.contains(static_cast<std::uint16_t>(port)), checkConnectivity(inventory, check(source, destination, port))->status == ConnectionStatus::Reachable);
        }
    }

    void editsShowWhatChanges()
    {
        const Inventory inventory = sampleCase();
        const auto change = [&](const char* edits) { return whatIf(inventory, *parseJsonTree(edits, "edits"), check("appNic0", "dbNic0", 0)); };
        QCOMPARE(change(R"([{"op":"removeRule","nsg":"db-nsg","ruleName":"Allow-Rdp-From-App"}])")->lost, PortSet({{3389, 3389}}));
        QCOMPARE(change(R"([{"op":"addRule","nsg":"DB-NSG","rule":{"name":"x","properties":{"priority":130,"direction":"Inbound","access":"Allow","protocol":"Tcp","sourceAddressPrefix":"10.1.1.4","destinationAddressPrefix":"*","sourcePortRange":"*","destinationPortRanges":["79-81"]}}}])")->gained,
                 PortSet({{79, 79}, {81, 81}}));
        QCOMPARE(change(R"([{"op":"removeRoute","routeTable":"app-rt","routeName":"ToDb"},{"op":"addRule","nsg":"db-nsg","rule":{"name":"x","priority":130,"direction":"Inbound","access":"Allow","protocol":"Tcp","sourceAddressPrefix":"*","destinationAddressPrefix":"*","sourcePortRange":"*","destinationPortRange":"80"}}])")->gained,
                 PortSet({{80, 80}}));
        QCOMPARE(change(R"([{"op":"setNic","nic":"auNic","enableIPForwarding":false}])")->after.reachable, PortSet());
        QCOMPARE(change(R"([{"op":"removeRule","nsg":"db-nsg","ruleName":"nothing"}])").error().code(), std::string_view("network.unknown_resource"));
        QCOMPARE(change(R"([{"op":"explode"}])").error().code(), std::string_view("network.bad_question"));
    }
};

QTEST_GUILESS_MAIN(TestNetworkConnectivity)
#include "tst_network_connectivity.moc"
