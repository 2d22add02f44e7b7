// SPDX-License-Identifier: GPL-3.0-or-later
#include "BinderFixture.h"
#include "kql/plan/Optimizer.h"

#include <QTest>

using namespace tocsin;
using namespace tocsin::kql;

namespace {

std::string_view kindName(PlanNode::Kind kind)
{
    static constexpr std::string_view kNames[] = {"Scan", "Fetch", "CountRows", "Rows", "Range", "Filter", "Project", "Aggregate", "Sort", "Top", "Take", "Join", "Union",
                                                  "MvExpand", "Parse", "Serialize", "Shared", "Named", "MakeSeries", "Extension"};
    return kNames[static_cast<std::size_t>(kind)];
}

/// `Filter(Scan[s l]{Equal})`: kinds from the result down, the columns of scans and their predicates.
std::string shape(const PlanNode& node)
{
    std::string out(kindName(node.kind));
    if (node.kind == PlanNode::Kind::Scan) {
        out += '[';
        for (const PlanColumn& column : node.columns)
            out += (&column == &node.columns.front() ? "" : " ") + column.name;
        out += ']';
        static constexpr std::string_view kKinds[] = {"==", "<", "<=", ">", ">=", "has", "hasany", "contains", "!="};
        for (const auto& predicate : node.predicates) {
            out += "{" + node.source->schema().columns[predicate.column].name + " " + std::string(kKinds[static_cast<std::size_t>(predicate.kind)]);
            for (const Value& value : predicate.values)
                out += " " + value.toString();
            out += '}';
        }
    }
    if (node.joinRange) {
        using Limits = std::numeric_limits<std::int64_t>;
        const auto bound = [](std::int64_t ticks) { return ticks == Limits::min() || ticks == Limits::max() ? std::string() : std::to_string(ticks); };
        out += "{" + bound(node.joinRange->least) + ".." + bound(node.joinRange->most) + "}";
    }
    if (!node.inputs.empty()) {
        out += '(';
        for (const PlanPtr& input : node.inputs)
            out += (input == node.inputs.front() ? "" : ", ") + shape(*input);
        out += ')';
    }
    return out;
}

} // namespace

