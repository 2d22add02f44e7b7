// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Parser.h"

#include "base/Utf8.h"

#include <algorithm>
#include <array>

namespace tocsin::kql {

namespace {

struct OperatorWord {
    std::string_view word;
    OperatorSyntax::Kind kind;
};

using Op = OperatorSyntax::Kind;
/// The first word of each kind is its name; others are old spellings.
constexpr OperatorWord kOperators[] = {
    {"where", Op::Where}, {"filter", Op::Where}, {"extend", Op::Extend}, {"project", Op::Project}, {"project-away", Op::ProjectAway},
    {"project-keep", Op::ProjectKeep}, {"project-rename", Op::ProjectRename}, {"project-reorder", Op::ProjectReorder},
    {"project-smart", Op::ProjectSmart}, {"project-by-names", Op::ProjectByNames}, {"summarize", Op::Summarize}, {"sort", Op::Sort},
    {"order", Op::Sort}, {"top", Op::Top}, {"top-nested", Op::TopNested}, {"top-hitters", Op::TopHitters}, {"take", Op::Take},
    {"limit", Op::Take}, {"count", Op::Count}, {"distinct", Op::Distinct}, {"sample", Op::Sample}, {"sample-distinct", Op::SampleDistinct},
    {"join", Op::Join}, {"lookup", Op::Lookup}, {"union", Op::Union}, {"find", Op::Find}, {"search", Op::Search},
    {"mv-expand", Op::MvExpand}, {"mvexpand", Op::MvExpand}, {"mv-apply", Op::MvApply}, {"mvapply", Op::MvApply}, {"parse", Op::Parse},
    {"parse-where", Op::ParseWhere}, {"parse-kv", Op::ParseKv}, {"make-series", Op::MakeSeries}, {"partition", Op::Partition},
    {"__partitionby", Op::Partition}, {"fork", Op::Fork}, {"facet", Op::Facet}, {"scan", Op::Scan}, {"serialize", Op::Serialize}, {"serialise", Op::Serialize},
    {"reduce", Op::Reduce}, {"invoke", Op::Invoke}, {"evaluate", Op::Evaluate}, {"print", Op::Print}, {"range", Op::Range},
    {"render", Op::Render}, {"as", Op::As}, {"consume", Op::Consume}, {"getschema", Op::GetSchema}, {"macro-expand", Op::MacroExpand},
    {"execute-and-cache", Op::ExecuteAndCache}, {"__executeAndCache", Op::ExecuteAndCache}, {"assert-schema", Op::AssertSchema}, {"make-graph", Op::MakeGraph},
    {"graph-match", Op::GraphMatch}, {"graph-shortest-paths", Op::GraphShortestPaths}, {"graph-to-table", Op::GraphToTable},
    {"graph-mark-components", Op::GraphMarkComponents}, {"graph-merge", Op::GraphMerge}, {"graph-where-nodes", Op::GraphWhereNodes},
    {"graph-where-edges", Op::GraphWhereEdges}};

/// What the word was probably meant to be, as ` (did you mean 'x'?)`.
std::string suggestion(std::string_view word)
{
    for (const OperatorWord& candidate : kOperators) {
        if (equalsIgnoringCase(candidate.word, word))
            return ": did you mean '" + std::string(candidate.word) + "'?";
        if (word.size() >= 3 && candidate.word.size() > 3 && (candidate.word.starts_with(word) || word.starts_with(candidate.word)))
            return ": did you mean '" + std::string(candidate.word) + "'?";
    }
    return {};
}

} // namespace

std::string_view operatorName(OperatorSyntax::Kind kind)
{
    for (const OperatorWord& candidate : kOperators)
        if (candidate.kind == kind)
            return candidate.word;
    return "operator";
}

bool Parser::atPrefixOperator() const
{
    if (!atKind(TokenKind::Identifier) || !atAny({"print", "range", "union", "search", "find", "evaluate", "macro-expand"}))
        return false;
    if (at("range"))
        return atName(1) && at("from", 2);
    if (at("evaluate"))
        return atKind(TokenKind::Identifier, 1);
    if (at("print") || at("union") || at("macro-expand"))
        return !atKind(TokenKind::End, 1) && !(atKind(TokenKind::Operator, 1) && !at("(", 1) && !at("[", 1) && !at("*", 1) && !at("-", 1) && !at("+", 1));
    // search and find: a name when an operator or the end of an argument follows
    return !(atKind(TokenKind::Operator, 1) && !at("(", 1) && !at("*", 1) && !at("[", 1)) && !atKind(TokenKind::End, 1);
}

Parser::Expr Parser::pipelineExpression()
{
    const Deeper deeper(*this);
    const std::size_t start = here();
    if (tooDeep())
        return expression(Kind::Missing, start);
    if (atPrefixOperator()) {
        ExpressionSyntax* node = expression(Kind::Pipeline, start);
        PipelineSyntax* pipeline = make<PipelineSyntax>(start);
        pipeline->operators.push_back(tabularOperator());
        operatorChain(*pipeline);
        node->pipeline = done(pipeline);
        return done(node);
    }
    const Expr source = scalar();
    if (!at("|"))
        return source;
    ExpressionSyntax* node = expression(Kind::Pipeline, start);
    PipelineSyntax* pipeline = make<PipelineSyntax>(start);
    pipeline->source = source;
    operatorChain(*pipeline);
    node->pipeline = done(pipeline);
    return done(node);
}

void Parser::operatorChain(PipelineSyntax& pipeline)
{
    while (at("|")) {
        take();
        if (pipeline.operators.size() >= kMaxOperators) {
            report(makeError(kTooLong), peek().span);
            m_stopped = true;
            m_at = m_tokens.size() - 1;
            return;
        }
        pipeline.operators.push_back(tabularOperator());
    }
}

const PipelineSyntax* Parser::subPipeline()
{
    const Deeper deeper(*this);
    PipelineSyntax* pipeline = make<PipelineSyntax>(here());
    if (tooDeep())
        return pipeline;
    const bool known = std::any_of(std::begin(kOperators), std::end(kOperators), [this](const OperatorWord& w) { return at(w.word); });
    if (known && !(at("count") && at("(", 1)))
        pipeline->operators.push_back(tabularOperator());
    else if (at("|"))
        ;
    else
        pipeline->source = scalar();
    operatorChain(*pipeline);
    return done(pipeline);
}

const OperatorSyntax* Parser::tabularOperator()
{
    const Deeper deeper(*this);
    OperatorSyntax* op = make<OperatorSyntax>(here());
    op->keyword = peek().span;
    if (tooDeep())
        return op;
    if (!atKind(TokenKind::Identifier)) {
        expected("an operator");
        synchronize();
        return done(op);
    }
    const std::string_view word = textAt();
    for (const OperatorWord& candidate : kOperators)
        if (candidate.word == word)
            op->kind = candidate.kind;
    if (op->kind == Op::Kind::Bad) {
        report(makeError(kUnknownOperator, std::string(word), suggestion(word)), peek().span);
        synchronize();
        return done(op);
    }
    take();
    operatorBody(*op);
    if (m_panic)
        synchronize();
    else if (!atAny({"|", ";", ")", "}", "]"}) && !atEnd() && !at(",")) {
        report(makeError(kUnexpected, describe(peek())), peek().span);
        synchronize();
    }
    return done(op);
}

void Parser::operatorBody(OperatorSyntax& op)
{
    switch (op.kind) {
    case Op::Kind::Where: parameters(op, {}); op.expressions = {namedExpression()}; break;
    case Op::Kind::Extend: parameters(op, {}); simpleExpressions(op, &Parser::namedExpression); break;
    case Op::Kind::Project:
        if (!atAny({"|", ";", ")", "}"}) && !atEnd())
            simpleExpressions(op, &Parser::namedExpression);
        break;
    case Op::Kind::Print: simpleExpressions(op, &Parser::namedExpression); break;
    case Op::Kind::ProjectRename: case Op::Kind::ProjectSmart: case Op::Kind::ProjectByNames:
        simpleExpressions(op, &Parser::namedExpression);
        break;
    case Op::Kind::ProjectAway: case Op::Kind::ProjectKeep: simpleExpressions(op, &Parser::wildcardExpression); break;
    case Op::Kind::ProjectReorder:
        do {
            OrderSyntax item;
            item.expression = wildcardExpression();
            if (atAny({"asc", "desc", "granny-asc", "granny-desc"})) {
                item.naturalOrder = textAt().starts_with("granny");
                item.descending = textAt().ends_with("desc");
                take();
            }
            op.orders.push_back(item);
        } while (accept(","));
        break;
    case Op::Kind::Summarize: parseSummarize(op); break;
    case Op::Kind::Sort:
        parameters(op, {});
        if (expect("by"))
            op.orders = orders();
        break;
    case Op::Kind::Top: parseTop(op); break;
    case Op::Kind::TopNested: parseTopNested(op); break;
    case Op::Kind::TopHitters: parseTopHitters(op); break;
    case Op::Kind::Take: case Op::Kind::Sample: parameters(op, {}); op.count = scalar(); break;
    case Op::Kind::SampleDistinct: parseSampleDistinct(op); break;
    case Op::Kind::Count: parseCount(op); break;
    case Op::Kind::Distinct: parameters(op, {}); simpleExpressions(op, &Parser::namedExpression); break;
    case Op::Kind::Join: case Op::Kind::Lookup: parseJoin(op); break;
    case Op::Kind::Union: parseUnion(op); break;
    case Op::Kind::Find: parseFind(op); break;
    case Op::Kind::Search: parseSearch(op); break;
    case Op::Kind::MvExpand: case Op::Kind::MvApply: parseMvExpand(op); break;
    case Op::Kind::Parse: case Op::Kind::ParseWhere: parseParse(op); break;
    case Op::Kind::ParseKv: parseParseKv(op); break;
    case Op::Kind::MakeSeries: parseMakeSeries(op); break;
    case Op::Kind::Partition: parsePartition(op); break;
    case Op::Kind::Fork: parseFork(op); break;
    case Op::Kind::Facet: parseFacet(op); break;
    case Op::Kind::Scan: parseScan(op); break;
    case Op::Kind::Serialize:
        if (!atAny({"|", ";", ")", "}"}) && !atEnd())
            simpleExpressions(op, &Parser::namedExpression);
        break;
    case Op::Kind::Reduce: parseReduce(op); break;
    case Op::Kind::Invoke: op.expressions = {parsePostfix()}; break;
    case Op::Kind::Evaluate: parseEvaluate(op); break;
    case Op::Kind::Range: parseRange(op); break;
    case Op::Kind::Render: parseRender(op); break;
    case Op::Kind::As: parameters(op, {}); op.asName = name("a name"); break;
    case Op::Kind::Consume: parameters(op, {"decodeblocks"}); break;
    case Op::Kind::GetSchema: case Op::Kind::ExecuteAndCache:
        parameters(op, {"kind"});
        break;
    case Op::Kind::MacroExpand: parseMacroExpand(op); break;
    case Op::Kind::AssertSchema: parseAssertSchema(op); break;
    case Op::Kind::MakeGraph: parseMakeGraph(op); break;
    case Op::Kind::GraphMatch: case Op::Kind::GraphShortestPaths: parseGraphMatch(op); break;
    case Op::Kind::GraphToTable: parseGraphToTable(op); break;
    case Op::Kind::GraphMarkComponents: parameters(op, {"kind", "with_component_id"}); break;
    case Op::Kind::GraphMerge: op.table = tableReference(); if (accept("on")) op.on = expressionList(&Parser::scalar); break;
    case Op::Kind::GraphWhereNodes: case Op::Kind::GraphWhereEdges: op.expressions = {scalar()}; break;
    case Op::Kind::Bad: break;
    }
}

// --- Pieces that many operators share.

void Parser::simpleExpressions(OperatorSyntax& op, Expr (Parser::*item)())
{
    if (op.kind == Op::Kind::Distinct && at("*") && !atKind(TokenKind::Identifier, 1)) {
        op.expressions = {parsePrimary()};
        return;
    }
    op.expressions = expressionList(item);
}

void Parser::parameters(OperatorSyntax& op, std::initializer_list<std::string_view> names)
{
    while (atKind(TokenKind::Identifier)) {
        const bool hint = textAt() == "hint" && at(".", 1);
        const bool known = std::find(names.begin(), names.end(), textAt()) != names.end() && at("=", 1);
        // Old spelling of `hint.strategy=`, and the two hints that stand alone.
        const bool old = at("=", 1) && (textAt() == "__isFuzzy" || textAt() == "__crossCluster" || textAt() == "__crossDB");
        if (!hint && !known && !old)
            return;
        op.parameters.push_back(parameter());
    }
}

ParameterSyntax Parser::parameter()
{
    ParameterSyntax result;
    const std::size_t start = here();
    result.name = dottedName();
    if (expect("=")) {
        if (atKind(TokenKind::Identifier) || (at("[") && atKind(TokenKind::String, 1))) {
            ExpressionSyntax* value = expression(Kind::Name, here());
            if (atAny({"true", "false"})) {
                value->kind = Kind::Literal;
                value->value = Value::boolean(take().text(m_text) == "true");
            } else if (at("dynamic")) {
                result.value = parsePostfix();
                result.span = spanFrom(start);
                return result;
            } else {
                value->name = name("a value");
            }
            result.value = done(value);
        } else {
            result.value = parseUnary();
        }
    } else {
        result.value = expression(Kind::Missing, here());
    }
    result.span = spanFrom(start);
    return result;
}

OrderSyntax Parser::order()
{
    OrderSyntax result;
    result.expression = namedExpression();
    if (atAny({"asc", "desc"}))
        result.descending = take().text(m_text) == "desc";
    if (at("nulls") && (at("first", 1) || at("last", 1))) {
        take();
        result.nullsFirst = take().text(m_text) == "first";
    }
    return result;
}

std::vector<OrderSyntax> Parser::orders()
{
    std::vector<OrderSyntax> result;
    do
        result.push_back(order());
    while (accept(","));
    return result;
}

Parser::Expr Parser::wildcardExpression()
{
    if (atName() || at("*")) {
        const bool plain = atKind(TokenKind::Identifier) && (at("(", 1) || at(".", 1) || at("[", 1));
        if (!plain) {
            ExpressionSyntax* node = expression(Kind::Name, here());
            node->name = name("a column name", true);
            return done(node);
        }
    }
    return parsePostfix();
}

Parser::Expr Parser::tableReference()
{
    if (at("("))
        return parenthesis();
    if (atKind(TokenKind::Identifier) && at("*", 1) && isAdjacent(1))
        return wildcardExpression();
    if (at("*"))
        return wildcardExpression();
    // `database("d").T*`: the last name may be a wildcard.
    const Expr table = parsePostfix();
    if (at("*") && table->kind == Kind::Member && peek().span.start == m_lastEnd) {
        ExpressionSyntax* node = expression(Kind::Member, table->span.start);
        node->arguments = table->arguments;
        node->name = table->name;
        do {
            node->name.text += take().text(m_text);
            node->name.wildcard = true;
        } while (peek().span.start == m_lastEnd && (at("*") || atKind(TokenKind::Identifier)));
        return done(node);
    }
    return table;
}

} // namespace tocsin::kql
