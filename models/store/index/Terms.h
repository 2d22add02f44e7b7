// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace tocsin::store {

/// Hashes of the terms of a text for the term index. A term here is a run of three or more ASCII letters and digits, folded to lower case;
/// characters beyond ASCII only separate. That is coarser than the rule of KQL's `has`, on purpose: whatever `has` takes for a letter, a
/// text in which it finds a string contains all runs of that string that do not touch a character beyond ASCII.
class TermHashes {
public:
    /// Adds the terms of a text.
    void addText(std::string_view text);
    /// All different hashes so far, in no order.
    std::vector<std::uint64_t> hashes() const;
    std::size_t size() const { return m_size; }
    void clear();

private:
    void insert(std::uint64_t hash);

    std::vector<std::uint64_t> m_slots; ///< 0: free
    std::size_t m_size = 0;
};

/// The terms that every text must have in which `has` finds the string; none if the string says nothing about terms.
std::vector<std::uint64_t> requiredTerms(std::string_view wanted);

} // namespace tocsin::store
