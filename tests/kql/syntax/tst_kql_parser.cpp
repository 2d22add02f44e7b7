// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/SyntaxTree.h"

#include <QTest>

#include <algorithm>

using namespace tocsin;
using namespace tocsin::kql;

class TestKqlParser : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void accepts_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {
                 "T", "T | where a > 1 and b has 'x' | take 10", "T | summarize count(), dcount(x) by bin(t, 1h), y",
                 "let x = 5; let f = (a:int, b:string='q') { a + 1 }; T | where n == f(1)", "let v = view () { T }; v()",
                 "let f = (T:(a:int, *)) { T | count }; f(X)", "T | join kind=inner (U | where z) on $left.a == $right.b, c",
                 "T | lookup kind=leftouter U on a", "union isfuzzy=true withsource=s T*, (U | take 1), database('d').V", "union T, U | count",
                 "find in (A, B*) where x == 1 project a, b:string, pack(*)", "search in (T) 'x' and a:'y'", "search kind=case_sensitive '*x*'",
                 "T | mv-expand with_itemindex=i a = b.c to typeof(long), d limit 5", "T | mvexpand x",
                 "T | mv-apply a to typeof(string) on (where a == 'x' | summarize count())",
                 "T | parse kind=regex flags=Ui a with * 'x=' b:long ',' c 'z' *", "T | parse-where a with 'x' b",
                 "T | parse-kv a as (b:string, ['c d']:long) with (pair_delimiter=' ', kv_delimiter='=')",
                 "T | make-series n=count() default=0, avg(x) on t from ago(1d) to now() step 1h by y",
                 "T | make-series count() on t in range(ago(1d), now(), 1h)", "T | partition hint.strategy=native by x (top 3 by y)",
                 "T | fork a=(take 1) b=(count)", "T | facet by a, b with (take 1)",
                 "T | scan with_match_id=m declare (x:long=0) with (step s1 output=all: a == 1 => x = s1.x + 1; step s2: true;)",
                 "T | serialize rn = row_number()", "T | reduce by x with threshold=0.2, characters='x'", "T | invoke f(1)",
                 "T | evaluate pivot(a, sum(b))", "T | evaluate bag_unpack(d) : (*, x:long)", "print 1, x='a' 'b'", "range x from 1 to 10 step 1",
                 "T | render timechart with (title='x', ycolumns=a, b)", "T | as hint.materialized=true X | consume", "T | getschema",
                 "datatable(a:int, b:string)[1, 'x', 2, 'y']", "externaldata(a:string)[h@'https://x/y'] with (format='csv', ignoreFirstRecord=true)",
                 "T | top 5 by a desc nulls last", "T | sort by a asc, b", "T | top-nested 3 of a with others='x' by count(), top-nested of b by max(c) desc",
                 "T | top-hitters 3 of a by b", "T | sample 5", "T | sample-distinct 5 of a", "T | distinct *", "T | distinct a, tostring(b)",
                 "T | project-away a*, *_s, ['b c']", "T | project-reorder z, * asc, k granny-asc", "T | project-keep a*", "T | project-rename a = b, c = d",
                 "cluster('c').database('d').T | count", "workspace('w').T", "table('T') | count", "T | where ['a b'] == 1 and d['x'][0].y == 'z'",
                 "T | where a between (1 .. 2) and b !between (datetime(2024-01-01) .. 1d)", "T | where a in~ ('x', 'y') or a !in (U | project b)",
                 "T | where a has_any (dynamic(['x', {'k': [1, -2.5, null, true, datetime(2024-01-01)]}]))", "set notruncation; T", "set a = 5; T",
                 "declare query_parameters(a:long = 5, b:string); T | where x == a", "alias database d = cluster('c').database('e'); T",
                 "restrict access to (T, U*); T", "declare pattern p = (a:string)[b:string] { ('x').['y'] = { T }; }; p('x').y",
                 "T | make-graph a --> b with N on id | graph-match (x)-[e*1..3]->(y)<-[f]-(z), (x)--(w) where x.n == 'q' project x.n, m = z.k",
                 "T | make-graph a --> b with_node_id=i | graph-to-table nodes as N with_node_id=id, edges as E",
                 "macro-expand isfuzzy=true entity_group [cluster('a').database('b')] as X (X.T | count)", "T | where x == -1 and not(y)",
                 "print ```a\nb```", "T | count as n", "T | where a matches regex @'\\d+'", "T | where * has 'x'", "T | extend (a, b) = f(c)",
                 "let a = toscalar(T | count); print a", "let a = materialize(T | take 1); a", "T | where datetime() > t", "T;",
                 "where x == 1", "T | project a, kind, type", "#directive\nT", "print $x", "inline_external_table (a:string, d:datetime) "
                 "kind=storage partition by (d:datetime = bin(t, 1d)) pathformat=('x/' datetime_pattern('yyyy', d)) dataformat=csv (h@'https://x') with (a=1)",
                 "inline_external_table kind=delta (h@'https://x')", "__contextual_datatable 1 (a:int) | take 1", "T | partition by x in dynamic(['a']) (take 1)",
                 "T | partition by x { U | where y == x }", "T datascope=hotcache | take 1", "print x = toscalar kind=nooptimization (T | count)", "T | project",
                 "T | extend a = [1]", "T | where {p} == 1", ".show tables", ".show table T cslschema | project x", ".set-or-append T <| U | take 1",
                 ".create-or-alter function with (folder='x') f(a:int) { T | where b == a }", ".drop table ['a b'] ifexists", "T | find x == 1",
                 "materialized-view-combine ('v') base (T) delta (U) aggregations (summarize count() by a)", "find datascope=all in (T) where x == 1 project a, pack(*)",
                 "T | render timechart title='x' by a with (title=strcat('a', 'b'), series=a, b, ymin=0)", "T | facet by a with take 1", "restrict access to (T) with (a=b)",
                 "macro-expand G as X (X.T; X.U)", "let G = entity_group [database('a'), database('b')]; T", "T | top 5 by x granny-desc", "search * and 'x'",
                 "T | make-graph a -- b partitioned-by t (graph-match (x) where x.a == 1 project x.b)", "T | where a:'x'", "print 1.e5, 0xFF, 1.5h, -1",
                 "let f = () { declare query_parameters(x:int = 1); let y = x; print y; }; f()", "print a.['b'].c[0]", "T | scan declare (a:int = 0) with (step s: true;)",
                 "T | filter a | limit 1 | order by b"})
            QTest::newRow(text) << QString(text);
    }
    void accepts()
    {
        QFETCH(QString, text);
        const auto tree = parseQuery(text.toStdString());
        if (!tree->errors().empty())
            QFAIL(errorMessage(tree->errors().front()).c_str());
        QVERIFY(!tree->statements().empty() || text.startsWith(";"));
    }
    void errors_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("start");
        QTest::addColumn<int>("length");
        QTest::addColumn<int>("count");
        QTest::newRow("missing operand") << "T | where a == | take 1" << "kql.missing_expression" << 15 << 1 << 1;
        QTest::newRow("unknown operator") << "T | wher a == 1 | take 1" << "kql.unknown_operator" << 4 << 4 << 1;
        QTest::newRow("missing parenthesis") << "T | where f(a | take 1" << "kql.expected" << 14 << 1 << 1;
        QTest::newRow("open string") << "T | where a == 'x" << "kql.unterminated_string" << 17 << 0 << 1;
        QTest::newRow("bad escape") << "T | where a == '\\d'" << "kql.bad_escape" << 16 << 2 << 1;
        QTest::newRow("pipe first") << "| where a" << "kql.no_query" << 0 << 1 << 1;
        QTest::newRow("two statements") << "T U" << "kql.unexpected" << 2 << 1 << 1;
        QTest::newRow("unknown type") << "datatable(a:strin)[1]" << "kql.unknown_type" << 12 << 5 << 1;
        QTest::newRow("each operator") << "T | where | extend | take 1" << "kql.missing_expression" << 10 << 1 << 2;
        QTest::newRow("empty statement") << "T;;U" << "kql.unexpected" << 2 << 1 << 1;
        QTest::newRow("reserved word") << "T | where string == 1" << "kql.reserved_word" << 10 << 6 << 1;
        QTest::newRow("declared reserved word") << "T | project kind=1" << "kql.reserved_word" << 12 << 4 << 1;
        QTest::newRow("identifier without guid()") << "print 74be27de-1e4e-49d9-b579-fe0b331d3642" << "kql.raw_guid" << 6 << 36 << 1;
        QTest::newRow("list without parentheses") << "T | where a in x" << "kql.expected" << 15 << 1 << 1;
        QTest::newRow("empty list") << "T | where a in ()" << "kql.missing_expression" << 16 << 1 << 1;
        QTest::newRow("comma at the end") << "T | project a," << "kql.missing_expression" << 14 << 0 << 1;
        QTest::newRow("missing at the end of a line") << "T | where a ==\n| take 1" << "kql.missing_expression" << 14 << 0 << 1;
        QTest::newRow("two comparisons") << "T | where a contains 'x' contains 'y'" << "kql.unexpected" << 25 << 8 << 1;
        QTest::newRow("lookup without on") << "T | lookup U | take 1" << "kql.expected" << 13 << 1 << 1;
        QTest::newRow("datatable of expressions") << "datatable(a:int)[f(1)]" << "kql.expected" << 17 << 1 << 1;
        QTest::newRow("typographic quotes") << QString::fromUtf8("T | where a == \u201cx\u201d") << "kql.bad_character" << 15 << 3 << 2;
        QTest::newRow("missing by") << "T | sort a" << "kql.expected" << 9 << 1 << 1;
    }
    void errors()
    {
        QFETCH(QString, text);
        QFETCH(QString, code);
        QFETCH(int, start);
        QFETCH(int, length);
        QFETCH(int, count);
        const auto tree = parseQuery(text.toStdString());
        QVERIFY(!tree->errors().empty());
        const Error& first = tree->errors().front();
        QCOMPARE(QString::fromStdString(std::string(first.code())), code);
        QCOMPARE(static_cast<int>(first.span->start), start);
        QCOMPARE(static_cast<int>(first.span->length), length);
        QCOMPARE(static_cast<int>(tree->errors().size()), count);
    }
    void commandsHaveATree()
    {
        const auto tree = parseQuery(".create-or-alter function with (folder='x', skip=true) f(a:int) { T } ; .show tables | take 1");
        QVERIFY(tree->errors().empty());
        QCOMPARE(tree->statements().size(), 2UL);
        const CommandSyntax& create = *tree->statements()[0]->command;
        QCOMPARE(QString::fromStdString(create.verb.text), QString("create"));
        const CommandSyntax& show = *tree->statements()[1]->command;
        QCOMPARE(QString::fromStdString(show.verb.text), QString("show"));
        QCOMPARE(show.parts.size(), 1UL);
        QCOMPARE(QString::fromStdString(show.parts[0].name.text), QString("tables"));
        QVERIFY(show.operators && show.operators->operators.size() == 1);
        using Part = CommandSyntax::Part;
        const auto kinds = [&](Part::Kind kind) { return std::count_if(create.parts.begin(), create.parts.end(), [&](const Part& part) { return part.kind == kind; }); };
        QCOMPARE(kinds(Part::Kind::Properties), 1);
        QCOMPARE(kinds(Part::Kind::List), 1);
        QCOMPARE(kinds(Part::Kind::Body), 1);
        const auto fill = parseQuery(".set-or-append T <| U | where a == 1");
        QVERIFY(fill->errors().empty());
        QCOMPARE(fill->statements()[0]->command->query.size(), 1UL);
    }
    void severalErrorsAreTold()
    {
        const auto tree = parseQuery("T | where a == | extend b = | take 1; U | sort a; print 1 +");
        QCOMPARE(tree->errors().size(), 4UL);
    }
    void hopelessTextGivesFewErrors()
    {
        std::string bars(100'000, '|'), commas;
        for (int i = 0; i < 20'000; ++i)
            commas += "| where ";
        for (const std::string& text : {bars, commas, std::string(50'000, '$'), std::string(50'000, '`'), "print " + std::string(100'000, '"')})
            QVERIFY(parseQuery(text)->errors().size() <= 60);
    }
    void deepNestingIsAnErrorNotACrash()
    {
        for (const char* piece : {"(", "f(", "-", "[", "a[", "not(", "T | where (", "dynamic([", "x in (", "union (", "T | join (", "{", "let f = () {", "case("}) {
            std::string text = "T | where ";
            for (int i = 0; i < 5'000; ++i)
                text += piece;
            QVERIFY2(!parseQuery(text)->errors().empty(), piece);
        }
        std::string sum = "print 1", either = "T | where a == 1", pipes = "T", members = "print a";
        for (int i = 0; i < 5'000; ++i) {
            sum += "+1";
            either += " or a == 1";
            pipes += "|take 1";
            members += ".b";
        }
        QVERIFY(!parseQuery(sum)->errors().empty());
        QVERIFY(parseQuery(either)->errors().empty());
        QVERIFY(!parseQuery(pipes)->errors().empty());
        QVERIFY(!parseQuery(members)->errors().empty());
    }
    void cutTextsNeverCrash()
    {
        const std::string text = "let f=(a:int,T:(*)){T|where x in~(1,'b')};T|make-series n=count() default=0 on t from ago(1d) to now() step 1h by y"
                                 "|scan with(step s:true=>a=s.b;)|parse a with*'x'b:long|mv-expand a to typeof(long)|graph-match(a)-[e*1..2]->(b)where a";
        for (std::size_t i = 0; i <= text.size(); ++i) {
            parseQuery(text.substr(0, i));
            parseQuery(text.substr(i));
            std::string broken = text;
            if (i < broken.size()) {
                broken[i] = static_cast<char>(0xC0 + i % 64);
                parseQuery(broken);
                broken[i] = "()[]{}|;,'\"=."[i % 13];
                parseQuery(broken);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestKqlParser)
#include "tst_kql_parser.moc"
