// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Evaluator.h"

#include "column/Extension.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace tocsin::kql {
namespace {

/// A dictionary larger than this many times the rows at hand is not worth computing as a whole; the batches of one segment share
/// their dictionary, so the work is done once for all sixteen.
constexpr std::size_t kDictionaryWorth = 16;

/// How many rows a call takes to begin with: all, unless they read long text (each row a long constant, say) or make lists out of numbers
/// (range() and its like).
std::size_t firstStep(std::span<const Vector> arguments, DataType result, std::size_t rows)
{
    constexpr std::size_t kLongBytes = 256 << 10, kLongConstant = 4 << 10, kStepBytes = 64 << 10, kMostRows = 512, kListRows = 1;
    std::size_t bytes = 0;
    bool readsText = false;
    for (const Vector& argument : arguments) {
        if (!isTextual(argument.type()) || rows == 0)
            continue;
        const VectorReader<std::string_view> reader(argument);
        if (argument.isConstant()) {
            bytes += reader[0].size() > kLongConstant ? reader[0].size() * rows : 0;
            continue;
        }
        readsText = true;
        for (std::size_t row = 0; row < rows; ++row)
            bytes += reader[row].size();
    }
    if (bytes > kLongBytes)
        return std::clamp<std::size_t>(kStepBytes * rows / bytes, 1, kMostRows);
    return !readsText && result == DataType::Dynamic ? kListRows : rows;
}

/// What a kernel gives that was told to stop is no answer.
Result<Vector> callKernel(const Signature& signature, KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    Result<Vector> result = signature.kernel(context, arguments, rows);
    if (context.stop.stop_requested())
        return fail(kCancelled);
    return result;
}

} // namespace

const Vector& RowSet::column(std::size_t index)
{
    if (!m_batch.selection)
        return m_batch.columns[index];
    auto& gathered = m_gathered[index];
    if (!gathered)
        gathered = m_batch.columns[index].gather(*m_batch.selection);
    return *gathered;
}

struct Evaluator::Node {
    enum class Kind { Constant, Column, Call, Convert };
    Kind kind = Kind::Constant;
    DataType type = DataType::String;
    Value value = Value::null(DataType::String);
    Vector constant;
    std::size_t column = 0;
    const ScalarFunction* function = nullptr;
    const Signature* signature = nullptr;
    KernelContext context;
    std::vector<std::unique_ptr<Node>> arguments;
    bool perDictionaryValue = false;
    std::shared_ptr<const Vector> lastDictionary; ///< the dictionary `lastValues` were computed for
    std::shared_ptr<const Vector> dictionaryBefore; ///< of the rows before, which were computed one by one
    std::size_t rowsBefore = 0;                     ///< with that dictionary
    std::shared_ptr<const Vector> lastValues;

    void becomeConstant(Value v)
    {
        kind = Kind::Constant;
        constant = Vector::constant(v, 1);
        value = std::move(v);
        arguments.clear();
    }
};

Evaluator::Evaluator(std::unique_ptr<Node> root, Run& run) : m_root(std::move(root)), m_run(&run) {}
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;
Evaluator::~Evaluator() = default;

Result<Vector> Evaluator::invoke(Node& node, std::span<const Vector> arguments, std::size_t rows)
{
    if (node.kind == Node::Kind::Convert)
        return convertVector(arguments[0], node.type);
    std::size_t step = node.function->has(FunctionTrait::Window) ? rows : firstStep(arguments, node.type, rows);
    if (step >= rows)
        return callKernel(*node.signature, node.context, arguments, rows);
    // A query that is stopped must not wait for a whole batch of long values.
    constexpr std::chrono::milliseconds kShort{2}, kLong{20};
    const std::uint64_t firstRow = node.context.firstRow;
    std::vector<Vector> results;
    std::vector<Vector> part(arguments.size());
    for (std::size_t start = 0; start < rows;) {
        const std::size_t count = std::min(step, rows - start);
        for (std::size_t i = 0; i < arguments.size(); ++i)
            part[i] = arguments[i].slice(start, count);
        node.context.firstRow = firstRow + start;
        const auto began = std::chrono::steady_clock::now();
        TOCSIN_TRY_ASSIGN(Vector result, callKernel(*node.signature, node.context, part, count));
        results.push_back(std::move(result));
        start += count;
        const auto took = std::chrono::steady_clock::now() - began;
        step = took < kShort ? step * 4 : took > kLong ? std::max<std::size_t>(1, step / 2) : step;
    }
    node.context.firstRow = firstRow;
    return concatenate(results);
}

