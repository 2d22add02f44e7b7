// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Operator.h"

#include <memory>
#include <vector>

namespace tocsin::kql {

/// The rows an expression is evaluated over: a batch whose selected rows are gathered column by column, on first use.
class RowSet {
public:
    explicit RowSet(const Batch& batch, std::uint64_t firstRow = 0) : m_batch(batch), m_gathered(batch.selection ? batch.columns.size() : 0), m_firstRow(firstRow) {}
    std::size_t rows() const { return m_batch.rows(); }
    std::uint64_t firstRow() const { return m_firstRow; }
    const Vector& column(std::size_t index);

private:
    const Batch& m_batch;
    std::vector<std::optional<Vector>> m_gathered;
    std::uint64_t m_firstRow;
};

/// An expression compiled for one layout and one thread. Constants are folded, subqueries must be literals already (see
/// resolveSubqueries), and a function of one dictionary column is computed once per dictionary value.
class Evaluator {
public:
    static Result<Evaluator> make(const Expression& expression, const Layout& layout, Run& run);
    Evaluator(Evaluator&&) noexcept;
    Evaluator& operator=(Evaluator&&) noexcept;
    ~Evaluator();

    /// As many rows as the set has.
    Result<Vector> evaluate(RowSet& rows);
    /// The column it only passes on, if it is one.
    std::optional<std::size_t> passedColumn() const;
    /// The value, if it is a constant.
    const Value* constant() const;

private:
    struct Node;
    explicit Evaluator(std::unique_ptr<Node> root, Run& run);
    static Result<std::unique_ptr<Node>> compile(const Expression& expression, const Layout& layout, Run& run);
    Result<Vector> evaluate(Node& node, RowSet& rows);
    Result<Vector> call(Node& node, std::vector<Vector> arguments, std::size_t rows, std::uint64_t firstRow);
    static Result<Vector> invoke(Node& node, std::span<const Vector> arguments, std::size_t rows);

    std::unique_ptr<Node> m_root;
    Run* m_run;
};

/// Compiles several expressions over one layout.
Result<std::vector<Evaluator>> makeEvaluators(std::span<const ExpressionPtr> expressions, const Layout& layout, Run& run);
/// Computes an expression that reads no column.
Result<Value> evaluateConstant(const Expression& expression, Run& run);

} // namespace tocsin::kql
