// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/Accumulators.h"
#include "kql/functions/aggregate/GroupColumn.h"

#include <limits>
#include <optional>

namespace tocsin::kql {
namespace {

using namespace aggregates;
using enum DataType;

constexpr std::uint32_t kNoRow = std::numeric_limits<std::uint32_t>::max();

/// Keeps one row a group, in a column for each argument. `Wins` says whether a row replaces the one kept.
class RowKeeper {
public:
    explicit RowKeeper(const AggregateBinding& binding)
    {
        for (const DataType type : binding.argumentTypes)
            m_columns.push_back(makeGroupColumn(type));
    }
    void resize(std::size_t count)
    {
        for (const auto& column : m_columns)
            column->resize(count);
    }
    void set(std::span<const Vector> arguments, std::span<const std::uint32_t> groups, std::span<const std::uint32_t> rows)
    {
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            m_columns[i]->set(arguments[i], groups, rows);
    }
    void take(std::size_t to, RowKeeper& other, std::size_t from)
    {
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            m_columns[i]->take(to, *other.m_columns[i], from);
    }
    GroupColumn& column(std::size_t index) { return *m_columns[index]; }
    std::size_t columns() const { return m_columns.size(); }
    std::vector<Vector> finish(std::size_t from, std::size_t count)
    {
        std::vector<Vector> out;
        for (const auto& column : m_columns)
            out.push_back(column->finish(from, count));
        return out;
    }
    std::size_t memoryBytes() const
    {
        std::size_t bytes = 0;
        for (const auto& column : m_columns)
            bytes += column->memoryBytes();
        return bytes;
    }

private:
    std::vector<std::unique_ptr<GroupColumn>> m_columns;
};

/// Where the row kept for each group stands in the input, if several threads share the rows.
class GroupPlaces {
public:
    void at(RowOrder places)
    {
        m_order = places;
        m_known = true;
        m_places.resize(m_groups);
    }
    void resize(std::size_t count)
    {
        m_groups = count;
        if (m_known)
            m_places.resize(count);
    }
    void set(std::span<const std::uint32_t> groups, std::span<const std::uint32_t> rows)
    {
        for (std::size_t i = 0; m_known && i < groups.size(); ++i)
            m_places[groups[i]] = m_order[rows[i]];
    }
    /// This thread may have seen no row at all, and so know of no places yet.
    void take(std::size_t to, const GroupPlaces& other, std::size_t from)
    {
        if (!other.m_known)
            return;
        m_known = true;
        m_places.resize(m_groups);
        m_places[to] = other.m_places[from];
    }
    std::uint64_t operator[](std::size_t group) const { return m_known ? m_places[group] : 0; }
    /// Whether a row of the batch at hand stands before the one that the group has; rows mostly come in order, but not always.
    bool standsBefore(std::uint32_t row, std::size_t group) const { return m_known && m_order[row] < m_places[group]; }
    std::size_t memoryBytes() const { return m_places.capacity() * sizeof(std::uint64_t); }

private:
    RowOrder m_order;
    bool m_known = false;
    std::size_t m_groups = 0;
    std::vector<std::uint64_t> m_places;
};

/// arg_max and arg_min: the row with the greatest (smallest) first argument, the first of several. A row whose first argument is
/// null counts only as long as there is no other.
template <DataType T, bool greatest>
class ArgExtremeAccumulator final : public GroupwiseAccumulator<ArgExtremeAccumulator<T, greatest>> {
    using Stored = std::conditional_t<kernels::kIsText<T>, std::string, Physical<T>>;

public:
    explicit ArgExtremeAccumulator(const AggregateBinding& binding) : m_kept(binding) {}

