// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/MemoryTable.h"
#include "engine/ExternalFiles.h"
#include "engine/LocalEngine.h"

#include <QtTest>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace tocsin {

class TestExternalData : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void refusesWithoutFolder();
    void infersSchemas_data();
    void infersSchemas();

private:
    std::filesystem::path inside() const { return m_folder.filePath("in").toStdString(); }
    void write(const QString& name, const QByteArray& text);
    QString run(const QString& query, std::vector<std::filesystem::path> folders, std::uint64_t maximumBytes = engine::ExternalFiles::kMaximumBytes);

    QTemporaryDir m_folder;
    kql::FunctionRegistry m_functions;
};

void TestExternalData::initTestCase()
{
    m_functions = kql::builtInFunctions();
    QVERIFY(QDir(m_folder.path()).mkpath("in/deep"));
    write("in/people.csv", "name,age\r\nann,30\r\n\"b, \"\"c\"\"\",x\r\n");
    write("in/deep/t.tsv", "a\t1\nb\n\nc\t3\textra\n");
    write("in/lines.json", "{\"name\":\"ann\",\"age\":30,\"tags\":[1]}\nnonsense\n{\"age\":\"41\"}\n");
    write("in/array.multijson", "[{\"name\":\"x\"},{\"name\":\"y\"}]");
    write("in/notes.txt", "one\ntwo, three\n");
    // "a\t1\nb\t2\n" as gzip packs it
    write("in/packed.tsv.gz", QByteArray::fromHex("1f8b08000000000002034be434e44ae234e202005e4f36fa08000000"));
    write("in/types.csv", "1,1.5,2024-03-01T10:00:00Z,1.02:00:00,6c1b7a3e-1f6e-4f7e-9a51-0c5d1f6b8e22,\"{\"\"a\"\":1}\",true,x\n,2,2024-03-01,00:01:00,,[1],false,7\n");
    write("in/events.json", "{\"at\":1700000000123,\"user id\":7}\n{\"at\":1700000001123,\"user id\":8}\n");
    write("in/broken.csv.gz", QByteArray::fromHex("1f8b0800000000000003ffff"));
    write("secret.csv", "no,1\n");
    QVERIFY(QDir(m_folder.path()).mkpath("other"));
    QVERIFY(QFile::link(m_folder.path(), m_folder.filePath("in/tunnel")));
    QVERIFY(QFile::link(m_folder.filePath("secret.csv"), m_folder.filePath("in/link.csv")));
}

void TestExternalData::write(const QString& name, const QByteArray& text)
{
    QFile file(m_folder.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

/// Rows as `cell|cell;`, or the code of the error.
QString TestExternalData::run(const QString& query, std::vector<std::filesystem::path> folders, std::uint64_t maximumBytes)
{
    const catalog::MemoryCatalog catalog("db");
    ThreadPool pool(2);
    SystemClock clock;
    Log log;
    engine::LocalEngine engine(catalog, m_functions, pool, clock, log, std::make_shared<engine::ExternalFiles>(std::move(folders), maximumBytes));
    engine::QueryRequest request;
    request.text = query.toStdString();
    const engine::QueryAnswer answer = engine::runQuery(engine, std::move(request));
    if (answer.outcome.kind != engine::QueryOutcome::Kind::Done)
        return QString::fromStdString(std::string(answer.outcome.errors.at(0).code()));
    QString text;
    const engine::QueryResult& result = answer.results.at(0);
    for (std::size_t row = 0; row < result.rows(); ++row) {
        for (std::size_t column = 0; column < result.schema.columns.size(); ++column)
            text += (column ? "|" : "") + QString::fromStdString(result.at(row, column).toString());
        text += ';';
    }
    return text;
}

void TestExternalData::reads_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("rows");
    QTest::newRow("csv") << "externaldata(name:string, age:long)['people.csv'] with (ignoreFirstRecord=true)" << "ann|30;b, \"c\"|;";
    QTest::newRow("as an address") << "externaldata(name:string)['file://people.csv'] with (format='csv') | count" << "3;";
    QTest::newRow("tsv, short and long records") << "externaldata(k:string, n:int)['deep/t.tsv']" << "a|1;b|;c|3;";
    QTest::newRow("two files") << "externaldata(name:string)['people.csv', 'array.multijson'] with (format=txt) | count" << "4;";
    QTest::newRow("lines of json") << "externaldata(age:long, name:string, tags:dynamic)['lines.json'] with (format='multijson')" << "30|ann|[1];||;41||;";
    QTest::newRow("an array of json") << "externaldata(name:string)['array.multijson']" << "x;y;";
    QTest::newRow("text") << "externaldata(line:string)['notes.txt']" << "one;two, three;";
    QTest::newRow("raw") << "externaldata(all:string)['notes.txt'] with (format='raw') | project strlen(all)" << "15;";
    QTest::newRow("packed") << "externaldata(k:string, n:int)['packed.tsv.gz']" << "a|1;b|2;";
    QTest::newRow("an absolute path") << "externaldata(k:string)['" + m_folder.filePath("in/deep/t.tsv") + "'] | count" << "3;";
    QTest::newRow("with operators behind") << "externaldata(name:string, age:long)['people.csv'] | where age > 1 | project name" << "ann;";
}

void TestExternalData::reads()
{
    QFETCH(QString, query);
    QFETCH(QString, rows);
    QCOMPARE(run(query, {inside()}), rows);
}

void TestExternalData::refuses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("code");
    QTest::newRow("a file outside") << "../secret.csv" << "query.external_outside";
    QTest::newRow("an absolute path outside") << "/etc/passwd" << "query.external_outside";
    QTest::newRow("a link that leads out") << "link.csv" << "query.external_outside";
    QTest::newRow("the network") << "https://example.com/x.csv?sig=secret" << "query.external_network";
    QTest::newRow("a folder") << "deep" << "query.external_outside";
    QTest::newRow("a lake") << "abfss://c@a.dfs.core.windows.net/x.csv;key" << "query.external_network";
    QTest::newRow("a link in the path") << "tunnel/secret.csv" << "query.external_outside";
    QTest::newRow("a file address outside") << "file:///etc/passwd" << "query.external_outside";
    QTest::newRow("damaged") << "broken.csv.gz" << "query.external_packed";
    QTest::newRow("nothing there") << "missing.csv" << "query.external_outside";
    QTest::newRow("a large file") << "people.csv" << "query.external_size";
}

