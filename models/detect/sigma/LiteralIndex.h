// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect::sigma {

/// Finds which of many literals occur in a text. Each literal is filed under three bytes of it that few others have; the text is walked
/// once, and a bit table says for most places that no literal can stand there.
class LiteralIndex {
public:
    static constexpr std::size_t kMinLength = 3;

    /// The literal must be at least kMinLength bytes long. `id` is what find() reports.
    void add(std::string_view literal, std::uint32_t id) { m_pending.push_back({std::string(literal), id, 0}); }
    /// To be called once, after all are added.
    void build();
    bool isEmpty() const { return m_pending.empty(); }

    /// Calls `found(id)` for each occurrence of a literal; the same id may come more than once.
    template <typename Found>
    void find(std::string_view text, Found&& found) const
    {
        if (text.size() < kMinLength)
            return;
        const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
        std::uint32_t gram = static_cast<std::uint32_t>(bytes[0]) << 8 | bytes[1];
        for (std::size_t i = 2; i < text.size(); ++i) {
            gram = (gram << 8 | bytes[i]) & 0xFFFFFF;
            const std::uint32_t slot = slotOf(gram);
            if (!(m_bits[slot >> 6] >> (slot & 63) & 1))
                continue;
            for (std::uint32_t e = m_first[slot]; e < m_first[slot + 1]; ++e) {
                const Entry& entry = m_pending[e];
                const std::size_t end = i + 1; // behind the gram
                const std::size_t before = entry.offset + 3;
                if (before > end || entry.text.size() - entry.offset > text.size() - (end - 3))
                    continue;
                if (text.compare(end - before, entry.text.size(), entry.text) == 0)
                    found(entry.id);
            }
        }
    }

private:
    struct Entry {
        std::string text;
        std::uint32_t id = 0;
        std::uint32_t offset = 0; ///< of the three bytes it is filed under
    };
    std::uint32_t slotOf(std::uint32_t gram) const { return (gram * 0x9E3779B1U) >> m_shift; }

    std::vector<Entry> m_pending; ///< in the order of their slots once built
    std::vector<std::uint64_t> m_bits;
    std::vector<std::uint32_t> m_first;
    unsigned m_shift = 26;
};

} // namespace tocsin::detect::sigma
