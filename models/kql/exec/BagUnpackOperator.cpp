// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/Dynamic.h"
#include "kql/exec/Compile.h"
#include "kql/exec/Extensions.h"
#include "kql/exec/OpenColumns.h"
#include "kql/exec/StreamOperator.h"

#include <algorithm>
#include <map>
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

private:
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
                if (passed && m_operator.m_conflict != "replace_source") {
                    if (m_operator.m_conflict != "keep_source" && !property.empty())
                        TOCSIN_TRY(checkConflict(bags, property, rows.rows()));
                    result.columns.push_back(rows.column(m_input.indexOf(column.id)));
                    continue;
                }
                bool found = false;
                TOCSIN_TRY_ASSIGN(Vector values, propertyValues(bags, property, column.type, rows.rows(), found));
                // A column that no bag of this table replaces stays: whether one does is a matter of all rows, and bags share their keys.
                result.columns.push_back(passed && !found ? rows.column(m_input.indexOf(column.id)) : std::move(values));
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
        static Result<Vector> propertyValues(const Vector& bags, const std::string& property, DataType type, std::size_t rows, bool& found)
        {
            const VectorReader<std::string_view> bag(bags);
            TypedBuilder<DataType::Dynamic> values(rows);
            for (std::size_t row = 0; row < rows; ++row) {
                const DynamicView object = bag.isNull(row) ? DynamicView() : DynamicView(bag[row]);
                found = found || object.hasMember(property);
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
};

DataType typeOf(DynamicView value)
{
    switch (value.tag()) {
    case DynamicTag::False: case DynamicTag::True: return DataType::Bool;
    case DynamicTag::Long: return DataType::Long;
    case DynamicTag::Real: return DataType::Real;
    case DynamicTag::String: return DataType::String;
    case DynamicTag::DateTime: return DataType::DateTime;
    case DynamicTag::TimeSpan: return DataType::TimeSpan;
    case DynamicTag::Guid: return DataType::Guid;
    case DynamicTag::Decimal: return DataType::Decimal;
    default: return DataType::Dynamic;
    }
}

} // namespace

Result<OperatorPtr> makeBagUnpack(const PlanNode& node, Run& run)
{
    TOCSIN_TRY_ASSIGN(OperatorPtr input, compile(node.inputs[0], run));
    return std::make_unique<BagUnpackOperator>(node, std::move(input));
}

Result<std::vector<catalog::ColumnSchema>> bagColumns(const PlanNode& node, const Layout& layout, const std::vector<Batch>& rows, Run& run)
{
    const std::string prefix = textOption(node, "prefix");
    const auto ignored = ignoredProperties(node);
    TOCSIN_TRY_ASSIGN(Evaluator evaluator, Evaluator::make(*node.expressions[0], layout, run));
    std::map<std::string, std::optional<DataType>, std::less<>> properties;
    for (const Batch& batch : rows) {
        TOCSIN_TRY(run.checkStop());
        RowSet set(batch);
        TOCSIN_TRY_ASSIGN(const Vector bags, evaluator.evaluate(set));
        const VectorReader<std::string_view> bag(bags);
        for (std::size_t row = 0; row < batch.rows(); ++row) {
            const DynamicView object = bag.isNull(row) ? DynamicView() : DynamicView(bag[row]);
            for (std::size_t i = 0; object.isObject() && i < object.size(); ++i) {
                if (ignored.contains(object.key(i)))
                    continue;
                const DynamicView value = object.item(i);
                auto& type = properties[std::string(object.key(i))];
                if (!value.isNull())
                    type = type ? commonType(*type, typeOf(value)) : typeOf(value);
            }
        }
    }
    std::vector<catalog::ColumnSchema> columns;
    for (const auto& [name, type] : properties)
        columns.push_back({prefix + name, type.value_or(DataType::Dynamic), {}});
    return columns;
}

} // namespace tocsin::kql
