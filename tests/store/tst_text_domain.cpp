// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include "store/segment/TextDomain.h"

#include <thread>

using namespace tocsin;
using namespace tocsin::store;

namespace {

Vector textsOf(const std::vector<std::string>& texts)
{
    TypedBuilder<DataType::String> builder;
    for (const std::string& text : texts)
        builder.append(text);
    return builder.finish();
}

std::vector<std::uint32_t> numbered(TextDomain& domain, const std::vector<std::string>& texts)
{
    const Vector vector = textsOf(texts);
    return domain.number(vector.values<std::string_view>());
}

} // namespace

class TextDomainTest : public QObject {
    Q_OBJECT

private slots:
    void equalTextsHaveEqualNumbers();
    void dictionariesTellTheirNumbers();
    void closesWhenThereIsTooMuch();
    void threadsAgree();

private:
    TextDomains m_domains;
};

void TextDomainTest::equalTextsHaveEqualNumbers()
{
    const auto domain = m_domains.of(1, 1);
    QVERIFY(!domain->isUsed());
    QVERIFY(!domain->find("a"));
    QCOMPARE(numbered(*domain, {"a", "b", ""}), (std::vector<std::uint32_t>{0, 1, 2}));
    QCOMPARE(numbered(*domain, {"", "c", "a"}), (std::vector<std::uint32_t>{2, 3, 0}));
    QVERIFY(domain->isUsed());
    QCOMPARE(domain->find("c"), std::optional<std::uint32_t>(3));
    QCOMPARE(m_domains.of(1, 1), domain);
    QVERIFY(m_domains.of(2, 1) != domain);
    const auto dictionary = domain->dictionary();
    QCOMPARE(dictionary->size(), std::size_t{4});
    QCOMPARE(dictionary->valueAt(3).asText(), std::string("c"));
    QCOMPARE(domain->dictionary(), dictionary); // the same as long as nothing new comes
}

void TextDomainTest::dictionariesTellTheirNumbers()
{
    const auto domain = m_domains.of(1, 2);
    const auto own = domain->numbersOf(textsOf({"x", "y"}));
    const auto others = domain->numbersOf(textsOf({"z", "y"}));
    QCOMPARE(std::vector(own->numbers().begin(), own->numbers().end()), (std::vector<std::uint32_t>{0, 1}));
    QCOMPARE(std::vector(others->numbers().begin(), others->numbers().end()), (std::vector<std::uint32_t>{2, 1}));
    QCOMPARE(own->text(2), std::string_view("z"));
    const auto& all = domain->dictionary()->numbers();
    QCOMPARE(all->domain(), own->domain());
    QCOMPARE(all->numbers().size(), std::size_t{3});
    QCOMPARE(all->text(1), std::string_view("y"));
}

void TextDomainTest::closesWhenThereIsTooMuch()
{
    const auto domain = m_domains.of(1, 3);
    QCOMPARE(numbered(*domain, {"kept"}), (std::vector<std::uint32_t>{0}));
    std::vector<std::string> large;
    for (char c = 'a'; large.size() * (std::size_t{4} << 20) <= TextDomain::kMostBytes; ++c)
        large.emplace_back(std::size_t{4} << 20, c);
    QVERIFY(numbered(*domain, large).empty());
    QVERIFY(!domain->isUsed());
    QVERIFY(numbered(*domain, {"kept"}).empty()); // from now on
    QCOMPARE(domain->find("kept"), std::optional<std::uint32_t>(0)); // what had a number keeps it
    QCOMPARE(domain->dictionary()->valueAt(0).asText(), std::string("kept"));
}

void TextDomainTest::threadsAgree()
{
    const auto domain = m_domains.of(1, 4);
    std::vector<std::string> texts;
    for (int i = 0; i < 5'000; ++i)
        texts.push_back("text " + std::to_string(i % 1'700));
    std::vector<std::vector<std::uint32_t>> numbers(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < numbers.size(); ++t)
            threads.emplace_back([&, t] {
                for (std::size_t start = 0; start < texts.size(); start += 500) {
                    const auto some = numbered(*domain, {texts.begin() + static_cast<std::ptrdiff_t>(start), texts.begin() + static_cast<std::ptrdiff_t>(start + 500)});
                    numbers[t].insert(numbers[t].end(), some.begin(), some.end());
                }
            });
    }
    const auto dictionary = domain->dictionary();
    QCOMPARE(dictionary->size(), std::size_t{1'700});
    for (std::size_t t = 0; t < numbers.size(); ++t)
        for (std::size_t i = 0; i < texts.size(); ++i)
            QCOMPARE(dictionary->values<std::string_view>()[numbers[t][i]], std::string_view(texts[i]));
}

QTEST_GUILESS_MAIN(TextDomainTest)
#include "tst_text_domain.moc"
