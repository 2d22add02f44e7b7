// SPDX-License-Identifier: GPL-3.0-or-later
// Runs tests/cases/kql/*.kqlt: see the README there.
#include "catalog/MemoryTable.h"
#include "engine/LocalEngine.h"

#include <QtTest>

#include <QDir>
#include <QFile>

#include <algorithm>

namespace tocsin {
namespace {

const QString kFolder = QStringLiteral(TOCSIN_SOURCE_DIR "/tests/cases/kql");

struct Case {
    std::string query;
    QString kind; ///< "", "ordered", "error"
    QStringList expected;
};

QString readText(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

struct Engine {
    explicit Engine(const catalog::Catalog& catalog) : functions(kql::builtInFunctions()), pool(2), local(catalog, functions, pool, clock, log) {}
    kql::FunctionRegistry functions;
    ThreadPool pool;
    SystemClock clock;
    Log log;
    engine::LocalEngine local;
};

QString cellText(const Value& value)
{
    const std::string text = value.toString();
    return text.empty() ? QStringLiteral("(null)") : QString::fromStdString(text);
}

/// The header and rows of each result, or the error as `line:column message`.
QStringList describe(const engine::QueryAnswer& answer, const std::string& query)
{
    QStringList lines;
    if (answer.outcome.kind != engine::QueryOutcome::Kind::Done) {
        const Error& error = answer.outcome.errors.at(0);
        const std::size_t at = error.span ? error.span->start : 0;
        const auto line = std::count(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
        const std::size_t newline = at == 0 ? std::string::npos : query.rfind('\n', at - 1);
        const std::size_t column = newline == std::string::npos ? at + 1 : at - newline;
        return {QString("%1:%2").arg(line).arg(column), QString::fromStdString(errorMessage(error))};
    }
    for (const engine::QueryResult& result : answer.results) { // several only behind fork and facet
        QStringList header;
        for (const catalog::ColumnSchema& column : result.schema.columns)
            header << QString::fromStdString(column.name + ":" + std::string(typeName(column.type)));
        lines << header.join('\t');
        for (std::size_t row = 0; row < result.rows(); ++row) {
            QStringList cells;
            for (std::size_t column = 0; column < result.schema.columns.size(); ++column)
                cells << cellText(result.at(row, column));
            lines << cells.join('\t');
        }
    }
    return lines;
}

} // namespace
} // namespace tocsin

Q_DECLARE_METATYPE(tocsin::Case)

namespace tocsin {

class KqlCasesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void everyTrapHasACase();
    void runs_data();
    void runs();

private:
    struct Table {
        catalog::TableSchema schema;
        std::vector<Batch> batches;
    };
    void fill(catalog::MemoryCatalog& catalog, std::size_t morselRows) const;

