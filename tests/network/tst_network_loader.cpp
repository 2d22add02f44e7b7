// SPDX-License-Identifier: GPL-3.0-or-later
#include "NetworkFixtures.h"
#include "network/ArmExpression.h"
#include "network/Commands.h"
#include "network/JsonPosition.h"
#include "network/Questions.h"

#include <QTemporaryDir>

#include <fstream>
#include <iterator>
#include <random>

using namespace tocsin;
using namespace tocsin::network;
using namespace tocsin::network::fixture;

namespace {

bool hasFinding(const Inventory& inventory, std::string_view code)
{
    return std::any_of(inventory.findings.begin(), inventory.findings.end(), [code](const Finding& one) { return one.code == code; });
}

void write(const QTemporaryDir& folder, const char* name, const std::string& text)
{
    std::ofstream(folder.filePath(name).toStdString(), std::ios::binary) << text;
}

std::string labTemplate()
{
    std::ifstream stream(TOCSIN_SOURCE_DIR "/tests/network/data/lab.template.json");
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

class TestNetworkLoader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void allShapesGiveOneModel_data()
    {
        QTest::addColumn<QByteArray>("text");
        const std::string nicRest = nic("N1", "10.0.0.4", "v/subnets/s", ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/G"));
        const std::string vnetRest = vnet("v", "10.0.0.0/16", subnet("v", "s", "10.0.0.0/24"));
        const std::string groupRest = group("g", rule("web", 100, "Inbound", "Allow", "TCP", "Internet", "*", "80"));
        const std::string list = vnetRest + "," + groupRest + "," + nicRest;
        QTest::newRow("resources") << QByteArray::fromStdString("{\"resources\":[" + list + "]}");
        QTest::newRow("list of a REST call") << QByteArray::fromStdString("{\"value\":[" + list + "]}");
        QTest::newRow("array") << QByteArray::fromStdString("[" + list + "]");
        QTest::newRow("Resource Graph") << QByteArray::fromStdString("{\"count\":3,\"data\":[" + list + "],\"skip_token\":null,\"total_records\":3}");
        QTest::newRow("two pages") << QByteArray::fromStdString("[{\"data\":[" + vnetRest + "]},{\"data\":[" + groupRest + "," + nicRest + "]}]");
        QTest::newRow("byte order mark") << QByteArray::fromStdString("\xEF\xBB\xBF[" + list + "]");
        const std::string id = "\"id\":\"" + kBase;
        QTest::newRow("command line") << QByteArray::fromStdString(
            "[{" + id + "/virtualNetworks/v\",\"name\":\"v\",\"type\":\"Microsoft.Network/virtualNetworks\",\"resourceGroup\":\"rg\",\"addressSpace\":{\"addressPrefixes\":[\"10.0.0.0/16\"]},\"subnets\":[{" + id
            + "/virtualNetworks/v/subnets/s\",\"name\":\"s\",\"addressPrefix\":\"10.0.0.0/24\",\"addressPrefixes\":null}]},{" + id
            + "/networkSecurityGroups/g\",\"name\":\"g\",\"type\":\"Microsoft.Network/networkSecurityGroups\",\"securityRules\":[{\"name\":\"web\",\"priority\":100,\"direction\":\"Inbound\",\"access\":\"Allow\",\"protocol\":\"Tcp\","
              "\"sourceAddressPrefix\":\"Internet\",\"sourceAddressPrefixes\":[],\"destinationAddressPrefix\":\"*\",\"sourcePortRange\":\"*\",\"destinationPortRange\":\"80\"}],\"networkInterfaces\":[{" + id + "/networkInterfaces/n1\"}]},{" + id
            + "/networkInterfaces/N1\",\"name\":\"N1\",\"type\":\"Microsoft.Network/networkInterfaces\",\"enableIpForwarding\":false,\"ipConfigurations\":[{\"name\":\"ipconfig1\",\"primary\":true,\"privateIpAddress\":\"10.0.0.4\",\"subnet\":{"
            + id + "/virtualNetworks/V/subnets/S\"}}]}]");
    }

    void allShapesGiveOneModel()
    {
        QFETCH(QByteArray, text);
        const auto inventory = inventoryFromJson(text.toStdString(), "shape");
        QVERIFY2(inventory, inventory ? "" : errorMessage(inventory.error()).c_str());
        QCOMPARE(inventory->vnets.size(), std::size_t(1));
        QCOMPARE(inventory->interfaces.size(), std::size_t(1));
        QCOMPARE(QString::fromStdString(inventory->interfaces[0].info.name), QString("N1"));
        QCOMPARE(inventory->securityGroups[0].rules.size(), std::size_t(7));
        const auto verdict = verifyIpFlow(*inventory, {{{}, "n1"}, Direction::Inbound, Protocol::Tcp, "10.0.0.4", "80", "203.0.113.1", "50000"});
        QVERIFY(verdict);
        QCOMPARE(verdictText(*verdict), QString("Allow web@networkInterface"));
    }

    void childrenMayStandAlone()
    {
        const auto alone = [](const std::string& path, const std::string& type, const std::string& properties) {
            return "{\"id\":\"" + kBase + "/" + path + "\",\"name\":\"" + path.substr(path.rfind('/') + 1) + "\",\"type\":\"Microsoft.Network/" + type + "\",\"properties\":{" + properties + "}}";
        };
        const Inventory inventory = load(resource("virtualNetworks", "v", "\"addressSpace\":{\"addressPrefixes\":[\"10.0.0.0/16\"]}") + "," + resource("networkSecurityGroups", "g", "\"subnets\":[" + reference("virtualNetworks/V/subnets/s") + "]") + ","
                                         + resource("routeTables", "t", "\"subnets\":[" + reference("virtualNetworks/v/subnets/S") + "]") + "," + alone("virtualNetworks/v/subnets/s", "virtualNetworks/subnets", "\"addressPrefix\":\"10.0.0.0/24\"") + ","
                                         + alone("networkSecurityGroups/g/securityRules/r", "networkSecurityGroups/securityRules", "\"priority\":100,\"direction\":\"Inbound\",\"access\":\"Deny\",\"protocol\":\"*\",\"sourceAddressPrefix\":\"*\",\"destinationAddressPrefix\":\"*\",\"destinationPortRange\":\"*\"") + ","
                                         + alone("routeTables/t/routes/x", "routeTables/routes", "\"addressPrefix\":\"1.2.3.0/24\",\"nextHopType\":\"None\"") + "," + nic("n", "10.0.0.4", "v/subnets/s"));
        QCOMPARE(inventory.subnets.size(), std::size_t(1));
        QCOMPARE(inventory.subnets[0].securityGroup, 0);
        QCOMPARE(inventory.subnets[0].routeTable, 0);
        QCOMPARE(QString::fromStdString(inventory.securityGroups[0].rules[0].name), QString("r"));
        QCOMPARE(inventory.routeTables[0].routes.size(), std::size_t(1));
    }

    void oddThingsBecomeFindings()
    {
        const Inventory inventory = load(group("g", rule("a", 100, "Inbound", "Allow", "Tcp", "*", "*", "80") + "," + rule("b", 100, "Inbound", "Maybe", "Smoke", "10.0.0.300", "*", "99999") + "," + rule("c", 5, "Inbound", "Allow", "Tcp", "*", "*", "80")) + ","
                                         + table("t", route("r", "10.9.0.0/16", "VirtualAppliance", "10.0.9.9")) + ","
                                         + vnet("v", "10.0.0.0/16", subnet("v", "s", "10.0.0.0/24") + "," + subnet("v", "o", "10.0.0.128/25"), peering("p", "elsewhere")) + ","
                                         + nic("n", "10.0.0.x", "v/subnets/none", ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/none")) + "," + group("g", ""));
        for (const char* code : {"duplicatePriority", "badAccess", "badProtocol", "badAddress", "badPort", "priorityOutOfRange", "nextHopUnowned", "overlappingSubnets", "remoteNetworkMissing", "missingReference", "duplicateResource"})
            QVERIFY2(hasFinding(inventory, code), code);
        for (const Finding& finding : inventory.findings)
            QVERIFY2(!finding.place.empty(), finding.text.c_str());
        QVERIFY(findingsJson(inventory).starts_with("[{"));
    }

    void templatesAreEvaluated()
    {
        QTemporaryDir folder;
        write(folder, "lab.json", labTemplate());
        write(folder, "lab.parameters.json", "{\"$schema\":\"deploymentParameters.json#\",\"parameters\":{\"count\":{\"value\":12}}}");
        const auto inventory = loadInventory(folder.filePath("lab.json").toStdString());
        QVERIFY(inventory);
        QCOMPARE(QString::fromStdString(inventory->vnets.at(0).info.name), QString("lab-vnet"));
        QCOMPARE(inventory->vnets[0].info.location, std::string("westeurope"));
        QCOMPARE(formatPrefix(inventory->subnets.at(0).prefixes.at(0)), std::string("10.0.3.0/24"));
        QCOMPARE(inventory->interfaces.size(), std::size_t(12));
        QCOMPARE(QString::fromStdString(inventory->interfaces[11].info.name), QString("nic12"));
        QCOMPARE(formatIp(*inventory->interfaces[11].configurations[0].address), std::string("10.0.3.15"));
        QVERIFY(inventory->interfaces[0].configurations[0].assumed);
        QCOMPARE(inventory->securityGroups.at(0).rules.at(0).destinationPorts, PortSet({{8000, 8002}}));
        QCOMPARE(inventory->publicIps.size(), std::size_t(1));
        QCOMPARE(QString::fromStdString(inventory->publicIps[0].fqdn), QString("[literal]"));
        QCOMPARE(QString::fromStdString(inventory->routeTables.at(0).info.name), QString("lab-vnet-rt"));
        QVERIFY(hasFinding(*inventory, "missingParameter"));
        QVERIFY(!hasFinding(*inventory, "templateExpression"));
    }

    void expressions_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("value");
        QTest::newRow("quote") << "concat('it''s', ' ', 1, true())" << "\"it's 1true\"";
        QTest::newRow("index") << "createArray('a','b')[1]" << "\"b\"";
        QTest::newRow("property") << "createObject('a', createObject('b', 7)).a.b" << "7";
        QTest::newRow("opaque") << "reference('x').y[0].z" << "\"<reference(x)>.y[0].z\"";
        QTest::newRow("unknown") << "guid('a')" << "\"<guid(a)>\"";
        QTest::newRow("range") << "length(range(5, 4))" << "4";
        QTest::newRow("json") << "json('{\"a\":[1,2]}').a[1]" << "2";
        QTest::newRow("cidr") << "cidrSubnet('10.0.0.0/16', 24, 3)" << "\"10.0.3.0/24\"";
        QTest::newRow("other group") << "resourceId('rg2', 'Microsoft.Network/publicIPAddresses', 'p')" << "\"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg2/providers/Microsoft.Network/publicIPAddresses/p\"";
        QTest::newRow("subscription") << "subscriptionResourceId('A.B/c', 'd')" << "\"/subscriptions/00000000-0000-0000-0000-000000000000/providers/A.B/c/d\"";
        QTest::newRow("logic") << "and(not(false()), or(false(), greater(2, 1)), contains('abc', 'b'))" << "true";
        QTest::newRow("text") << "join(split('a-b', '-'), toUpper('x'))" << "\"aXb\"";
        QTest::newRow("user function") << "ns.f(1)" << "\"<ns.f(1)>\"";
        for (const char* bad : {"", "concat(", "'x", "concat('a' 'b')", "f()x", "variables('none')", "div(1,0)", "copyIndex()", "x", "range(0, 99999999)", "format('{9999999999999999999}')", "a.b.c", "[["})
            QTest::newRow(bad) << bad << "error";
    }

    void expressions()
    {
        QFETCH(QString, expression);
        QFETCH(QString, value);
        const JsonTree nothing;
        ArmScope scope(nothing, nothing, {});
        const auto result = evaluateExpression(expression.toStdString(), scope);
        QCOMPARE(result ? QString::fromStdString(result->dump()) : QString("error"), value);
    }

    void hostileTemplatesEnd_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("variable of itself") << QByteArray(R"("variables":{"a":"[variables('b')]","b":"[variables('a')]"},"resources":[{"type":"A/b","name":"[variables('a')]"}])");
        QTest::newRow("multiplying loops") << QByteArray(R"("variables":{"copy":[{"name":"x","count":800,"input":{"copy":[{"name":"y","count":800,"input":{"copy":[{"name":"z","count":800,"input":"a"}]}}]}}]},"resources":[{"type":"A/b","name":"n","p":"[variables('x')]"}])");
        QTest::newRow("endless copy") << QByteArray(R"("resources":[{"type":"A/b","name":"n","copy":{"name":"c","count":100000000}}])");
        QTest::newRow("deep parentheses") << QByteArray("\"resources\":[{\"type\":\"A/b\",\"name\":\"[" + QByteArray(5000, '(') + "]\"}]");
        QTest::newRow("deep calls") << QByteArray("\"resources\":[{\"type\":\"A/b\",\"name\":\"[" + QByteArray("not(").repeated(5000) + "]\"}]");
        QByteArray nested = "\"resources\":[]";
        for (int i = 0; i < 60; ++i)
            nested = "\"resources\":[{\"type\":\"Microsoft.Resources/deployments\",\"name\":\"n\",\"properties\":{\"template\":{" + nested + "}}}]";
        QTest::newRow("nested deployments") << nested;
        QTest::newRow("wrong kinds") << QByteArray(R"("parameters":[],"variables":3,"resources":{"a":7,"b":{"type":1,"name":{}},"c":{"type":"A/b/c/d","name":"x"},"d":{"copy":{"count":-1}}})");
    }

    void hostileTemplatesEnd()
    {
        QFETCH(QByteArray, body);
        const auto inventory = inventoryFromJson("{\"$schema\":\"deploymentTemplate.json#\"," + body.toStdString() + "}", "hostile");
        QVERIFY(!inventory || !inventory->findings.empty() || inventory->vnets.empty());
    }

    void hostileJsonIsRefusedWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("place");
        QTest::newRow("empty") << QByteArray() << "1:1 the text ends too early";
        QTest::newRow("cut off") << QByteArray("{\n \"resources\": [\n  {\"id\": \"x\"") << "3:13 the text ends too early";
        QTest::newRow("missing comma") << QByteArray("{\"a\": 1\n \"b\": 2}") << "2:2 ',' or '}' expected";
        QTest::newRow("bad word") << QByteArray("[nul]") << "1:2 a value expected";
        QTest::newRow("open string") << QByteArray("[\"abc") << "1:2 a string without end";
        QTest::newRow("control character") << QByteArray("[\"a\nb\"]") << "1:4 a control character inside a string";
        QTest::newRow("trailing text") << QByteArray("[] x") << "1:4 text behind the end of the document";
        QTest::newRow("unquoted name") << QByteArray("{a: 1}") << "1:2 a name in quotation marks expected";
    }

    void hostileJsonIsRefusedWithItsPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, place);
        const auto inventory = inventoryFromJson(text.toStdString(), "bad.json");
        QVERIFY(!inventory);
        QCOMPARE(inventory.error().code(), std::string_view("network.bad_json"));
        const JsonPosition found = findJsonFault(text.toStdString());
        QCOMPARE(QString("%1:%2 %3").arg(found.line).arg(found.column).arg(QString::fromStdString(found.what)), place);
        QVERIFY(errorMessage(inventory.error()).find("line " + std::to_string(found.line)) != std::string::npos);
    }

    void deepNestingIsRefused()
    {
        const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
        QVERIFY(!inventoryFromJson(deep, "deep"));
        QVERIFY(!answerQuestion(Inventory(), deep));
    }

    void nothingUsefulIsSaid()
    {
        for (const char* text : {"{}", "[]", "7", "null", "\"x\"", "{\"value\":[1,2,{}]}", "{\"resources\":\"no\"}"}) {
            const auto inventory = inventoryFromJson(text, "x");
            QVERIFY(!inventory);
            QCOMPARE(inventory.error().code(), std::string_view("network.empty_inventory"));
        }
        QCOMPARE(loadInventory("/nonexistent/file.json").error().code(), std::string_view("base.file_unreadable"));
    }

    void tagFilesStayInsideTheFolders_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("absolute") << "/etc/passwd";
        QTest::newRow("upwards") << "../../etc/passwd";
        QTest::newRow("missing") << "none.json";
    }

    void tagFilesStayInsideTheFolders()
    {
        QFETCH(QString, path);
        const Inventory inventory = load(vnet("v", "10.0.0.0/16", ""), ",\"serviceTags\":{\"$file\":" + quoted(path.toStdString()) + "}");
        QVERIFY(hasFinding(inventory, "serviceTagsUnreadable"));
        QVERIFY(inventory.serviceTags->isEmpty());
    }

    void badFileOfAFolderIsAFinding()
    {
        QTemporaryDir folder;
        write(folder, "a.json", vnet("v", "10.0.0.0/16", ""));
        write(folder, "b.json", "{\"id\": ");
        const auto inventory = loadInventory(folder.path().toStdString());
        QVERIFY(inventory);
        QCOMPARE(inventory->vnets.size(), std::size_t(1));
        QVERIFY(hasFinding(*inventory, "unreadableFile"));
    }

    /// Values of every kind in every place of a sound inventory: nothing may crash, every question gets an answer or an error.
    void damagedInventoriesDoNotCrash()
    {
        std::ifstream stream(TOCSIN_SOURCE_DIR "/resources/samplecase/inventory.json");
        const std::string sound((std::istreambuf_iterator<char>(stream)), {});
        const char* const junk[]{"null", "true", "-1", "1e308", "\"\"", "\"10.0.0.0/99\"", "[]", "{}", "[[[]]]", "{\"id\":7}", "\"/subscriptions//resourceGroups/\"", "65536", "\"::/0\"", "\"[variables('x')]\""};
        std::mt19937 random(7);
        std::vector<std::size_t> colons;
        for (std::size_t i = sound.find(": "); i != std::string::npos; i = sound.find(": ", i + 1))
            colons.push_back(i + 2);
        for (int round = 0; round < 60; ++round) {
            std::string text = sound;
            const std::size_t at = colons[random() % colons.size()];
            std::size_t end = text.find_first_of(",\n", at);
            if (text[at] == '{' || text[at] == '[')
                end = at; // leaves a broken document now and then, which must be refused
            text.replace(at, end - at, junk[random() % std::size(junk)]);
            const auto inventory = inventoryFromJson(text, "damaged");
            if (!inventory)
                continue;
            topologyJson(*inventory);
            for (const char* question : {R"({"op":"connectivityCheck","source":{"vm":"app-vm01"},"destination":{"vm":"db-vm01"},"port":3389})", R"({"op":"reachablePorts","source":{"ip":"203.0.113.1"},"destination":{"ip":"20.61.14.10"}})",
                                         R"({"op":"effectiveRoutes","nic":"appNic0"})", R"({"op":"effectiveRules","nic":"dbNic0"})", R"({"op":"limits"})", R"({"op":"subnetUsage","vnet":"vnet-prod","subnet":"snet-app"})"})
                answerQuestion(*inventory, question);
        }
    }

    void badQuestionsAreErrors_data()
    {
        QTest::addColumn<QString>("question");
        QTest::newRow("no operation") << "{}";
        QTest::newRow("unknown operation") << R"({"op":"teleport"})";
        QTest::newRow("unknown machine") << R"({"op":"ipFlowVerify","vm":"x","direction":"Inbound","localIPAddress":"10.0.0.4","remoteIPAddress":"1.1.1.1"})";
        QTest::newRow("bad direction") << R"({"op":"ipFlowVerify","nic":"n","direction":"Sideways"})";
        QTest::newRow("bad port") << R"({"op":"ipFlowVerify","nic":"n","direction":"Inbound","localIPAddress":"10.0.0.4","localPort":"70000","remoteIPAddress":"1.1.1.1"})";
        QTest::newRow("bad address") << R"({"op":"nextHop","nic":"n","destinationIPAddress":"10.0.0.256"})";
        QTest::newRow("no destination") << R"({"op":"connectivityCheck","source":{"nic":"n"}})";
        QTest::newRow("bad protocol") << R"({"op":"connectivityCheck","source":{"nic":"n"},"destination":{"ip":"1.1.1.1"},"protocol":"Smoke"})";
        QTest::newRow("port out of range") << R"({"op":"connectivityCheck","source":{"nic":"n"},"destination":{"ip":"1.1.1.1"},"port":65536})";
        QTest::newRow("three octets") << R"({"op":"captureFilter","filters":[{"remoteIPAddress":"1.1.1.1-255.255.255"}]})";
        QTest::newRow("range and list") << R"({"op":"captureFilter","filters":[{"remotePort":"80-85;443"}]})";
        QTest::newRow("numbers for names") << R"({"op":"nextHop","nic":7,"destinationIPAddress":[]})";
    }

    void badQuestionsAreErrors()
    {
        QFETCH(QString, question);
        const Inventory inventory = load(vnet("v", "10.0.0.0/16", subnet("v", "s", "10.0.0.0/24")) + "," + nic("n", "10.0.0.4", "v/subnets/s"));
        const auto answer = answerQuestion(inventory, question.toStdString());
        QVERIFY(!answer);
        QVERIFY(!errorMessage(answer.error()).empty());
        InventoryCache cache(".");
        QVERIFY(answerLine(cache, "{\"id\":\"q\",\"inventory\":null,\"question\":" + question.toStdString() + "}").starts_with("{\"id\":\"q\",\"error\":\""));
    }

    /// A network of the largest size the program is meant for loads and answers in time.
    void fiveThousandInterfaces()
    {
        std::string resources;
        for (int v = 0; v < 50; ++v) {
            const std::string name = "v" + std::to_string(v);
            std::string subnets, rules;
            for (int s = 0; s < 4; ++s)
                subnets += (s ? "," : "") + subnet(name, "s" + std::to_string(s), "10." + std::to_string(v) + "." + std::to_string(s) + ".0/24", ",\"networkSecurityGroup\":" + reference("networkSecurityGroups/g" + std::to_string(v)));
            for (int r = 0; r < 100; ++r)
                rules += (r ? "," : "") + rule("r" + std::to_string(r), 100 + r, "Inbound", r % 2 ? "Allow" : "Deny", "Tcp", "203.0." + std::to_string(r) + ".0/24", "*", std::to_string(1000 + r) + "-" + std::to_string(2000 + r));
            resources += (v ? "," : "") + group("g" + std::to_string(v), rules) + "," + vnet(name, "10." + std::to_string(v) + ".0.0/16", subnets);
            for (int n = 0; n < 100; ++n)
                resources += "," + nic("n" + std::to_string(v) + "-" + std::to_string(n), "10." + std::to_string(v) + "." + std::to_string(n % 4) + "." + std::to_string(4 + n), name + "/subnets/s" + std::to_string(n % 4));
        }
        QElapsedTimer timer;
        timer.start();
        const Inventory inventory = load(resources);
        const qint64 loading = timer.restart();
        QCOMPARE(inventory.interfaces.size(), std::size_t(5000));
        for (int i = 0; i < 50; ++i)
            QVERIFY(checkConnectivity(inventory, check("n" + std::to_string(i) + "-1", "n" + std::to_string(i) + "-2", 443)));
        const qint64 checks = timer.restart();
        for (int i = 0; i < 50; ++i)
            QVERIFY(reachablePorts(inventory, check("n" + std::to_string(i) + "-1", "n" + std::to_string(i) + "-2", 0)));
        const qint64 reaches = timer.restart();
        topologyJson(inventory);
        qInfo("%zu bytes loaded in %lld ms; check %.2f ms; exact ports %.2f ms; topology %lld ms", resources.size(), static_cast<long long>(loading), double(checks) / 50, double(reaches) / 50, static_cast<long long>(timer.elapsed()));
        QVERIFY(loading < 30000); // generous: the target is 3 s in a release build on an idle machine
    }
};

QTEST_GUILESS_MAIN(TestNetworkLoader)
#include "tst_network_loader.moc"
