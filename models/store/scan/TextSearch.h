// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::store {

/// Looks for one string in many texts at once, without regard to the case of ASCII letters. Texts that lie one behind the other in memory
/// (a decoded block) are searched as one piece.
class TextSearch {
public:
    /// Nothing can be said about a string that is empty or has characters beyond ASCII: then every text may hold it.
    explicit TextSearch(std::string_view wanted);
    bool canDecide() const { return !m_wanted.empty(); }
    /// Marks the texts that may hold the string: those that do, and those with characters beyond ASCII, some of which have ASCII letters
    /// as their other case.
    void mark(std::span<const std::string_view> texts, std::vector<std::uint8_t>& marks) const;

private:
    std::string m_wanted; ///< in lower case
};

} // namespace tocsin::store
