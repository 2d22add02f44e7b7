// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/JsonLogReader.h"

#include "base/Utf8.h"
#include "ingest/Errors.h"
#include "ingest/ReaderRegistry.h"
#include "ingest/readers/AzureActivityMapper.h"
#include "ingest/readers/DiagnosticsMapper.h"
#include "ingest/readers/EntraMapper.h"
#include "ingest/readers/FlowLogMapper.h"
#include "ingest/readers/MetricsMapper.h"
#include "ingest/readers/ResourceId.h"
#include "ingest/readers/StixMapper.h"
#include "ingest/readers/StorageLogMapper.h"
#include "ingest/readers/TableExportMapper.h"
#include "ingest/readers/TableLineParser.h"
#include "ingest/readers/TableMatcher.h"
#include "ingest/readers/json/JsonLines.h"
#include "ingest/readers/json/JsonPeek.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {

namespace {

struct KindName {
    JsonKind kind;
    std::string_view id;
    std::string_view title;
};
constexpr std::array<KindName, 9> kKinds{{
    {JsonKind::AzureActivity, "azure-activity", "Azure Activity Log"},
    {JsonKind::SecurityGroupFlow, "nsg-flow", "NSG flow log"},
    {JsonKind::VirtualNetworkFlow, "vnet-flow", "Virtual network flow log"},
    {JsonKind::Metrics, "azure-metrics", "Azure platform metrics"},
    {JsonKind::Storage, "azure-storage", "Storage account resource log"},
    {JsonKind::Entra, "entra", "Microsoft Entra sign-in and audit logs"},
    {JsonKind::Stix, "stix", "Threat indicators (STIX 2)"},
    {JsonKind::TableExport, "table-json", "Log Analytics table export (JSON)"},
    {JsonKind::Diagnostics, "azure-diagnostics", "Azure resource log"},
}};

std::unique_ptr<RecordMapper> makeMapper(JsonKind kind, const SchemaLibrary& schemas, const ReadOptions& options)
{
    switch (kind) {
    case JsonKind::AzureActivity: return std::make_unique<AzureActivityMapper>();
    case JsonKind::SecurityGroupFlow: return std::make_unique<FlowLogMapper>(FlowLogMapper::Kind::SecurityGroup);
    case JsonKind::VirtualNetworkFlow: return std::make_unique<FlowLogMapper>(FlowLogMapper::Kind::VirtualNetwork);
    case JsonKind::Metrics: return std::make_unique<MetricsMapper>();
    case JsonKind::Storage: return std::make_unique<StorageLogMapper>();
    case JsonKind::Entra: return std::make_unique<EntraMapper>();
    case JsonKind::Stix: return std::make_unique<StixMapper>();
    case JsonKind::TableExport: return std::make_unique<TableExportMapper>(schemas, options.table.value_or(""));
    case JsonKind::Diagnostics: break;
    }
    return std::make_unique<DiagnosticsMapper>();
}

/// Parses each record and gives it to the first mapper that claims it.
class RecordRouter final : public JsonRecordHandler {
public:
    RecordRouter(JsonKind first, const SchemaLibrary& schemas, const ReadOptions& options, RowSink& sink)
        : m_rows(schemas, options, sink), m_record(azureKeys())
    {
        m_mappers.push_back(makeMapper(first, schemas, options));
        for (const KindName& kind : kKinds)
            if (kind.kind != first)
                m_mappers.push_back(makeMapper(kind.kind, schemas, options));
    }

    /// Rows that were made elsewhere, behind all records so far.
    Result<void> pass(TableLineParser::Output made)
    {
        TOCSIN_TRY(m_rows.flush());
        if (made.last)
            static_cast<TableExportMapper&>(*m_mappers.front()).follow(made.last);
        return RowCollector::deliver(std::move(made.parts), m_rows.sink());
    }

    Result<void> record(const JsonRecord& record) override
    {
        auto object = m_parser.parse(record.text);
        if (!object) {
            m_rows.sink().reject({record.offset, record.line, std::move(object).error()});
            return {};
        }
        if (!m_parser.mended().empty())
            m_rows.sink().warning({record.offset, record.line, makeError(kJsonRepaired, m_parser.mended())});
        m_record.object = *object;
        m_record.members.read(*object);
        m_record.offset = record.offset;
        m_record.line = record.line;
        m_record.bytes = record.text.size();
        m_record.table = record.table;
        readProperties();
        for (const auto& mapper : m_mappers)
            if (mapper->claims(m_record)) {
                if (Result<void> mapped = mapper->map(m_record, m_rows); !mapped)
                    m_rows.sink().reject({record.offset, record.line, std::move(mapped).error()});
                return m_rows.status();
            }
        m_rows.sink().reject({record.offset, record.line, makeError(kUnknownRecord)});
        return {};
    }
    void reject(Reject reject) override { m_rows.sink().reject(std::move(reject)); }
    void warning(Reject note) override { m_rows.sink().warning(std::move(note)); }
    void progress(std::uint64_t bytes) override { m_rows.sink().progress(bytes); }

    Result<void> finish()
    {
        for (const auto& mapper : m_mappers)
            mapper->finish(m_rows);
        return m_rows.finish();
    }

private:
    void readProperties()
    {
        m_record.properties.reset();
        const JsonElement* properties = m_record.at(AzureKey::Properties);
        if (!properties)
            return;
        JsonObject object;
        std::string_view text;
        if (properties->get(object) == simdjson::SUCCESS)
            m_record.properties = object;
        else if (properties->get(text) == simdjson::SUCCESS)
            m_record.properties = objectInText(m_propertiesParser, text);
    }

