// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/ReaderRegistry.h"

#include "ingest/Errors.h"
#include "ingest/readers/CefMapper.h"
#include "ingest/readers/CsvReader.h"
#include "ingest/readers/JsonLogReader.h"
#include "ingest/readers/StorageAnalyticsReader.h"
#include "ingest/readers/SyslogReader.h"
#include "ingest/readers/W3cReader.h"
#include "ingest/readers/evtx/EvtxReader.h"

namespace tocsin::ingest {

const LogReader* ReaderRegistry::find(std::string_view id) const
{
    for (const auto& reader : m_readers)
        if (reader->id() == id)
            return reader.get();
    return nullptr;
}

Result<const LogReader*> ReaderRegistry::detect(std::string_view head, std::string_view fileName, std::uint64_t size) const
{
    const LogReader* best = nullptr;
    Confidence sure = Confidence::No;
    for (const auto& reader : m_readers)
        if (const Confidence confidence = reader->probe(head, fileName, size); confidence > sure) {
            best = reader.get();
            sure = confidence;
        }
    if (!best)
        return fail(kUnknownFormat, fileName, ids());
    return best;
}

std::string ReaderRegistry::ids() const
{
    std::string text;
    for (const auto& reader : m_readers) {
        if (!text.empty())
            text += ", ";
        text += reader->id();
    }
    return text;
}

ReaderRegistry makeReaderRegistry(const SchemaLibrary& schemas)
{
    ReaderRegistry registry;
    registry.add(std::make_unique<EvtxReader>());
    for (const JsonKind kind : {JsonKind::AzureActivity, JsonKind::SecurityGroupFlow, JsonKind::VirtualNetworkFlow, JsonKind::Metrics, JsonKind::Storage, JsonKind::Entra,
             JsonKind::Stix, JsonKind::TableExport, JsonKind::Diagnostics})
        registry.add(std::make_unique<JsonLogReader>(kind, schemas));
    registry.add(std::make_unique<W3cReader>(schemas));
    registry.add(std::make_unique<StorageAnalyticsReader>(schemas));
    registry.add(std::make_unique<CefReader>(schemas));
    registry.add(std::make_unique<SyslogReader>(schemas));
    registry.add(std::make_unique<CsvReader>(schemas));
    registry.add(std::make_unique<PlainJsonReader>(schemas));
    return registry;
}

} // namespace tocsin::ingest
