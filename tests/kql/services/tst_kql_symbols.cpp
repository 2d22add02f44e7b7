// SPDX-License-Identifier: GPL-3.0-or-later
#include "Marked.h"

#include "kql/functions/Declaration.h"
#include "kql/services/Navigation.h"

#include <QTest>
#include <random>

using namespace tocsin;
using namespace tocsin::kql;
using namespace tocsin::kql::services;

class TestKqlSymbols : public QObject {
    Q_OBJECT
    FunctionRegistry m_functions = builtInFunctions();
    SymbolContext m_context;

private Q_SLOTS:
    void initTestCase()
    {
        m_context.functions = &m_functions;
        m_context.columnsOf = [](std::string_view table) -> std::optional<std::vector<std::string>> {
            if (table == "Known")
                return std::vector<std::string>{"Time", "Account", "Computer"};
            if (table == "Other")
                return std::vector<std::string>{"Time", "Owner"};
            return std::nullopt;
        };
    }

    /// The references of the name at `^`, as the text with each put in < >, the definition in { }.
    void references_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) { QTest::newRow(name) << text << expected; };
        row("let scalar", "let a = 1; T | where x == ^a and y == a", "let {a} = 1; T | where x == <a> and y == <a>");
        row("let table", "let t = T | take 1; ^t | union t", "let {t} = T | take 1; <t> | union <t>");
        row("lone table", "let t = T; ^t | take 1", "let {t} = T; <t> | take 1");
        row("function", "let f = (x: int) { x + 1 }; print f^(1), f(2)", "let {f} = (x: int) { x + 1 }; print <f>(1), <f>(2)");
        row("parameter", "let x = 5; let f = (x: int) { ^x + 1 }; print f(x)", "let x = 5; let f = ({x}: int) { <x> + 1 }; print f(x)");
        row("named argument", "let f = (x: int) { ^x + 1 }; print f(x = 2)", "let f = ({x}: int) { <x> + 1 }; print f(<x> = 2)");
        row("outer name around a parameter", "let x = 5; let f = (x: int) { x + 1 }; print f(^x)", "let {x} = 5; let f = (x: int) { x + 1 }; print f(<x>)");
        row("let in a body", "let a = 1; let f = () { let a = 2; a^ }; print a", "let a = 1; let f = () { let {a} = 2; <a> }; print a");
        row("extend", "T | extend ^a = 1 | where a == 2 | project a", "T | extend {a} = 1 | where <a> == 2 | project <a>");
        row("extended twice", "T | extend a = 1 | extend ^a = a + 1 | where a == 2", "T | extend a = 1 | extend {a} = a + 1 | where <a> == 2");
        row("extended twice, the first", "T | extend ^a = 1 | extend a = a + 1 | where a == 2", "T | extend {a} = 1 | extend a = <a> + 1 | where a == 2");
        row("column before let", "let a = 1; T | extend a = 2 | where ^a == 3", "let a = 1; T | extend {a} = 2 | where <a> == 3");
        row("let before an unknown column", "let a = 1; T | where ^a == 3", "let {a} = 1; T | where <a> == 3");
        row("through a let", "let t = T | extend ^a = 1; t | where a == 2", "let t = T | extend {a} = 1; t | where <a> == 2");
        row("through a function", "let f = () { T | extend ^a = 1 }; f() | where a == 2", "let f = () { T | extend {a} = 1 }; f() | where <a> == 2");
        row("summarize", "T | summarize ^n = count() by k | where n > 5 | order by n", "T | summarize {n} = count() by k | where <n> > 5 | order by <n>");
        row("by a named key", "T | summarize count() by ^k = tolower(x) | project k", "T | summarize count() by {k} = tolower(x) | project <k>");
        row("source column", "T | where ^Account == 1 | project Account", "T | where <Account> == 1 | project <Account>");
        row("source column in two queries of tables", "T | where ^a == 1 | union (U | where a == 2)", "T | where <a> == 1 | union (U | where a == 2)");
        row("table", "^T | union (T | take 1)", "<T> | union (<T> | take 1)");
        row("rename", "T | project-rename ^b = a | where b == 1", "T | project-rename {b} = a | where <b> == 1");
        row("implied name", "T | extend ^a = 1 | project tostring(a) | where a == ''", "T | extend {a} = 1 | project tostring(<a>) | where <a> == ''");
        row("parse", "T | parse x with 'u=' ^user:string ' ' * | where user == ''", "T | parse x with 'u=' {user}:string ' ' * | where <user> == ''");
        row("mv-expand", "T | mv-expand ^i = a | where i > 1", "T | mv-expand {i} = a | where <i> > 1");
        row("mv-apply", "T | mv-apply ^i = a on (where i > 1 | summarize n = sum(i)) | project n, i", "T | mv-apply {i} = a on (where <i> > 1 | summarize n = sum(<i>)) | project n, i");
        row("datatable", "datatable(^a: int) [1] | where a == 1", "datatable({a}: int) [1] | where <a> == 1");
        row("union branches", "union (T | extend ^a = 1), (U | extend a = 2) | where a == 1", "union (T | extend {a} = 1), (U | extend {a} = 2) | where <a> == 1");
        row("join left side", "T | project k, ^a = 1 | join (U | project k, b = 2) on k | where a == b", "T | project k, {a} = 1 | join (U | project k, b = 2) on k | where <a> == b");
        row("join right side", "T | project k, a = 1 | join (U | project k, ^b = 2) on k | where a == b", "T | project k, a = 1 | join (U | project k, {b} = 2) on k | where a == <b>");
        row("join both sides", "T | project k, ^a = 1 | join (U | project k, a = 2) on k | where a == a1", "T | project k, {a} = 1 | join (U | project k, a = 2) on k | where <a> == a1");
        row("join left and right", "T | extend ^x = 1 | join (U | extend y = 2) on $left.x == $right.y", "T | extend {x} = 1 | join (U | extend y = 2) on $left.<x> == $right.y");
        row("join key", "T | extend ^k = 1 | join (U | extend k = 2) on k | project k", "T | extend {k} = 1 | join (U | extend k = 2) on <k> | project <k>");
        row("known tables", "Known | join (Other | where ^Owner == '') on Time | where Owner == Account", "Known | join (Other | where <Owner> == '') on Time | where <Owner> == Account");
        row("schema of a parameter", "let f = (t: (^a: int)) { t | where a == 1 }; f((T | extend a = 2))", "let f = (t: ({a}: int)) { t | where <a> == 1 }; f((T | extend {a} = 2))");
        row("as", "T | as ^x | union x", "T | as {x} | union <x>");
        row("scan step", "T | scan with (step ^s1: a == 1; step s2: b > s1.b;)", "T | scan with (step {s1}: a == 1; step s2: b > <s1>.b;)");
        row("column_ifexists", "T | extend ^a = 1 | extend b = column_ifexists('a', '')", "T | extend {a} = 1 | extend b = column_ifexists(<'a'>, '')");
        row("in subquery", "let bad = T | project x; U | where y in (^bad)", "let {bad} = T | project x; U | where y in (<bad>)");
        row("query parameter", "declare query_parameters(^p: int = 1); T | where a == p", "declare query_parameters({p}: int = 1); T | where a == <p>");
        row("render", "T | summarize ^n = count() by k | render timechart with (ycolumns=n)", "T | summarize {n} = count() by k | render timechart with (ycolumns=<n>)");
        row("graph", "E | make-graph a --> b | graph-match (^x)-->(y) where x.id == 1 project y.id", "E | make-graph a --> b | graph-match ({x})-->(y) where <x>.id == 1 project y.id");
        row("second block", "let a = 1; print a\n\nlet a = 2; print ^a", "let a = 1; print a\n\nlet {a} = 2; print <a>");
        row("definitions block", "let a = 1;\n\nprint ^a", "let {a} = 1;\n\nprint <a>");
        row("quoted", "T | extend ['a b'] = 1 | where ^['a b'] == 1", "T | extend {['a b']} = 1 | where <['a b']> == 1");
        row("broken text", "let a = 1; T | where ^a == | extend (", "let {a} = 1; T | where <a> == | extend (");
    }
    void references()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        std::string document = text.toStdString();
        const std::size_t at = test::takeMark(document);
        const auto found = symbolAt(document, at, m_context);
        QVERIFY(found);
        std::string shown = document;
        for (auto reference = found->references.rbegin(); reference != found->references.rend(); ++reference) {
            shown.insert(reference->span.end(), reference->definition ? "}" : ">");
            shown.insert(reference->span.start, reference->definition ? "{" : "<");
        }
        QCOMPARE(QString::fromStdString(shown), expected);
        if (found->symbol.definition)
            QVERIFY(shown.find('{') != std::string::npos);
    }

    void rename_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("expected"); // the text, or the code of the refusal
        const auto row = [](const char* tag, const char* text, const char* name, const char* expected) { QTest::newRow(tag) << text << name << expected; };
        row("let", "let ^a = 1; print a", "b", "let b = 1; print b");
        row("quotes an odd name", "T | extend ^a = 1 | where a == 1", "my name", "T | extend ['my name'] = 1 | where ['my name'] == 1");
        row("quotes a word of the language", "T | extend ^a = 1 | where a == 1", "by", "T | extend ['by'] = 1 | where ['by'] == 1");
        row("a word that is a name here", "T | extend ^a = 1 | where a == 1", "count", "T | extend count = 1 | where count == 1");
        row("unquotes", "T | extend ['a b'] = 1 | where ^['a b'] == 1", "ab", "T | extend ab = 1 | where ab == 1");
        row("shadowed", "let x = 5; let f = (x: int) { ^x + 1 }; print f(x)", "y", "let x = 5; let f = (y: int) { y + 1 }; print f(x)");
        row("collides with a let", "let ^a = 1; let b = 2; print a + b", "b", "kql.name_taken");
        row("collides with a parameter", "let ^x = 5; let f = (y: int) { x + y }; print f(x)", "y", "kql.name_taken");
        row("collides with a column", "T | extend a = 1, b = 2 | where ^a == b", "b", "kql.name_taken");
        row("hides a column of the table", "Known | extend ^a = 1 | where a == 1", "Account", "kql.name_taken");
        row("no longer hides a column of the table", "Known | extend ^Account = tolower(Account) | where Account == 1", "User", "Known | extend User = tolower(Account) | where User == 1");
        row("free column of the table", "Known | extend ^a = 1 | where a == 1", "User", "Known | extend User = 1 | where User == 1");
        row("table", "^T | take 1", "U", "kql.not_renamable");
        row("column of a table", "T | where ^a == 1", "b", "kql.not_renamable");
        row("implied", "T | summarize count() by k | where ^count_ > 1", "n", "kql.not_renamable");
        row("named after it", "T | extend ^a = 1 | summarize sum(a) | where sum_a > 1", "b", "T | extend b = 1 | summarize sum_a = sum(b) | where sum_a > 1");
        row("named after it, not used", "T | extend ^a = 1 | summarize sum(a), count() by k", "b", "T | extend b = 1 | summarize sum_a = sum(b), count() by k");
        row("named after a part of it", "T | extend ^a = 1, ab = 2 | summarize sum(ab), max(a) by k", "c", "T | extend c = 1, ab = 2 | summarize sum(ab), max_a = max(c) by k");
        row("named after a property", "T | extend ^a = dynamic({}) | project a.b | where a_b == 1", "c", "T | extend c = dynamic({}) | project a_b = c.b | where a_b == 1");
        row("alias", "T | as ^x | join (x | take 1) on k", "y", "T | as y | join (y | take 1) on k");
        row("parameter with its name in a call", "let f = (^x: int, y: int = 1) { x + y }; print f(y = 2, x = 1)", "z", "let f = (z: int, y: int = 1) { z + y }; print f(y = 2, z = 1)");
        row("row of a table parameter", "let f = (t: (*)) { ^t | count }; f(T)", "rows", "let f = (rows: (*)) { rows | count }; f(T)");
        row("by key", "T | summarize count() by ^k = tolower(a) | sort by k asc", "key", "T | summarize count() by key = tolower(a) | sort by key asc");
        row("windows line ends and wide letters", "let ^a = 1;\r\nprint '\u00e4', a // a", "b", "let b = 1;\r\nprint '\u00e4', b // a");
        row("join key of one side", "T | extend ^k = 1 | join (U | extend k = 2) on k | project k, x", "n", "T | extend n = 1 | join (U | extend k = 2) on $left.n == $right.k | project n, x");
        row("join key of the right side", "T | extend k = 1 | join kind=leftsemi (U | extend ^k = 2) on k", "n", "T | extend k = 1 | join kind=leftsemi (U | extend n = 2) on $left.k == $right.n");
        row("string", "T | extend ^a = 1 | extend b = column_ifexists('a', '')", "c", "T | extend c = 1 | extend b = column_ifexists(\"c\", '')");
        row("same name", "let ^a = 1; print a", "a", "let a = 1; print a");
        row("empty name", "let ^a = 1; print a", "", "kql.empty_name");
        row("nothing there", "print ^1", "a", "kql.no_symbol");
        row("broken", "let ^a = 1; print (", "b", "kql.broken_statement");
        row("only its block", "let ^a = 1; print a\n\nlet a = 2; print a", "b", "let b = 1; print b\n\nlet a = 2; print a");
    }
    void rename()
    {
        QFETCH(QString, text);
        QFETCH(QString, name);
        QFETCH(QString, expected);
        std::string document = text.toStdString();
        const std::size_t at = test::takeMark(document);
        const auto edits = renameSymbol(document, at, name.toStdString(), m_context);
        const std::string out = edits ? applyEdits(document, *edits) : std::string(edits.error().code());
        QCOMPARE(QString::fromStdString(out), expected);
    }

    void anyTextIsTaken()
    {
        std::mt19937 random(7);
        const std::string_view bits[] = {"let ", "a", "b", " = ", "T", " | ", "where ", "extend ", "project ", "join ", "(", ")", " on ", "k", ", ", ";", "summarize ", "count()", " by ", "{", "}", "[", "]", "'x'", "1", "\n\n", "$left.", "union ", "mv-apply ", "to typeof(int)", "scan with (step s: ", "as ", "invoke ", "f", ".", "\xC3", "//c\n", "make-series ", "parse ", " with "};
        for (int i = 0; i < 3000; ++i) {
            std::string text;
            for (std::size_t n = random() % 30; n > 0; --n)
                text += bits[random() % std::size(bits)];
            const std::size_t at = text.empty() ? 0 : random() % text.size();
            (void)symbolAt(text, at, m_context);
            if (const auto edits = renameSymbol(text, at, "fresh", m_context))
                QVERIFY(!applyEdits(text, *edits).empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestKqlSymbols)
#include "tst_kql_symbols.moc"
