// SPDX-License-Identifier: GPL-3.0-or-later
#include "CollectingSink.h"

#include <QDir>
#include <QFile>
#include <QtTest>

using namespace tocsin;
using namespace tocsin::ingest;
using namespace tocsin::ingest::test;

namespace {

std::string groupLog(const std::string& tuples, int version = 2)
{
    return R"({"records":[{"time":"2018-11-13T12:01:35.39Z","systemId":"x","macAddress":"000D3AF87856","category":"NetworkSecurityGroupFlowEvent","resourceId":"/SUBSCRIPTIONS/S1/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/WEB-NSG","operationName":"NetworkSecurityGroupFlowEvents","properties":{"Version":)"
        + std::to_string(version) + R"(,"flows":[{"rule":"UserRule_AllowWeb","flows":[{"mac":"000D3AF87857","flowTuples":[)" + tuples + "]}]}]}}]}";
}

std::string networkLog(const std::string& tuples)
{
    return R"({"records":[{"time":"2022-09-14T09:00:52Z","flowLogVersion":4,"flowLogGUID":"g","macAddress":"00224871C205","category":"FlowLogFlowEvent","flowLogResourceID":"/SUBSCRIPTIONS/S/FL","targetResourceID":"/subscriptions/S/resourceGroups/R/providers/Microsoft.Network/virtualNetworks/VN","operationName":"FlowLogFlowEvent","flowRecords":{"flows":[{"aclID":"acl-1","flowGroups":[{"rule":"DefaultRule_AllowInternetOutBound","flowTuples":[)"
        + tuples + "]}]}]}}]}";
}

} // namespace

class TestFlowReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tuplesOfVersionTwo()
    {
        const auto result = readBytes(groupLog(R"("1542110377,94.102.49.190,10.5.16.4,28746,443,U,I,D,B,,,,","1542110437,10.5.16.4,13.67.143.118,59831,443,T,O,A,E,1,66,2,160")"));
        QVERIFY(result->status.has_value());
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("nsg-flow"));
        const auto cell = [&](std::size_t row, const char* column) { return result->sink.cell("FlowTuples_CL", row, column); };
        QCOMPARE(result->sink.rowsOf("FlowTuples_CL"), std::size_t{2});
        QCOMPARE(result->sink.records, std::uint64_t{1});
        QCOMPARE(cell(0, "TimeGenerated"), QByteArray("2018-11-13T11:59:37.0000000Z"));
        QCOMPARE(cell(0, "SrcIp"), QByteArray("94.102.49.190"));
        QCOMPARE(cell(0, "DestPort"), QByteArray("443"));
        QCOMPARE(cell(0, "Protocol"), QByteArray("U"));
        QCOMPARE(cell(0, "FlowDirection"), QByteArray("I"));
        QCOMPARE(cell(0, "FlowStatus"), QByteArray("D"));
        QCOMPARE(cell(0, "FlowState"), QByteArray("B"));
        QCOMPARE(cell(0, "BytesSrcToDest"), QByteArray("<null>"));
        QCOMPARE(cell(0, "MacAddress"), QByteArray("000D3AF87857"));
        QCOMPARE(cell(1, "PacketsSrcToDest"), QByteArray("1"));
        QCOMPARE(cell(1, "BytesSrcToDest"), QByteArray("66"));
        QCOMPARE(cell(1, "PacketsDestToSrc"), QByteArray("2"));
        QCOMPARE(cell(1, "BytesDestToSrc"), QByteArray("160"));
        QCOMPARE(cell(1, "Rule"), QByteArray("UserRule_AllowWeb"));
        QCOMPARE(cell(1, "_ResourceId"), QByteArray("/subscriptions/s1/resourcegroups/rg/providers/microsoft.network/networksecuritygroups/web-nsg"));
    }

    void countersOfAFlowAreSummed()
    {
        // The documented example: 9,125 packets and 5,256,000 bytes in all.
        const auto result = readBytes(groupLog(R"("1493763938,10.0.0.4,10.0.0.5,35370,23,T,O,A,B,,,,","1493764000,10.0.0.4,10.0.0.5,35370,23,T,O,A,C,1021,588096,8005,4610880","1493764060,10.0.0.4,10.0.0.5,35370,23,T,O,A,E,52,29952,47,27072")"));
        const auto cell = [&](const char* column) { return result->sink.cell("AzureNetworkAnalytics_CL", 0, column); };
        QCOMPARE(result->sink.rowsOf("AzureNetworkAnalytics_CL"), std::size_t{1});
        QCOMPARE(cell("OutboundPackets_d").toDouble() + cell("InboundPackets_d").toDouble(), 9125.0);
        QCOMPARE(cell("OutboundBytes_d").toDouble() + cell("InboundBytes_d").toDouble(), 5256000.0);
        QCOMPARE(cell("AllowedOutFlows_d"), QByteArray("1.0"));
        QCOMPARE(cell("CompletedFlows_d"), QByteArray("1.0"));
        QCOMPARE(cell("NSGRule_s"), QByteArray("AllowWeb"));
        QCOMPARE(cell("NSGRuleType_s"), QByteArray("User Defined"));
        QCOMPARE(cell("NSGList_s"), QByteArray("s1/rg/web-nsg"));
        QCOMPARE(cell("L7Protocol_s"), QByteArray("telnet"));
        QCOMPARE(cell("SrcIP_s"), QByteArray("10.0.0.4"));
        QCOMPARE(cell("FlowStartTime_t"), QByteArray("2017-05-02T22:25:38.0000000Z"));
        QCOMPARE(cell("FlowEndTime_t"), QByteArray("2017-05-02T22:27:40.0000000Z"));
        QCOMPARE(cell("TimeGenerated"), QByteArray("2017-05-02T23:00:00.0000000Z"));
        QCOMPARE(cell("FASchemaVersion_s"), QByteArray("2"));
        QCOMPARE(cell("SubType_s"), QByteArray("FlowLog"));
    }

    void versionOneHasNoState()
    {
        const auto result = readBytes(groupLog(R"("1487282421,42.119.146.95,10.1.0.4,51529,5358,T,I,D")", 1));
        QCOMPARE(result->sink.cell("FlowTuples_CL", 0, "FlowState"), QByteArray(""));
        QCOMPARE(result->sink.cell("FlowTuples_CL", 0, "FlowLogVersion"), QByteArray("1"));
        QCOMPARE(result->sink.cell("AzureNetworkAnalytics_CL", 0, "DeniedInFlows_d"), QByteArray("1.0"));
        QCOMPARE(result->sink.cell("AzureNetworkAnalytics_CL", 0, "FlowType_s"), QByteArray("ExternalPublic"));
        QCOMPARE(result->sink.cell("AzureNetworkAnalytics_CL", 0, "SrcPublicIPs_s"), QByteArray("42.119.146.95|1|0|0|0|0|0"));
        QCOMPARE(result->sink.cell("AzureNetworkAnalytics_CL", 0, "SrcIP_s"), QByteArray(""));
    }

    void tuplesOfVirtualNetworks()
    {
        const auto result = readBytes(networkLog(R"("1663146003599,10.0.0.6,192.0.2.180,23956,443,6,O,B,NX,0,0,0,0","1663146003606,10.0.0.6,192.0.2.180,23956,443,6,O,E,NX,3,767,2,1580","1663146003700,2001:db8::1,10.0.0.6,0,0,1,I,D,NX_HW_NOT_SUPPORTED,,,,")"));
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("vnet-flow"));
        const auto cell = [&](std::size_t row, const char* column) { return result->sink.cell("FlowTuples_CL", row, column); };
        QCOMPARE(result->sink.rowsOf("FlowTuples_CL"), std::size_t{3});
        QCOMPARE(cell(0, "TimeGenerated"), QByteArray("2022-09-14T09:00:03.5990000Z"));
        QCOMPARE(cell(0, "Protocol"), QByteArray("T"));
        QCOMPARE(cell(0, "FlowEncryption"), QByteArray("NX"));
        QCOMPARE(cell(0, "AclId"), QByteArray("acl-1"));
        QCOMPARE(cell(1, "BytesDestToSrc"), QByteArray("1580"));
        QCOMPARE(cell(2, "FlowStatus"), QByteArray("D"));
        QCOMPARE(cell(2, "SrcIp"), QByteArray("2001:db8::1"));
        QCOMPARE(cell(2, "Protocol"), QByteArray("1"));
        QCOMPARE(result->sink.rowsOf("NTANetAnalytics"), std::size_t{2});
        QCOMPARE(result->sink.cell("NTANetAnalytics", 0, "BytesSrcToDest"), QByteArray("767"));
        QCOMPARE(result->sink.cell("NTANetAnalytics", 0, "AllowedOutFlows"), QByteArray("1"));
        QCOMPARE(result->sink.cell("NTANetAnalytics", 0, "FlowEncryption"), QByteArray("Unencrypted"));
        QCOMPARE(result->sink.cell("NTANetAnalytics", 0, "AclRule"), QByteArray("AllowInternetOutBound"));
        QCOMPARE(result->sink.cell("NTANetAnalytics", 1, "DeniedInFlows"), QByteArray("1"));
    }

    void badTuplesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("tuple");
        QTest::addColumn<QByteArray>("wrong");
        const auto row = [](const char* tuple, const char* wrong) { QTest::newRow(wrong) << QByteArray(tuple) << QByteArray(wrong); };
        row(R"("1,2,3")", "number of fields");
        row(R"("x,1.1.1.1,2.2.2.2,1,2,T,I,A")", "time");
        row(R"("1542110377,1.1.1.999,2.2.2.2,1,2,T,I,A")", "address");
        row(R"("1542110377,1.1.1.1,2.2.2.2,70000,2,T,I,A")", "port");
        row(R"("1542110377,1.1.1.1,2.2.2.2,1,2,X,I,A")", "protocol");
        row(R"("1542110377,1.1.1.1,2.2.2.2,1,2,T,Q,A")", "direction");
        row(R"("1542110377,1.1.1.1,2.2.2.2,1,2,T,I,Z")", "decision");
        row(R"("1542110377,1.1.1.1,2.2.2.2,1,2,T,I,A,Z,,,,")", "state");
        row(R"("1542110377,1.1.1.1,2.2.2.2,1,2,T,I,A,E,-1,,,")", "counter");
        row("17", "no text");
    }
    void badTuplesAreNamed()
    {
        QFETCH(QByteArray, tuple);
        QFETCH(QByteArray, wrong);
        const auto result = readBytes(groupLog(tuple.toStdString() + R"(,"1542110437,10.5.16.4,13.67.143.118,59831,443,T,O,A,B,,,,")"));
        QCOMPARE(result->sink.rejects.size(), std::size_t{1});
        QCOMPARE(QByteArray::fromStdString(result->sink.rejects[0].reason.args[0]), wrong);
        QCOMPARE(result->sink.rejects[0].offset, std::uint64_t{12});
        QCOMPARE(result->sink.rowsOf("FlowTuples_CL"), std::size_t{1});
        QCOMPARE(result->sink.records, std::uint64_t{1});
    }

    void sampleCountersAgreeWithTheirTuples()
    {
        const QString folder = qEnvironmentVariable("TOCSIN_SHARED", QStringLiteral(TOCSIN_SOURCE_DIR "/../shared")) + QStringLiteral("/data/flow/");
        QFile file(folder + QStringLiteral("vnet/vnet-sumo.json"));
        if (!file.open(QIODevice::ReadOnly))
            QSKIP("no shared folder");
        const QByteArray text = file.readAll();
        const auto result = readBytes(text.toStdString());
        // Every tuple of the text has thirteen fields, of which the eighth is the state.
        quint64 bytes = 0;
        std::size_t tuples = 0;
        for (const QByteArray& part : text.split('"')) {
            const QList<QByteArray> fields = part.split(',');
            if (fields.size() != 13 || fields[0].size() < 10)
                continue;
            ++tuples;
            bytes += fields[10].toULongLong();
        }
        QCOMPARE(result->sink.rowsOf("FlowTuples_CL"), tuples);
        quint64 summed = 0;
        for (std::size_t row = 0; row < result->sink.rowsOf("NTANetAnalytics"); ++row)
            summed += result->sink.cell("NTANetAnalytics", row, "BytesSrcToDest").toULongLong();
        QCOMPARE(summed, bytes);
    }
};

QTEST_GUILESS_MAIN(TestFlowReader)
#include "tst_flow_reader.moc"
