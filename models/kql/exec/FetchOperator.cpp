// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Operators.h"

#include <algorithm>
#include <atomic>

namespace tocsin::kql {
namespace {

/// Finds rows of a table again by their ids, all at once: each piece of the table is read once.
class FetchOperator final : public Operator {
public:
    FetchOperator(const PlanNode& node, OperatorPtr input) : Operator(node), m_input(std::move(input)), m_source(node.source), m_scanColumns(node.scanColumns) {}

    Result<void> prepare(Run& run) override
    {
        TOCSIN_TRY(m_input->prepare(run));
        m_memory = std::make_unique<MemoryShare>(run.memory());
        TOCSIN_TRY_ASSIGN(const std::vector<Batch> batches, collect(*m_input, run, *m_memory));
        auto pieces = std::make_shared<std::vector<Batch>>();
        if (!batches.empty()) {
            TOCSIN_TRY_ASSIGN(const Batch whole, widen(concatenate(batches, m_input->columns().size()), run));
            TOCSIN_TRY(m_memory->resize(ownBytes(whole)));
            for (std::size_t start = 0; start < whole.storedRows; start += kBatchRows)
                pieces->push_back(whole.slice(start, std::min(kBatchRows, whole.storedRows - start)));
        }
        m_queue.set(std::move(pieces));
        return {};
    }
    std::unique_ptr<Cursor> cursor(Run&) override { return m_queue.cursor(); }
    std::uint64_t ordinals() const override { return m_queue.ordinals(); }

private:
    Result<Batch> widen(Batch input, Run& run) const
    {
        const std::size_t place = m_input->layout().indexOf(kRowIdColumn);
        const Vector ids = input.columns[place].flatten();
        input.columns.erase(input.columns.begin() + static_cast<std::ptrdiff_t>(place));
        if (ids.isNull(0)) { // a summary of no rows
            for (std::size_t i = input.columns.size(); i < columns().size(); ++i)
                input.columns.push_back(Vector::nulls(columns()[i].type, input.storedRows));
            return input;
        }
        TOCSIN_TRY_ASSIGN(std::vector<Vector> fetched, fetch(ids.values<std::int64_t>(), run));
        std::move(fetched.begin(), fetched.end(), std::back_inserter(input.columns));
        return input;
    }

    /// The columns of the rows. Each thread takes some of the columns, as they can be read apart from each other.
    Result<std::vector<Vector>> fetch(std::span<const std::int64_t> ids, Run& run) const
    {
        std::vector<Vector> fetched(m_scanColumns.size());
        const auto fetchSome = [&](std::size_t first, std::size_t step) -> Result<void> {
            std::vector<std::size_t> some;
            for (std::size_t i = first; i < m_scanColumns.size(); i += step)
                some.push_back(m_scanColumns[i]);
            TOCSIN_TRY_ASSIGN(Batch rows, m_source->fetch(ids, some, run.stopToken()));
            for (std::size_t i = 0; i < some.size(); ++i)
                fetched[first + i * step] = std::move(rows.columns[i]);
            return {};
        };
        const std::size_t parts = ids.size() < kWorthThreads ? 1 : std::min<std::size_t>(run.threads(), m_scanColumns.size());
        if (parts <= 1) {
            TOCSIN_TRY(fetchSome(0, 1));
            return fetched;
        }
        std::atomic<std::size_t> next = 0;
        TOCSIN_TRY(run.parallel([&](unsigned) -> Result<void> {
            for (std::size_t part = next++; part < parts; part = next++)
                TOCSIN_TRY(fetchSome(part, parts));
            return {};
        }));
        return fetched;
    }

    static constexpr std::size_t kWorthThreads = 500; ///< rows

    OperatorPtr m_input;
    std::shared_ptr<const catalog::TableSource> m_source;
    std::vector<std::size_t> m_scanColumns;
    std::unique_ptr<MemoryShare> m_memory;
    BatchQueue m_queue;
};

} // namespace

OperatorPtr makeFetch(const PlanNode& node, OperatorPtr input) { return std::make_unique<FetchOperator>(node, std::move(input)); }

} // namespace tocsin::kql
