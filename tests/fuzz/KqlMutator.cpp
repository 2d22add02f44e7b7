// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/KqlMutator.h"

#include "kql/syntax/Lexer.h"

#include <algorithm>
#include <array>
#include <vector>

namespace tocsin::fuzz {

namespace {

constexpr std::array kWords = std::to_array<std::string_view>(
    {"|", ";", ",", "(", ")", "[", "]", "{", "}", "=", "==", "!=", "..", ".", "*", "-", "+", ":", "=>", "=~", "!in", "in", "and", "or", "by", "on", "with", "let",
     "set", "declare", "query_parameters", "where", "extend", "project", "project-away", "project-rename", "project-reorder", "summarize", "join", "lookup",
     "union", "kind=inner", "mv-expand", "mv-apply", "parse", "parse-kv", "make-series", "partition", "fork", "facet", "scan", "step s:", "evaluate", "invoke",
     "find", "search", "print", "range x from 1 to 5 step 1", "datatable(a:int)[1]", "externaldata(a:string)['x']", "top", "top-nested", "sort", "asc", "nulls first",
     "count()", "dynamic({'a':[1]})", "datetime(2024-01-01)", "1d", "0x1F", "1e308", "'x'", "\"", "@'", "```", "h'y'", "['a b']", "$left.", "$right.", "toscalar(",
     "materialize(", "bag_unpack(d)", "pivot(s)", "typeof(long)", "to", "limit", "T", "U", "d.x[0]", "s", "l", "t", "between (1 .. 2)", "has_any", "matches regex",
     "make-graph s --> s with T on s", "graph-match (a)-[e*1..3]->(b)", "macro-expand entity_group [database('a')] as X (", "as A", "serialize", "render timechart",
     "999999999999999999999", "-", "\xC3\xA9", "\xFF", "\xE2\x80\x9C"});

using Pieces = std::vector<std::string>;

void insertWord(Pieces& pieces, std::size_t at, std::minstd_rand& random) { pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(at), " " + std::string(kWords[random() % kWords.size()]) + " "); }

/// A stretch of the text put in again somewhere, or put in parentheses.
void repeat(Pieces& pieces, std::size_t at, std::minstd_rand& random)
{
    const std::size_t length = std::min<std::size_t>(1 + random() % 12, pieces.size() - at);
    const Pieces part(pieces.begin() + static_cast<std::ptrdiff_t>(at), pieces.begin() + static_cast<std::ptrdiff_t>(at + length));
    if (random() % 2) {
        pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(random() % (pieces.size() + 1)), part.begin(), part.end());
    } else {
        pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(at + length), ")");
        pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(at), "(");
    }
}

void mutateOnce(Pieces& pieces, std::minstd_rand& random)
{
    if (pieces.empty())
        return insertWord(pieces, 0, random);
    const std::size_t at = random() % pieces.size();
    const std::size_t other = random() % pieces.size();
    switch (random() % 8) {
    case 0: pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(at)); return;
    case 1: {
        const std::string twice = pieces[at];
        pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(at), twice);
        return;
    }
    case 2: std::swap(pieces[at], pieces[other]); return;
    case 3: pieces[at] = kWords[random() % kWords.size()]; return;
    case 4: return repeat(pieces, at, random);
    case 5:
        if (!pieces[at].empty())
            pieces[at][random() % pieces[at].size()] = static_cast<char>(random() % 256);
        return;
    case 6: pieces.resize(at); return;
    default: return insertWord(pieces, at, random);
    }
}

} // namespace

std::string mutateKql(std::string_view text, std::minstd_rand& random)
{
    Pieces pieces;
    for (const kql::Token& token : kql::tokenize(text))
        pieces.emplace_back(token.text(text));
    for (std::uint32_t i = 0, count = 1 + random() % 4; i < count; ++i)
        mutateOnce(pieces, random);
    std::string out;
    for (const std::string& piece : pieces)
        out += piece;
    return out;
}

} // namespace tocsin::fuzz
