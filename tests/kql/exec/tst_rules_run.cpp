// SPDX-License-Identifier: GPL-3.0-or-later
// Published rules that bind must also run to their end, here over empty tables of their schemas. One in ten is run; all of them with
// TOCSIN_ALL_RULES set.
#include "catalog/MemoryTable.h"
#include "engine/LocalEngine.h"
#include "ingest/SchemaLibrary.h"
#include "kql/bind/Binder.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <map>
#include <simdjson.h>
#include <yaml-cpp/yaml.h>

namespace tocsin {

class TestRulesRun : public QObject {
    Q_OBJECT

private slots:
    void runToTheirEnd();
};

void TestRulesRun::runToTheirEnd()
{
    const QByteArray shared = qgetenv("TOCSIN_SHARED");
    const std::string folder = shared.isEmpty() ? std::string(TOCSIN_SOURCE_DIR "/../shared") : shared.toStdString();
    if (!std::filesystem::exists(folder + "/rules/sentinel/expected.jsonl"))
        QSKIP("no shared data");
    const auto library = ingest::SchemaLibrary::fromFolder(folder + "/schemas");
    QVERIFY(library.has_value());
    catalog::MemoryCatalog catalog("workspace");
    for (const std::string& name : library->names())
        catalog.add(std::make_shared<catalog::MemoryTable>(*library->find(name), std::vector<Batch>()));
    const kql::FunctionRegistry functions = kql::builtInFunctions();
    ThreadPool pool(2);
    SystemClock clock;
    Log log;
    engine::LocalEngine engine(catalog, functions, pool, clock, log);

    simdjson::dom::parser parser;
    simdjson::dom::document_stream lines;
    QVERIFY(!parser.load_many(folder + "/rules/sentinel/expected.jsonl", 4'000'000).get(lines));
    const int every = qEnvironmentVariableIsSet("TOCSIN_ALL_RULES") ? 1 : 10;
    int seen = 0, ran = 0;
    std::map<std::string, int> outcomes;
    QStringList failures;
    for (auto line : lines) {
        if (!bool(line["binds"]) || seen++ % every != 0)
            continue;
        const std::string file{std::string_view(line["file"])};
        engine::QueryRequest request;
        request.text = YAML::LoadFile(folder + "/rules/sentinel/" + file)["query"].as<std::string>();
        request.limits.time = 20 * kTicksPerSecond;
        if (!kql::bindQuery(request.text, **catalog.snapshot(), functions).ok())
            continue;
        ++ran;
        const engine::QueryAnswer answer = engine::runQuery(engine, std::move(request));
        if (answer.outcome.kind == engine::QueryOutcome::Kind::Done)
            continue;
        const Error& error = answer.outcome.errors.at(0);
        ++outcomes[std::string(error.code())];
        if (error.code() != "query.no_external_data") // there is no reader here, and the network is never read
            failures << QString::fromStdString(file + ": " + errorMessage(error));
    }
    qInfo("%d rules ran", ran);
    for (const auto& [code, count] : outcomes)
        qInfo("%4d  %s", count, code.c_str());
    QVERIFY(ran > 0);
    QVERIFY2(failures.isEmpty(), qPrintable(failures.join('\n')));
}

} // namespace tocsin

QTEST_GUILESS_MAIN(tocsin::TestRulesRun)
#include "tst_rules_run.moc"
