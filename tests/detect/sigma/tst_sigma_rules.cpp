// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/SigmaErrors.h"
#include "detect/sigma/SigmaMatcher.h"
#include "detect/sigma/SigmaReader.h"

#include <QtTest>

#include <string>
#include <utility>
#include <vector>

using namespace tocsin;
using namespace tocsin::detect::sigma;

namespace {

/// A rule around a `detection` block, which is indented by four blanks.
std::string ruleText(const std::string& detection)
{
    return "title: Test\nid: 1\ntags: [attack.execution, attack.t1059.001, attack.stealth, attack.g0016]\nlevel: high\n"
           "logsource:\n    product: windows\n    service: sysmon\ndetection:\n" + detection;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

bool matches(const SigmaRuleSet& set, const Fields& fields)
{
    SigmaMatcher matcher(set);
    EventView view;
    view.product = "windows";
    view.channel = "Microsoft-Windows-Sysmon/Operational";
    view.provider = "Microsoft-Windows-Sysmon";
    view.eventId = 1;
    for (const auto& [name, text] : fields)
        view.fields.push_back({name, text});
    return !matcher.match(view).empty();
}

std::string describe(const Result<SigmaFile>& file)
{
    if (!file)
        return errorMessage(file.error());
    return file->errors.empty() ? std::string("read") : errorMessage(file->errors.front());
}

/// "A=x, B=y" as fields.
Fields fieldsOf(const QString& text)
{
    Fields fields;
    for (const QString& part : text.split(QStringLiteral(" && "), Qt::SkipEmptyParts))
        fields.emplace_back(part.section(QLatin1Char('='), 0, 0).toStdString(), part.section(QLatin1Char('='), 1).toStdString());
    return fields;
}

} // namespace

class TestSigmaRules : public QObject {
    Q_OBJECT

private slots:
    void header()
    {
        const auto file = readSigmaFile(ruleText("    a:\n        X: 1\n    condition: a\n"), "rule.yml");
        QVERIFY2(file && file->rules.size() == 1, describe(file).c_str());
        const SigmaHeader& header = file->rules[0].header;
        QCOMPARE(header.title, std::string("Test"));
        QCOMPARE(header.level, Level::High);
        QCOMPARE(header.tactics, (std::vector<std::string>{"Execution", "DefenseEvasion"}));
        QCOMPARE(header.techniques, (std::vector<std::string>{"T1059.001"}));
    }