Result<std::unique_ptr<Evaluator::Node>> Evaluator::compile(const Expression& expression, const Layout& layout, Run& run)
{
    auto node = std::make_unique<Node>();
    node->type = expression.type;
    switch (expression.kind) {
    case Expression::Kind::Literal: node->becomeConstant(expression.value); return node;
    case Expression::Kind::Column:
        if (!layout.contains(expression.column))
            return fail(kInternal, "an expression reads a column that its input does not have");
        node->kind = Node::Kind::Column;
        node->column = layout.indexOf(expression.column);
        return node;
    case Expression::Kind::Scalar:
    case Expression::Kind::ValueSet: return fail(kInternal, "a subquery was not computed before its use");
    case Expression::Kind::Call:
    case Expression::Kind::Convert: break;
    }
    node->kind = expression.kind == Expression::Kind::Call ? Node::Kind::Call : Node::Kind::Convert;
    node->function = expression.function;
    node->signature = expression.signature;
    node->context.now = run.options().now;
    node->context.seed = run.options().seed + 0x9E3779B97F4A7C15ULL * expression.column; // the binder numbers calls of random functions
    node->context.returnType = expression.type;
    node->context.stop = run.stopToken();
    node->context.databaseName = run.options().databaseName;
    bool allConstant = true;
    for (const ExpressionPtr& argument : expression.arguments) {
        TOCSIN_TRY_ASSIGN(auto child, compile(*argument, layout, run));
        allConstant = allConstant && child->kind == Node::Kind::Constant;
        node->arguments.push_back(std::move(child));
    }
    const bool pure = node->kind == Node::Kind::Convert
        || !(node->function->has(FunctionTrait::NonDeterministic) || node->function->has(FunctionTrait::Window));
    node->perDictionaryValue = pure;
    if (pure && allConstant) {
        std::vector<Vector> arguments;
        for (const auto& child : node->arguments)
            arguments.push_back(child->constant);
        auto result = invoke(*node, arguments, 1);
        if (!result) {
            Error error = std::move(result).error();
            if (!error.span)
                error.at(expression.span);
            return std::unexpected(std::move(error));
        }
        node->becomeConstant(result->valueAt(0));
    }
    return node;
}

Result<Evaluator> Evaluator::make(const Expression& expression, const Layout& layout, Run& run)
{
    TOCSIN_TRY_ASSIGN(auto root, compile(expression, layout, run));
    return Evaluator(std::move(root), run);
}

std::optional<std::size_t> Evaluator::passedColumn() const
{
    return m_root->kind == Node::Kind::Column ? std::optional(m_root->column) : std::nullopt;
}

const Value* Evaluator::constant() const { return m_root->kind == Node::Kind::Constant ? &m_root->value : nullptr; }

Result<Vector> Evaluator::evaluate(RowSet& rows) { return evaluate(*m_root, rows); }

Result<Vector> Evaluator::evaluate(Node& node, RowSet& rows)
{
    switch (node.kind) {
    case Node::Kind::Constant: return node.constant.resizedConstant(rows.rows());
    case Node::Kind::Column: return rows.column(node.column);
    case Node::Kind::Call:
    case Node::Kind::Convert: break;
    }
    std::vector<Vector> arguments;
    arguments.reserve(node.arguments.size());
    for (const auto& child : node.arguments) {
        TOCSIN_TRY_ASSIGN(Vector argument, evaluate(*child, rows));
        arguments.push_back(std::move(argument));
    }
    return call(node, std::move(arguments), rows.rows(), rows.firstRow());
}

Result<Vector> Evaluator::call(Node& node, std::vector<Vector> arguments, std::size_t rows, std::uint64_t firstRow)
{
    node.context.firstRow = firstRow;
    if (!node.perDictionaryValue)
        return invoke(node, arguments, rows);
    std::size_t dictionaries = 0;
    std::size_t place = 0;
    bool othersConstant = true;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i].isDictionary()) {
            ++dictionaries;
            place = i;
        } else {
            othersConstant = othersConstant && arguments[i].isConstant();
        }
    }
    if (dictionaries == 0 && othersConstant && !arguments.empty()) { // columns that happen to be constant in this batch
        for (Vector& argument : arguments)
            argument = argument.resizedConstant(1);
        TOCSIN_TRY_ASSIGN(Vector one, invoke(node, arguments, 1));
        return Vector::constant(one.valueAt(0), rows);
    }
    if (dictionaries != 1 || !othersConstant)
        return invoke(node, arguments, rows);

    const Vector column = arguments[place];
    const std::size_t values = column.dictionaryValues().size();
    if (node.lastDictionary != column.sharedDictionary()) {
        node.rowsBefore = node.dictionaryBefore == column.sharedDictionary() ? node.rowsBefore + rows : rows;
        node.dictionaryBefore = column.sharedDictionary();
        const std::size_t known = node.lastDictionary && extends(column.dictionaryValues(), *node.lastDictionary) ? node.lastDictionary->size() : 0;
        if (values - known > kDictionaryWorth * node.rowsBefore)
            return invoke(node, arguments, rows);
        if (known < values) {
            for (Vector& argument : arguments)
                argument = argument.isConstant() ? argument.resizedConstant(values - known) : argument;
            arguments[place] = column.dictionaryValues().slice(known, values - known);
            TOCSIN_TRY_ASSIGN(Vector computed, invoke(node, arguments, values - known));
            computed = computed.flatten();
            node.lastValues = std::make_shared<const Vector>(known > 0 ? concatenate(std::array{*node.lastValues, computed}) : computed);
        }
        node.lastDictionary = column.sharedDictionary();
    }
    const std::shared_ptr<const std::uint32_t[]> codes(std::make_shared<const Vector>(column), column.codes().data());
    return Vector::dictionary(node.lastValues, codes, rows);
}

Result<std::vector<Evaluator>> makeEvaluators(std::span<const ExpressionPtr> expressions, const Layout& layout, Run& run)
{
    std::vector<Evaluator> evaluators;
    evaluators.reserve(expressions.size());
    for (const ExpressionPtr& expression : expressions) {
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*expression, layout, run));
        evaluators.push_back(std::move(evaluator));
    }
    return evaluators;
}

Result<Value> evaluateConstant(const Expression& expression, Run& run)
{
    TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(expression, Layout(), run));
    if (const Value* value = evaluator.constant())
        return *value;
    Batch oneRow;
    oneRow.storedRows = 1;
    RowSet rows(oneRow);
    TOCSIN_TRY_ASSIGN(Vector result, evaluator.evaluate(rows));
    return result.valueAt(0);
}

} // namespace tocsin::kql
