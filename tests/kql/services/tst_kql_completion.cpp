// SPDX-License-Identifier: GPL-3.0-or-later
#include "Marked.h"
#include "ServicesFixture.h"

#include "kql/syntax/Expectation.h"

#include <QtTest>

#include <cstring>

using namespace tocsin;
using namespace tocsin::kql::services;

namespace {

/// `^` marks the cursor.
struct Marked {
    std::string text;
    std::size_t position;
    explicit Marked(const QString& marked) : text(marked.toStdString()), position(test::takeMark(text)) {}
};

QStringList labels(const Completions& found)
{
    QStringList list;
    for (const CompletionItem& item : found.items)
        if (!item.follows)
            list << QString::fromUtf8(completionKindName(item.kind)) + QLatin1Char(':') + QString::fromStdString(item.label);
    return list;
}

} // namespace

class TestKqlCompletion : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void offersWhatMayStandThere_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("offered");
        QTest::addColumn<QStringList>("notOffered");
        const auto row = [](const char* name, const char* text, const char* offered, const char* notOffered = "") {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(offered).split(QLatin1Char(' '), Qt::SkipEmptyParts) << QString::fromUtf8(notOffered).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        };
        row("empty text", "^", "table:SigninLogs table:SecurityEvent function:FailedSignins keyword:let operator:union operator:search operator:print function:datatable", "column:Account operator:where");
        row("behind a statement", "let a = 1; ^", "table:SigninLogs keyword:let variable:a");
        row("behind a table", "SigninLogs ^", "punctuation:|", "symbol:== symbol:has");
        row("behind a pipe", "SigninLogs | ^", "operator:where operator:summarize operator:mv-expand operator:project-away", "table:SigninLogs column:Account");
        row("columns of the table", "SigninLogs | where ^", "column:ResultType column:TimeGenerated function:ago literal:true", "column:Account table:SecurityEvent aggregate:count");
        row("columns after project", "SigninLogs | project A = ResultType | where ^", "column:A", "column:ResultType");
        row("columns after summarize", "SigninLogs | summarize n = count() by UserPrincipalName | where ^", "column:n column:UserPrincipalName", "column:ResultType");
        row("columns after an unfinished operator", "SigninLogs | where ResultType == | project ^", "column:ResultType");
        row("behind a column", "SigninLogs | where ResultType ^", "symbol:== symbol:has symbol:in symbol:!contains punctuation:| keyword:and", "column:ResultType table:SigninLogs keyword:by");
        row("negated operator", "SigninLogs | where ResultType !^", "symbol:!has symbol:!in symbol:!between", "symbol:has");
        row("regex", "SigninLogs | where ResultType matches^", "symbol:matches");
        row("aggregates", "SigninLogs | summarize ^", "aggregate:count aggregate:dcount aggregate:arg_max", "operator:where");
        row("no aggregates in where", "SigninLogs | where ^", "", "aggregate:dcount");
        row("by", "SigninLogs | summarize count() ^", "keyword:by punctuation:|");
        row("group keys", "SigninLogs | summarize count() by ^", "column:ResultType function:bin", "aggregate:count");
        row("sort needs by", "SigninLogs | sort ^", "keyword:by");
        row("order", "SigninLogs | sort by TimeGenerated ^", "keyword:asc keyword:desc punctuation:|");
        row("top count", "SigninLogs | top ^", "literal:0", "column:ResultType");
        row("top by", "SigninLogs | top 5 ^", "keyword:by");
        row("join options and tables", "SigninLogs | join ^", "option:kind table:SecurityEvent punctuation:(", "column:ResultType");
        row("join kinds", "SigninLogs | join kind=^", "value:inner value:leftanti value:fullouter", "table:SecurityEvent");
        row("join table", "SigninLogs | join kind=inner (^", "table:SecurityEvent operator:union");
        row("columns inside the other side", "SigninLogs | join (SecurityEvent | where ^", "column:Account", "column:ResultType");
        row("join on", "SigninLogs | join (SecurityEvent) ^", "keyword:on");
        row("join keys", "SigninLogs | join (SecurityEvent) on ^", "column:TimeGenerated keyword:$left keyword:$right");
        row("left", "SigninLogs | join (SecurityEvent) on $left.^", "column:ResultType", "column:Account");
        row("right", "SigninLogs | join (SecurityEvent) on $left.ResultType == $right.^", "column:Account column:EventID", "column:ResultType");
        row("hints", "SigninLogs | join hint.^", "option:strategy option:remote");
        row("hint values", "SigninLogs | join hint.strategy=^", "value:shuffle value:broadcast");
        row("union tables", "SigninLogs | union ^", "table:SecurityEvent option:kind option:withsource option:isfuzzy", "column:ResultType");
        row("evaluate", "SigninLogs | evaluate ^", "plugin:bag_unpack plugin:pivot", "function:ago");
        row("plugin arguments", "SigninLogs | evaluate bag_unpack(^", "column:LocationDetails");
        row("chart", "SigninLogs | render ^", "value:timechart value:piechart", "column:ResultType");
        row("chart properties", "SigninLogs | render timechart with (^", "option:title option:ycolumns");
        row("chart property behind another", "SigninLogs | render timechart with (title='x', ^", "option:legend");
        row("chart property values", "SigninLogs | render columnchart with (kind=^", "value:stacked");
        row("let names", "let limit1 = 5; let t = SigninLogs; t | where Attempts > ^", "variable:limit1 column:Attempts");
        row("tables of let", "let t = SigninLogs; ^", "variable:t");
        row("columns of a let table", "let t = SigninLogs | project ResultType; t | where ^", "column:ResultType", "column:Attempts");
        row("a let name is not known in its own value", "let a = 1; let b = ^", "variable:a", "variable:b");
        row("parameters", "let f = (user:string, n:long) { SigninLogs | where UserPrincipalName == ^", "variable:user variable:n column:ResultType");
        row("tabular parameters", "let f = (T:(a:int, b:string)) { T | where ^", "column:a column:b");
        row("parameters end with the body", "let f = (user:string) { user }; print ^", "function:f", "variable:user");
        row("let value", "let x = ^", "table:SigninLogs function:ago function:toscalar literal:\"\"");
        row("in a list", "SigninLogs | where ResultType in (^", "column:ResultType table:SecurityEvent literal:\"\"");
        row("toscalar", "SigninLogs | where Attempts > toscalar(^", "table:SecurityEvent", "column:Attempts");
        row("function arguments", "SigninLogs | extend d = strlen(^", "column:ResultType function:tostring", "table:SecurityEvent");
        row("types of parameters", "let f = (a:^", "type:string type:long type:datetime punctuation:(");
        row("types of datatable", "datatable(a:^", "type:string");
        row("to typeof", "SigninLogs | mv-expand LocationDetails to typeof(^", "type:string");
        row("mv-expand", "SigninLogs | mv-expand LocationDetails ^", "keyword:to keyword:limit punctuation:|");
        row("mv-apply columns", "SigninLogs | mv-apply x = LocationDetails on (where ^", "column:x column:ResultType");
        row("mv-apply operators", "SigninLogs | mv-apply x = LocationDetails on (^", "operator:where operator:summarize");
        row("parse", "SigninLogs | parse ResultType ^", "keyword:with");
        row("parse pattern", "SigninLogs | parse ResultType with ^", "literal:\"\" punctuation:*");
        row("make-series", "SigninLogs | make-series count() ^", "keyword:on keyword:default");
        row("make-series axis", "SigninLogs | make-series count() on TimeGenerated ^", "keyword:from keyword:step symbol:in");
        row("project-away", "SigninLogs | project-away ^", "column:ResultType punctuation:*");
        row("project-reorder", "SigninLogs | project-reorder ResultType ^", "keyword:asc keyword:granny-asc");
        row("partition", "SigninLogs | partition by ResultType (^", "operator:top");
        row("scan", "SigninLogs | scan with (^", "keyword:step");
        row("find", "find in (SigninLogs) where ^", "literal:\"\"");
        row("top-nested", "SigninLogs | top-nested 3 ^", "keyword:of");
        row("sample-distinct", "SigninLogs | sample-distinct 3 ^", "keyword:of");
        row("serialize", "SigninLogs | serialize ^", "column:ResultType punctuation:|");
        row("as", "SigninLogs | as hint.materialized=true X; X | where ^", "column:ResultType");
        row("datetime literal", "print datetime(^", "literal:now literal:null");
        row("dynamic literal", "print dynamic(^", "literal:\"\" literal:null punctuation:[");
        row("set", "set ^", "option:notruncation");
        row("database members", "database('x').^", "table:SigninLogs");
        row("columns of all tables", "union withsource=Where * | where ^", "column:Where column:ResultType column:Account column:EventID");
        row("columns that all tables have", "union kind=inner * | where ^", "column:TimeGenerated", "column:ResultType column:Account");
        row("columns found everywhere", "search 'x' | where ^", "column:$table column:ResultType column:Account");
        row("columns of tables that have what is searched", "search EventID == 1 | where ^", "column:$table column:Account", "column:ResultType");
        row("columns of what is found everywhere", "find where EventID == 1 | where ^", "column:EventID column:source_");
        row("columns of a saved function", "FailedSignins(2d) | where ^", "column:ResultType", "column:Account");
        row("columns replaced and added", "SigninLogs | extend Attempts = 'x', More = 1 | where ^", "column:Attempts column:More column:ResultType");
        row("prefix filters", "SigninLogs | where Us^", "column:UserPrincipalName", "column:ResultType");
        row("letter case does not matter", "SigninLogs | where userp^", "column:UserPrincipalName");
        row("parts of names are found", "SigninLogs | where Principal^", "column:UserPrincipalName");
        row("hyphenated operators", "SigninLogs | project-a^", "operator:project-away", "operator:where");
        row("units", "print ago(3^", "literal:3d literal:3h");
        row("enum arguments", "print datetime_diff(^", "value:\"day\" value:\"hour\"");
    }
    void offersWhatMayStandThere()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, offered);
        QFETCH(QStringList, notOffered);
        const Marked marked(text);
        const QStringList found = labels(m_services.language.complete(marked.text, marked.position));
        for (const QString& wanted : offered) {
            const bool there = wanted == QLatin1String("symbol:matches") ? found.contains(QLatin1String("symbol:matches regex")) : found.contains(wanted);
            QVERIFY2(there, qPrintable(wanted + QLatin1String(" is missing in: ") + found.join(QLatin1Char(' ')).left(2000)));
        }
        for (const QString& unwanted : notOffered)
            QVERIFY2(!found.contains(unwanted), qPrintable(unwanted + QLatin1String(" is offered")));
    }

    void whatWasFoundOnceIsFoundAgain()
    {
        // Columns are kept from one text to the next; what the text says otherwise must still count.
        const auto columns = [&](const char* text) {
            QStringList found = labels(m_services.language.complete(text, std::strlen(text)));
            found.removeIf([](const QString& label) { return !label.startsWith(QLatin1String("column:")); });
            return found;
        };
        for (const char* text : {"union * | where ", "FailedSignins | where ", "search * | where "})
            QCOMPARE(columns(text), columns(text));
        QVERIFY(!columns("union * | where ").contains(QStringLiteral("column:Source")));
        QVERIFY(columns("union withsource=Source * | where ").contains(QStringLiteral("column:Source")));
        QVERIFY(!columns("union kind=inner * | where ").contains(QStringLiteral("column:Account")));
        QVERIFY(columns("union * | where ").contains(QStringLiteral("column:Account")));
    }

    void theRestOfTheTextChangesNothing()
    {
        const std::string text = "SigninLogs | where ResultType == '0' | summarize count() by UserPrincipalName | sort by count_ desc";
        for (std::size_t at = 0; at < text.size(); ++at)
            if (text[at] == ' ')
                QCOMPARE(labels(m_services.language.complete(text, at + 1)).size() > 0, labels(m_services.language.complete(text.substr(0, at + 1), at + 1)).size() > 0);
    }

    void nothingInsideOfComments()
    {
        const std::string text = "SigninLogs // wh";
        QVERIFY(m_services.language.complete(text, text.size()).items.empty());
    }

    void nothingInsideOfPlainStrings()
    {
        const std::string text = "SigninLogs | where ResultType == \"wh";
        QVERIFY(m_services.language.complete(text, text.size()).items.empty());
    }

    void namesInsideOfStringArguments()
    {
        QVERIFY(labels(m_services.language.complete("table(\"Sec", 10)).contains(QStringLiteral("table:SecurityEvent")));
        QVERIFY(labels(m_services.language.complete("database('", 10)).contains(QStringLiteral("database:case")));
        QVERIFY(labels(m_services.language.complete("print datetime_diff('d", 22)).contains(QStringLiteral("value:day")));
    }

    void theWholeWordIsReplaced()
    {
        const Marked marked(QStringLiteral("SigninLogs | where Use^rPrin == 1"));
        const Completions found = m_services.language.complete(marked.text, marked.position);
        QCOMPARE(found.word.start, std::size_t(19));
        QCOMPARE(found.word.length, std::size_t(8));
        QCOMPARE(found.items.front().label, std::string("UserPrincipalName"));
        QCOMPARE(found.items.front().replaced.length, std::size_t(8));
    }

    void functionsBringTheirParentheses()
    {
        const auto insert = [&](const char* marked, const char* label) {
            const Marked at{QString::fromUtf8(marked)};
            for (const CompletionItem& item : m_services.language.complete(at.text, at.position).items)
                if (item.label == label)
                    return std::string(item.insert).insert(item.caret, "^");
            return std::string("none");
        };
        QCOMPARE(insert("print strle^", "strlen"), std::string("strlen(^)"));
        QCOMPARE(insert("print strle^(\"x\")", "strlen"), std::string("strlen^"));
        QCOMPARE(insert("SigninLogs | summarize cou^", "count"), std::string("count()^"));
        QCOMPARE(insert("SecurityEvent | project Odd^", "Odd name"), std::string("['Odd name']^"));
        QCOMPARE(insert("SigninLogs | join k^", "kind"), std::string("kind=^"));
    }

    void bestComesFirst()
    {
        const auto first = [&](const char* marked) {
            const Marked at{QString::fromUtf8(marked)};
            for (const CompletionItem& item : m_services.language.complete(at.text, at.position).items)
                if (isChoice(item))
                    return item.label;
            return std::string();
        };
        QCOMPARE(first("SigninLogs | w^"), std::string("where"));
        QCOMPARE(first("SigninLogs | s^"), std::string("summarize"));
        QCOMPARE(first("SigninLogs | where T^"), std::string("TimeGenerated"));
        QCOMPARE(first("SigninLogs | summarize c^"), std::string("count"));
        QCOMPARE(first("SigninLogs | join kind=^"), std::string("inner"));
    }

    void theParserTellsWhatItExpects()
    {
        const auto words = [](const char* text) {
            QStringList list;
            for (const std::string_view word : kql::expectedAtEnd(text).words)
                list << QString::fromUtf8(word.data(), static_cast<int>(word.size()));
            return list;
        };
        QVERIFY(words("T | sort ").contains(QStringLiteral("by")));
        QVERIFY(!words("T | sort ").contains(QStringLiteral("|")));
        QVERIFY(words("T | summarize count() ").contains(QStringLiteral("by")));
        QVERIFY(kql::expectedAtEnd("T | ").operatorName);
        QVERIFY(kql::expectedAtEnd("T | where ").expression);
        QVERIFY(!kql::expectedAtEnd("T | where a ").expression);
        QVERIFY(kql::expectedAtEnd("let a = 1; ").statement);
        QVERIFY(!kql::expectedAtEnd("let a = 1 ").statement);
    }

    /// Any text, cut anywhere, is borne.
    void everyCutIsBorne_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"let f = (T:(a:int, *), x:string='b') { T | where a > strlen(x) }; f(SigninLogs) | join kind=leftouter hint.strategy=shuffle (SecurityEvent) on $left.a == $right.EventID",
                                 "SigninLogs | make-series n=count() default=0 on TimeGenerated from ago(7d) to now() step 1h by ResultType | render timechart with (title='a', ycolumns=n)",
                                 "SigninLogs | scan declare (c:long=0) with (step s1 output=all: ResultType == '0' => c = s1.c + 1; step s2: true;)",
                                 "SecurityEvent | make-graph Account --> EventID with SigninLogs on ResultType | graph-match (a)-[e*1..3]->(b) where a.x == 1 project a.y",
                                 "SigninLogs | mv-apply x=LocationDetails to typeof(string) on (top 1 by x) | partition by ResultType (top 2 by Attempts) | top-nested 2 of ResultType with others='x' by count()",
                                 "declare query_parameters(a:long=1, b:string); set notruncation; find withsource=t in (SigninLogs, Sec*) where a == 1 project b:string, pack(*)",
                                 "search in (SigninLogs) 'x' or ResultType: 'y' | evaluate pivot(ResultType, count()) : (a:long) | fork a=(take 1) (count)",
                                 "range x from 1 to 10 step 1 | extend y = case(x between (1 .. 2), dynamic({'a':[1,null]}), datetime(2024-01-01)) | parse-kv y as (a:int) with (pair_delimiter=',')",
                                 "externaldata(a:string)[@'x'] with (format='csv') | parse kind=regex a with * 'x' b:long 'y' | reduce by a with threshold=0.1 | facet by a with (count) "})
            QTest::newRow(text) << QString::fromUtf8(text);
    }
    void everyCutIsBorne()
    {
        QFETCH(QString, text);
        const std::string bytes = text.toStdString();
        for (std::size_t at = 0; at <= bytes.size(); ++at) {
            m_services.language.complete(bytes.substr(0, at), at);
            m_services.language.signatureHelp(bytes.substr(0, at), at);
            m_services.language.hover(bytes.substr(0, at), at / 2);
            m_services.language.classifyBound(bytes.substr(at));
        }
    }

private:
    test::ServicesFixture m_services;
};

QTEST_GUILESS_MAIN(TestKqlCompletion)
#include "tst_kql_completion.moc"
