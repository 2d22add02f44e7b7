// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/TableSource.h"
#include "store/segment/ColumnReader.h"
#include "store/segment/Zone.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace tocsin::store {

/// Which texts of a dictionary pass a predicate, and a dictionary of just those.
struct TextSelection {
    static constexpr std::uint32_t kFails = 0xFFFFFFFF;
    std::shared_ptr<const Vector> texts;
    std::shared_ptr<const Vector> kept;
    std::vector<std::uint32_t> places; ///< by code: the place among the kept ones, or kFails
};

/// What the segments of one scan share: segments whose texts are of one dictionary look at them once. Any thread.
class TextSelections {
public:
    std::shared_ptr<const TextSelection> of(const catalog::ScanPredicate& predicate, const std::shared_ptr<const Vector>& texts, bool shared);

private:
    std::mutex m_mutex;
    std::map<const catalog::ScanPredicate*, std::shared_ptr<const TextSelection>> m_last; ///< of the dictionary that has come up last
};

/// One predicate of a scan, looked at row by row in one segment. It leaves out rows that fail for certain, so that other columns need not
/// be read for them.
class RowCondition {
public:
    enum class Verdict { All, None, Some };
    virtual ~RowCondition() = default;
    /// What is known of all rows together.
    virtual Verdict verdict() const = 0;
    /// Clears the marks of rows that fail. The rows begin at `start` of the segment; `column` are their values as the column's reader gave
    /// them, or null if the condition does not need them.
    virtual void apply(std::size_t start, const Vector* column, std::vector<std::uint8_t>& marks) const = 0;
    virtual bool needsValues() const { return true; }
    /// Whether the rows that fail must not be handed on: what stands in them is not what was stored.
    virtual bool isStrict() const { return false; }
    /// The values of the marked rows. A dictionary shrinks to the values that pass, so that whoever checks them again checks only those.
    virtual Vector keep(const Vector& column, std::span<const std::uint32_t> rows) const { return column.gather(rows); }

    /// Null if the predicate cannot be checked here.
    static std::unique_ptr<RowCondition> make(const catalog::ScanPredicate& predicate, DataType type, const Zone* zone, const std::shared_ptr<const ColumnReader>& reader,
        TextSelections& selections);
};

/// Marks the texts that may pass a predicate on text; nothing if it cannot be decided by the text alone, or the empty text may pass.
std::optional<ColumnReader::TextMarker> textMarker(const catalog::ScanPredicate& predicate);
/// The rows of a column opened with such a marker that have a marked text; the others must be left out. `texts`: those of the column.
std::unique_ptr<RowCondition> markedRows(const std::shared_ptr<const Vector>& texts);

} // namespace tocsin::store
