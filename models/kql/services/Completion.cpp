// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/Completion.h"

#include "base/Utf8.h"
#include "kql/services/CompletionBuilder.h"
#include "kql/syntax/Lexer.h"

#include <algorithm>
#include <utility>

namespace tocsin::kql::services {

std::string_view completionKindName(CompletionKind kind)
{
    switch (kind) {
    case CompletionKind::Operator: return "operator";
    case CompletionKind::Keyword: return "keyword";
    case CompletionKind::Table: return "table";
    case CompletionKind::Column: return "column";
    case CompletionKind::Function: return "function";
    case CompletionKind::Aggregate: return "aggregate";
    case CompletionKind::Plugin: return "plugin";
    case CompletionKind::Variable: return "variable";
    case CompletionKind::Option: return "option";
    case CompletionKind::Value: return "value";
    case CompletionKind::Type: return "type";
    case CompletionKind::Database: return "database";
    case CompletionKind::Property: return "property";
    case CompletionKind::Symbol: return "symbol";
    case CompletionKind::Punctuation: return "punctuation";
    case CompletionKind::Literal: return "literal";
    case CompletionKind::Name: return "name";
    }
    return "";
}

bool isChoice(const CompletionItem& item) { return item.kind != CompletionKind::Name && item.kind != CompletionKind::Punctuation && item.label != "0"; }

namespace {

bool isWordByte(char c) { return isNameChar(c) || static_cast<unsigned char>(c) >= 0x80; }

/// The word at a byte of the text; operators such as `mv-expand` and `!has` are words too.
SourceSpan wordAt(std::string_view text, std::size_t position)
{
    std::size_t start = position, end = position;
    while (start > 0 && isWordByte(text[start - 1]))
        --start;
    while (end < text.size() && isWordByte(text[end]))
        ++end;
    if (start > 0 && text[start - 1] == '!' && (start == position || isNameStart(text[start])))
        return {start - 1, end - start + 1};
    if (start > 1 && text[start - 1] == '-' && isNameStart(text[start - 2])) {
        std::size_t first = start - 1;
        while (first > 0 && (isNameChar(text[first - 1]) || text[first - 1] == '-'))
            --first;
        const std::string_view head = text.substr(first, start - first);
        const auto operators = tabularOperators();
        if (std::any_of(operators.begin(), operators.end(), [&](const WordHelp& word) { return word.word.starts_with(head); })) {
            const auto before = text.substr(0, first).find_last_not_of(" \t\r\n");
            if (before != std::string_view::npos && (text[before] == '|' || text[before] == '('))
                start = first;
        }
    }
    // A word that goes on behind a hyphen: `mv-|expand`.
    if (start < position && end < text.size() && text[end] == '-')
        for (const WordHelp& word : tabularOperators())
            if (word.word.size() > end - start && text.substr(start, word.word.size()) == word.word)
                end = std::max(end, start + word.word.size());
    return {start, end - start};
}

/// What may stand in a literal such as `datetime(…)` that is open at the end.
void completeTypedLiteral(std::string_view literal, std::vector<CompletionItem>& items, SourceSpan place)
{
    const std::string_view type = literal.substr(0, literal.find_first_of(" \t\r\n("));
    const auto add = [&](std::string_view label, CompletionKind kind, std::string_view detail) {
        items.push_back({std::string(label), kind, std::string(detail), {}, {}, std::string(label), label.size(), place, false, 0});
    };
    if (type == "datetime" || type == "date")
        add("now", CompletionKind::Literal, "the time of the query");
    if (type == "bool" || type == "boolean") {
        add("true", CompletionKind::Literal, "bool");
        add("false", CompletionKind::Literal, "bool");
    }
    add("null", CompletionKind::Literal, "no value");
    if (const WordHelp* known = findWord(typeWords(), type))
        add(known->form, CompletionKind::Name, known->help);
    add(")", CompletionKind::Punctuation, {});
}

/// Sorts the best to the front; within one group the order in which the items came stays.
void rank(std::vector<CompletionItem>& items, std::string_view typed)
{
    const auto quality = [&](const CompletionItem& item) { return item.follows || typed.empty() ? 0 : matchQuality(item.label, typed).value_or(4); };
    std::vector<std::pair<int, std::size_t>> order;
    order.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i)
        order.emplace_back((items[i].follows ? 100'000 : 0) + quality(items[i]) * 100 + items[i].group, i);
    std::sort(order.begin(), order.end());
    // In place, one ring of items after another: a second list of thousands would cost more than the sorting.
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (order[i].second == i)
            continue;
        CompletionItem first = std::move(items[i]);
        std::size_t at = i;
        while (order[at].second != i) {
            const std::size_t from = std::exchange(order[at].second, at);
            items[at] = std::move(items[from]);
            at = from;
        }
        items[at] = std::move(first);
        order[at].second = at;
    }
}

} // namespace

Completions LanguageServices::complete(std::string_view text, std::size_t position) const
{
    position = std::min(position, text.size());
    Completions result;
    result.word = {position, 0};
    const std::string_view before = text.substr(0, position);
    const std::vector<Token> tokens = tokenize(before);
    const Token* last = tokens.size() > 1 ? &tokens[tokens.size() - 2] : nullptr;
    if (last && last->kind == TokenKind::Comment)
        return result;
    if (last && last->kind == TokenKind::String && last->unterminated) {
        completeString(text, position, *last, result);
        return result;
    }
    result.word = wordAt(text, position);
    const std::string_view typed = text.substr(result.word.start, position - result.word.start);
    if (last && last->kind == TokenKind::TypedLiteral && last->unterminated) {
        completeTypedLiteral(last->text(before), result.items, result.word);
        std::erase_if(result.items, [&](const CompletionItem& item) { return !matchQuality(item.label, typed); });
        return result;
    }
    result.items = CompletionBuilder(*this, std::string(text.substr(0, result.word.start)), typed, text).run();
    if (!typed.empty())
        std::erase_if(result.items, [&](const CompletionItem& item) { return item.kind != CompletionKind::Name && !matchQuality(item.label, typed); });
    for (CompletionItem& item : result.items) {
        item.replaced = result.word;
        // Parentheses that are there already stay.
        if (item.insert.ends_with("()") && text.substr(result.word.end()).starts_with('(')) {
            item.insert.resize(item.insert.size() - 2);
            item.caret = item.insert.size();
        }
    }
    if (!typed.empty() && result.word.end() == position) {
        for (CompletionItem& item : CompletionBuilder(*this, std::string(before), {}, text).run()) {
            item.follows = true;
            item.replaced = {position, 0};
            if (isWordByte(item.insert[0])) {
                item.insert.insert(0, " ");
                ++item.caret;
            }
            result.items.push_back(std::move(item));
        }
    }
    rank(result.items, typed);
    return result;
}

/// Inside of a string: names of databases and tables, and the texts an argument may be.
void LanguageServices::completeString(std::string_view text, std::size_t position, const Token& token, Completions& result) const
{
    const std::string_view literal = text.substr(token.span.start, position - token.span.start);
    const std::size_t quote = literal.find_first_of("\"'`~");
    const std::size_t start = token.span.start + (quote == std::string_view::npos ? 0 : quote + 1);
    const char mark = text[start - 1];
    std::size_t end = position;
    while (end < text.size() && text[end] != mark && text[end] != '\n')
        ++end;
    if (end == text.size() || text[end] != mark)
        end = position; // the string is not closed: what follows is no part of it
    result.word = {start, end - start};
    const std::string_view typed = text.substr(start, position - start);
    const auto add = [&](std::string_view label, CompletionKind kind, std::string_view detail, std::string_view help = {}) {
        if (matchQuality(label, typed))
            result.items.push_back({std::string(label), kind, std::string(detail), std::string(help), {}, std::string(label), label.size(), result.word, false, 0});
    };
    const std::vector<Token> tokens = tokenize(text.substr(0, token.span.start));
    const auto call = openCall(text.substr(0, token.span.start), tokens);
    if (call && (call->name == "database" || call->name == "workspace"))
        add(m_snapshot->databaseName(), CompletionKind::Database, "database");
    if (call && (call->name == "table" || call->name == "materialized_view" || call->name == "external_table"))
        for (const TableName& table : m_tables)
            add(table.name, CompletionKind::Table, "table");
    const FunctionName* function = call ? findFunction(call->name) : nullptr;
    if (function && function->scalar)
        for (const Signature& signature : function->scalar->signatures)
            if (const auto index = signatureText({}, signature).parameterOf(call->argument))
                for (const std::string_view value : signature.parameters[*index].values)
                    if (std::none_of(result.items.begin(), result.items.end(), [&](const CompletionItem& item) { return item.label == value; }))
                        add(value, CompletionKind::Value, signature.parameters[*index].name);
    if (call && call->name == "column_ifexists")
        for (const ColumnInfo& column : m_columns)
            if (!typed.empty())
                add(column.name, CompletionKind::Column, typeName(column.type));
    rank(result.items, typed);
}

} // namespace tocsin::kql::services
