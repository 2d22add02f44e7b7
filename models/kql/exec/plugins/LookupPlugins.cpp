// SPDX-License-Identifier: GPL-3.0-or-later
// ipv4_lookup, ipv6_lookup, geo_polygon_lookup, geo_line_lookup: rows joined with the rows of a small table that hold their key.
#include "base/IpAddress.h"
#include "kql/exec/Compile.h"
#include "kql/exec/KeyTable.h"
#include "kql/exec/plugins/Plugins.h"

#include <algorithm>
#include <map>

namespace tocsin::kql {
namespace {

/// Which rows of the table belong to each row of a batch.
class Matcher {
public:
    virtual ~Matcher() = default;
    using Matches = std::vector<std::vector<std::uint32_t>>;
    virtual Result<Matches> match(const Batch& rows) = 0;
};

/// A network with all bits counted as in IPv6, so that IPv4 prefixes are 96 … 128 bits long.
std::optional<IpPrefix> networkOf(std::string_view text, bool onlyV4)
{
    std::optional<IpPrefix> prefix = parsePrefix(text);
    if (!prefix || (onlyV4 && !prefix->address.isV4()))
        return std::nullopt;
    if (prefix->address.isV4() && prefix->length <= 32)
        prefix->length += 96;
    return prefix;
}

IpAddress masked(const IpAddress& address, int length)
{
    IpAddress result = address;
    for (int bit = length; bit < 128; ++bit) {
        if (bit % 8 == 0) {
            std::fill(result.bytes.begin() + bit / 8, result.bytes.end(), std::uint8_t{0});
            break;
        }
        result.bytes[static_cast<std::size_t>(bit) / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
    }
    return result;
}

/// The networks of the table, by length. Two prefixes match if they agree in the bits that both have.
class NetworkTable {
public:
    void add(const IpPrefix& network, std::uint32_t row) { m_byLength[network.length][masked(network.address, network.length)].push_back(row); }
    void find(const IpPrefix& wanted, std::vector<std::uint32_t>& rows) const
    {
        for (const auto& [length, networks] : m_byLength) {
            if (length <= wanted.length) {
                if (const auto found = networks.find(masked(wanted.address, length)); found != networks.end())
                    rows.insert(rows.end(), found->second.begin(), found->second.end());
                continue;
            }
            const IpAddress from = masked(wanted.address, wanted.length);
            for (auto network = networks.lower_bound(from); network != networks.end() && masked(network->first, wanted.length) == from; ++network)
                rows.insert(rows.end(), network->second.begin(), network->second.end());
        }
        std::sort(rows.begin(), rows.end());
    }

private:
    std::map<int, std::map<IpAddress, std::vector<std::uint32_t>>> m_byLength;
};

/// The table as it is looked up, shared by the threads of a run.
struct LookupTable {
    Batch rows;
    std::unique_ptr<MemoryShare> memory;
    NetworkTable networks;
    std::vector<Vector> extraKeys;
    bool onlyV4 = false;
};

Result<std::vector<Vector>> evaluateAll(std::span<const ExpressionPtr> expressions, const Layout& layout, const Batch& rows, Run& run)
{
    std::vector<Vector> values;
    RowSet set(rows);
    for (const ExpressionPtr& expression : expressions) {
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*expression, layout, run));
        TOCSIN_TRY_ASSIGN(Vector value, evaluator.evaluate(set));
        values.push_back(std::move(value));
    }
    return values;
}

class NetworkMatcher final : public Matcher {
public:
    NetworkMatcher(const PlanNode& node, const Layout& input, const LookupTable& table, Run& run) : m_node(node), m_input(input), m_table(table), m_run(run) {}

