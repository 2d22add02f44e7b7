// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/CompletionBuilder.h"

#include "base/Utf8.h"
#include "kql/syntax/Lexer.h"
#include "kql/syntax/Literals.h"

#include <algorithm>

namespace tocsin::kql::services {

namespace {

using Op = OperatorSyntax::Kind;

bool isMissing(const ExpressionSyntax* expression) { return !expression || expression->kind == ExpressionSyntax::Kind::Missing; }

bool isListOperator(std::string_view word) { return word == "in" || word == "!in" || word == "in~" || word == "!in~" || word.ends_with("has_any") || word.ends_with("has_all"); }

bool isOneOf(Op kind, std::initializer_list<Op> kinds) { return std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); }

} // namespace

CompletionBuilder::CompletionBuilder(const LanguageServices& services, std::string before, std::string_view typed, std::string_view whole)
    : m_services(services), m_before(std::move(before)), m_typed(typed), m_whole(whole), m_expected(expectedAtEnd(m_before))
{
    const auto& tokens = m_expected.tree->tokens();
    m_call = openCall(m_expected.tree->text(), tokens);
    for (const Token& token : tokens)
        if (!token.isTrivia() && token.kind != TokenKind::End)
            m_tokens.push_back(&token);
}

std::vector<CompletionItem> CompletionBuilder::run()
{
    const Expectation& e = m_expected;
    if (e.literal) {
        literals(0);
        addNewName("key", 9);
    }
    if (e.typeName)
        addWords(typeWords(), Kind::Type, 0);
    if (e.member)
        members();
    if (!e.name.empty())
        names();
    optionValues();
    options();
    properties();
    if (e.operatorName)
        addWords(tabularOperators(), Kind::Operator, 0);
    if (e.statement)
        statementStart();
    if (e.expression)
        operands();
    else if (e.table)
        tables(0);
    if (e.pattern) {
        add(Kind::Literal, "\"\"", 0, "string", "Text that stands in front of the next column.");
        addNewName("column", 1);
        if (meaning().input())
            addColumns(*meaning().input(), 3);
    }
    if (e.declares)
        addNewName("name", 9);
    words();
    return std::move(m_items);
}

CompletionItem* CompletionBuilder::add(Kind kind, std::string_view label, int group, std::string_view detail, std::string_view help)
{
    std::string key = std::to_string(static_cast<int>(kind)) + ":" + std::string(label);
    if (!m_seen.insert(std::move(key)).second)
        return nullptr;
    CompletionItem item;
    item.label = label;
    item.kind = kind;
    item.detail = detail;
    item.help = help;
    item.insert = label;
    item.caret = item.insert.size();
    item.group = group;
    m_items.push_back(std::move(item));
    return &m_items.back();
}

void CompletionBuilder::addWords(std::span<const WordHelp> words, Kind kind, int group)
{
    for (const WordHelp& word : words)
        add(kind, word.word, group, word.form, word.help);
}

void CompletionBuilder::addCall(Kind kind, std::string_view name, int group, std::string_view detail, std::string_view help, bool arguments)
{
    CompletionItem* item = add(kind, name, group, detail, help);
    if (!item)
        return;
    item->insert += "()";
    item->caret = item->insert.size() - (arguments ? 1 : 0);
}

void CompletionBuilder::addNewName(std::string_view what, int group) { add(Kind::Name, what, group, "a new name"); }

void CompletionBuilder::addColumns(const RowsInfo& rows, int group)
{
    for (const ColumnInfo& column : rows.columns)
        if (CompletionItem* item = add(Kind::Column, column.name, group, typeName(column.type))) {
            item->insert = encodeName(column.name);
            item->caret = item->insert.size();
        }
    if (!rows.complete)
        addUnknownColumns(group + 1);
}

/// Where not all columns are known: names that the text uses, and once something is typed those of all tables.
void CompletionBuilder::addUnknownColumns(int group)
{
    const auto& tokens = m_expected.tree->tokens();
    for (const Token& token : tokens)
        if (token.kind == TokenKind::Identifier) {
            const std::string_view word = token.text(m_expected.tree->text());
            if (!m_services.findFunction(word) && !m_services.isTable(word) && !findWord(tabularOperators(), word) && !findWord(innerWords(), word))
                add(Kind::Column, word, group, "used in this query");
        }
    if (!m_typed.empty())
        for (const ColumnInfo& column : m_services.columns())
            add(Kind::Column, column.name, group + 1, typeName(column.type));
    addNewName("column", 9);
}

