// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read the concepts in the standard headers
#include "FunctionHarness.h"
#endif

#include <QTest>

using namespace tocsin;
using namespace tocsin::kql;
using namespace tocsin::kql::testing;
using enum DataType;

namespace {

struct Case {
    const char* label;
    const char* name;
    std::vector<std::vector<Value>> rows; ///< arguments row by row
    std::vector<std::size_t> constants;   ///< which arguments are constant
    const char* expected;
};

std::vector<Vector> columnsOf(const std::vector<std::vector<Value>>& rows, std::size_t from, std::size_t to, const std::vector<DataType>& types)
{
    std::vector<Vector> columns;
    for (std::size_t column = 0; column < types.size(); ++column) {
        VectorBuilder builder(types[column]);
        for (std::size_t row = from; row < to; ++row)
            builder.append(rows[row][column]);
        columns.push_back(builder.finish());
    }
    return columns;
}

class Call {
public:
    Call(const FunctionRegistry& registry, const Case& c)
    {
        const AggregateFunction* function = registry.findAggregate(c.name);
        if (!function)
            return;
        for (const Value& value : c.rows.empty() ? std::vector<Value>{} : c.rows.front())
            m_binding.argumentTypes.push_back(value.type());
        m_binding.constants.resize(m_binding.argumentTypes.size());
        std::vector<const Value*> constants(m_binding.argumentTypes.size());
        for (const std::size_t i : c.constants) {
            m_binding.constants[i] = c.rows.front()[i];
            constants[i] = &c.rows.front()[i];
        }
        for (const AggregateSignature& signature : function->signatures) {
            const auto parameters = parametersFor(Signature{signature.parameters, {}, {}}, m_binding.argumentTypes.size());
            bool fits = parameters.size() == m_binding.argumentTypes.size();
            for (std::size_t i = 0; fits && i < parameters.size(); ++i)
                fits = parameters[i]->accepts.contains(m_binding.argumentTypes[i]);
            if (!fits)
                continue;
            m_signature = &signature;
            m_binding.resultTypes = signature.resultTypes(m_binding.argumentTypes, constants);
            return;
        }
    }
    bool valid() const { return m_signature; }
    const std::vector<DataType>& types() const { return m_binding.argumentTypes; }
    std::unique_ptr<Accumulator> make() const { return m_signature->make(m_binding); }
    std::string text(Accumulator& accumulator, std::size_t group) const
    {
        const auto columns = accumulator.finish(group, 1);
        if (!columns || columns->size() != m_binding.resultTypes.size())
            return "wrong number of columns";
        std::string out;
        for (std::size_t i = 0; i < columns->size(); ++i) {
            if ((*columns)[i].type() != m_binding.resultTypes[i])
                return "wrong type";
            out += (i ? "|" : "") + textOf((*columns)[i].valueAt(0));
        }
        return out;
    }

private:
    AggregateBinding m_binding;
    const AggregateSignature* m_signature = nullptr;
};

const std::vector<Case>& cases()
{
    static const std::vector<Case> all{
        {"sum", "sum", {{L(1)}, {N(Long)}, {L(5)}}, {}, "6"},
        {"sum of reals", "sum", {{R(1.5)}, {R(2)}}, {}, "3.5"},
        {"sum of timespans", "sum", {{Span("1h")}, {Span("30m")}}, {}, "01:30:00"},
        {"sumif", "sumif", {{L(1), B(true)}, {L(2), B(false)}, {L(4), N(Bool)}, {L(8), B(true)}}, {}, "9"},
        {"countif", "countif", {{B(true)}, {N(Bool)}, {B(false)}, {B(true)}}, {}, "2"},
        {"avg", "avg", {{L(1)}, {L(2)}, {N(Long)}}, {}, "1.5"},
        {"avg of nothing", "avg", {{N(Long)}}, {}, "null"},
        {"avg of times", "avg", {{T("2024-01-01")}, {T("2024-01-03")}}, {}, "2024-01-02T00:00:00.0000000Z"},
        {"min", "min", {{S("b")}, {S("a")}, {S("c")}}, {}, "a"},
        {"max", "max", {{L(-5)}, {N(Long)}, {L(-2)}}, {}, "-2"},
        {"max of nulls", "max", {{N(DateTime)}}, {}, "null"},
        {"dcount skips nulls", "dcount", {{S("a")}, {S("b")}, {S("a")}, {S("")}}, {}, "3"},
        {"dcount long", "dcount", {{L(0)}, {L(0)}, {N(Long)}, {L(-1)}}, {}, "2"},
        {"dcountif", "dcountif", {{L(1), B(true)}, {L(2), B(false)}, {L(3), B(true)}}, {}, "2"},
        {"count_distinct", "count_distinct", {{R(0.0)}, {R(-0.0)}, {R(1)}}, {}, "2"},
        {"arg_max", "arg_max", {{L(1), S("a")}, {L(3), S("b")}, {N(Long), S("c")}, {L(2), S("d")}}, {}, "3|b"},
        {"arg_max of null keys keeps a row", "arg_max", {{N(Long), S("a")}, {N(Long), S("b")}}, {}, "null|a"},
        {"arg_min with several", "arg_min", {{T("2024-01-02"), L(1), N(DataType::Guid)}, {T("2024-01-01"), L(2), N(DataType::Guid)}}, {}, "2024-01-01T00:00:00.0000000Z|2|null"},
        {"make_list", "make_list", {{L(1)}, {N(Long)}, {L(1)}}, {}, "[1,1]"},
        {"make_list limited", "make_list", {{L(1), L(2)}, {L(2), L(2)}, {L(3), L(2)}}, {1}, "[1,2]"},
        {"make_list of dynamics", "make_list", {{J("[1]")}, {J("{\"a\":2}")}}, {}, "[[1],{\"a\":2}]"},
        {"make_list_with_nulls", "make_list_with_nulls", {{L(1)}, {N(Long)}}, {}, "[1,null]"},
        {"make_list_if", "make_list_if", {{S("a"), B(true)}, {S("b"), B(false)}}, {}, "[\"a\"]"},
        {"make_set", "make_set", {{S("a")}, {S("b")}, {S("a")}, {S("")}}, {}, "[\"a\",\"b\",\"\"]"},
        {"make_set unites arrays", "make_set", {{J("[1,2]")}, {J("[2,3]")}, {J("4")}}, {}, "[1,2,3,4]"},
        {"make_set of nulls", "make_set", {{N(Long)}}, {}, "[]"},
        {"make_set_if", "make_set_if", {{L(1), B(false)}, {L(2), B(true)}}, {}, "[2]"},
        {"make_bag", "make_bag", {{J("{\"a\":1}")}, {J("{\"a\":2,\"b\":3}")}}, {}, "{\"a\":1,\"b\":3}"},
        {"percentile", "percentile", {{L(10), R(50)}, {L(20), R(50)}, {L(30), R(50)}, {L(40), R(50)}}, {1}, "20"},
        {"percentiles", "percentiles", {{L(10), R(0), R(50), R(100)}, {L(20), R(0), R(50), R(100)}}, {1, 2, 3}, "10|10|20"},
        {"percentiles, one of them null", "percentiles", {{L(10), Value::null(DataType::Real), R(100)}, {L(20), Value::null(DataType::Real), R(100)}}, {1, 2}, "null|20"},
        {"percentilew", "percentilew", {{L(1), L(10), R(50)}, {L(2), L(30), R(50)}}, {2}, "2"},
        {"percentiles_array", "percentiles_array", {{L(1), R(50), R(95)}, {L(2), R(50), R(95)}}, {1, 2}, "[1,2]"},
        {"stdev", "stdev", {{R(1)}, {R(2)}, {R(3)}, {R(4)}, {R(5)}}, {}, "1.5811388300841898"},
        {"stdevp", "stdevp", {{R(1)}, {R(3)}}, {}, "1.0"},
        {"variance of one", "variance", {{R(4)}}, {}, "0.0"},
        {"take_any skips nulls", "take_any", {{N(Long)}, {L(7)}}, {}, "7"},
        {"binary_all_and", "binary_all_and", {{L(6)}, {L(3)}}, {}, "2"},
        {"binary_all_xor", "binary_all_xor", {{L(6)}, {L(3)}}, {}, "5"},
    };
    return all;
}

} // namespace

