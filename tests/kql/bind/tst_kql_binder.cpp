// SPDX-License-Identifier: GPL-3.0-or-later
#include "BinderFixture.h"

#include "column/Dynamic.h"
#include "kql/bind/OpenPlugins.h"

#include <QTest>

using namespace tocsin;
using namespace tocsin::kql;

class TestKqlBinder : public QObject {
    Q_OBJECT
    std::shared_ptr<const catalog::Snapshot> m_snapshot = test::sampleSnapshot();
    FunctionRegistry m_functions = builtInFunctions();
    std::string bound(const QString& text) { return test::describe(bindQuery(text.toStdString(), *m_snapshot, m_functions)); }

private Q_SLOTS:
    void columns_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* text, const char* expected) { QTest::newRow(text) << QString(text) << QString(expected); };
        row("U", "s:string l:long z:string i:string");
        row("U | where l > 1 and s == 'x' | project s, n = l + 1, l * 2, -l", "s:string n:long Column1:long Column2:long");
        row("U | extend a = l / 2.0, l = s", "s:string l:string z:string i:string a:real");
        row("U | project-away z, i*", "s:string l:long");
        row("U | project-keep z, s*", "s:string z:string");
        row("U | project-rename q = z", "s:string l:long q:string i:string");
        row("U | project-reorder z, * asc", "z:string i:string l:long s:string");
        row("U | sort by l | take 3 | top 2 by s asc", "s:string l:long z:string i:string");
        row("U | distinct s, l", "s:string l:long");
        row("U | join kind=inner U on s", "s:string l:long z:string i:string s1:string l1:long z1:string i1:string");
        row("U | join kind=leftanti (U | project s, q = z) on s", "s:string l:long z:string i:string");
        row("U | lookup (U | project s, q = z, z) on s", "s:string l:long z:string i:string q:string z1:string");
        row("union withsource=src T, U | project src, s, i_int, i_string", "src:string s:string i_int:int i_string:string");
        row("union kind=inner T, U", "s:string i_int:int i_string:string l:long");
        row("print 1, a = 'x', 2.0", "print_0:long a:string print_2:real");
        row("range x from 1 to 10 step 2", "x:long");
        row("range x from datetime(2024-01-01) to datetime(2024-01-02) step 1h", "x:datetime");
        row("datatable(a:int, b:string)[1, 'x', 2, 'y'] | where a == 1", "a:int b:string");
        row("let n = 5; let A = U | where l > n; A | join (A) on s | project l1", "l1:long");
        row("let f = (x:long, y:long = 2) { x + y }; U | extend q = f(l), w = f(1, 2) | project q, w", "q:long w:long");
        row("let f = (A:(s:string), x:string) { A | where s == x }; f(U, 'a') | project s", "s:string");
        row("let m = materialize(U | project s, l); m | join m on s", "s:string l:long s1:string l1:long");
        row("U | where l in (T | project l) | project l", "l:long");
        row("T | mv-expand d", "t:datetime s:string i:int l:long r:real b:bool g:guid d:dynamic p:timespan");
        row("T | project s, d | mv-expand with_itemindex=n x = d to typeof(long)", "s:string d:dynamic x:long n:long");
        row("T | project s, d | mv-apply d on (where s == 'x' | project d, s)", "s:string d:dynamic");
        row("U | parse s with 'a' b:long ',' c | project b, c", "b:long c:string");
        row("U | parse-kv s as (a:int) | project a", "a:int");
        row("U | as X | union X | project s", "s:string");
        row("U | getschema", "ColumnName:string ColumnOrdinal:long DataType:string ColumnType:string");
        row("AzureDiagnostics | where foo_s == 'x' | project Timestamp, bar_d", "Timestamp:datetime bar_d:real");
        row("VendorParser | project A", "A:string");
        row("VendorParser() | project A", "A:string");
        row("Recent(2d) | project s", "s:string");
        row("Recent | project s", "s:string");
        row("U | project x = Twice(l)", "x:long");
        row("table('U') | project s", "s:string");
        row("workspace('w').U | project s", "s:string");
        row("union isfuzzy=true U, (NoSuch | where a == 1) | project s", "s:string");
        row("U | fork (take 1 | project s) (project l)", "s:string ; l:long");
        row("search in (U) 'x' | project $table, s", "$table:string s:string");
        row("find in (U) where s == 'x' project s, l", "source_:string s:string l:long");
        row("U | partition by s (top 1 by l | project s)", "s:string");
        row("U | serialize | project s", "s:string");
        row("U | sample 3 | sample-distinct 2 of s", "s:string");
        row("T | evaluate bag_unpack(d) : (s:string, q:long)", "s:string q:long");
        row("T | project s, d | evaluate bag_unpack(d) | where q == 1 | project s, q", "s:string q:dynamic");
        row("U | evaluate narrow()", "Row:long Column:string Value:string");
        row("declare query_parameters(a:long = 5); U | where l == a | project l", "l:long");
        row("U | where ['s'] == 'x' | project ['l']", "l:long");
        row("print x = ingestion_time()", "x:datetime");
        row("U | where ingestion_time() > datetime(2024-01-01)", "s:string l:long z:string i:string");
        row("U | where l between (1 .. 5) and s !in ('a', 'b') and not(l == 3) | project l", "l:long");
        row("U | where * has 'x' | project s", "s:string");
        row("T | project x = column_ifexists('i', '')", "x:string");
        row("T | project x = column_ifexists('s', 5), y = column_ifexists('none', 5)", "x:string y:long");
        row("T | project x = case(b, l, b, b, s), y = case(b, i, b, r, l)", "x:dynamic y:real");
        row("union (T | project x = l), (T | project x = l), (T | project x = i)", "x:long");
        row("union (T | project x = s), (T | project x = s), (T | project x = l)", "x:string");
        row("union (T | project x = l), (T | project x = l), (T | project x = s)", "x_long:long x_string:string");
        row("U | where s in (z) and s has_any (z) | project s", "s:string");
        row("T | project s, d, l | mv-apply d on (take 1)", "s:string l:long d:dynamic");
        row("T | project s, d, l | mv-apply s = d on (take 1)", "s:dynamic d:dynamic l:long");
        row("T | summarize percentile(l, real(null)), percentiles(l, 5, int(null))", "percentile_l_:long percentile_l_5:long percentile_l_1:long");
        row("T | summarize argmax(t, l), percentiles_array(l, 5, 50)", "max_t:datetime max_t_l:long percentiles_l:dynamic");
        row("range x from int(0) to int(5) step int(1)", "x:int");
        row("T | project startofmonth(t) | summarize by startofmonth(Column1)", "Column2:datetime");
        row("U | getschema kind=csl", "Schema:string");
        row("find in (T, U) where z == 'x'", "source_:string s:string l:long z:string i:string");
        row("T | project x = d + d, y = d - p, z = tolower(l), w = ceiling(i)", "x:dynamic y:timespan z:string w:int");
        row("T | project s, d | evaluate bag_unpack(d) | where q > ago(1d) and abs(w) > 1 | project s", "s:string");
        row("macro-expand entity_group [database('a'), cluster('c').database('b')] as X (X.U | project s, l)", "s:string l:long");
        row("let E = entity_group [database('a'), database('b')]; macro-expand kind=outer E as X (let n = 2; X.U | extend n, d = X.$current_database | project n, d)", "n:long d:string");
        row("macro-expand entity_group [cluster('a'), cluster('b')] as C (C.database('d').U | project l) | count", "Count:long");
        row("macro-expand entity_group [T, U] as X (X | project s)", "s:string");
        row("macro-expand kind=inner entity_group [T, U] as X (X)", "s:string i_int:int i_string:string l:long");
        row("macro-expand isfuzzy=true entity_group [T, NoSuch] as X (X | project l)", "l:long");
        row("macro-expand entity_group [database('a')] as X (macro-expand entity_group [database('b')] as Y (union X.U, Y.U) | project z)", "z:string");
        row("macro-expand entity_group [database('a')] as X (union X.U, X.* | project z)", "z:string");
        row("declare pattern P = (a:string)[p:string] { ('x').['y'] = { U | where s == a | project s, q = p }; ('x').['z'] = { print 1 }; }; P('x').y", "s:string q:string");
        row("declare pattern P = (a:string, b:string) { ('x', 'y') = { let n = strcat(a, b); print n }; }; P('x', 'y') | take 1", "print_0:string");
        row("declare pattern P = (a:string)[p:string] { ('x').['y z'] = { U | project l }; }; let c = 'x'; union (P(c).['y z']), U | project l", "l:long");
    }
    void columns()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(bound(text)), expected);
    }
    void errors_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("start");
        QTest::addColumn<int>("length");
        const auto row = [](const char* text, const char* code, int start, int length) { QTest::newRow(text) << QString(text) << QString(code) << start << length; };
        row("NoSuch | take 1", "kql.unknown_table", 0, 6);
        row("U | where q == 1", "kql.unknown_column", 10, 1);
        row("U | where l = 1", "kql.assignment_in_condition", 10, 5);
        row("U | where s", "kql.not_boolean", 10, 1);
        row("U | where nosuchfunction(s)", "kql.unknown_function", 10, 14);
        row("T | where t > 5", "kql.wrong_operands", 12, 1);
        row("T | distinct d", "kql.dynamic_key", 13, 1);
        row("T | sort by d", "kql.not_sortable", 12, 1);
        row("U | join kind=sideways U on s", "kql.bad_option", 14, 8);
        row("U | join U on nope", "kql.unknown_column", 14, 4);
        row("let f = (x:long) { f(x) }; print f(1)", "kql.recursion", 19, 4);
        row("Faulty | take 1", "kql.in_function", 0, 6);
        row("U | project s, s", "kql.duplicate_column", 15, 1);
        row("datatable(a:int)[1, 2] | project b", "kql.unknown_column", 33, 1);
        row("datatable(a:int, b:int)[1, 2, 3]", "kql.row_length", 24, 1);
        row("print U", "kql.scalar_expected", 6, 1);
        row("declare query_parameters(a:long); print a", "kql.missing_parameter", 25, 6);
        row("U | evaluate nosuch()", "kql.unknown_plugin", 13, 6);
        row("T | project abs(d)", "kql.wrong_arguments", 12, 6);
        row("T | project base64_encode_tostring(l)", "kql.wrong_arguments", 35, 1);
        row("T | project coalesce(s, l)", "kql.no_common_type", 24, 1);
        row("T | where d > t", "kql.wrong_operands", 12, 1);
        row("T | summarize sum(d)", "kql.wrong_arguments", 14, 6);
        row("U | join U on $right.s == $left.s", "kql.join_condition", 14, 19);
        row("T | distinct *", "kql.dynamic_key", 13, 1);
        row("macro-expand E as X (X.U)", "kql.unknown_entity_group", 13, 1);
        row("let E = entity_group [database('a'), 5]; macro-expand E as X (X.U)", "kql.not_an_entity", 37, 1);
        row("U | macro-expand entity_group [database('a')] as X (X.U)", "kql.misplaced", 4, 12);
        row("declare pattern P = (a:string) { ('x') = { U }; }; P('y') | take 1", "kql.no_pattern_match", 51, 1);
        row("declare pattern P; P('y').z", "kql.no_pattern_match", 19, 1);
        row("declare pattern P = (a:string) { ('x') = { P('x') }; }; P('x')", "kql.recursion", 43, 6);
        row("print datetime(soon)", "kql.bad_literal", 6, 14);
    }
    void errors()
    {
        QFETCH(QString, text);
        QFETCH(QString, code);
        QFETCH(int, start);
        QFETCH(int, length);
        const BoundQuery query = bindQuery(text.toStdString(), *m_snapshot, m_functions);
        QVERIFY(!query.errors.empty());
        const Error& first = query.errors.front();
        QCOMPARE(QString::fromStdString(std::string(first.code())), code);
        QCOMPARE(static_cast<int>(first.span->start), start);
        QCOMPARE(static_cast<int>(first.span->length), length);
        QCOMPARE(static_cast<int>(query.errors.size()), 1);
        QVERIFY(query.results.empty());
    }
    void errorsBesideSyntaxErrors_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("codes");
        const auto row = [](const char* text, const char* codes) { QTest::newRow(text) << QString(text) << QString(codes); };
        row("U | where q == 1 | project s,, l", "kql.unknown_column@10 kql.missing_expression@29");
        row("U | where q == 1 | project s; U | where", "kql.unknown_column@10 kql.missing_expression@39");
        row("U | where; U | where q == 1", "kql.missing_expression@9 kql.unknown_column@21");
        row("let a = U | where; a | where q == 1", "kql.missing_expression@17");
        row("let a = 1 +; U | where l == a and q == 1", "kql.missing_expression@11 kql.unknown_column@34");
        row("let f = (x:long { x }; U | where l == f(1) | project q", "kql.expected@16 kql.unknown_column@53");
        row("let a = 1 let b = 2; U | where l == b and q == a", "kql.unexpected@10 kql.unknown_column@42");
        row("U | where l == tolong( | project q", "kql.missing_expression@23");
        row("U | parse s with a ' ' a:long", "kql.duplicate_column@23");
        row("U | wher l == 1 | project q", "kql.unknown_operator@4");
        row("NoSuch | wher l == 1 | project q", "kql.unknown_table@0 kql.unknown_operator@9");
        row("U | where s == 'open | project q", "kql.unterminated_string@32");
    }
    void errorsBesideSyntaxErrors()
    {
        QFETCH(QString, text);
        QFETCH(QString, codes);
        QStringList found;
        for (const Error& error : bindQuery(text.toStdString(), *m_snapshot, m_functions).errors)
            found << QString::fromStdString(std::string(error.code())) + "@" + QString::number(error.span->start);
        QCOMPARE(found.join(" "), codes);
    }
    void suggestionsHelp()
    {
        QVERIFY(bound("u | take 1").find("did you mean 'U'") != std::string::npos);
        QVERIFY(bound("T | project Ss").find("did you mean 's'") != std::string::npos);
        QVERIFY(bound("T | summarise count()").find("did you mean 'summarize'") != std::string::npos);
        QVERIFY(bound("T | mv_expand d").find("did you mean 'mv-expand'") != std::string::npos);
        QVERIFY(bound("T | Where i > 1").find("did you mean 'where'") != std::string::npos);
        QVERIFY(bound("T | execute-and-cache").find("did you mean") == std::string::npos);
    }
    void growthOfExpressionsIsBounded()
    {
        for (const char* first : {"tostring(now())", "tostring(rand())", "'aaaaaaaaaaaaaaaa'"}) {
            std::string text = std::string("let a0 = ") + first + ";";
            for (int i = 1; i < 60; ++i)
                text += "let a" + std::to_string(i) + " = strcat(a" + std::to_string(i - 1) + ", a" + std::to_string(i - 1) + ");";
            bindQuery(text + "print a59", *m_snapshot, m_functions);
        }
        std::string functions = "let f0 = (x:long) { x + 1 };";
        for (int i = 1; i < 50; ++i)
            functions += "let f" + std::to_string(i) + " = (x:long) { let a = f" + std::to_string(i - 1) + "(x); let b = f" + std::to_string(i - 1) + "(a); a + b };";
        QVERIFY(!bindQuery(functions + "U | extend q = f49(l)", *m_snapshot, m_functions).ok());
    }
    void openPluginsAreFoundOut()
    {
        BoundQuery query = bindQuery("T | evaluate bag_unpack(d)", *m_snapshot, m_functions);
        QVERIFY2(query.ok(), test::describe(query).c_str());
        QCOMPARE(query.openPlugins.size(), std::size_t{1});
        DynamicBuilder bag;
        bag.beginObject();
        bag.key("k2");
        bag.number(1);
        bag.key("k1");
        bag.string("x");
        bag.endObject();
        const Batch batch{{Vector::constant(Value::dynamic(bag.take()), 1)}, 1, {}};
        BindOptions options;
        options.discoveredColumns[query.openPlugins[0].place] = discoverColumns(query.openPlugins[0], std::span(&batch, 1));
        const BoundQuery complete = bindQuery("T | evaluate bag_unpack(d)", *m_snapshot, m_functions, options);
        QVERIFY(complete.openPlugins.empty());
        QVERIFY(test::describe(complete).ends_with("p:timespan k1:string k2:long"));
    }
    void brokenTextsNeverCrash()
    {
        const std::string text = "let f=(a:long,X:(s:string)){X|where l==a};let m=materialize(U|summarize c=count(),make_set(z) by s);f(1,U)|join kind=inner m on s"
                                 "|mv-expand set_z to typeof(string)|parse s with * 'a' q:long|evaluate bag_unpack(bag_pack('k',1))|where k==1"
                                 "|make-series n=avg(q) default=0 on q from 1 to 5 step 1 by s|mv-apply n to typeof(real) on (top 1 by n)|render timechart";
        for (std::size_t i = 0; i < text.size(); ++i) {
            bindQuery(text.substr(0, i), *m_snapshot, m_functions);
            std::string broken = text;
            broken.erase(i, 1 + i % 7);
            bindQuery(broken, *m_snapshot, m_functions);
            broken = text;
            broken[i] = "()[]{}|;,'=.*"[i % 13];
            bindQuery(broken, *m_snapshot, m_functions);
        }
    }
    void graphs()
    {
        const std::string edges = "let N = datatable(id:string, age:long)[]; datatable(s:string, d:string, w:int)[] | make-graph s --> d with N on id | ";
        QCOMPARE(bound(QString::fromStdString(edges + "graph-match (a)-[e]->(b) where a.age > 1 and e.w == 2 project a.id, b.age, e.w")), std::string("a_id:string b_age:long e_w:int"));
        QCOMPARE(bound(QString::fromStdString(edges + "graph-match (a)-[e*1..3]->(b) project x = map(e, w), n = b.id")), std::string("x:dynamic n:string"));
        QCOMPARE(bound(QString::fromStdString(edges + "graph-to-table nodes")), std::string("id:string age:long"));
        QCOMPARE(bound("datatable(s:string, d:string)[] | make-graph s --> d with_node_id=n | graph-mark-components with_component_id=c | graph-to-table nodes"), std::string("n:string c:long"));
    }
    void growthIsBounded()
    {
        std::string text = "let a0 = U;";
        for (int i = 1; i < 40; ++i)
            text += "let a" + std::to_string(i) + " = union a" + std::to_string(i - 1) + ", a" + std::to_string(i - 1) + ";";
        text += "a39";
        QVERIFY(!bindQuery(text, *m_snapshot, m_functions).ok());
    }
};

QTEST_GUILESS_MAIN(TestKqlBinder)
#include "tst_kql_binder.moc"
