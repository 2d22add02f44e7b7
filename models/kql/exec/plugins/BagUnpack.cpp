// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/Dynamic.h"
#include "kql/exec/Compile.h"
#include "kql/exec/plugins/Plugins.h"
#include "kql/exec/StreamOperator.h"

#include <set>

namespace tocsin::kql {
namespace {

inline constexpr ErrorKind kColumnConflict{"query.column_conflict", "The property '{0}' of the bag has the name of a column", "Give a prefix, or columnsConflict='replace_source' or 'keep_source'."};

std::string textOption(const PlanNode& node, const char* name)
{
    const auto found = node.options.find(name);
    return found == node.options.end() || found->second.isNull() ? std::string() : found->second.toString();
}

std::set<std::string, std::less<>> ignoredProperties(const PlanNode& node)
{
    std::set<std::string, std::less<>> names;
    if (const auto found = node.options.find("ignored"); found != node.options.end() && found->second.type() == DataType::Dynamic && !found->second.isNull()) {
        const DynamicView list(found->second.asText());
        for (std::size_t i = 0; i < list.size(); ++i)
            names.insert(list.item(i).toString());
    }
    return names;
}

/// bag_unpack: properties of a bag as columns. Each output column is one of the input or a property by name.
class BagUnpackOperator final : public StreamOperator {
public:
    BagUnpackOperator(const PlanNode& node, OperatorPtr input)
        : StreamOperator(node, std::move(input)), m_node(node), m_prefix(textOption(node, "prefix")), m_conflict(textOption(node, "conflict")), m_ignored(ignoredProperties(node)) {}

    /// With columnsConflict='replace_source' a column gives way if any bag has its name, so all bags are looked at first.
    Result<void> prepare(Run& run) override
    {
        m_replaced.clear();
        if (m_conflict == "replace_source") {
            TOCSIN_TRY(input().prepare(run));
            TOCSIN_TRY(findReplaced(run));
        }
        return StreamOperator::prepare(run);
    }

private:
    Result<void> findReplaced(Run& run)
    {
        const std::unique_ptr<Cursor> cursor = input().cursor(run);
        TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*m_node.expressions[0], input().layout(), run));
        for (;;) {
            TOCSIN_TRY(run.checkStop());
            TOCSIN_TRY_ASSIGN(const std::optional<Batch> batch, cursor->next());
            if (!batch)
                return {};
            RowSet rows(*batch);
            TOCSIN_TRY_ASSIGN(const Vector bags, evaluator.evaluate(rows));
            const VectorReader<std::string_view> bag(bags);
            for (const PlanColumn& column : m_node.columns) {
                const std::string property = propertyOf(column.name);
                if (property.empty() || !input().layout().contains(column.id) || m_replaced.contains(column.id))
                    continue;
                for (std::size_t row = 0; row < rows.rows(); ++row)
                    if (!bag.isNull(row) && DynamicView(bag[row]).hasMember(property))
                        m_replaced.insert(column.id);
            }
        }
    }

    class BagUnpackWorker final : public Worker {
    public:
        BagUnpackWorker(const BagUnpackOperator& op, Evaluator bag, const Layout& input) : m_operator(op), m_bag(std::move(bag)), m_input(input) {}
        Result<Batch> apply(Batch batch, std::uint64_t) override
        {
            RowSet rows(batch);
            TOCSIN_TRY_ASSIGN(const Vector bags, m_bag.evaluate(rows));
            Batch result;
            result.storedRows = rows.rows();
            for (const PlanColumn& column : m_operator.m_node.columns) {
                const bool passed = m_input.contains(column.id);
                const std::string property = m_operator.propertyOf(column.name);
                if (passed && !m_operator.m_replaced.contains(column.id)) {
                    if (m_operator.m_conflict != "replace_source" && m_operator.m_conflict != "keep_source" && !property.empty())
                        TOCSIN_TRY(checkConflict(bags, property, rows.rows()));
                    result.columns.push_back(rows.column(m_input.indexOf(column.id)));
                    continue;
                }
                TOCSIN_TRY_ASSIGN(Vector values, propertyValues(bags, property, column.type, rows.rows()));
                result.columns.push_back(std::move(values));
            }
            return result;
        }

    private:
        Result<void> checkConflict(const Vector& bags, const std::string& property, std::size_t rows) const
        {
            const VectorReader<std::string_view> bag(bags);
            for (std::size_t row = 0; row < rows; ++row)
                if (!bag.isNull(row) && DynamicView(bag[row]).hasMember(property)) {
                    Error error = makeError(kColumnConflict, property);
                    error.at(m_operator.m_node.span);
                    return std::unexpected(std::move(error));
                }
            return {};
        }
        static Result<Vector> propertyValues(const Vector& bags, const std::string& property, DataType type, std::size_t rows)
        {
            const VectorReader<std::string_view> bag(bags);
            TypedBuilder<DataType::Dynamic> values(rows);
            for (std::size_t row = 0; row < rows; ++row) {
                const DynamicView object = bag.isNull(row) ? DynamicView() : DynamicView(bag[row]);
                const DynamicView value = object.member(property);
                if (value.isNull())
                    values.appendNull();
                else
                    values.append(value.bytes());
            }
            return convertVector(values.finish(), type);
        }

        const BagUnpackOperator& m_operator;
        Evaluator m_bag;
        const Layout& m_input;
    };

    Result<std::unique_ptr<Worker>> makeWorker(Run& run) override
    {
        TOCSIN_TRY_ASSIGN(Evaluator bag, Evaluator::make(*m_node.expressions[0], input().layout(), run));
        return std::make_unique<BagUnpackWorker>(*this, std::move(bag), input().layout());
    }
    /// The property behind a column's name; empty for none.
    std::string propertyOf(const std::string& column) const
    {
        const std::string name = column.starts_with(m_prefix) ? column.substr(m_prefix.size()) : std::string();
        return m_ignored.contains(name) ? std::string() : name;
    }

    PlanNode m_node;
    std::string m_prefix;
    std::string m_conflict;
    std::set<std::string, std::less<>> m_ignored;
    std::set<ColumnId> m_replaced; ///< columns of the input that properties take the place of
};

} // namespace

Result<OperatorPtr> makeBagUnpack(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    return std::make_unique<BagUnpackOperator>(node, std::move(input));
}

} // namespace tocsin::kql