void TestExternalData::refuses()
{
    QFETCH(QString, address);
    QFETCH(QString, code);
    QCOMPARE(run("externaldata(a:string)['" + address + "']", {m_folder.filePath("other").toStdString(), inside()}, 20), code);
}

void TestExternalData::refusesWithoutFolder()
{
    QCOMPARE(run("externaldata(a:string)['people.csv']", {}), "query.external_off");
    QCOMPARE(run("externaldata(a:string)['people.csv'] with (format='avro')", {inside()}), "query.external_format");
}

void TestExternalData::infersSchemas_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<QString>("rows");
    const QString plain = "infer_storage_schema(dynamic({%1}))";
    QTest::newRow("names first") << plain.arg("'StorageContainers': ['people.csv'], 'DataFormat': 'csv', 'InferenceOptions': {'UseFirstRowAsHeader': true}") << "name:string, age:string;";
    QTest::newRow("no names") << plain.arg("'StorageContainers': ['deep'], 'DataFormat': 'tsv', 'FileExtension': '.tsv'") << "Column1:string, Column2:long, Column3:string;";
    QTest::newRow("types of text") << plain.arg("'StorageContainers': ['.'], 'DataFormat': 'csv', 'FileNamePrefix': 'types'")
                                   << "Column1:long, Column2:real, Column3:datetime, Column4:timespan, Column5:guid, Column6:dynamic, Column7:bool, Column8:string;";
    QTest::newRow("json") << plain.arg("'StorageContainers': ['lines.json', 'array.multijson'], 'DataFormat': 'multijson', 'Mode': 'all'") << "name:string, age:string, tags:dynamic;";
    QTest::newRow("suggestions") << "infer_storage_schema_with_suggestions(dynamic({'StorageContainers': ['events.json'], 'DataFormat': 'json'}))"
                                 << "[{\"ColumnName\":\"at\",\"InferredType\":\"long\",\"SuggestedType\":\"datetime\",\"ApplicableTransformationMapping\":\"DateTimeFromUnixMilliseconds\"},"
                                    "{\"ColumnName\":\"user id\",\"InferredType\":\"long\",\"SuggestedType\":\"string\"}];";
    QTest::newRow("odd names") << plain.arg("'StorageContainers': ['events.json'], 'DataFormat': 'json'") << "at:long, ['user id']:long;";
    QTest::newRow("nothing there") << plain.arg("'StorageContainers': ['deep'], 'DataFormat': 'csv', 'FileExtension': '.zip'") << "query.no_external_files";
    QTest::newRow("outside") << plain.arg("'StorageContainers': ['..'], 'DataFormat': 'csv'") << "query.external_outside";
    QTest::newRow("a storage account") << plain.arg("'StorageContainers': ['https://a.blob.core.windows.net/c;key'], 'DataFormat': 'csv'") << "query.external_network";
    QTest::newRow("a format of columns") << plain.arg("'StorageContainers': ['deep'], 'DataFormat': 'parquet'") << "query.external_format";
    QTest::newRow("no container") << plain.arg("'DataFormat': 'csv'") << "query.plugin_value";
}

void TestExternalData::infersSchemas()
{
    QFETCH(QString, call);
    QFETCH(QString, rows);
    QCOMPARE(run("evaluate " + call, {inside()}), rows);
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::TestExternalData)
#include "tst_external_data.moc"
