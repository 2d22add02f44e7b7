// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Ticks.h"
#include "samplecase/FileSet.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::samplecase {

/// Text records with their times: added in any order, written in order of time (equal times as added).
class RecordList {
public:
    void add(Ticks time, std::string record) { m_records.push_back({time, std::move(record)}); }
    bool empty() const { return m_records.empty(); }

    /// One record a line, as diagnostic settings write to a storage account and syslog daemons to a file.
    Result<void> writeLines(FileSet& files, std::string_view path, std::string_view format)
    {
        sort();
        std::string out;
        for (const Record& record : m_records)
            (out += record.text) += '\n';
        return files.write(path, format, m_records.size(), out);
    }
    /// `{"records":[…]}`, as diagnostic settings send to an event hub.
    Result<void> writeEnvelope(FileSet& files, std::string_view path, std::string_view format)
    {
        sort();
        std::string out = "{\"records\":[";
        for (std::size_t i = 0; i < m_records.size(); ++i)
            (out += i == 0 ? "\n" : ",\n") += m_records[i].text;
        out += "\n]}\n";
        return files.write(path, format, m_records.size(), out);
    }

private:
    struct Record {
        Ticks time;
        std::string text;
    };
    void sort()
    {
        std::stable_sort(m_records.begin(), m_records.end(), [](const Record& a, const Record& b) { return a.time < b.time; });
    }
    std::vector<Record> m_records;
};

} // namespace tocsin::samplecase
