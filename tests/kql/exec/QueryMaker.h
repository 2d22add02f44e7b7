// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Batch.h"
#include "column/DataType.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace tocsin {

/// Makes queries that bind, out of a seed: the same seed gives the same query anywhere. They read the tables A and B, whose columns are
/// those of `columns()`.
class QueryMaker {
public:
    struct Column {
        std::string name;
        DataType type;
    };
    /// `odd`: tables also hold NaN, infinities and numbers near the ends of their range.
    explicit QueryMaker(std::uint64_t seed, bool odd = true) : m_random(seed), m_odd(odd) {}

    /// A pipeline with up to `operators` operators.
    std::string query(int operators);
    /// An expression of a type over columns.
    std::string expression(DataType type, int depth);
    /// Rows of a table, a batch a value of the generator.
    Batch rows(std::size_t count);
    static std::vector<Column> columns();

private:
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(m_random() % n); }
    bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
    std::string pick(std::initializer_list<const char*> texts);
    std::string columnOf(DataType type);
    bool hasColumn(DataType type) const;
    std::string literalOf(DataType type);
    std::string anyColumn() { return m_columns[below(m_columns.size())].name; }
    std::string keyColumn();
    std::string newName() { return "c" + std::to_string(m_names++); }
    DataType anyType();
    DataType pickType(std::initializer_list<DataType> types);

    std::string source();
    std::string step();
    std::string summarize();
    std::string aggregate(DataType& type);
    std::string series();
    std::string nestedTops();
    std::string window();
    std::string parsed();
    std::string partitioned();
    std::string reshaped();
    std::string lookedUp();
    std::string applied();
    std::string scanned();
    std::string subqueryCondition();
    std::string replaced();
    std::string join();
    std::string expand();
    std::string sorted();
    std::string dropColumns(std::size_t keep);

    std::mt19937_64 m_random;
    std::vector<Column> m_columns;
    int m_names = 0;
    bool m_odd = true;
};

} // namespace tocsin
