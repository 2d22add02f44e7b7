// SPDX-License-Identifier: GPL-3.0-or-later
#include "entity/Entity.h"

#include <QTest>

using namespace tocsin::entity;
using Fields = std::vector<std::pair<std::string, std::string>>;

namespace {

QString fieldText(const Entity& entity)
{
    QStringList parts;
    for (const auto& [name, value] : entity.fields)
        parts << QString::fromStdString(name + "=" + value);
    return parts.join(QLatin1Char(' '));
}

} // namespace

class TestEntity final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void splitsFullNames_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("fields");
        QTest::addColumn<QString>("label");
        QTest::newRow("upn") << "Account" << "maya@example.org" << "Name=maya UPNSuffix=example.org" << "maya@example.org";
        QTest::newRow("domain") << "Account" << "NORTH\\maya" << "NTDomain=NORTH Name=maya" << "NORTH\\maya";
        QTest::newRow("bare") << "Account" << "maya" << "Name=maya" << "maya";
        QTest::newRow("host with domain") << "Host" << "dc-01.example.org" << "HostName=dc-01 DnsDomain=example.org" << "dc-01.example.org";
        QTest::newRow("bare host") << "Host" << "dc-01" << "HostName=dc-01" << "dc-01";
    }
    void splitsFullNames()
    {
        QFETCH(QString, type);
        QFETCH(QString, value);
        const auto entity = makeEntity(type.toStdString(), {{"FullName", value.toStdString()}});
        QVERIFY(entity);
        QTEST(fieldText(*entity), "fields");
        QTEST(QString::fromStdString(entity->label()), "label");
    }

    void leavesOutWhatIsNobody_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("identifier");
        QTest::addColumn<QString>("value");
        QTest::newRow("system") << "Account" << "FullName" << "NT AUTHORITY\\SYSTEM";
        QTest::newRow("administrator, any case") << "Account" << "Name" << "Administrator";
        QTest::newRow("machine account") << "Account" << "FullName" << "NORTH\\DC-01$";
        QTest::newRow("dash") << "Account" << "Name" << "-";
        QTest::newRow("well-known sid") << "Account" << "Sid" << "S-1-5-18";
        QTest::newRow("loopback") << "IP" << "Address" << "127.0.0.1";
        QTest::newRow("unspecified") << "IP" << "Address" << "::";
        QTest::newRow("no address") << "IP" << "Address" << "localhost";
        QTest::newRow("blank") << "Host" << "HostName" << "  ";
        QTest::newRow("unknown type") << "Spaceship" << "Name" << "x";
        QTest::newRow("identifier that is none") << "Host" << "OSFamily" << "Windows";
    }
    void leavesOutWhatIsNobody()
    {
        QFETCH(QString, type);
        QFETCH(QString, identifier);
        QFETCH(QString, value);
        QVERIFY(!makeEntity(type.toStdString(), {{identifier.toStdString(), value.toStdString()}}));
    }

    void mergesOnStrongKeysOnly()
    {
        std::vector<Entity> entities;
        mergeInto(entities, *makeEntity("Account", {{"FullName", "maya@example.org"}}));
        mergeInto(entities, *makeEntity("Account", {{"Name", "MAYA"}, {"UPNSuffix", "EXAMPLE.ORG"}, {"AadUserId", "7"}}));
        QCOMPARE(entities.size(), 1U);
        QVERIFY(entities[0].field("AadUserId"));
        mergeInto(entities, *makeEntity("Account", {{"FullName", "NORTH\\maya"}}));
        QCOMPARE(entities.size(), 2U); // a shared bare name only suggests identity
        mergeInto(entities, *makeEntity("Host", {{"HostName", "dc-01"}}));
        mergeInto(entities, *makeEntity("Host", {{"HostName", "DC-01"}}));
        QCOMPARE(entities.size(), 3U);
    }

    void keysAreStrongFirst()
    {
        const auto keys = entityKeys(*makeEntity("Host", {{"FullName", "dc-01.example.org"}}));
        QVERIFY(keys.size() >= 2);
        QVERIFY(keys.front().strong);
        QVERIFY(!keys.back().strong);
        QCOMPARE(keys.front().text, std::string("host|hostname+dnsdomain|dc-01|example.org"));
    }

    void jsonRoundTrip()
    {
        std::vector<Entity> entities;
        mergeInto(entities, *makeEntity("Account", {{"FullName", "ma\"ya@example.org"}}));
        mergeInto(entities, *makeEntity("IP", {{"Address", "203.0.113.7"}}));
        mergeInto(entities, *makeEntity("AzureResource", {{"ResourceId", "/subscriptions/1/x/vm-1"}}));
        const std::string json = entitiesJson(entities);
        QVERIFY(QByteArray::fromStdString(json).contains("\"Type\":\"azure-resource\""));
        QCOMPARE(entitiesFromJson(json), entities);
    }

    void readsForeignAndBrokenJson()
    {
        const auto entities = entitiesFromJson(R"([{"$id":"2","HostName":"web","DnsDomain":"a.b","Type":"host"},{"$ref":"2"},{"Type":"ip","Address":"1.2.3.4","Count":4},7])");
        QCOMPARE(entities.size(), 2U);
        QVERIFY(entitiesFromJson("").empty());
        QVERIFY(entitiesFromJson("{").empty());
        QVERIFY(entitiesFromJson("{\"Type\":\"ip\"}").empty());
    }
};

QTEST_GUILESS_MAIN(TestEntity)
#include "tst_entity.moc"
