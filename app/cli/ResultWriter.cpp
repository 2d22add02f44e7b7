// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/ResultWriter.h"

#include "base/Json.h"
#include "base/Utf8.h"

#include <algorithm>
#include <functional>

namespace tocsin::app::cli {
namespace {

using engine::QueryResult;

constexpr std::size_t kMaxCell = 60;

void forEachRow(const QueryResult& result, const std::function<void(const std::function<Value(std::size_t)>&)>& use)
{
    for (const Batch& stored : result.batches) {
        const Batch batch = stored.compacted();
        for (std::size_t row = 0; row < batch.storedRows; ++row)
            use([&](std::size_t column) { return batch.columns[column].valueAt(row); });
    }
}

std::string oneLine(std::string text)
{
    std::replace_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return text;
}

std::string elided(const std::string& text)
{
    if (countCodePoints(text) <= kMaxCell)
        return text;
    std::size_t at = 0;
    for (std::size_t count = 0; count < kMaxCell - 1; ++count)
        at += decodeUtf8(text, at).length;
    return text.substr(0, at) + "…";
}

std::string tableText(const QueryResult& result)
{
    const auto& columns = result.schema.columns;
    std::vector<std::vector<std::string>> lines(1);
    std::vector<std::size_t> widths;
    for (const auto& column : columns) {
        lines[0].push_back(column.name);
        widths.push_back(countCodePoints(column.name));
    }
    forEachRow(result, [&](const auto& cell) {
        std::vector<std::string> line;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            line.push_back(elided(oneLine(cell(c).toString())));
            widths[c] = std::max(widths[c], countCodePoints(line.back()));
        }
        lines.push_back(std::move(line));
    });
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const std::string padding(widths[c] - countCodePoints(lines[i][c]), ' ');
            const bool right = i > 0 && isNumeric(columns[c].type);
            out += right ? padding + lines[i][c] : lines[i][c] + (c + 1 < columns.size() ? padding : std::string());
            out += c + 1 < columns.size() ? "  " : "";
        }
        out += '\n';
        if (i == 0) {
            for (std::size_t c = 0; c < columns.size(); ++c)
                out += std::string(widths[c], '-') + (c + 1 < columns.size() ? "  " : "");
            out += '\n';
        }
    }
    return out;
}

std::string csvField(const std::string& text, char separator)
{
    if (separator == '\t')
        return oneLine(text);
    if (text.find_first_of("\",\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"')
            quoted += '"';
    }
    return quoted + '"';
}

std::string separatedText(const QueryResult& result, char separator)
{
    std::string out;
    const auto& columns = result.schema.columns;
    for (std::size_t c = 0; c < columns.size(); ++c)
        out += (c ? std::string(1, separator) : std::string()) + csvField(columns[c].name, separator);
    out += '\n';
    forEachRow(result, [&](const auto& cell) {
        for (std::size_t c = 0; c < columns.size(); ++c)
            out += (c ? std::string(1, separator) : std::string()) + csvField(cell(c).toString(), separator);
        out += '\n';
    });
    return out;
}

std::string markdownText(const QueryResult& result)
{
    std::string out = "|";
    std::string rule = "|";
    const auto& columns = result.schema.columns;
    for (const auto& column : columns) {
        out += " " + column.name + " |";
        rule += isNumeric(column.type) ? "---:|" : "---|";
    }
    out += "\n" + rule + "\n";
    forEachRow(result, [&](const auto& cell) {
        out += "|";
        for (std::size_t c = 0; c < columns.size(); ++c) {
            std::string text = oneLine(cell(c).toString());
            for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
                text.insert(at, 1, '\\');
            out += " " + text + " |";
        }
        out += '\n';
    });
    return out;
}

void appendObject(std::string& out, const QueryResult& result, const std::function<Value(std::size_t)>& cell)
{
    out += '{';
    for (std::size_t c = 0; c < result.schema.columns.size(); ++c) {
        if (c)
            out += ',';
        appendJsonString(out, result.schema.columns[c].name);
        out += ':';
        cell(c).appendJson(out);
    }
    out += '}';
}

} // namespace

std::optional<ResultFormat> parseResultFormat(std::string_view name)
{
    static constexpr std::pair<std::string_view, ResultFormat> kFormats[] = {{"table", ResultFormat::Table}, {"csv", ResultFormat::Csv}, {"tsv", ResultFormat::Tsv},
        {"json", ResultFormat::Json}, {"ndjson", ResultFormat::Ndjson}, {"markdown", ResultFormat::Markdown}};
    for (const auto& [known, format] : kFormats)
        if (known == name)
            return format;
    return std::nullopt;
}

void appendResultJson(std::string& out, const QueryResult& result)
{
    out += "\"columns\":[";
    for (std::size_t c = 0; c < result.schema.columns.size(); ++c) {
        out += c ? ",{\"name\":" : "{\"name\":";
        appendJsonString(out, result.schema.columns[c].name);
        out += ",\"type\":";
        appendJsonString(out, typeName(result.schema.columns[c].type));
        out += '}';
    }
    out += "],\"rows\":[";
    bool first = true;
    forEachRow(result, [&](const auto& cell) {
        out += first ? "[" : ",[";
        first = false;
        for (std::size_t c = 0; c < result.schema.columns.size(); ++c) {
            if (c)
                out += ',';
            cell(c).appendJson(out);
        }
        out += ']';
    });
    out += ']';
}

std::string writeResult(const QueryResult& result, ResultFormat format)
{
    std::string out;
    switch (format) {
    case ResultFormat::Table: return tableText(result);
    case ResultFormat::Csv: return separatedText(result, ',');
    case ResultFormat::Tsv: return separatedText(result, '\t');
    case ResultFormat::Markdown: return markdownText(result);
    case ResultFormat::Json:
        out = "{";
        appendResultJson(out, result);
        return out + "}\n";
    case ResultFormat::Ndjson:
        forEachRow(result, [&](const auto& cell) {
            appendObject(out, result, cell);
            out += '\n';
        });
        return out;
    }
    return out;
}

} // namespace tocsin::app::cli
