// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read the concepts in the standard headers
#include "base/Clock.h"
#include "base/Executor.h"
#include "base/Log.h"
#include "catalog/Catalog.h"
#include "engine/LocalEngine.h"
#include "kql/functions/Declaration.h"
#endif

#include <QTest>

using namespace tocsin;
using namespace tocsin::kql;

namespace {

class NoTables final : public catalog::Snapshot, public catalog::Catalog {
public:
    std::shared_ptr<const catalog::TableSource> findTable(std::string_view) const override { return nullptr; }
    const catalog::StoredFunction* findFunction(std::string_view) const override { return nullptr; }
    std::vector<std::string> tableNames() const override { return {}; }
    std::vector<std::string> functionNames() const override { return {}; }
    std::string databaseName() const override { return "Examples"; }
    Result<std::shared_ptr<const Snapshot>> snapshot() const override { return std::make_shared<NoTables>(); }
};

} // namespace

/// Every declaration shows an example with its answer: both must be true.
class TestFunctionExamples : public QObject {
    Q_OBJECT
private slots:
    void example_data();
    void example();

private:
    FunctionRegistry m_functions = builtInFunctions();
    NoTables m_catalog;
    InlineExecutor m_executor;
    ManualClock m_clock{kUnixEpoch};
    Log m_log;
    engine::LocalEngine m_engine{m_catalog, m_functions, m_executor, m_clock, m_log};
};

void TestFunctionExamples::example_data()
{
    QTest::addColumn<QByteArray>("example");
    const auto add = [](std::string_view name, std::string_view example) { QTest::addRow("%.*s", static_cast<int>(name.size()), name.data()) << QByteArray(example.data(), static_cast<qsizetype>(example.size())); };
    for (const ScalarFunction* function : m_functions.scalars())
        add(function->name, function->example);
    for (const AggregateFunction* function : m_functions.aggregates())
        add(function->name, function->example);
}

void TestFunctionExamples::example()
{
    QFETCH(QByteArray, example);
    const qsizetype split = example.lastIndexOf(" // ");
    QVERIFY(split > 0);
    engine::QueryRequest request;
    request.text = example.left(split).toStdString();
    request.seed = 1;
    const auto result = engine::runForResult(m_engine, request);
    if (example.endsWith(" // error")) { // what only a service can answer
        QVERIFY(!result);
        QCOMPARE(std::string(result.error().code()), std::string("kql.needs_service"));
        return;
    }
    QVERIFY2(result.has_value(), result ? "" : errorMessage(result.error()).c_str());
    QCOMPARE(result->rows(), std::size_t{1});
    QCOMPARE(result->schema.columns.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(result->at(0, 0).toString()), QString::fromUtf8(example.mid(split + 4)));
}

QTEST_GUILESS_MAIN(TestFunctionExamples)
#include "tst_function_examples.moc"