class TestAggregates : public QObject {
    Q_OBJECT
private slots:
    void computes_data();
    void computes();
    void countsRows();
    void answersForNoRows_data();
    void answersForNoRows();
    void everyDeclarationIsComplete();
    void estimatesManyDistinctValues();

private:
    FunctionRegistry m_registry = builtInFunctions();
};

void TestAggregates::computes_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases().size(); ++i)
        QTest::newRow(cases()[i].label) << static_cast<int>(i);
}

void TestAggregates::computes()
{
    QFETCH(int, index);
    const Case& c = cases()[static_cast<std::size_t>(index)];
    const Call call(m_registry, c);
    QVERIFY2(call.valid(), c.name);
    const std::size_t rows = c.rows.size();

    // All rows at once, in the second of two groups; the first stays empty.
    auto whole = call.make();
    whole->resize(2);
    QVERIFY(whole->update(columnsOf(c.rows, 0, rows, call.types()), std::vector<std::uint32_t>(rows, 1)).has_value());
    QCOMPARE(QString::fromStdString(call.text(*whole, 1)), QString(c.expected));

    // Row by row on two threads' accumulators, merged.
    auto first = call.make();
    auto second = call.make();
    first->resize(1);
    second->resize(3);
    for (std::size_t row = 0; row < rows; ++row) {
        const bool early = row < (rows + 1) / 2;
        const std::vector<std::uint32_t> groups{early ? 0U : 2U};
        (early ? first : second)->at({row, nullptr});
        QVERIFY((early ? first : second)->update(columnsOf(c.rows, row, row + 1, call.types()), groups).has_value());
    }
    first->resize(3);
    QVERIFY(first->merge(*second, std::vector<std::uint32_t>{1, 2, 0}).has_value());
    QCOMPARE(QString::fromStdString(call.text(*first, 0)), QString(c.expected));
    QVERIFY(first->memoryBytes() > 0);
}

