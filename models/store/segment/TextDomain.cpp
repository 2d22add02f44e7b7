// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/TextDomain.h"

#include <algorithm>
#include <numeric>

#define XXH_INLINE_ALL
#include <xxhash.h>

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
    OwnNumbers(std::shared_ptr<const void> domain, std::vector<std::string_view> texts) : m_domain(std::move(domain)), m_texts(std::move(texts)), m_numbers(m_texts.size())
    {
        std::iota(m_numbers.begin(), m_numbers.end(), 0U);
    }
    std::shared_ptr<const void> domain() const override { return m_domain; }
    std::span<const std::uint32_t> numbers() const override { return m_numbers; }
    std::string_view text(std::uint32_t number) const override { return m_texts[number]; }
    std::span<const std::string_view> texts() const { return m_texts; }

private:
    std::shared_ptr<const void> m_domain;
    std::vector<std::string_view> m_texts;
    std::vector<std::uint32_t> m_numbers;
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
    const std::size_t bytes = m_bytes + m_slots.size() * sizeof(Slot) + m_texts.capacity() * sizeof(std::string_view);
    if (m_used->fetch_add(bytes - m_charged) + (bytes - m_charged) > kMostBytesOfAll) {
        *m_used -= bytes - m_charged;
        close();
        return {};
    }
    m_charged = bytes;
    return numbers;
}

bool TextDomain::isUsed()
{
    const std::lock_guard lock(m_mutex);
    return !m_closed && !m_texts.empty();
}

std::shared_ptr<const Vector> TextDomain::dictionary()
{
    const std::lock_guard lock(m_mutex);
    if (!m_dictionary || m_dictionary->size() < m_texts.size()) {
        const auto numbers = std::make_shared<const OwnNumbers>(m_heap, m_texts);
        const std::shared_ptr<const std::string_view[]> values(numbers, numbers->texts().data());
        m_dictionary = std::make_shared<const Vector>(Vector::flat<std::string_view>(DataType::String, values, m_texts.size(), {}, m_heap).withNumbers(numbers));
    }
    return m_dictionary;
}

std::optional<std::uint32_t> TextDomain::find(std::string_view text)
{
    const std::lock_guard lock(m_mutex);
    if (m_closed) { // then there is no way but to look at all
        const auto found = std::find(m_texts.begin(), m_texts.end(), text);
        return found == m_texts.end() ? std::nullopt : std::optional(static_cast<std::uint32_t>(found - m_texts.begin()));
    }
    const Slot& slot = m_slots[slotOf(text, static_cast<std::uint32_t>(XXH3_64bits(text.data(), text.size())))];
    return slot.numberPlusOne == 0 ? std::nullopt : std::optional(slot.numberPlusOne - 1);
}

std::size_t TextDomain::slotOf(std::string_view text, std::uint32_t hash) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t at = hash & mask;
    while (m_slots[at].numberPlusOne != 0 && !(m_slots[at].hash == hash && m_texts[m_slots[at].numberPlusOne - 1] == text))
        at = (at + 1) & mask;
    return at;
}

bool TextDomain::add(std::string_view text, std::uint32_t& number)
{
    const auto hash = static_cast<std::uint32_t>(XXH3_64bits(text.data(), text.size()));
    const std::size_t at = slotOf(text, hash);
    if (m_slots[at].numberPlusOne != 0) {
        number = m_slots[at].numberPlusOne - 1;
        return true;
    }
    m_bytes += text.size();
    if (m_texts.size() == kMostTexts || m_bytes > kMostBytes) {
        close();
        return false;
    }
    m_texts.push_back(m_heap->add(text));
    m_slots[at] = {hash, static_cast<std::uint32_t>(m_texts.size())};
    number = static_cast<std::uint32_t>(m_texts.size() - 1);
    if (m_texts.size() * 2 > m_slots.size())
        grow();
    return true;
}

void TextDomain::grow()
{
    std::vector<Slot> larger(m_slots.size() * 4);
    const std::size_t mask = larger.size() - 1;
    for (const Slot& slot : m_slots) {
        if (slot.numberPlusOne == 0)
            continue;
        std::size_t at = slot.hash & mask;
        while (larger[at].numberPlusOne != 0)
            at = (at + 1) & mask;
        larger[at] = slot;
    }
    m_slots = std::move(larger);
}

/// Numbers that were given stay true, so the dictionaries that have them keep them, and the texts stay.
void TextDomain::close()
{
    m_closed = true;
    m_slots = {};
}

std::string_view TextDomain::text(std::uint32_t number)
{
    const std::lock_guard lock(m_mutex);
    return m_texts[number];
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
