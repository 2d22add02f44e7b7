// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/Wrapping.h"

/// Functions over the rows of a serialized row set. Those that look back keep in their context what the next batch needs to know.
namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::ResultWriter;

/// The memory of a kernel between batches.
template <typename State>
State& carriedOver(KernelContext& context)
{
    if (!context.state)
        context.state = std::make_shared<State>();
    return *static_cast<State*>(context.state.get());
}

/// For each row the value so many places from `firstSource`; what lies outside of the column is the row's default.
Vector valuesAt(const Vector& column, const Vector& otherwise, std::size_t rows, std::int64_t firstSource)
{
    return visitType(column.type(), [&]<DataType T>() -> Vector {
        const VectorReader<Physical<T>> values(column);
        const VectorReader<Physical<T>> defaults(otherwise);
        ResultWriter<T> writer(rows);
        const auto put = [&](std::size_t row, const VectorReader<Physical<T>>& from, std::size_t source) {
            if (from.isNull(source))
                writer.putNull(row);
            else
                writer.put(row, from[source]);
        };
        for (std::size_t row = 0; row < rows; ++row) {
            const std::int64_t source = static_cast<std::int64_t>(row) + firstSource;
            if (source >= 0 && source < static_cast<std::int64_t>(column.size()))
                put(row, values, static_cast<std::size_t>(source));
            else
                put(row, defaults, row);
        }
        return writer.finish();
    });
}

/// next(column[, offset[, default]]), and prev with the offset turned round; over all rows.
Result<Vector> later(KernelContext& context, std::span<const Vector> arguments, std::size_t rows, std::int64_t offset)
{
    TOCSIN_TRY_ASSIGN(const Vector column, convertVector(arguments[0], context.returnType));
    TOCSIN_TRY_ASSIGN(const Vector otherwise, convertVector(arguments.size() > 2 ? arguments[2] : Vector::nulls(context.returnType, rows), context.returnType));
    return valuesAt(column, otherwise, rows, offset);
}

Result<Vector> next(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    return later(context, arguments, rows, kernels::constantLong(arguments, 1, 1));
}

/// prev(column[, offset[, default]]).
Result<Vector> prev(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    struct Last {
        Vector values; ///< of the rows before, as many as the offset reaches
        bool any = false;
    };
    const std::int64_t offset = kernels::constantLong(arguments, 1, 1);
    if (offset < 0)
        return later(context, arguments, rows, -offset);
    Last& last = carriedOver<Last>(context);
    TOCSIN_TRY_ASSIGN(Vector column, convertVector(arguments[0], context.returnType));
    TOCSIN_TRY_ASSIGN(const Vector otherwise, convertVector(arguments.size() > 2 ? arguments[2] : Vector::nulls(context.returnType, rows), context.returnType));
    const std::size_t before = last.any ? last.values.size() : 0;
    if (before > 0)
        column = concatenate(std::vector{last.values, column});
    Vector result = valuesAt(column, otherwise, rows, static_cast<std::int64_t>(before) - offset);
    VectorBuilder kept(context.returnType); // a copy, so that no batch is held for its last rows
    for (std::size_t row = column.size() - std::min<std::size_t>(column.size(), static_cast<std::size_t>(offset)); row < column.size(); ++row)
        kept.append(column, row);
    last = {kept.finish(), true};
    return result;
}

/// True where the `restart` argument, if given, is true.
class Restarts {
public:
    Restarts(std::span<const Vector> arguments, std::size_t index) : m_vector(index < arguments.size() ? &arguments[index] : nullptr) {}
    bool at(std::size_t row) const { return m_vector && !m_vector->isNull(row) && VectorReader<std::uint8_t>(*m_vector)[row] != 0; }

private:
    const Vector* m_vector;
};

Result<Vector> rowNumber(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    const std::int64_t start = kernels::constantLong(arguments, 0, 1);
    const Restarts restarts(arguments, 1);
    ResultWriter<Long> writer(rows);
    auto& passed = carriedOver<std::int64_t>(context); // since the start
    for (std::size_t row = 0; row < rows; ++row) {
        if (restarts.at(row))
            passed = 0;
        writer.put(row, wrapAdd(start, passed++));
    }
    return writer.finish();
}

template <DataType T>
Result<Vector> rowCumulate(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<Physical<T>> values(arguments[0]);
    const Restarts restarts(arguments, 1);
    ResultWriter<T> writer(rows);
    auto& sum = carriedOver<Physical<T>>(context);
    for (std::size_t row = 0; row < rows; ++row) {
        if (restarts.at(row))
            sum = {};
        if (!values.isNull(row)) {
            if constexpr (T == Real || T == Decimal)
                sum = sum + values[row];
            else if constexpr (T == Int)
                sum = static_cast<std::int32_t>(wrapAdd(std::int64_t{sum}, std::int64_t{values[row]}));
            else
                sum = wrapAdd(sum, values[row]);
        }
        writer.put(row, sum);
    }
    return writer.finish();
}

template <typename T>
bool sameTerm(const VectorReader<T>& before, std::size_t rowBefore, const VectorReader<T>& terms, std::size_t row)
{
    return before.isNull(rowBefore) == terms.isNull(row) && (terms.isNull(row) || before[rowBefore] == terms[row]);
}