    std::vector<Table> m_tables;
    std::unique_ptr<catalog::MemoryCatalog> m_whole;
    std::unique_ptr<catalog::MemoryCatalog> m_split;
    std::unique_ptr<Engine> m_wholeEngine;
    std::unique_ptr<Engine> m_splitEngine;
};

void KqlCasesTest::initTestCase()
{
    const catalog::MemoryCatalog empty("tables");
    Engine engine(empty);
    const QDir folder(kFolder + "/tables");
    for (const QString& file : folder.entryList({"*.kql"}, QDir::Files, QDir::Name)) {
        engine::QueryRequest request;
        request.text = readText(folder.filePath(file)).toStdString();
        auto result = engine::runForResult(engine.local, std::move(request));
        QVERIFY2(result, qPrintable(file));
        Table table;
        table.schema.name = file.chopped(4).toStdString();
        table.schema.columns = result->schema.columns;
        table.batches = std::move(result->batches);
        m_tables.push_back(std::move(table));
    }
    QVERIFY(!m_tables.empty());
    m_whole = std::make_unique<catalog::MemoryCatalog>("cases");
    m_split = std::make_unique<catalog::MemoryCatalog>("cases");
    fill(*m_whole, kBatchRows);
    fill(*m_split, 1);
    m_wholeEngine = std::make_unique<Engine>(*m_whole);
    m_splitEngine = std::make_unique<Engine>(*m_split);
}

void KqlCasesTest::fill(catalog::MemoryCatalog& catalog, std::size_t morselRows) const
{
    for (const Table& table : m_tables) {
        std::vector<Batch> morsels;
        for (const Batch& batch : table.batches)
            for (std::size_t start = 0; start < batch.rows(); start += morselRows)
                morsels.push_back(batch.slice(start, std::min(morselRows, batch.rows() - start)));
        catalog.add(std::make_shared<catalog::MemoryTable>(table.schema, std::move(morsels)));
    }
}

/// traps.kqlt goes through the numbered list of what surprises readers of SQL.
void KqlCasesTest::everyTrapHasACase()
{
    constexpr int kTraps = 54;
    int last = 0;
    for (const QString& line : readText(kFolder + "/traps.kqlt").split('\n')) {
        if (!line.startsWith("== "))
            continue;
        const int number = line.mid(3).section(':', 0, 0).toInt();
        QVERIFY2(number == last || number == last + 1, qPrintable(line));
        last = number;
    }
    QCOMPARE(last, kTraps);
}

void KqlCasesTest::runs_data()
{
    QTest::addColumn<Case>("item");
    const QDir folder(kFolder);
    for (const QString& file : folder.entryList({"*.kqlt"}, QDir::Files, QDir::Name)) {
        QString name;
        Case item;
        bool expecting = false;
        const auto finish = [&] {
            if (!name.isEmpty())
                QTest::newRow(qPrintable(file.chopped(5) + ": " + name)) << item;
            item = {};
            expecting = false;
        };
        for (const QString& line : readText(folder.filePath(file)).split('\n')) {
            if (line.startsWith("== ")) {
                finish();
                name = line.mid(3);
            } else if (!expecting && line.startsWith("--")) {
                item.kind = line.mid(2).trimmed();
                expecting = true;
            } else if (expecting && !line.isEmpty()) {
                item.expected << line;
            } else if (!expecting && !name.isEmpty()) {
                item.query += (item.query.empty() ? "" : "\n") + line.toStdString();
            }
        }
        finish();
    }
}

void KqlCasesTest::runs()
{
    QFETCH(Case, item);
    std::optional<QStringList> first;
    for (Engine* engine : {m_wholeEngine.get(), m_splitEngine.get()})
        for (const unsigned threads : {1U, 2U}) {
            engine::QueryRequest request;
            request.text = item.query;
            request.threads = threads;
            request.seed = 1;
            request.now = 638'396'640'000'000'000; // 2024-01-01
            QStringList got = describe(engine::runQuery(engine->local, std::move(request)), item.query);
            const QString where = QString("%1, %2 threads:\n").arg(engine == m_wholeEngine.get() ? "one morsel" : "a morsel a row").arg(threads);
            if (!first)
                first = got;
            QVERIFY2(got == *first, qPrintable(where + "another order:\n" + got.join('\n') + "\nthan\n" + first->join('\n')));
            if (item.kind == "error") {
                const QStringList wanted = item.expected.at(0).split('\t');
                QVERIFY2(got.size() == 2 && got[0] == wanted[0] && (wanted.size() < 2 || got[1].contains(wanted[1])), qPrintable(where + got.join('\n')));
                continue;
            }
            QStringList expected = item.expected;
            if (item.kind != "ordered" && !got.isEmpty() && !expected.isEmpty()) {
                std::sort(got.begin() + 1, got.end());
                std::sort(expected.begin() + 1, expected.end());
            }
            QVERIFY2(got == expected, qPrintable(where + "got\n" + got.join('\n') + "\nexpected\n" + expected.join('\n')));
        }
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::KqlCasesTest)
#include "tst_kql_cases.moc"