    void at(RowOrder places) override { m_places.at(places); }
    void resize(std::size_t count) override
    {
        m_kept.resize(count);
        m_places.resize(count);
        m_best.resize(count);
        m_state.resize(count);
        m_row.resize(count, kNoRow);
    }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        const VectorReader<Physical<T>> by(arguments[0]);
        m_groups.resize(groups.size());
        m_rows.resize(groups.size());
        const std::size_t touched = bestOfBatch(arguments[0], groups);
        std::size_t better = 0;
        for (std::size_t i = 0; i < touched; ++i) {
            const std::uint32_t group = m_groups[i];
            const std::uint32_t row = std::exchange(m_row[group], kNoRow);
            m_groups[better] = group;
            m_rows[better] = row;
            better += offer(group, by.isNull(row), by[row]) || (m_places.standsBefore(row, group) && ties(group, by.isNull(row), by[row]));
        }
        const auto improved = std::span<const std::uint32_t>(m_groups).first(better), rows = std::span<const std::uint32_t>(m_rows).first(better);
        m_kept.set(arguments, improved, rows);
        m_places.set(improved, rows);
        return {};
    }
    void mergeGroup(std::size_t to, ArgExtremeAccumulator& other, std::size_t from)
    {
        if (other.m_state[from] == State::Empty)
            return;
        const bool isNull = other.m_state[from] == State::NullKey;
        const bool tie = ties(to, isNull, other.m_best[from]);
        const bool wins = tie ? other.m_places[from] < m_places[to] : offer(to, isNull, other.m_best[from]);
        if (!wins)
            return;
        m_kept.take(to, other.m_kept, from);
        m_places.take(to, other.m_places, from);
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override { return m_kept.finish(from, count); }
    std::size_t memoryBytes() const override { return m_kept.memoryBytes() + m_places.memoryBytes() + m_best.capacity() * (sizeof(Stored) + sizeof(State) + sizeof(std::uint32_t)); }

private:
    enum class State : std::uint8_t { Empty, NullKey, Value };

    /// Puts the groups of a batch into m_groups, and each one's best row into m_row. From the end: events come in order of time, and then
    /// the last one stays. Returns the number of groups.
    std::size_t bestOfBatch(const Vector& key, std::span<const std::uint32_t> groups)
    {
        const VectorReader<Physical<T>> by(key);
        std::size_t touched = 0;
        if constexpr (std::is_same_v<Physical<T>, std::int64_t>) {
            if (key.kind() == VectorKind::Flat && !key.nullMask()) { // without a branch: whether a group is new cannot be guessed
                const auto values = key.values<std::int64_t>();
                for (std::size_t row = groups.size(); row-- > 0;) {
                    const std::uint32_t best = m_row[groups[row]];
                    const bool isNew = best == kNoRow;
                    const std::int64_t known = values[isNew ? row : best];
                    const auto stays = static_cast<std::uint32_t>(greatest ? values[row] < known : known < values[row]);
                    m_groups[touched] = groups[row];
                    touched += isNew;
                    m_row[groups[row]] = (best & -stays) | (static_cast<std::uint32_t>(row) & (stays - 1));
                }
                return touched;
            }
        }
        for (std::size_t row = groups.size(); row-- > 0;) {
            std::uint32_t& best = m_row[groups[row]];
            if (best == kNoRow)
                m_groups[touched++] = groups[row];
            else if (staysAhead(by, best, row))
                continue;
            best = static_cast<std::uint32_t>(row);
        }
        return touched;
    }
    /// Whether a row stays its group's best beside one that stands before it.
    static bool staysAhead(const VectorReader<Physical<T>>& by, std::size_t best, std::size_t earlier)
    {
        if (by.isNull(best) || by.isNull(earlier))
            return by.isNull(earlier) && !by.isNull(best);
        return isBetter<greatest>(by[best], by[earlier]);
    }
    /// Whether the group's row has the same first argument.
    template <typename V> bool ties(std::size_t group, bool null, const V& value) const
    {
        if (null || m_state[group] != State::Value)
            return null && m_state[group] == State::NullKey;
        return !isBetter<greatest>(m_best[group], value) && !isBetter<greatest>(value, m_best[group]);
    }
    template <typename V> bool offer(std::size_t group, bool null, const V& value)
    {
        if (null) {
            if (m_state[group] != State::Empty)
                return false;
            m_state[group] = State::NullKey;
            return true;
        }
        if (m_state[group] == State::Value && !isBetter<greatest>(value, m_best[group]))
            return false;
        m_best[group] = value;
        m_state[group] = State::Value;
        return true;
    }

    RowKeeper m_kept;
    GroupPlaces m_places;
    std::vector<Stored> m_best;
    std::vector<State> m_state;
    std::vector<std::uint32_t> m_row;    ///< best row of the batch at hand
    std::vector<std::uint32_t> m_groups; ///< of the batch at hand, with those rows that count beside them
    std::vector<std::uint32_t> m_rows;
};

/// take_any: of one column the first value that is not null or empty, of several the first row.
class TakeAnyAccumulator final : public GroupwiseAccumulator<TakeAnyAccumulator> {
public:
    explicit TakeAnyAccumulator(const AggregateBinding& binding) : m_kept(binding) {}

