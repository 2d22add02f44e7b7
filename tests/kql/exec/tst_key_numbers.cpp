// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Result.h"
#include "kql/exec/KeyTable.h"
#include "support/NumberedDictionary.h"

#include <QtTest>

#include <map>
#include <random>

using namespace tocsin;
using tocsin::test::NumberedDictionary;
using namespace tocsin::kql;

class KeyNumbersTest : public QObject {
    Q_OBJECT

private slots:
    void wordsOfAllSizes_data();
    void wordsOfAllSizes();
    void textsOfAllSizes_data();
    void textsOfAllSizes();
    void pairsLeaveTheGridWithTheirNumbers();
    void pairsComeToTheGridAsTheyBecomeMany();
    void dictionariesOfOneDomain();
    void tablesAreAddedUp_data();
    void tablesAreAddedUp();
};

namespace {

Vector textsOf(const std::vector<std::string>& texts)
{
    TypedBuilder<DataType::String> builder;
    for (const std::string& text : texts)
        builder.append(text);
    return builder.finish();
}

Vector coded(const Vector& dictionary, const std::vector<std::uint32_t>& rows)
{
    auto codes = makeBuffer<std::uint32_t>(rows.size());
    std::copy(rows.begin(), rows.end(), codes.get());
    return Vector::dictionary(dictionary, std::move(codes), rows.size());
}

Vector longs(const std::vector<std::optional<std::int64_t>>& values)
{
    TypedBuilder<DataType::Long> builder;
    for (const auto& value : values)
        value ? builder.append(*value) : builder.appendNull();
    return builder.finish();
}

} // namespace

