// SPDX-License-Identifier: GPL-3.0-or-later
#include "CollectingSink.h"

#include <QtTest>

using namespace tocsin;
using namespace tocsin::ingest;
using namespace tocsin::ingest::test;

namespace {

using Cells = QList<QPair<QByteArray, QByteArray>>;

void compareCells(const CollectingSink& sink, const char* table, std::size_t row, const Cells& cells)
{
    for (const auto& [column, expected] : cells) {
        const QByteArray found = sink.cell(table, row, column.toStdString());
        if (found != expected)
            qWarning("%s", column.constData());
        QCOMPARE(found, expected);
    }
}

std::string activityExport(const char* more = "")
{
    return std::string(R"({"records":[{"time":"2024-03-05T10:11:12.1234567Z","resourceId":"/SUBSCRIPTIONS/AAAA0000-0000-0000-0000-000000000001/RESOURCEGROUPS/HARBOUR/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/QUAY-NSG",)")
        + R"("operationName":"MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/WRITE","category":"Administrative","resultType":"Success","resultSignature":"Succeeded.OK","durationMs":"15",)"
        + R"("callerIpAddress":"203.0.113.9","correlationId":"c-1","Level":4,"level":"Information","identity":{"authorization":{"action":"a","scope":"s"},)"
        + R"("claims":{"aud":"x","http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"mate@ferry.example","appid":"app-1"}},"location":"global",)"
        + R"("properties":{"statusCode":"OK","hierarchy":"t/m/s","eventCategory":"Administrative"})" + more + "}]}";
}

} // namespace

