// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "samplecase/Company.h"
#include "samplecase/RecordList.h"

namespace tocsin::samplecase {

struct StorageRequest {
    std::string_view operation = "GetBlob";
    std::string blob;              ///< `container/name`
    std::string address;
    std::string userAgent;
    std::string_view authentication = "OAuth"; ///< OAuth, AccountKey, SAS, Anonymous
    std::string objectId;          ///< requester, OAuth only
    std::string upn;
    std::uint64_t bytes = 0;       ///< response body of a read, request body of a write
    int status = 200;
    std::string_view statusText = "Success";
};

/// Resource logs of the storage account's blob service: reads, and writes with deletions, as a diagnostic setting exports them.
class StorageLog {
public:
    static constexpr std::string_view kReadFile = "storage/storageread.json";
    static constexpr std::string_view kWriteFile = "storage/storagewrite.json";

    StorageLog(const Company& company, std::uint64_t seed) : m_company(company), m_random(seed, "storage") {}
    void add(Ticks time, const StorageRequest& request);
    Result<void> write(FileSet& files);

private:
    const Company& m_company;
    Random m_random;
    RecordList m_reads;
    RecordList m_writes;
};

} // namespace tocsin::samplecase
