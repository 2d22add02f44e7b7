// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"
#include "ingest/SchemaLibrary.h"

namespace tocsin::ingest {

/// Comma-, semicolon-, tab- or bar-separated text with a header line (RFC 4180, with quoted fields over several lines). Rows go to the
/// known table whose columns the header names (portal and data frame exports), or to the table the user chose, or to a new one whose
/// column types are inferred over the whole file.
class CsvReader final : public LogReader {
public:
    explicit CsvReader(const SchemaLibrary& schemas) : m_schemas(schemas) {}

    std::string_view id() const override { return "csv"; }
    std::string_view title() const override { return "CSV with header"; }
    Confidence probe(std::string_view head, std::string_view fileName, std::uint64_t size) const override;
    Result<void> read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const override;

private:
    const SchemaLibrary& m_schemas;
};

} // namespace tocsin::ingest
