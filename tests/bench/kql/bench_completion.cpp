// SPDX-License-Identifier: GPL-3.0-or-later
// Completes at the border of every token of real queries and counts how often what really follows is offered.
//   bench_completion QUERIES SCHEMAS [--queries N] [--skip N] [--misses N] [--slow N]
// QUERIES: a file with one {"id","query"} a line, or a folder of rules (*.yaml with a `query`). SCHEMAS: a folder of <Table>.json. Prints shares and
// times, with the text cut at the border and whole; with --misses and --slow the first places that are missed, and the slowest.
#include "catalog/MemoryTable.h"
#include "ingest/SchemaLibrary.h"
#include "kql/services/LanguageServices.h"
#include "kql/services/TokenLookup.h"
#include "kql/syntax/Lexer.h"

#include <fmt/core.h>
#include <simdjson.h>

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>

using namespace tocsin;
using namespace tocsin::kql;
using services::CompletionItem;
using services::CompletionKind;

namespace {

enum class Verdict { Exact, Kind, Miss };

constexpr double kLimit = 10; // milliseconds of processor time for one call

/// Of this thread, so that what else the machine does is left out.
double processorMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Score {
    std::size_t exact = 0, kind = 0, miss = 0;
    std::vector<double> milliseconds;
    std::multimap<double, std::string> slow; ///< calls over the limit, with the text before

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

std::string endOf(std::string_view text, std::size_t end)
{
    const std::size_t from = end > 90 ? end - 90 : 0;
    std::string context(text.substr(from, end - from));
    std::replace(context.begin(), context.end(), '\n', ' ');
    return context;
}

void measure(const services::LanguageServices& language, const std::string& text, bool cut, Score& score, std::size_t& missesToPrint)
{
    const std::vector<Token> tokens = tokenize(text);
    for (const std::size_t index : services::significantTokens(tokens)) {
        const Token& token = tokens[index];
        const std::string_view seen = cut ? std::string_view(text).substr(0, token.span.start) : std::string_view(text);
        const double begin = processorMilliseconds();
        const services::Completions found = language.complete(seen, token.span.start);
        const double took = processorMilliseconds() - begin;
        score.milliseconds.push_back(took);
        if (took >= kLimit)
            score.slow.emplace(-took, fmt::format("{} bytes of {}: …{}", token.span.start, text.size(), endOf(text, token.span.start)));
        switch (judge(found.items, text, token)) {
        case Verdict::Exact: ++score.exact; break;
        case Verdict::Kind: ++score.kind; break;
        case Verdict::Miss:
            ++score.miss;
            if (missesToPrint > 0) {
                --missesToPrint;
                fmt::print("miss: …{} >>> {}\n", endOf(text, token.span.start), token.text(text));
            }
        }
    }
}

void print(const char* what, Score& score, std::size_t slowToPrint)
{
    std::sort(score.milliseconds.begin(), score.milliseconds.end());
    const auto at = [&](double share) { return score.milliseconds.empty() ? 0.0 : score.milliseconds[static_cast<std::size_t>(share * static_cast<double>(score.milliseconds.size() - 1))]; };
    const auto percent = [&](std::size_t count) { return score.all() ? 100.0 * static_cast<double>(count) / static_cast<double>(score.all()) : 0.0; };
    const auto calls = static_cast<double>(std::max<std::size_t>(1, score.milliseconds.size()));
    const double quick = 100 * (1 - static_cast<double>(score.slow.size()) / calls);
    fmt::print("{}: {} borders; offered {:.2f} % (itself {:.2f} %, its kind {:.2f} %), missed {}; ms p50 {:.2f}, p99 {:.2f}, worst {:.2f}, limit {:.0f}, ratio {:.2f}; {:.3f} % within, {} not\n", what, score.all(),
               percent(score.exact + score.kind), percent(score.exact), percent(score.kind), score.miss, at(0.5), at(0.99), at(1.0), kLimit, at(1.0) / kLimit, quick, score.slow.size());
    for (const auto& [took, place] : score.slow) {
        if (slowToPrint-- == 0)
            break;
        fmt::print("slow: {:.1f} ms {}\n", -took, place);
    }
}

std::vector<std::string> readTexts(const std::string& path)
{
    std::vector<std::string> texts;
    if (std::filesystem::is_directory(path)) {
        std::map<std::string, std::string> byName; // the order of a folder is not the same everywhere
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
            if (entry.path().extension() == ".yaml")
                if (const YAML::Node query = YAML::LoadFile(entry.path().string())["query"])
                    byName.emplace(entry.path().string(), query.as<std::string>());
        for (auto& [name, text] : byName)
            texts.push_back(std::move(text));
        return texts;
    }
    std::ifstream file(path);
    simdjson::dom::parser parser;
    for (std::string line; std::getline(file, line);) {
        std::string_view text;
        if (parser.parse(line)["query"].get(text) == simdjson::SUCCESS)
            texts.emplace_back(text);
    }
    return texts;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        fmt::print(stderr, "usage: bench_completion QUERIES SCHEMAS [--queries N] [--skip N] [--misses N] [--slow N]\n");
        return 2;
    }
    std::map<std::string_view, std::size_t> options{{"--queries", 200}, {"--skip", 0}, {"--misses", 0}, {"--slow", 0}};
    for (int i = 3; i + 1 < argc; i += 2)
        options[argv[i]] = std::stoul(argv[i + 1]);
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
    const std::vector<std::string> texts = readTexts(argv[1]);
    // Evenly over the file, so that all kinds of queries are met; --skip gives others.
    const std::size_t count = std::min(options["--queries"], texts.size());
    Score cut, whole;
    std::size_t silent = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string& text = texts[(i * texts.size() / count + options["--skip"]) % texts.size()];
        measure(language, text, true, cut, options["--misses"]);
        measure(language, text, false, whole, silent);
    }
    print("cut at the border", cut, options["--slow"]);
    print("with the rest of the text", whole, 0);
    return 0;
}
