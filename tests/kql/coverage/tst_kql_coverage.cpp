// SPDX-License-Identifier: GPL-3.0-or-later
// The coverage page says the truth: what it lists runs, and what is declared is listed.
#include "catalog/MemoryTable.h"
#include "engine/ExternalFiles.h"
#include "engine/LocalEngine.h"
#include "kql/coverage/Coverage.h"
#include "kql/coverage/DocumentedNames.h"
#include "kql/functions/Plugins.h"

#include <QtTest>

#include <QFile>
#include <QTemporaryDir>

#include <set>

namespace tocsin {
namespace {

using Kind = kql::CoverageEntry::Kind;
using State = kql::CoverageEntry::State;
const QString kPage = QStringLiteral(TOCSIN_SOURCE_DIR "/resources/help/kql-coverage.md");

} // namespace

class KqlCoverageTest : public QObject {
    Q_OBJECT

private slots:
    void examplesRun_data();
    void examplesRun();
    void nothingElseIsMissing();
    void onlyTheOutsideIsLeftOut();
    void everyDeclarationIsListed();
    void pageIsCurrent();

private:
    kql::FunctionRegistry m_functions = kql::builtInFunctions();
    std::vector<kql::CoverageEntry> m_entries = kql::kqlCoverage(m_functions);
};

void KqlCoverageTest::examplesRun_data()
{
    QTest::addColumn<QString>("query");
    for (const auto forms : {kql::documentedOperators(), kql::documentedStatements(), kql::binderFunctions()})
        for (const kql::DocumentedForm& form : forms)
            if (!form.example.empty())
                QTest::newRow(std::string(form.name).c_str()) << QString::fromUtf8(form.example.data(), static_cast<qsizetype>(form.example.size()));
}

void KqlCoverageTest::examplesRun()
{
    QFETCH(QString, query);
    catalog::MemoryCatalog catalog("db");
    catalog::TableSchema schema;
    schema.name = "T";
    schema.columns = {{"x", DataType::Long, ""}};
    catalog.add(std::make_shared<catalog::MemoryTable>(schema, std::vector<Batch>()));
    ThreadPool pool(2);
    SystemClock clock;
    Log log;
    QTemporaryDir folder;
    QFile file(folder.filePath("x.csv"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("1\n2\n") == 4);
    file.close();
    engine::LocalEngine local(catalog, m_functions, pool, clock, log, std::make_shared<engine::ExternalFiles>(std::vector<std::filesystem::path>{folder.path().toStdString()}));
    engine::QueryRequest request;
    request.text = query.toStdString();
    const engine::QueryAnswer answer = engine::runQuery(local, std::move(request));
    QVERIFY2(answer.outcome.kind == engine::QueryOutcome::Kind::Done, answer.outcome.errors.empty() ? "" : errorMessage(answer.outcome.errors[0]).c_str());
    const qsizetype split = query.lastIndexOf(QStringLiteral(" // "));
    if (split < 0)
        return;
    QStringList rows;
    const engine::QueryResult& first = answer.results.front();
    for (std::size_t row = 0; row < first.rows(); ++row) {
        QStringList values;
        for (std::size_t column = 0; column < first.schema.columns.size(); ++column)
            values << QString::fromStdString(first.at(row, column).toString());
        rows << values.join(QStringLiteral(", "));
    }
    QCOMPARE(rows.isEmpty() ? QStringLiteral("no rows") : rows.join(QStringLiteral("; ")), query.mid(split + 4));
}

/// What is documented and not there yet. This list must only get shorter.
void KqlCoverageTest::nothingElseIsMissing()
{
    QStringList missing;
    for (const kql::CoverageEntry& entry : m_entries)
        if (entry.state == State::Missing)
            missing << QString::fromStdString(entry.name);
    QCOMPARE(missing, QStringList());
}

void KqlCoverageTest::onlyTheOutsideIsLeftOut()
{
    for (const kql::CoverageEntry& entry : m_entries)
        QVERIFY2(entry.state != State::Outside || !entry.note.empty(), entry.name.c_str());
}

void KqlCoverageTest::everyDeclarationIsListed()
{
    std::set<std::pair<Kind, std::string>> listed;
    for (const kql::CoverageEntry& entry : m_entries)
        QVERIFY2(listed.emplace(entry.kind, entry.name).second, entry.name.c_str());
    for (const kql::ScalarFunction* function : m_functions.scalars())
        if (std::all_of(function->name.begin(), function->name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; }))
            QVERIFY2(listed.contains({Kind::Function, std::string(function->name)}), std::string(function->name).c_str());
    for (const kql::AggregateFunction* aggregate : m_functions.aggregates())
        QVERIFY2(listed.contains({Kind::Aggregate, std::string(aggregate->name)}), std::string(aggregate->name).c_str());
    for (const kql::Plugin& plugin : kql::builtInPlugins())
        QVERIFY2(listed.contains({Kind::Plugin, std::string(plugin.name)}), std::string(plugin.name).c_str());
}

/// With TOCSIN_REGENERATE set the page is written anew.
void KqlCoverageTest::pageIsCurrent()
{
    const QByteArray wanted = QByteArray::fromStdString(kql::coverageMarkdown(m_entries));
    QFile page(kPage);
    if (qEnvironmentVariableIsSet("TOCSIN_REGENERATE")) {
        QVERIFY(page.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(page.write(wanted), qint64(wanted.size()));
        return;
    }
    QVERIFY2(page.open(QIODevice::ReadOnly), "the page is missing: run this test with TOCSIN_REGENERATE=1");
    QVERIFY2(page.readAll() == wanted, "the page is out of date: run this test with TOCSIN_REGENERATE=1");
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::KqlCoverageTest)
#include "tst_kql_coverage.moc"
