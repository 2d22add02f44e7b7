// SPDX-License-Identifier: GPL-3.0-or-later
// Pipelines, and the operators made of plain lists.
#include "kql/syntax/Parser.h"

#include "base/Utf8.h"
#include "kql/syntax/Keywords.h"
#include "kql/syntax/Suggestion.h"

#include <algorithm>
#include <utility>

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
    {"__executeAndCache", Op::ExecuteAndCache}, {"assert-schema", Op::AssertSchema}, {"make-graph", Op::MakeGraph},
    {"graph-match", Op::GraphMatch}, {"graph-shortest-paths", Op::GraphShortestPaths}, {"graph-to-table", Op::GraphToTable},
    {"graph-mark-components", Op::GraphMarkComponents}, {"graph-merge", Op::GraphMerge}, {"graph-where-nodes", Op::GraphWhereNodes},
    {"graph-where-edges", Op::GraphWhereEdges}};

/// The operator that the word was probably meant to be, as didYouMean() says it: one that goes on from it, or else is spelt much like it.
std::string suggestion(std::string_view word)
{
    std::vector<std::string> names;
    for (const OperatorWord& candidate : kOperators)
        if (candidate.word == operatorName(candidate.kind) && !candidate.word.starts_with('_'))
            names.emplace_back(candidate.word);
    std::vector<std::string> begins;
    for (const std::string& name : names)
        if (equalsIgnoringCase(name, word) || (word.size() >= 3 && name.size() > 3 && (name.starts_with(word) || word.starts_with(name))))
            begins.push_back(name);
    return begins.empty() ? didYouMean(word, names) : saysDidYouMean(begins.front());
}

} // namespace

std::string_view operatorName(OperatorSyntax::Kind kind)
{
    for (const OperatorWord& candidate : kOperators)
        if (candidate.kind == kind)
            return candidate.word;
    return "operator";
}

bool Parser::atOperatorWord() const
{
    return atWord() && std::any_of(std::begin(kOperators), std::end(kOperators), [text = textAt()](const OperatorWord& w) { return text == w.word; });
}

/// Whether an operator stands here without anything to work on. Words that may be names must show by what follows.
bool Parser::atSourceOperator() const
{
    if (!atOperatorWord())
        return false;
    const std::size_t name = nameLength(1);
    if (at("evaluate"))
        return name || (at("hint", 1) && at(".", 2));
    if (at("facet") || at("reduce"))
        return at("by", 1) || (at("kind", 1) && at("=", 2));
    if (at("partition"))
        return at("by", 1) || (at("hint", 1) && at(".", 2));
    if (at("range"))
        return name && at("from", 1 + name);
    if (at("render"))
        return atWord(1);
    return classifyWord(textAt()) == WordClass::Reserved || classifyWord(textAt()) == WordClass::Declared;
}

Parser::Expr Parser::pipelineExpression()
{
    const Deeper deeper(*this);
    const std::size_t start = here();
    note(&Expectation::table);
    if (tooDeep())
        return expression(Kind::Missing, start);
    if (atSourceOperator()) {
        PipelineSyntax* pipeline = make<PipelineSyntax>(start);
        pipeline->operators.push_back(tabularOperator());
        return pipelineFrom(nullptr, pipeline);
    }
    const Expr source = scalar();
    return at("|") && !m_panic ? pipelineFrom(source, make<PipelineSyntax>(start)) : source;
}

Parser::Expr Parser::pipelineFrom(Expr source, PipelineSyntax* pipeline)
{
    ExpressionSyntax* node = expression(Kind::Pipeline, pipeline->span.start);
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
    note(&Expectation::operatorName);
    if (at("__contextual_datatable"))
        pipeline->source = contextualDataTable();
    else if (atOperatorWord() && !(atAny({"count", "range"}) && at("(", 1)) && !(at("|", 1) && nameLength() && !atAny({"count", "getschema", "consume", "serialize"})))
        pipeline->operators.push_back(tabularOperator());
    else
        pipeline->source = scalar();
    if (m_panic)
        synchronize();
    operatorChain(*pipeline);
    return done(pipeline);
}

/// `(operators)`, behind mv-apply, partition and the like.
void Parser::parenthesizedQuery(OperatorSyntax& op)
{
    if (!expect("("))
        return;
    note(&Expectation::operatorName);
    // Only partition also takes a query of its own; the others go on from the rows at hand.
    if (op.kind != Op::Kind::Partition && !atOperatorWord() && !at("__contextual_datatable"))
        expected("an operator");
    op.subquery = subPipeline();
    expect(")");
}

const OperatorSyntax* Parser::tabularOperator()
{
    const Deeper deeper(*this);
    OperatorSyntax* op = make<OperatorSyntax>(here());
    op->keyword = peek().span;
    if (tooDeep())
        return op;
    note(&Expectation::operatorName);
    if (!atWord()) {
        expected("an operator");
        synchronize();
        return done(op);
    }
    const std::string_view word = textAt();
    for (const OperatorWord& candidate : kOperators)
        if (candidate.word == word)
            op->kind = candidate.kind;
    if (op->kind == Op::Kind::Bad || (at("(", 1) && (op->kind == Op::Kind::Count || op->kind == Op::Kind::Range))) {
        op->kind = Op::Kind::Bad;
        report(makeError(kUnknownOperator, std::string(word), suggestion(word)), peek().span);
        synchronize();
        return done(op);
    }
    take();
    const bool aggregates = std::exchange(m_aggregates, false);
    operatorBody(*op);
    m_aggregates = aggregates;
    noteOperator(op);
    operatorEnd();
    return done(op);
}

