// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/LetRefactoring.h"

#include "kql/bind/ResultNames.h"
#include "kql/functions/Declaration.h"
#include "kql/services/Format.h"
#include "kql/services/SyntaxPath.h"
#include "kql/syntax/Lexer.h"

#include <algorithm>
#include <array>
#include <set>

namespace tocsin::kql::services {

namespace {

using Kind = ExpressionSyntax::Kind;
using Op = OperatorSyntax::Kind;

/// Functions that look at the rows around: their meaning is lost in a function of one row.
constexpr std::array kRowOrder = {"prev", "next", "row_number", "row_cumsum", "row_rank_dense", "row_rank_min", "row_window_session", "ingestion_time", "pack_all", "bag_pack_columns"};

bool inside(SourceSpan outer, SourceSpan inner) { return outer.start <= inner.start && inner.end() <= outer.end(); }

class Extractor {
public:
    Extractor(std::string_view query, SourceSpan selection, const SymbolContext& context, const ColumnTypes& types)
        : m_query(query), m_selection(selection), m_context(context), m_types(types), m_tree(parseQuery(std::string(query)))
    {
    }

    Result<LetExtraction> run(std::string_view document)
    {
        if (!m_tree->errors().empty())
            return std::unexpected(makeError(kBrokenStatement, errorMessage(m_tree->errors().front())).at(m_tree->errors().front().span.value_or(SourceSpan{})));
        TOCSIN_TRY(choose());
        TOCSIN_TRY(checkPlace());
        m_symbols = resolveSymbols(*m_tree, m_context);
        TOCSIN_TRY(checkNames());
        return write(document);
    }

private:
    /// Finds the node that is selected.
    Result<void> choose()
    {
        if (m_selection.length == 0) {
            for (const SyntaxStep& step : pathTo(*m_tree, m_selection))
                if (step.expression && (step.expression->kind == Kind::Literal || step.expression->kind == Kind::Call))
                    m_selection = step.expression->span;
            if (m_selection.length == 0)
                return fail(kNothingToExtract);
        }
        m_path = pathTo(*m_tree, m_selection);
        for (std::size_t i = 0; i < m_path.size(); ++i) {
            const SyntaxStep& step = m_path[i];
            if (step.expression && step.span() == m_selection) {
                m_node = step.expression;
                m_depth = i;
                return {};
            }
            // A table with the first of its operators.
            if (step.pipeline && step.span().start == m_selection.start && step.span().end() > m_selection.end())
                for (const OperatorSyntax* op : step.pipeline->operators)
                    if (op->span.end() == m_selection.end() && (step.pipeline->source || i == 0 || m_path[i - 1].expression)) {
                        m_depth = i + 1;
                        m_tabular = true;
                        return {};
                    }
        }
        return fail(kNothingToExtract);
    }

    Result<void> checkPlace()
    {
        for (std::size_t i = m_depth; i-- > 0 && !m_op;)
            m_op = m_path[i].op;
        if (!m_node)
            return {};
        const SyntaxStep* parent = m_depth > 0 ? &m_path[m_depth - 1] : nullptr;
        if (m_node->kind == Kind::Star || m_node->kind == Kind::TypeOf || m_node->kind == Kind::Assign || m_node->kind == Kind::Function)
            return fail(kNothingToExtract);
        if (parent && parent->expression && parent->expression->kind == Kind::Call && parent->expression->arguments[0] == m_node)
            return fail(kCannotExtract, "it is the name of a function");
        if (parent && parent->op && (parent->op->kind == Op::Evaluate || parent->op->kind == Op::Invoke))
            return fail(kCannotExtract, "it is the call of the operator");
        if (parent && parent->op && std::find(parent->op->on.begin(), parent->op->on.end(), m_node) != parent->op->on.end())
            return fail(kCannotExtract, "a condition of join belongs to two rows");
        for (std::size_t i = 0; i < m_depth; ++i)
            if (m_path[i].op && (m_path[i].op->kind == Op::ProjectAway || m_path[i].op->kind == Op::ProjectKeep || m_path[i].op->kind == Op::ProjectRename || m_path[i].op->kind == Op::ProjectReorder) &&
                i + 2 == m_depth + 1)
                return fail(kCannotExtract, "it names columns");
        if (m_node->kind == Kind::Literal && parent && parent->expression && parent->expression->kind == Kind::Call && parent->expression->arguments[0]->kind == Kind::Name &&
            parent->expression->arguments[0]->name.text.starts_with("column_ifexists"))
            return fail(kCannotExtract, "the name of the column must be written here");
        const ExpressionSyntax* inner = m_node;
        while (inner->kind == Kind::Parenthesis && !inner->arguments.empty())
            inner = inner->arguments[0];
        m_value = inner;
        m_tabular = inner->kind == Kind::Pipeline || inner->kind == Kind::DataTable || inner->kind == Kind::ExternalData || (parent && parent->pipeline) ||
                    (parent && parent->op && (parent->op->table == m_node || parent->op->kind == Op::Union));
        return {};
    }

