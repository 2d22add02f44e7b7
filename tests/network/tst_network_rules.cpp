// SPDX-License-Identifier: GPL-3.0-or-later
#include "NetworkFixtures.h"
#include "network/EffectiveRules.h"

#include <random>

using namespace tocsin;
using namespace tocsin::network;
using namespace tocsin::network::fixture;

namespace {

std::string sampleNetwork()
{
    const std::string nsg = ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/subnetNsg");
    const std::string web = ",\"applicationSecurityGroups\":[" + reference("applicationSecurityGroups/web") + "]";
    return group("subnetNsg", rule("AllowWeb", 100, "Inbound", "Allow", "Tcp", "Internet", "10.0.0.0/24", "80-90") + ","
                     + rule("DenyStorage", 110, "Inbound", "Deny", "*", "Storage", "*", "*") + "," + rule("DenyOut25", 100, "Outbound", "Deny", "Tcp", "*", "*", "25"))
        + "," + group("nicNsg", rule("Deny85", 100, "Inbound", "Deny", "Tcp", "*", "*", "85")) + ","
        + resource("networkSecurityGroups", "asgNsg",
                   "\"securityRules\":[{\"name\":\"WebOnly\",\"properties\":{\"priority\":200,\"direction\":\"Inbound\",\"access\":\"Deny\",\"protocol\":\"Tcp\",\"sourcePortRange\":\"*\","
                   "\"destinationPortRanges\":[\"22\",\"3389\"],\"sourceAddressPrefix\":\"*\",\"destinationApplicationSecurityGroups\":["
                       + reference("applicationSecurityGroups/WEB") + "]}}]")
        + "," + vnet("v", "10.0.0.0/16", subnet("v", "a", "10.0.0.0/24", nsg) + "," + subnet("v", "b", "10.0.1.0/24", ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/ASGNSG")) + "," + subnet("v", "c", "10.0.2.0/24"))
        + "," + nic("n1", "10.0.0.4", "v/subnets/a", ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/nicNsg")) + "," + nic("n2", "10.0.0.5", "v/subnets/a") + ","
        + nic("member", "10.0.1.4", "v/subnets/b", {}, web) + "," + nic("other", "10.0.1.5", "v/subnets/b") + "," + nic("bare", "10.0.2.4", "v/subnets/c");
}

} // namespace

class TestNetworkRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void openingPacketMeetsGroupsInOrder_data()
    {
        QTest::addColumn<QString>("interface");
        QTest::addColumn<QString>("direction");
        QTest::addColumn<QString>("protocol");
        QTest::addColumn<QString>("local");
        QTest::addColumn<int>("localPort");
        QTest::addColumn<QString>("remote");
        QTest::addColumn<int>("remotePort");
        QTest::addColumn<QString>("expected");
        QTest::newRow("rule of the subnet, then default of the interface") << "n1" << "Inbound" << "Tcp" << "10.0.0.4" << 80 << "203.0.113.1" << 50000 << "Deny DenyAllInBound@networkInterface";
        QTest::newRow("interface denies what the subnet allows") << "n1" << "Inbound" << "Tcp" << "10.0.0.4" << 85 << "203.0.113.1" << 50000 << "Deny Deny85@networkInterface";
        QTest::newRow("no group at the interface") << "n2" << "Inbound" << "Tcp" << "10.0.0.5" << 90 << "203.0.113.1" << 50000 << "Allow AllowWeb@subnet";
        QTest::newRow("behind the range, a tag without addresses") << "n2" << "Inbound" << "Tcp" << "10.0.0.5" << 91 << "203.0.113.1" << 50000 << "Unknown DenyStorage@subnet";
        QTest::newRow("outbound: interface first, subnet decides") << "n1" << "Outbound" << "Tcp" << "10.0.0.4" << 50000 << "203.0.113.1" << 25 << "Deny DenyOut25@subnet";
        QTest::newRow("outbound to the Internet") << "n1" << "Outbound" << "Udp" << "10.0.0.4" << 50000 << "203.0.113.1" << 25 << "Allow AllowInternetOutBound@subnet";
        QTest::newRow("outbound inside the network") << "n1" << "Outbound" << "Tcp" << "10.0.0.4" << 50000 << "10.0.9.9" << 443 << "Allow AllowVnetOutBound@subnet";
        QTest::newRow("outbound to a foreign private address") << "n1" << "Outbound" << "Tcp" << "10.0.0.4" << 50000 << "10.9.9.9" << 443 << "Deny DenyAllOutBound@networkInterface";
        QTest::newRow("no group at all") << "bare" << "Inbound" << "Tcp" << "10.0.2.4" << 1 << "203.0.113.1" << 50000 << "Allow";
        QTest::newRow("group member") << "member" << "Inbound" << "Tcp" << "10.0.1.4" << 3389 << "10.0.0.4" << 50000 << "Deny WebOnly@subnet";
        QTest::newRow("not a member") << "other" << "Inbound" << "Tcp" << "10.0.1.5" << 3389 << "10.0.0.4" << 50000 << "Allow AllowVnetInBound@subnet";
        QTest::newRow("health probe") << "other" << "Inbound" << "Tcp" << "10.0.1.5" << 443 << "168.63.129.16" << 50000 << "Allow AllowVnetInBound@subnet";
        QTest::newRow("platform DNS is exempt") << "n1" << "Outbound" << "Udp" << "10.0.0.4" << 50000 << "168.63.129.16" << 53 << "Allow";
        QTest::newRow("metadata service is exempt") << "n1" << "Outbound" << "Tcp" << "10.0.0.4" << 50000 << "169.254.169.254" << 80 << "Allow";
        QTest::newRow("multicast is not carried") << "bare" << "Outbound" << "Udp" << "10.0.2.4" << 50000 << "224.0.0.251" << 5353 << "Deny";
    }

    void openingPacketMeetsGroupsInOrder()
    {
        QFETCH(QString, interface);
        QFETCH(QString, direction);
        QFETCH(QString, protocol);
        QFETCH(QString, local);
        QFETCH(int, localPort);
        QFETCH(QString, remote);
        QFETCH(int, remotePort);
        QFETCH(QString, expected);
        const Inventory inventory = load(sampleNetwork());
        FlowVerifyRequest request;
        request.target.interface = interface.toStdString();
        request.direction = *parseDirection(direction.toStdString());
        request.protocol = *parseProtocol(protocol.toStdString());
        request.localAddress = local.toStdString();
        request.localPort = std::to_string(localPort);
        request.remoteAddress = remote.toStdString();
        request.remotePort = std::to_string(remotePort);
        const auto verdict = verifyIpFlow(inventory, request);
        QVERIFY(verdict);
        QCOMPARE(verdictText(*verdict), expected);
    }

    void foreignLocalAddressIsAnError()
    {
        const Inventory inventory = load(sampleNetwork());
        FlowVerifyRequest request{{{}, "n1"}, Direction::Inbound, Protocol::Tcp, "10.0.0.5", "80", "203.0.113.1", "*"};
        const auto verdict = verifyIpFlow(inventory, request);
        QVERIFY(!verdict);
        QCOMPARE(verdict.error().code(), std::string_view("network.foreign_address"));
    }

    void adminRulesGoFirst_data()
    {
        QTest::addColumn<QString>("access");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("expected");
        QTest::newRow("deny ends") << "Deny" << 80 << "Deny admin@virtualNetwork";
        QTest::newRow("always allow skips the groups") << "AlwaysAllow" << 22 << "Allow admin@virtualNetwork";
        QTest::newRow("allow goes on") << "Allow" << 80 << "Allow AllowWeb@subnet";
    }

    void adminRulesGoFirst()
    {
        QFETCH(QString, access);
        QFETCH(int, port);
        QFETCH(QString, expected);
        const std::string extras = ",\"effectiveSecurityAdminRules\":{\"" + kBase + "/virtualNetworks/V\":{\"value\":[{\"id\":\"/x/networkManagers/m/securityAdminConfigurations/c/ruleCollections/r/rules/admin\",\"properties\":{"
            "\"priority\":1,\"direction\":\"Inbound\",\"access\":\"" + access.toStdString() + "\",\"protocol\":\"Tcp\",\"sources\":[{\"addressPrefix\":\"*\",\"addressPrefixType\":\"IPPrefix\"}],"
            "\"destinations\":[{\"addressPrefix\":\"0.0.0.0/0\"}],\"sourcePortRanges\":[\"0-65535\"],\"destinationPortRanges\":[\"0-65535\"]}}]}}";
        const Inventory inventory = load(sampleNetwork(), extras);
        const auto verdict = verifyIpFlow(inventory, {{{}, "n2"}, Direction::Inbound, Protocol::Tcp, "10.0.0.5", std::to_string(port), "203.0.113.1", "50000"});
        QVERIFY(verdict);
        QCOMPARE(verdictText(*verdict), expected);
    }

    void wideQuestionNeedsFullCover()
    {
        const Inventory inventory = load(sampleNetwork());
        const auto wide = diagnoseRules(inventory, {{{}, "other"}, Direction::Inbound, Protocol::Tcp, "*", "10.0.1.5", "443"});
        QCOMPARE(verdictText(*wide), QString("Deny DenyAllInBound@subnet"));
        const auto inside = diagnoseRules(inventory, {{{}, "other"}, Direction::Inbound, Protocol::Icmp, "10.0.0.0/20", "10.0.1.5", "*"});
        QCOMPARE(verdictText(*inside), QString("Allow AllowVnetInBound@subnet"));
    }

    void userRoutesWidenTheVirtualNetworkTag()
    {
        const std::string more = ",\"routeTable\":" + reference("routeTables/t");
        const Inventory inventory = load(table("t", route("all", "0.0.0.0/0", "VirtualAppliance", "10.0.0.9")) + "," + group("g", "") + ","
                                         + vnet("v", "10.0.0.0/16", subnet("v", "a", "10.0.0.0/24", more + ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/g"))) + "," + nic("n", "10.0.0.4", "v/subnets/a"));
        const auto members = expandTag(inventory, {{}, "n"}, "VirtualNetwork", {"10.0.3.3", "8.8.8.8", "fd00::1"});
        QVERIFY(members);
        QCOMPARE((*members)[0].second, true);
        QCOMPARE((*members)[1].second, true);
        QCOMPARE((*members)[2].second, false);
        const auto internet = expandTag(inventory, {{}, "n"}, "Internet", {"8.8.8.8", "10.9.9.9", "168.63.129.16", "1.0.0.0/8", "12.0.0.0/6"});
        QVERIFY(internet);
        QCOMPARE((*internet)[0].second, true);
        QCOMPARE((*internet)[1].second, false);
        QCOMPARE((*internet)[2].second, false);
        QCOMPARE((*internet)[3].second, true);
        QCOMPARE((*internet)[4].second, true);
        QCOMPARE(expandTag(inventory, {{}, "n"}, "Sql", {"8.8.8.8"}).error().code(), std::string_view("network.needs_service_tags"));
    }

    void replyFollowsTheOpening()
    {
        const Inventory inventory = load(group("g", rule("In", 100, "Inbound", "Allow", "Tcp", "*", "*", "443") + "," + rule("NoOut", 100, "Outbound", "Deny", "*", "*", "*", "*")) + ","
                                         + vnet("v", "10.0.0.0/16", subnet("v", "a", "10.0.0.0/24")) + "," + nic("n", "10.0.0.4", "v/subnets/a", ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/g")));
        FlowQuestion opening{Direction::Inbound, Protocol::Tcp, AddressSet::of(*parseIp("203.0.113.9")), AddressSet::of(*parseIp("10.0.0.4")), {40000, 40000}, {443, 443}};
        QCOMPARE(verifyReply(inventory, {{}, "n"}, opening)->reply, Access::Allow);
        opening.destinationPorts = {444, 444};
        QCOMPARE(verifyReply(inventory, {{}, "n"}, opening)->reply, Access::Deny);
    }

    void shadowedRulesAndOpenPortsAreFound()
    {
        const Inventory inventory = load(group("g", rule("Wide", 100, "Inbound", "Deny", "*", "*", "*", "100-200") + "," + rule("Inner", 110, "Inbound", "Allow", "Tcp", "10.0.0.0/8", "*", "150") + ","
                                                   + rule("Branch", 120, "Inbound", "Allow", "Tcp", "198.51.100.0/24", "*", "22") + "," + rule("Web", 130, "Inbound", "Allow", "Tcp", "Internet", "*", "443"))
                                         + "," + vnet("v", "10.0.0.0/16", subnet("v", "a", "10.0.0.0/24")) + "," + nic("n", "10.0.0.4", "v/subnets/a", ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/g")));
        const auto groups = effectiveRules(inventory, 0);
        QCOMPARE(groups.size(), std::size_t(1));
        for (const EffectiveRule& one : groups[0].rules)
            QCOMPARE(one.coveredBy ? QString::fromStdString(one.coveredBy->name) : QString(), QString(one.rule->name == "Inner" ? "Wide" : ""));
        TagScope scope(inventory, 0, 0);
        const OpenPorts open = openPorts(inventory, 0, Protocol::Tcp, scope.internet());
        QCOMPARE(open.fromAll, PortSet({{443, 443}}));
        QCOMPARE(open.fromSome, PortSet({{22, 22}, {443, 443}}));
    }

    void portSetsAgreeWithSinglePackets()
    {
        std::mt19937 random(20240614);
        const auto pick = [&random](int from, int to) { return from + static_cast<int>(random() % static_cast<unsigned>(to - from + 1)); };
        const char* const sources[]{"*", "Internet", "VirtualNetwork", "10.0.0.0/24", "203.0.113.0/28", "AzureLoadBalancer"};
        const char* const protocols[]{"Tcp", "Udp", "*"};
        for (int round = 0; round < 60; ++round) {
            std::string rules;
            for (int i = 0; i < 12; ++i) {
                const int low = pick(0, 60);
                rules += (rules.empty() ? "" : ",") + rule("r" + std::to_string(i), 100 + i, "Inbound", pick(0, 1) ? "Allow" : "Deny", protocols[pick(0, 2)], sources[pick(0, 5)], "*", std::to_string(low) + "-" + std::to_string(low + pick(0, 20)));
            }
            const Inventory inventory = load(group("g", rules) + "," + vnet("v", "10.0.0.0/16", subnet("v", "a", "10.0.0.0/24")) + "," + nic("n", "10.0.0.4", "v/subnets/a", ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/g")));
            const Position position = positionOf(inventory, 0);
            TagScope scope(inventory, 0, 0);
            for (const char* source : {"203.0.113.3", "10.0.0.9", "10.0.1.9", "198.51.100.1", "168.63.129.16", "192.168.1.1"}) {
                FlowQuestion question{Direction::Inbound, round % 2 ? Protocol::Tcp : Protocol::Udp, AddressSet::of(*parseIp(source)), AddressSet::of(*parseIp("10.0.0.4")), {50000, 50000}, {}};
                const PortVerdict set = verifyPorts(inventory, position, question, scope);
                QVERIFY(set.unknown.isEmpty());
                for (int port = 0; port <= 90; ++port) {
                    question.destinationPorts = {static_cast<std::uint16_t>(port), static_cast<std::uint16_t>(port)};
                    const bool allowed = verifyFlow(inventory, position, question, scope).access == Access::Allow;
                    QCOMPARE(set.allowed.contains(static_cast<std::uint16_t>(port)), allowed);
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestNetworkRules)
#include "tst_network_rules.moc"
