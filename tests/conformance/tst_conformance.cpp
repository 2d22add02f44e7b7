// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the cases of TOCSIN_SHARED/conformance in process, lets the referee beside them (kql_score.py) compare, and fails for a case that
// is lost without being among the known misses.
#include "base/Json.h"
#include "catalog/MemoryTable.h"
#include "column/Dynamic.h"
#include "engine/LocalEngine.h"

#include <QtTest>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSet>
#include <QStandardPaths>
#include <QTemporaryDir>

namespace tocsin {

class ConformanceTest : public QObject {
    Q_OBJECT

private slots:
    void answersAsDocumented_data();
    void answersAsDocumented();

private:
    static QString conformanceFolder()
    {
        const QString shared = qEnvironmentVariable("TOCSIN_SHARED");
        return (shared.isEmpty() ? QStringLiteral(TOCSIN_SOURCE_DIR "/../shared") : shared) + "/conformance";
    }
    static QSet<QString> knownMisses();
    static std::string answer(engine::QueryEngine& engine, const QString& id, const QString& query);
};

/// Identifiers in the first column of the list.
QSet<QString> ConformanceTest::knownMisses()
{
    QFile file(TOCSIN_SOURCE_DIR "/tests/conformance/known-misses.tsv");
    QSet<QString> ids;
    if (file.open(QIODevice::ReadOnly))
        for (const QByteArray& line : file.readAll().split('\n'))
            if (!line.isEmpty() && !line.startsWith('#'))
                ids.insert(QString::fromUtf8(line.left(line.indexOf('\t'))));
    return ids;
}

std::string ConformanceTest::answer(engine::QueryEngine& engine, const QString& id, const QString& query)
{
    engine::QueryRequest request;
    request.text = query.toStdString();
    request.seed = 1;
    const engine::QueryAnswer answer = engine::runQuery(engine, std::move(request));
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("id").string(id.toStdString());
    if (answer.outcome.kind != engine::QueryOutcome::Kind::Done) {
        json.key("error").string(answer.outcome.errors.empty() ? "cancelled" : errorMessage(answer.outcome.errors[0]));
    } else {
        const engine::QueryResult result = answer.results.empty() ? engine::QueryResult{} : answer.results.front();
        json.key("columns").beginArray();
        for (const catalog::ColumnSchema& column : result.schema.columns)
            json.beginObject().key("name").string(column.name).key("type").string(typeName(column.type)).endObject();
        json.endArray().key("rows").beginArray();
        for (std::size_t row = 0; row < result.rows(); ++row) {
            json.beginArray();
            for (std::size_t column = 0; column < result.schema.columns.size(); ++column) {
                std::string cell;
                result.at(row, column).appendJson(cell);
                json.raw(cell);
            }
            json.endArray();
        }
        json.endArray();
    }
    json.endObject();
    return out + "\n";
}

void ConformanceTest::answersAsDocumented_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("documentation") << "docs.dev";
    QTest::newRow("second opinion") << "kustoloco.dev";
}

void ConformanceTest::answersAsDocumented()
{
    QFETCH(QString, name);
    const QString folder = conformanceFolder();
    const QString python = QStandardPaths::findExecutable("python3");
    QFile cases(folder + "/" + name + ".jsonl");
    if (python.isEmpty() || !cases.open(QIODevice::ReadOnly))
        QSKIP("no conformance data, or no python3 to compare with");
    const catalog::MemoryCatalog catalog("tocsin");
    const kql::FunctionRegistry functions = kql::builtInFunctions();
    ThreadPool pool(2);
    const SystemClock clock;
    Log log;
    engine::LocalEngine engine(catalog, functions, pool, clock, log);
    QTemporaryDir scratch;
    const QString kept = qEnvironmentVariable("TOCSIN_CONFORMANCE_OUT"); // to look at the answers afterwards
    const QString base = (kept.isEmpty() ? scratch.path() : kept) + "/" + name;
    QFile answers(base + ".answers.jsonl");
    QVERIFY(answers.open(QIODevice::WriteOnly));
    for (const QByteArray& line : cases.readAll().split('\n')) {
        const QJsonObject item = QJsonDocument::fromJson(line).object();
        if (!item.isEmpty())
            answers.write(QByteArray::fromStdString(answer(engine, item["id"].toString(), item["query"].toString())));
    }
    answers.close();
    QProcess referee;
    referee.setWorkingDirectory(folder);
    referee.setProcessChannelMode(QProcess::MergedChannels);
    referee.start(python, {"-B", folder + "/kql_score.py", "--cases", cases.fileName(), "--actual", answers.fileName(), "--show", "0", "--json", base + ".verdicts.jsonl"});
    QVERIFY(referee.waitForFinished(60'000));
    qInfo().noquote() << referee.readAll();
    QFile verdicts(base + ".verdicts.jsonl");
    QVERIFY(verdicts.open(QIODevice::ReadOnly));
    const QSet<QString> known = knownMisses();
    static const QSet<QString> kLater{"graph", "plugin"};
    QStringList lost;
    for (const QByteArray& line : verdicts.readAll().split('\n')) {
        const QJsonObject verdict = QJsonDocument::fromJson(line).object();
        if (verdict.isEmpty() || verdict["pass"].toBool() || kLater.contains(verdict["area"].toString()))
            continue;
        if (!known.contains(verdict["id"].toString()))
            lost << verdict["id"].toString() + ": " + verdict["why"].toString().left(200);
    }
    QVERIFY2(lost.isEmpty(), qPrintable(lost.join('\n')));
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::ConformanceTest)
#include "tst_conformance.moc"
