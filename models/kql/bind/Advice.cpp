// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/bind/Advice.h"

#include "base/Utf8.h"
#include "kql/bind/BindErrors.h"
#include "kql/syntax/SyntaxWalk.h"

#include <algorithm>
#include <set>

namespace tocsin::kql {

namespace {

using Kind = ExpressionSyntax::Kind;
constexpr std::size_t kMostWarnings = 20;

struct Renamed {
    std::string_view old, now;
};
constexpr Renamed kRenamed[] = {{"makeset", "make_set"}, {"makelist", "make_list"}, {"parsejson", "parse_json"}, {"todynamic", "parse_json"}, {"argmax", "arg_max"},
                                {"argmin", "arg_min"}, {"any", "take_any"}, {"columnifexists", "column_ifexists"}, {"pack", "bag_pack"}, {"countof_cs", "countof"},
                                {"mvexpand", "mv-expand"}, {"mvapply", "mv-apply"}, {"notcontains", "!contains"}, {"containscs", "contains_cs"},
                                {"notcontainscs", "!contains_cs"}, {"row_rank", "row_rank_dense"}, {"todouble", "toreal"}, {"floor", "bin"}};

/// Whether the text is one term, as the index of terms knows them.
bool isTerm(std::string_view text)
{
    return text.size() >= 4 && std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80 && isTermChar(static_cast<unsigned char>(c)); });
}

bool isCallOf(const ExpressionSyntax& expression, std::string_view a, std::string_view b)
{
    return expression.kind == Kind::Call && expression.arguments.size() == 2 && expression.arguments[0]->kind == Kind::Name &&
           (expression.arguments[0]->name.text == a || expression.arguments[0]->name.text == b);
}

/// Whether an expression names one of the columns.
bool names(const ExpressionSyntax& expression, const std::set<std::string, std::less<>>& columns)
{
    struct Finder : SyntaxVisitor {
        const std::set<std::string, std::less<>>* columns = nullptr;
        bool found = false;
        void onExpression(const ExpressionSyntax& e) override { found = found || (e.kind == Kind::Name && columns->contains(e.name.text)); }
    } finder;
    finder.columns = &columns;
    walkSyntax(expression, finder);
    return finder.found;
}

class Adviser : public SyntaxVisitor {
public:
    Adviser(const SyntaxTree& tree, const catalog::Snapshot& snapshot) : m_tree(tree), m_snapshot(snapshot) {}
    std::vector<Error> take() { return std::move(m_found); }

    void onExpression(const ExpressionSyntax& expression) override
    {
        if (expression.kind == Kind::Binary)
            comparison(expression);
        if (expression.kind == Kind::Call && expression.arguments[0]->kind == Kind::Name)
            oldName(expression.arguments[0]->name.text, expression.arguments[0]->span);
    }

    void onOperator(const OperatorSyntax& op) override
    {
        using Op = OperatorSyntax::Kind;
        switch (op.kind) {
        case Op::Search: case Op::Find:
            if (op.inTables.empty() && m_begins.contains(&op))
                add(makeError(kReadsEverything, std::string(operatorName(op.kind))), op.keyword);
            break;
        case Op::Union:
            for (const ExpressionSyntax* table : op.expressions)
                if (table->kind == Kind::Name && table->name.text == "*")
                    add(makeError(kReadsEverything, "union"), table->span);
            break;
        case Op::Join: join(op); break;
        case Op::MvExpand: case Op::MvApply: oldName(m_tree.textOf(op.keyword), op.keyword); break;
        default: break;
        }
    }

    void onPipeline(const PipelineSyntax& pipeline) override
    {
        using Op = OperatorSyntax::Kind;
        if (!pipeline.source && !pipeline.operators.empty())
            m_begins.insert(pipeline.operators[0]);
        for (std::size_t i = 0; i + 1 < pipeline.operators.size(); ++i) {
            const OperatorSyntax& op = *pipeline.operators[i];
            const Op next = pipeline.operators[i + 1]->kind;
            if (op.kind == Op::Sort && (next == Op::Count || next == Op::Sort || next == Op::Distinct || next == Op::Join))
                add(makeError(kOrderLost, std::string(operatorName(next))), op.keyword);
        }
    }

private:
    void add(Error error, SourceSpan span)
    {
        if (m_found.size() < kMostWarnings)
            m_found.push_back(std::move(error.at(span)));
    }

