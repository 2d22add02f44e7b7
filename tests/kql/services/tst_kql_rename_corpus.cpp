// SPDX-License-Identifier: GPL-3.0-or-later
// Every name that published queries define gets another one: the query must still bind and lose no column. (One more comes up where the old name took the place of another column.)
#include "catalog/MemoryTable.h"
#include "ingest/SchemaLibrary.h"
#include "kql/bind/Binder.h"
#include "kql/services/Navigation.h"

#include <QTest>
#include <fstream>
#include <map>
#include <simdjson.h>

using namespace tocsin;
using namespace tocsin::kql;
using namespace tocsin::kql::services;

class TestKqlRenameCorpus : public QObject {
    Q_OBJECT
    FunctionRegistry m_functions = builtInFunctions();
    catalog::MemoryCatalog m_catalog{"rules"};
    std::shared_ptr<const catalog::Snapshot> m_snapshot;
    SymbolContext m_context;
    std::vector<std::string> m_texts;

    static std::string shared()
    {
        const QByteArray folder = qgetenv("TOCSIN_SHARED");
        return folder.isEmpty() ? std::string(TOCSIN_SOURCE_DIR "/../shared") : folder.toStdString();
    }
    std::vector<std::string> columns(const BoundQuery& query) const
    {
        std::vector<std::string> names;
        for (const BoundResult& result : query.results)
            for (const PlanColumn& column : result.plan->columns)
                names.push_back(column.name);
        return names;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto schemas = ingest::SchemaLibrary::fromFolder(shared() + "/schemas");
        if (!schemas)
            QSKIP("no schemas here");
        for (const std::string& name : schemas->names())
            m_catalog.add(std::make_shared<catalog::MemoryTable>(*schemas->find(name), std::vector<Batch>{}));
        m_snapshot = *m_catalog.snapshot();
        m_context.functions = &m_functions;
        m_context.columnsOf = [this](std::string_view name) -> std::optional<std::vector<std::string>> {
            const auto table = m_snapshot->findTable(name);
            if (!table)
                return std::nullopt;
            std::vector<std::string> names;
            for (const auto& column : table->schema().columns)
                names.push_back(column.name);
            return names;
        };
        std::ifstream file(shared() + "/conformance/rules.dev.jsonl");
        simdjson::dom::parser parser;
        for (std::string line; std::getline(file, line);) {
            std::string_view text;
            if (parser.parse(line)["query"].get(text) == simdjson::SUCCESS && text.size() < 4000)
                m_texts.emplace_back(text);
        }
        QVERIFY(!m_texts.empty());
    }

    void namesCanBeChanged()
    {
        int names = 0, renamed = 0, wrong = 0;
        std::map<std::string, int> refusals;
        for (std::size_t i = 0; i < m_texts.size(); i += 12) {
            const std::string& text = m_texts[i];
            const BoundQuery before = bindQuery(text, *m_snapshot, m_functions);
            if (!before.ok())
                continue;
            const auto tree = parseQuery(text);
            for (const SymbolUse& use : resolveSymbols(*tree, m_context).uses) {
                if (!use.definition)
                    continue;
                ++names;
                const auto edits = renameSymbol(text, use.span.start, "Fresh9", m_context);
                if (!edits) {
                    ++refusals[std::string(edits.error().code())];
                    if (qEnvironmentVariableIsSet("TOCSIN_SHOW"))
                        qInfo("refused: %s\n%s\n", errorMessage(edits.error()).c_str(), text.c_str());
                    continue;
                }
                ++renamed;
                const std::string after = applyEdits(text, *edits);
                const BoundQuery bound = bindQuery(after, *m_snapshot, m_functions);
                if (!bound.ok() || columns(bound).size() < columns(before).size()) {
                    ++wrong;
                    qInfo("%s: %s\n%s", text.substr(use.span.start, use.span.length).c_str(), bound.errors.empty() ? "fewer columns" : errorMessage(bound.errors[0]).c_str(), after.c_str());
                }
            }
        }
        for (const auto& [code, count] : refusals)
            qInfo("%s: %d", code.c_str(), count);
        qInfo("%d of %d names renamed, %d wrong", renamed, names, wrong);
        QCOMPARE(wrong, 0);
        QVERIFY(renamed * 100 >= names * 90);
    }
};

QTEST_GUILESS_MAIN(TestKqlRenameCorpus)
#include "tst_kql_rename_corpus.moc"
