// SPDX-License-Identifier: GPL-3.0-or-later
#include "CollectingSink.h"

#include <QtTest>

#include <random>

using namespace tocsin;
using namespace tocsin::ingest;
using namespace tocsin::ingest::test;

namespace {

std::vector<std::string> seeds()
{
    return {
        R"({"records":[{"time":"2024-03-05T10:11:12Z","resourceId":"/SUBSCRIPTIONS/A/RESOURCEGROUPS/B/PROVIDERS/C/D/E","operationName":"X","category":"Administrative","identity":{"claims":{"upn":"x"}},"properties":{"a":{"b":[1,2.5,null,true]}}},{"time":"2024","category":"Alert","operationName":"y"}]})",
        R"({"time":"2024-05-06T07:08:09Z","resourceId":"/tenants/T","category":"SignInLogs","properties":{"status":{"errorCode":0},"location":{"city":"x"},"appliedConditionalAccessPolicies":[]}})",
        R"({"records":[{"time":"2018-11-13T12:01:35Z","category":"NetworkSecurityGroupFlowEvent","resourceId":"/S/1","properties":{"Version":2,"flows":[{"rule":"R","flows":[{"mac":"0","flowTuples":["1542110377,94.102.49.190,10.5.16.4,28746,443,U,I,D,B,,,,"]}]}]}}]})",
        R"({"records":[{"time":"2022-09-14T09:00:52Z","category":"FlowLogFlowEvent","flowRecords":{"flows":[{"aclID":"a","flowGroups":[{"rule":"r","flowTuples":["1663146003599,10.0.0.6,192.0.2.180,23956,443,6,O,B,NX,0,0,0,0"]}]}]}}]})",
        R"({"records":[{"count":2,"total":3,"resourceId":"/SUBSCRIPTIONS/A","time":"2024-01-02T03:04:00Z","metricName":"R","timeGrain":"PT1M"}]})",
        R"({"TimeGenerated":"2021-01-01T00:00:00Z","Type":"SecurityEvent","EventID":4624,"Computer":"c"})",
        R"({"tables":[{"name":"Heartbeat","columns":[{"name":"TimeGenerated"},{"name":"Computer"}],"rows":[["2021-01-01T00:00:00Z","a"]]}]})",
        "<34>Oct 11 22:14:15 mymachine su[77]: failed\n<165>1 2003-10-11T22:14:15.003Z h app 812 ID [ex@1 a=\"1\"] hello\n",
        "<13>Jan  2 10:00:00 fw1 CEF:0|a|b|c|d|e|8|src=10.0.0.1 cs1=v cs1Label=P x\\=y=1\n",
        "a,b,time\n1,\"x\"\"y\",2024-01-01\n2,,\n",
    };
}

std::string mutate(std::string text, std::mt19937& random)
{
    const int changes = 1 + static_cast<int>(random() % 6);
    for (int i = 0; i < changes && !text.empty(); ++i) {
        const std::size_t at = random() % text.size();
        switch (random() % 5) {
        case 0: text[at] = static_cast<char>(random()); break;
        case 1: text.erase(at, 1 + random() % 16); break;
        case 2: text.insert(at, 1, "{}[]\",:\\\n0-"[random() % 11]); break;
        case 3: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
        default: text.resize(at); break;
        }
    }
    return text;
}

} // namespace

/// Input that means harm or is damaged: nothing may crash, hang or be lost without a word.
class TestIngestHostile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyReaderSurvivesMutations()
    {
        const ReaderRegistry registry = makeReaderRegistry(testSchemas());
        std::mt19937 random(77);
        const std::vector<std::string> texts = seeds();
        for (int round = 0; round < 150; ++round)
            for (const std::string& seed : texts) {
                MemoryByteSource source("fuzz.txt", mutate(seed, random));
                const auto reader = registry.detect(source.bytes(), "fuzz.txt", source.size());
                if (!reader)
                    continue;
                CollectingSink sink;
                ReadOptions options;
                options.importTime = kTestNow;
                const auto read = (*reader)->read(source, options, sink, {});
                QVERIFY2(read.has_value() || read.error().kind != &kInternal, read ? "" : errorMessage(read.error()).c_str());
            }
    }

    void everyReaderTakesAnyBytes()
    {
        const ReaderRegistry registry = makeReaderRegistry(testSchemas());
        std::mt19937 random(78);
        for (const auto& reader : registry.readers())
            for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000}}) {
                std::string bytes(size, '\0');
                for (char& c : bytes)
                    c = static_cast<char>(random());
                static_cast<void>(reader->probe(bytes, "x", bytes.size()));
                MemoryByteSource source("x", bytes);
                CollectingSink sink;
                const auto read = reader->read(source, {kTestNow, {}, false, 0}, sink, {});
                QVERIFY(read.has_value() || !read.error().code().empty());
            }
    }

    void deepAndWideJson()
    {
        std::string deep = R"({"time":"2024-05-06T07:08:09Z","category":"SignInLogs","properties":{"x":)";
        const auto rejected = readBytes(deep + std::string(3000, '[') + std::string(3000, ']') + "}}");
        QCOMPARE(rejected->sink.rejects.size(), std::size_t{1});
        const auto accepted = readBytes(deep + std::string(900, '[') + std::string(900, ']') + "}}");
        QCOMPARE(accepted->sink.records, std::uint64_t{1});
        std::string wide = R"({"time":"2024-05-06T07:08:09Z","resourceId":"/subscriptions/a","category":"Odd","properties":{"m0":0)";
        for (int i = 1; i < 3000; ++i)
            wide += ",\"m" + std::to_string(i) + "\":" + std::to_string(i);
        const auto flattened = readBytes(wide + "}}");
        QCOMPARE(flattened->sink.records, std::uint64_t{1});
        QVERIFY(flattened->sink.tables.at("AzureDiagnostics").schema.columns.size() < 1000);
        QVERIFY(flattened->sink.cell("AzureDiagnostics", 0, "AdditionalFields").contains("\"m2999\":2999"));
    }

    void stopIsObeyed()
    {
        std::stop_source stop;
        stop.request_stop();
        const ReaderRegistry registry = makeReaderRegistry(testSchemas());
        for (const char* id : {"azure-activity", "syslog", "csv", "json", "cef"}) {
            MemoryByteSource source("x", "a,b\n1,2\n");
            CollectingSink sink;
            const auto read = registry.find(id)->read(source, {kTestNow, {}, false, 0}, sink, stop.get_token());
            QVERIFY(!read && read.error().kind == &kCancelled);
        }
    }
};

QTEST_GUILESS_MAIN(TestIngestHostile)
#include "tst_ingest_hostile.moc"
