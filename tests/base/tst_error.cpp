// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Result.h"

#include <QTest>

using namespace tocsin;

namespace {

constexpr ErrorKind kOdd{"test.odd", "{0} is odd, as is {1}", "Add {0} to {0}."};

Result<int> half(int value)
{
    if (value % 2)
        return fail(kOdd, std::to_string(value));
    return value / 2;
}

Result<int> quarter(int value)
{
    TOCSIN_TRY(half(value));
    TOCSIN_TRY_ASSIGN(const int once, half(value));
    TOCSIN_TRY_ASSIGN(const int twice, half(once));
    return twice;
}

} // namespace

class TestError final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void fillsTemplates_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("text");
        QTest::newRow("plain") << "nothing" << "nothing";
        QTest::newRow("empty") << "" << "";
        QTest::newRow("both") << "{1} before {0}" << "two before one";
        QTest::newRow("twice") << "{0}{0}" << "oneone";
        QTest::newRow("missing") << "<{2}>" << "<>";
        QTest::newRow("not a place") << "{x} {10} { } {" << "{x} {10} { } {";
        QTest::newRow("open end") << "{0" << "{0";
        QTest::newRow("braces in an argument stay") << "{3}" << "{0}";
    }
    void fillsTemplates()
    {
        QFETCH(QString, pattern);
        QTEST(QString::fromStdString(fillTemplate(pattern.toStdString(), {"one", "two", "", "{0}"})), "text");
    }

    void tellsPlaceAndCause()
    {
        Error error = makeError(kOdd, "3", std::string("5"));
        QCOMPARE(errorMessage(error), "3 is odd, as is 5");
        QCOMPARE(errorAdvice(error), "Add 3 to 3.");
        QCOMPARE(error.code(), std::string_view("test.odd"));
        error.in("rule.yaml").at({4, 6}).because(makeError(kCancelled));
        QCOMPARE(errorMessage(error), "rule.yaml: 3 is odd, as is 5 (Cancelled)");
        QCOMPARE(error.span->end(), std::size_t{10});
        QVERIFY(!error.retryable);
        const Error unknown;
        QCOMPARE(errorMessage(unknown), "Unknown error");
        QCOMPARE(unknown.code(), std::string_view("unknown"));
        QVERIFY(errorAdvice(unknown).empty());
    }

    void passesErrorsOn()
    {
        QCOMPARE(quarter(12).value(), 3);
        QCOMPARE(quarter(3).error().args.front(), "3");
        QCOMPARE(quarter(6).error().args.front(), "3");
        QCOMPARE(quarter(6).error().kind, &kOdd);
    }
};

QTEST_GUILESS_MAIN(TestError)
#include "tst_error.moc"
