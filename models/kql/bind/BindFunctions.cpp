// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/QueryBinder.h"

#include "kql/bind/AsimFunctions.h"
#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>

namespace tocsin::kql {

/// Of a function of the workspace, or one that every workspace has; null for other names.
std::shared_ptr<const SyntaxTree> QueryBinder::storedTree(std::string_view name)
{
    if (m_options.memory)
        if (auto known = m_options.memory->function(name))
            return known;
    const catalog::StoredFunction* stored = m_snapshot.findFunction(name);
    const auto asim = stored || m_snapshot.findTable(name) ? std::nullopt : asimFunction(name, m_snapshot);
    if (!stored && !asim)
        return nullptr;
    if (!stored)
        stored = &*asim;
    auto tree = parseFunction(stored->name, stored->parameters, stored->body);
    if (m_options.memory)
        m_options.memory->keepFunction(name, tree);
    return tree;
}

std::shared_ptr<Symbol> QueryBinder::findFunction(std::string_view name, const ScopePtr& scope)
{
    if (auto symbol = scope->find(name))
        return symbol;
    if (!isAllowed(name, scope))
        return nullptr;
    if (const auto known = m_storedFunctions.find(name); known != m_storedFunctions.end())
        return known->second;
    const auto tree = storedTree(name);
    if (!tree)
        return nullptr;
    m_otherTrees.push_back(tree);
    noteMentions(*tree);
    auto symbol = std::make_shared<Symbol>();
    symbol->kind = Symbol::Kind::Function;
    symbol->functionName = name;
    symbol->stored = true;
    symbol->scope = newScope();
    if (tree->errors().empty() && !tree->statements().empty() && tree->statements()[0]->expression && tree->statements()[0]->expression->kind == Kind::Function)
        symbol->syntax = tree->statements()[0]->expression;
    m_storedFunctions.emplace(name, symbol);
    return symbol;
}

/// Puts one argument under its parameter's name.
bool QueryBinder::bindArgument(const ExpressionSyntax::FunctionParameter& parameter, const ExpressionSyntax* argument, Scope& into, const RowContext& row,
                               const ScopePtr& scope, SourceSpan callSpan)
{
    Symbol symbol;
    if (!parameter.type) {
        if (!argument)
            return report(makeError(kWrongArgumentCount, "The function", "a table for '" + parameter.name.text + "'", "none"), callSpan), false;
        symbol.kind = Symbol::Kind::Tabular;
        symbol.syntax = argument;
        symbol.scope = scope;
        symbol.fresh = bindTable(*argument, scope);
        const auto columns = visible(*symbol.fresh);
        if (!symbol.fresh->broken)
            for (const ColumnDeclaration& wanted : parameter.columns)
                if (std::none_of(columns.begin(), columns.end(), [&](const PlanColumn& c) { return c.name == wanted.name.text; }) && !symbol.fresh->openAt)
                    return report(makeError(kUnknownColumn, wanted.name.text, " in the table for '" + parameter.name.text + "'"), argument->span), false;
        into.define(parameter.name.text, std::move(symbol));
        return true;
    }
    symbol.kind = Symbol::Kind::Scalar;
    ExpressionPtr value;
    if (argument) {
        value = bindScalar(*argument, row, scope);
    } else if (parameter.defaultValue) {
        value = bindScalar(*parameter.defaultValue, {}, scope);
    } else {
        return report(makeError(kWrongArgumentCount, "The function", "a value for '" + parameter.name.text + "'", "none"), callSpan), false;
    }
    if (!isBad(value))
        value = convertExpression(value, *parameter.type);
    symbol.scalar = value;
    into.define(parameter.name.text, std::move(symbol));
    return true;
}

QueryBinder::ScopePtr QueryBinder::bindArguments(const Symbol& symbol, Expr call, const RowContext& row, const ScopePtr& scope)
{
    if (!symbol.syntax) {
        const Error* first = nullptr;
        for (const auto& tree : m_otherTrees)
            if (!tree->errors().empty() && tree->text().find("let " + symbol.functionName) == 0)
                first = &tree->errors().front();
        report(makeError(kInFunction, symbol.functionName, first ? errorMessage(*first) : "it has no body"), call.span);
        return nullptr;
    }
    if (std::find(m_callStack.begin(), m_callStack.end(), symbol.functionName) != m_callStack.end() || m_callStack.size() > 60) {
        report(makeError(kRecursion, symbol.functionName), call.span);
        return nullptr;
    }
    static constexpr std::size_t kMaxCalls = 20'000; // functions that call others twice double with every step
    if (++m_functionCalls > kMaxCalls) {
        if (m_functionCalls == kMaxCalls + 1)
            report(makeError(kTooLarge), call.span);
        return nullptr;
    }
    const ExpressionSyntax& function = *symbol.syntax;
    const ScopePtr inner = newScope(symbol.scope);
    std::vector<const ExpressionSyntax*> arguments(function.functionParameters.size(), nullptr);
    std::size_t next = 0;
    for (std::size_t i = 1; i < call.arguments.size(); ++i) {
        const ExpressionSyntax* argument = call.arguments[i];
        if (argument->kind == Kind::Assign && argument->names.size() == 1) {
            const auto found = std::find_if(function.functionParameters.begin(), function.functionParameters.end(),
                                            [&](const auto& p) { return p.name.text == argument->names[0].text; });
            if (found != function.functionParameters.end()) {
                arguments[static_cast<std::size_t>(found - function.functionParameters.begin())] = argument->arguments[0];
                continue;
            }
        }
        if (next >= arguments.size()) {
            report(makeError(kWrongArgumentCount, symbol.functionName + "()", std::to_string(arguments.size()) + " arguments", std::to_string(call.arguments.size() - 1)), call.span);
            return nullptr;
        }
        arguments[next++] = argument;
    }
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (!bindArgument(function.functionParameters[i], arguments[i], *inner, row, scope, call.span))
            return nullptr;
    return inner;
}

QueryBinder::FunctionCall QueryBinder::enterFunction(const Symbol& symbol, Expr call, const RowContext& row, const ScopePtr& scope)
{
    const ScopePtr inner = bindArguments(symbol, call, row, scope);
    return inner ? enterBody(symbol, call, inner) : FunctionCall{};
}

QueryBinder::FunctionCall QueryBinder::enterBody(const Symbol& symbol, Expr call, const ScopePtr& inner)
{
    FunctionCall result;
    const ExpressionSyntax& function = *symbol.syntax;
    m_callStack.push_back(symbol.functionName);
    if (symbol.stored)
        m_storedCalls.push_back({symbol.functionName, call.span});
    for (std::size_t i = 0; i + 1 < function.statements.size(); ++i)
        bindStatement(*function.statements[i], inner);
    result.scope = inner;
    if (!function.statements.empty() && function.statements.back()->kind == StatementSyntax::Kind::Query)
        result.body = function.statements.back()->expression;
    else
        report(makeError(kInFunction, symbol.functionName, "its body has no expression at the end"), call.span);
    return result;
}

void QueryBinder::leaveFunction(const Symbol& symbol)
{
    m_callStack.pop_back();
    if (symbol.stored)
        m_storedCalls.pop_back();
}

/// Binds a body without a call, for what can be told about it: the parameters stand for unknown values of their types.
void QueryBinder::observeFunction(const ExpressionSyntax& function, const ScopePtr& scope)
{
    const std::size_t errors = m_query.errors.size();
    const ScopePtr inner = newScope(scope);
    for (const auto& parameter : function.functionParameters) {
        Symbol symbol;
        if (parameter.type) {
            symbol.scalar = literal(Value::null(*parameter.type), parameter.span);
        } else {
            symbol.kind = Symbol::Kind::Shared;
            symbol.sharedKey = "parameter:" + std::to_string(m_nextShared++);
            Node rows = newNode(PlanNode::Kind::Rows, parameter.span);
            for (const ColumnDeclaration& column : parameter.columns)
                rows->columns.push_back(newColumn(column.name.text, column.type));
            symbol.shared = {rows, parameter.openColumns || parameter.columns.empty()};
        }
        define(inner, parameter.name, std::move(symbol));
    }
    for (const StatementSyntax* statement : function.statements) {
        if (statement->kind != StatementSyntax::Kind::Query)
            bindStatement(*statement, inner);
        else if (isTabular(*statement->expression, inner))
            bindTable(*statement->expression, inner);
        else
            bindScalar(*statement->expression, {}, inner);
    }
    for (std::size_t i = errors; i < m_query.errors.size(); ++i)
        m_reported.erase({m_query.errors[i].span->start, m_query.errors[i].code()});
    m_query.errors.resize(errors);
}

ExpressionPtr QueryBinder::bindScalarUserFunction(const Symbol& symbol, Expr call, const RowContext& row, const ScopePtr& scope)
{
    const FunctionCall entered = enterFunction(symbol, call, row, scope);
    if (!entered.scope)
        return m_bad;
    ExpressionPtr result = m_bad;
    if (entered.body) {
        if (isTabular(*entered.body, entered.scope)) {
            leaveFunction(symbol);
            return error(kScalarExpected, call.span, symbol.functionName + "()");
        }
        result = bindScalar(*entered.body, {}, entered.scope);
    }
    leaveFunction(symbol);
    return result;
}

Relation QueryBinder::bindTabularUserFunction(const Symbol& symbol, Expr call, const ScopePtr& scope, const RowContext& row)
{
    const ScopePtr arguments = bindArguments(symbol, call, row, scope);
    if (!arguments)
        return broken(call.span);
    const auto bindBody = [&] {
        const FunctionCall entered = enterBody(symbol, call, arguments);
        Relation result = entered.body ? bindTable(*entered.body, entered.scope) : broken(call.span);
        leaveFunction(symbol);
        return result;
    };
    Relation result = symbol.stored ? remembered(callKey(symbol, *arguments), call.span, bindBody) : bindBody();
    result.name = symbol.functionName;
    return result;
}

/// All that the columns of a saved function's answer can depend on.
std::string QueryBinder::callKey(const Symbol& symbol, const Scope& arguments) const
{
    std::string key = "call " + symbol.functionName;
    for (const auto& parameter : symbol.syntax->functionParameters) {
        const auto given = arguments.find(parameter.name.text);
        key += '\n';
        if (given && given->fresh) {
            key += given->fresh->broken ? "broken" : given->fresh->openAt ? "open" : "table";
            for (const PlanColumn& column : given->fresh->plan->columns)
                key += '\t' + column.name + ':' + std::string(typeName(column.type));
        } else if (given && given->scalar) {
            key += typeName(given->scalar->type);
            // A function may name columns by its arguments.
            if (const ExpressionPtr value = foldConstant(given->scalar); value->kind == Expression::Kind::Literal && value->type == DataType::String && !value->value.isNull())
                key += '\t' + value->value.asText();
        }
    }
    return key;
}

Relation QueryBinder::remembered(std::string key, SourceSpan span, const std::function<Relation()>& bind)
{
    if (!m_options.endOnly || !m_options.memory)
        return bind();
    key += m_usesIngestionTime ? "\ntimes" : "";
    for (const std::string& alias : m_options.memory->aliases())
        if (mentions(alias))
            key += '\n' + alias;
    if (const auto known = m_options.memory->rows(key)) {
        Node node = newNode(PlanNode::Kind::Rows, span);
        node->columns.reserve(known->columns.size());
        for (const auto& [name, type] : known->columns)
            node->columns.push_back(newColumn(name, type));
        return {node, known->broken, known->openAt, {}};
    }
    Relation relation = bind();
    BindMemory::Rows rows{{}, relation.broken, relation.openAt};
    for (const PlanColumn& column : relation.plan->columns)
        rows.columns.emplace_back(column.name, column.type);
    m_options.memory->keepRows(std::move(key), std::move(rows));
    return relation;
}

} // namespace tocsin::kql
