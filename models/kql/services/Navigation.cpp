// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/Navigation.h"

#include "kql/services/Statement.h"
#include "kql/syntax/Keywords.h"
#include "kql/syntax/Literals.h"

#include <algorithm>
#include <map>

namespace tocsin::kql::services {

namespace {

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
        if (x.kind != y.kind || (y.hidesColumn && !x.hidesColumn))
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

std::string quotedName(std::string_view name) { return isKeyword(name) ? "['" + std::string(name) + "']" : encodeName(name); }

/// What takes the place of one use of a symbol.
std::string newText(const SyntaxTree& tree, const QuerySymbols& symbols, const SymbolUse& use, std::string_view name, const std::string& written)
{
    if (use.form == SymbolUse::Form::Text)
        return encodeString(name);
    if (use.form != SymbolUse::Form::JoinKey)
        return written;
    // Of a key that both sides share only one may change: then each side must be named.
    const bool shared = std::any_of(symbols.uses.begin(), symbols.uses.end(), [&](const SymbolUse& u) { return u.span == use.span && u.symbol != use.symbol; });
    const std::string old(tree.textOf(use.span));
    return !shared ? written : use.right ? "$left." + old + " == $right." + written : "$left." + written + " == $right." + old;
}

/// Leaves out the keys that became two names and the names that were put in front of expressions, so that the rest can be compared place by place.
void withoutAdded(QuerySymbols& before, QuerySymbols& after, const std::vector<TextEdit>& edits)
{
    std::vector<SourceSpan> added;
    bool keys = false;
    std::size_t grown = 0, shrunk = 0;
    for (const TextEdit& edit : edits) {
        const bool key = edit.text.starts_with("$left.");
        if (key || edit.span.length == 0)
            added.push_back({edit.span.start + grown - shrunk, edit.text.size()});
        keys = keys || key;
        grown += edit.text.size();
        shrunk += edit.span.length;
    }
    const auto isAdded = [&](SourceSpan span) { return std::any_of(added.begin(), added.end(), [&](SourceSpan a) { return span.start >= a.start && span.end() <= a.end(); }); };
    const auto isKey = [&](const SymbolUse& use) { return keys && use.form == SymbolUse::Form::JoinKey; };
    std::erase_if(before.uses, isKey);
    std::erase_if(after.uses, [&](const SymbolUse& use) { return isKey(use) || isAdded(use.span); });
}

/// Names for the columns that the language named after the symbol, so that they keep theirs: `sum(a)` becomes `sum_a = sum(b)`.
std::vector<TextEdit> keptNames(const QuerySymbols& symbols, std::size_t id)
{
    std::vector<TextEdit> edits;
    for (const QuerySymbol& made : symbols.symbols) {
        if (!made.impliedBy || !madeOf(made.name, symbols.symbols[id].name))
            continue;
        const SourceSpan by = *made.impliedBy;
        const TextEdit edit{{by.start, 0}, writtenName(made.name) + " = "};
        if (std::any_of(symbols.uses.begin(), symbols.uses.end(), [&](const SymbolUse& use) { return use.symbol == id && use.span.start >= by.start && use.span.end() <= by.end(); }) &&
            std::find(edits.begin(), edits.end(), edit) == edits.end())
            edits.push_back(edit);
    }
    return edits;
}

/// The edits of a new name; nothing if something would then mean something else.
std::optional<std::vector<TextEdit>> tryName(const SyntaxTree& tree, const QuerySymbols& symbols, std::size_t id, std::string_view name, const std::string& written, const SymbolContext& context)
{
    std::vector<TextEdit> edits = keptNames(symbols, id);
    SourceSpan last;
    for (const SymbolUse& use : symbols.uses)
        if (use.symbol == id && (last.length == 0 || last != use.span)) {
            edits.push_back({use.span, newText(tree, symbols, use, name, written)});
            last = use.span;
        }
    std::stable_sort(edits.begin(), edits.end(), [](const TextEdit& a, const TextEdit& b) { return a.span.start < b.span.start; });
    const auto renamed = parseQuery(applyEdits(tree.text(), edits));
    QuerySymbols before = symbols, after = resolveSymbols(*renamed, context);
    withoutAdded(before, after, edits);
    if (!renamed->errors().empty() || !sameMeaning(before, after))
        return std::nullopt;
    return edits;
}

/// Why a symbol has to keep its name.
Result<void> checkRenamable(const QuerySymbols& symbols, const QuerySymbol& symbol)
{
    if (symbol.kind == SymbolKind::SourceTable)
        return fail(kNotRenamable, symbol.name, "it is a table, not a name of this query");
    if (!symbol.table.empty())
        return fail(kNotRenamable, symbol.name, (symbol.kind == SymbolKind::SourceColumn ? "it is a column of the table " : "it is also a column of the table ") + symbol.table);
    if (!symbol.definition)
        return fail(kNotRenamable, symbol.name, "the language named it after an expression");
    for (const auto& [unknown, span] : symbols.unknown)
        if (madeOf(unknown, symbol.name))
            return fail(kNotRenamable, symbol.name, "'" + unknown + "' seems to be named after it");
    return {};
}

} // namespace

std::string writtenName(std::string_view name)
{
    const WordClass word = classifyWord(name);
    return word == WordClass::Plain || word == WordClass::Soft ? encodeName(name) : quotedName(name);
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
    const QuerySymbol& symbol = before.symbols[here->symbol];
    TOCSIN_TRY(checkRenamable(before, symbol));
    if (symbol.name == name)
        return std::vector<TextEdit>();
    auto edits = tryName(*tree, before, here->symbol, name, writtenName(name), context);
    if (!edits && writtenName(name) != quotedName(name)) // a word that is no name just here
        edits = tryName(*tree, before, here->symbol, name, quotedName(name), context);
    if (!edits)
        return fail(kNameTaken, std::string(name), symbol.name);
    for (TextEdit& edit : *edits)
        edit.span.start += query.start;
    return std::move(*edits);
}

} // namespace tocsin::kql::services
