// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"

#include <map>
#include <string>
#include <vector>

namespace tocsin::test {

/// Keeps everything a reader hands on, as text.
class EvtxSink final : public ingest::RowSink {
public:
    /// A row as column name → printed value; nulls and empty texts are left out.
    using Row = std::map<std::string, std::string>;

    Result<void> rows(const catalog::TableSchema& schema, Batch batch, std::uint64_t records) override
    {
        m_batches.push_back(batch.rows());
        m_records += records;
        if (m_failAt && m_batches.size() >= m_failAt)
            return fail(kFileUnwritable, "table", "full");
        for (std::size_t row = 0; keep && row < batch.rows(); ++row) {
            Row& kept = m_rows[schema.name].emplace_back();
            for (std::size_t column = 0; column < schema.columns.size(); ++column) {
                const Value value = batch.columns[column].valueAt(row);
                if (const std::string text = value.toString(); !text.empty())
                    kept[schema.columns[column].name] = text;
            }
        }
        m_counts[schema.name] += batch.rows();
        return {};
    }
    void reject(ingest::Reject reject) override { rejects.push_back(std::move(reject)); }
    void warning(ingest::Reject note) override { warnings.push_back(std::move(note)); }
    void progress(std::uint64_t bytes) override { progressed.push_back(bytes); }
    Result<void> restart() override { return fail(kInternal, "an event log is never begun again"); }

    const std::vector<Row>& of(const std::string& table) { return m_rows[table]; }
    std::size_t count(const std::string& table) const
    {
        const auto found = m_counts.find(table);
        return found == m_counts.end() ? 0 : found->second;
    }
    std::size_t total() const { return m_records; }
    const std::vector<std::size_t>& batches() const { return m_batches; }
    void failAtBatch(std::size_t number) { m_failAt = number; }

    bool keep = true;
    std::vector<ingest::Reject> rejects;
    std::vector<ingest::Reject> warnings;
    std::vector<std::uint64_t> progressed;

private:
    std::map<std::string, std::vector<Row>> m_rows;
    std::map<std::string, std::size_t> m_counts;
    std::vector<std::size_t> m_batches;
    std::size_t m_records = 0;
    std::size_t m_failAt = 0;
};

} // namespace tocsin::test
