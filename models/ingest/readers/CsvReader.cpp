// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/CsvReader.h"

#include "base/Utf8.h"
#include "ingest/ByteSources.h"
#include "ingest/Errors.h"
#include "ingest/readers/CsvRecords.h"
#include "ingest/readers/TableMatcher.h"
#include "ingest/readers/TableRows.h"
#include "ingest/readers/TypeGuess.h"

#include <algorithm>
#include <array>

namespace tocsin::ingest {

namespace {

constexpr std::size_t kMaxColumns = 2000;
constexpr std::array<std::string_view, 9> kTimeNames{"TimeGenerated", "Timestamp", "time", "EventTime", "date", "datetime", "StartTime", "StartTimeUtc", "CreationTime"};

std::string_view firstLine(std::string_view text)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    return text.substr(0, text.find('\n'));
}

/// Header names; views into the texts given.
std::vector<std::string> headerOf(const CsvRecord& record)
{
    std::vector<std::string> names;
    for (const std::string_view field : record.fields)
        names.emplace_back(exportColumnName(field));
    return names;
}

bool looksLikeHeader(const std::vector<std::string>& names)
{
    std::size_t words = 0;
    for (const std::string& name : names) {
        if (name.size() > 128)
            return false;
        const bool letter = std::ranges::any_of(name, [](unsigned char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; });
        words += letter;
    }
    return words >= 2 && words + 1 >= names.size() && isValidUtf8(names.front());
}

const catalog::TableSchema* knownTable(const SchemaLibrary& schemas, const std::vector<std::string>& names)
{
    const std::vector<std::string_view> views(names.begin(), names.end());
    return matchTable(schemas, views);
}

/// Whether a CSV cell stands for "no value": nothing at all, or how data frames print a missing one.
bool isMissing(std::string_view cell)
{
    return cell.empty() || cell == "NaN" || cell == "nan" || cell == "NaT";
}

class CsvImport {
public:
    CsvImport(const SchemaLibrary& schemas, ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop)
        : m_schemas(schemas), m_source(source), m_options(options), m_rows(schemas, options, sink), m_stop(std::move(stop))
    {
    }

    Result<void> run()
    {
        TOCSIN_TRY(readHeader());
        const catalog::TableSchema* known = m_options.table ? m_schemas.find(*m_options.table) : knownTable(m_schemas, m_names);
        if (!known)
            TOCSIN_TRY(guessTypes());
        const std::string name = known ? known->name : m_options.table ? chosenTableName(*m_options.table) : customTableNameOfFile(m_source.name());
        makeColumns(m_rows.table(name));
        return readRows(m_rows.table(name));
    }

private:
    Result<void> readHeader()
    {
        std::string head(std::min<std::uint64_t>(m_source.size(), 1u << 16), '\0');
        TOCSIN_TRY_ASSIGN(const std::size_t got, m_source.read(0, std::as_writable_bytes(std::span(head.data(), head.size()))));
        head.resize(got);
        m_separator = guessSeparator(firstLine(head)).value_or(',');
        CsvRecords records(m_source, m_separator);
        CsvRecord record;
        TOCSIN_TRY_ASSIGN(const bool any, records.next(record));
        if (!any)
            return fail(kNoHeader, m_source.name());
        m_names = headerOf(record);
        if (m_names.size() > kMaxColumns)
            m_names.resize(kMaxColumns);
        return {};
    }

    Result<void> guessTypes()
    {
        m_guesses.resize(m_names.size());
        return eachRecord([this](const CsvRecord& record) {
            for (std::size_t i = 0; i < std::min(record.fields.size(), m_guesses.size()); ++i)
                if (!isMissing(record.fields[i]))
                    m_guesses[i].addText(record.fields[i], m_rows.times());
        });
    }

    void makeColumns(TableBuilder& table)
    {
        for (std::size_t i = 0; i < m_names.size(); ++i) {
            const std::string& name = m_names[i];
            // Data frames write their row number as a first column without a name.
            if (name.empty() || (i == 0 && name == "Unnamed: 0")) {
                m_columns.push_back({});
                continue;
            }
            const auto existing = table.findFolded(name);
            m_columns.push_back(existing ? *existing : table.require(customColumnName(name), i < m_guesses.size() ? m_guesses[i].type() : DataType::String));
        }
        for (const std::string_view timeName : kTimeNames)
            for (std::size_t i = 0; i < m_names.size(); ++i)
                if (equalsIgnoringCase(m_names[i], timeName))
                    m_timeFields.push_back(i);
    }