    void tests_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("values");
        QTest::addColumn<QString>("event");
        QTest::addColumn<bool>("match");
        const auto row = [](const char* name, const char* key, const char* values, const char* event, bool match) {
            QTest::newRow(name) << QString::fromUtf8(key) << QString::fromUtf8(values) << QString::fromUtf8(event) << match;
        };
        row("equal without case", "F", "'AbC'", "F=aBc", true);
        row("equal is the whole text", "F", "abc", "F=abcd", false);
        row("umlauts without case", "F", "'ÄRGER'", "F=ärger", true);
        row("field without case and blanks", "threatname", "x", "Threat Name=x", true);
        row("another field", "F", "x", "G=x", false);
        row("list is or", "F", "[a, b]", "F=b", true);
        row("list misses", "F", "[a, b]", "F=c", false);
        row("integer", "F", "4688", "F=4688", true);
        row("integer is no part", "F", "468", "F=4688", false);
        row("boolean", "F", "true", "F=TRUE", true);
        row("any value of a repeated field", "F", "b", "F=a && F=b", true);
        row("star", "F", "'a*c'", "F=abbbc", true);
        row("star of nothing", "F", "'a*c'", "F=ac", true);
        row("star goes back", "F", "'*ab*abc'", "F=xababab abc", true);
        row("star misses", "F", "'a*c'", "F=abcd", false);
        row("question mark", "F", "'a?c'", "F=abc", true);
        row("question mark is one", "F", "'a?c'", "F=ac", false);
        row("question mark is one character", "F", "'a?c'", "F=aéc", true);
        row("escaped star", "F", "'a\\*c'", "F=a*c", true);
        row("escaped star is no wildcard", "F", "'a\\*c'", "F=abc", false);
        row("backslash before a letter is itself", "F", "'C:\\Windows'", "F=c:\\windows", true);
        row("two backslashes are one", "F", "'\\\\\\\\srv'", "F=\\\\srv", true);
        row("backslash and star", "F", "'C:\\\\*'", "F=c:\\x", true);
        row("contains", "F|contains", "bcd", "F=aBCDe", true);
        row("contains a wildcard", "F|contains", "'b*d'", "F=abxxde", true);
        row("contains misses", "F|contains", "bd", "F=abcde", false);
        row("contains a short text", "F|contains", "b", "F=abc", true);
        row("contains all", "F|contains|all", "[a, c]", "F=abc", true);
        row("contains all misses", "F|contains|all", "[a, x]", "F=abc", false);
        row("startswith", "F|startswith", "ab", "F=ABc", true);
        row("startswith misses", "F|startswith", "bc", "F=abc", false);
        row("endswith", "F|endswith", "'\\cmd.exe'", "F=C:\\CMD.EXE", true);
        row("endswith misses", "F|endswith", "cmd", "F=cmd.exe", false);
        row("cased", "F|cased", "Abc", "F=Abc", true);
        row("cased misses", "F|cased", "Abc", "F=abc", false);
        row("cased contains", "F|contains|cased", "BcD", "F=aBcDe", true);
        row("cased contains misses", "F|contains|cased", "BcD", "F=abcde", false);
        row("regex", "F|re", "'a[0-9]+z'", "F=xxa12zyy", true);
        row("regex minds case", "F|re", "'abc'", "F=ABC", false);
        row("regex i", "F|re|i", "'abc'", "F=ABC", true);
        row("regex dot and line end", "F|re", "'a.b'", "F=a\nb", false);
        row("regex s", "F|re|s", "'a.b'", "F=a\nb", true);
        row("regex m", "F|re|m", "'^b$'", "F=a\nb\nc", true);
        row("regex without m", "F|re", "'^b$'", "F=a\nb\nc", false);
        row("cidr", "F|cidr", "10.0.0.0/8", "F=10.1.2.3", true);
        row("cidr misses", "F|cidr", "10.0.0.0/8", "F=11.1.2.3", false);
        row("cidr of IPv6", "F|cidr", "'fe80::/10'", "F=fe80::1", true);
        row("cidr and text", "F|cidr", "10.0.0.0/8", "F=no address", false);
        row("windash", "F|contains|windash", "' -enc'", "F=x /ENC y", true);
        row("windash en dash", "F|contains|windash", "' -enc'", "F=x –enc y", true);
        row("windash itself", "F|contains|windash", "' -enc'", "F=x -enc y", true);
        row("windash from slash", "F|contains|windash", "' /f'", "F=x -f", true);
        row("windash two", "F|contains|windash", "' -a -b'", "F=x /a —b", true);
        row("windash not within words", "F|contains|windash", "'a-b'", "F=a/b", false);
        row("base64", "F|base64|contains", "'hello'", "F=xxaGVsbG8=yy", true);
        row("base64offset 0", "F|base64offset|contains", "'foobar'", "F=Zm9vYmFy", true);
        row("base64offset 1", "F|base64offset|contains", "'foobar'", "F=eGZvb2Jhcg==", true);
        row("base64offset 2", "F|base64offset|contains", "'foobar'", "F=eHhmb29iYXI=", true);
        row("wide base64offset", "F|wide|base64offset|contains", "'IEX'", "F=xxSQBFAFgAyy", true);
        row("utf16le base64offset", "F|utf16le|base64offset|contains", "'IEX'", "F=SQBFAFgA", true);
        row("utf16be base64", "F|utf16be|base64|contains", "'ab'", "F=AGEAYg==", true);
        row("utf16 has a byte order mark", "F|utf16|base64|contains", "'a'", "F=//5hAA==", true);
        row("exists", "F|exists", "true", "F=x", true);
        row("exists misses", "F|exists", "true", "G=x", false);
        row("does not exist", "F|exists", "false", "G=x", true);
        row("gt", "F|gt", "5", "F=6", true);
        row("gt is strict", "F|gt", "5", "F=5", false);
        row("gte", "F|gte", "5", "F=5", true);
        row("lt", "F|lt", "5", "F=4.5", true);
        row("lte misses", "F|lte", "5", "F=5.5", false);
        row("gt of text", "F|gt", "5", "F=many", false);
        row("neq", "F|neq", "a", "F=b", true);
        row("neq misses", "F|neq", "[a, b]", "F=b", false);
        row("fieldref", "F|fieldref", "G", "F=Abc && G=aBC", true);
        row("fieldref misses", "F|fieldref", "G", "F=a && G=b", false);
        row("fieldref endswith", "F|fieldref|endswith", "G", "F=C:\\a.exe && G=A.EXE", true);
        row("null of absent", "F", "null", "G=x", true);
        row("null of empty", "F", "null", "F=", true);
        row("null of a value", "F", "null", "F=x", false);
        row("empty text", "F", "''", "F=", true);
        row("empty text of a value", "F", "''", "F=x", false);
        row("empty text of absent", "F", "''", "G=x", false);
        row("null in a list", "F", "[a, null]", "G=x", true);
        row("keyword in any field", "'|all'", "[a1, b2]", "F=xa1 && G=b2", true);
        row("keyword misses", "'|all'", "[a1, b2]", "F=xa1", false);
        row("keyword regex", "'|re'", "'a[0-9]'", "H=xa7", true);
    }
    void tests()
    {
        QFETCH(QString, key);
        QFETCH(QString, values);
        QFETCH(QString, event);
        QFETCH(bool, match);
        const std::string detection = "    s:\n        " + key.toStdString() + ": " + values.toStdString() + "\n    condition: s\n";
        auto file = readSigmaFile(ruleText(detection), "rule.yml");
        QVERIFY2(file && file->rules.size() == 1, describe(file).c_str());
        QCOMPARE(matches(SigmaRuleSet(std::move(file->rules)), fieldsOf(event)), match);
    }

