// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/CompletionBuilder.h"

#include "base/Utf8.h"
#include "kql/syntax/Lexer.h"
#include "kql/syntax/Literals.h"

#include <algorithm>

namespace tocsin::kql::services {

using Op = OperatorSyntax::Kind;

namespace {

bool isListOperator(std::string_view word) { return word == "in" || word == "!in" || word == "in~" || word == "!in~" || word.ends_with("has_any") || word.ends_with("has_all"); }

} // namespace

bool CompletionBuilder::tablesWanted() const
{
    const bool argument = m_expected.expression && m_call && !m_call->name.empty(); // of a function that may take a table
    if (!m_expected.table && !argument)
        return false;
    if (m_call && !m_call->name.empty() && !(m_expected.op && m_expected.op->keyword.start > m_call->open)) {
        const std::string_view callee = m_call->name;
        if (isListOperator(callee) || callee == "toscalar" || callee == "materialize" || callee == "view")
            return true;
        const bool plugin = isOneOf({Op::Evaluate, Op::Invoke});
        return plugin || !m_services.findFunction(callee);
    }
    if (!m_expected.op || !m_expected.table)
        return m_expected.table;
    return isOneOf({Op::Join, Op::Lookup, Op::Union, Op::Find, Op::Search, Op::Partition, Op::MvApply, Op::Fork, Op::Facet, Op::MacroExpand,
                                         Op::MakeGraph, Op::GraphMerge});
}

void CompletionBuilder::tables(int group)
{
    variables(true, group);
    for (const TableName& table : m_services.tables())
        if (table.isFunction)
            addCall(Kind::Function, table.name, group + 2, "table", table.description, false);
        else
            add(Kind::Table, table.written, group + 1, "table", table.description);
    storedFunctions(group + 2);
    addWords(prefixOperators(), Kind::Operator, group + 3);
    for (const WordHelp& call : specialCalls())
        if (call.word == "datatable" || call.word == "externaldata" || call.word == "materialize" || call.word == "database" || call.word == "cluster" || call.word == "workspace" ||
            call.word == "table")
            addCall(Kind::Function, call.word, group + 3, call.form, call.help);
    add(Kind::Keyword, "view", group + 5, "view () { query }", "A function that union and search see.");
    add(Kind::Name, "table", 9, "a table of another place");
}

bool CompletionBuilder::isCounting() const
{
    return isOneOf({Op::Take, Op::Sample, Op::Top, Op::TopHitters, Op::SampleDistinct}) && isMissing(m_expected.op->count) &&
           !(m_call && m_call->open > m_expected.op->keyword.start);
}

void CompletionBuilder::operands()
{
    const Op kind = m_expected.op ? m_expected.op->kind : Op::Bad;
    const bool inCall = m_call && (!m_expected.op || m_call->open > m_expected.op->keyword.start);
    if (m_expected.op && kind == Op::Evaluate && !inCall) {
        for (const WordHelp& plugin : pluginWords())
            addCall(Kind::Plugin, plugin.word, 0, plugin.form, plugin.help);
        add(Kind::Name, "plugin", 9);
        return;
    }
    const bool tabular = tablesWanted();
    const bool onlyTables = (m_expected.op && !inCall && (kind == Op::Union || ((kind == Op::Join || kind == Op::Lookup) && isMissing(m_expected.op->table)))) ||
                            (inCall && (m_call->name == "materialize" || m_call->name == "toscalar")) || (kind == Op::Invoke && !inCall);
    if (tabular || onlyTables)
        tables(onlyTables || m_expected.statement || !m_expected.op ? 0 : 3);
    if (onlyTables || (m_expected.statement && !m_expected.words.contains("}")))
        return;
    parameterValues();
    variables(false, 1);
    if (m_expected.op)
        rowColumns(isCounting());
    else if (inCall && m_call->name == "datatable")
        literals(0);
    operatorVariables();
    functions(m_expected.aggregate);
    literals(isCounting() ? 0 : 4);
}

void CompletionBuilder::variables(bool tabular, int group)
{
    if (!m_names)
        m_names = visibleNames(*m_expected.tree);
    for (const VisibleName& name : *m_names) {
        const Meaning* known = meaning().definition(name.madeAt);
        const bool function = name.syntax && name.syntax->kind == ExpressionSyntax::Kind::Function;
        const bool rows = known && known->kind == Meaning::Kind::Rows;
        if (function) {
            addCall(Kind::Function, name.name, group, signatureText(name.name, name.syntax->functionParameters).text, {}, !name.syntax->functionParameters.empty());
            continue;
        }
        // Anything may turn out to be a table in `in (…)`; apart from that the kinds are kept apart.
        const bool fits = !known || rows == tabular;
        add(Kind::Variable, encodeName(name.name), fits ? group : group + 3, rows ? "table" : known ? typeName(known->type) : std::string_view("let"));
    }
    for (const auto& [place, made] : meaning().definitions())
        if (made.kind == Meaning::Kind::Rows) {
            const std::string_view before = std::string_view(m_before).substr(0, place);
            const auto end = before.find_last_not_of(" \t\r\n");
            if (end != std::string_view::npos && end > 2 && before.substr(end - 1, 2) == "as" && before[end - 2] == ' ')
                add(Kind::Variable, made.name, tabular ? group : group + 3, "table");
        }
}

void CompletionBuilder::functions(bool aggregatesFirst)
{
    for (const FunctionName& function : m_services.functionNames()) {
        const bool aggregate = function.aggregate && aggregatesFirst;
        const bool otherName = (function.aggregate && function.aggregate->name != function.name) || (function.scalar && function.scalar->name != function.name);
        const int group = (aggregate ? 1 : 3) + otherName;
        CompletionItem* item = aggregate ? addCall(Kind::Aggregate, function.name, group, function.detail, function.aggregate->help, function.arguments)
                               : function.scalar ? addCall(Kind::Function, function.name, group, function.detail, function.scalar->help, function.arguments)
                                                 : nullptr;
        if (item)
            item->example = aggregate ? function.aggregate->example : function.scalar->example;
    }
    storedFunctions(4);
    for (const WordHelp& call : specialCalls())
        if (call.word == "toscalar" || call.word == "column_ifexists" || call.word == "pack_all" || call.word == "ingestion_time" || call.word == "current_database" || call.word == "typeof")
            addCall(Kind::Function, call.word, 3, call.form, call.help, call.word != "ingestion_time" && call.word != "current_database");
}

void CompletionBuilder::storedFunctions(int group)
{
    for (const StoredName& function : m_services.storedFunctions())
        addCall(Kind::Function, function.name, group, function.form, function.description, function.arguments);
}

void CompletionBuilder::literals(int group)
{
    if (CompletionItem* item = add(Kind::Literal, "\"\"", group, "string"))
        item->caret = 1;
    add(Kind::Literal, "0", group + 1, "number");
    add(Kind::Literal, "true", group + 1, "bool");
    add(Kind::Literal, "false", group + 1, "bool");
    if (m_expected.literal)
        add(Kind::Literal, "null", group + 1, "null");
    for (const WordHelp& type : typeWords())
        if (type.word != "string")
            if (CompletionItem* item = add(Kind::Literal, type.word, group + 2, type.form, type.help)) {
                item->insert += "()";
                item->caret = item->insert.size() - 1;
            }
    // Units for a number that is being written.
    if (!m_typed.empty() && isDigit(m_typed[0]) && m_typed.find_first_not_of("0123456789") == std::string::npos)
        for (const auto& [unit, name] : {std::pair{"d", "days"}, {"h", "hours"}, {"m", "minutes"}, {"s", "seconds"}, {"ms", "milliseconds"}, {"microsecond", "microseconds"}, {"tick", "100 nanoseconds"}})
            add(Kind::Literal, m_typed + unit, 0, "timespan", name);
}

/// The texts that an argument may be, where the function says so.
void CompletionBuilder::parameterValues()
{
    if (!m_call || m_call->name.empty())
        return;
    const FunctionName* function = m_services.findFunction(m_call->name);
    if (!function || !function->scalar)
        return;
    for (const Signature& signature : function->scalar->signatures)
        if (const auto index = signatureText({}, signature).parameterOf(m_call->argument))
            for (const std::string_view value : signature.parameters[*index].values)
                add(Kind::Value, encodeString(value), 0, signature.parameters[*index].name);
}

} // namespace tocsin::kql::services