/// row_rank_min: the number of the first row with the term's value; row_rank_dense: how many different values came before, plus 1.
template <bool dense>
Result<Vector> rowRank(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    struct State {
        Vector term; ///< of the row before, if there is one
        std::int64_t rank = 0;
        std::int64_t position = 0;
    };
    const bool first = !context.state;
    State& state = carriedOver<State>(context);
    const Restarts restarts(arguments, 1);
    return visitType(arguments[0].type(), [&]<DataType T>() -> Vector {
        const VectorReader<Physical<T>> terms(arguments[0]);
        const VectorReader<Physical<T>> before(state.term);
        ResultWriter<Long> writer(rows);
        for (std::size_t row = 0; row < rows; ++row) {
            const bool restart = (first && row == 0) || restarts.at(row);
            if (restart)
                state.rank = state.position = 0;
            ++state.position;
            const bool same = !restart && (row == 0 ? sameTerm(before, 0, terms, 0) : sameTerm(terms, row - 1, terms, row));
            if (!same)
                state.rank = dense ? state.rank + 1 : state.position;
            writer.put(row, state.rank);
        }
        if (rows > 0)
            state.term = Vector::constant(arguments[0].valueAt(rows - 1), 1);
        return writer.finish();
    });
}

/// The time at which the session of each row began: a new one after a gap or a null, or when the session would become too long.
Result<Vector> windowSession(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    struct Session {
        Ticks start = 0;
        Ticks last = 0;
        bool open = false;
    };
    Session& session = carriedOver<Session>(context);
    const VectorReader<Ticks> times(arguments[0]);
    const Ticks longest = kernels::constantLong(arguments, 1, 0);
    const Ticks gap = kernels::constantLong(arguments, 2, 0);
    const Restarts restarts(arguments, 3);
    ResultWriter<DateTime> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        if (times.isNull(row)) {
            session.open = false;
            writer.putNull(row);
            continue;
        }
        const Ticks now = times[row];
        if (!session.open || restarts.at(row) || now - session.start >= longest || now - session.last >= gap)
            session.start = now;
        session.open = true;
        session.last = now;
        writer.put(row, session.start);
    }
    return writer.finish();
}

template <DataType... T>
std::vector<Signature> cumulateSignatures()
{
    return {signature({{"term", T}, optional("restart", Bool)}, T, rowCumulate<T>)...};
}

} // namespace

void addWindowFunctions(FunctionRegistry& registry)
{
    const std::vector<Parameter> neighbourParameters{{"column", types::any}, optional("offset", Long, true), optional("default", types::any)};
    registry.add(ScalarFunction{.name = "prev", .category = "window", .help = "The value of an earlier row (by default the one before), or the default.", .example = "range x from 1 to 3 step 1 | serialize y = prev(x) | where x == 3 | project y // 2",
        .signatures = {{neighbourParameters, returns::sameAs(0), prev}}, .traits = kWindow});
    registry.add(ScalarFunction{.name = "next", .category = "window", .help = "The value of a later row (by default the one behind), or the default.", .example = "range x from 1 to 3 step 1 | serialize y = next(x) | where x == 1 | project y // 2",
        .signatures = {{neighbourParameters, returns::sameAs(0), next}}, .traits = kLooksAhead});
    registry.add(ScalarFunction{.name = "row_number", .category = "window", .help = "The number of the row, from 1 or the given start; begins again where `restart` is true.", .example = "range x from 5 to 6 step 1 | serialize n = row_number() | where x == 6 | project n // 2",
        .signatures = {signature({optional("start", Long, true), optional("restart", Bool)}, Long, rowNumber)}, .traits = kWindow});
    registry.add(ScalarFunction{.name = "row_cumsum", .category = "window", .help = "The sum of the values up to the row; begins again where `restart` is true.", .example = "range x from 1 to 4 step 1 | serialize s = row_cumsum(x) | where x == 4 | project s // 10",
        .signatures = cumulateSignatures<Int, Long, Real, Decimal, TimeSpan>(), .traits = kWindow});
    const std::vector<Parameter> term{{"term", types::any}, optional("restart", Bool)};
    registry.add(ScalarFunction{.name = "row_rank_min", .category = "window", .help = "The rank of the row among sorted rows: equal rows have the number of the first.", .example = "print x = dynamic([1, 1, 2]) | mv-expand x to typeof(long) | serialize r = row_rank_min(x) | where x == 2 | project r // 3",
        .signatures = {signature(term, Long, rowRank<false>)}, .traits = kWindow});
    registry.add(ScalarFunction{.name = "row_rank_dense", .category = "window", .help = "The rank of the row among sorted rows, without gaps.", .example = "print x = dynamic([1, 1, 2]) | mv-expand x to typeof(long) | serialize r = row_rank_dense(x) | where x == 2 | project r // 2",
        .signatures = {signature(term, Long, rowRank<true>)}, .traits = kWindow});
    registry.addAlias("row_rank", "row_rank_dense");
    registry.add(ScalarFunction{.name = "row_window_session", .category = "window", .help = "The start of the row's session: rows less than a gap apart, all within less than a length; a null ends it.", .example = "range t from datetime(2024-01-01) to datetime(2024-01-01 00:02) step 1m | serialize s = row_window_session(t, 1h, 5m, false) | summarize dcount(s) // 1",
        .signatures = {signature({{"time", DateTime}, constant("longest", TimeSpan), constant("gap", TimeSpan), optional("restart", Bool)}, DateTime, windowSession)}, .traits = kWindow});
}

} // namespace tocsin::kql
