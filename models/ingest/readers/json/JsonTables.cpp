// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/readers/json/JsonWalker.h"

namespace tocsin::ingest {

void JsonWalker::tables(bool onlyFirst)
{
    m_in.next();
    for (bool first = true; ok(); first = false) {
        m_in.skipSeparators();
        if (!m_in.take('{')) {
            if (m_in.peek() == ']')
                m_in.next();
            return;
        }
        if (first || !onlyFirst)
            table();
        else
            closeObject();
    }
}

/// A table of a query answer, behind its opening bracket (or behind its first member): name, columns, then rows.
void JsonWalker::table()
{
    std::string name;
    std::vector<std::string> columns;
    bool wanted = true;
    while (ok()) {
        m_in.skipSeparators();
        if (m_in.take('}') || m_in.peek() < 0)
            return;
        const auto key = m_in.readKey();
        if (!key)
            return;
        if (*key == "name" || *key == "TableName") {
            name = m_in.readString().value_or("");
        } else if (*key == "TableKind") {
            wanted = m_in.readString().value_or("") == "PrimaryResult";
        } else if ((*key == "columns" || *key == "Columns") && m_in.peek() == '[') {
            columns = columnNames();
        } else if ((*key == "rows" || *key == "Rows") && m_in.peek() == '[' && wanted && !columns.empty()) {
            rows(columns, name);
        } else if (m_in.skipValue() != Scan::Complete) {
            return;
        }
    }
}

std::vector<std::string> JsonWalker::columnNames()
{
    std::vector<std::string> names;
    m_in.next();
    while (ok()) {
        m_in.skipSeparators();
        if (!m_in.take('{')) {
            if (m_in.peek() == ']')
                m_in.next();
            return names;
        }
        std::string name;
        while (ok()) {
            const auto key = m_in.readKey();
            if (!key)
                break;
            if (*key == "name" || *key == "ColumnName")
                name = m_in.readString().value_or("");
            else if (m_in.skipValue() != Scan::Complete)
                break;
        }
        m_in.take('}');
        names.push_back(std::move(name));
    }
    return names;
}

void JsonWalker::rows(const std::vector<std::string>& columns, const std::string& name)
{
    m_in.next();
    while (ok()) {
        m_in.skipSeparators();
        const int c = m_in.peek();
        if (c == ']') {
            m_in.next();
            return;
        }
        if (c < 0)
            return;
        if (c == '[')
            row(columns, name);
        else if (m_in.skipValue() != Scan::Complete) // v1 answers may end with an error object among the rows
            return;
    }
}

void JsonWalker::row(const std::vector<std::string>& columns, const std::string& name)
{
    const std::uint64_t start = m_in.position();
    const std::uint64_t outer = m_in.pin(start);
    m_in.next();
    m_rowText = "{";
    std::size_t index = 0;
    Scan scan = Scan::Complete;
    while (ok()) {
        m_in.skipSeparators();
        if (m_in.take(']'))
            break;
        const std::uint64_t item = m_in.position();
        scan = m_in.skipValue();
        if (scan != Scan::Complete)
            break;
        if (index < columns.size()) {
            m_rowText += index == 0 ? "\"" : ",\"";
            m_rowText += columns[index++];
            m_rowText += "\":";
            m_rowText += m_in.textFrom(item);
        }
    }
    if (scan != Scan::Complete) {
        bad(start, scan);
    } else if (ok()) {
        m_rowText += '}';
        m_rowText.reserve(m_rowText.size() + kJsonPadding);
        m_failed = m_handler.record({start, m_in.lineAt(start), m_rowText, name});
    }
    m_in.pin(outer);
}

} // namespace tocsin::ingest
