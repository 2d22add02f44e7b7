// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/ExternalText.h"

#include "kql/functions/Declaration.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace tocsin::kql {
namespace {

struct Separated {
    std::string_view name;
    char separator;
};
constexpr std::array kSeparated{Separated{"csv", ','}, Separated{"tsv", '\t'}, Separated{"psv", '|'}, Separated{"scsv", ';'}, Separated{"sohsv", '\x01'}};
constexpr std::size_t kRecordsBetweenChecks = 4096;

std::optional<char> separatorOf(std::string_view name)
{
    for (const Separated& format : kSeparated)
        if (format.name == name)
            return format.separator;
    return std::nullopt;
}

bool isJson(std::string_view name) { return name == "json" || name == "multijson" || name == "singlejson"; }

/// Columns that grow record by record: text, or dynamic values of JSON, converted at the end.
class Records {
public:
    Records(const std::vector<PlanColumn>& columns, const std::function<Result<void>()>& checkStop) : m_columns(columns), m_checkStop(checkStop), m_text(columns.size()), m_json(columns.size()) {}

    Result<void> addFields(std::span<const std::string> fields)
    {
        for (std::size_t c = 0; c < m_columns.size(); ++c)
            m_text[c].append(c < fields.size() ? std::string_view(fields[c]) : std::string_view());
        return counted();
    }
    Result<void> addObject(DynamicView object)
    {
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            const DynamicView member = object.member(m_columns[c].name);
            if (member.isNull())
                m_json[c].appendNull();
            else
                m_json[c].append(member.bytes());
        }
        return counted();
    }
    Result<Batch> finish(bool ofJson)
    {
        Batch batch;
        batch.storedRows = m_rows;
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            const Vector values = ofJson ? m_json[c].finish() : m_text[c].finish();
            if (!ofJson && m_columns[c].type == DataType::Dynamic) {
                batch.columns.push_back(parsed(values));
                continue;
            }
            TOCSIN_TRY_ASSIGN(Vector converted, convertVector(values, m_columns[c].type));
            batch.columns.push_back(std::move(converted));
        }
        return batch;
    }

private:
    Result<void> counted() { return ++m_rows % kRecordsBetweenChecks == 0 ? m_checkStop() : Result<void>(); }
    static Vector parsed(const Vector& texts)
    {
        const VectorReader<std::string_view> reader(texts);
        TypedBuilder<DataType::Dynamic> builder(texts.size());
        for (std::size_t row = 0; row < texts.size(); ++row) {
            const std::string bytes = parseJsonLenient(reader[row]);
            if (bytes.empty())
                builder.appendNull();
            else
                builder.append(bytes);
        }
        return builder.finish();
    }

    const std::vector<PlanColumn>& m_columns;
    const std::function<Result<void>()>& m_checkStop;
    std::vector<TypedBuilder<DataType::String>> m_text;
    std::vector<TypedBuilder<DataType::Dynamic>> m_json;
    std::size_t m_rows = 0;
};

/// Takes the next record off a text of fields in the manner of RFC 4180: a field in quotes may hold separators, lines and doubled quotes.
std::vector<std::string> takeRecord(std::string_view& text, char separator)
{
    std::vector<std::string> fields(1);
    std::size_t at = 0;
    bool quoted = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted) {
            if (c != '"')
                fields.back() += c;
            else if (at + 1 < text.size() && text[at + 1] == '"')
                fields.back() += text[++at];
            else
                quoted = false;
        } else if (c == '"' && fields.back().empty()) {
            quoted = true;
        } else if (c == separator) {
            fields.emplace_back();
        } else if (c == '\n') {
            break;
        } else {
            fields.back() += c;
        }
    }
    text.remove_prefix(std::min(text.size(), at + 1));
    if (!fields.back().empty() && fields.back().back() == '\r')
        fields.back().pop_back();
    return fields;
}

std::string_view takeLine(std::string_view& text)
{
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

Result<void> forEachJson(std::string_view text, const ExternalRecords& records)
{
    if (const auto whole = dynamicFromJson(text)) {
        const DynamicView view(*whole);
        for (std::size_t i = 0; i < (view.isArray() ? view.size() : 1); ++i) {
            TOCSIN_TRY_ASSIGN(const bool more, records.object(view.isArray() ? view.item(i) : view));
            if (!more)
                break;
        }
        return {};
    }
    while (!text.empty()) { // a value a line
        const std::string_view line = takeLine(text);
        if (line.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        const std::string value = dynamicFromJson(line).value_or(std::string());
        TOCSIN_TRY_ASSIGN(const bool more, records.object(DynamicView(value)));
        if (!more)
            break;
    }
    return {};
}

/// The fields of the next record or line.
std::vector<std::string> takeFields(std::string_view& text, const ExternalFormat& format)
{
    if (const auto separator = separatorOf(format.name))
        return takeRecord(text, *separator);
    if (format.name == "raw")
        return {std::string(std::exchange(text, {}))};
    return {std::string(takeLine(text))};
}

} // namespace

bool ExternalFormat::isKnown(std::string_view name) { return separatorOf(name) || isJson(name) || name == "txt" || name == "raw"; }

Result<void> forEachRecord(std::string_view text, const ExternalFormat& format, const ExternalRecords& records)
{
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark))
        text.remove_prefix(kByteOrderMark.size());
    if (isJson(format.name))
        return forEachJson(text, records);
    const bool emptyLines = !separatorOf(format.name);
    bool skip = format.ignoreFirstRecord && format.name != "raw";
    bool more = true;
    while (more && (!text.empty() || format.name == "raw")) {
        const std::vector<std::string> fields = takeFields(text, format);
        if (std::exchange(skip, false) || (!emptyLines && fields.size() == 1 && fields[0].empty()))
            continue;
        TOCSIN_TRY_ASSIGN(more, records.fields(fields));
        more = more && format.name != "raw";
    }
    return {};
}

Result<Batch> readExternalText(std::string_view text, const ExternalFormat& format, const std::vector<PlanColumn>& columns, const std::function<Result<void>()>& checkStop)
{
    Records rows(columns, checkStop);
    ExternalRecords records;
    records.fields = [&rows](std::span<const std::string> fields) -> Result<bool> {
        TOCSIN_TRY(rows.addFields(fields));
        return true;
    };
    records.object = [&rows](DynamicView object) -> Result<bool> {
        TOCSIN_TRY(rows.addObject(object));
        return true;
    };
    TOCSIN_TRY(forEachRecord(text, format, records));
    return rows.finish(isJson(format.name));
}

} // namespace tocsin::kql
