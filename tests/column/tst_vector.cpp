// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // <compare> is more than Qt 6.4's moc can read
#include "column/ColumnFixture.h"
#endif

#include <QTest>

#include <random>

using namespace tocsin;
using namespace tocsin::test;

namespace {

/// Rows of a type: the value, a null, the value again.
Vector sampleOf(DataType type)
{
    const std::vector<Value> each = oneOfEach();
    VectorBuilder builder(type);
    builder.append(each[static_cast<std::size_t>(type)]);
    builder.appendNull();
    builder.append(each[static_cast<std::size_t>(type)]);
    return builder.finish();
}

} // namespace

class TestVector final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyTypeInEveryShape_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < kDataTypeCount; ++i)
            QTest::newRow(std::string(typeName(static_cast<DataType>(i))).c_str()) << int(i);
    }
    void everyTypeInEveryShape()
    {
        QFETCH(int, index);
        const auto type = static_cast<DataType>(index);
        const Value value = oneOfEach()[static_cast<std::size_t>(index)];
        const Vector flat = sampleOf(type);
        QCOMPARE(flat.type(), type);
        QCOMPARE(flat.size(), std::size_t{3});
        QCOMPARE(flat.isNull(1), type != DataType::String); // strings are never null
        QVERIFY(flat.valueAt(0) == value && flat.valueAt(2) == value);
        QVERIFY(flat.valueAt(1) == Value::null(type));

        const Vector constant = Vector::constant(value, 5);
        QVERIFY(constant.isConstant() && constant.size() == 5 && constant.valueAt(4) == value && !constant.mayHaveNulls());
        const Vector nulls = Vector::nulls(type, 3);
        QVERIFY(nulls.valueAt(2) == Value::null(type));

        const Vector dictionary = dictionaryOf(flat, {2, 1, 0, 0});
        QVERIFY(dictionary.isDictionary() && dictionary.valueAt(0) == value);
        QCOMPARE(dictionary.isNull(1), type != DataType::String);
        QCOMPARE(dictionary.mayHaveNulls(), type != DataType::String);

        for (const Vector& vector : {flat, constant, nulls, dictionary}) {
            const Vector flattened = vector.flatten();
            QCOMPARE(flattened.kind(), VectorKind::Flat);
            QCOMPARE(printed(flattened), printed(vector));
            const std::vector<std::uint32_t> reversed{2, 1, 0, 2};
            const Vector gathered = vector.gather(reversed);
            QCOMPARE(gathered.kind(), vector.kind());
            QCOMPARE(printed(gathered), printed(flattened.gather(reversed)));
            QCOMPARE(printed(vector.slice(1, 2)), printed(flattened.slice(1, 2)));
            QCOMPARE(vector.slice(1, 0).size(), std::size_t{0});
            QVERIFY(vector.memoryBytes() > 0);
            VectorBuilder copy(type);
            for (std::size_t row = 0; row < vector.size(); ++row)
                copy.append(vector, row);
            QCOMPARE(copy.size(), vector.size());
            QCOMPARE(printed(copy.finish()), printed(vector));
            QCOMPARE(copy.size(), std::size_t{0});
        }
        const Vector parts[] = {flat, constant, dictionary, nulls};
        const Vector all = concatenate(parts);
        QCOMPARE(all.size(), std::size_t{15});
        QCOMPARE(printed(all), printed(flat) + "|" + printed(constant) + "|" + printed(dictionary) + "|" + printed(nulls));
    }

    void concatenatesNothingAndOne()
    {
        QCOMPARE(concatenate(std::span<const Vector>()).size(), std::size_t{0});
        const Vector one[] = {longs({1, 2})};
        QCOMPARE(printed(concatenate(one)), QByteArray("1|2"));
        const Vector some[] = {longs({}), longs({3}), longs({})};
        QCOMPARE(printed(concatenate(some)), QByteArray("3"));
    }

    void sharedDictionariesStayDictionaries()
    {
        const Vector first = dictionaryOf(texts({"a", "b", "unused"}), {0, 1, 0});
        const Vector same[] = {first, first.slice(1, 2), first.gather(std::vector<std::uint32_t>{1})};
        const Vector joined = concatenate(same);
        QVERIFY(joined.isDictionary());
        QCOMPARE(joined.sharedDictionary().get(), first.sharedDictionary().get());
        QCOMPARE(printed(joined), QByteArray("a|b|a|b|a|b"));
        const Vector different[] = {first, dictionaryOf(texts({"c"}), {0})};
        QCOMPARE(concatenate(different).kind(), VectorKind::Flat);
        QCOMPARE(printed(concatenate(different)), QByteArray("a|b|a|c"));
    }

    void textOutlivesItsSource()
    {
        Vector kept;
        {
            std::string text(100, 'z');
            TypedBuilder<DataType::String> builder;
            builder.append(text);
            const Vector source = builder.finish();
            const Vector parts[] = {dictionaryOf(source, {0, 0}), source.slice(0, 1)};
            kept = concatenate(parts).gather(std::vector<std::uint32_t>{2, 0}).flatten();
            text.assign(100, 'y');
        }
        QCOMPARE(printed(kept), QByteArray(100, 'z') + "|" + QByteArray(100, 'z'));
    }

    void keepsForeignText()
    {
        auto owner = std::make_shared<const std::string>("owned elsewhere");
        const std::weak_ptr<const std::string> watch = owner;
        TypedBuilder<DataType::String> builder;
        builder.appendUncopied(*owner);
        builder.keep(std::exchange(owner, nullptr));
        Vector vector = builder.finish();
        QVERIFY(!watch.expired());
        QCOMPARE(printed(vector), QByteArray("owned elsewhere"));
        vector = Vector();
        QVERIFY(watch.expired());
    }

    void masksNulls()
    {
        NullMask mask(130);
        QVERIFY(!mask.anyNull());
        mask.setNull(0);
        mask.setNull(64);
        mask.setNull(129);
        QVERIFY(mask.isNull(0) && mask.isNull(64) && mask.isNull(129) && !mask.isNull(63) && !mask.isNull(128));
        mask.setValid(64);
        QVERIFY(!mask.isNull(64) && mask.anyNull());
        QCOMPARE(mask.words().size(), std::size_t{3});
        auto second = std::make_shared<NullMask>(3);
        second->setNull(1);
        QCOMPARE(printed(longs({1, 2, 3}).withNulls(second)), QByteArray("1|~|3"));
        QVERIFY(!longs({1, 2, 3}).withNulls(second).slice(2, 1).mayHaveNulls()); // no null left in the slice
    }

    void reinterpretsTheSameValues()
    {
        const Vector times = longs({kUnixEpoch}).reinterpret(DataType::DateTime);
        QCOMPARE(printed(times), QByteArray("1970-01-01T00:00:00.0000000Z"));
        QCOMPARE(dictionaryOf(longs({1}), {0, 0}).reinterpret(DataType::TimeSpan).dictionaryValues().type(), DataType::TimeSpan);
    }

    void heapKeepsItsAddresses()
    {
        StringHeap heap;
        std::vector<std::string_view> views;
        for (int i = 0; i < 5'000; ++i)
            views.push_back(heap.add(std::to_string(i) + std::string(static_cast<std::size_t>(i % 100), '.')));
        views.push_back(heap.add(std::string(200'000, 'q')));
        for (int i = 0; i < 5'000; ++i)
            QVERIFY(views[static_cast<std::size_t>(i)].starts_with(std::to_string(i)));
        QCOMPARE(views.back().size(), std::size_t{200'000});
        QVERIFY(heap.add("").empty());
        QVERIFY(heap.bytes() >= 200'000);
    }

    void randomRowsAgreeWithAPlainList()
    {
        std::mt19937 random(12);
        for (int round = 0; round < 200; ++round) {
            const std::size_t size = 1 + random() % 200;
            std::vector<Value> plain;
            VectorBuilder builder(DataType::Long);
            for (std::size_t i = 0; i < size; ++i) {
                plain.push_back(random() % 4 ? Value::int64(random() % 50) : Value::null(DataType::Long));
                builder.append(plain.back());
            }
            const Vector vector = builder.finish();
            const std::size_t start = random() % size;
            const Vector slice = vector.slice(start, size - start);
            std::vector<std::uint32_t> rows(random() % 300);
            for (std::uint32_t& row : rows)
                row = random() % static_cast<std::uint32_t>(slice.size());
            const Vector picked = slice.gather(rows);
            const VectorReader<std::int64_t> reader(picked);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                QVERIFY(picked.valueAt(i) == plain[start + rows[i]]);
                QCOMPARE(reader.isNull(i), plain[start + rows[i]].isNull());
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestVector)
#include "tst_vector.moc"
