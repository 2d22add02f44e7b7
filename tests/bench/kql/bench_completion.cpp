// SPDX-License-Identifier: GPL-3.0-or-later
// Completes at the border of every token of real queries and counts how often what really follows is offered.
//   bench_completion QUERIES.jsonl SCHEMAS [--queries N] [--misses N]
// QUERIES.jsonl: one {"id","query"} a line; SCHEMAS: a folder of <Table>.json. Prints shares and times, with the text cut at the border and whole.
#include "catalog/MemoryTable.h"
#include "ingest/SchemaLibrary.h"
#include "kql/services/LanguageServices.h"
#include "kql/services/TokenLookup.h"
#include "kql/syntax/Lexer.h"

#include <fmt/core.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <fstream>

using namespace tocsin;
using namespace tocsin::kql;
using services::CompletionItem;
using services::CompletionKind;

namespace {

enum class Verdict { Exact, Kind, Miss };

struct Score {
    std::size_t exact = 0, kind = 0, miss = 0;
    std::vector<double> milliseconds;

    std::size_t all() const { return exact + kind + miss; }
};

bool offers(const std::vector<CompletionItem>& items, CompletionKind kind)
{
    return std::any_of(items.begin(), items.end(), [&](const CompletionItem& item) { return item.kind == kind; });
}

/// The label itself, or its first word (`nulls first`), or a bracketed name.
bool isLabel(const CompletionItem& item, std::string_view token)
{
    const std::string_view label = item.label;
    return item.kind != CompletionKind::Name && (label == token || item.insert == token ||
                                                 (label.size() > token.size() && label.starts_with(token) && (label[token.size()] == ' ' || label[token.size()] == '.')));
}

Verdict judge(const std::vector<CompletionItem>& items, std::string_view text, const Token& token)
{
    const std::string_view word = token.text(text);
    for (const CompletionItem& item : items)
        if (isLabel(item, word))
            return Verdict::Exact;
    switch (token.kind) {
    case TokenKind::String: case TokenKind::Long: case TokenKind::Real: case TokenKind::TimeSpan: case TokenKind::TypedLiteral:
        return offers(items, CompletionKind::Literal) || offers(items, CompletionKind::Value) ? Verdict::Kind : Verdict::Miss;
    case TokenKind::Identifier: {
        // A name that is new to the query cannot be known.
        const std::vector<Token> before = tokenize(text.substr(0, token.span.start));
        const bool isNew = std::none_of(before.begin(), before.end(), [&](const Token& t) { return t.text(text) == word; });
        return isNew && offers(items, CompletionKind::Name) ? Verdict::Kind : Verdict::Miss;
    }
    default: return Verdict::Miss;
    }
}

void measure(const services::LanguageServices& language, const std::string& text, bool cut, Score& score, std::size_t& missesToPrint)
{
    const std::vector<Token> tokens = tokenize(text);
    for (const std::size_t index : services::significantTokens(tokens)) {
        const Token& token = tokens[index];
        const std::string_view seen = cut ? std::string_view(text).substr(0, token.span.start) : std::string_view(text);
        const auto begin = std::chrono::steady_clock::now();
        const services::Completions found = language.complete(seen, token.span.start);
        score.milliseconds.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
        switch (judge(found.items, text, token)) {
        case Verdict::Exact: ++score.exact; break;
        case Verdict::Kind: ++score.kind; break;
        case Verdict::Miss:
            ++score.miss;
            if (missesToPrint > 0) {
                --missesToPrint;
                const std::size_t from = token.span.start > 90 ? token.span.start - 90 : 0;
                std::string context = text.substr(from, token.span.start - from);
                std::replace(context.begin(), context.end(), '\n', ' ');
                fmt::print("miss: …{} >>> {}\n", context, token.text(text));
            }
        }
    }
}

void print(const char* what, Score& score)
{
    std::sort(score.milliseconds.begin(), score.milliseconds.end());
    const auto at = [&](double share) { return score.milliseconds.empty() ? 0.0 : score.milliseconds[static_cast<std::size_t>(share * static_cast<double>(score.milliseconds.size() - 1))]; };
    const auto percent = [&](std::size_t count) { return score.all() ? 100.0 * static_cast<double>(count) / static_cast<double>(score.all()) : 0.0; };
    const auto slow = std::count_if(score.milliseconds.begin(), score.milliseconds.end(), [](double ms) { return ms >= 10; });
    fmt::print("{}: {} borders; offered {:.2f} % (itself {:.2f} %, its kind {:.2f} %), missed {}; ms median {:.2f}, 99 % {:.2f}, most {:.2f}; {} of 10 ms and more\n", what, score.all(),
               percent(score.exact + score.kind), percent(score.exact), percent(score.kind), score.miss, at(0.5), at(0.99), at(1.0), slow);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        fmt::print(stderr, "usage: bench_completion QUERIES.jsonl SCHEMAS [--queries N] [--misses N]\n");
        return 2;
    }
    std::size_t queries = 200, misses = 0;
    for (int i = 3; i + 1 < argc; i += 2)
        (std::string_view(argv[i]) == "--queries" ? queries : misses) = std::stoul(argv[i + 1]);
    const auto schemas = ingest::SchemaLibrary::fromFolder(argv[2]);
    if (!schemas) {
        fmt::print(stderr, "{}\n", errorMessage(schemas.error()));
        return 3;
    }
    catalog::MemoryCatalog tables("tocsin");
    for (const std::string& name : schemas->names())
        tables.add(std::make_shared<catalog::MemoryTable>(*schemas->find(name), std::vector<Batch>{}));
    const FunctionRegistry functions = builtInFunctions();
    const services::LanguageServices language(*tables.snapshot(), functions);
    std::vector<std::string> texts;
    std::ifstream file(argv[1]);
    simdjson::dom::parser parser;
    for (std::string line; std::getline(file, line);) {
        std::string_view text;
        if (parser.parse(line)["query"].get(text) == simdjson::SUCCESS)
            texts.emplace_back(text);
    }
    // Evenly over the file, so that all kinds of queries are met.
    const std::size_t count = std::min(queries, texts.size());
    Score cut, whole;
    std::size_t silent = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string& text = texts[i * texts.size() / count];
        measure(language, text, true, cut, misses);
        measure(language, text, false, whole, silent);
    }
    print("cut at the border", cut);
    print("with the rest of the text", whole);
    return 0;
}
