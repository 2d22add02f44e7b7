// SPDX-License-Identifier: GPL-3.0-or-later
#include "network/Commands.h"
#include "network/JsonTree.h"
#include "network/Questions.h"
#include "network/ResourceId.h"
#include "network/Topology.h"

#include <QtTest>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

using namespace tocsin;
using namespace tocsin::network;

namespace {

std::string sharedFolder()
{
    const QByteArray given = qgetenv("TOCSIN_SHARED");
    return given.isEmpty() ? std::string(TOCSIN_SOURCE_DIR "/../shared") : given.toStdString();
}

std::string readText(const std::string& path)
{
    std::ifstream stream(path, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

/// Names that several Azure answers give to one thing.
std::string canonical(std::string text)
{
    for (const char* prefix : {"UserRule_", "DefaultRule_", "securityRules/", "defaultSecurityRules/"})
        if (text.starts_with(prefix))
            text = text.substr(std::string_view(prefix).size());
    if (text == "DefaultInboundDenyAll")
        return "DenyAllInBound";
    if (text == "DefaultOutboundDenyAll")
        return "DenyAllOutBound";
    if (text == "VirtualNetworkPeering")
        return "VNetPeering";
    if (text == "VnetLocal")
        return "VirtualNetwork";
    if (text == "Connected")
        return "Reachable";
    return text == "Disconnected" ? "Unreachable" : text;
}

/// Whether the answer has what is expected; only fields that are expected count.
bool agrees(const JsonTree& expected, const JsonTree& answer, std::string_view field)
{
    static const std::set<std::string_view> kUnchecked{"networkSecurityGroup", "appliedTo", "nextHopIpAddress"};
    if (expected.isNull())
        return kUnchecked.contains(field) || answer.isNull();
    if (expected.isObject()) {
        for (const JsonMember& member : expected.members())
            if (!agrees(member.value, answer.get(member.name), member.name))
                return false;
        return answer.isObject();
    }
    if (expected.isArray()) {
        if (field == "contains" || field == "absentActive") {
            for (const JsonTree& row : expected.items())
                if (std::none_of(answer.items().begin(), answer.items().end(), [&](const JsonTree& has) { return agrees(row, has, {}); }))
                    return false;
            return true;
        }
        if (expected.items().size() != answer.items().size())
            return false;
        for (std::size_t i = 0; i < expected.items().size(); ++i)
            if (!agrees(expected.items()[i], answer.items()[i], field))
                return false;
        return true;
    }
    return expected.isString() ? canonical(expected.text()) == canonical(answer.text()) : expected == answer;
}

} // namespace

class TestNetworkVectors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_folder = sharedFolder() + "/network";
        if (!std::filesystem::exists(m_folder + "/vectors.dev.json"))
            QSKIP("no shared question file");
    }

    void vectors_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("expected");
        const auto tree = parseJsonTree(readText(m_folder + "/vectors.dev.json"), "vectors");
        QVERIFY(tree);
        for (const JsonTree& vector : tree->get("vectors").items())
            QTest::newRow(vector.get("id").text().c_str()) << QByteArray::fromStdString(vector.dump()) << QByteArray::fromStdString(vector.get("expected").dump());
    }

    void vectors()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, expected);
        InventoryCache cache(m_folder);
        const std::string text = answerLine(cache, line.toStdString());
        const auto result = parseJsonTree(text, "answer");
        QVERIFY2(result, text.c_str());
        const auto wanted = parseJsonTree(expected.toStdString(), "expected");
        QVERIFY2(agrees(*wanted, result->get("answer"), {}), (expected.toStdString() + "\n" + text).c_str());
    }

    void fourFormatsAnswerAlike_data()
    {
        QTest::addColumn<QString>("inventory");
        for (const char* path : {"quickstart.rest.json", "quickstart.azcli", "quickstart.resourcegraph.json", "quickstart.template.json"})
            QTest::newRow(path) << QString("inventories/formats/") + path;
    }

    void fourFormatsAnswerAlike()
    {
        QFETCH(QString, inventory);
        const auto tree = parseJsonTree(readText(m_folder + "/vectors.dev.json"), "vectors");
        InventoryCache cache(m_folder);
        for (std::size_t i = 0; i < 6; ++i) {
            JsonTree vector = tree->get("vectors").items()[i];
            vector.set("inventory", inventory.toStdString());
            const std::string text = answerLine(cache, vector.dump());
            const auto result = parseJsonTree(text, "answer");
            QVERIFY2(agrees(vector.get("expected"), result->get("answer"), {}), (vector.dump() + "\n" + text).c_str());
        }
    }

    void everyInventoryLoads()
    {
        LoadOptions options;
        options.baseFolder = m_folder;
        for (const char* part : {"inventories", "real", "rest-examples", "doc-examples", "flowlogs", "servicetags"})
            for (const auto& entry : std::filesystem::recursive_directory_iterator(m_folder + "/" + part)) {
                if (entry.path().extension() != ".json" && !entry.is_directory())
                    continue;
                const auto inventory = loadInventory(entry.path().string(), options);
                if (!inventory)
                    continue;
                QVERIFY(!topologyJson(*inventory).empty());
                for (std::size_t nic = 0; nic < inventory->interfaces.size(); ++nic) {
                    const TargetName target{{}, inventory->interfaces[nic].info.id};
                    QVERIFY(effectiveRoutesJson(*inventory, target).has_value());
                    QVERIFY(effectiveRulesJson(*inventory, target).has_value());
                }
            }
    }

    void realInventoriesHaveTheirResources_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("vnets");
        QTest::addColumn<int>("interfaces");
        QTest::newRow("portal export") << "real/batfish-cloud-azure" << 1 << 2;
        QTest::newRow("hub and spoke template") << "real/arm/mspnp-azure-hub-spoke.azuredeploy.json" << 3 << 0;
        QTest::newRow("lab template") << "real/arm/netsec-demo-lab.AzNetSecdeploy.json" << 3 << 3;
        QTest::newRow("nested lab template") << "real/arm/netsec-demo-lab.vNets.json" << 3 << 0;
    }

    void realInventoriesHaveTheirResources()
    {
        QFETCH(QString, path);
        QFETCH(int, vnets);
        QFETCH(int, interfaces);
        const auto inventory = loadInventory(m_folder + "/" + path.toStdString());
        QVERIFY(inventory);
        for (const Finding& finding : inventory->findings)
            QVERIFY2(finding.code != "templateExpression", finding.text.c_str());
        QCOMPARE(static_cast<int>(inventory->vnets.size()), vnets);
        QCOMPARE(static_cast<int>(inventory->interfaces.size()), interfaces);
    }

private:
    std::string m_folder;
};

QTEST_GUILESS_MAIN(TestNetworkVectors)
#include "tst_network_vectors.moc"
