// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Result.h"
#include "kql/functions/aggregate/NumberSets.h"
#include "support/NumberedDictionary.h"

#include <QtTest>

#include <numeric>
#include <random>
#include <set>

using namespace tocsin;
using tocsin::test::NumberedDictionary;
using namespace tocsin::kql;
using aggregates::NumberSets;

class NumberSetsTest : public QObject {
    Q_OBJECT

private slots:
    void countsWhatASetCounts_data();
    void countsWhatASetCounts();
    void mergesAsSetsDo_data();
    void mergesAsSetsDo();
    void growsWithItsDomain();
    void keepsToOneDomain();
};

namespace {

/// The numbers from `first` up, in falling order, so that codes and numbers differ.
std::shared_ptr<const Vector> dictionaryOf(const std::shared_ptr<const void>& domain, std::uint32_t first, std::uint32_t count)
{
    std::vector<std::uint32_t> numbers(count);
    std::iota(numbers.rbegin(), numbers.rend(), first);
    TypedBuilder<DataType::String> texts;
    for (const std::uint32_t number : numbers)
        texts.append(std::to_string(number));
    return std::make_shared<Vector>(texts.finish().withNumbers(std::make_shared<NumberedDictionary>(domain, std::move(numbers))));
}

/// The sets under test beside plain ones that take the same.
struct Pair {
    NumberSets sets;
    std::vector<std::set<std::uint32_t>> plain;

    explicit Pair(std::size_t groups) { grow(groups); }
    void grow(std::size_t groups)
    {
        sets.resize(groups);
        plain.resize(groups);
    }
    /// Adds rows of a dictionary whose numbers begin at `first`.
    bool add(const std::shared_ptr<const void>& domain, std::uint32_t first, std::uint32_t count, std::size_t rows, std::mt19937& random)
    {
        if (!sets.takes(dictionaryOf(domain, first, count)))
            return false;
        std::vector<std::uint32_t> codes(rows), groups(rows);
        for (std::size_t row = 0; row < rows; ++row) {
            codes[row] = static_cast<std::uint32_t>(random() % count);
            groups[row] = static_cast<std::uint32_t>(random() % plain.size());
            plain[groups[row]].insert(first + count - 1 - codes[row]);
        }
        sets.add(codes, groups);
        return true;
    }
    /// Empty if both have the same; counts first, then takes everything out.
    QString difference()
    {
        for (std::size_t group = 0; group < plain.size(); ++group) {
            if (sets.count(group) != plain[group].size())
                return QStringLiteral("group %1 counts %2 instead of %3").arg(group).arg(sets.count(group)).arg(plain[group].size());
            std::set<std::string> taken, wanted;
            std::size_t visits = 0;
            sets.take(group, [&](std::string_view text) { taken.emplace(text), ++visits; });
            for (const std::uint32_t number : plain[group])
                wanted.insert(std::to_string(number));
            if (taken != wanted || visits != wanted.size())
                return QStringLiteral("group %1 has other numbers").arg(group);
            if (sets.count(group) != 0)
                return QStringLiteral("group %1 is not empty once taken").arg(group);
        }
        return {};
    }
};

/// Few numbers in few rows stay lists; many numbers of one group become its bits; many rows for few groups become bits of all groups.
struct Shape {
    const char* name;
    std::uint32_t numbers;
    std::size_t rows;
};
constexpr std::size_t kGroups = 20;
constexpr Shape kShapes[]{{"nothing", 10, 0}, {"short lists", 100'000, 100}, {"long lists", 100'000, 6'000}, {"bits of a group", 100'000, 60'000}, {"bits of all groups", 2'000, 50'000}};

} // namespace

void NumberSetsTest::countsWhatASetCounts_data()
{
    QTest::addColumn<quint32>("numbers");
    QTest::addColumn<quint64>("rows");
    for (const Shape& shape : kShapes)
        QTest::newRow(shape.name) << shape.numbers << quint64{shape.rows};
    QTest::newRow("one number") << quint32{1} << quint64{1'000};
}

void NumberSetsTest::countsWhatASetCounts()
{
    QFETCH(quint32, numbers);
    QFETCH(quint64, rows);
    std::mt19937 random(7);
    const auto domain = std::make_shared<int>();
    Pair pair(kGroups);
    for (int part = 0; part < 5; ++part)
        QVERIFY(pair.add(domain, 0, numbers, rows / 5, random));
    QCOMPARE(pair.difference(), QString());
}

void NumberSetsTest::mergesAsSetsDo_data()
{
    QTest::addColumn<int>("left");
    QTest::addColumn<int>("right");
    QTest::addColumn<quint32>("rightFrom");
    for (int left = 0; left < static_cast<int>(std::size(kShapes)); ++left)
        for (int right = 0; right < static_cast<int>(std::size(kShapes)); ++right)
            for (const quint32 from : {0U, 200'000U})
                QTest::addRow("%s with %s%s", kShapes[left].name, kShapes[right].name, from > 0 ? " of larger numbers" : "") << left << right << from;
}

void NumberSetsTest::mergesAsSetsDo()
{
    QFETCH(int, left);
    QFETCH(int, right);
    QFETCH(quint32, rightFrom);
    std::mt19937 random(11);
    const auto domain = std::make_shared<int>();
    Pair to(kGroups), from(kGroups);
    QVERIFY(to.add(domain, 0, kShapes[left].numbers, kShapes[left].rows, random));
    QVERIFY(from.add(domain, rightFrom, kShapes[right].numbers, kShapes[right].rows, random));
    for (std::size_t group = 0; group < kGroups; ++group) {
        QVERIFY(to.sets.merge(kGroups - 1 - group, from.sets, group));
        to.plain[kGroups - 1 - group].insert(from.plain[group].begin(), from.plain[group].end());
    }
    for (std::size_t group = 0; group < kGroups; ++group)
        QCOMPARE(from.sets.count(group), std::size_t{0});
    QVERIFY(to.add(domain, 0, 500, 2'000, random)); // they go on after a merge
    QCOMPARE(to.difference(), QString());
}

void NumberSetsTest::growsWithItsDomain()
{
    std::mt19937 random(13);
    const auto domain = std::make_shared<int>();
    Pair pair(2);
    for (std::uint32_t part = 0; part < 12; ++part) {
        QVERIFY(pair.add(domain, part * 700, 700 + part, 3'000, random));
        if (part % 3 == 0)
            pair.grow(pair.plain.size() * 4);
    }
    QCOMPARE(pair.difference(), QString());
}

void NumberSetsTest::keepsToOneDomain()
{
    std::mt19937 random(17);
    const auto domain = std::make_shared<int>(), another = std::make_shared<int>();
    Pair pair(3), other(3);
    QVERIFY(pair.add(domain, 0, 10, 50, random));
    QVERIFY(!pair.add(another, 0, 10, 50, random));
    QVERIFY(other.add(another, 0, 10, 50, random));
    QVERIFY(!pair.sets.merge(0, other.sets, 0));
    QCOMPARE(pair.difference(), QString());
    QCOMPARE(other.difference(), QString());
}

QTEST_APPLESS_MAIN(NumberSetsTest)
#include "tst_number_sets.moc"
