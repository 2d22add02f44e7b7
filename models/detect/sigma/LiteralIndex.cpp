// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/sigma/LiteralIndex.h"

#include <algorithm>
#include <bit>
#include <unordered_map>

namespace tocsin::detect::sigma {
namespace {

std::uint32_t gramAt(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    return byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
}

} // namespace

void LiteralIndex::build()
{
    const unsigned bits = std::max(6U, static_cast<unsigned>(std::bit_width(m_pending.size() * 16)));
    m_shift = 32 - std::min(bits, 18U);
    std::unordered_map<std::uint32_t, std::uint32_t> uses;
    for (const Entry& entry : m_pending)
        for (std::size_t i = 0; i + 3 <= entry.text.size(); ++i)
            ++uses[gramAt(entry.text, i)];
    for (Entry& entry : m_pending) {
        std::uint32_t least = UINT32_MAX;
        for (std::size_t i = 0; i + 3 <= entry.text.size(); ++i) {
            const std::uint32_t count = uses[gramAt(entry.text, i)];
            if (count < least) {
                least = count;
                entry.offset = static_cast<std::uint32_t>(i);
            }
        }
    }
    const auto slot = [this](const Entry& entry) { return slotOf(gramAt(entry.text, entry.offset)); };
    std::stable_sort(m_pending.begin(), m_pending.end(), [&](const Entry& a, const Entry& b) { return slot(a) < slot(b); });
    const std::size_t slots = std::size_t{1} << (32 - m_shift);
    m_bits.assign((slots + 63) / 64, 0);
    m_first.assign(slots + 1, 0);
    for (const Entry& entry : m_pending) {
        const std::uint32_t s = slot(entry);
        m_bits[s >> 6] |= std::uint64_t{1} << (s & 63);
        ++m_first[s + 1];
    }
    for (std::size_t i = 1; i <= slots; ++i)
        m_first[i] += m_first[i - 1];
}

} // namespace tocsin::detect::sigma
