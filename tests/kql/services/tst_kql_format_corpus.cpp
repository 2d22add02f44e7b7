// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Error.h"
#include "kql/services/Format.h"
#include "kql/syntax/Lexer.h"
#include "kql/syntax/SyntaxTree.h"

#include <QTest>
#include <filesystem>
#include <fstream>
#include <random>
#include <simdjson.h>
#include <yaml-cpp/yaml.h>

using namespace tocsin;
using namespace tocsin::kql;

/// Published queries and our own rules: formatting keeps every token, and formatting again changes nothing.
class TestKqlFormatCorpus : public QObject {
    Q_OBJECT
    std::vector<std::pair<std::string, std::string>> m_texts;

    static std::string shared()
    {
        const QByteArray folder = qgetenv("TOCSIN_SHARED");
        return folder.isEmpty() ? std::string(TOCSIN_SOURCE_DIR "/../shared") : folder.toStdString();
    }
    static std::vector<std::string> pieces(std::string_view text)
    {
        std::vector<std::string> out;
        for (const Token& token : tokenize(text))
            if (token.kind != TokenKind::Whitespace)
                out.emplace_back(token.text(text));
        return out;
    }
    void addJsonLines(const std::string& file)
    {
        simdjson::dom::parser parser;
        simdjson::dom::document_stream lines;
        if (parser.load_many(shared() + "/conformance/" + file, 4'000'000).get(lines))
            return;
        for (auto line : lines)
            m_texts.emplace_back(file + " " + std::string(std::string_view(line["id"])), std::string(std::string_view(line["query"])));
    }
    void addRules(const std::string& folder)
    {
        if (!std::filesystem::exists(folder))
            return;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.path().extension() != ".yaml")
                continue;
            const YAML::Node query = YAML::LoadFile(entry.path().string())["query"];
            if (query)
                m_texts.emplace_back(entry.path().filename().string(), query.as<std::string>());
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const char* file : {"rules.dev.jsonl", "docs.dev.jsonl", "docs-stormevents.dev.jsonl", "kustoloco.dev.jsonl", "rules-rejected.dev.jsonl"})
            addJsonLines(file);
        addRules(shared() + "/rules/sentinel");
        addRules(TOCSIN_SOURCE_DIR "/resources/rules");
        QVERIFY(!m_texts.empty());
        std::sort(m_texts.begin(), m_texts.end());
    }
    void keepsTokensAndIsIdempotent()
    {
        int changed = 0, parsing = 0, broken = 0, longLines = 0;
        std::size_t bytes = 0;
        for (const auto& [id, text] : m_texts) {
            const std::string once = services::formatQuery(text);
            bytes += text.size();
            QVERIFY2(pieces(once) == pieces(text), id.c_str());
            const std::string twice = services::formatQuery(once);
            if (twice != once) {
                std::size_t at = 0;
                while (at < once.size() && at < twice.size() && once[at] == twice[at])
                    ++at;
                at = at > 120 ? at - 120 : 0;
                qInfo("%s changes again:\n%s\n---- becomes\n%s", id.c_str(), once.substr(at, 400).c_str(), twice.substr(at, 400).c_str());
                ++broken;
            }
            changed += once != text ? 1 : 0;
            const bool parses = parseQuery(text)->errors().empty();
            parsing += parses ? 1 : 0;
            QVERIFY2(parseQuery(once)->errors().empty() == parses, (id + "\n" + once).c_str());
            std::size_t start = 0;
            for (std::size_t end = once.find('\n'); end != std::string::npos; start = end + 1, end = once.find('\n', start))
                longLines += end - start > 120 ? 1 : 0;
        }
        qInfo("%zu texts (%zu bytes), %d parse, %d changed by formatting, %d not idempotent, %d lines over 120", m_texts.size(), bytes, parsing, changed, broken, longLines);
        QCOMPARE(broken, 0);
    }
    /// Comments wherever there is white space, and the line ends of Windows.
    void oddCommentsAndLineEndsStay()
    {
        std::mt19937 random(20260302);
        int parsing = 0, changing = 0;
        for (std::size_t i = 0; i < m_texts.size(); i += 3) {
            const std::string& source = m_texts[i].second;
            if (source.size() > 6000)
                continue;
            std::string text;
            for (const Token& token : tokenize(source)) {
                std::string piece(token.text(source));
                if (token.kind == TokenKind::Whitespace && random() % 6 == 0)
                    piece += "// odd " + std::to_string(random() % 100) + (random() % 2 ? "\n" : " \n\t");
                text += piece;
            }
            if (i % 2) {
                std::string windows;
                for (const char c : text) {
                    if (c == '\n' && (windows.empty() || windows.back() != '\r'))
                        windows += '\r';
                    windows += c;
                }
                text = std::move(windows);
            }
            parsing += parseQuery(text)->errors().empty() ? 1 : 0;
            const std::string once = services::formatQuery(text);
            QVERIFY2(pieces(once) == pieces(text), (m_texts[i].first + "\n" + text).c_str());
            if (services::formatQuery(once) != once) {
                ++changing;
                qInfo("%s changes again:\n%s", m_texts[i].first.c_str(), text.c_str());
            }
            if (text.find("\r\n") != std::string::npos)
                for (std::size_t at = once.find('\n'); at != std::string::npos; at = once.find('\n', at + 1))
                    QVERIFY2(at > 0 && once[at - 1] == '\r', once.c_str());
        }
        qInfo("%d of them parse", parsing);
        QCOMPARE(changing, 0);
    }
    void mutatedTextsAreNeverDamaged()
    {
        std::mt19937 random(20260301);
        const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % std::max<std::size_t>(n, 1); };
        constexpr std::string_view kBits = "|;(){}[],.\"'`\\/ \n\tabc09=<>!~-+*:@#\xC3\xA9";
        for (int i = 0; i < 1500; ++i) {
            std::string text = m_texts[below(m_texts.size())].second.substr(0, 4000);
            for (std::size_t change = 0, count = 1 + below(6); change < count && !text.empty(); ++change) {
                const std::size_t at = below(text.size());
                if (const std::size_t how = below(3); how == 0)
                    text.erase(at, 1 + below(20));
                else if (how == 1)
                    text.insert(at, 1, kBits[below(kBits.size())]);
                else
                    text.insert(at, text.substr(below(text.size()), below(40)));
            }
            const std::string out = services::formatQuery(text);
            QVERIFY2(pieces(out) == pieces(text), text.c_str());
            const std::string again = services::formatQuery(out);
            QVERIFY2(pieces(again) == pieces(text), text.c_str());
            if (const auto edit = services::formatSelection(text, {below(text.size()), below(200)}))
                QVERIFY2(pieces(services::applyEdits(text, {*edit})) == pieces(text), text.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestKqlFormatCorpus)
#include "tst_kql_format_corpus.moc"
