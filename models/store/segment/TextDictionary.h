// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace tocsin::store {

/// The distinct texts of a column being written, numbered in the order of their first appearance.
class TextDictionary {
public:
    TextDictionary();
    /// The code of the text. It is not copied and must outlive the dictionary.
    std::uint32_t code(std::string_view text) { return code(text, hashOf(text)); }
    /// The codes of many texts at once, which takes less time: while one is looked up, what the next ones need is fetched.
    void codes(std::span<const std::string_view> texts, std::span<std::uint32_t> codes);
    /// The code of a text that is there.
    std::optional<std::uint32_t> find(std::string_view text) const;
    std::span<const std::string_view> texts() const { return {m_texts.get(), m_size}; }
    /// The same with a share in where they stand: texts that are added later move what is handed out afterwards, not this.
    std::shared_ptr<const std::string_view[]> sharedTexts() const { return m_texts; }
    std::size_t size() const { return m_size; }
    std::size_t textBytes() const { return m_textBytes; }
    /// Of all but the texts themselves.
    std::size_t tableBytes() const { return m_slots.size() * sizeof(Slot) + m_room * sizeof(std::string_view); }

private:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t codePlusOne = 0; ///< 0: free
    };
    static std::uint32_t hashOf(std::string_view text);
    std::uint32_t code(std::string_view text, std::uint32_t hash);
    std::size_t slotOf(std::string_view text, std::uint32_t hash) const;
    void grow();
    void makeRoom();

    std::vector<Slot> m_slots; ///< a power of two, at most half full
    std::shared_ptr<std::string_view[]> m_texts; ///< m_size of them, with room for m_room
    std::size_t m_size = 0;
    std::size_t m_room = 0;
    std::size_t m_textBytes = 0;
};

} // namespace tocsin::store