    Result<Matches> match(const Batch& rows) override
    {
        TOCSIN_TRY_ASSIGN(const std::vector<Vector> keys, evaluateAll(m_node.leftKeys, m_input, rows, m_run));
        Matches matches(rows.storedRows);
        for (std::size_t row = 0; row < rows.storedRows; ++row) {
            if (row % 256 == 0)
                TOCSIN_TRY(m_run.checkStop());
            if (const auto network = networkOf(keys[0].valueAt(row).toString(), m_table.onlyV4))
                m_table.networks.find(*network, matches[row]);
            for (std::size_t k = 0; k < m_table.extraKeys.size(); ++k) {
                const Value wanted = keys[k + 1].valueAt(row);
                std::erase_if(matches[row], [&](std::uint32_t other) { return wanted.isNull() || !(m_table.extraKeys[k].valueAt(other) == wanted); });
            }
        }
        return matches;
    }

private:
    const PlanNode& m_node;
    const Layout& m_input;
    const LookupTable& m_table;
    Run& m_run;
};

/// Computes the condition of a point and all shapes of the table at once.
class ShapeMatcher final : public Matcher {
public:
    ShapeMatcher(Evaluator condition, const LookupTable& table, Run& run) : m_condition(std::move(condition)), m_table(table), m_run(run) {}

    Result<Matches> match(const Batch& rows) override
    {
        Matches matches(rows.storedRows);
        for (std::size_t row = 0; row < rows.storedRows && m_table.rows.storedRows > 0; ++row) {
            TOCSIN_TRY(m_run.checkStop());
            Batch both;
            both.storedRows = m_table.rows.storedRows;
            for (const Vector& column : rows.columns)
                both.columns.push_back(Vector::constant(column.valueAt(row), both.storedRows));
            both.columns.insert(both.columns.end(), m_table.rows.columns.begin(), m_table.rows.columns.end());
            RowSet set(both);
            TOCSIN_TRY_ASSIGN(const Vector holds, m_condition.evaluate(set));
            const VectorReader<std::uint8_t> reader(holds);
            for (std::uint32_t other = 0; other < both.storedRows; ++other)
                if (!reader.isNull(other) && reader[other])
                    matches[row].push_back(other);
        }
        return matches;
    }

private:
    Evaluator m_condition;
    const LookupTable& m_table;
    Run& m_run;
};

class LookupOperator final : public Operator {
public:
    LookupOperator(const PlanNode& node, OperatorPtr input, OperatorPtr table) : Operator(node), m_node(node), m_input(std::move(input)), m_lookup(std::move(table))
    {
        std::vector<PlanColumn> both = m_input->columns();
        both.insert(both.end(), m_lookup->columns().begin(), m_lookup->columns().end());
        m_both = Layout(both);
    }

    Result<void> prepare(Run& run) override
    {
        TOCSIN_TRY(m_lookup->prepare(run));
        m_table = {};
        m_table.memory = std::make_unique<MemoryShare>(run.memory());
        TOCSIN_TRY_ASSIGN(const std::vector<Batch> batches, collect(*m_lookup, run, *m_table.memory));
        m_table.rows = joinBatches(batches, m_lookup->columns());
        if (m_node.expressions.empty())
            TOCSIN_TRY(readNetworks(run));
        PluginCall call(m_node, m_input->columns(), run);
        TOCSIN_TRY_ASSIGN(const Value unmatched, call.constant("return_unmatched"));
        m_returnUnmatched = unmatched.type() == DataType::Bool && !unmatched.isNull() && unmatched.asBool();
        return m_input->prepare(run);
    }
    std::unique_ptr<Cursor> cursor(Run& run) override;
    std::uint64_t ordinals() const override { return m_input->ordinals(); }

