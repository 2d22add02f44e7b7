// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ingest/LogReader.h"
#include "ingest/SchemaLibrary.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

/// The bytes a probe sees.
inline constexpr std::size_t kProbeBytes = 64 * 1024;

/// The log formats the program reads, and how one is recognised.
class ReaderRegistry {
public:
    void add(std::unique_ptr<LogReader> reader) { m_readers.push_back(std::move(reader)); }

    const std::vector<std::unique_ptr<LogReader>>& readers() const { return m_readers; }
    /// Null if there is none of that id.
    const LogReader* find(std::string_view id) const;
    /// The surest reader for a source whose first bytes are `head`; among equals the one added first. kUnknownFormat if none claims it.
    Result<const LogReader*> detect(std::string_view head, std::string_view fileName, std::uint64_t size) const;
    /// Identifiers, comma-separated, for messages.
    std::string ids() const;

private:
    std::vector<std::unique_ptr<LogReader>> m_readers;
};

/// All readers, the special formats before the general ones. `schemas` must outlive the registry.
ReaderRegistry makeReaderRegistry(const SchemaLibrary& schemas);

} // namespace tocsin::ingest
