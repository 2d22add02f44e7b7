// SPDX-License-Identifier: GPL-3.0-or-later
#include "Marked.h"

#include "kql/services/Format.h"

#include <QTest>

using namespace tocsin;
using namespace tocsin::kql::services;

class TestKqlFormat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void format_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) { QTest::newRow(name) << text << expected; };
        row("pipes", "T|where a==1|take 10", "T\n| where a == 1\n| take 10");
        row("one table", "T", "T");
        row("empty", "", "");
        row("comment only", "// nothing", "// nothing");
        row("spaces", "T | where a  in(1,2 ,3) and  b!has 'x' and c between(1..5)", "T\n| where a in (1, 2, 3) and b !has 'x' and c between (1 .. 5)");
        row("unary", "print x = - 1 + -2*( 3 )", "print x = -1 + -2 * (3)");
        row("call", "print strcat ( 'a' ,tostring( 1 ) )", "print strcat('a', tostring(1))");
        row("members", "T | extend a = b . c [ 0 ] . ['d e'] | project x.y[\"z\"]", "T\n| extend a = b.c[0].['d e']\n| project x.y[\"z\"]");
        row("let scalar", "let   a=5;let b = a+1;print b", "let a = 5;\nlet b = a + 1;\nprint b");
        row("let table", "let t = T | where x | take 5;\nt", "let t =\n    T\n    | where x\n    | take 5;\nt");
        row("function", "let f=(a:int,b:string='x'){T|where c==a};f(1)", "let f = (a: int, b: string = 'x') {\n    T\n    | where c == a\n};\nf(1)");
        row("scalar function", "let f = (a:int) { a + 1 };\nprint f(1)", "let f = (a: int) { a + 1 };\nprint f(1)");
        row("function with lets", "let f=(){let x=1;T|where a==x};f()", "let f = () {\n    let x = 1;\n    T\n    | where a == x\n};\nf()");
        row("short subquery stays", "T | join kind = inner (U|where x) on k", "T\n| join kind=inner (U | where x) on k");
        row("broken subquery", "T | join kind=inner (U\n|where x\n|project k) on k,$left.a==$right.b", "T\n| join kind=inner (\n    U\n    | where x\n    | project k\n) on k, $left.a == $right.b");
        row("toscalar", "let m = toscalar(T\n| summarize max(x));print m", "let m = toscalar(\n    T\n    | summarize max(x)\n);\nprint m");
        row("summarize short", "T | summarize count() , dcount(a) by b,bin(TimeGenerated , 1h)", "T\n| summarize count(), dcount(a) by b, bin(TimeGenerated, 1h)");
        row("summarize long",
            "T | summarize StartTime = min(TimeGenerated), EndTime = max(TimeGenerated), Accounts = make_set(Account, 100) by Computer, IpAddress",
            "T\n| summarize\n    StartTime = min(TimeGenerated),\n    EndTime = max(TimeGenerated),\n    Accounts = make_set(Account, 100)\n    by Computer, IpAddress");
        row("one aggregate", "T | summarize arg_max(TimeGenerated, Account, Computer, IpAddress, LogonType) by TargetUserName, TargetDomainName",
            "T\n| summarize arg_max(TimeGenerated, Account, Computer, IpAddress, LogonType)\n    by TargetUserName, TargetDomainName");
        row("list written broken", "T | project\n a,\n b", "T\n| project\n    a,\n    b");
        row("list filled by hand", "T | project a, b, c,\n d", "T\n| project a, b, c, d");
        row("condition written broken", "T | where a == 1\n and b == 2 or\n c == 3", "T\n| where a == 1\n        and b == 2\n    or c == 3");
        row("condition too long",
            "T | where CommandLine has \"vssadmin\" and CommandLine has \"delete\" and CommandLine has \"shadows\" and Computer != \"a\"",
            "T\n| where CommandLine has \"vssadmin\"\n    and CommandLine has \"delete\"\n    and CommandLine has \"shadows\"\n    and Computer != \"a\"");
        row("case in pairs", "T | extend severity = case(EventID == 4625, \"a failed sign-in\", EventID == 4624, \"a successful sign-in\", \"something else\")",
            "T\n| extend severity = case(\n    EventID == 4625, \"a failed sign-in\",\n    EventID == 4624, \"a successful sign-in\",\n    \"something else\"\n)");
        row("datatable", "datatable(a:int,b:string)[1,'x',2,\n'y']", "datatable(a: int, b: string) [1, 'x', 2, 'y']");
        row("datatable rows", "datatable(a:int,b:string)[\n1,'x',2,'y']", "datatable(a: int, b: string) [\n    1, 'x',\n    2, 'y'\n]");
        row("dynamic", "print dynamic({\"a\":[1,- 2],'b':{}})", "print dynamic({\"a\": [1, -2], 'b': {}})");
        row("parse", "T | parse kind=regex x with * \"a\" b:int \"c\"* d", "T\n| parse kind=regex x with * \"a\" b:int \"c\" * d");
        row("wildcards", "T | project-away a*,*_b | project-keep c*d", "T\n| project-away a*, *_b\n| project-keep c*d");
        row("union", "union isfuzzy = true T*,(U|where a)|count", "union isfuzzy=true T*, (U | where a)\n| count");
        row("sort", "T | order by a desc,b asc nulls last", "T\n| order by a desc, b asc nulls last");
        row("mv-apply", "T | mv-apply x = y to typeof ( string ) on (where x\n| count )", "T\n| mv-apply x = y to typeof(string) on (\n    where x\n    | count\n)");
        row("make-series", "T | make-series n=count() default = 0 on t from a to b step 1h by c", "T\n| make-series n = count() default=0 on t from a to b step 1h by c");
        row("render", "T | render timechart with(title = 'x',ycolumns=a,b)", "T\n| render timechart with (title='x', ycolumns=a, b)");
        row("search", "search in(T,U) a : \"x\" and b", "search in (T, U) a:\"x\" and b");
        row("evaluate", "T | evaluate bag_unpack ( d ) :(a:string)", "T\n| evaluate bag_unpack(d) : (a: string)");
        row("scan", "T | scan with (step s1 : a==1; step s2:b>s1.b=>c=1;)", "T\n| scan with (\n    step s1: a == 1;\n    step s2: b > s1.b => c = 1;\n)");
        row("graph", "E | make-graph a --> b with N on id | graph-match (x)-[e*1..3]->(y) where x.id==1 project y.id", "E\n| make-graph a --> b with N on id\n| graph-match (x)-[e*1..3]->(y) where x.id == 1 project y.id");
        row("comment behind", "T // all\n| where a // only a\n| take 1 // one", "T // all\n| where a // only a\n| take 1 // one");
        row("comment lines", "// head\n\n//two\nT\n   // about a\n  | where a\n//| where b\n| count", "// head\n\n//two\nT\n// about a\n| where a\n//| where b\n| count");
        row("comment in list", "T | project a, // first\n b", "T\n| project\n    a, // first\n    b");
        row("comment before bracket", "T | where a in (1,\n// two\n2\n// no more\n)", "T\n| where a in (\n    1,\n    // two\n    2\n    // no more\n)");
        row("comment in condition", "T | where a // why\n and b", "T\n| where a // why\n    and b");
        row("strings", "print 'a  |b', \"c\\\"d\", @'e\\', h'f', ```g\n   h```", "print 'a  |b', \"c\\\"d\", @'e\\', h'f', ```g\n   h```");
        row("blank lines", "let a = 1;\n\n\n\nlet b = 2;\nT\n\n\n| where a", "let a = 1;\n\nlet b = 2;\nT\n| where a");
        row("several queries", "T|take 1\n\n\n\nU|take 2\n", "T\n| take 1\n\nU\n| take 2\n");
        row("broken left", "T|where (\n\nU|take 2", "T|where (\n\nU\n| take 2");
        row("broken statement left", "let a=1;let b = ;T|take 1", "let a = 1;let b = ;T\n| take 1");
        row("command left", ".show   tables", ".show   tables");
        row("blanks at the ends", "\n  \n  T|take 1 \n \n", "T\n| take 1\n");
        row("carriage returns", "T\r\n|where a\r\n|count", "T\r\n| where a\r\n| count");
        row("query parameters", "declare query_parameters (a:long=5 , b:string);T", "declare query_parameters(a: long = 5, b: string);\nT");
        row("not ASCII", "T | where a == \"Zürich\"|project ['Größe in m']", "T\n| where a == \"Zürich\"\n| project ['Größe in m']");
    }
    void format()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const QString out = QString::fromStdString(formatQuery(text.toStdString()));
        QCOMPARE(out, expected);
        QCOMPARE(QString::fromStdString(formatQuery(out.toStdString())), expected);
    }

    void selection_data()
    {
        QTest::addColumn<QString>("text"); // ^ and ^ around the selection, or one for a place
        QTest::addColumn<QString>("expected");
        QTest::newRow("one of two") << "T|take 1\n\nU|ta^ke 2" << "T|take 1\n\nU\n| take 2";
        QTest::newRow("one statement of a block") << "let a=1;\nle^t b=2;\nT|take 1" << "let a=1;\nlet b = 2;\nT|take 1";
        QTest::newRow("across two") << "let a=1;\nle^t b=2;\nT|ta^ke 1" << "let a=1;\nlet b = 2;\nT\n| take 1";
        QTest::newRow("nothing to do") << "T\n| take^ 1" << "T\n| take 1";
        QTest::newRow("broken") << "T|where (^" << "T|where (";
        QTest::newRow("the rest is broken") << "T|where (\n\nU|take^ 2" << "T|where (\n\nU\n| take 2";
    }
    void selection()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        std::string document = text.toStdString();
        const SourceSpan part = test::takeMarkedPart(document);
        const auto edit = formatSelection(document, part);
        QCOMPARE(QString::fromStdString(edit ? applyEdits(document, {*edit}) : document), expected);
    }

    void widthAndIndentAreOptions()
    {
        const std::string out = formatQuery("T | project alpha, beta, gamma, delta", {.indent = 2, .width = 30});
        QCOMPARE(QString::fromStdString(out), QStringLiteral("T\n| project\n  alpha,\n  beta,\n  gamma,\n  delta"));
    }

    void keepsThePlaceOfTheCursor()
    {
        const std::string before = "T|where a==1|take 10";
        const std::string after = formatQuery(before);
        QCOMPARE(after.substr(placeAfterFormat(before, before.find("take"), after)), std::string("take 10"));
        QCOMPARE(placeAfterFormat(before, 0, after), std::size_t(0));
        QCOMPARE(placeAfterFormat(before, before.size(), after), after.size());
    }
};

QTEST_GUILESS_MAIN(TestKqlFormat)
#include "tst_kql_format.moc"