    Operator& input() { return *m_input; }
    bool returnsUnmatched() const { return m_returnUnmatched; }
    Result<std::unique_ptr<Matcher>> matcher(Run& run) const
    {
        if (m_node.expressions.empty())
            return std::make_unique<NetworkMatcher>(m_node, m_input->layout(), m_table, run);
        TOCSIN_TRY_ASSIGN(Evaluator condition, Evaluator::make(*m_node.expressions[0], m_both, run));
        return std::make_unique<ShapeMatcher>(std::move(condition), m_table, run);
    }
    /// Pairs of an input row and a table row (kNoGroup: none) as result columns.
    Batch output(const Batch& rows, std::span<const std::uint32_t> left, std::span<const std::uint32_t> right) const
    {
        Batch result;
        result.storedRows = left.size();
        for (const PlanColumn& column : columns()) {
            if (m_input->layout().contains(column.id)) {
                result.columns.push_back(rows.columns[m_input->layout().indexOf(column.id)].gather(left));
                continue;
            }
            const Vector& source = m_table.rows.columns[m_lookup->layout().indexOf(column.id)];
            VectorBuilder builder(column.type);
            for (const std::uint32_t row : right)
                row == kNoGroup ? builder.appendNull() : builder.append(source, row);
            result.columns.push_back(builder.finish());
        }
        return result;
    }

private:
    Result<void> readNetworks(Run& run)
    {
        m_table.onlyV4 = m_node.name == "evaluate:ipv4_lookup";
        TOCSIN_TRY_ASSIGN(std::vector<Vector> keys, evaluateAll(m_node.rightKeys, m_lookup->layout(), m_table.rows, run));
        for (std::uint32_t row = 0; row < m_table.rows.storedRows; ++row) {
            if (row % 1024 == 0) {
                TOCSIN_TRY(run.checkStop());
                TOCSIN_TRY(m_table.memory->grow(1024 * 96));
            }
            if (const auto network = networkOf(keys[0].valueAt(row).toString(), m_table.onlyV4))
                m_table.networks.add(*network, row);
        }
        keys.erase(keys.begin());
        m_table.extraKeys = std::move(keys);
        return {};
    }

    PlanNode m_node;
    OperatorPtr m_input;
    OperatorPtr m_lookup;
    Layout m_both; ///< of a shape's condition
    LookupTable m_table;
    bool m_returnUnmatched = false;
};

class LookupCursor final : public Cursor {
public:
    LookupCursor(LookupOperator& op, Run& run) : m_operator(op), m_run(run), m_input(op.input().cursor(run)) {}

    Result<std::optional<Batch>> next() override
    {
        if (!m_matcher) {
            TOCSIN_TRY_ASSIGN(m_matcher, m_operator.matcher(m_run));
        }
        for (;;) {
            TOCSIN_TRY(m_run.checkStop());
            if (m_row < m_matches.size()) {
                if (Batch batch = some(); batch.rows() > 0)
                    return batch;
                continue;
            }
            TOCSIN_TRY_ASSIGN(std::optional<Batch> batch, m_input->next());
            if (!batch)
                return std::nullopt;
            m_rows = batch->compacted();
            TOCSIN_TRY_ASSIGN(m_matches, m_matcher->match(m_rows));
            m_row = m_match = 0;
        }
    }
    std::uint64_t ordinal() const override { return m_input->ordinal(); }
    void follow(Watch& watch, std::uint64_t base) override { m_input->follow(watch, base); }

private:
    /// The next pairs, not too many at once.
    Batch some()
    {
        std::vector<std::uint32_t> left, right;
        for (; m_row < m_matches.size() && left.size() < kBatchRows; ++m_row, m_match = 0) {
            const auto row = static_cast<std::uint32_t>(m_row);
            if (m_matches[m_row].empty() && m_operator.returnsUnmatched()) {
                left.push_back(row);
                right.push_back(kNoGroup);
            }
            for (; m_match < m_matches[m_row].size() && left.size() < kBatchRows; ++m_match) {
                left.push_back(row);
                right.push_back(m_matches[m_row][m_match]);
            }
            if (m_match < m_matches[m_row].size())
                break;
        }
        return m_operator.output(m_rows, left, right);
    }

    LookupOperator& m_operator;
    Run& m_run;
    std::unique_ptr<Cursor> m_input;
    std::unique_ptr<Matcher> m_matcher;
    Batch m_rows;
    Matcher::Matches m_matches;
    std::size_t m_row = 0;
    std::size_t m_match = 0;
};

std::unique_ptr<Cursor> LookupOperator::cursor(Run& run) { return std::make_unique<LookupCursor>(*this, run); }

} // namespace

Result<OperatorPtr> makeLookupPlugin(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    TOCSIN_TRY_ASSIGN(OperatorPtr table, compile(node.inputs[1], run));
    return std::make_unique<LookupOperator>(node, std::move(input), std::move(table));
}

} // namespace tocsin::kql
