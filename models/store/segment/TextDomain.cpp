// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/TextDomain.h"

#include <bit>
#include <numeric>

namespace tocsin::store {

class TextDomain::Numbers final : public DictionaryNumbers {
public:
    Numbers(std::shared_ptr<TextDomain> domain, Vector texts) : m_domain(std::move(domain)), m_texts(std::move(texts)) {}
    std::shared_ptr<const void> domain() const override { return m_domain->m_heap; }
    std::span<const std::uint32_t> numbers() const override
    {
        std::call_once(m_once, [this] {
            m_numbers = m_domain->number(m_texts.values<std::string_view>());
            m_texts = {};
        });
        return m_numbers;
    }
    std::string_view text(std::uint32_t number) const override { return m_domain->text(number); }

private:
    std::shared_ptr<TextDomain> m_domain;
    mutable std::once_flag m_once;
    mutable Vector m_texts;
    mutable std::vector<std::uint32_t> m_numbers;
};

/// Of the dictionary of all texts: each has its place.
class TextDomain::OwnNumbers final : public DictionaryNumbers {
public:
    OwnNumbers(std::shared_ptr<const void> domain, std::shared_ptr<const std::string_view[]> texts, std::shared_ptr<const std::uint32_t[]> places, std::size_t size)
        : m_domain(std::move(domain)), m_texts(std::move(texts)), m_places(std::move(places)), m_size(size)
    {
    }
    std::shared_ptr<const void> domain() const override { return m_domain; }
    std::span<const std::uint32_t> numbers() const override { return {m_places.get(), m_size}; }
    std::string_view text(std::uint32_t number) const override { return m_texts[number]; }

private:
    std::shared_ptr<const void> m_domain;
    std::shared_ptr<const std::string_view[]> m_texts;
    std::shared_ptr<const std::uint32_t[]> m_places;
    std::size_t m_size;
};

TextDomain::~TextDomain() { *m_used -= m_charged; }

std::shared_ptr<const DictionaryNumbers> TextDomain::numbersOf(Vector texts) { return std::make_shared<const Numbers>(shared_from_this(), std::move(texts)); }

std::vector<std::uint32_t> TextDomain::number(std::span<const std::string_view> texts)
{
    const std::lock_guard lock(m_mutex);
    if (m_closed)
        return {};
    std::vector<std::uint32_t> numbers(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (!add(texts[i], numbers[i]))
            return {};
    const std::size_t bytes = m_texts.textBytes() + m_texts.tableBytes();
    const std::size_t more = bytes - m_charged;
    if (m_used->fetch_add(more) + more > kMostBytesOfAll) {
        *m_used -= more; // the room that is left is for others
        m_closed = true;
        return {};
    }
    m_charged = bytes;
    return numbers;
}

bool TextDomain::isUsed()
{
    const std::lock_guard lock(m_mutex);
    return !m_closed && m_texts.size() > 0;
}

std::shared_ptr<const Vector> TextDomain::dictionary()
{
    const std::lock_guard lock(m_mutex);
    if (!m_dictionary || m_dictionary->size() < m_texts.size()) {
        makePlaces();
        auto numbers = std::make_shared<const OwnNumbers>(m_heap, m_texts.sharedTexts(), m_places, m_texts.size());
        m_dictionary = std::make_shared<const Vector>(Vector::flat<std::string_view>(DataType::String, m_texts.sharedTexts(), m_texts.size(), {}, m_heap).withNumbers(std::move(numbers)));
    }
    return m_dictionary;
}

void TextDomain::makePlaces()
{
    if (m_placeCount >= m_texts.size())
        return;
    m_placeCount = std::bit_ceil(m_texts.size());
    m_places = std::make_shared_for_overwrite<std::uint32_t[]>(m_placeCount);
    std::iota(m_places.get(), m_places.get() + m_placeCount, 0U);
}

std::optional<std::uint32_t> TextDomain::find(std::string_view text)
{
    const std::lock_guard lock(m_mutex);
    return m_texts.find(text);
}

/// Once too many or too long texts have come, nothing more is numbered; what has a number keeps it.
bool TextDomain::add(std::string_view text, std::uint32_t& number)
{
    if (const auto known = m_texts.find(text)) {
        number = *known;
        return true;
    }
    m_closed = m_texts.size() == kMostTexts || m_texts.textBytes() + text.size() > kMostBytes;
    if (!m_closed)
        number = m_texts.code(m_heap->add(text));
    return !m_closed;
}

std::string_view TextDomain::text(std::uint32_t number)
{
    const std::lock_guard lock(m_mutex);
    return m_texts.texts()[number];
}

std::shared_ptr<TextDomain> TextDomains::of(std::int64_t table, std::int64_t column)
{
    const std::lock_guard lock(m_mutex);
    std::shared_ptr<TextDomain>& domain = m_domains[{table, column}];
    if (!domain)
        domain = std::make_shared<TextDomain>(m_used);
    return domain;
}

} // namespace tocsin::store
