// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/SyntaxTree.h"

#include <QTest>
#include <filesystem>
#include <simdjson.h>

using namespace tocsin;
using namespace tocsin::kql;

/// Published queries: Microsoft's parser accepts or rejects them, and so should this one.
class TestKqlCorpus : public QObject {
    Q_OBJECT
    static std::string folder()
    {
        const QByteArray shared = qgetenv("TOCSIN_SHARED");
        return (shared.isEmpty() ? std::string(TOCSIN_SOURCE_DIR "/../shared") : shared.toStdString()) + "/conformance/";
    }

private Q_SLOTS:
    void corpus_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("valid");
        QTest::addColumn<double>("least");
        QTest::newRow("rules") << "rules.dev.jsonl" << true << 1.0;
        QTest::newRow("docs") << "docs.dev.jsonl" << true << 1.0;
        QTest::newRow("stormevents") << "docs-stormevents.dev.jsonl" << true << 1.0;
        QTest::newRow("kustoloco") << "kustoloco.dev.jsonl" << true << 1.0;
        QTest::newRow("rejected") << "rules-rejected.dev.jsonl" << false << 0.95;
    }
    void corpus()
    {
        QFETCH(QString, file);
        QFETCH(bool, valid);
        QFETCH(double, least);
        const std::string path = folder() + file.toStdString();
        if (!std::filesystem::exists(path))
            QSKIP("no conformance data");
        simdjson::dom::parser parser;
        simdjson::dom::document_stream lines;
        QVERIFY(!parser.load_many(path, 4'000'000).get(lines));
        int total = 0, right = 0;
        for (auto line : lines) {
            const std::string query{std::string_view(line["query"])};
            const auto tree = parseQuery(query);
            ++total;
            if (tree->errors().empty() == valid) {
                ++right;
                continue;
            }
            const std::string id{std::string_view(line["id"])};
            const std::string why = tree->errors().empty() ? "accepted" : errorMessage(tree->errors().front());
            const std::size_t at = tree->errors().empty() ? 0 : tree->errors().front().span->start;
            qInfo("%s: %s near: %s", id.c_str(), why.c_str(), query.substr(at > 40 ? at - 40 : 0, 80).c_str());
        }
        qInfo("%s: %d of %d (%.2f %%)", qPrintable(file), right, total, 100.0 * right / total);
        QVERIFY(right >= least * total);
    }
};

QTEST_GUILESS_MAIN(TestKqlCorpus)
#include "tst_kql_corpus.moc"