class TestAzureReaders : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void activityOfADiagnosticSetting()
    {
        const auto result = readBytes(activityExport());
        QVERIFY(result->status.has_value());
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("azure-activity"));
        QCOMPARE(result->sink.records, std::uint64_t{1});
        compareCells(result->sink, "AzureActivity", 0, {
            {"TimeGenerated", "2024-03-05T10:11:12.1234567Z"}, {"Type", "AzureActivity"}, {"SourceSystem", "Azure"},
            {"OperationNameValue", "MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/WRITE"}, {"CategoryValue", "Administrative"},
            {"ActivityStatusValue", "Success"}, {"ActivitySubstatusValue", "Succeeded.OK"}, {"Level", "Information"},
            {"Caller", "mate@ferry.example"}, {"CallerIpAddress", "203.0.113.9"}, {"CorrelationId", "c-1"}, {"Hierarchy", "t/m/s"},
            {"ResourceGroup", "HARBOUR"}, {"ResourceProviderValue", "MICROSOFT.NETWORK"}, {"Resource", "QUAY-NSG"},
            {"SubscriptionId", "AAAA0000-0000-0000-0000-000000000001"}, {"_SubscriptionId", "aaaa0000-0000-0000-0000-000000000001"},
            {"_ResourceId", "/subscriptions/aaaa0000-0000-0000-0000-000000000001/resourcegroups/harbour/providers/microsoft.network/networksecuritygroups/quay-nsg"},
            {"Authorization_d", R"({"action":"a","scope":"s"})"}, {"Properties", R"({"statusCode":"OK","hierarchy":"t/m/s","eventCategory":"Administrative"})"},
            {"EventSubmissionTimestamp", "<null>"}, {"EventDataId", ""}, {"AdditionalFields", R"({"durationMs":"15","location":"global"})"}});
    }

    void activityKeysOfAnyCaseAndOldCategories()
    {
        const auto result = readBytes("{\"Time\":\"2018-03-07T14:23:51.991Z\",\"ResourceID\":\"/subscriptions/s1/resourceGroups/g\",\"OperationName\":\"X/WRITE\",\"CATEGORY\":\"Write\",\"ResultType\":\"Start\",\"properties\":\"{\\\"hierarchy\\\":\\\"h\\\"}\"}");
        compareCells(result->sink, "AzureActivity", 0, {{"CategoryValue", "Administrative"}, {"Category", "Write"}, {"ActivityStatus", "Start"}, {"Hierarchy", "h"},
            {"TimeGenerated", "2018-03-07T14:23:51.9910000Z"}, {"ResourceGroup", "g"}, {"Properties_d", R"({"hierarchy":"h"})"}, {"Caller", ""}});
    }

    void activityOfRestAndSdk_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("REST") << QByteArray(R"({"value":[{"eventDataId":"e1","eventTimestamp":"2015-01-21T22:14:26.9792776Z","submissionTimestamp":"2015-01-21T22:14:39.9936304Z","caller":"admin@contoso.example",)"
            R"("operationName":{"value":"microsoft.support/supporttickets/write","localizedValue":"Create ticket"},"category":{"value":"Administrative","localizedValue":"Administrative"},"status":{"value":"Succeeded"},"subStatus":{"value":null},)"
            R"("httpRequest":{"clientIpAddress":"192.0.2.1","method":"PUT"},"resourceGroupName":"G1","resourceProviderName":{"value":"microsoft.support","localizedValue":"Support"},"resourceId":"/subscriptions/s1/resourceGroups/G1/providers/microsoft.support/supporttickets/1",)"
            R"("subscriptionId":"s1","level":"Informational","operationId":"o1","correlationId":"c1","claims":{"aud":"a"},"authorization":{"role":"r"},"properties":{"statusCode":"Created"},"description":"d"}],"nextLink":"n"})");
        QTest::newRow("SDK") << QByteArray(R"({"event_data_id":"e1","event_timestamp":"2015-01-21T22:14:26.979277+00:00","submission_timestamp":"2015-01-21T22:14:39.993630+00:00","caller":"admin@contoso.example",)"
            R"("operation_name":{"value":"microsoft.support/supporttickets/write","localized_value":"Create ticket"},"category":{"value":"Administrative"},"status":{"value":"Succeeded"},"sub_status":null,)"
            R"("http_request":{"client_ip_address":"192.0.2.1"},"resource_group_name":"G1","resource_provider_name":{"value":"microsoft.support","localized_value":"Support"},"resource_id":"/subscriptions/s1/resourceGroups/G1/providers/microsoft.support/supporttickets/1",)"
            R"("subscription_id":"s1","level":"Informational","operation_id":"o1","correlation_id":"c1","claims":{"aud":"a"},"authorization":{"role":"r"},"properties":{"statusCode":"Created"}})");
    }
    void activityOfRestAndSdk()
    {
        QFETCH(QByteArray, text);
        const auto result = readBytes(text.toStdString());
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("azure-activity"));
        compareCells(result->sink, "AzureActivity", 0, {{"OperationNameValue", "microsoft.support/supporttickets/write"}, {"OperationName", "Create ticket"},
            {"ActivityStatusValue", "Succeeded"}, {"ActivitySubstatusValue", ""}, {"Caller", "admin@contoso.example"}, {"CallerIpAddress", "192.0.2.1"},
            {"ResourceGroup", "G1"}, {"ResourceProviderValue", "microsoft.support"}, {"ResourceProvider", "Support"}, {"SubscriptionId", "s1"}, {"EventDataId", "e1"},
            {"OperationId", "o1"}, {"Claims_d", R"({"aud":"a"})"}, {"Properties", R"({"statusCode":"Created"})"}});
        QVERIFY(result->sink.cell("AzureActivity", 0, "TimeGenerated").startsWith("2015-01-21T22:14:26.979277"));
        QVERIFY(result->sink.cell("AzureActivity", 0, "EventSubmissionTimestamp").startsWith("2015-01-21T22:14:39.99363"));
    }

    void signInsOfEveryCategory_data()
    {
        QTest::addColumn<QByteArray>("category");
        QTest::addColumn<QByteArray>("table");
        QTest::newRow("user") << QByteArray("SignInLogs") << QByteArray("SigninLogs");
        QTest::newRow("non-interactive") << QByteArray("NonInteractiveUserSignInLogs") << QByteArray("AADNonInteractiveUserSignInLogs");
        QTest::newRow("service principal") << QByteArray("ServicePrincipalSignInLogs") << QByteArray("AADServicePrincipalSignInLogs");
        QTest::newRow("managed identity") << QByteArray("ManagedIdentitySignInLogs") << QByteArray("AADManagedIdentitySignInLogs");
    }
    void signInsOfEveryCategory()
    {
        QFETCH(QByteArray, category);
        QFETCH(QByteArray, table);
        const auto result = readBytes("{\"time\":\"2024-05-06T07:08:09Z\",\"resourceId\":\"/tenants/T1/providers/Microsoft.aadiam\",\"operationName\":\"Sign-in activity\",\"category\":\"" + category.toStdString()
            + "\",\"tenantId\":\"T1\",\"resultType\":\"50126\",\"resultDescription\":\"Bad password\",\"durationMs\":0,\"callerIpAddress\":\"198.51.100.4\",\"correlationId\":\"k1\",\"identity\":\"Some One\",\"Level\":4,"
            + R"("properties":{"id":"i1","appId":"a1","ipAddress":"198.51.100.4","servicePrincipalName":"sp","resourceId":"r-app","conditionalAccessStatus":"success","location":{"city":"Bergen","countryOrRegion":"NO"},"unheardOf":7}})");
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("entra"));
        QCOMPARE(result->sink.tables.size(), std::size_t{1});
        compareCells(result->sink, table.constData(), 0, {{"TimeGenerated", "2024-05-06T07:08:09.0000000Z"}, {"Type", table}, {"SourceSystem", "Azure AD"}, {"ResultType", "50126"},
            {"ResultDescription", "Bad password"}, {"IPAddress", "198.51.100.4"}, {"CorrelationId", "k1"}, {"AppId", "a1"}, {"Id", "i1"}, {"ConditionalAccessStatus", "success"},
            {"ResourceIdentity", "r-app"}, {"Location", "NO"}, {"Category", category}});
        QVERIFY(result->sink.cell(table.toStdString(), 0, "AdditionalFields").contains("\"unheardOf\":7"));
    }

    void signInStructures()
    {
        const auto result = readBytes(R"({"time":"2024-05-06T07:08:09Z","resourceId":"/tenants/T1/providers/Microsoft.aadiam","operationName":"Sign-in activity","category":"SignInLogs","Level":"4","location":"NO",)"
            R"("properties":{"createdDateTime":"2024-05-06T07:08:01Z","userPrincipalName":"A@b.example","isInteractive":true,"isRisky":null,"status":{"errorCode":50074,"failureReason":"x"},"deviceDetail":{"deviceId":"","browser":"Edge"},)"
            R"("appliedConditionalAccessPolicies":[{"displayName":"p","result":"success"}],"authenticationDetails":[],"riskEventTypes_v2":["a"],"processingTimeInMilliseconds":312,"autonomousSystemNumber":64500,"location":{"city":"Oslo","countryOrRegion":"XX"}}})");
        compareCells(result->sink, "SigninLogs", 0, {{"ResultType", "50074"}, {"Location", "NO"}, {"LocationDetails", R"({"city":"Oslo","countryOrRegion":"XX"})"},
            {"Status", R"({"errorCode":50074,"failureReason":"x"})"}, {"DeviceDetail", R"({"deviceId":"","browser":"Edge"})"},
            {"ConditionalAccessPolicies", R"([{"displayName":"p","result":"success"}])"}, {"AppliedConditionalAccessPolicies", R"([{"displayName":"p","result":"success"}])"},
            {"AuthenticationDetails", "[]"}, {"RiskEventTypes_V2", R"(["a"])"}, {"ProcessingTimeInMilliseconds", "312"}, {"AutonomousSystemNumber", "64500"},
            {"IsInteractive", "true"}, {"IsRisky", "<null>"}, {"CreatedDateTime", "2024-05-06T07:08:01.0000000Z"}, {"UserPrincipalName", "A@b.example"}, {"Level", "4"}});
        const auto silent = readBytes(R"({"time":"2024-05-06T07:08:09Z","category":"NonInteractiveUserSignInLogs","properties":{"deviceDetail":{"b":1},"status":{"errorCode":0},"processingTimeInMilliseconds":5}})");
        compareCells(silent->sink, "AADNonInteractiveUserSignInLogs", 0, {{"DeviceDetail", R"({"b":1})"}, {"Status", R"({"errorCode":0})"}, {"ResultType", "0"}, {"ProcessingTimeInMs", "5"}});
    }

    void auditLogs()
    {
        const auto result = readBytes(R"([{"time":"2024-05-06T07:08:09Z","resourceId":"/tenants/T1/providers/Microsoft.aadiam","operationName":"Add member to role","category":"AuditLogs","tenantId":"T1","resultSignature":"None","durationMs":0,"correlationId":"k","identity":"Admin","Level":4,)"
            R"("properties":{"id":"Directory_1","category":"RoleManagement","correlationId":"k","result":"success","resultReason":"","activityDisplayName":"Add member to role","activityDateTime":"2024-05-06T07:08:08.5Z","loggedByService":"Core Directory","operationType":"Assign",)"
            "\"initiatedBy\":{\"user\":{\"userPrincipalName\":\"a@b.example\"}},\"targetResources\":[{\"id\":\"x\",\"modifiedProperties\":[{\"displayName\":\"Role\",\"oldValue\":null,\"newValue\":\"\\\"Owner\\\"\"}]}],\"additionalDetails\":[{\"key\":\"k\",\"value\":\"v\"}]}}]");
        compareCells(result->sink, "AuditLogs", 0, {{"Category", "RoleManagement"}, {"OperationName", "Add member to role"}, {"AADOperationType", "Assign"}, {"Result", "success"},
            {"LoggedByService", "Core Directory"}, {"ActivityDateTime", "2024-05-06T07:08:08.5000000Z"}, {"InitiatedBy", R"({"user":{"userPrincipalName":"a@b.example"}})"},
            {"TargetResources", "[{\"id\":\"x\",\"modifiedProperties\":[{\"displayName\":\"Role\",\"oldValue\":null,\"newValue\":\"\\\"Owner\\\"\"}]}]"},
            {"AdditionalDetails", R"([{"key":"k","value":"v"}])"}, {"Id", "Directory_1"}, {"AADTenantId", "T1"}, {"Identity", "Admin"}, {"DurationMs", "0"}, {"_ResourceId", ""}});
    }

    void storageLogs()
    {
        const auto result = readBytes(R"({"records":[{"time":"2025-09-17T14:22:45.9876543Z","resourceId":"/subscriptions/S/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acc/queueServices/default","category":"StorageWrite","operationName":"PutMessage","operationVersion":"2020","schemaVersion":"1.0","statusCode":201,"statusText":"Success","durationMs":12,"callerIpAddress":"10.0.0.1:5000","correlationId":"c","uri":"u","protocol":"HTTPS","location":"x",)"
            R"("identity":{"type":"OAuth","tokenHash":"h","requester":{"appId":"ap","upn":"u@x"},"authorization":[{"action":"r"}]},"properties":{"accountName":"acc","serviceType":"queue","objectKey":"/acc/q","serverLatencyMs":3,"requestHeaderSize":100,"tlsVersion":"TLS 1.2","lastModifiedTime":"2025/09/16 13:11:22.6543210","oddMember":1}}]})");
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("azure-storage"));
        compareCells(result->sink, "StorageQueueLogs", 0, {{"StatusCode", "201"}, {"StatusText", "Success"}, {"DurationMs", "12.0"}, {"OperationName", "PutMessage"}, {"AuthenticationType", "OAuth"},
            {"AuthenticationHash", "h"}, {"RequesterAppId", "ap"}, {"RequesterUpn", "u@x"}, {"AccountName", "acc"}, {"ServerLatencyMs", "3.0"}, {"LastModifiedTime", "2025-09-16T13:11:22.6543210Z"},
            {"CallerIpAddress", "10.0.0.1:5000"}, {"AdditionalFields", R"({"oddMember":1})"}});
    }

    void diagnosticsAreFlattened()
    {
        const auto result = readBytes(R"({"time":"2024-01-02T03:04:05Z","resourceId":"/SUBSCRIPTIONS/AB/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV","operationName":"SecretGet","category":"AuditEvent","resultType":"Success","resultSignature":"OK","durationMs":"78","callerIPAddress":"192.0.2.7",)"
            R"("identity":{"claim":{"http:x/oid":"o","appid":"11111111-2222-3333-4444-555555555555"}},"properties":{"clientInfo":"az","httpStatusCode":200,"isRbacAuthorized":true,"when":"2024-01-02T03:04:05Z","list":[1,2],"nothing":null}})");
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("azure-diagnostics"));
        compareCells(result->sink, "AzureDiagnostics", 0, {{"ResourceProvider", "MICROSOFT.KEYVAULT"}, {"ResourceType", "VAULTS"}, {"Resource", "KV"}, {"ResourceGroup", "RG"}, {"DurationMs", "78"},
            {"clientInfo_s", "az"}, {"httpStatusCode_d", "200.0"}, {"isRbacAuthorized_b", "true"}, {"when_t", "2024-01-02T03:04:05.0000000Z"}, {"list_s", "[1,2]"}, {"identity_claim_http_x_oid_s", "o"},
            {"identity_claim_appid_g", "11111111-2222-3333-4444-555555555555"}, {"CallerIPAddress", "192.0.2.7"}, {"nothing_s", "<no column>"}});
        compareCells(result->sink, "AZKVAuditLogs", 0, {{"OperationName", "SecretGet"}, {"HttpStatusCode", "200"}, {"IsRbacAuthorized", "true"}});
        QCOMPARE(result->sink.records, std::uint64_t{1});
    }

    void metrics()
    {
        const auto result = readBytes(R"({"records":[{"count":2,"Total":3.5,"minimum":1,"maximum":2.5,"average":1.75,"resourceId":"/SUBSCRIPTIONS/AB/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.WEB/SITES/W","time":"2024-01-02T03:04:00Z","metricName":"Requests","timeGrain":"PT1M","dimension":{"i":"x"}}]})");
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("azure-metrics"));
        compareCells(result->sink, "AzureMetrics", 0, {{"MetricName", "Requests"}, {"TimeGrain", "PT1M"}, {"Count", "2.0"}, {"Total", "3.5"}, {"Minimum", "1.0"}, {"Maximum", "2.5"}, {"Average", "1.75"},
            {"Resource", "W"}, {"ResourceProvider", "MICROSOFT.WEB"}, {"AdditionalFields", R"({"dimension":{"i":"x"}})"}});
    }

    void tableExportsGoStraightIn()
    {
        const auto result = readBytes(R"({"TenantId":"t","TimeGenerated [UTC]":"10/15/2020, 6:38:45.828 PM","Computer":"h","Facility":"auth","SeverityLevel":"info","SyslogMessage":"m","ProcessID":"77","HostIP":null,"Type":"Syslog","extended":1.5})" "\n"
            R"({"TimeGenerated":"2021-01-01T00:00:00Z","Type":"SecurityEvent","EventID":4624,"EventData":"","LogonType":"x"})");
        QCOMPARE(QByteArray::fromStdString(result->format), QByteArray("table-json"));
        compareCells(result->sink, "Syslog", 0, {{"TimeGenerated", "2020-10-15T18:38:45.8280000Z"}, {"Computer", "h"}, {"Facility", "auth"}, {"SyslogMessage", "m"}, {"ProcessID", "77"}, {"HostIP", ""},
            {"extended", "1.5"}, {"TenantId", "<null>"}});
        compareCells(result->sink, "SecurityEvent", 0, {{"EventID", "4624"}, {"LogonType", "<null>"}, {"Type", "SecurityEvent"}});
    }

    void exportsMayGoToAnotherTable()
    {
        ReadOptions options;
        options.table = "Copied_CL";
        const auto rows = readBytes(R"({"TimeGenerated":"2021-01-01T00:00:00Z","Computer":"h","Facility":"auth","SeverityLevel":"info","SyslogMessage":"m","ProcessID":77})", "x.json", {}, options);
        QCOMPARE(QByteArray::fromStdString(rows->format), QByteArray("table-json"));
        QCOMPARE(rows->sink.rejects.size(), std::size_t{0});
        compareCells(rows->sink, "Copied_CL", 0, {{"TimeGenerated", "2021-01-01T00:00:00.0000000Z"}, {"SyslogMessage", "m"}, {"ProcessID", "77"}});
        const auto answer = readBytes(R"({"tables":[{"name":"Heartbeat","columns":[{"name":"TimeGenerated","type":"datetime"}],"rows":[["2021-01-01T00:00:00Z"]]}]})", "x.json", {}, options);
        QVERIFY(!answer->status);
        QCOMPARE(answer->status.error().code(), std::string_view("ingest.names_its_table"));
    }

    void queryAnswersNameTheirTable()
    {
        const auto result = readBytes(R"({"tables":[{"name":"Heartbeat","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"Computer","type":"string"}],"rows":[["2021-01-01T00:00:00Z","a"],["2021-01-02T00:00:00Z","b"]]}]})");
        compareCells(result->sink, "Heartbeat", 1, {{"Computer", "b"}, {"TimeGenerated", "2021-01-02T00:00:00.0000000Z"}});
    }

    void plainJsonInfersTypes()
    {
        ReadOptions options;
        options.table = "Gate Log";
        const auto result = readBytes(R"([{"n":1,"r":1,"b":true,"d":"2024-01-01T00:00:00Z","s":"007","o":{"x":[1]},"mixed":1,"a.b":"p"},{"n":9007199254740993,"r":2.5,"b":null,"d":"2024-01-02","s":"x","o":"text","mixed":"two","a_b":"q","@timestamp":"2024-02-02T02:02:02Z"}])",
            "gate.json", "json", options);
        QVERIFY(result->status.has_value());
        const auto& schema = result->sink.tables.at("Gate_Log").schema;
        QCOMPARE(schema.columns[*schema.indexOf("n")].type, DataType::Long);
        QCOMPARE(schema.columns[*schema.indexOf("o")].type, DataType::Dynamic);
        compareCells(result->sink, "Gate_Log", 1, {{"n", "9007199254740993"}, {"r", "2.5"}, {"b", "<null>"}, {"d", "2024-01-02T00:00:00.0000000Z"}, {"s", "x"}, {"o", "text"}, {"mixed", "two"},
            {"a_b_2", "q"}, {"TimeGenerated", "2024-02-02T02:02:02.0000000Z"}});
        compareCells(result->sink, "Gate_Log", 0, {{"a_b", "p"}, {"s", "007"}, {"mixed", "1"}, {"o", R"({"x":[1]})"}, {"TimeGenerated", "2026-01-15T12:00:00.0000000Z"}});
        QCOMPARE(readBytes(R"({"foo":1})", "folder/my file.json")->sink.rowsOf("my_file_CL"), std::size_t{1});
    }

    void mixedFilesGoToTheirTables()
    {
        std::string text = activityExport() + "\n" + R"({"time":"2024-05-06T07:08:09Z","category":"SignInLogs","resourceId":"/tenants/t/x","properties":{}})" + "\n" + R"({"nothing":"known"})";
        const auto result = readBytes(text);
        QCOMPARE(result->sink.rowsOf("AzureActivity"), std::size_t{1});
        QCOMPARE(result->sink.rowsOf("SigninLogs"), std::size_t{1});
        QCOMPARE(result->sink.rejects.size(), std::size_t{1});
        QCOMPARE(result->sink.rejects[0].reason.code(), std::string_view("ingest.unknown_record"));
        QCOMPARE(result->sink.rejects[0].line, std::optional<std::uint64_t>(3));
    }

    void wrongTypesAndHugeNumbersCostACellOnly()
    {
        const auto result = readBytes(R"({"time":"2024-05-06T07:08:09Z","category":"SignInLogs","durationMs":"soon","resultType":123456789012345678901234567890,"correlationId":{"a":1},"properties":{"isInteractive":"maybe","createdDateTime":"never","x":1e999,"y":NaN}})");
        QCOMPARE(result->sink.records, std::uint64_t{1});
        QCOMPARE(result->sink.warnings.size(), std::size_t{1});
        compareCells(result->sink, "SigninLogs", 0, {{"DurationMs", "<null>"}, {"ResultType", "123456789012345678901234567890"}, {"CorrelationId", R"({"a":1})"}, {"IsInteractive", "<null>"}, {"CreatedDateTime", "<null>"}});
    }

    void invalidUtf8IsMended()
    {
        const auto result = readBytes("{\"time\":\"2024-05-06T07:08:09Z\",\"category\":\"SignInLogs\",\"identity\":\"Bj\xF8rn\",\"properties\":{}}");
        compareCells(result->sink, "SigninLogs", 0, {{"Identity", "Bj\xEF\xBF\xBDrn"}});
    }

    void recordsWithoutTimeGetTheImportsTime()
    {
        const auto result = readBytes(R"({"time":"sometime","category":"AuditLogs","properties":{}})");
        compareCells(result->sink, "AuditLogs", 0, {{"TimeGenerated", "2026-01-15T12:00:00.0000000Z"}});
        QCOMPARE(result->sink.warnings.size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TestAzureReaders)
#include "tst_azure_readers.moc"
