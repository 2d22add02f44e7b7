// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/scan/RowFilter.h"
#include "store/scan/SegmentTable.h"

namespace tocsin::store {

/// Times in [from, to) of a datetime column. Exact: no other row passes, and none without a time.
struct TimeCondition {
    std::size_t column = 0;
    Ticks from = kMinDateTime;
    Ticks to = kMaxDateTime + 1;
};

/// What rows are asked for. The predicates are hints, which leave out rows that fail for certain.
struct RowQuestion {
    std::vector<TimeCondition> times;
    std::vector<catalog::ScanPredicate> predicates;
};

/// Walks over the rows of a table one by one, in its order. A column is read and decoded, block by block, when a cell of it is first asked
/// for or a condition cannot be answered from what is known of the segment.
class RowWalk {
public:
    RowWalk(std::shared_ptr<const SegmentTableContent> content, RowQuestion question);

    /// Goes to the first row.
    Result<void> start() { return toNextRow(); }
    Result<void> next()
    {
        ++m_at;
        return toNextRow();
    }
    bool atEnd() const { return m_ended; }

    /// The cell's column for the rows at hand, and its place there. A column of the schema or, one behind them, the ingestion time.
    Result<const Vector*> column(std::size_t index) { return values(index); }
    std::size_t place() const { return m_kept ? (*m_kept)[m_at] : m_at; }
    /// The same for the same row until its segment is replaced.
    std::int64_t rowId() const { return m_segment->id << 16 | static_cast<std::int64_t>(m_start + place()); }
    const SegmentTableContent& content() const { return *m_content; }

private:
    enum class Answer { No, Yes, ReadRows };
    struct Filter {
        std::size_t column;
        std::unique_ptr<RowCondition> condition;
    };

    Result<void> toNextRow();
    Result<bool> openSegment();
    Result<void> openBatch();
    Answer answer(const TimeCondition& condition) const;
    Result<const Vector*> values(std::size_t column);
    Result<std::shared_ptr<const ColumnReader>> reader(std::size_t column);

    std::shared_ptr<const SegmentTableContent> m_content;
    TextSelections m_selections;
    RowQuestion m_question;
    std::size_t m_nextSegment = 0;
    bool m_ended = false;
    // The segment at hand.
    const SegmentInfo* m_segment = nullptr;
    std::vector<std::shared_ptr<const ColumnReader>> m_readers; ///< by column; null: not asked for
    std::vector<TimeCondition> m_times;                          ///< those that rows must be read for
    std::vector<Filter> m_filters;
    // The batch at hand.
    std::size_t m_start = 0;
    std::size_t m_rows = 0;                             ///< that pass
    std::optional<std::vector<std::uint32_t>> m_kept;   ///< absent: all of them
    std::vector<std::optional<Vector>> m_values;
    std::size_t m_at = 0;
};

} // namespace tocsin::store
