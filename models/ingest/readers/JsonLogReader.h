// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"
#include "ingest/SchemaLibrary.h"

#include <memory>
#include <vector>

namespace tocsin::ingest {

/// Kinds of JSON records, in the order in which a record is offered to them.
enum class JsonKind { AzureActivity, SecurityGroupFlow, VirtualNetworkFlow, Metrics, Storage, Entra, Stix, TableExport, Diagnostics };

/// Reads JSON files of Azure records. The reader stands for one kind, which its probe recognises; a file may mix kinds all the same:
/// each record goes to the mapper that claims it, this kind's first.
class JsonLogReader final : public LogReader {
public:
    JsonLogReader(JsonKind kind, const SchemaLibrary& schemas) : m_kind(kind), m_schemas(schemas) {}

    std::string_view id() const override;
    std::string_view title() const override;
    Confidence probe(std::string_view head, std::string_view fileName, std::uint64_t size) const override;
    Result<void> read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const override;

private:
    JsonKind m_kind;
    const SchemaLibrary& m_schemas; ///< outlives the reader
};

/// JSON of unknown shape into a table of the user's: one row an object, one column a member, types inferred over the whole file,
/// nested values dynamic. With a known table chosen, its columns and types are used.
class PlainJsonReader final : public LogReader {
public:
    explicit PlainJsonReader(const SchemaLibrary& schemas) : m_schemas(schemas) {}

    std::string_view id() const override { return "json"; }
    std::string_view title() const override { return "JSON"; }
    Confidence probe(std::string_view head, std::string_view fileName, std::uint64_t size) const override;
    Result<void> read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const override;

private:
    const SchemaLibrary& m_schemas;
};

} // namespace tocsin::ingest