void KeyNumbersTest::wordsOfAllSizes_data()
{
    QTest::addColumn<quint64>("range");
    QTest::addColumn<int>("draws");
    QTest::newRow("dense") << quint64{500} << 5'000;
    QTest::newRow("sparse small words") << quint64{60'000} << 200;
    QTest::newRow("small words that become dense") << quint64{60'000} << 100'000;
    QTest::newRow("large words") << ~quint64{0} << 100'000;
}

void KeyNumbersTest::wordsOfAllSizes()
{
    QFETCH(quint64, range);
    QFETCH(int, draws);
    std::mt19937_64 random(5);
    WordNumbers numbers;
    std::map<std::uint64_t, std::uint32_t> expected;
    const std::uint32_t unlisted = numbers.addUnlisted();
    QCOMPARE(unlisted, 0U);
    for (int i = 0; i < draws; ++i) {
        const std::uint64_t word = random() % range;
        QCOMPARE(numbers.find(word), expected.contains(word) ? expected[word] : kUnknownKey);
        const auto [place, added] = expected.try_emplace(word, static_cast<std::uint32_t>(expected.size() + 1));
        QCOMPARE(numbers.add(word), place->second);
        QCOMPARE(numbers.word(place->second), word);
    }
    QCOMPARE(numbers.size(), expected.size() + 1);
    for (const auto& [word, number] : expected)
        QCOMPARE(numbers.find(word), number);
}

void KeyNumbersTest::textsOfAllSizes_data()
{
    QTest::addColumn<quint64>("range");
    QTest::addColumn<int>("draws");
    QTest::newRow("none") << quint64{1} << 0;
    QTest::newRow("one again and again") << quint64{1} << 1'000;
    QTest::newRow("few") << quint64{50} << 5'000;
    QTest::newRow("many that repeat") << quint64{30'000} << 100'000;
    QTest::newRow("hardly any repeats") << ~quint64{0} << 50'000;
}

void KeyNumbersTest::textsOfAllSizes()
{
    QFETCH(quint64, range);
    QFETCH(int, draws);
    std::mt19937_64 random(9);
    std::map<std::string, std::uint32_t> known;
    KeyTable table({DataType::String}), again({DataType::String});
    std::vector<std::uint32_t> groups;
    for (int done = 0; done < draws; done += 777) {
        std::vector<std::string> texts;
        for (int i = 0; i < std::min(777, draws - done); ++i)
            texts.push_back("text " + std::to_string(random() % range));
        table.assign(std::array{textsOf(texts)}, texts.size(), groups);
        for (std::size_t i = 0; i < texts.size(); ++i)
            QCOMPARE(groups[i], known.try_emplace(texts[i], static_cast<std::uint32_t>(known.size())).first->second);
    }
    QCOMPARE(table.size(), known.size());
    const std::vector<std::uint32_t> mapping = *again.addAll(table, [] { return Result<void>(); });
    QCOMPARE(again.size(), known.size());
    for (std::uint32_t i = 0; i < mapping.size(); ++i)
        QCOMPARE(mapping[i], i);
    if (known.empty())
        return;
    const std::vector<Vector> keys = again.keys(0, again.size());
    for (const auto& [text, number] : known)
        QCOMPARE(keys[0].valueAt(number).asText(), text);
}

void KeyNumbersTest::pairsLeaveTheGridWithTheirNumbers()
{
    std::mt19937 random(7);
    PairNumbers pairs;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> expected;
    for (std::uint32_t bound = 4; bound < 3'000; bound = bound * 3 / 2) {
        std::vector<std::uint32_t> left, right, numbers;
        for (int i = 0; i < 400; ++i) {
            left.push_back(random() % bound);
            right.push_back(random() % bound);
            numbers.push_back(expected.try_emplace({left.back(), right.back()}, static_cast<std::uint32_t>(expected.size())).first->second);
        }
        pairs.add(left, bound, right, bound);
        QCOMPARE(left, numbers);
    }
    QCOMPARE(pairs.size(), expected.size());
    for (const auto& [pair, number] : expected) {
        QCOMPARE(pairs.left(number), pair.first);
        QCOMPARE(pairs.right(number), pair.second);
        std::uint32_t found = pair.first;
        pairs.find({&found, 1}, {&pair.second, 1});
        QCOMPARE(found, number);
    }
}

/// Values are found again through their domain, through another dictionary and as plain text.
void KeyNumbersTest::pairsComeToTheGridAsTheyBecomeMany()
{
    std::mt19937 random(11);
    PairNumbers pairs;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> expected;
    std::size_t hashed = 0, cells = 0;
    for (int round = 0; round < 60; ++round) {
        std::vector<std::uint32_t> left, right, numbers;
        const std::uint32_t leftBound = round < 50 ? 900 : 3'000; // at last the grid does not pay any more
        for (int i = 0; i < 1'000; ++i) {
            left.push_back(random() % leftBound);
            right.push_back(random() % 300);
            numbers.push_back(expected.try_emplace({left.back(), right.back()}, static_cast<std::uint32_t>(expected.size())).first->second);
        }
        pairs.add(left, leftBound, right, 300);
        QCOMPARE(left, numbers);
        (pairs.usesGrid() ? cells : hashed) += 1;
    }
    QVERIFY(hashed > 0);
    QVERIFY(cells > 0);
    QCOMPARE(pairs.size(), expected.size());
    for (const auto& [pair, number] : expected) {
        std::uint32_t found = pair.first;
        pairs.find({&found, 1}, {&pair.second, 1});
        QCOMPARE(found, number);
    }
}

void KeyNumbersTest::dictionariesOfOneDomain()
{
    const auto domain = std::make_shared<int>(0);
    const Vector first = textsOf({"a", "b", "c"}).withNumbers(std::make_shared<NumberedDictionary>(domain, std::vector<std::uint32_t>{7, 8, 900}));
    const Vector second = textsOf({"c", "d", "a"}).withNumbers(std::make_shared<NumberedDictionary>(domain, std::vector<std::uint32_t>{900, 4, 7}));
    const Vector other = textsOf({"d", "e"}).withNumbers(std::make_shared<NumberedDictionary>(std::make_shared<int>(1), std::vector<std::uint32_t>{7, 8}));
    KeyTable table({DataType::String});
    std::vector<std::uint32_t> groups;
    const auto assign = [&](const Vector& key) {
        table.assign(std::span(&key, 1), key.size(), groups);
        return groups;
    };
    QCOMPARE(assign(coded(first, {2, 0, 2})), (std::vector<std::uint32_t>{0, 1, 0}));
    QCOMPARE(assign(coded(second, {0, 1, 2})), (std::vector<std::uint32_t>{0, 2, 1}));
    QCOMPARE(assign(coded(other, {0, 1, 0})), (std::vector<std::uint32_t>{2, 3, 2}));
    QCOMPARE(assign(textsOf({"b", "a", "e"})), (std::vector<std::uint32_t>{4, 1, 3}));
    QCOMPARE(assign(Vector::constant(Value::string("d"), 2)), (std::vector<std::uint32_t>{2, 2}));
    QCOMPARE(assign(coded(first, {1, 0})), (std::vector<std::uint32_t>{4, 1}));
    const Vector keys = table.keys(0, table.size())[0];
    QCOMPARE(keys.valueAt(4).asText(), std::string("b"));
}

void KeyNumbersTest::tablesAreAddedUp_data()
{
    QTest::addColumn<int>("keys");
    for (const int keys : {1, 2, 3, 4})
        QTest::addRow("%d keys", keys) << keys;
}

void KeyNumbersTest::tablesAreAddedUp()
{
    QFETCH(int, keys);
    std::mt19937 random(static_cast<unsigned>(keys));
    std::vector<DataType> types;
    for (int k = 0; k < keys; ++k)
        types.push_back(k % 2 ? DataType::String : DataType::Long);
    const auto rows = [&] {
        std::vector<Vector> columns;
        for (int k = 0; k < keys; ++k) {
            std::vector<std::optional<std::int64_t>> numbers;
            std::vector<std::string> texts;
            for (int i = 0; i < 500; ++i) {
                numbers.push_back(random() % 9 ? std::optional<std::int64_t>(random() % 40) : std::nullopt);
                texts.push_back(std::to_string(random() % 12));
            }
            columns.push_back(k % 2 ? textsOf(texts) : longs(numbers));
        }
        return columns;
    };
    const std::vector<Vector> a = rows(), b = rows();
    KeyTable together(types), one(types), two(types);
    std::vector<std::uint32_t> groups, groupsOfTwo;
    one.assign(a, 500, groups);
    two.assign(b, 500, groupsOfTwo);
    together.assign(a, 500, groups);
    together.assign(b, 500, groups);
    const std::vector<std::uint32_t> mapping = *one.addAll(two, [] { return Result<void>(); });
    QCOMPARE(one.size(), together.size());
    QCOMPARE(mapping.size(), two.size());
    const auto textOf = [](const KeyTable& table, std::uint32_t group) {
        std::string text;
        for (const Vector& key : table.keys(group, 1))
            text += key.valueAt(0).toString() + (key.isNull(0) ? "|null|" : "|");
        return text;
    };
    for (std::size_t row = 0; row < 500; ++row) {
        QCOMPARE(textOf(one, mapping[groupsOfTwo[row]]), textOf(two, groupsOfTwo[row]));
        QCOMPARE(textOf(together, groups[row]), textOf(two, groupsOfTwo[row]));
    }
    one.shareValues(one.size()); // as dictionaries they are the same
    for (std::uint32_t group = 0; group < together.size(); ++group)
        QVERIFY(!textOf(one, group).empty());
    for (std::size_t row = 0; row < 500; ++row)
        QCOMPARE(textOf(one, mapping[groupsOfTwo[row]]), textOf(two, groupsOfTwo[row]));
}

QTEST_GUILESS_MAIN(KeyNumbersTest)
#include "tst_key_numbers.moc"
