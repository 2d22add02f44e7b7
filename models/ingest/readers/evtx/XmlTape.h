// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

enum class XmlKind : std::uint8_t { Open, Attribute, Text, CData, Instruction, Close };

/// One step through an XML document, as a row of a flat list. Attributes follow the Open they belong to.
struct XmlToken {
    XmlKind kind = XmlKind::Text;
    std::uint32_t close = 0; ///< of an Open: the place of its Close, counted from the start of the list
    std::string_view name;   ///< element, attribute or instruction target
    std::string_view text;   ///< unescaped: of an attribute, a text, a CDATA section or an instruction
};

/// Text with a common, short life: grows in blocks that never move, forgotten all at once, never more than a limit.
class TextArena {
public:
    explicit TextArena(std::size_t limit) : m_limit(limit) {}

    /// Room for up to `bytes`, to be confirmed by commit(); null beyond the limit.
    char* reserve(std::size_t bytes)
    {
        if (m_used + bytes > m_limit + kBlock)
            return nullptr;
        if (bytes >= m_left)
            addBlock(bytes + 1);
        return m_at;
    }
    std::string_view commit(std::size_t bytes)
    {
        const std::string_view text(m_at, bytes);
        m_at += bytes;
        m_left -= bytes;
        m_used += bytes;
        return text;
    }
    bool isFull() const { return m_used > m_limit; }
    std::size_t used() const { return m_used; }
    void reset()
    {
        if (m_blocks.size() > 1)
            m_blocks.erase(m_blocks.begin() + 1, m_blocks.end());
        m_at = m_blocks.empty() ? nullptr : m_blocks.front().get();
        m_left = m_blocks.empty() ? 0 : m_firstSize;
        m_used = 0;
    }

private:
    static constexpr std::size_t kBlock = 256 * 1024;
    void addBlock(std::size_t bytes)
    {
        const std::size_t size = bytes > kBlock ? bytes : kBlock;
        m_blocks.push_back(std::make_unique_for_overwrite<char[]>(size));
        if (m_blocks.size() == 1)
            m_firstSize = size;
        m_at = m_blocks.back().get();
        m_left = size;
    }

    std::size_t m_limit;
    std::vector<std::unique_ptr<char[]>> m_blocks;
    std::size_t m_firstSize = 0;
    char* m_at = nullptr;
    std::size_t m_left = 0;
    std::size_t m_used = 0;
};

} // namespace tocsin::ingest
