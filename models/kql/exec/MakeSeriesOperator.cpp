// SPDX-License-Identifier: GPL-3.0-or-later
#include "column/Dynamic.h"
#include "kql/exec/Grouping.h"
#include "kql/exec/Operators.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tocsin::kql {
namespace {

inline constexpr ErrorKind kSeriesStep{"query.series_step", "The step of make-series must be positive", "Give a positive step of the axis' type."};
inline constexpr ErrorKind kSeriesLength{"query.series_length", "make-series would give {0} points a series; the limit is {1}", "Use a larger step or a shorter range."};
constexpr std::int64_t kMaxPoints = 1'048'576;

/// The axis as numbers: ticks or integers exactly, reals as they are.
struct Axis {
    bool real = false;
    std::int64_t start = 0, step = 1;
    double realStart = 0, realStep = 1;
    std::int64_t points = 0;

    Value valueAt(std::int64_t index, DataType type) const
    {
        if (real)
            return Value::real(realStart + static_cast<double>(index) * realStep);
        const std::int64_t value = start + index * step;
        switch (type) {
        case DataType::DateTime: return Value::dateTime(value);
        case DataType::TimeSpan: return Value::timeSpan(value);
        case DataType::Int: return Value::int32(static_cast<std::int32_t>(value));
        default: return Value::int64(value);
        }
    }
};

std::int64_t floorDiv(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

std::int64_t integerOf(const Value& value) { return value.type() == DataType::Int ? value.asInt() : value.asLong(); }
double realOf(const Value& value)
{
    switch (value.type()) {
    case DataType::Real: return value.asReal();
    case DataType::Decimal: return value.asDecimal().toDouble();
    default: return static_cast<double>(integerOf(value));
    }
}

/// make-series: groups by the keys and the axis rounded down to the step, then lays each series out over the whole axis.
class MakeSeriesOperator final : public Operator {
public:
    MakeSeriesOperator(const PlanNode& node, OperatorPtr input) : Operator(node), m_node(node), m_input(std::move(input))
    {
        for (const Assignment& key : node.assignments)
            m_grouping.keys.push_back(key.value);
        if (m_node.series->axis->type == DataType::Decimal) // points of an axis are numbered in binary anyway
            m_node.series->axis = convert(m_node.series->axis, DataType::Real);
        m_grouping.keys.push_back(m_node.series->axis);
        for (const PlanNode::AggregateResult& aggregate : node.aggregates)
            m_grouping.aggregates.push_back(aggregate.call);
    }

    Result<void> prepare(Run& run) override
    {
        TOCSIN_TRY(m_input->prepare(run));
        TOCSIN_TRY_ASSIGN(m_step, evaluateConstant(*m_node.series->step, run));
        TOCSIN_TRY_ASSIGN(m_from, optional(m_node.series->from, run));
        TOCSIN_TRY_ASSIGN(m_to, optional(m_node.series->to, run));
        if (m_step.isNull() || realOf(m_step) <= 0) {
            Error error = makeError(kSeriesStep);
            error.at(m_node.series->step->span);
            return std::unexpected(std::move(error));
        }
        // The axis is binned row by row before grouping, so the groups are the points.
        Binned binned(m_grouping, m_node.series->axis, m_step, m_from);
        Groups groups(binned.grouping(), run);
        TOCSIN_TRY(groups.consume(*m_input));
        TOCSIN_TRY_ASSIGN(const Batch points, groups.finishAsOne());
        TOCSIN_TRY_ASSIGN(Batch result, layOut(points, run));
        auto batches = std::make_shared<std::vector<Batch>>();
        batches->push_back(std::move(result));
        m_queue.set(std::move(batches));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    /// The grouping with the axis expression replaced by its bin. The binning is a function made for this run.
    class Binned {
    public:
        Binned(const Grouping& grouping, const ExpressionPtr& axis, const Value& step, const std::optional<Value>& from) : m_grouping(grouping)
        {
            m_signature.returnType = returns::sameAs(0);
            const Value origin = from ? *from : Value::null(axis->type);
            m_signature.kernel = [step, origin](KernelContext&, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
                return bin(arguments[0], rows, step, origin);
            };
            m_function.name = "make-series bin";
            m_grouping.keys.back() = call(m_function, m_signature, axis->type, {axis});
        }
        const Grouping& grouping() const { return m_grouping; }

    private:
        static Vector bin(const Vector& values, std::size_t rows, const Value& step, const Value& origin)
        {
            VectorBuilder builder(values.type());
            for (std::size_t i = 0; i < rows; ++i) {
                const Value value = values.valueAt(i);
                if (value.isNull()) {
                    builder.appendNull();
                } else if (value.type() == DataType::Real) {
                    const double zero = origin.isNull() ? 0 : realOf(origin);
                    builder.append(Value::real(zero + std::floor((value.asReal() - zero) / realOf(step)) * realOf(step)));
                } else {
                    const std::int64_t zero = origin.isNull() ? 0 : integerOf(origin);
                    const std::int64_t width = integerOf(step);
                    Axis one{.start = zero + floorDiv(integerOf(value) - zero, width) * width};
                    builder.append(one.valueAt(0, value.type()));
                }
            }
            return builder.finish();
        }
        Grouping m_grouping;
        Signature m_signature;
        ScalarFunction m_function;
    };

    static Result<std::optional<Value>> optional(const ExpressionPtr& expression, Run& run)
    {
        if (!expression)
            return std::nullopt;
        TOCSIN_TRY_ASSIGN(Value value, evaluateConstant(*expression, run));
        return value.isNull() ? std::nullopt : std::optional(std::move(value));
    }

    Result<Axis> makeAxis(const Vector& bins, const Run& run) const
    {
        Axis axis;
        const DataType type = m_node.series->axis->type;
        axis.real = type == DataType::Real;
        double low = std::numeric_limits<double>::infinity(), high = -low;
        std::int64_t lowest = std::numeric_limits<std::int64_t>::max(), highest = std::numeric_limits<std::int64_t>::min();
        for (std::size_t i = 0; i < bins.size(); ++i) {
            TOCSIN_TRY(tick(i, run));
            const Value value = bins.valueAt(i);
            if (value.isNull())
                continue;
            if (axis.real) {
                low = std::min(low, value.asReal());
                high = std::max(high, value.asReal());
            } else {
                lowest = std::min(lowest, integerOf(value));
                highest = std::max(highest, integerOf(value));
            }
        }
        double points = 0;
        if (axis.real) {
            axis.realStep = realOf(m_step);
            axis.realStart = m_from ? realOf(*m_from) : low;
            points = m_to ? std::ceil((realOf(*m_to) - axis.realStart) / axis.realStep - 1e-9) : std::floor((high - axis.realStart) / axis.realStep + 1e-9) + 1;
        } else {
            axis.step = integerOf(m_step);
            axis.start = m_from ? integerOf(*m_from) : lowest;
            const std::int64_t distance = (m_to ? integerOf(*m_to) : highest) - axis.start;
            points = m_to ? static_cast<double>(-floorDiv(-distance, axis.step)) : static_cast<double>(floorDiv(distance, axis.step) + 1);
        }
        if (!(points > 0) || (bins.size() == 0 && (!m_from || !m_to)))
            return axis;
        if (points > static_cast<double>(kMaxPoints))
            return fail(kSeriesLength, std::to_string(static_cast<std::int64_t>(std::min(points, 9e15))), std::to_string(kMaxPoints));
        axis.points = static_cast<std::int64_t>(points);
        return axis;
    }

    std::optional<std::int64_t> placeOf(const Axis& axis, const Value& value) const
    {
        if (value.isNull())
            return std::nullopt;
        const std::int64_t index = axis.real ? static_cast<std::int64_t>(std::llround((value.asReal() - axis.realStart) / axis.realStep))
                                             : floorDiv(integerOf(value) - axis.start, axis.step);
        return index >= 0 && index < axis.points ? std::optional(index) : std::nullopt;
    }

    /// Asks whether to stop, now and then.
    static Result<void> tick(std::size_t step, const Run& run) { return step % 16'384 == 0 ? run.checkStop() : Result<void>(); }

    Result<Batch> layOut(const Batch& points, Run& run) const
    {
        const std::size_t keyCount = m_node.assignments.size();
        TOCSIN_TRY_ASSIGN(const Axis axis, makeAxis(points.columns[keyCount], run));
        std::vector<DataType> types;
        for (const Assignment& key : m_node.assignments)
            types.push_back(key.column.type);
        KeyTable table(types);
        // Only rows on the axis make a series.
        std::vector<std::uint32_t> onAxis;
        std::vector<std::int64_t> places;
        for (std::uint32_t row = 0; row < points.storedRows; ++row) {
            TOCSIN_TRY(tick(row, run));
            if (const auto place = placeOf(axis, points.columns[keyCount].valueAt(row))) {
                onAxis.push_back(row);
                places.push_back(*place);
            }
        }
        std::vector<Vector> keys;
        for (std::size_t c = 0; c < keyCount; ++c)
            keys.push_back(points.columns[c].gather(onAxis));
        std::vector<std::uint32_t> groups;
        table.assign(keys, onAxis.size(), groups);
        std::size_t series = keyCount ? table.size() : (onAxis.empty() ? 0 : 1);
        const bool emptySeries = series == 0 && m_node.series->nonEmpty && keyCount == 0 && axis.points > 0;
        if (emptySeries)
            series = 1;
        MemoryShare memory(run.memory());
        TOCSIN_TRY(memory.resize(series * static_cast<std::size_t>(axis.points) * m_node.aggregates.size() * sizeof(Value)));

        // Series by series, so that no more than one is held as values: the numbers of the points of each, one after the other.
        std::vector<std::size_t> ends(series + 1);
        for (const std::uint32_t group : groups)
            ++ends[group + 1];
        std::partial_sum(ends.begin(), ends.end(), ends.begin());
        std::vector<std::uint32_t> ofSeries(groups.size());
        std::vector<std::size_t> next(ends.begin(), ends.end() - 1);
        for (std::uint32_t i = 0; i < groups.size(); ++i)
            ofSeries[next[groups[i]]++] = i;

        Batch result;
        result.storedRows = series;
        if (keyCount)
            result.columns = table.keys(0, series);
        std::vector<Value> row;
        for (std::size_t a = 0; a < m_node.aggregates.size(); ++a) {
            const Vector& values = points.columns[keyCount + 1 + a];
            TypedBuilder<DataType::Dynamic> arrays;
            for (std::size_t s = 0; s < series; ++s) {
                row.assign(static_cast<std::size_t>(axis.points), m_node.series->defaults[a]);
                for (std::size_t p = ends[s]; p < ends[s + 1]; ++p) {
                    TOCSIN_TRY(tick(p, run));
                    Value value = values.valueAt(onAxis[ofSeries[p]]);
                    if (!value.isNull())
                        row[static_cast<std::size_t>(places[ofSeries[p]])] = std::move(value);
                }
                TOCSIN_TRY(run.checkStop());
                arrays.append(arrayOf(row));
            }
            result.columns.push_back(arrays.finish());
        }
        std::vector<Value> axisValues;
        for (std::int64_t i = 0; i < axis.points; ++i)
            axisValues.push_back(axis.valueAt(i, m_node.series->axis->type));
        const std::string axisArray = arrayOf(axisValues);
        result.columns.push_back(Vector::constant(Value::dynamic(axisArray), series));
        return inPlanOrder(result);
    }
    static std::string arrayOf(const std::vector<Value>& values)
    {
        DynamicBuilder builder;
        builder.beginArray();
        for (const Value& value : values)
            builder.value(value);
        builder.endArray();
        return builder.take();
    }
    /// keys, aggregates, axis as computed; the plan's columns say where each belongs.
    Result<Batch> inPlanOrder(Batch computed) const
    {
        std::vector<ColumnId> ids;
        for (const Assignment& key : m_node.assignments)
            ids.push_back(key.column.id);
        for (const PlanNode::AggregateResult& aggregate : m_node.aggregates)
            ids.push_back(aggregate.columns[0].id);
        Batch result;
        result.storedRows = computed.storedRows;
        for (const PlanColumn& column : columns()) {
            const auto place = std::find(ids.begin(), ids.end(), column.id);
            result.columns.push_back(computed.columns[static_cast<std::size_t>(place - ids.begin())]); // the axis is behind all ids
        }
        return result;
    }

    PlanNode m_node;
    OperatorPtr m_input;
    Grouping m_grouping;
    Value m_step = Value::null(DataType::Long);
    std::optional<Value> m_from, m_to;
    BatchQueue m_queue;
};

} // namespace

OperatorPtr makeSeries(const PlanNode& node, OperatorPtr input) { return std::make_unique<MakeSeriesOperator>(node, std::move(input)); }

} // namespace tocsin::kql
