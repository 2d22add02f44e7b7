// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/TextDictionary.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>

namespace tocsin::store {
namespace {

constexpr std::size_t kFirstSlots = 256;
constexpr std::size_t kAtOnce = 16; ///< texts looked up together: as many misses of the cache as may be under way

} // namespace

std::uint32_t TextDictionary::hashOf(std::string_view text) { return static_cast<std::uint32_t>(XXH3_64bits(text.data(), text.size())); }

TextDictionary::TextDictionary() : m_slots(kFirstSlots) {}

std::size_t TextDictionary::slotOf(std::string_view text, std::uint32_t hash) const
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t at = hash & mask;
    while (m_slots[at].codePlusOne != 0 && !(m_slots[at].hash == hash && m_texts[m_slots[at].codePlusOne - 1] == text))
        at = (at + 1) & mask;
    return at;
}

std::optional<std::uint32_t> TextDictionary::find(std::string_view text) const
{
    const Slot& slot = m_slots[slotOf(text, hashOf(text))];
    return slot.codePlusOne == 0 ? std::nullopt : std::optional(slot.codePlusOne - 1);
}

void TextDictionary::codes(std::span<const std::string_view> texts, std::span<std::uint32_t> codes)
{
    std::array<std::uint32_t, kAtOnce> hashes;
    for (std::size_t start = 0; start < texts.size(); start += kAtOnce) {
        const auto some = texts.subspan(start, std::min(kAtOnce, texts.size() - start));
        const auto firstSlot = [&](std::size_t i) -> const Slot& { return m_slots[hashes[i] & (m_slots.size() - 1)]; };
        for (std::size_t i = 0; i < some.size(); ++i) {
            hashes[i] = hashOf(some[i]);
            __builtin_prefetch(&firstSlot(i));
        }
        for (std::size_t i = 0; i < some.size(); ++i)
            if (const Slot& slot = firstSlot(i); slot.codePlusOne != 0)
                __builtin_prefetch(&m_texts[slot.codePlusOne - 1]);
        for (std::size_t i = 0; i < some.size(); ++i)
            if (const Slot& slot = firstSlot(i); slot.codePlusOne != 0 && slot.hash == hashes[i])
                __builtin_prefetch(m_texts[slot.codePlusOne - 1].data());
        for (std::size_t i = 0; i < some.size(); ++i)
            codes[start + i] = code(some[i], hashes[i]);
    }
}

std::uint32_t TextDictionary::code(std::string_view text, std::uint32_t hash)
{
    const std::size_t at = slotOf(text, hash);
    if (m_slots[at].codePlusOne != 0)
        return m_slots[at].codePlusOne - 1;
    if (m_size == m_room)
        makeRoom();
    m_texts[m_size++] = text;
    m_textBytes += text.size();
    m_slots[at] = {hash, static_cast<std::uint32_t>(m_size)};
    if (m_size * 2 > m_slots.size())
        grow();
    return static_cast<std::uint32_t>(m_size - 1);
}

void TextDictionary::makeRoom()
{
    m_room = std::max(kFirstSlots, m_room * 2);
    auto larger = std::make_shared_for_overwrite<std::string_view[]>(m_room);
    std::copy_n(m_texts.get(), m_size, larger.get());
    m_texts = std::move(larger);
}

void TextDictionary::grow()
{
    std::vector<Slot> larger(m_slots.size() * 4);
    const std::size_t mask = larger.size() - 1;
    for (const Slot& slot : m_slots) {
        if (slot.codePlusOne == 0)
            continue;
        std::size_t at = slot.hash & mask;
        while (larger[at].codePlusOne != 0)
            at = (at + 1) & mask;
        larger[at] = slot;
    }
    m_slots = std::move(larger);
}

} // namespace tocsin::store
