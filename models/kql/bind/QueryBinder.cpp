// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/QueryBinder.h"

#include "base/Utf8.h"
#include "kql/bind/Advice.h"
#include "kql/bind/FaultyParts.h"
#include "kql/syntax/Literals.h"
#include "kql/syntax/SyntaxErrors.h"

#include <algorithm>

namespace tocsin::kql {

namespace {

constexpr std::size_t kMaxPlanNodes = 20'000;

} // namespace

BoundQuery bindQuery(std::string_view text, const catalog::Snapshot& snapshot, const FunctionRegistry& functions, const BindOptions& options)
{
    return bindTree(parseQuery(std::string(text)), snapshot, functions, options);
}

BoundQuery bindTree(const std::shared_ptr<const SyntaxTree>& tree, const catalog::Snapshot& snapshot, const FunctionRegistry& functions, const BindOptions& options)
{
    QueryBinder::OpenColumns open;
    // Each pass may find names that only a plugin's data can give; the next one counts on them.
    for (int pass = 0;; ++pass) {
        QueryBinder binder(snapshot, functions, options);
        binder.openColumns = open;
        BoundQuery query = binder.bind(tree);
        if (!binder.sawNewOpenColumn() || pass == (options.endOnly ? 1 : 8))
            return query;
        open = binder.openColumns;
    }
}

QueryBinder::QueryBinder(const catalog::Snapshot& snapshot, const FunctionRegistry& functions, const BindOptions& options)
    : m_snapshot(snapshot), m_functions(functions), m_options(options), m_bad(literal(Value::null(DataType::Dynamic)))
{
}

BoundQuery QueryBinder::bind(std::shared_ptr<const SyntaxTree> tree)
{
    m_tree = std::move(tree);
    m_query.errors = m_tree->errors();
    const ScopePtr names = newScope();
    if (!m_query.errors.empty()) {
        m_faultyParts = faultyParts(*m_tree);
        for (const std::string& name : namesMade(*m_tree)) {
            Symbol symbol;
            symbol.kind = Symbol::Kind::Unknown;
            names->define(name, std::move(symbol));
        }
    }
    m_global = newScope(names);
    noteMentions(*m_tree);
    m_usesIngestionTime = mentions("ingestion_time");
    for (const std::string& name : m_snapshot.functionNames())
        if (!m_usesIngestionTime && mentions(name))
            if (const auto* function = m_snapshot.findFunction(name); function && function->body.find("ingestion_time") != std::string::npos)
                m_usesIngestionTime = true;
    const bool skipsQueries = m_options.endOnly && !mentions("as"); // which gives the rows of a query a name for those behind it
    for (const StatementSyntax* statement : m_tree->statements())
        if (!skipsQueries || statement->kind != StatementSyntax::Kind::Query || reachesEnd(statement->span))
            bindStatement(*statement, m_global);
    if (m_query.results.empty() && m_query.errors.empty())
        report(makeError(kNothingToRun), {m_tree->text().size(), 0});
    std::stable_sort(m_query.errors.begin(), m_query.errors.end(), [](const Error& a, const Error& b) { return a.span->start < b.span->start; });
    if (!m_query.errors.empty())
        m_query.results.clear();
    else if (m_options.advice)
        for (Error& warning : advice(*m_tree, m_snapshot))
            m_query.warnings.push_back(std::move(warning));
    return std::move(m_query);
}

void QueryBinder::report(Error error, SourceSpan span)
{
    if (!m_storedCalls.empty()) {
        // The place inside a saved function means nothing in this text.
        Error outer = makeError(kInFunction, m_storedCalls.front().name, errorMessage(error));
        span = m_storedCalls.front().span;
        error = std::move(outer.because(std::move(error)));
    }
    if (isFaulty(span.start) || !m_reported.insert({span.start, error.code()}).second)
        return;
    // Where the parser already complained, a missing expression is no further news.
    for (const Error& earlier : m_tree->errors())
        if (earlier.span && earlier.span->start >= span.start && earlier.span->start <= span.end() && span.length > 0)
            return;
    m_query.errors.push_back(std::move(error.at(span)));
}

bool QueryBinder::isFaulty(std::size_t place) const
{
    return std::any_of(m_faultyParts.begin(), m_faultyParts.end(), [place](const SourceSpan& part) { return part.start <= place && place < part.end(); });
}

void QueryBinder::noteMentions(const SyntaxTree& tree)
{
    for (const Token& token : tree.tokens()) {
        const std::string_view text = token.text(tree.text());
        if (token.kind == TokenKind::Identifier)
            m_mentioned.insert(text);
        else if (token.kind == TokenKind::String && text.size() > 2)
            m_mentioned.insert(text.substr(1, text.size() - 2));
    }
}

void QueryBinder::warn(Error error, SourceSpan span)
{
    for (const Error& earlier : m_query.warnings)
        if (earlier.kind == error.kind && earlier.args == error.args)
            return;
    m_query.warnings.push_back(std::move(error.at(m_storedCalls.empty() ? span : m_storedCalls.front().span)));
}

std::string QueryBinder::text(SourceSpan span) const
{
    const std::string_view all = m_storedCalls.empty() ? std::string_view(m_tree->text()) : std::string_view();
    std::string part(all.substr(std::min(span.start, all.size()), span.length));
    if (part.size() > 40)
        part = part.substr(0, 37) + "…";
    return part;
}

QueryBinder::Node QueryBinder::newNode(PlanNode::Kind kind, SourceSpan span, std::initializer_list<PlanPtr> inputs)
{
    auto node = std::make_shared<PlanNode>();
    node->kind = kind;
    node->span = span;
    node->inputs.assign(inputs.begin(), inputs.end());
    ++m_nodeCount;
    checkPlanSize(span);
    return node;
}

void QueryBinder::checkPlanSize(SourceSpan span)
{
    if (m_nodeCount == kMaxPlanNodes + 1)
        report(makeError(kTooLarge), span);
}

void QueryBinder::bindStatement(const StatementSyntax& statement, const ScopePtr& scope)
{
    switch (statement.kind) {
    case StatementSyntax::Kind::Query: bindQueryStatement(*statement.expression, scope); return;
    case StatementSyntax::Kind::Let: bindLet(statement, scope); return;
    case StatementSyntax::Kind::QueryParameters: bindParameters(statement, scope); return;
    case StatementSyntax::Kind::Alias: {
        Symbol symbol;
        symbol.kind = Symbol::Kind::Database;
        scope->define(statement.name.text, std::move(symbol));
        return;
    }
    case StatementSyntax::Kind::Command: report(makeError(kControlCommand, statement.command->verb.text), statement.command->verb.span); return;
    case StatementSyntax::Kind::Set: m_settings.insert_or_assign(statement.name.text, statement.expression); return; // most of them change no answer
    case StatementSyntax::Kind::Restrict: bindRestrict(statement, scope); return;
    case StatementSyntax::Kind::Pattern: bindPatternStatement(statement, scope); return;
    }
}

bool QueryBinder::isSet(std::string_view property) const
{
    const auto set = m_settings.find(property);
    if (set == m_settings.end())
        return false;
    const ExpressionSyntax* value = set->second;
    return !value || (value->kind == Kind::Literal && value->value.type() == DataType::Bool && !value->value.isNull() && value->value.asBool());
}

bool QueryBinder::reachesEnd(SourceSpan span) const
{
    const auto& tokens = m_tree->tokens();
    const auto last = std::find_if(tokens.rbegin(), tokens.rend(), [](const Token& token) { return !token.isTrivia() && token.kind != TokenKind::End; });
    return last == tokens.rend() || span.end() > last->span.start;
}

void QueryBinder::bindLet(const StatementSyntax& statement, const ScopePtr& scope)
{
    if (bindEntityGroup(statement, scope))
        return;
    const bool later = m_options.endOnly && !reachesEnd(statement.span); // bound where it is used, if anywhere
    const ExpressionSyntax& expression = *statement.expression;
    Symbol symbol;
    symbol.scope = scope;
    symbol.syntax = &expression;
    symbol.functionName = statement.name.text;
    if (expression.kind == Kind::Function) {
        symbol.kind = Symbol::Kind::Function;
        if (observer() && !later)
            observeFunction(expression, scope);
    } else if (!later && expression.kind == Kind::Call && expression.arguments[0]->kind == Kind::Name && expression.arguments[0]->name.text == "materialize" &&
               expression.arguments.size() == 2) {
        symbol.kind = Symbol::Kind::Shared;
        symbol.shared = bindTable(*expression.arguments[1], scope);
        symbol.sharedKey = "let:" + statement.name.text + ":" + std::to_string(m_nextShared++);
    } else if (isTabular(expression, scope)) {
        symbol.kind = Symbol::Kind::Tabular;
        // Names see what stood above this let, not what a later let of the same name says.
        const ScopePtr frozen = &m_scopes.emplace_back(*scope);
        symbol.scope = frozen;
        if (later)
            return define(scope, statement.name, std::move(symbol));
        const std::size_t errors = m_query.errors.size();
        symbol.fresh = bindTable(expression, frozen);
        const bool missingTable = std::any_of(m_query.errors.begin() + static_cast<std::ptrdiff_t>(errors), m_query.errors.end(),
                                              [](const Error& e) { return e.kind == &kUnknownTable; });
        if (missingTable) { // comes up again where it is used, unless that is a union that does not mind
            for (std::size_t i = errors; i < m_query.errors.size(); ++i)
                m_reported.erase({m_query.errors[i].span->start, m_query.errors[i].code()});
            m_query.errors.resize(errors);
            symbol.fresh.reset();
        }
    } else {
        symbol.kind = Symbol::Kind::Scalar;
        symbol.scalar = foldConstant(bindScalar(expression, {}, scope));
    }
    define(scope, statement.name, std::move(symbol));
}

void QueryBinder::bindParameters(const StatementSyntax& statement, const ScopePtr& scope)
{
    for (const auto& parameter : statement.parameters) {
        Symbol symbol;
        const DataType type = parameter.type.value_or(DataType::String);
        symbol.scalar = m_bad;
        if (const auto given = m_options.parameters.find(parameter.name.text); given != m_options.parameters.end()) {
            const auto tree = parseQuery("print " + given->second);
            const bool literalText = tree->errors().empty() && tree->statements().size() == 1;
            ExpressionPtr value;
            if (type != DataType::String && literalText) {
                m_otherTrees.push_back(tree);
                noteMentions(*tree);
                const auto* pipeline = tree->statements()[0]->expression->pipeline;
                if (pipeline && !pipeline->operators.empty() && !pipeline->operators[0]->expressions.empty())
                    value = bindScalar(*pipeline->operators[0]->expressions[0], {}, m_global);
            }
            if (!value || isBad(value))
                value = literal(Value::string(given->second), parameter.span);
            symbol.scalar = convertExpression(value, type);
        } else if (parameter.defaultValue) {
            symbol.scalar = convertExpression(bindScalar(*parameter.defaultValue, {}, scope), type);
        } else {
            report(makeError(kMissingParameter, parameter.name.text), parameter.span);
        }
        define(scope, parameter.name, std::move(symbol));
    }
}

void QueryBinder::define(const ScopePtr& scope, const NameSyntax& name, Symbol symbol)
{
    if (observer() && !name.missing()) {
        observer()->symbolMade(name.span, name.text, symbol);
        if (symbol.fresh)
            observer()->tableMade(name.span, *symbol.fresh);
        else if (symbol.kind == Symbol::Kind::Shared)
            observer()->tableMade(name.span, symbol.shared);
    }
    scope->define(name.text, std::move(symbol));
}

void QueryBinder::bindQueryStatement(const ExpressionSyntax& expression, const ScopePtr& scope)
{
    if (expression.kind == Kind::Missing)
        return;
    const PipelineSyntax* pipeline = expression.kind == Kind::Pipeline ? expression.pipeline : nullptr;
    const OperatorSyntax* last = pipeline && !pipeline->operators.empty() ? pipeline->operators.back() : nullptr;
    if (last && (last->kind == OperatorSyntax::Kind::Fork || last->kind == OperatorSyntax::Kind::Facet) && (pipeline->source || pipeline->operators.size() > 1)) {
        PipelineSyntax head = *pipeline;
        head.operators.pop_back();
        const Relation input = bindPipeline(head, scope, {});
        return last->kind == OperatorSyntax::Kind::Fork ? bindFork(input, *last, scope) : bindFacet(input, *last, scope);
    }
    if (!isTabular(expression, scope)) {
        // A scalar on its own is an answer of one value, except a lone name, which was meant as a table.
        const ExpressionPtr value = expression.kind == Kind::Name ? nullptr : bindScalar(expression, {}, scope);
        if (value) {
            Node rows = newNode(PlanNode::Kind::Rows, expression.span);
            rows->rows.push_back({});
            Relation input{rows};
            return addResult(project(input, {{newColumn("print_0", value->type), value}}, expression.span));
        }
    }
    addResult(bindTable(expression, scope));
    if (last && last->kind == OperatorSyntax::Kind::Evaluate)
        for (const Relation& further : std::exchange(m_pluginResults, {}))
            addResult(further);
    if (last && last->kind == OperatorSyntax::Kind::Render && !m_query.results.empty())
        bindRender(*last, m_query.results.back());
}

void QueryBinder::addResult(Relation relation, std::string name)
{
    const std::vector<PlanColumn> columns = visible(relation);
    if (columns.size() != relation.plan->columns.size()) { // the hidden column must not be seen
        std::vector<Assignment> assignments;
        for (const PlanColumn& column : columns)
            assignments.push_back(keep(column));
        relation = project(relation, std::move(assignments), relation.plan->span);
    }
    BoundResult result;
    result.plan = relation.plan;
    if (!name.empty())
        result.name = std::move(name);
    else if (!m_query.results.empty())
        result.name = "Result_" + std::to_string(m_query.results.size() + 1);
    if (const PlanNode* node = relation.plan.get(); node->kind == PlanNode::Kind::Named)
        result.name = node->name;
    m_query.results.push_back(std::move(result));
}

void QueryBinder::bindFork(const Relation& input, Op op, const ScopePtr& scope)
{
    const std::string key = "fork:" + std::to_string(m_nextShared++);
    for (std::size_t i = 0; i < op.branches.size(); ++i) {
        const Relation rows = share(input, key, op.span);
        const auto& branch = op.branches[i];
        addResult(bindPipeline(*branch.query, scope, {}, &rows), branch.name.missing() ? "GenericResult_" + std::to_string(i + 1) : branch.name.text);
    }
}

void QueryBinder::bindFacet(const Relation& input, Op op, const ScopePtr& scope)
{
    const std::string key = "facet:" + std::to_string(m_nextShared++);
    if (op.subquery) {
        const Relation rows = share(input, key, op.span);
        addResult(bindPipeline(*op.subquery, scope, {}, &rows), "facet:with");
    }
    for (const ExpressionSyntax* by : op.by)
        for (const PlanColumn& wanted : matchColumns(*by, visible(input))) {
            const Relation rows = share(input, key, op.span);
            OperatorSyntax summarize;
            summarize.kind = OperatorSyntax::Kind::Summarize;
            summarize.span = op.span;
            ExpressionSyntax column, callee, call;
            column.kind = callee.kind = Kind::Name;
            column.name.text = wanted.name;
            callee.name.text = "count";
            column.span = callee.span = call.span = by->span;
            call.kind = Kind::Call;
            call.arguments = {&callee};
            summarize.expressions = {&call};
            summarize.by = {&column};
            addResult(bindSummarize(rows, summarize, scope, {}), "facet:" + wanted.name);
        }
}

void QueryBinder::bindRender(Op op, BoundResult& result)
{
    result.visualization = op.visualization.text;
    for (const ParameterSyntax& property : op.parameters) {
        std::string joined;
        for (const ExpressionSyntax* value : property.value->arguments) {
            if (!joined.empty())
                joined += ',';
            joined += value->kind == Kind::Name ? value->name.text : value->kind == Kind::Literal ? value->value.toString() : text(value->span);
        }
        result.visualizationProperties[property.name.text] = joined;
    }
}

} // namespace tocsin::kql