    void conditions_data()
    {
        QTest::addColumn<QString>("condition");
        QTest::addColumn<QString>("event");
        QTest::addColumn<bool>("match");
        const auto row = [](const char* condition, const char* event, bool match) {
            QTest::newRow(qPrintable(QStringLiteral("%1 | %2").arg(QLatin1String(condition), QLatin1String(event)))) << QString::fromLatin1(condition) << QString::fromLatin1(event) << match;
        };
        row("sel_a", "A=aaa", true);
        row("sel_a and sel_b", "A=aaa", false);
        row("sel_a and sel_b", "A=aaa && B=bbb", true);
        row("sel_a or sel_b", "B=bbb", true);
        row("not sel_a", "B=bbb", true);
        row("not sel_a", "A=aaa", false);
        row("sel_a and not sel_b", "A=aaa", true);
        row("sel_a and not sel_b", "A=aaa && B=bbb", false);
        row("sel_a or sel_b and other", "A=aaa", true);
        row("(sel_a or sel_b) and other", "A=aaa", false);
        row("(sel_a or sel_b) and other", "A=aaa && C=ccc", true);
        row("not (sel_a or sel_b)", "C=ccc", true);
        row("NOT sel_a AND Other", "C=ccc", false);
        row("1 of sel_*", "B=bbb", true);
        row("any of sel_*", "B=bbb", true);
        row("1 of sel_*", "C=ccc", false);
        row("all of sel_*", "B=bbb", false);
        row("all of sel_*", "A=aaa && B=bbb", true);
        row("1 of them", "C=ccc", true);
        row("1 of them", "D=ddd", false);
        row("all of them", "A=aaa && B=bbb && C=ccc && E=eee", true);
        row("1 of _*", "D=ddd", true);
        row("other or words", "X=some text", true);
        row("mixed", "E=eee", true);
        row("mixed", "Z=free words", true);
        row("mixed", "Z=nothing", false);
    }
    void conditions()
    {
        QFETCH(QString, condition);
        QFETCH(QString, event);
        QFETCH(bool, match);
        const std::string detection = "    sel_a:\n        A: aaa\n    sel_b:\n        B: bbb\n    other:\n        C: ccc\n    _hidden:\n        D: ddd\n"
                                      "    words:\n        - 'me te'\n        - other word\n    mixed:\n        - E: eee\n        - 'free w'\n    condition: "
            + condition.toStdString() + "\n";
        auto file = readSigmaFile(ruleText(detection), "rule.yml");
        if (condition == QStringLiteral("NOT sel_a AND Other")) { // names of searches mind case
            QVERIFY(file && file->errors.size() == 1);
            return;
        }
        QVERIFY2(file && file->rules.size() == 1, describe(file).c_str());
        if (condition == QStringLiteral("all of them"))
            QCOMPARE(matches(SigmaRuleSet(file->rules), fieldsOf(event)), false); // the keywords are missing
        QCOMPARE(matches(SigmaRuleSet(std::move(file->rules)), fieldsOf(condition == QStringLiteral("all of them") ? event + QStringLiteral(" && X=some text") : event)), match);
    }

