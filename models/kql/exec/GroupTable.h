// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/exec/Grouping.h"
#include "kql/exec/MergedShards.h"
#include "kql/exec/ShardedRows.h"
#include "kql/exec/spill/KeyHash.h"
#include "kql/exec/spill/PartitionWriter.h"

#include <mutex>

namespace tocsin::kql {

/// The groups of a summarize that one thread fills. When they no longer fit into the memory, rows of groups that are not here yet go to
/// partitions on disk as they are; and if those that are here outgrow it too, all rows do. Whoever finishes brings both together.
///
/// Many groups of several keys would have each row miss the cache a few times. So when groups turn out to be many, further rows are dealt
/// out to shards by their key and grouped shard by shard at the end, all threads' together; see mergeShards().
class GroupTable {
public:
    /// From so many groups of one thread on rows are dealt out to shards, if they bring ever more; a table of fewer stays in the cache.
    static constexpr std::size_t kManyGroups = 32'768;
    /// And if so many rows are expected for one thread: shards cost something to set up.
    static constexpr std::uint64_t kManyRows = 1'000'000;
    /// Of a query, in bytes, for rows to wait in shards.
    static constexpr std::uint64_t kLeastShardMemory = 64 << 20;

    /// `shared`: other threads take rows of the same input, so the places of the rows count; they do, too, if rows come the newest first.
    /// `level`: how often the rows have been dealt out to partitions before.
    GroupTable(const Grouping& grouping, Run& run, bool shared, unsigned level);
    ~GroupTable();

    Result<void> open();
    /// Makes the expressions ready for add().
    Result<void> readFrom(const Layout& layout);
    Result<void> add(const Batch& batch, std::uint64_t place);
    /// How many ordinals the input has: tells how many rows are still to come.
    void expect(std::uint64_t ordinals) { m_ordinals = ordinals; }
    /// Rows that a table of a lower level has put on disk.
    Result<void> addSpilled(const Batch& batch);
    /// Takes over the groups of another thread's table, which is of no use any more then.
    Result<void> merge(GroupTable& other);
    /// Takes over the groups of one partition, after the other table has dealt its groups out. Any thread.
    Result<void> mergePart(GroupTable& other, std::size_t partition);

    /// Brings the tables of all threads together in the first where any has dealt rows out to shards. The others are of no use any more.
    static Result<void> mergeShards(std::span<const std::unique_ptr<GroupTable>> tables, Run& run);
    bool hasShards() const { return m_shards != nullptr; }
    /// Whether there is memory for that, should each row that waits be a group.
    static bool mayMergeShards(std::span<const std::unique_ptr<GroupTable>> tables, Run& run);
    /// Groups the rows of the shards here, where there is no memory for them and all groups.
    Result<void> closeShards();

    std::size_t size() const { return m_grouping.keys.empty() ? 1 : m_merged ? m_merged->size() : m_table.size(); }
    bool canShareRows() const;
    bool spilled() const { return m_writer != nullptr; }
    /// Whether rows on disk may be of groups that are here.
    bool splitsGroups() const { return m_spillsAll; }
    Result<PartitionWriter::Runs> takeSpilled();
    /// Numbers its groups by partition, for mergePart().
    Result<void> dealOut();

    /// Computes the results; no rows may come any more.
    Result<void> finish();
    /// Once finished: keys and results of `count` groups, in the order in which the groups first appear, from place `from` on. Any thread.
    Batch finished(std::size_t from, std::size_t count) const;
    /// All groups in the order of their places, which stand in a last column.
    Result<void> write(RunWriter& writer);

private:
    static constexpr unsigned kFirstEighths = 3; ///< of the budget: tables grow by doubling, and merge
    static constexpr unsigned kLaterEighths = 6;
    static constexpr unsigned kKnownEighths = 7; ///< when only groups that are here grow

    struct Rows {
        std::vector<Vector> keys;
        std::vector<std::vector<Vector>> arguments; ///< of each aggregate
        std::size_t count = 0;
    };
    Result<Rows> evaluate(const Batch& batch);
    Result<void> take(const Rows& rows, RowOrder places);
    Result<void> takeKnown(const Rows& rows, RowOrder places);
    Result<void> update(const Rows& rows, RowOrder places, std::span<const std::uint32_t> groups);
    Result<void> spill(const Rows& rows, RowOrder places, std::span<const std::uint32_t> which);
    Result<void> charge(std::size_t rows);
    Result<void> mergeInSteps(Accumulator& to, Accumulator& from, std::span<const std::uint32_t> mapping) const;
    std::size_t memoryBytes() const;
    /// The groups by the place where each first appears; empty if they stand so already.
    Result<std::vector<std::uint32_t>> order() const;
    /// The groups by the times that are their first result.
    Result<std::vector<std::uint32_t>> orderByTime() const;
    Result<void> finishResults();
    Result<std::vector<Vector>> results(std::size_t from, std::size_t count);
    Vector placesOf(std::size_t from, std::size_t count) const;
    Result<void> resize(std::size_t groups);
    Result<void> takeGrouped(const Rows& rows, RowOrder places);
    Result<void> wantShards(std::size_t rows, std::uint64_t place);
    std::size_t stateBytes() const;
    Result<void> deal(const Rows& rows, RowOrder places);
    void shardsOf(const ColumnNumbers& numbers, std::size_t rows, std::vector<std::uint8_t>& shards);
    Rows rowsOf(ShardedRows::Rows& sharded) const;

    friend class ShardMerger;

    const Grouping& m_grouping;
    Run& m_run;
    bool m_shared;
    unsigned m_level;
    KeyTable m_table;
    std::vector<std::uint64_t> m_firstPlaces; ///< of each group, unless their numbers say enough
    MemoryShare m_memory;
    std::vector<Evaluator> m_keys;
    std::vector<std::vector<Evaluator>> m_arguments;
    std::vector<std::unique_ptr<Accumulator>> m_accumulators;
    std::vector<std::uint32_t> m_rowGroups;
    std::size_t m_size = 0;
    std::size_t m_uncharged = 0; ///< rows since the memory was last counted

    std::vector<Vector> m_results;       ///< once finished
    std::vector<std::uint32_t> m_order;

    std::unique_ptr<ShardedRows> m_shards;
    bool m_mayShard;
    std::uint64_t m_ordinals = 0;                        ///< of the input
    std::uint64_t m_taken = 0;                           ///< rows so far
    std::size_t m_lookedAt = 0;                          ///< rows since it was last asked whether groups are still growing in number
    std::size_t m_groupsBefore = 0;                      ///< how many there were then
    std::vector<std::vector<std::uint32_t>> m_keyHashes; ///< of each key's values, by number, as far as they have been needed
    std::vector<std::uint8_t> m_rowShards;
    std::unique_ptr<MergedShards> m_merged;  ///< then m_table knows the values of the keys only

    std::unique_ptr<PartitionWriter> m_writer;
    bool m_spillsAll = false;
    KeyHasher m_hasher;
    KeyScratch m_scratch;
    std::vector<std::vector<std::uint32_t>> m_parts; ///< group numbers by partition
    std::mutex m_mutex;                              ///< of those who take its parts
};

} // namespace tocsin::kql
