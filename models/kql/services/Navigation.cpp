// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/Navigation.h"

#include "kql/services/Statement.h"
#include "kql/syntax/Literals.h"

#include <algorithm>
#include <array>
#include <map>

namespace tocsin::kql::services {

namespace {

/// Words that would be read as part of the language where a name stands.
constexpr std::array kReserved = {"and", "or", "by", "on", "in", "has", "has_any", "has_all", "has_cs", "contains", "contains_cs", "startswith", "endswith", "matches",
                                  "between", "let", "set", "declare", "alias", "restrict", "where", "extend", "project", "summarize", "print", "range", "union", "search", "find", "evaluate",
                                  "asc", "desc", "nulls", "first", "last", "from", "to", "step", "with", "of", "limit", "default", "true", "false", "typeof", "datatable", "externaldata",
                                  "dynamic", "datetime", "timespan", "time", "date", "real", "double", "decimal", "guid", "bool", "boolean", "int", "long", "string", "like", "hasprefix",
                                  "hassuffix", "count", "kind", "view", "as"};

QuerySymbols symbolsOf(std::string_view text, const SymbolContext& context) { return resolveSymbols(*parseQuery(std::string(text)), context); }

/// Whether two uses of the same texts belong together in both texts alike: same classes of the same places.
bool sameMeaning(const QuerySymbols& before, const QuerySymbols& after)
{
    if (before.uses.size() != after.uses.size() || before.unknown.size() != after.unknown.size())
        return false;
    std::map<std::size_t, std::size_t> forth, back;
    for (std::size_t i = 0; i < before.uses.size(); ++i) {
        const SymbolUse &a = before.uses[i], &b = after.uses[i];
        if (a.definition != b.definition || forth.try_emplace(a.symbol, b.symbol).first->second != b.symbol || back.try_emplace(b.symbol, a.symbol).first->second != a.symbol)
            return false;
        const QuerySymbol &x = before.symbols[a.symbol], &y = after.symbols[b.symbol];
        if (x.kind != y.kind || x.hidesColumn != y.hidesColumn)
            return false;
    }
    return true;
}

/// `old` as a part between underscores of a name the language made: count_old, old_x, old1.
bool madeOf(std::string_view name, std::string_view old)
{
    for (std::size_t at = name.find(old); at != std::string_view::npos; at = name.find(old, at + 1)) {
        const bool begins = at == 0 || name[at - 1] == '_';
        const char next = at + old.size() < name.size() ? name[at + old.size()] : '_';
        if (begins && (next == '_' || (next >= '0' && next <= '9')))
            return true;
    }
    return false;
}

} // namespace

std::string writtenName(std::string_view name)
{
    const bool reserved = std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
    return reserved ? "['" + std::string(name) + "']" : encodeName(name);
}

SourceSpan queryAround(std::string_view document, std::size_t position)
{
    SourceSpan best;
    for (const QueryBlock& block : runnableBlocks(document)) {
        if (best.length > 0 && block.span.start > position)
            break;
        best = block.span;
        if (position <= block.span.end())
            break;
    }
    return best;
}

std::optional<SymbolAt> symbolAt(std::string_view document, std::size_t position, const SymbolContext& context)
{
    const SourceSpan query = queryAround(document, position);
    if (query.length == 0 || position < query.start || position > query.end())
        return std::nullopt;
    const QuerySymbols all = symbolsOf(document.substr(query.start, query.length), context);
    const SymbolUse* here = all.at(position - query.start);
    if (!here)
        return std::nullopt;
    const auto moved = [&](SourceSpan span) { return SourceSpan{span.start + query.start, span.length}; };
    SymbolAt out{all.symbols[here->symbol], moved(here->span), {}};
    if (out.symbol.definition)
        out.symbol.definition = moved(*out.symbol.definition);
    if (out.symbol.body)
        out.symbol.body = moved(*out.symbol.body);
    for (const SymbolUse& use : all.uses)
        if (use.symbol == here->symbol && (out.references.empty() || out.references.back().span != moved(use.span)))
            out.references.push_back({moved(use.span), use.definition});
    return out;
}

Result<std::vector<TextEdit>> renameSymbol(std::string_view document, std::size_t position, std::string_view name, const SymbolContext& context)
{
    if (name.empty())
        return fail(kEmptyName);
    const SourceSpan query = queryAround(document, position);
    const std::string text(document.substr(std::min(query.start, document.size()), query.length));
    const auto tree = parseQuery(text);
    if (!tree->errors().empty())
        return std::unexpected(makeError(kBrokenStatement, errorMessage(tree->errors().front())).at({query.start + tree->errors().front().span->start, 1}));
    const QuerySymbols before = resolveSymbols(*tree, context);
    const SymbolUse* here = position < query.start ? nullptr : before.at(position - query.start);
    if (!here)
        return fail(kNoSymbol);
    const std::size_t id = here->symbol;
    const QuerySymbol& symbol = before.symbols[id];
    if (symbol.kind == SymbolKind::SourceTable)
        return fail(kNotRenamable, symbol.name, "it is a table, not a name of this query");
    if (symbol.kind == SymbolKind::SourceColumn)
        return fail(kNotRenamable, symbol.name, "it is a column of the table " + symbol.table);
    if (!symbol.table.empty())
        return fail(kNotRenamable, symbol.name, "it is also a column of the table " + symbol.table);
    if (!symbol.definition)
        return fail(kNotRenamable, symbol.name, "the language named it after an expression");
    if (symbol.name == name)
        return std::vector<TextEdit>();
    for (const auto& [unknown, span] : before.unknown)
        if (madeOf(unknown, symbol.name))
            return fail(kNotRenamable, symbol.name, "'" + unknown + "' seems to be named after it");

    const std::string written = writtenName(name);
    std::vector<TextEdit> edits;
    for (const SymbolUse& use : before.uses) {
        if (use.symbol != id)
            continue;
        std::string replacement = use.form == SymbolUse::Form::Text ? encodeString(name) : written;
        if (use.form == SymbolUse::Form::JoinKey) {
            // Of a key that both sides share only one may change: then each side must be named.
            const auto other = std::find_if(before.uses.begin(), before.uses.end(), [&](const SymbolUse& u) { return u.span == use.span && u.symbol != id; });
            if (other != before.uses.end()) {
                const std::string old(tree->textOf(use.span));
                replacement = use.right ? "$left." + old + " == $right." + written : "$left." + written + " == $right." + old;
            }
        }
        if (edits.empty() || edits.back().span != use.span)
            edits.push_back({use.span, replacement});
    }
    const std::string renamed = applyEdits(text, edits);
    const auto newTree = parseQuery(renamed);
    QuerySymbols after = resolveSymbols(*newTree, context);
    // A key of two sides became two names; the places are compared without them.
    const auto plain = [](QuerySymbols symbols) {
        std::erase_if(symbols.uses, [](const SymbolUse& u) { return u.form == SymbolUse::Form::JoinKey; });
        return symbols;
    };
    const bool keys = std::any_of(edits.begin(), edits.end(), [](const TextEdit& e) { return e.text.starts_with("$left."); });
    QuerySymbols compared = before;
    if (keys) {
        std::vector<SourceSpan> gone;
        std::ptrdiff_t shift = 0;
        for (const TextEdit& edit : edits) {
            if (edit.text.starts_with("$left."))
                gone.push_back({static_cast<std::size_t>(static_cast<std::ptrdiff_t>(edit.span.start) + shift), edit.text.size()});
            shift += static_cast<std::ptrdiff_t>(edit.text.size()) - static_cast<std::ptrdiff_t>(edit.span.length);
        }
        std::erase_if(after.uses, [&](const SymbolUse& u) { return std::any_of(gone.begin(), gone.end(), [&](SourceSpan g) { return u.span.start >= g.start && u.span.end() <= g.end(); }); });
        compared = plain(compared);
        after = plain(after);
    }
    if (!newTree->errors().empty() || !sameMeaning(compared, after))
        return fail(kNameTaken, std::string(name), symbol.name);
    for (TextEdit& edit : edits)
        edit.span.start += query.start;
    return edits;
}

} // namespace tocsin::kql::services