std::string_view CompletionBuilder::owner() const
{
    // The word in front of `with (` counts: externaldata has no operator of its own.
    for (std::size_t i = m_tokens.size(); i-- > 0;) {
        const std::string_view word = m_tokens[i]->text(m_expected.tree->text());
        if (word == "|" || word == ";")
            break;
        if (m_expected.property && (word == "externaldata" || word == "external_data"))
            return "externaldata";
    }
    if (m_expected.op)
        return m_expected.tree->textOf(m_expected.op->keyword);
    for (std::size_t i = m_tokens.size(); i-- > 0;)
        if (const std::string_view word = m_tokens[i]->text(m_expected.tree->text()); word == "externaldata")
            return "externaldata";
    return {};
}

void CompletionBuilder::names()
{
    const std::string_view what = m_expected.name;
    if (what == "a chart type")
        return addWords(chartKinds(), Kind::Value, 0);
    if (what == "all, last or none")
        return addWords(valuesOf("scan", "output"), Kind::Value, 0);
    if (what == "an option name")
        return addWords(queryOptions(), Kind::Option, 0);
    if (what == "a column name" && m_expected.op && isOneOf(m_expected.op->kind, {Op::Find, Op::Partition, Op::Facet, Op::ProjectReorder, Op::ProjectAway, Op::ProjectKeep}))
        rowColumns(false);
    if (!m_expected.member)
        addNewName(what.starts_with("a ") ? what.substr(2) : what.starts_with("an ") ? what.substr(3) : what, 5);
}

void CompletionBuilder::members()
{
    const std::string& text = m_expected.tree->text();
    const std::size_t count = m_tokens.size(); // the last one is the dot
    const std::string_view base = count >= 2 ? m_tokens[count - 2]->text(text) : std::string_view();
    if (base == "$left" || base == "$right") {
        const auto& rows = base == "$left" ? meaning().input() : meaning().other();
        if (rows)
            addColumns(*rows, 0);
        if (!rows || !rows->complete)
            addUnknownColumns(3);
        return;
    }
    if (base == ")") { // database("d").T
        int depth = 0;
        for (std::size_t i = count - 1; i-- > 0;) {
            const std::string_view word = m_tokens[i]->text(text);
            depth += word == ")" ? 1 : word == "(" ? -1 : 0;
            if (depth != 0 || i == 0)
                continue;
            const std::string_view callee = m_tokens[i - 1]->text(text);
            if (callee == "cluster")
                addCall(Kind::Function, "database", 0, "database(\"name\")", "The tables of a database.");
            if (callee == "cluster" || callee == "database" || callee == "workspace" || callee == "app" || callee == "resource")
                tables(1);
            break;
        }
    }
    if (m_expected.op && m_expected.op->kind == Op::Scan && meaning().input())
        addColumns(*meaning().input(), 1);
    // Properties of dynamic values are not known; those the text names elsewhere are likely.
    const std::vector<Token> all = tokenize(m_whole);
    for (std::size_t i = 1; i < all.size(); ++i)
        if (all[i].kind == TokenKind::Identifier && all[i - 1].text(m_whole) == "." && all[i].span.start != m_before.size())
            add(Kind::Property, all[i].text(m_whole), 4, "used in this query");
    // `Operation = Details.Operation`: a column is often named after its property.
    for (std::size_t i = 0; i + 1 < m_tokens.size(); ++i)
        if (m_tokens[i]->kind == TokenKind::Identifier && m_tokens[i + 1]->text(text) == "=")
            add(Kind::Property, m_tokens[i]->text(text), 5, "a name of this query");
    addNewName("property", 9);
}

void CompletionBuilder::optionValues()
{
    if (m_expected.valueOf.empty())
        return;
    const std::string_view option = m_expected.valueOf;
    addWords(valuesOf(owner(), option), Kind::Value, 0);
    if (option.find("with_") == 0 || option == "withsource")
        addNewName("column", 0);
    if (m_expected.op && isOneOf(m_expected.op->kind, {Op::Render}) && meaning().input())
        addColumns(*meaning().input(), 1);
    if ((option == "hint.shufflekey" || option == "hint.pass_filters_column") && meaning().input())
        addColumns(*meaning().input(), 0);
}

void CompletionBuilder::options()
{
    if (m_expected.option) {
        for (const std::string_view name : optionsOf(owner())) {
            const WordHelp* known = findWord(optionWords(), name);
            addAssigned(name, 2, known ? known->form : std::string_view(), known ? known->help : std::string_view());
        }
        for (const WordHelp& hint : hints())
            addAssigned("hint." + std::string(hint.word), 8, hint.form, hint.help);
    }
    if (m_expected.hintName)
        addWords(hints(), Kind::Option, 0);
}

void CompletionBuilder::properties()
{
    if (!m_expected.property)
        return;
    const auto known = propertiesOf(owner());
    for (const WordHelp& property : known)
        addAssigned(property.word, 0, property.form, property.help);
    for (const std::string_view name : m_expected.properties)
        addAssigned(name, 0, {}, {});
}