class TestKqlOptimizer : public QObject {
    Q_OBJECT
    std::shared_ptr<const catalog::Snapshot> m_snapshot = test::sampleSnapshot();
    FunctionRegistry m_functions = builtInFunctions();

private Q_SLOTS:
    void plans_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* text, const char* expected) { QTest::newRow(text) << QString(text) << QString(expected); };
        row("U | where s == 'x' and l > 5 | project z", "Project(Filter(Scan[s l z]{s == x}{l > 5}))");
        row("T | where t > ago(1h) | project s", "Project(Filter(Scan[t s]{t > 2024-01-01T23:00:00.0000000Z}))");
        row("T | where t between (datetime(2024-01-01) .. 1h) | project t", "Filter(Scan[t]{t >= 2024-01-01T00:00:00.0000000Z})");
        row("T | where i == 5 or i in (6, 7) | project i", "Filter(Scan[i]{i == 5 6 7})");
        row("U | where s has 'a' or s has_any ('b', 'c') | project s", "Filter(Scan[s]{s hasany a b c})");
        row("U | where s contains 'a' | where z startswith 'b' | where l <= 3 | count", "Aggregate(Filter(Filter(Filter(Scan[s l z]{s contains a}{z contains b}{l <= 3}))))");
        row("U | extend q = strcat(s, 'x') | where l == 1 | project q", "Project(Filter(Scan[s l]{l == 1}))");
        row("U | extend q = l + 1 | where q == 1 | project q", "Filter(Project(Scan[l]))");
        row("U | project-rename n = l | where n == 1 | project n", "Project(Filter(Scan[l]{l == 1}))");
        row("union (U | project s, l), (U | project l) | where l == 1 | project l", "Union(Filter(Scan[l]{l == 1}), Filter(Scan[l]{l == 1}))");
        row("U | summarize c = count() by s | where s == 'x' and c > 1", "Filter(Aggregate(Filter(Scan[s]{s == x})))");
        row("T | where l != 5 and s != 'x' | project s", "Project(Filter(Scan[s l]{l != 5}{s != x}))");
        // times of pairs, right - left in ticks
        const auto pairs = [](const char* condition, const char* range) {
            QTest::newRow(condition) << QString("T | project s, a = t | join kind=inner (T | project s, b = t) on s | where %1 | project a, b").arg(condition)
                                     << QString("Filter(Join%1(Project(Scan[t s]), Project(Scan[t s])))").arg(range);
        };
        pairs("b > a and b <= a + 10m", "{1..6000000000}");
        pairs("a < b and a + 10m >= b", "{1..6000000000}");
        pairs("b between (a .. 10m)", "{0..6000000000}");
        pairs("b between (a - 1s .. a + 1s)", "{-10000000..10000000}");
        pairs("b - a < 1s", "{..9999999}");
        pairs("a - b < 1s", "{-9999999..}");
        pairs("a == b", "{0..0}");
        pairs("(b - a) between (1s .. 2s)", "{10000000..20000000}");
        pairs("a > b - 1s", "{..9999999}");
        pairs("b != a", "");
        pairs("b > a or b < a", "");
        pairs("b > datetime(2024-01-02) + (a - b)", "");
        row("U | join kind=inner (U | project s, q = z) on s | where l == 1 and q == 'x' | project z",
            "Join(Filter(Scan[s l z]{l == 1}), Project(Filter(Scan[s z]{z == x})))");
        row("U | join (U | project s, q = z) on s | where l == 1 and s == 'x' | project z", "Project(Filter(Join(Filter(Scan[s l z]{s == x}), Scan[s])))");
        row("U | take 5 | where l == 1 | project l", "Filter(Take(Scan[l]))");
        row("U | serialize n = row_number() | where l == 1 | project n", "Project(Filter(Project(Serialize(Scan[l]))))");
        row("let m = materialize(U); m | project s | union (m | project l)", "Union(Shared(Scan[s l]), Shared(Scan[s l]))");
        row("T | count", "CountRows");
        row("U | where 1 == 1 | project s", "Scan[s]");
        row("T | where i > 3 | count", "Aggregate(Filter(Scan[i]{i > 3}))");
        row("U | count | where Count > 3", "Filter(CountRows)");
        row("U | where l > 1 | top 3 by l", "Project(Fetch(Project(Top(Filter(Scan[l $row]{l > 1})))))");
        row("U | extend q = strcat(s, z) | top 3 by l", "Project(Project(Fetch(Project(Top(Project(Scan[l $row]))))))");
        row("U | extend q = rand() | top 3 by l", "Top(Project(Scan[s l z i]))");
        row("U | top 3 by l | project l", "Top(Scan[l])");
        row("U | summarize arg_max(l, *) by s", "Project(Fetch(Aggregate(Scan[s l $row])))");
        row("U | summarize arg_min(l, z), count()", "Project(Fetch(Aggregate(Scan[l $row])))");
        row("U | summarize arg_max(l, *), arg_min(l, z) by s", "Aggregate(Scan[s l z i])");
    }
    void plans()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        BoundQuery query = bindQuery(text.toStdString(), *m_snapshot, m_functions);
        QVERIFY2(query.ok(), test::describe(query).c_str());
        const std::string columns = test::describe(query);
        optimize(query, {.now = ticksFromCivil({2024, 1, 2}), .databaseName = "db"});
        std::string actual = shape(*query.results[0].plan);
        QCOMPARE(QString::fromStdString(actual), expected);
        QCOMPARE(test::describe(query), columns);
    }
};

QTEST_GUILESS_MAIN(TestKqlOptimizer)
#include "tst_kql_optimizer.moc"
