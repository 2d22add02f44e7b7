// SPDX-License-Identifier: GPL-3.0-or-later
// Queries over column segments give the rows that they give over the same rows in memory: the first time, when columns are read again, and
// when the cache holds nothing.
#include "store/StoreFixture.h"

#include "catalog/MemoryTable.h"
#include "column/Dynamic.h"
#include "engine/LocalEngine.h"
#include "store/scan/StoreSnapshot.h"

#include <random>

using namespace tocsin;
using namespace tocsin::store::test;

namespace {

const catalog::TableSchema& logSchema()
{
    static const catalog::TableSchema schema{"Logs", {{"TimeGenerated", DataType::DateTime, ""}, {"User", DataType::String, ""}, {"Address", DataType::String, ""},
        {"EventID", DataType::Int, ""}, {"Bytes", DataType::Long, ""}, {"Data", DataType::String, ""}, {"Line", DataType::String, ""}, {"Bag", DataType::Dynamic, ""}}, "", {}, false, false};
    return schema;
}

std::string dataOf(std::mt19937& random, std::size_t row)
{
    const auto pick = [&](unsigned bound) { return std::to_string(random() % bound); };
    switch (random() % 40) {
    case 0: return "";
    case 1: return "no json";
    case 2: return R"({"Ip":"10.0.0.)" + pick(9) + R"(","Nested":{"Port":)" + pick(5) + "}}";
    case 3: return R"({"Logon":null,"Ip":)" + pick(3) + "}";
    default: return R"({"Ip":"10.0.)" + pick(4) + "." + pick(200) + R"(","Logon":"NtLm )" + pick(3) + R"( ","Count":)" + pick(90) + R"(,"Serial":)" + std::to_string(row) + "}";
    }
}

Batch logRows(std::size_t first, std::size_t count)
{
    std::mt19937 random(static_cast<unsigned>(first));
    TypedBuilder<DataType::DateTime> time;
    TypedBuilder<DataType::String> user, address, data, line;
    TypedBuilder<DataType::Int> event;
    TypedBuilder<DataType::Long> bytes;
    TypedBuilder<DataType::Dynamic> bag;
    for (std::size_t row = first; row < first + count; ++row) {
        time.append(kUnixEpoch + static_cast<Ticks>(row) * kTicksPerMinute + static_cast<Ticks>(random() % 1000));
        user.append(random() % 50 ? "user" + std::to_string(random() % 300) : std::string());
        address.append("192.168." + std::to_string(random() % 60) + "." + std::to_string(random() % 250));
        event.append(static_cast<std::int32_t>(4'624 + random() % 4));
        if (random() % 30)
            bytes.append(static_cast<std::int64_t>(random() % 100'000));
        else
            bytes.appendNull();
        data.append(dataOf(random, row));
        line.append("cmd.exe /c run " + std::to_string(row) + (random() % 20 ? "" : random() % 2 ? " http://10.1.2." + std::to_string(random() % 99) + "/x" : " M\xC3\xBCller MimiKatz ")
            + std::string(40 + random() % 40, 'x'));
        DynamicBuilder builder;
        builder.beginObject();
        builder.key("os");
        builder.string("os" + std::to_string(random() % 3));
        builder.endObject();
        bag.append(builder.take());
    }
    return batchOf({time.finish(), user.finish(), address.finish(), event.finish(), bytes.finish(), data.finish(), line.finish(), bag.finish()});
}

/// The file as its own reader with a cache of any size sees it.
class FileCatalog final : public catalog::Catalog {
public:
    FileCatalog(const std::filesystem::path& file, std::size_t cacheBytes) : m_readers(std::make_shared<store::StoreReaders>(store::ReadAccess{file}, cacheBytes)) {}
    Result<std::shared_ptr<const catalog::Snapshot>> snapshot() const override { return store::StoreSnapshot::take(m_readers, std::make_shared<store::KnownTables>()); }

private:
    std::shared_ptr<store::StoreReaders> m_readers;
};

} // namespace

class StoredQueriesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void sameRowsAsInMemory_data();
    void sameRowsAsInMemory();
    void equalTimesGoToTheRowThatStandsFirst_data();
    void equalTimesGoToTheRowThatStandsFirst();

private:
    QStringList ask(const catalog::Catalog& catalog, const QString& query, unsigned threads = 2);

    static constexpr std::size_t kRows = 72'000;
    Fixture m_fixture;
    catalog::MemoryCatalog m_memory{"memory"};
    std::unique_ptr<FileCatalog> m_cached, m_uncached;
    const kql::FunctionRegistry m_functions = kql::builtInFunctions();
};

void StoredQueriesTest::initTestCase()
{
    std::vector<Batch> batches;
    {
        auto workspace = m_fixture.open();
        REQUIRE_OK(workspace);
        auto import = (*workspace)->beginImport({"logs", "", 0, "d1"});
        REQUIRE_OK(import);
        for (std::size_t first = 0; first < kRows; first += 4'000) {
            batches.push_back(logRows(first, 4'000));
            REQUIRE_OK((*import)->append(logSchema(), batches.back(), 4'000));
            if (first % 12'000 == 0) // several segments
                REQUIRE_OK((*import)->commit());
        }
        REQUIRE_OK((*import)->finish());
    }
    m_memory.add(std::make_shared<catalog::MemoryTable>(logSchema(), std::move(batches)));
    m_cached = std::make_unique<FileCatalog>(m_fixture.path(), std::size_t{256} << 20);
    m_uncached = std::make_unique<FileCatalog>(m_fixture.path(), std::size_t{64} << 10);
}

QStringList StoredQueriesTest::ask(const catalog::Catalog& catalog, const QString& query, unsigned threads)
{
    engine::LocalEngine engine(catalog, m_functions, m_fixture.executor, m_fixture.clock, m_fixture.log);
    engine::QueryRequest request;
    request.text = query.toStdString();
    request.threads = threads;
    const engine::QueryAnswer answer = engine::runQuery(engine, request);
    QStringList lines;
    for (const Error& error : answer.outcome.errors)
        lines += QString::fromStdString(errorMessage(error));
    for (const engine::QueryResult& result : answer.results)
        for (const Batch& batch : result.batches)
            for (std::size_t row = 0; row < batch.storedRows; ++row) {
                QString text;
                for (const Vector& column : batch.columns)
                    text += QString::fromStdString(column.valueAt(row).toString()) + '\t';
                lines += text;
            }
    lines.sort();
    return lines;
}

void StoredQueriesTest::sameRowsAsInMemory_data()
{
    QTest::addColumn<QString>("query");
    for (const char* query : {
             // members of JSON, near the scan and further from it
             "Logs | where EventID == 4624 and trim(' ', tostring(parse_json(Data).Logon)) == 'NtLm 1' | summarize n = count() by tostring(parse_json(Data).Ip) | top 20 by n, Column1 asc",
             "Logs | extend Ip = parse_json(Data).Ip, Port = toint(parse_json(Data).Nested.Port) | summarize count() by tostring(Ip), Port",
             "Logs | project Data, User | where parse_json(Data)['Count'] > 80 | summarize count(), dcount(Data) by User",
             "Logs | extend d = parse_json(Data) | where isnotempty(d.Logon) | summarize count() by Kind = gettype(d.Ip), Logon = tostring(d.Logon)",
             "Logs | sort by TimeGenerated desc | take 50 | project TimeGenerated, tostring(parse_json(Data).Serial)",
             "Logs | top 30 by TimeGenerated asc | project parse_json(Data).Ip, Data",
             "Logs | where User == 'user7' | join kind=inner (Logs | where EventID == 4625 and User == 'user7' | project User, Other = tostring(parse_json(Data).Ip)) on User | summarize count(), dcount(Other), make_set(tostring(parse_json(Data).Logon))",
             "union (Logs | where EventID == 4626), (Logs | where EventID == 4627) | summarize count() by tostring(parse_json(Data).Count)",
             "let f = (x: string) { parse_json(x).Ip }; Logs | summarize count() by tostring(f(Data))",
             "let m = materialize(Logs | extend Ip = tostring(parse_json(Data).Ip) | summarize n = count() by Ip); m | where n > toscalar(m | summarize avg(n)) | count",
             "Logs | summarize take_any(EventID), max(toint(parse_json(Data).Count)), countif(isnull(parse_json(Data).Ip)) by bin(TimeGenerated, 10d)",
             "Logs | where Data has 'no json' or isempty(Data) | summarize count() by tostring(parse_json(Data).Ip), Data",
             "Logs | summarize count() by tostring(Bag.os)",
             "Logs | extend t = ingestion_time(), Ip = tostring(parse_json(Data).Ip) | summarize countif(isnull(t)) by Ip | count",
             // texts that repeat over segments
             "Logs | summarize n = count(), dcount(Address) by User",
             "Logs | summarize Bytes = sum(Bytes), n = count() by User, Address | top 100 by Bytes, User asc, Address asc",
             "Logs | distinct User, EventID | count",
             "Logs | where User has 'user1' or Address startswith '192.168.7' | summarize count() by User, EventID",
             "Logs | where User == 'user5' | summarize count() by Address",
             "Logs | where User in ('user5', 'user6', 'nobody') | summarize dcount(Address), count_distinct(EventID) by User, bin(TimeGenerated, 30d)",
             "Logs | where ipv4_is_in_range(Address, '192.168.7.0/24') | summarize count() by toupper(User)",
             "Logs | summarize arg_max(TimeGenerated, *) by User | project-away Line",
             "Logs | summarize hll = hll(Address) by EventID | project dcount_hll(hll)",
             // the newest row of each value, for which later rows are enough
             "Logs | summarize arg_min(TimeGenerated, *) by User | project-away Line",
             "Logs | where EventID == 4625 | summarize arg_max(TimeGenerated, Bytes, EventID), max(TimeGenerated) by User",
             "Logs | where EventID == 4625 and User != 'user9' | summarize max(TimeGenerated) by Address | summarize count(), min(max_TimeGenerated), dcount(Address)",
             "Logs | project When = TimeGenerated, Who = User, Bytes | where Bytes > 50000 | summarize arg_max(When, Bytes) by Who",
             "Logs | summarize arg_max(TimeGenerated, Bytes), count() by User",
             "Logs | summarize arg_max(TimeGenerated, Bytes), min(TimeGenerated) by User",
             "Logs | extend Who = strcat(User, '') | summarize arg_max(TimeGenerated, EventID) by Who",
             "Logs | serialize n = row_number() | summarize arg_max(TimeGenerated, n) by User",
             "Logs | serialize n = row_number() | top 9 by TimeGenerated desc | project n, User",
             "Logs | take 9000 | summarize arg_max(TimeGenerated, Bytes), max(TimeGenerated) by User",
             "Logs | where User startswith 'user1' | summarize arg_max(TimeGenerated, *) by User | where EventID == 4624 | project User, Data, Bag",
             "union Logs, (Logs | where EventID == 4627) | summarize arg_min(TimeGenerated, Bytes) by User",
             "Logs | summarize percentiles(Bytes, 5, 50, 95, 99) by EventID, User == ''",
             "Logs | summarize percentiles(Bytes, 50, 100, 0), count() by bin(Bytes, 25000)",
             "Logs | summarize make_set(User, 5) by EventID | project EventID, array_length(set_User)",
             "Logs | join kind=leftouter (Logs | where EventID == 4624 | summarize n = count() by Address) on Address | summarize sum(n), countif(isnull(n)) by User",
             "Logs | where EventID == 4625 | join kind=fullouter (Logs | where EventID == 4626 | summarize n = count() by User) on User | summarize count() by User, n",
             "Logs | where EventID == 4625 | join (Logs | where EventID == 4626) on User | summarize count(), sum(Bytes), sum(Bytes1)",
             // values that the table counts
             "Logs | summarize count() by User",
             "Logs | summarize n = count(), again = count() by Who = User | top 5 by n, Who asc | project n, again, Who",
             "Logs | distinct EventID",
             "Logs | project Key = EventID, User | summarize n = count() by Key | where n > 10",
             "Logs | summarize count() by Address | summarize count(), sum(count_)",
             "Logs | summarize count() by Line | count",
             "Logs | summarize count() by Bytes | summarize count(), max(count_)",
             "Logs | summarize count() by User | join kind=inner (Logs | distinct User) on User | count",
             // whole numbers of few values
             "Logs | where EventID + 1 == 4626 | summarize sum(EventID), avg(EventID * 2) by User | summarize count(), sum(sum_EventID)",
             "Logs | extend Kind = case(EventID == 4624, 'on', EventID == 4625, 'fail', tostring(EventID)) | summarize count(), min(EventID), max(EventID), dcount(EventID) by Kind",
             "Logs | summarize percentile(EventID, 50), make_set(EventID), stdev(EventID) by User | where array_length(set_EventID) == 4 | count",
             "Logs | sort by EventID asc, TimeGenerated asc | extend p = prev(EventID), n = row_number(1, EventID != prev(EventID)) | summarize max(n), countif(isnull(p)) by EventID",
             "Logs | where EventID in (4624, 4627) | join kind=inner (Logs | distinct EventID | extend Twice = EventID * 2) on EventID | summarize count(), max(Twice) by EventID",
             // rows that are not equal, and few rows out of many
             "Logs | where User != 'user5' | summarize count(), sum(Bytes) by EventID",
             "Logs | where EventID != 4624 | summarize dcount(User), count() by bin(TimeGenerated, 10d)",
             "Logs | where Bytes != 7 | summarize count(), countif(isnull(Bytes))",
             "Logs | where TimeGenerated != datetime(1970-01-01) and 4627 != EventID and User != '' | summarize count() by User",
             "Logs | where Line != 'x' and Address != '192.168.1.1' | summarize count(), min(strlen(Line))",
             "Logs | where User == 'user77' | project TimeGenerated, Bytes, Address, EventID, Data, Line, Bag | sort by TimeGenerated asc | take 500",
             "Logs | where User == 'user77' and EventID != 4626 | summarize sum(Bytes), min(TimeGenerated), max(TimeGenerated), count() by Address",
             "Logs | where EventID == 4625 and Address startswith '192.168.4' and Bytes > 99000 | project User, TimeGenerated, strlen(Line)",
             // times of pairs
             "Logs | where EventID == 4625 and User startswith 'user1' | project User, Fail = TimeGenerated | join kind=inner (Logs | where EventID == 4624 | project User, Ok = TimeGenerated) on User | where Ok > Fail and Ok <= Fail + 5h | summarize count(), min(Ok - Fail), max(Ok - Fail)",
             "Logs | top 7 by TimeGenerated desc | project User, EventID", "Logs | top 3000 by Bytes desc, TimeGenerated asc | summarize sum(Bytes), count() by EventID",
             // long texts
             "Logs | where Line has 'mimikatz' | summarize count(), dcount(Line) by User",
             "Logs | where Line contains 'HTTP://10.1.2.7' | project Line",
             "Logs | where Line matches regex @'https?://[0-9.]+7/' and Line has 'cmd' | summarize count(), take_any(strlen(Line)) by EventID | project count_, EventID",
             "Logs | where Line matches regex @'m.ller' or Line has 'nowhere' | count",
             "Logs | where Line contains 'run 77' and EventID != 4624 | project TimeGenerated, Line, Address, Data | count",
             "Logs | where Line has 'run' | summarize count() by strlen(Line)",
             "Logs | where not(Line has 'http') | count",
             "Logs | where Line !contains 'x' | count",
             "Logs | where Line has_any ('mimikatz', 'http') | summarize count() by substring(Line, 0, 12)",
             "Logs | where Line == 'nothing like it' | count",
         })
        QTest::newRow(query) << QString(query);
}

void StoredQueriesTest::sameRowsAsInMemory()
{
    QFETCH(QString, query);
    const QStringList expected = ask(m_memory, query);
    QVERIFY(!expected.isEmpty());
    for (int round = 0; round < 3; ++round)
        QCOMPARE(ask(*m_cached, query), expected);
    QCOMPARE(ask(*m_uncached, query), expected);
}

void StoredQueriesTest::equalTimesGoToTheRowThatStandsFirst_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QStringList>("expected");
    // Segments are read from the end that is wanted, which must not show: a is newest in rows 2, 4 and 6, b in row 7, and so on.
    QTest::newRow("newest") << "T | summarize arg_max(TimeGenerated, N) by User | project User, N" << QStringList{"a\t2\t", "b\t7\t", "c\t3\t"};
    QTest::newRow("oldest") << "T | summarize arg_min(TimeGenerated, N) by User | project User, N" << QStringList{"a\t0\t", "b\t1\t", "c\t3\t"};
    QTest::newRow("all columns") << "T | summarize arg_max(TimeGenerated, *) by User | project User, N" << QStringList{"a\t2\t", "b\t7\t", "c\t3\t"};
}

void StoredQueriesTest::equalTimesGoToTheRowThatStandsFirst()
{
    QFETCH(QString, query);
    QFETCH(QStringList, expected);
    Fixture fixture;
    const catalog::TableSchema schema{"T", {{"TimeGenerated", DataType::DateTime, ""}, {"User", DataType::String, ""}, {"N", DataType::Long, ""}}, "", {}, false, false};
    {
        auto workspace = fixture.open();
        REQUIRE_OK(workspace);
        auto import = (*workspace)->beginImport({"ties", "", 0, "d1"});
        REQUIRE_OK(import);
        std::int64_t row = 0;
        for (const auto& [user, time] : {std::pair("a", 1), std::pair("b", 1), std::pair("a", 5), std::pair("c", 2), std::pair("a", 5), std::pair("b", 1), std::pair("a", 5), std::pair("b", 9)}) {
            TypedBuilder<DataType::DateTime> times;
            TypedBuilder<DataType::String> users;
            TypedBuilder<DataType::Long> numbers;
            times.append(kUnixEpoch + time * kTicksPerMinute);
            users.append(user);
            numbers.append(row++);
            REQUIRE_OK((*import)->append(schema, batchOf({times.finish(), users.finish(), numbers.finish()}), 1));
            if (row % 2 == 0) // two rows a segment
                REQUIRE_OK((*import)->commit());
        }
        REQUIRE_OK((*import)->finish());
    }
    const FileCatalog catalog(fixture.path(), std::size_t{1} << 20);
    for (const unsigned threads : {1U, 2U, 2U, 2U, 2U})
        QCOMPARE(ask(catalog, query, threads), expected);
}

QTEST_GUILESS_MAIN(StoredQueriesTest)
#include "tst_stored_queries.moc"