    Result<void> checkNames()
    {
        SourceSpan statement;
        for (std::size_t i = 0; i < m_depth; ++i)
            if (m_path[i].statement)
                statement = m_path[i].span();
        m_statement = statement;
        if (m_value && m_value->kind == Kind::Name)
            for (const SymbolUse& use : m_symbols.uses)
                if (use.span == m_value->span && m_symbols.symbols[use.symbol].kind != SymbolKind::SourceTable)
                    return fail(kCannotExtract, "it is a name already");
        for (const SymbolUse& use : m_symbols.uses) {
            if (!inside(m_selection, use.span) || use.definition)
                continue;
            const QuerySymbol& symbol = m_symbols.symbols[use.symbol];
            if (symbol.kind == SymbolKind::Column || symbol.kind == SymbolKind::SourceColumn) {
                if (use.rows == static_cast<std::size_t>(-1) || (use.rows >= m_selection.start && use.rows < m_selection.end()))
                    continue; // of a subquery inside
                if (use.form != SymbolUse::Form::Name)
                    return fail(kCannotExtract, "it looks a column up by its name");
                addColumn(use);
            } else if (symbol.definition && !inside(m_selection, *symbol.definition) && symbol.definition->start >= statement.start) {
                return fail(kCannotExtract, "'" + symbol.name + "' is made in the same statement");
            }
        }
        for (const auto& [name, span] : m_symbols.unknown)
            if (inside(m_selection, span))
                return fail(kCannotExtract, "'" + name + "' is not known here");
        if (!m_columns.empty() && m_tabular)
            return fail(kCannotExtract, "it uses '" + m_columns.front().first + "' of the row around it");
        return m_op && !m_tabular && m_value ? checkCalls(*m_value) : Result<void>();
    }

    void addColumn(const SymbolUse& use)
    {
        const std::string text(m_tree->textOf(use.span));
        if (std::none_of(m_columns.begin(), m_columns.end(), [&](const auto& c) { return c.first == text; }))
            m_columns.emplace_back(text, use.span.start);
    }

    /// What the row around gives besides columns cannot be handed over.
    Result<void> checkCalls(const ExpressionSyntax& e)
    {
        if (e.kind == Kind::Pipeline)
            return {};
        if (e.kind == Kind::Star)
            return fail(kCannotExtract, "'*' stands for all columns of the row");
        if (e.kind == Kind::Name && (e.name.text == "$left" || e.name.text == "$right"))
            return fail(kCannotExtract, "a condition of join belongs to two rows");
        if (e.kind == Kind::Call && e.arguments[0]->kind == Kind::Name) {
            const std::string& name = e.arguments[0]->name.text;
            if (std::find(kRowOrder.begin(), kRowOrder.end(), name) != kRowOrder.end())
                return fail(kCannotExtract, name + "() looks at the rows");
            const bool groups = m_op->kind == Op::Summarize || m_op->kind == Op::MakeSeries || m_op->kind == Op::TopNested;
            if (groups && m_context.functions && m_context.functions->findAggregate(name))
                return fail(kCannotExtract, name + "() is an aggregate");
            if (name == "toscalar" || name == "materialize")
                return {};
        }
        for (const ExpressionSyntax* argument : e.arguments)
            TOCSIN_TRY(checkCalls(*argument));
        return {};
    }

    std::string freshName(std::string_view document, const std::string& wanted) const
    {
        std::set<std::string, std::less<>> taken;
        for (const Token& token : tokenize(document))
            if (token.kind == TokenKind::Identifier)
                taken.emplace(token.text(document));
        std::string name = wanted;
        for (int n = 2; taken.contains(name); ++n)
            name = wanted + std::to_string(n);
        return name;
    }

    /// `name = ` for a column that would be called differently when the selection gives way to another name.
    std::optional<std::string> keptName() const
    {
        for (std::size_t i = 0; i + 1 <= m_depth && i + 1 < m_path.size(); ++i) {
            const OperatorSyntax* op = m_path[i].op;
            const ExpressionSyntax* item = m_path[i + 1].expression;
            if (!op || op != m_op || !item || item->kind == Kind::Assign)
                continue;
            const bool makes = op->kind == Op::Extend || op->kind == Op::Project || op->kind == Op::Print || op->kind == Op::Distinct || op->kind == Op::Summarize || op->kind == Op::Serialize ||
                               op->kind == Op::MvExpand || op->kind == Op::MvApply;
            if (!makes)
                return std::nullopt;
            std::string name;
            if (op->kind == Op::Summarize && m_context.functions && item->kind == Kind::Call && item->arguments[0]->kind == Kind::Name) {
                if (const AggregateFunction* known = m_context.functions->findAggregate(item->arguments[0]->name.text); known && item->arguments.size() > 1)
                    name = aggregateName(known->prefix.empty() ? known->name : known->prefix, item->arguments[1]);
            }
            if (name.empty())
                name = impliedName(*item);
            for (const ExpressionSyntax* e = item; !name.empty() && e;) {
                if (e == m_node)
                    return writtenName(name) + " = ";
                const bool first = e->kind == Kind::Parenthesis || e->kind == Kind::Member || e->kind == Kind::Index;
                e = first ? e->arguments[0] : e->kind == Kind::Call && e->arguments.size() > 1 ? e->arguments[1] : nullptr;
            }
            return std::nullopt;
        }
        return std::nullopt;
    }

