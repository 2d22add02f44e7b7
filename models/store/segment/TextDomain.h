// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Vector.h"
#include "store/segment/TextDictionary.h"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>

namespace tocsin::store {

/// Numbers the distinct texts of one column over all its segments, while they are few and short: what is grouped or counted by the column
/// then need not look at its texts. Any thread.
class TextDomain : public std::enable_shared_from_this<TextDomain> {
public:
    /// `used`: bytes that all domains of a workspace take together.
    explicit TextDomain(std::shared_ptr<std::atomic<std::size_t>> used) : m_used(std::move(used)) {}
    ~TextDomain();

    /// The numbers of a segment's distinct texts, computed when they are first asked for.
    std::shared_ptr<const DictionaryNumbers> numbersOf(Vector texts);
    /// The number of each text; empty if the domain has too many for that.
    std::vector<std::uint32_t> number(std::span<const std::string_view> texts);
    /// Whether texts have been numbered, so that it is worth while for others.
    bool isUsed();
    /// All texts numbered so far: a dictionary whose codes are the numbers. A later one may extend() an earlier one.
    std::shared_ptr<const Vector> dictionary();
    /// The number of a text; nothing if it has none.
    std::optional<std::uint32_t> find(std::string_view text);

    static constexpr std::size_t kMostTexts = 1U << 20;
    static constexpr std::size_t kMostBytes = 32U << 20; ///< of one domain
    static constexpr std::size_t kMostBytesOfAll = 96U << 20;

private:
    class Numbers;
    class OwnNumbers;
    std::string_view text(std::uint32_t number);
    bool add(std::string_view text, std::uint32_t& number);
    void makePlaces();

    std::shared_ptr<std::atomic<std::size_t>> m_used;
    std::mutex m_mutex;
    bool m_closed = false; ///< too many texts: nothing more is numbered
    std::size_t m_charged = 0; ///< to m_used
    std::shared_ptr<StringHeap> m_heap = std::make_shared<StringHeap>(); ///< the domain is told by it, too
    TextDictionary m_texts;
    std::shared_ptr<std::uint32_t[]> m_places;  ///< 0, 1, 2, … for at least the texts there are
    std::size_t m_placeCount = 0;
    std::shared_ptr<const Vector> m_dictionary; ///< of the first of them
};

/// The domains of a workspace's columns.
class TextDomains {
public:
    std::shared_ptr<TextDomain> of(std::int64_t table, std::int64_t column);

private:
    std::shared_ptr<std::atomic<std::size_t>> m_used = std::make_shared<std::atomic<std::size_t>>(0);
    std::mutex m_mutex;
    std::map<std::pair<std::int64_t, std::int64_t>, std::shared_ptr<TextDomain>> m_domains;
};

} // namespace tocsin::store
