// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Operators.h"
#include "kql/exec/StreamOperator.h"

#include <re2/re2.h>

#include <algorithm>

namespace tocsin::kql {
namespace {

inline constexpr ErrorKind kParsePattern{"query.parse_pattern", "The pattern of parse is not a regular expression: {0}", "Check brackets and escapes; the dialect is RE2."};

using Pieces = std::vector<std::string_view>; ///< text found for each parsed column; empty data() = not found

/// Finds the column texts of one value, or fails as a whole.
class TextPattern {
public:
    virtual ~TextPattern() = default;
    virtual bool match(std::string_view text, Pieces& pieces) const = 0;
};

/// The longest start of `text` that reads as the type; parse takes just that much where a number is followed by anything.
std::size_t scalarPrefix(std::string_view text, DataType type)
{
    std::size_t at = 0;
    const auto digits = [&] { while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at; };
    if (at < text.size() && (text[at] == '-' || text[at] == '+'))
        ++at;
    const std::size_t first = at;
    digits();
    if (type == DataType::Real || type == DataType::Decimal) {
        if (at < text.size() && text[at] == '.') {
            ++at;
            digits();
        }
        if (at > first && at + 1 < text.size() && (text[at] == 'e' || text[at] == 'E')) {
            ++at;
            if (text[at] == '-' || text[at] == '+')
                ++at;
            digits();
        }
    }
    return at == first ? 0 : at;
}

/// kind=simple and relaxed: literal texts with columns and `*` between them; a column reaches to the next literal's first occurrence.
class SimplePattern final : public TextPattern {
public:
    explicit SimplePattern(const PlanNode& node) : m_steps(node.parseSteps)
    {
        for (const PlanColumn& column : node.parseColumns)
            m_types.push_back(column.type);
    }
    bool match(std::string_view text, Pieces& pieces) const override
    {
        std::size_t at = 0;
        bool skipping = false;                   // a `*` waits for the next literal
        std::optional<std::size_t> column;       // a column waits for the next literal
        const auto close = [&](std::size_t end) { // the waiting column ends here
            if (!column)
                return;
            if (skipping && isNumberLike(*column)) // `n:long *`: the number alone
                pieces[*column] = text.substr(at, scalarPrefix(text.substr(at, end - at), m_types[*column]));
            else
                pieces[*column] = text.substr(at, end - at);
            column.reset();
        };
        for (const PlanNode::ParseStep& step : m_steps) {
            if (!step.literal.empty()) {
                const std::size_t found = text.find(step.literal, at);
                if (found == std::string_view::npos || (found != at && !skipping && !column))
                    return false;
                close(found);
                at = found + step.literal.size();
                skipping = false;
            }
            if (step.star)
                skipping = true;
            if (step.column) {
                if (column) // two columns side by side: the first takes what its type allows
                    at = closeAdjacent(text, at, *column, pieces);
                column = step.column;
            }
        }
        if (!column && !skipping)
            return at == text.size();
        close(text.size());
        return true;
    }

private:
    bool isNumberLike(std::size_t column) const { return isNumeric(m_types[column]); }
    std::size_t closeAdjacent(std::string_view text, std::size_t at, std::size_t column, Pieces& pieces) const
    {
        const std::size_t length = isNumberLike(column) ? scalarPrefix(text.substr(at), m_types[column]) : 0;
        pieces[column] = text.substr(at, length);
        return at + length;
    }
    std::vector<PlanNode::ParseStep> m_steps;
    std::vector<DataType> m_types;
};

/// kind=regex: the literals are regular expressions, each column a group.
class RegexPattern final : public TextPattern {
public:
    static Result<std::unique_ptr<TextPattern>> make(const PlanNode& node)
    {
        auto pattern = std::make_unique<RegexPattern>();
        std::string text = node.parseFlags.empty() ? "(?s)" : "(?s)(?" + node.parseFlags + ")";
        for (const PlanNode::ParseStep& step : node.parseSteps) {
            text += "(?:" + step.literal + ")";
            if (step.star)
                text += ".*?";
            if (!step.column)
                continue;
            text += "(?P<" + groupName(*step.column) + ">" + std::string(groupBody(node.parseColumns[*step.column].type)) + ")";
            pattern->m_columns.push_back(*step.column);
        }
        RE2::Options options(RE2::Quiet);
        pattern->m_regex = std::make_unique<RE2>(text, options);
        if (!pattern->m_regex->ok()) {
            Error error = makeError(kParsePattern, pattern->m_regex->error());
            error.at(node.span);
            return std::unexpected(std::move(error));
        }
        return pattern;
    }
    bool match(std::string_view text, Pieces& pieces) const override
    {
        const int groups = m_regex->NumberOfCapturingGroups() + 1;
        std::vector<re2::StringPiece> found(static_cast<std::size_t>(groups));
        if (!m_regex->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), RE2::ANCHOR_BOTH, found.data(), groups))
            return false;
        const auto& names = m_regex->NamedCapturingGroups(); // groups inside the literals shift the numbers of ours
        for (const std::size_t column : m_columns) {
            const auto place = names.find(groupName(column));
            const re2::StringPiece& piece = found[static_cast<std::size_t>(place->second)];
            pieces[column] = std::string_view(piece.data(), piece.size());
        }
        return true;
    }

private:
    static std::string groupName(std::size_t column) { return "tocsin" + std::to_string(column); }
    static std::string_view groupBody(DataType type)
    {
        switch (type) {
        case DataType::Int:
        case DataType::Long: return "[+-]?\\d+";
        case DataType::Real:
        case DataType::Decimal: return "[+-]?\\d*\\.?\\d+(?:[eE][+-]?\\d+)?";
        case DataType::Bool: return "(?i:true|false|0|1)";
        default: return ".*";
        }
    }
    std::unique_ptr<RE2> m_regex;
    std::vector<std::size_t> m_columns;
};

