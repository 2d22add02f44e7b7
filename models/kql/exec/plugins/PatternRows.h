// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/plugins/PluginCall.h"

namespace tocsin::kql {

/// A column that a pattern leaves open, or a value too rare to be part of one.
inline constexpr std::uint32_t kAnyValue = 0xFFFFFFFF;
/// For each column the code of its value, or kAnyValue.
using Pattern = std::vector<std::uint32_t>;

/// The rows that patterns are looked for in: each different combination of values once, with its weight in one or two sets.
class PatternRows {
public:
    struct Column {
        std::size_t place;          ///< in the input
        Vector values;              ///< by code
    };
    struct Weights {
        double a = 0;
        double b = 0;
    };
    /// `weights` are those of the input's rows. Values that `keeps` refuses, by their weights, are rare. Columns at `without` are left out.
    static Result<PatternRows> make(PluginCall& call, const Batch& rows, std::span<const Weights> weights, std::span<const std::size_t> without,
                                    const std::function<bool(const Weights& value, const Weights& total)>& keeps);

    const std::vector<Column>& columns() const { return m_columns; }
    std::size_t size() const { return m_weights.size(); }
    std::uint32_t code(std::size_t row, std::size_t column) const { return m_codes[row * m_columns.size() + column]; }
    const Weights& weights(std::size_t row) const { return m_weights[row]; }
    const Weights& total() const { return m_total; }
    bool matches(std::size_t row, const Pattern& pattern) const;
    Weights sum(std::span<const std::uint32_t> rows) const;
    /// Sums of each value of a column over some rows, by code.
    void countValues(std::span<const std::uint32_t> rows, std::size_t column, std::vector<Weights>& counts) const;
    /// Of the rows, those with the value.
    std::vector<std::uint32_t> select(std::span<const std::uint32_t> rows, std::size_t column, std::uint32_t code) const;
    /// The pattern with every value that all of the rows have in common.
    Pattern closure(std::span<const std::uint32_t> rows, Pattern pattern) const;
    std::vector<std::uint32_t> all() const;

private:
    std::vector<Column> m_columns;
    std::vector<std::uint32_t> m_codes;
    std::vector<Weights> m_weights;
    Weights m_total;
};

/// The weight of each input row from WeightColumn (1 without; null or negative is 0), in set a.
Result<std::vector<PatternRows::Weights>> rowWeights(PluginCall& call, const Batch& rows);
/// The columns that hold a plugin's own data (weight, split) and so are not part of patterns.
std::vector<std::size_t> ownColumns(const PluginCall& call, std::initializer_list<std::string_view> parameters);

/// Turns patterns into result rows: the given values first, then each column of the input with its value or wildcard.
class PatternWriter {
public:
    static Result<PatternWriter> make(PluginCall& call, const PatternRows& rows, std::size_t inputColumns, BatchCollector& out);
    Result<void> add(std::vector<Value> head, const Pattern& pattern);
    Result<void> finish() { return m_writer.finish(); }

private:
    PatternWriter(const PatternRows& rows, RowWriter writer) : m_rows(rows), m_writer(std::move(writer)) {}
    const PatternRows& m_rows;
    RowWriter m_writer;
    std::vector<Value> m_wildcards; ///< per input column
};

inline Value wholeWeight(double weight) { return Value::int64(static_cast<std::int64_t>(weight + 0.5)); }
inline double percentOf(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

} // namespace tocsin::kql
