// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Compile.h"
#include "kql/exec/Extensions.h"
#include "kql/exec/KeyValueText.h"
#include "kql/exec/StreamOperator.h"

#include <re2/re2.h>

namespace tocsin::kql {
namespace {

inline constexpr ErrorKind kParseKvRegex{"query.parse_kv_regex", "The regular expression of parse-kv must be valid and have two groups: {0}", "Write one group for the key and one for the value."};

/// parse-kv: the values of named keys in a text. Of a key that comes again, the first value counts.
class ParseKvOperator final : public StreamOperator {
public:
    ParseKvOperator(const PlanNode& node, OperatorPtr input, KeyValueFormat format, std::shared_ptr<const re2::RE2> regex)
        : StreamOperator(node, std::move(input)), m_node(node), m_format(std::move(format)), m_regex(std::move(regex)) {}

private:
    class ParseKvWorker final : public Worker {
    public:
        ParseKvWorker(const ParseKvOperator& op, Evaluator text, const Layout& input) : m_operator(op), m_text(std::move(text))
        {
            for (const PlanColumn& column : op.m_node.columns)
                m_passed.push_back(input.contains(column.id) ? std::optional(input.indexOf(column.id)) : std::nullopt);
        }
        Result<Batch> apply(Batch batch, std::uint64_t) override
        {
            const std::vector<PlanColumn>& keys = m_operator.m_node.parseColumns;
            RowSet rows(batch);
            TOCSIN_TRY_ASSIGN(const Vector texts, m_text.evaluate(rows));
            const VectorReader<std::string_view> text(texts);
            std::vector<TypedBuilder<DataType::String>> values(keys.size());
            for (std::size_t row = 0; row < rows.rows(); ++row) {
                const auto use = [&](std::string_view key, std::string_view value) {
                    for (std::size_t k = 0; k < keys.size(); ++k)
                        if (values[k].size() == row && keys[k].name == key)
                            values[k].append(value);
                };
                m_operator.forEachPair(text[row], use);
                for (auto& column : values)
                    if (column.size() == row)
                        column.appendNull();
            }
            Batch result;
            result.storedRows = rows.rows();
            std::vector<Vector> parsed;
            for (std::size_t k = 0; k < keys.size(); ++k) {
                TOCSIN_TRY_ASSIGN(Vector column, convertVector(values[k].finish(), keys[k].type));
                parsed.push_back(std::move(column));
            }
            for (std::size_t c = 0; c < m_passed.size(); ++c) {
                if (m_passed[c]) {
                    result.columns.push_back(rows.column(*m_passed[c]));
                    continue;
                }
                for (std::size_t k = 0; k < keys.size(); ++k)
                    if (keys[k].id == m_operator.m_node.columns[c].id)
                        result.columns.push_back(parsed[k]);
            }
            return result;
        }

    private:
        const ParseKvOperator& m_operator;
        Evaluator m_text;
        std::vector<std::optional<std::size_t>> m_passed;
    };

    Result<std::unique_ptr<Worker>> makeWorker(Run& run) override
    {
        TOCSIN_TRY_ASSIGN(Evaluator text, Evaluator::make(*m_node.expressions[0], input().layout(), run));
        return std::make_unique<ParseKvWorker>(*this, std::move(text), input().layout());
    }
    void forEachPair(std::string_view text, const std::function<void(std::string_view, std::string_view)>& use) const
    {
        if (!m_regex)
            return forEachKeyValue(text, m_format, use);
        std::string_view key, value;
        for (re2::StringPiece left(text.data(), text.size()), k, v; re2::RE2::FindAndConsume(&left, *m_regex, &k, &v);)
            use({k.data(), k.size()}, {v.data(), v.size()});
    }

    PlanNode m_node;
    KeyValueFormat m_format;
    std::shared_ptr<const re2::RE2> m_regex;
};

std::string textOption(const PlanNode& node, const char* name)
{
    const auto found = node.options.find(name);
    return found == node.options.end() ? std::string() : found->second.toString();
}

} // namespace

Result<OperatorPtr> makeParseKv(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    KeyValueFormat format;
    format.pairDelimiter = textOption(node, "pair_delimiter");
    format.kvDelimiter = textOption(node, "kv_delimiter");
    const std::string quote = textOption(node, "quote");
    format.openQuote = quote.substr(0, 1);
    format.closeQuote = quote.size() > 1 ? quote.substr(1, 1) : format.openQuote;
    const std::string escape = textOption(node, "escape");
    format.escape = escape.empty() ? '\0' : escape[0];
    format.greedy = textOption(node, "greedy") == "true";
    std::shared_ptr<const re2::RE2> regex;
    if (const std::string pattern = textOption(node, "regex"); !pattern.empty()) {
        re2::RE2::Options options;
        options.set_log_errors(false);
        regex = std::make_shared<const re2::RE2>(pattern, options);
        if (!regex->ok() || regex->NumberOfCapturingGroups() != 2) {
            Error error = makeError(kParseKvRegex, regex->ok() ? pattern : regex->error());
            error.at(node.span);
            return std::unexpected(std::move(error));
        }
    }
    return std::make_unique<ParseKvOperator>(node, std::move(input), std::move(format), std::move(regex));
}

} // namespace tocsin::kql
