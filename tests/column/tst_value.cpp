// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // <compare> is more than Qt 6.4's moc can read
#include "column/ColumnFixture.h"
#include "column/Dynamic.h"
#endif

#include <QTest>

#include <cmath>

using namespace tocsin;
using namespace tocsin::test;

class TestValue final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void printsAsTextAndJson_data()
    {
        QTest::addColumn<int>("index");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("json");
        const auto row = [](DataType type, const char* text, const char* json) { QTest::newRow(std::string(typeName(type)).c_str()) << int(type) << QByteArray(text) << QByteArray(json); };
        row(DataType::Bool, "true", "true");
        row(DataType::Int, "-7", "-7");
        row(DataType::Long, "-9223372036854775808", "-9223372036854775808");
        row(DataType::Real, "1.5", "1.5");
        row(DataType::Decimal, "12.50", "\"12.50\"");
        row(DataType::DateTime, "1970-01-01T00:00:00.0000000Z", "\"1970-01-01T00:00:00.0000000Z\"");
        row(DataType::TimeSpan, "-1.00:00:00", "\"-1.00:00:00\"");
        row(DataType::Guid, "ab000000-0000-0000-0000-000000000001", "\"ab000000-0000-0000-0000-000000000001\"");
        row(DataType::String, "text", "\"text\"");
        row(DataType::Dynamic, "hi", "\"hi\"");
    }
    void printsAsTextAndJson()
    {
        QFETCH(int, index);
        const Value value = oneOfEach()[static_cast<std::size_t>(index)];
        QCOMPARE(value.type(), static_cast<DataType>(index));
        QTEST(QByteArray::fromStdString(value.toString()), "text");
        std::string json;
        value.appendJson(json);
        QTEST(QByteArray::fromStdString(json), "json");
        const Value copy = visitType(value.type(), [&]<DataType T>() { return Value::of<T>(value.get<T>()); });
        QVERIFY(copy == value);
        const Value null = Value::null(value.type());
        QCOMPARE(null.isNull(), value.type() != DataType::String);
        QVERIFY(null.toString().empty());
        QVERIFY(!(null == value));
        std::string nullJson;
        null.appendJson(nullJson);
        QCOMPARE(nullJson, value.type() == DataType::String ? "\"\"" : "null");
    }

    void printsUnusualReals()
    {
        QCOMPARE(Value::real(std::nan("")).toString(), "NaN");
        QCOMPARE(Value::real(HUGE_VAL).toString(), "Infinity");
        QCOMPARE(Value::real(-HUGE_VAL).toString(), "-Infinity");
        QCOMPARE(Value::real(3).toString(), "3.0");
        QCOMPARE(Value::boolean(false).toString(), "false");
    }

    void sameBitsOfAnotherTypeAreAnotherValue()
    {
        QVERIFY(!(Value::int64(5) == Value::timeSpan(5)));
        QVERIFY(!(Value::dateTime(5) == Value::timeSpan(5)));
        QVERIFY(!(Value::int32(5) == Value::int64(5)));
        QVERIFY(!(Value::null(DataType::Int) == Value::null(DataType::Long)));
        QVERIFY(Value::null(DataType::Int) == Value::null(DataType::Int));
    }

    void knowsTypeNames_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("type");
        for (std::size_t i = 0; i < kDataTypeCount; ++i) {
            const QByteArray name = QByteArray::fromStdString(std::string(typeName(static_cast<DataType>(i))));
            QTest::newRow(name) << name << name;
        }
        for (const auto& [alias, type] : {std::pair("boolean", "bool"), {"double", "real"}, {"date", "datetime"}, {"time", "timespan"}, {"uniqueid", "guid"}, {"text", "-"}, {"", "-"}, {"LONG", "-"}})
            QTest::addRow("alias '%s'", alias) << QByteArray(alias) << QByteArray(type);
    }
    void knowsTypeNames()
    {
        QFETCH(QByteArray, name);
        const auto type = parseTypeName(name.toStdString());
        QTEST((type ? QByteArray::fromStdString(std::string(typeName(*type))) : QByteArray("-")), "type");
    }
};

QTEST_GUILESS_MAIN(TestValue)
#include "tst_value.moc"