    void at(RowOrder places) override { m_places.at(places); }
    void resize(std::size_t count) override
    {
        m_kept.resize(count);
        m_places.resize(count);
        m_has.resize(count);
    }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        std::vector<std::uint32_t> touched;
        std::vector<std::uint32_t> rows;
        std::optional<VectorReader<std::string_view>> texts;
        if (arguments.size() == 1 && arguments[0].type() == String)
            texts.emplace(arguments[0]);
        for (std::size_t row = 0; row < groups.size(); ++row) {
            if (m_has[groups[row]] || (arguments.size() == 1 && arguments[0].isNull(row)) || (texts && (*texts)[row].empty()))
                continue;
            m_has[groups[row]] = 1;
            touched.push_back(groups[row]);
            rows.push_back(static_cast<std::uint32_t>(row));
        }
        if (!touched.empty())
            m_kept.set(arguments, touched, rows);
        m_places.set(touched, rows);
        return {};
    }
    void mergeGroup(std::size_t to, TakeAnyAccumulator& other, std::size_t from)
    {
        if (!other.m_has[from] || (m_has[to] && m_places[to] < other.m_places[from]))
            return;
        m_has[to] = 1;
        m_kept.take(to, other.m_kept, from);
        m_places.take(to, other.m_places, from);
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override { return m_kept.finish(from, count); }
    std::size_t memoryBytes() const override { return m_kept.memoryBytes() + m_places.memoryBytes() + m_has.capacity(); }

private:
    RowKeeper m_kept;
    GroupPlaces m_places;
    std::vector<std::uint8_t> m_has;
};

ResultTypes allArguments() { return [](std::span<const DataType> arguments, auto) { return std::vector<DataType>(arguments.begin(), arguments.end()); }; }

template <bool greatest> Maker argMaker()
{
    return [](const AggregateBinding& binding) {
        return visitType(binding.argumentTypes[0], [&]<DataType T>() -> std::unique_ptr<Accumulator> { return std::make_unique<ArgExtremeAccumulator<T, greatest>>(binding); });
    };
}

} // namespace

void addRowAggregates(FunctionRegistry& registry)
{
    const std::vector<Parameter> byAndOthers{{"by", types::orderable}, repeated("value", types::any)};
    const std::vector<Parameter> byAlone{{"by", types::orderable}};
    registry.add(AggregateFunction{"arg_max", "arg_max", "The row with the greatest value of the first argument: that value and the other arguments (or `*`).", "datatable(x: long, y: string) [1, 'a', 3, 'b', 2, 'c'] | summarize arg_max(x, y) | project y // b",
                                   {{byAndOthers, allArguments(), argMaker<true>()}, {byAlone, allArguments(), argMaker<true>()}}});
    registry.add(AggregateFunction{"arg_min", "arg_min", "The row with the smallest value of the first argument: that value and the other arguments (or `*`).", "datatable(x: long, y: string) [2, 'a', 1, 'b', 3, 'c'] | summarize arg_min(x, y) | project y // b",
                                   {{byAndOthers, allArguments(), argMaker<false>()}, {byAlone, allArguments(), argMaker<false>()}}});
    registry.addAlias("argmax", "arg_max");
    registry.addAlias("argmin", "arg_min");
    const Maker any = [](const AggregateBinding& binding) { return std::make_unique<TakeAnyAccumulator>(binding); };
    const AggregateFunction takeAny{"take_any", "", "Some row's value of the arguments (or `*`); of one column a value that is not null or empty, if there is any.", "range x from 5 to 5 step 1 | summarize take_any(x) // 5",
                                    {{{repeated("value", types::any)}, allArguments(), any}}};
    registry.add(takeAny);
    AggregateFunction one = takeAny;
    one.signatures.front().parameters = {{"value", types::any}};
    registry.add(filteredForm(one, "take_anyif", "", "Some row's value among the rows for which the predicate is true.", "range x from 1 to 5 step 1 | summarize take_anyif(x, x > 4) // 5", 1));
    AggregateFunction older = takeAny;
    older.name = "any";
    older.prefix = "any";
    older.help = "The older name of take_any.";
    older.example = "range x from 5 to 5 step 1 | summarize any(x) // 5";
    registry.add(older);
    one.name = "any";
    registry.add(filteredForm(one, "anyif", "anyif", "The older name of take_anyif.", "range x from 1 to 5 step 1 | summarize anyif(x, x > 4) // 5", 1));
}

} // namespace tocsin::kql