class ParseOperator final : public StreamOperator {
public:
    ParseOperator(const PlanNode& node, OperatorPtr input) : StreamOperator(node, std::move(input)), m_node(node) {}

private:
    class ParseWorker final : public Worker {
    public:
        ParseWorker(const ParseOperator& op, Evaluator text, std::unique_ptr<TextPattern> pattern, std::vector<std::optional<std::size_t>> passed, const Run& run)
            : m_run(run), m_node(op.m_node), m_text(std::move(text)), m_pattern(std::move(pattern)), m_passed(std::move(passed)) {}

        Result<Batch> apply(Batch batch, std::uint64_t) override
        {
            RowSet rows(batch);
            TOCSIN_TRY_ASSIGN(const Vector text, m_text.evaluate(rows));
            const VectorReader<std::string_view> reader(text);
            const std::size_t count = rows.rows();
            const std::size_t width = m_node.parseColumns.size();
            std::vector<TypedBuilder<DataType::String>> texts(width);
            std::vector<std::uint8_t> matched(count);
            Pieces pieces;
            constexpr std::size_t kUnchecked = 1 << 20;
            std::size_t unchecked = 0; // bytes
            for (std::size_t row = 0; row < count; ++row) {
                unchecked += reader[row].size();
                if (unchecked > kUnchecked) {
                    TOCSIN_TRY(m_run.checkStop());
                    unchecked = 0;
                }
                pieces.assign(width, {});
                matched[row] = m_pattern->match(reader[row], pieces);
                for (std::size_t c = 0; c < width; ++c)
                    texts[c].append(matched[row] ? pieces[c] : std::string_view());
            }
            std::vector<Vector> parsed;
            for (std::size_t c = 0; c < width; ++c) {
                const Vector raw = texts[c].finish();
                TOCSIN_TRY_ASSIGN(Vector column, convertVector(raw, m_node.parseColumns[c].type));
                if (m_node.parseMode == PlanNode::ParseMode::Simple && m_node.parseColumns[c].type != DataType::String)
                    for (std::size_t row = 0; row < count; ++row)
                        if (matched[row] && column.isNull(row))
                            matched[row] = 0; // all or nothing
                parsed.push_back(std::move(column));
            }
            return assemble(rows, parsed, matched);
        }

    private:
        Result<Batch> assemble(RowSet& rows, std::vector<Vector>& parsed, const std::vector<std::uint8_t>& matched)
        {
            Batch result;
            result.storedRows = rows.rows();
            const bool complete = std::all_of(matched.begin(), matched.end(), [](std::uint8_t m) { return m != 0; });
            for (std::size_t c = 0; c < m_node.columns.size(); ++c) {
                const ColumnId id = m_node.columns[c].id;
                const auto own = std::find_if(m_node.parseColumns.begin(), m_node.parseColumns.end(), [id](const PlanColumn& p) { return p.id == id; });
                if (own == m_node.parseColumns.end()) {
                    result.columns.push_back(rows.column(*m_passed[c]));
                    continue;
                }
                const Vector& values = parsed[static_cast<std::size_t>(own - m_node.parseColumns.begin())];
                result.columns.push_back(complete ? values : blanked(values, matched));
            }
            if (m_node.parseFilters && !complete) {
                auto kept = std::make_shared<std::vector<std::uint32_t>>();
                for (std::uint32_t row = 0; row < matched.size(); ++row)
                    if (matched[row])
                        kept->push_back(row);
                result.selection = std::move(kept);
            }
            return result;
        }
        static Vector blanked(const Vector& values, const std::vector<std::uint8_t>& matched)
        {
            VectorBuilder builder(values.type());
            for (std::size_t row = 0; row < matched.size(); ++row) {
                if (matched[row])
                    builder.append(values, row);
                else
                    builder.appendNull();
            }
            return builder.finish();
        }

        const Run& m_run;
        const PlanNode& m_node;
        Evaluator m_text;
        std::unique_ptr<TextPattern> m_pattern;
        std::vector<std::optional<std::size_t>> m_passed;
    };

    Result<std::unique_ptr<Worker>> makeWorker(Run& run) override
    {
        TOCSIN_TRY_ASSIGN(Evaluator text, Evaluator::make(*convert(m_node.expressions[0], DataType::String), input().layout(), run));
        std::unique_ptr<TextPattern> pattern;
        if (m_node.parseMode == PlanNode::ParseMode::Regex) {
            TOCSIN_TRY_ASSIGN(pattern, RegexPattern::make(m_node));
        } else {
            pattern = std::make_unique<SimplePattern>(m_node);
        }
        std::vector<std::optional<std::size_t>> passed;
        for (const PlanColumn& column : m_node.columns)
            passed.push_back(input().layout().contains(column.id) ? std::optional(input().layout().indexOf(column.id)) : std::nullopt);
        return std::make_unique<ParseWorker>(*this, std::move(text), std::move(pattern), std::move(passed), run);
    }

    PlanNode m_node;
};

} // namespace

OperatorPtr makeParse(const PlanNode& node, OperatorPtr input) { return std::make_unique<ParseOperator>(node, std::move(input)); }

} // namespace tocsin::kql
