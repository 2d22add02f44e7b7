// SPDX-License-Identifier: GPL-3.0-or-later
#include "Marked.h"

#include "catalog/MemoryTable.h"
#include "kql/functions/Declaration.h"
#include "kql/services/LetRefactoring.h"

#include <QTest>
#include <random>

using namespace tocsin;
using namespace tocsin::kql;
using namespace tocsin::kql::services;

class TestKqlLet : public QObject {
    Q_OBJECT
    FunctionRegistry m_functions = builtInFunctions();
    SymbolContext m_context;
    static std::optional<DataType> typeOf(std::string_view query, std::size_t place)
    {
        return query[place] == 'n' ? std::optional(DataType::Long) : query[place] == 's' ? std::optional(DataType::String) : std::nullopt;
    }

private Q_SLOTS:
    void initTestCase() { m_context.functions = &m_functions; }

    void extract_data()
    {
        QTest::addColumn<QString>("text"); // the selection between ^ and ^, or a place
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* tag, const char* text, const char* expected) { QTest::newRow(tag) << text << expected; };
        row("literal", "T | where a > ^5^", "let value = 5;\nT | where a > value");
        row("at a place", "T | where a > ago(7^d)", "let value = 7d;\nT | where a > ago(value)");
        row("call at a place", "T | where a > ag^o(7d)", "let value = ago(7d);\nT | where a > value");
        row("parentheses go away", "print 2 * ^(1 + 3)^", "let value = 1 + 3;\nprint 2 * value");
        row("blanks around", "T | where a >^ 5 ^+ 1", "let value = 5;\nT | where a > value + 1");
        row("fresh name", "let value = 1; T | where a > ^5^ + value", "let value = 1; let value2 = 5;\nT | where a > value2 + value");
        row("table", "T | join (^U | where x | project k^) on k", "let rows =\n    U\n    | where x\n    | project k;\nT | join (rows) on k");
        row("table with its parentheses", "T | join ^(U | where x)^ on k", "let rows =\n    U\n    | where x;\nT | join rows on k");
        row("first operators", "^T | where x | project a^ | summarize count() by a", "let rows =\n    T\n    | where x\n    | project a;\nrows | summarize count() by a");
        row("whole query", "^T | where x^", "let rows =\n    T\n    | where x;\nrows");
        row("lone table", "^T^ | take 1", "let rows = T;\nrows | take 1");
        row("in a body", "let f = () {\n    T\n    | where a > ^5^\n};\nf()", "let f = () {\n    let value = 5;\n    T\n    | where a > value\n};\nf()");
        row("captures a parameter", "let f = (p: int) {\n    T | where a > ^p + 1^\n};\nf(1)", "let f = (p: int) {\n    let value = p + 1;\n    T | where a > value\n};\nf(1)");
        row("row columns", "T | where ^strcat(s, tostring(n))^ == 'x'", "let calculate = (s: string, n: long) {\n    strcat(s, tostring(n))\n};\nT | where calculate(s, n) == 'x'");
        row("row columns of unknown type", "T | where ^strcat(q)^ == 'x'", "kql.cannot_extract");
        row("inner rows only", "T | where a in ((^U | where n == 1 | project k^))", "let rows =\n    U\n    | where n == 1\n    | project k;\nT | where a in ((rows))");
        row("toscalar", "T | where a > ^toscalar(U | summarize max(n))^", "let value = toscalar(U | summarize max(n));\nT | where a > value");
        row("aggregate", "T | summarize x = ^count()^ by n", "kql.cannot_extract");
        row("keeps the column's name", "T | project ^tostring(n)^", "let calculate = (n: long) {\n    tostring(n)\n};\nT | project n = calculate(n)");
        row("keeps the name of what is expanded", "T | mv-expand ^todynamic(s)^ | where s.a == 1", "let calculate = (s: string) {\n    todynamic(s)\n};\nT | mv-expand s = calculate(s) | where s.a == 1");
        row("keeps the name inside", "T | project tostring(^strcat(s)^)", "let calculate = (s: string) {\n    strcat(s)\n};\nT | project tostring(calculate(s))");
        row("window", "T | serialize | extend p = ^prev(n)^", "kql.cannot_extract");
        row("half an expression", "T | where a ^> 5^", "kql.nothing_to_extract");
        row("half a chain", "print 1 + ^2 + 3^", "kql.nothing_to_extract");
        row("function's name", "print ^strlen^('a')", "kql.cannot_extract");
        row("a name", "let a = 1; print ^a^ + 1", "kql.cannot_extract");
        row("join condition", "T | join U on ^$left.a == $right.b^", "kql.cannot_extract");
        row("subquery of the row", "T | mv-apply x = s on (^where x == 1^)", "kql.nothing_to_extract");
        row("broken", "T | where ^5^ (", "kql.broken_statement");
        row("keyword", "T | ^where^ a", "kql.nothing_to_extract");
        row("second block", "T | take 1\n\nU | take ^5^", "T | take 1\n\nlet value = 5;\nU | take value");
    }
    void extract()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        std::string document = text.toStdString();
        const SourceSpan part = test::takeMarkedPart(document);
        const auto result = extractLet(document, part, m_context, typeOf);
        QCOMPARE(QString::fromStdString(result ? applyEdits(document, result->edits) : std::string(result.error().code())), expected);
        if (result)
            QCOMPARE(applyEdits(document, result->edits).substr(result->nameAt, result->name.size()), result->name);
    }

    void typesComeFromTheBinder_data()
    {
        QTest::addColumn<QString>("text"); // ^ before the column
        QTest::addColumn<QString>("type");
        QTest::newRow("table") << "Known | where ^Time > 1" << "datetime";
        QTest::newRow("made") << "Known | extend n = 1 | where strcat('a', ^n) == 2" << "long";
        QTest::newRow("of a let") << "let k = 1.5; let t = Known | extend r = k; t | where ^r > 1" << "real";
        QTest::newRow("in a subquery") << "Known | join (Known | extend s = 'x' | where strlen(^s) > 1) on Time" << "string";
        QTest::newRow("unknown table") << "Nothing | where ^a > 1" << "";
        QTest::newRow("no such column") << "Known | where ^a > 1" << "";
        QTest::newRow("no operator") << "print ^a" << "";
    }
    void typesComeFromTheBinder()
    {
        QFETCH(QString, text);
        QFETCH(QString, type);
        catalog::MemoryCatalog tables("test");
        catalog::TableSchema schema;
        schema.name = "Known";
        schema.columns = {{"Time", DataType::DateTime}};
        tables.add(std::make_shared<catalog::MemoryTable>(schema, std::vector<Batch>{}));
        const auto snapshot = *tables.snapshot();
        std::string document = text.toStdString();
        const std::size_t at = test::takeMark(document);
        const auto found = boundColumnTypes(*snapshot, m_functions)(document, at);
        QCOMPARE(QString::fromStdString(found ? std::string(typeName(*found)) : std::string()), type);
    }

    void inlineOf_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* tag, const char* text, const char* expected) { QTest::newRow(tag) << text << expected; };
        row("scalar", "let ^a = 5;\nT | where x > a and y > a", "T | where x > 5 and y > 5");
        row("from a use", "let a = 5;\nT | where x > ^a", "T | where x > 5");
        row("parentheses", "let ^a = 1 + 2;\nprint x = a * 3", "print x = (1 + 2) * 3");
        row("no parentheses in a call", "let ^a = 1 + 2;\nprint x = tostring(a)", "print x = tostring(1 + 2)");
        row("keeps the column's name", "let ^a = 5;\nprint a", "print a = 5");
        row("table as source", "let ^t = T | where x;\nt | take 1", "T | where x | take 1");
        row("table in join", "let ^t = T | where x;\nU | join t on k", "U | join (T | where x) on k");
        row("table in in", "let ^t = T | project x;\nU | where y in (t)", "U | where y in (T | project x)");
        row("same line", "let ^a = 5; print x = a", "print x = 5");
        row("another let uses it", "let ^a = 5;\nlet b = a + 1;\nprint x = b", "let b = 5 + 1;\nprint x = b");
        row("comment stays", "// how many\nlet ^a = 5; // five\nprint x = a", "// how many\n // five\nprint x = 5");
        row("unused", "let ^a = 5;\nprint 1", "print 1");
        row("function", "let ^f = (x: int) { x };\nprint f(1)", "kql.cannot_inline");
        row("no let", "T | extend ^a = 1 | where a == 1", "kql.cannot_inline");
        row("captured", "let b = 1;\nlet ^a = b + 1;\nT | extend b = 2 | where x == a", "kql.cannot_inline");
        row("random twice", "let ^a = rand();\nprint x = a, y = a", "kql.cannot_inline");
        row("random once", "let ^a = rand();\nprint x = a", "print x = rand()");
    }
    void inlineOf()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        std::string document = text.toStdString();
        const std::size_t at = test::takeMark(document);
        const auto edits = inlineLet(document, at, m_context);
        QCOMPARE(QString::fromStdString(edits ? applyEdits(document, *edits) : std::string(edits.error().code())), expected);
    }

    void anyTextIsTaken()
    {
        std::mt19937 random(11);
        const std::string_view bits[] = {"let ", "a", " = ", "T", " | ", "where ", "extend ", "join ", "(", ")", " on ", ", ", ";", "summarize ", "count()", " by ", "{", "}", "'x'", "1", "\n\n", " + ", "f", "() ", ".", "\xE2\x80", "//c\n"};
        for (int i = 0; i < 3000; ++i) {
            std::string text;
            for (std::size_t n = random() % 25; n > 0; --n)
                text += bits[random() % std::size(bits)];
            const std::size_t at = text.empty() ? 0 : random() % text.size(), length = random() % 12;
            if (const auto result = extractLet(text, {at, length}, m_context, typeOf))
                QVERIFY(applyEdits(text, result->edits).size() > text.size());
            (void)inlineLet(text, at, m_context);
        }
    }
};

QTEST_GUILESS_MAIN(TestKqlLet)
#include "tst_kql_let.moc"