void TestAggregates::countsRows()
{
    const auto* count = m_registry.findAggregate("count");
    QVERIFY(count);
    auto accumulator = count->signatures.front().make({});
    accumulator->resize(2);
    QVERIFY(accumulator->update({}, std::vector<std::uint32_t>{1, 0, 1}).has_value());
    const auto result = accumulator->finish(0, 2);
    QCOMPARE(result->front().valueAt(0).asLong(), 1);
    QCOMPARE(result->front().valueAt(1).asLong(), 2);
}

void TestAggregates::answersForNoRows_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("expected");
    const std::pair<const char*, const char*> rows[] = {{"sum", "0"}, {"dcount", "0"}, {"avg", "null"}, {"min", ""}, {"max", "null"}, {"make_list", "[]"}, {"make_set", "[]"}, {"arg_max", "null|"}, {"percentile", "null"}, {"take_any", "null"}, {"stdev", "0.0"}, {"make_bag", "{}"}};
    for (const auto& [name, expected] : rows)
        QTest::newRow(name) << QByteArray(name) << QByteArray(expected);
}

void TestAggregates::answersForNoRows()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, expected);
    for (const Case& c : cases()) {
        if (name != c.name)
            continue;
        const Call call(m_registry, c);
        auto accumulator = call.make();
        accumulator->resize(1);
        QCOMPARE(QByteArray::fromStdString(call.text(*accumulator, 0)), expected);
        return;
    }
    QFAIL("no case");
}

void TestAggregates::everyDeclarationIsComplete()
{
    for (const AggregateFunction* function : m_registry.aggregates()) {
        const QByteArray name(function->name.data(), static_cast<qsizetype>(function->name.size()));
        QVERIFY2(!function->help.empty() && function->help.back() == '.', name);
        QVERIFY2(function->example.find(" // ") != std::string_view::npos && function->example.find("summarize ") != std::string_view::npos, name);
        QVERIFY2(function->example.find(std::string(function->name) + "(") != std::string_view::npos, name);
        QVERIFY2(!function->signatures.empty(), name);
    }
}

void TestAggregates::estimatesManyDistinctValues()
{
    AggregateBinding binding;
    binding.argumentTypes = {Long};
    binding.constants.resize(1);
    const auto exact = m_registry.findAggregate("count_distinct")->signatures.front().make(binding);
    const auto estimate = m_registry.findAggregate("dcount")->signatures.front().make(binding);
    constexpr std::int64_t kValues = 400'000;
    auto values = makeBuffer<std::int64_t>(kValues);
    for (std::int64_t i = 0; i < kValues; ++i)
        values[static_cast<std::size_t>(i)] = i * 3;
    const std::vector<Vector> column{Vector::flat<std::int64_t>(Long, std::move(values), kValues)};
    const std::vector<std::uint32_t> groups(kValues, 0);
    for (auto* accumulator : {exact.get(), estimate.get()}) {
        accumulator->resize(1);
        QVERIFY(accumulator->update(column, groups).has_value());
    }
    QCOMPARE(exact->finish(0, 1)->front().valueAt(0).asLong(), kValues);
    const double off = static_cast<double>(estimate->finish(0, 1)->front().valueAt(0).asLong()) / kValues - 1;
    QVERIFY2(std::abs(off) < 0.015, qPrintable(QString::number(off)));
}

QTEST_GUILESS_MAIN(TestAggregates)
#include "tst_aggregates.moc"