/// A name that `=` and a value follow.
void CompletionBuilder::addAssigned(std::string_view name, int group, std::string_view detail, std::string_view help)
{
    if (CompletionItem* item = add(Kind::Option, name, group, detail, help)) {
        item->insert += '=';
        item->caret = item->insert.size();
    }
}

void CompletionBuilder::statementStart()
{
    addWords(statementWords(), Kind::Keyword, 2);
    add(Kind::Name, "function", 9, "a function of another place");
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

bool CompletionBuilder::tablesWanted() const
{
    const bool argument = m_expected.expression && m_call && !m_call->name.empty(); // of a function that may take a table
    if (!m_expected.table && !argument)
        return false;
    if (m_call && !m_call->name.empty() && !(m_expected.op && m_expected.op->keyword.start > m_call->open)) {
        const std::string_view callee = m_call->name;
        if (isListOperator(callee) || callee == "toscalar" || callee == "materialize" || callee == "view")
            return true;
        const bool plugin = m_expected.op && isOneOf(m_expected.op->kind, {Op::Evaluate, Op::Invoke});
        return plugin || !m_services.findFunction(callee);
    }
    if (!m_expected.op || !m_expected.table)
        return m_expected.table;
    return isOneOf(m_expected.op->kind, {Op::Join, Op::Lookup, Op::Union, Op::Find, Op::Search, Op::Partition, Op::MvApply, Op::Fork, Op::Facet, Op::MacroExpand,
                                         Op::MakeGraph, Op::GraphMerge});
}

void CompletionBuilder::tables(int group)
{
    variables(true, group);
    for (const std::string& name : m_services.tableNames()) {
        const auto table = m_services.snapshot().findTable(name);
        if (table && table->schema().isFunction)
            addCall(Kind::Function, name, group + 2, "table", table->schema().description, false);
        else
            add(Kind::Table, encodeName(name), group + 1, "table", table ? table->schema().description : std::string());
    }
    for (const std::string& name : m_services.snapshot().functionNames())
        if (const auto* function = m_services.snapshot().findFunction(name))
            addCall(Kind::Function, name, group + 2, name + "(" + function->parameters + ")", function->description, !function->parameters.empty());
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
    return m_expected.op && isOneOf(m_expected.op->kind, {Op::Take, Op::Sample, Op::Top, Op::TopHitters, Op::SampleDistinct}) && isMissing(m_expected.op->count) &&
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

void CompletionBuilder::rowColumns(bool counting)
{
    if (counting || m_expected.op->kind == Op::Print || m_expected.op->kind == Op::Range)
        return;
    if ((m_expected.op->kind == Op::Join || m_expected.op->kind == Op::Lookup) && !isMissing(m_expected.op->table))
        return joinColumns();
    if (meaning().input())
        addColumns(*meaning().input(), m_expected.aggregate ? 2 : 0);
    else
        addUnknownColumns(1);
}

void CompletionBuilder::joinColumns()
{
    const auto& left = meaning().input();
    const auto& right = meaning().other();
    if (left && right)
        for (const ColumnInfo& column : left->columns)
            if (std::any_of(right->columns.begin(), right->columns.end(), [&](const ColumnInfo& c) { return c.name == column.name; }))
                add(Kind::Column, encodeName(column.name), 0, typeName(column.type), "A column of both sides.");
    add(Kind::Keyword, "$left", 0, "$left.column", "A column of the left side.");
    add(Kind::Keyword, "$right", 0, "$right.column", "A column of the right side.");
    if (left)
        addColumns(*left, 3);
    if (right)
        addColumns(*right, 3);
    if (!left || !right || !left->complete || !right->complete)
        addUnknownColumns(4);
}

void CompletionBuilder::functions(bool aggregatesFirst)
{
    for (const FunctionName& function : m_services.functionNames()) {
        const std::string_view help = function.aggregate ? function.aggregate->help : function.scalar->help;
        const bool noArguments = function.detail.find("()") != std::string::npos;
        if (function.aggregate && aggregatesFirst)
            addCall(Kind::Aggregate, function.name, 1, function.detail, help, !noArguments);
        else if (function.scalar)
            addCall(Kind::Function, function.name, 3, function.detail, function.scalar->help, !noArguments);
    }
    for (const std::string& name : m_services.snapshot().functionNames())
        if (const auto* function = m_services.snapshot().findFunction(name))
            addCall(Kind::Function, name, 4, name + "(" + function->parameters + ")", function->description, !function->parameters.empty());
    for (const WordHelp& call : specialCalls())
        if (call.word == "toscalar" || call.word == "column_ifexists" || call.word == "pack_all" || call.word == "ingestion_time" || call.word == "current_database" || call.word == "typeof")
            addCall(Kind::Function, call.word, 3, call.form, call.help, call.word != "ingestion_time" && call.word != "current_database");
}

/// Names that only the operator itself makes: elements of a graph pattern, steps and declared columns of scan.
void CompletionBuilder::operatorVariables()
{
    const OperatorSyntax* op = m_expected.op;
    if (!op)
        return;
    for (const auto& path : op->graph.patterns)
        for (const auto& element : path)
            if (!element.name.missing())
                add(Kind::Variable, element.name.text, 0, element.edge ? "edge" : "node");
    for (const auto& step : op->steps)
        add(Kind::Variable, step.name.text, 1, "step");
    for (const auto& declared : op->scanDeclares)
        add(Kind::Column, declared.name.text, 0, declared.type ? typeName(*declared.type) : std::string_view());
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

bool CompletionBuilder::behindTableName() const
{
    if (m_expected.op || m_tokens.empty() || m_tokens.back()->kind != TokenKind::Identifier)
        return false;
    return m_services.isTable(m_tokens.back()->text(m_expected.tree->text()));
}

std::optional<DataType> CompletionBuilder::typeBefore()
{
    if (m_tokens.empty() || m_tokens.back()->kind != TokenKind::Identifier)
        return std::nullopt;
    const Meaning* known = meaning().use(m_tokens.back()->span.start);
    if (!known || (known->kind != Meaning::Kind::Column && known->kind != Meaning::Kind::Value))
        return std::nullopt;
    return known->type;
}

void CompletionBuilder::words()
{
    const bool table = behindTableName();
    const bool search = m_expected.op && isOneOf(m_expected.op->kind, {Op::Search, Op::Find});
    for (const std::string_view text : m_expected.words) {
        const bool value = findWord(innerWords(), text) || text == "+" || text == "-" || text == "/" || text == "%" || (text == "*" && !m_expected.expression) || text == "matches";
        const bool clause = text == "on" || text == "by" || text == "to" || text == "with" || text == "from" || text == "step" || text == "of" || text == "asc" || text == "desc";
        if (table && value && !clause)
            continue;
        // What only services write to one another, and spellings of true and false that no one uses.
        if (text.starts_with("__") || text == "datascope" || text == "True" || text == "TRUE" || text == "False" || text == "FALSE" || text == "@" || (text == ":" && !search && !m_expected.typeName && m_expected.words.contains("==")))
            continue;
        if (text == "{" && m_expected.expression)
            continue;
        word(text);
    }
}

void CompletionBuilder::word(std::string_view text)
{
    if (text == "matches") {
        const WordHelp* known = findWord(innerWords(), "matches regex");
        add(Kind::Symbol, known->word, 3, known->form, known->help);
        return;
    }
    if (text == "nulls") {
        add(Kind::Keyword, "nulls first", 1, {}, "Nulls come first.");
        add(Kind::Keyword, "nulls last", 1, {}, "Nulls come last.");
        return;
    }
    const WordHelp* known = findWord(innerWords(), text);
    const std::string_view form = known ? known->form : std::string_view(), help = known ? known->help : std::string_view();
    const bool letters = isNameStart(text[0]);
    const bool negated = text[0] == '!' && text.size() > 2 && isNameStart(text[1]);
    if (text.ends_with("_cs") || text.find("like") != std::string_view::npos || text.ends_with("cs") || text.starts_with("notcontains") || text == "<>") {
        add(Kind::Symbol, text, 5, "text " + std::string(text) + " text", text.ends_with("_cs") ? "In this letter case." : "An old spelling.");
        return;
    }
    if (known && !known->form.empty() && text != "and" && text != "or" && text != "default") {
        // What is usual between values of the type comes first.
        const auto type = typeBefore();
        const bool textual = !type || *type == DataType::String;
        const bool usual = text == "==" || text == "!=" || text == "in" || (textual ? letters || text == "=~" : text[0] == '<' || text[0] == '>' || text == "between");
        add(Kind::Symbol, text, usual && !negated ? 2 : 3, form, help);
    } else if (letters) {
        if (findWord(tabularOperators(), text) && m_expected.operatorName)
            return;
        add(text == "true" || text == "false" || text == "null" ? Kind::Literal : Kind::Keyword, text, text == "and" || text == "or" ? 1 : 0, form, help);
    } else if (negated) {
        add(Kind::Symbol, text, 4, form, help);
    } else {
        add(Kind::Punctuation, text, text == "|" ? 1 : 6);
    }
}

const TextMeaning& CompletionBuilder::meaning()
{
    if (!m_meaning)
        m_meaning.emplace(m_expected.tree, m_services.snapshot(), m_services.functions(), m_expected.op ? std::optional(m_expected.op->keyword.start) : std::nullopt);
    return *m_meaning;
}

} // namespace tocsin::kql::services
