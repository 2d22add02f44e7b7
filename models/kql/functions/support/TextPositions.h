// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Utf8.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/TextSearch.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace tocsin::kql {

/// Converts between character (code point) and byte positions of one text. ASCII text needs no table.
class TextPositions {
public:
    explicit TextPositions(std::string_view text) : m_size(text.size())
    {
        if (isAscii(text))
            return;
        for (std::size_t i = 0; i < text.size();) {
            m_starts.push_back(i);
            i += decodeUtf8(text, i).length;
        }
        m_starts.push_back(text.size());
    }
    std::size_t count() const { return m_starts.empty() ? m_size : m_starts.size() - 1; }
    /// `index` is 0 … count().
    std::size_t byteOf(std::int64_t index) const { return m_starts.empty() ? static_cast<std::size_t>(index) : m_starts[static_cast<std::size_t>(index)]; }
    /// The character that begins at (or, for a byte inside a character, after) the byte.
    std::int64_t indexOf(std::size_t byte) const
    {
        if (m_starts.empty())
            return static_cast<std::int64_t>(byte);
        return std::lower_bound(m_starts.begin(), m_starts.end(), byte) - m_starts.begin();
    }

private:
    std::size_t m_size;
    std::vector<std::size_t> m_starts;
};

/// The part of a text that indexof() and indexof_regex() search: from `start` (negative: from the end) for `length` characters
/// (-1: all), and which occurrence is wanted. After each occurrence the length counts anew, from the character behind its start.
class SearchWindow {
public:
    /// `options` are the arguments start, length, occurrence, as far as given.
    SearchWindow(std::string_view text, std::span<const Vector> options, std::size_t row) : m_text(text), m_positions(text)
    {
        const auto read = [&](std::size_t i, std::int64_t otherwise) {
            return i < options.size() && !options[i].isNull(row) ? VectorReader<std::int64_t>(options[i])[row] : otherwise;
        };
        const auto count = static_cast<std::int64_t>(m_positions.count());
        std::int64_t start = read(0, 0);
        const std::int64_t length = read(1, -1);
        m_occurrence = read(2, 1);
        m_valid = length >= -1 && m_occurrence > 0;
        if (start < 0)
            start = std::max<std::int64_t>(0, start + count);
        m_outside = start > count;
        m_start = std::min(start, count);
        m_length = length < 0 ? count : length;
    }
    bool valid() const { return m_valid; }
    /// The position of the wanted occurrence in characters of the whole text, or -1. `search(text, fromByte)` gives a byte position or npos.
    template <typename Search> std::int64_t find(Search&& search) const
    {
        if (m_outside)
            return -1;
        const auto count = static_cast<std::int64_t>(m_positions.count());
        std::int64_t start = m_start;
        for (std::int64_t i = 1;; ++i) {
            const std::int64_t end = m_length > count - start ? count : start + m_length;
            const std::size_t at = search(m_text.substr(0, m_positions.byteOf(end)), m_positions.byteOf(start));
            if (at == std::string_view::npos)
                return -1;
            const std::int64_t found = m_positions.indexOf(at);
            if (i == m_occurrence || found >= count)
                return i == m_occurrence ? found : -1;
            start = found + 1;
        }
    }

private:
    std::string_view m_text;
    TextPositions m_positions;
    std::int64_t m_start = 0;
    std::int64_t m_length = 0;
    std::int64_t m_occurrence = 1;
    bool m_valid = true;
    bool m_outside = false;
};

} // namespace tocsin::kql