    RowSet m_rows;
    JsonParser m_parser;
    simdjson::dom::parser m_propertiesParser;
    AzureRecord m_record;
    std::vector<std::unique_ptr<RecordMapper>> m_mappers;
};

Confidence probeActivity(const JsonPeek& peek)
{
    if (peek.has("eventDataId") && peek.has("eventTimestamp"))
        return Confidence::Certain;
    const bool directory = lowerAscii(peek.text("resourceId")).starts_with("/tenants/");
    return peek.has("time") && isActivityCategory(peek.text("category")) && !directory ? Confidence::Certain : Confidence::No;
}

Confidence probeEntra(const JsonPeek& peek)
{
    if (!peek.has("time") || peek.has("TimeGenerated"))
        return Confidence::No;
    const bool directory = lowerAscii(peek.text("resourceId")).starts_with("/tenants/");
    return !entraTable(peek.text("category")).empty() || directory ? Confidence::Certain : Confidence::No;
}

Confidence probeTable(const JsonPeek& peek, const SchemaLibrary& schemas)
{
    if (schemas.find(peek.table()))
        return Confidence::Certain;
    if ((peek.has("TimeGenerated") || peek.has("time")) && schemas.find(peek.text("Type")))
        return Confidence::Certain;
    std::vector<std::string_view> names;
    for (const std::string& key : peek.keys())
        names.push_back(exportColumnName(key));
    return matchTable(schemas, names) ? Confidence::Likely : Confidence::No;
}

constexpr ErrorKind kNamesItsTable{"ingest.names_its_table", "{0} says itself which table its rows belong to, so they cannot go to {1}", "Leave the table out, or rename it in the file."};

/// Whether this is the answer of a query, which says what table it is of.
Result<bool> namesItsTable(ByteSource& source)
{
    std::string head(static_cast<std::size_t>(std::min<std::uint64_t>(source.size(), kProbeBytes)), '\0');
    TOCSIN_TRY_ASSIGN(const std::size_t got, source.read(0, std::as_writable_bytes(std::span(head.data(), head.size()))));
    return !JsonPeek(std::string_view(head).substr(0, got)).table().empty();
}

} // namespace

std::string_view JsonLogReader::id() const
{
    return std::ranges::find(kKinds, m_kind, &KindName::kind)->id;
}

std::string_view JsonLogReader::title() const
{
    return std::ranges::find(kKinds, m_kind, &KindName::kind)->title;
}

Confidence JsonLogReader::probe(std::string_view head, std::string_view, std::uint64_t) const
{
    const JsonPeek peek(head);
    if (!peek.isJson())
        return Confidence::No;
    const std::string_view category = peek.text("category");
    switch (m_kind) {
    case JsonKind::AzureActivity: return probeActivity(peek);
    case JsonKind::SecurityGroupFlow: return category == "NetworkSecurityGroupFlowEvent" ? Confidence::Certain : Confidence::No;
    case JsonKind::VirtualNetworkFlow: return category == "FlowLogFlowEvent" || peek.has("flowRecords") ? Confidence::Certain : Confidence::No;
    case JsonKind::Metrics:
        return (peek.has("metricName") && peek.has("timeGrain")) || (peek.has("timespan") && peek.has("interval") && peek.has("value")) ? Confidence::Certain
                                                                                                                                 : Confidence::No;
    case JsonKind::Storage:
        return peek.has("time") && (category == "StorageRead" || category == "StorageWrite" || category == "StorageDelete") ? Confidence::Certain
                                                                                                                            : Confidence::No;
    case JsonKind::Entra: return probeEntra(peek);
    case JsonKind::Stix: return isStixId(peek.text("id"), peek.text("type")) ? Confidence::Certain : Confidence::No;
    case JsonKind::TableExport: return probeTable(peek, m_schemas);
    case JsonKind::Diagnostics: break;
    }
    const bool time = peek.has("time") || peek.has("timestamp");
    const bool whose = peek.has("resourceId") || peek.has("tenantId") || peek.has("resoureId");
    return whose && (time || peek.has("properties")) && (peek.has("category") || peek.has("operationName") || peek.has("type")) ? Confidence::Likely
                                                                                                                                 : Confidence::No;
}

Result<void> JsonLogReader::read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const
{
    if (m_kind == JsonKind::TableExport && options.table && !m_schemas.find(*options.table)) {
        TOCSIN_TRY_ASSIGN(const bool named, namesItsTable(source));
        if (named)
            return fail(kNamesItsTable, source.name(), *options.table);
        return PlainJsonReader(m_schemas).read(source, options, sink, std::move(stop)); // like rows of a known table, but the user's own
    }
    RecordRouter router(m_kind, m_schemas, options, sink);
    if (m_kind == JsonKind::TableExport) {
        JsonLineReader<TableLineParser> lines(source, options.executor, router, std::move(stop), [&] { return std::make_unique<TableLineParser>(m_schemas, options); },
            [&router](TableLineParser::Output made) { return router.pass(std::move(made)); });
        TOCSIN_TRY(lines.run());
    } else {
        TOCSIN_TRY(walkJsonRecords(source, router, std::move(stop)));
    }
    return router.finish();
}

} // namespace tocsin::ingest