    void oldName(std::string_view name, SourceSpan span)
    {
        for (const Renamed& renamed : kRenamed)
            if (renamed.old == name && name != "todynamic" && name != "todouble" && name != "floor")
                add(makeError(kOldName, std::string(name), std::string(renamed.now)), span);
    }

    void comparison(const ExpressionSyntax& expression)
    {
        const ExpressionSyntax& left = *expression.arguments[0];
        const ExpressionSyntax& right = *expression.arguments[1];
        const bool text = right.kind == Kind::Literal && right.value.type() == DataType::String && !right.value.isNull();
        if (text && (expression.op == "contains" || expression.op == "!contains") && isTerm(right.value.asText()))
            add(makeError(kHasWouldDo, expression.op, expression.op[0] == '!' ? "!has" : "has", right.value.asText()), expression.opSpan);
        if ((expression.op == "==" || expression.op == "!=") && (isCallOf(left, "tolower", "toupper") || isCallOf(right, "tolower", "toupper")))
            add(makeError(kFoldedCompare, expression.op == "==" ? "=~" : "!~"), expression.opSpan);
        if (text && expression.op == "matches regex" && right.value.asText().find_first_of("\\^$.|?*+()[]{}") == std::string::npos && !right.value.asText().empty())
            add(makeError(kPlainRegex), right.span);
    }

    void join(const OperatorSyntax& op)
    {
        const bool kind = std::any_of(op.parameters.begin(), op.parameters.end(), [](const ParameterSyntax& p) { return p.name.text == "kind"; });
        if (!kind)
            add(makeError(kJoinWithoutKind), op.keyword);
        if (op.table)
            if (const auto table = unfilteredTable(*op.table))
                add(makeError(kJoinWithoutTime, *table), op.table->span);
    }

    /// The name of the table that is read without a condition on its time.
    std::optional<std::string> unfilteredTable(const ExpressionSyntax& expression) const
    {
        const ExpressionSyntax* at = &expression;
        std::vector<const OperatorSyntax*> operators;
        while (at && (at->kind == Kind::Parenthesis || at->kind == Kind::Pipeline)) {
            if (at->kind == Kind::Parenthesis) {
                at = at->arguments[0];
                continue;
            }
            operators.insert(operators.begin(), at->pipeline->operators.begin(), at->pipeline->operators.end());
            at = at->pipeline->source;
        }
        if (!at || at->kind != Kind::Name)
            return std::nullopt;
        const auto table = m_snapshot.findTable(at->name.text);
        if (!table)
            return std::nullopt;
        std::set<std::string, std::less<>> times{"ingestion_time"};
        for (const catalog::ColumnSchema& column : table->schema().columns)
            if (column.type == DataType::DateTime)
                times.insert(column.name);
        for (const auto& [alias, column] : table->schema().aliases)
            times.insert(alias);
        if (!times.contains("TimeGenerated") && !times.contains("Timestamp"))
            return std::nullopt;
        for (const OperatorSyntax* op : operators)
            if (op->kind == OperatorSyntax::Kind::Where && !op->expressions.empty() && names(*op->expressions[0], times))
                return std::nullopt;
        return at->name.text;
    }

    const SyntaxTree& m_tree;
    const catalog::Snapshot& m_snapshot;
    std::set<const OperatorSyntax*> m_begins; ///< operators without an input
    std::vector<Error> m_found;
};

} // namespace

std::vector<Error> advice(const SyntaxTree& tree, const catalog::Snapshot& snapshot)
{
    Adviser adviser(tree, snapshot);
    walkSyntax(tree, adviser);
    return adviser.take();
}

} // namespace tocsin::kql
