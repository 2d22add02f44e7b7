// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

namespace tocsin::store {

/// Keeps dropped segments until no snapshot taken before can still read them. Any thread.
class SnapshotPins : public std::enable_shared_from_this<SnapshotPins> {
public:
    /// Held by a snapshot and everything made from it. Take it before reading the list of segments.
    class Pin {
    public:
        ~Pin();
        Pin(const Pin&) = delete;
        Pin& operator=(const Pin&) = delete;

    private:
        friend class SnapshotPins;
        Pin(std::shared_ptr<SnapshotPins> pins, std::uint64_t epoch) : m_pins(std::move(pins)), m_epoch(epoch) {}
        std::shared_ptr<SnapshotPins> m_pins;
        std::uint64_t m_epoch;
    };
    std::shared_ptr<const Pin> pin();

    /// The segments were dropped by a transaction that is committed.
    void retire(const std::vector<std::int64_t>& segments);
    /// Takes out the segments that nobody needs any more; the caller deletes them.
    std::vector<std::int64_t> takeUnneeded();

private:
    std::mutex m_mutex;
    std::uint64_t m_epoch = 0;
    std::multiset<std::uint64_t> m_pinned;
    std::vector<std::pair<std::uint64_t, std::int64_t>> m_retired; ///< the first epoch that does not see it, and the segment
};

} // namespace tocsin::store
