// SPDX-License-Identifier: GPL-3.0-or-later
#include "CollectingSink.h"

#include "ingest/readers/StixPattern.h"

#include <QtTest>

using namespace tocsin;
using namespace tocsin::ingest;
using namespace tocsin::ingest::test;

namespace {

QByteArray joined(const std::vector<StixObservable>& observables)
{
    QByteArray text;
    for (const StixObservable& observable : observables)
        text += (text.isEmpty() ? "" : "; ") + QByteArray::fromStdString(observable.path + "=" + observable.value);
    return text;
}

const char kBundle[] = R"({
  "type": "bundle",
  "id": "bundle--11111111-1111-4111-8111-111111111111",
  "objects": [
    {"type": "identity", "id": "identity--22222222-2222-4222-8222-222222222222", "created": "2024-01-01T00:00:00Z", "modified": "2024-01-01T00:00:00Z", "name": "We"},
    {"type": "indicator", "spec_version": "2.1", "id": "indicator--33333333-3333-4333-8333-333333333333", "created": "2024-01-02T00:00:00Z", "modified": "2024-02-03T04:05:06.789Z",
     "name": "A dropper", "indicator_types": ["malicious-activity"], "labels": ["seen", "new"], "confidence": 80, "pattern_type": "stix",
     "pattern": "[file:hashes.'SHA-256' = 'AB12' OR file:name = 'it'] AND [ipv4-addr:value = '198.51.100.7']", "valid_from": "2024-01-02T00:00:00Z", "valid_until": "2099-01-01T00:00:00Z",
     "object_marking_refs": ["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"]},
    {"type": "indicator", "id": "indicator--44444444-4444-4444-8444-444444444444", "created": "2024-01-02T00:00:00Z", "modified": "2024-01-02T00:00:00Z",
     "description": "A net", "pattern": "[ipv4-addr:value = '203.0.113.0/24']", "valid_from": "2024-01-02T00:00:00Z", "valid_until": "2024-02-01T00:00:00Z"},
    {"type": "indicator", "id": "indicator--55555555-5555-4555-8555-555555555555", "created": "2024-01-02T00:00:00Z", "modified": "2024-01-02T00:00:00Z", "valid_from": "2024-01-02T00:00:00Z"}
  ]
})";

} // namespace

class TestStixReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void patternsNameValues_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("values");
        const auto row = [](const char* pattern, const char* values) { QTest::newRow(pattern) << QByteArray(pattern) << QByteArray(values); };
        row("[ipv4-addr:value = '1.2.3.4']", "ipv4-addr:value=1.2.3.4");
        row("[ipv4-addr:value='1.2.3.4' OR ipv4-addr:value = '1.2.3.4']", "ipv4-addr:value=1.2.3.4");
        row("[file:hashes.'SHA-256' = 'aa' AND file:hashes.MD5 = 'bb']", "file:hashes.'SHA-256'=aa; file:hashes.MD5=bb");
        row("[domain-name:value IN ('a.example', 'b.example')] FOLLOWEDBY [url:value = 'http://x/']", "domain-name:value=a.example; domain-name:value=b.example; url:value=http://x/");
        row(R"([file:name = 'it\'s \\ here'])", R"(file:name=it's \ here)");
        row("[file:name NOT = 'a' OR file:name != 'b' OR file:name LIKE 'c%' OR file:name MATCHES 'd' OR file:size > 5]", "");
        row("[network-traffic:dst_port = 443]", "network-traffic:dst_port=443");
        row("[file:name = 'not closed]", "");
        row("[ipv4-addr:value = '1.2.3.4'] START t'2020-01-01T00:00:00Z' STOP t'2021-01-01T00:00:00Z'", "ipv4-addr:value=1.2.3.4");
        row("", "");
    }
    void patternsNameValues()
    {
        QFETCH(QByteArray, pattern);
        QTEST(joined(stixObservables(pattern.toStdString())), "values");
    }

    void aBundleBecomesIndicators()
    {
        const auto result = readBytes(kBundle);
        QVERIFY(result->status.has_value());
        QCOMPARE(result->format, std::string("stix"));
        QCOMPARE(result->sink.records, std::uint64_t{3});
        QCOMPARE(result->sink.rejects.size(), std::size_t{1}); // without a pattern
        QCOMPARE(result->sink.rejects[0].reason.code(), std::string_view("ingest.missing_field"));
        const std::string legacy = "ThreatIntelligenceIndicator";
        QCOMPARE(result->sink.rowsOf(legacy), std::size_t{4});
        QCOMPARE(result->sink.cell(legacy, 0, "FileHashValue"), QByteArray("AB12"));
        QCOMPARE(result->sink.cell(legacy, 0, "FileHashType"), QByteArray("SHA256"));
        QCOMPARE(result->sink.cell(legacy, 0, "TimeGenerated"), QByteArray("2024-02-03T04:05:06.7890000Z"));
        QCOMPARE(result->sink.cell(legacy, 0, "ExpirationDateTime"), QByteArray("2099-01-01T00:00:00.0000000Z"));
        QCOMPARE(result->sink.cell(legacy, 0, "Active"), QByteArray("true"));
        QCOMPARE(result->sink.cell(legacy, 0, "ConfidenceScore"), QByteArray("80.0"));
        QCOMPARE(result->sink.cell(legacy, 0, "ThreatType"), QByteArray("malicious-activity"));
        QCOMPARE(result->sink.cell(legacy, 0, "Tags"), QByteArray("[\"seen\",\"new\"]"));
        QCOMPARE(result->sink.cell(legacy, 0, "TrafficLightProtocolLevel"), QByteArray("amber"));
        QCOMPARE(result->sink.cell(legacy, 0, "SourceSystem"), QByteArray("Indicator"));
        QVERIFY(result->sink.cell(legacy, 0, "IndicatorId") != result->sink.cell(legacy, 1, "IndicatorId"));
        QCOMPARE(result->sink.cell(legacy, 1, "ExternalIndicatorId"), QByteArray("indicator--33333333-3333-4333-8333-333333333333"));
        QCOMPARE(result->sink.cell(legacy, 1, "FileName"), QByteArray("it"));
        QCOMPARE(result->sink.cell(legacy, 2, "NetworkIP"), QByteArray("198.51.100.7"));
        QCOMPARE(result->sink.cell(legacy, 3, "NetworkCidrBlock"), QByteArray("203.0.113.0/24"));
        QCOMPARE(result->sink.cell(legacy, 3, "Description"), QByteArray("A net"));
        QCOMPARE(result->sink.cell(legacy, 3, "Active"), QByteArray("false"));
        const std::string table = "ThreatIntelIndicators";
        QCOMPARE(result->sink.rowsOf(table), std::size_t{4});
        QCOMPARE(result->sink.cell(table, 0, "ObservableKey"), QByteArray("file:hashes.'SHA-256'"));
        QCOMPARE(result->sink.cell(table, 0, "Confidence"), QByteArray("80"));
        QVERIFY(result->sink.cell(table, 0, "Data").contains("\"name\":\"A dropper\""));
    }

    void objectsOneALine()
    {
        const auto result = readBytes(R"({"type":"indicator","id":"indicator--33333333-3333-4333-8333-333333333333","created":"2024-01-02T00:00:00Z","modified":"2024-01-02T00:00:00Z","pattern":"[url:value = 'http://evil.example/']","valid_from":"2024-01-02T00:00:00Z"}
{"type":"malware","id":"malware--33333333-3333-4333-8333-333333333333","created":"2024-01-02T00:00:00Z"})");
        QCOMPARE(result->sink.records, std::uint64_t{2});
        QCOMPARE(result->sink.cell("ThreatIntelligenceIndicator", 0, "Url"), QByteArray("http://evil.example/"));
        QCOMPARE(result->sink.cell("ThreatIntelligenceIndicator", 0, "ExpirationDateTime"), QByteArray("9999-12-31T23:59:59.0000000Z"));
    }

    void recordsThatOnlyLookAlikeStayWhatTheyAre()
    {
        QVERIFY(readBytes(R"({"type":"bundle of sticks","objects":[{"a":1}]})")->format != "stix");
        const auto other = readBytes(R"({"type":"event","id":"17","time":"2024-01-02T00:00:00Z","objects":[{"a":1},{"a":2}]})");
        QCOMPARE(other->sink.records, std::uint64_t{1});
    }
};

QTEST_GUILESS_MAIN(TestStixReader)
#include "tst_stix_reader.moc"