/// Nothing but the end of an operator may follow.
void Parser::operatorEnd()
{
    if (!m_panic && !atListEnd() && !at(","))
        report(makeError(kUnexpected, describe(peek())), atExpressionStart() ? gap() : peek().span);
    if (m_panic)
        synchronize();
}

void Parser::operatorBody(OperatorSyntax& op)
{
    switch (op.kind) {
    case Op::Kind::Join: case Op::Kind::Lookup: return parseJoin(op);
    case Op::Kind::Union: return parseUnion(op);
    case Op::Kind::Find: return parseFind(op);
    case Op::Kind::Search: return parseSearch(op);
    case Op::Kind::Summarize: return parseSummarize(op);
    case Op::Kind::MakeSeries: return parseMakeSeries(op);
    case Op::Kind::Partition: return op.keyword.length == std::string_view("partition").size() ? parsePartition(op) : parsePartitionBy(op);
    case Op::Kind::Fork: return parseFork(op);
    case Op::Kind::Facet: return parseFacet(op);
    case Op::Kind::Scan: return parseScan(op);
    case Op::Kind::Reduce: return parseReduce(op);
    case Op::Kind::Invoke: return parseInvoke(op);
    case Op::Kind::Evaluate: return parseEvaluate(op);
    case Op::Kind::Range: return parseRange(op);
    case Op::Kind::Render: return parseRender(op);
    case Op::Kind::MacroExpand: return parseMacroExpand(op);
    case Op::Kind::AssertSchema: op.columns = rowSchema(&op.openColumns); return;
    case Op::Kind::MakeGraph: return parseMakeGraph(op);
    case Op::Kind::GraphMatch: case Op::Kind::GraphShortestPaths: return parseGraphMatch(op);
    case Op::Kind::GraphToTable: return parseGraphToTable(op);
    case Op::Kind::GraphMarkComponents: return parameters(op, {"kind", "with_component_id"});
    case Op::Kind::GraphMerge:
        op.table = unionOperand();
        if (accept("on"))
            op.on = expressionList(&Parser::scalar);
        return;
    case Op::Kind::GraphWhereNodes: case Op::Kind::GraphWhereEdges: op.expressions = {scalar()}; return;
    case Op::Kind::MvExpand: return parseMvExpand(op);
    case Op::Kind::MvApply: return parseMvApply(op);
    case Op::Kind::Parse: case Op::Kind::ParseWhere: return parseParse(op);
    case Op::Kind::ParseKv: return parseParseKv(op);
    default: return columnOperatorBody(op);
    }
}

void Parser::columnOperatorBody(OperatorSyntax& op)
{
    switch (op.kind) {
    case Op::Kind::Extend: case Op::Kind::Print: op.expressions = expressionList(&Parser::namedExpression); return;
    case Op::Kind::Project: case Op::Kind::ProjectRename:
        if (atItems())
            op.expressions = expressionList(&Parser::namedExpression);
        return;
    case Op::Kind::ProjectByNames: case Op::Kind::ProjectSmart:
        if (atItems())
            op.expressions = expressionList(&Parser::scalar);
        return;
    case Op::Kind::ProjectAway: case Op::Kind::ProjectKeep:
        if (atItems())
            op.expressions = expressionList(&Parser::columnPattern);
        return;
    case Op::Kind::ProjectReorder: return reorderColumns(op);
    case Op::Kind::Distinct:
        parameters(op, {});
        do
            op.expressions.push_back(at("*") ? starExpression() : namedExpression());
        while (accept(","));
        return;
    case Op::Kind::Serialize:
        parameters(op, {});
        if (atItems())
            op.expressions = expressionList(&Parser::namedExpression);
        return;
    default: return rowOperatorBody(op);
    }
}

void Parser::rowOperatorBody(OperatorSyntax& op)
{
    switch (op.kind) {
    case Op::Kind::Where: parameters(op, {}); op.expressions = {namedExpression()}; return;
    case Op::Kind::Sort:
        parameters(op, {});
        if (expect("by"))
            op.orders = orders();
        return;
    case Op::Kind::Top: return parseTop(op);
    case Op::Kind::TopNested: return parseTopNested(op);
    case Op::Kind::TopHitters: return parseTopHitters(op);
    case Op::Kind::Take: case Op::Kind::Sample: parameters(op, {}); op.count = namedExpression(); return;
    case Op::Kind::SampleDistinct: return parseSampleDistinct(op);
    case Op::Kind::Count: return parseCount(op);
    case Op::Kind::As: parameters(op, {}); op.asName = name("a name"); return;
    case Op::Kind::Consume: return parameters(op, {"decodeblocks"});
    case Op::Kind::GetSchema: return parameters(op, {"kind"});
    default: return;
    }
}

// --- Pieces that several operators share.

void Parser::reorderColumns(OperatorSyntax& op)
{
    if (atListEnd() && !probing())
        return;
    do {
        OrderSyntax item;
        item.expression = columnPattern();
        if (atAny({"asc", "desc", "granny-asc", "granny-desc"})) {
            item.naturalOrder = textAt().starts_with("granny");
            item.descending = textAt().ends_with("desc");
            take();
        }
        op.orders.push_back(item);
    } while (accept(","));
}

OrderSyntax Parser::order()
{
    OrderSyntax result;
    result.expression = namedExpression();
    if (atAny({"asc", "desc", "granny-asc", "granny-desc"})) {
        result.naturalOrder = textAt().starts_with("granny");
        result.descending = take().text(m_text).ends_with("desc");
    }
    if (accept("nulls")) {
        result.nullsFirst = at("first");
        if (!accept("first") && !accept("last"))
            expected("'first' or 'last'");
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

} // namespace tocsin::kql