    void errors_data()
    {
        QTest::addColumn<QString>("detection");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* name, const char* detection, const ErrorKind& kind, const char* part) {
            QTest::newRow(name) << QString::fromLatin1(detection) << QString::fromUtf8(kind.code.data(), static_cast<qsizetype>(kind.code.size())) << QString::fromLatin1(part);
        };
        row("aggregation", "    s:\n        A: 1\n    condition: s | count() by B > 5\n", kSigmaUnsupported, "rule.yml:11");
        row("unknown modifier", "    s:\n        A|sounds: 1\n    condition: s\n", kSigmaUnsupported, "sounds");
        row("position", "    s:\n        A|sounds: 1\n    condition: s\n", kSigmaUnsupported, "rule.yml:10:9");
        row("placeholder", "    s:\n        A|expand: '%servers%'\n    condition: s\n", kSigmaPlaceholder, "servers");
        row("regex with look-ahead", "    s:\n        A|re: 'a(?=b)'\n    condition: s\n", kSigmaUnsupported, "A");
        row("network", "    s:\n        A|cidr: 10.0.0.0/99\n    condition: s\n", kSigmaField, "10.0.0.0/99");
        row("number", "    s:\n        A|gt: many\n    condition: s\n", kSigmaField, "many");
        row("unknown search", "    s:\n        A: 1\n    condition: s and t\n", kSigmaCondition, "'t'");
        row("unknown pattern", "    s:\n        A: 1\n    condition: 1 of t*\n", kSigmaCondition, "t*");
        row("quantity", "    s:\n        A: 1\n    condition: 2 of s*\n", kSigmaUnsupported, "2 of");
        row("parenthesis", "    s:\n        A: 1\n    condition: (s\n", kSigmaCondition, "parenthesis");
        row("no operand", "    s:\n        A: 1\n    condition: s and\n", kSigmaCondition, "missing");
        row("no condition", "    s:\n        A: 1\n", kSigmaField, "condition");
        row("empty list", "    s:\n        A: []\n    condition: s\n", kSigmaField, "empty");
        row("map as value", "    s:\n        A:\n            B: 1\n    condition: s\n", kSigmaField, "A");
        row("encoded wildcard", "    s:\n        A|base64: 'a*b'\n    condition: s\n", kSigmaField, "wildcards");
    }
    void errors()
    {
        QFETCH(QString, detection);
        QFETCH(QString, code);
        QFETCH(QString, part);
        const auto file = readSigmaFile(ruleText(detection.toStdString()), "rule.yml");
        QVERIFY(file.has_value());
        QVERIFY(file->rules.empty());
        QCOMPARE(file->errors.size(), 1U);
        const std::string message = errorMessage(file->errors[0]);
        QCOMPARE(std::string(file->errors[0].code()), code.toStdString());
        QVERIFY2(message.find(part.toStdString()) != std::string::npos, message.c_str());
    }

    void badYamlSaysWhere()
    {
        const auto file = readSigmaFile("title: a\n  detection: [", "rule.yml");
        QVERIFY(!file);
        QCOMPARE(file.error().kind, &kSigmaSyntax);
        QVERIFY(file.error().where.starts_with("rule.yml:2:"));
    }

    void placeholders()
    {
        const std::string text = ruleText("    s:\n        A|expand|startswith: '%servers%-x'\n    condition: s\n");
        auto file = readSigmaFile(text, "rule.yml", {{"servers", {"dc01", "dc02"}}});
        QVERIFY2(file && file->rules.size() == 1, describe(file).c_str());
        const SigmaRuleSet set(std::move(file->rules));
        QVERIFY(matches(set, {{"A", "DC02-xyz"}}));
        QVERIFY(!matches(set, {{"A", "dc03-xyz"}}));
    }

    void correlations()
    {
        const auto file = readSigmaFile("title: Many\nid: c1\nlevel: high\ncorrelation:\n    type: value_count\n    rules: [a, b]\n    group-by: [Computer]\n"
                                        "    timespan: 5m\n    condition:\n        gte: 3\n        field: User\n", "c.yml");
        QVERIFY2(file && file->correlations.size() == 1, describe(file).c_str());
        const SigmaCorrelation& correlation = file->correlations[0];
        QCOMPARE(correlation.type, SigmaCorrelation::Type::ValueCount);
        QCOMPARE(correlation.timespan, 5 * kTicksPerMinute);
        QCOMPARE(correlation.field, std::string("User"));
        QCOMPARE(correlation.bounds.size(), 1U);
    }

    void logSources()
    {
        auto file = readSigmaFile("title: T\nid: 1\nlogsource:\n    product: windows\n    category: process_creation\ndetection:\n    s:\n        Image|endswith: '\\cmd.exe'\n    condition: s\n", "r.yml");
        QVERIFY(file && file->rules.size() == 1);
        const SigmaRuleSet set(std::move(file->rules));
        SigmaMatcher matcher(set);
        EventView view;
        view.product = "windows";
        view.channel = "Security";
        view.provider = "Microsoft-Windows-Security-Auditing";
        view.eventId = 4688;
        view.fields = {{"NewProcessName", "C:\\Windows\\cmd.exe"}};
        QVERIFY(matcher.isWatched(view));
        QCOMPARE(matcher.match(view).size(), 1U);
        view.eventId = 4689;
        QVERIFY(!matcher.isWatched(view));
        QCOMPARE(matcher.match(view).size(), 0U);
    }
};

QTEST_GUILESS_MAIN(TestSigmaRules)
#include "tst_sigma_rules.moc"