    Result<LetExtraction> write(std::string_view document)
    {
        LetExtraction out;
        out.function = !m_columns.empty();
        out.name = freshName(document, out.function ? "calculate" : m_tabular ? "rows" : "value");
        std::string parameters, arguments;
        for (const auto& [column, place] : m_columns) {
            const auto type = m_types ? m_types(m_query, place) : std::nullopt;
            if (!type)
                return fail(kCannotExtract, "it uses the column " + column + ", whose type is not known");
            parameters += (parameters.empty() ? "" : ", ") + column + ": " + std::string(typeName(*type));
            arguments += (arguments.empty() ? "" : ", ") + column;
        }
        const std::string value(m_value ? m_tree->textOf(m_value->span) : m_tree->textOf(m_selection));
        const std::string head = "let " + out.name + " = ";
        std::string let = formatQuery(head + (out.function ? "(" + parameters + ") {\n" + value + "\n};" : value + ";"));
        const std::size_t lineStart = m_statement.start == 0 ? 0 : m_query.rfind('\n', m_statement.start - 1) + 1;
        const std::string_view before = m_query.substr(lineStart, m_statement.start - lineStart);
        const std::string indent = before.find_first_not_of(" \t") == std::string_view::npos ? std::string(before) : std::string();
        if (!indent.empty() && let.find("```") == std::string::npos)
            for (std::size_t at = let.find('\n'); at != std::string::npos; at = let.find('\n', at + 1))
                let.insert(at + 1, indent);
        const std::string replacement = keptName().value_or("") + (out.function ? out.name + "(" + arguments + ")" : out.name);
        // The kept name stands before the whole item, of which the selection is the start or all.
        out.edits.push_back({{m_statement.start, 0}, let + "\n" + indent});
        SourceSpan replaced = m_selection;
        if (const auto kept = keptName()) {
            const std::size_t item = itemStart();
            if (item < m_selection.start) {
                out.edits.push_back({{item, 0}, *kept});
                out.edits.push_back({replaced, replacement.substr(kept->size())});
            } else {
                out.edits.push_back({replaced, replacement});
            }
        } else {
            out.edits.push_back({replaced, replacement});
        }
        out.nameAt = m_statement.start + 4;
        if (!parseQuery(applyEdits(m_query, out.edits))->errors().empty())
            return fail(kCannotExtract, "a name cannot stand here");
        return out;
    }

    std::size_t itemStart() const
    {
        for (std::size_t i = 0; i + 1 < m_path.size(); ++i)
            if (m_path[i].op == m_op && m_path[i].op && m_path[i + 1].expression)
                return m_path[i + 1].span().start;
        return m_selection.start;
    }

    std::string_view m_query;
    SourceSpan m_selection;
    const SymbolContext& m_context;
    const ColumnTypes& m_types;
    std::shared_ptr<const SyntaxTree> m_tree;
    QuerySymbols m_symbols;
    std::vector<SyntaxStep> m_path;
    std::size_t m_depth = 0;                   ///< of the selected node in the path
    const ExpressionSyntax* m_node = nullptr;  ///< null: the first operators of a pipeline
    const ExpressionSyntax* m_value = nullptr; ///< the node without parentheses around it
    const OperatorSyntax* m_op = nullptr;      ///< the innermost operator around the selection
    bool m_tabular = false;
    SourceSpan m_statement;
    std::vector<std::pair<std::string, std::size_t>> m_columns; ///< of the row around, as written, with a place of each
};

} // namespace

Result<LetExtraction> extractLet(std::string_view document, SourceSpan selection, const SymbolContext& context, const ColumnTypes& types)
{
    selection.start = std::min(selection.start, document.size());
    selection.length = std::min(selection.length, document.size() - selection.start);
    const auto blank = [&](std::size_t i) { return document[i] == ' ' || document[i] == '\n' || document[i] == '\t' || document[i] == '\r'; };
    while (selection.length > 0 && blank(selection.start)) {
        ++selection.start;
        --selection.length;
    }
    while (selection.length > 0 && blank(selection.end() - 1))
        --selection.length;
    const SourceSpan query = queryAround(document, selection.start);
    if (query.length == 0 || selection.start < query.start || selection.end() > query.end())
        return fail(kNothingToExtract);
    auto result = Extractor(document.substr(query.start, query.length), {selection.start - query.start, selection.length}, context, types).run(document);
    if (!result)
        return result;
    for (TextEdit& edit : result->edits)
        edit.span.start += query.start;
    result->nameAt += query.start;
    return result;
}

} // namespace tocsin::kql::services
