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
    void refusesWithoutReader();

private:
    void write(const QString& name, const QByteArray& text);
    QString run(const QString& query, kql::ExternalReader reader);

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
    write("secret.csv", "no,1\n");
    QVERIFY(QFile::link(m_folder.filePath("secret.csv"), m_folder.filePath("in/link.csv")));
}

void TestExternalData::write(const QString& name, const QByteArray& text)
{
    QFile file(m_folder.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

/// Rows as `cell|cell;`, or the code of the error.
QString TestExternalData::run(const QString& query, kql::ExternalReader reader)
{
    const catalog::MemoryCatalog catalog("db");
    ThreadPool pool(2);
    SystemClock clock;
    Log log;
    engine::LocalEngine engine(catalog, m_functions, pool, clock, log, std::move(reader));
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
    QTest::newRow("with operators behind") << "externaldata(name:string, age:long)['people.csv'] | where age > 1 | project name" << "ann;";
}

void TestExternalData::reads()
{
    QFETCH(QString, query);
    QFETCH(QString, rows);
    QCOMPARE(run(query, engine::filesOf(m_folder.filePath("in").toStdString())), rows);
}

void TestExternalData::refuses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("code");
    QTest::newRow("a file outside") << "../secret.csv" << "query.external_outside";
    QTest::newRow("an absolute path outside") << "/etc/passwd" << "query.external_outside";
    QTest::newRow("a link that leads out") << "link.csv" << "query.external_outside";
    QTest::newRow("the network") << "https://example.com/x.csv" << "query.external_outside";
    QTest::newRow("a folder") << "deep" << "query.external_outside";
    QTest::newRow("nothing there") << "missing.csv" << "query.external_outside";
    QTest::newRow("a large file") << "people.csv" << "query.external_size";
}

void TestExternalData::refuses()
{
    QFETCH(QString, address);
    QFETCH(QString, code);
    QCOMPARE(run("externaldata(a:string)['" + address + "']", engine::filesOf(m_folder.filePath("in").toStdString(), 8)), code);
}

void TestExternalData::refusesWithoutReader()
{
    QCOMPARE(run("externaldata(a:string)['people.csv']", {}), "query.no_external_data");
    QCOMPARE(run("externaldata(a:string)['people.csv'] with (format='avro')", engine::filesOf(m_folder.filePath("in").toStdString())), "query.external_format");
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::TestExternalData)
#include "tst_external_data.moc"