    Result<void> readRows(TableBuilder& table)
    {
        const std::size_t time = *table.find("TimeGenerated");
        const Result<void> walked = eachRecord([&](const CsvRecord& record) {
            if (record.unclosed || record.fields.size() > m_names.size()) {
                m_rows.sink().reject({record.offset, record.line,
                    record.unclosed ? makeError(kCutQuote) : makeError(kWrongFieldCount, std::to_string(record.fields.size()), std::to_string(m_names.size()))});
                return;
            }
            if (record.fields.size() < m_names.size())
                m_rows.sink().warning({record.offset, record.line, makeError(kWrongFieldCount, std::to_string(record.fields.size()), std::to_string(m_names.size()))});
            for (std::size_t i = 0; i < record.fields.size(); ++i)
                if (m_columns[i])
                    setCell(table, *m_columns[i], record.fields[i]);
            for (const std::size_t field : m_timeFields)
                if (field < record.fields.size() && !table.isSet(time))
                    table.setText(time, record.fields[field]);
            m_rows.endRow(table, {m_options.importTime, {}, {}, record.bytes}, 1);
        });
        TOCSIN_TRY(walked);
        return m_rows.finish();
    }

    void setCell(TableBuilder& table, std::size_t column, std::string_view cell)
    {
        if (isMissing(cell) && (cell.empty() || table.typeOf(column) != DataType::String))
            return;
        if (isValidUtf8(cell))
            table.setText(column, cell);
        else
            table.setText(column, utf8FromLatin1(cell)); // spreadsheets of the West still write code page 1252
    }

    template <typename Use>
    Result<void> eachRecord(Use use)
    {
        CsvRecords records(m_source, m_separator);
        CsvRecord record;
        for (std::uint64_t count = 0;; ++count) {
            if ((count & 1023) == 0) {
                if (m_stop.stop_requested())
                    return fail(kCancelled);
                m_rows.sink().progress(record.offset);
                TOCSIN_TRY(m_rows.status());
            }
            TOCSIN_TRY_ASSIGN(const bool more, records.next(record));
            if (!more)
                return {};
            if (count > 0)
                use(record);
        }
    }

    const SchemaLibrary& m_schemas;
    ByteSource& m_source;
    const ReadOptions& m_options;
    RowSet m_rows;
    std::stop_token m_stop;
    char m_separator = ',';
    std::vector<std::string> m_names;
    std::vector<TypeGuess> m_guesses;
    std::vector<std::optional<std::size_t>> m_columns; ///< place in the table of each field; none: left out
    std::vector<std::size_t> m_timeFields;
};

} // namespace

Confidence CsvReader::probe(std::string_view head, std::string_view fileName, std::uint64_t) const
{
    const std::string_view line = firstLine(head);
    const auto separator = guessSeparator(line);
    if (!separator || line.size() > 60'000 || head.find('\0') != std::string_view::npos)
        return Confidence::No;
    MemoryByteSource source("", std::string(line));
    CsvRecords records(source, *separator);
    CsvRecord record;
    const auto any = records.next(record);
    if (!any || !*any)
        return Confidence::No;
    const std::vector<std::string> names = headerOf(record);
    if (knownTable(m_schemas, names))
        return Confidence::Certain;
    const bool csvName = fileName.ends_with(".csv") || fileName.ends_with(".CSV") || fileName.ends_with(".tsv") || fileName.ends_with(".csv.gz");
    if (!looksLikeHeader(names))
        return Confidence::No;
    return csvName ? Confidence::Likely : Confidence::No;
}

Result<void> CsvReader::read(ByteSource& source, const ReadOptions& options, RowSink& sink, std::stop_token stop) const
{
    return CsvImport(m_schemas, source, options, sink, std::move(stop)).run();
}

} // namespace tocsin::ingest
