// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/MemoryTable.h"
#include "ingest/SchemaLibrary.h"
#include "kql/bind/Binder.h"

#include <QTest>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <simdjson.h>
#include <yaml-cpp/yaml.h>

using namespace tocsin;
using namespace tocsin::kql;

/// Published rules and documentation examples: the result columns must be those that Microsoft's binder infers.
class TestKqlBindCorpus : public QObject {
    Q_OBJECT
    std::shared_ptr<const catalog::Snapshot> m_snapshot;
    FunctionRegistry m_functions = builtInFunctions();
    static std::string folder()
    {
        const QByteArray shared = qgetenv("TOCSIN_SHARED");
        return shared.isEmpty() ? std::string(TOCSIN_SOURCE_DIR "/../shared") : shared.toStdString();
    }
    static std::string columnsOf(const BoundQuery& query)
    {
        std::string out;
        if (!query.results.empty())
            for (const PlanColumn& column : query.results.back().plan->columns)
                out += column.name + ":" + std::string(typeName(column.type)) + " ";
        return out;
    }
    /// Files in the first column of the list, the reasons stand in the second.
    static std::set<std::string> knownMisses()
    {
        std::set<std::string> files;
        std::ifstream list(TOCSIN_SOURCE_DIR "/tests/conformance/binder-misses.tsv");
        for (std::string line; std::getline(list, line);)
            if (!line.empty() && line[0] != '#')
                files.insert(line.substr(0, line.find('\t')));
        return files;
    }
    /// Prints the most frequent reasons for queries that do not bind.
    static void summary(const char* what, int total, int bound, int columns, const std::map<std::string, int>& reasons)
    {
        qInfo("%s: %d queries, %d bind (%.1f %%), %d with the expected columns (%.1f %%)", what, total, bound, 100.0 * bound / total, columns, 100.0 * columns / total);
        std::vector<std::pair<int, std::string>> sorted;
        for (const auto& [reason, count] : reasons)
            sorted.emplace_back(count, reason);
        std::sort(sorted.rbegin(), sorted.rend());
        const int limit = qEnvironmentVariableIntValue("TOCSIN_SHOW");
        for (int i = 0; i < limit && i < static_cast<int>(sorted.size()); ++i)
            qInfo("%5d  %s", sorted[static_cast<std::size_t>(i)].first, sorted[static_cast<std::size_t>(i)].second.c_str());
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!std::filesystem::exists(folder() + "/rules/sentinel/expected.jsonl"))
            QSKIP("no shared data");
        const auto library = ingest::SchemaLibrary::fromFolder(folder() + "/schemas");
        QVERIFY(library.has_value());
        catalog::MemoryCatalog catalog("workspace");
        for (const std::string& name : library->names())
            catalog.add(std::make_shared<catalog::MemoryTable>(*library->find(name), std::vector<Batch>()));
        m_snapshot = *catalog.snapshot();
    }

    void rules()
    {
        if (!m_snapshot)
            QSKIP("no shared data");
        std::map<std::string, std::string> needs;
        std::ifstream index(folder() + "/rules/sentinel/index.tsv");
        for (std::string line; std::getline(index, line);) {
            std::vector<std::string> fields(1);
            for (const char c : line)
                if (c == '\t')
                    fields.emplace_back();
                else
                    fields.back() += c;
            if (fields.size() > 9)
                needs[fields[0]] = fields[9];
        }
        simdjson::dom::parser parser;
        simdjson::dom::document_stream lines;
        QVERIFY(!parser.load_many(folder() + "/rules/sentinel/expected.jsonl", 4'000'000).get(lines));
        struct Score {
            int total = 0, bound = 0, columns = 0;
        };
        std::map<std::string, Score> scores;
        std::map<std::string, int> reasons;
        const std::set<std::string> known = knownMisses();
        QStringList news, mended;
        int faulty = 0, faultyRefused = 0;
        for (auto line : lines) {
            const std::string file{std::string_view(line["file"])};
            if (!bool(line["binds"])) {
                const std::string query = YAML::LoadFile(folder() + "/rules/sentinel/" + file)["query"].as<std::string>();
                const bool refused = !bindQuery(query, *m_snapshot, m_functions).ok();
                ++faulty;
                faultyRefused += refused;
                if (!refused && !known.contains(file))
                    news << QString::fromStdString(file);
                else if (refused && known.contains(file))
                    mended << QString::fromStdString(file);
                continue;
            }
            const std::string query = YAML::LoadFile(folder() + "/rules/sentinel/" + file)["query"].as<std::string>();
            std::string expected;
            for (auto column : line["columns"].get_array())
                expected += std::string(std::string_view(column.at(0))) + ":" + std::string(std::string_view(column.at(1))) + " ";
            const BoundQuery boundQuery = bindQuery(query, *m_snapshot, m_functions);
            Score& score = scores[needs[file]];
            ++score.total;
            const bool open = bool(line["open"]);
            const bool right = boundQuery.ok() && (open || columnsOf(boundQuery) == expected);
            if (right == known.contains(file))
                (right ? mended : news) << QString::fromStdString(file);
            if (!boundQuery.ok()) {
                std::string message = errorMessage(boundQuery.errors.front());
                ++reasons[message.substr(0, 110)];
                if (qEnvironmentVariableIsSet("TOCSIN_SHOW_FILES"))
                    qInfo("%s @%zu: %s", file.c_str(), boundQuery.errors.front().span->start, message.c_str());
                continue;
            }
            ++score.bound;
            const std::string actual = columnsOf(boundQuery);
            if (open || actual == expected)
                ++score.columns;
            else if (qEnvironmentVariableIsSet("TOCSIN_SHOW_FILES")) {
                std::size_t at = 0;
                while (at < actual.size() && at < expected.size() && actual[at] == expected[at])
                    ++at;
                at = at > 30 ? at - 30 : 0;
                qInfo("%s\n   expected …%s\n   actual   …%s", file.c_str(), expected.substr(at, 120).c_str(), actual.substr(at, 120).c_str());
            }
        }
        Score all;
        for (const auto& [need, score] : scores) {
            qInfo("%-14s %4d rules, %4d bind, %4d with the expected columns (%.1f %%)", need.c_str(), score.total, score.bound, score.columns, 100.0 * score.columns / score.total);
            all.total += score.total;
            all.bound += score.bound;
            all.columns += score.columns;
        }
        summary("rules", all.total, all.bound, all.columns, reasons);
        qInfo("%d of %d rules that do not bind against today's tables are refused", faultyRefused, faulty);
        QVERIFY(100.0 * scores["native"].columns / scores["native"].total >= kNativeFloor);
        QVERIFY(100.0 * all.columns / all.total >= kAllFloor);
        QVERIFY2(news.isEmpty(), qPrintable("not in tests/conformance/binder-misses.tsv: " + news.join(", ")));
        QVERIFY2(mended.isEmpty(), qPrintable("right again, take out of tests/conformance/binder-misses.tsv: " + mended.join(", ")));
    }

    void documentation()
    {
        if (!m_snapshot)
            QSKIP("no shared data");
        simdjson::dom::parser parser;
        simdjson::dom::document_stream lines;
        QVERIFY(!parser.load_many(folder() + "/conformance/docs.dev.jsonl", 4'000'000).get(lines));
        int total = 0, bound = 0, columns = 0;
        std::map<std::string, int> reasons;
        for (auto line : lines) {
            const BoundQuery boundQuery = bindQuery(std::string_view(line["query"]), *m_snapshot, m_functions);
            ++total;
            std::string expected;
            auto types = line["types"].get_array();
            std::size_t i = 0;
            bool open = false;
            for (auto column : line["columns"].get_array()) {
                const std::string_view type = i < types.size() ? std::string_view(types.at(i)) : std::string_view("unknown");
                open = open || type == "unknown";
                expected += std::string(std::string_view(column)) + ":" + std::string(type) + " ";
                ++i;
            }
            if (!boundQuery.ok()) {
                ++reasons[errorMessage(boundQuery.errors.front()).substr(0, 110)];
                if (qEnvironmentVariableIsSet("TOCSIN_SHOW_FILES"))
                    qInfo("%s: %s", std::string(std::string_view(line["id"])).c_str(), errorMessage(boundQuery.errors.front()).c_str());
                continue;
            }
            ++bound;
            const std::string actual = columnsOf(boundQuery);
            if (open || actual == expected)
                ++columns;
            else if (qEnvironmentVariableIsSet("TOCSIN_SHOW_FILES"))
                qInfo("%s\n   expected %s\n   actual   %s", std::string(std::string_view(line["id"])).c_str(), expected.c_str(), actual.c_str());
        }
        summary("documentation", total, bound, columns, reasons);
        QVERIFY(100.0 * columns / total >= kDocumentationFloor);
    }

private:
    // What has been reached; never to be lowered.
    static constexpr double kNativeFloor = 99.6;
    static constexpr double kAllFloor = 99.8;
    static constexpr double kDocumentationFloor = 99.0;
};

QTEST_GUILESS_MAIN(TestKqlBindCorpus)
#include "tst_kql_bind_corpus.moc"
