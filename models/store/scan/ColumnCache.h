// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/segment/StoredPart.h"

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace tocsin::store {

/// The columns and filters read last, up to a number of bytes. Their checksums are verified, so they are read and checked once. Any thread.
class ColumnCache {
public:
    explicit ColumnCache(std::size_t budget) : m_budget(budget) {}

    struct Key {
        std::int64_t segment;
        std::int64_t column;
        unsigned part;
        std::string member; ///< of JSON texts; else empty
        bool operator==(const Key&) const = default;
    };
    /// Null if it is not here.
    std::shared_ptr<const StoredPart> find(const Key& key);
    /// The same as what it is known to be: a part number stands for one type.
    template <typename Part> std::shared_ptr<const Part> findAs(const Key& key) { return std::static_pointer_cast<const Part>(find(key)); }
    void put(const Key& key, std::shared_ptr<const StoredPart> stored);
    /// Puts another form of the part in its place.
    void replace(const Key& key, std::shared_ptr<const StoredPart> stored);
    std::size_t bytes() const;
    std::size_t budget() const { return m_budget; }

private:
    struct Hash {
        std::size_t operator()(const Key& key) const { return static_cast<std::size_t>(key.segment) * 0x9E3779B97F4A7C15ULL ^ static_cast<std::size_t>(key.column) << 8 ^ key.part ^ std::hash<std::string>()(key.member); }
    };
    struct Entry {
        Key key;
        std::shared_ptr<const StoredPart> stored;
        std::size_t bytes;
    };

    void dropBeyondBudget();

    mutable std::mutex m_mutex;
    std::size_t m_budget;
    std::size_t m_bytes = 0;
    std::list<Entry> m_entries; ///< the one used last first
    std::unordered_map<Key, std::list<Entry>::iterator, Hash> m_places;
};

} // namespace tocsin::store
