// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/StorageLog.h"

#include "base/Json.h"

namespace tocsin::samplecase {

void StorageLog::add(Ticks time, const StorageRequest& request)
{
    const bool isDelete = request.operation.starts_with("Delete");
    const bool isRead = request.operation.starts_with("Get") || request.operation.starts_with("List");
    const std::string account(Company::kStorageAccount);
    const std::int64_t latency = m_random.between(4, 40);
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("time").string(formatDateTime(time));
    json.key("resourceId").string(Company::resourceId("Microsoft.Storage/storageAccounts/" + account + "/blobServices/default"));
    json.key("category").string(isDelete ? "StorageDelete" : isRead ? "StorageRead" : "StorageWrite");
    json.key("operationName").string(request.operation).key("operationVersion").string("2025-01-05").key("schemaVersion").string("1.0");
    json.key("statusCode").number(request.status).key("statusText").string(request.statusText);
    json.key("durationMs").number(latency + static_cast<std::int64_t>(request.bytes / 4'000'000)).key("callerIpAddress");
    json.string(request.address + ':' + std::to_string(m_random.between(49700, 64900)));
    json.key("correlationId").string(m_random.guidText());
    json.key("identity").beginObject().key("type").string(request.authentication);
    if (request.authentication == "OAuth") {
        json.key("requester").beginObject().key("appId").string("1950a258-227b-4e31-a9cf-717495945fc2");
        json.key("audience").string("https://" + account + ".blob.core.windows.net/").key("objectId").string(request.objectId);
        json.key("tenantId").string(m_company.tenantId).key("tokenIssuer").string("https://sts.windows.net/" + m_company.tenantId + '/');
        if (!request.upn.empty())
            json.key("upn").string(request.upn);
        json.endObject();
    } else if (request.authentication == "AccountKey") {
        json.key("tokenHash").string("key1(" + Random(fnv1a(account), "key1").hex(64) + ')');
    }
    json.endObject();
    json.key("location").string(Company::kRegion);
    json.key("properties").beginObject().key("accountName").string(account).key("userAgentHeader").string(request.userAgent);
    json.key("clientRequestId").string(m_random.guidText()).key("serviceType").string("blob");
    json.key("objectKey").string('/' + account + '/' + request.blob).key("metricResponseType").string(request.statusText);
    json.key("serverLatencyMs").number(latency).key("requestHeaderSize").number(m_random.between(380, 620));
    json.key("responseHeaderSize").number(m_random.between(280, 420));
    json.key(isRead ? "responseBodySize" : "requestBodySize").number(static_cast<std::int64_t>(request.bytes));
    if (!isRead && !isDelete)
        json.key("contentLengthHeader").number(static_cast<std::int64_t>(request.bytes));
    json.key("tlsVersion").string("TLS 1.2").key("accessTier").string("Hot").endObject();
    json.key("uri").string("https://" + account + ".blob.core.windows.net:443/" + request.blob).key("protocol").string("HTTPS");
    json.key("resourceType").string("Microsoft.Storage/storageAccounts/blobServices").endObject();
    (isRead ? m_reads : m_writes).add(time, std::move(out));
}

Result<void> StorageLog::write(FileSet& files)
{
    TOCSIN_TRY(m_reads.writeLines(files, kReadFile, "Storage resource log"));
    return m_writes.writeLines(files, kWriteFile, "Storage resource log");
}

} // namespace tocsin::samplecase
