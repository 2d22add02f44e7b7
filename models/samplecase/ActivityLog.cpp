// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/ActivityLog.h"

#include "base/Json.h"

#include <cctype>

namespace tocsin::samplecase {

namespace {

std::string upper(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

} // namespace

std::string ActivityLog::record(Ticks time, const Caller& caller, std::string_view operation, std::string_view resource, std::string_view body,
                                std::string_view correlation, std::string_view status, std::string_view signature)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().key("RoleLocation").string("West Europe").key("Stamp").string("FDWeb").key("time").string(formatDateTime(time));
    json.key("resourceId").string(upper(resource)).key("operationName").string(upper(operation)).key("category").string("Administrative");
    json.key("resultType").string(status).key("resultSignature").string(signature).key("durationMs").string(std::to_string(m_random.between(0, 900)));
    json.key("callerIpAddress").string(caller.address).key("correlationId").string(correlation);
    json.key("identity").beginObject().key("authorization").beginObject().key("scope").string(resource).key("action").string(operation);
    json.key("evidence").beginObject().key("role").string(caller.role);
    json.key("roleAssignmentScope").string("/subscriptions/" + std::string(Company::kSubscription));
    const std::string principal = caller.person ? m_company.people[*caller.person].objectId : caller.objectId;
    json.key("principalId").string(principal).key("principalType").string(caller.person ? "User" : "ServicePrincipal").endObject().endObject();
    json.key("claims").beginObject().key("aud").string("https://management.core.windows.net/");
    json.key("iss").string("https://sts.windows.net/" + m_company.tenantId + '/');
    json.key("appid").string(caller.person ? std::string("c44b4083-3bb0-49c1-b47d-974e53cbdf3c") : caller.appId);
    json.key("http://schemas.microsoft.com/identity/claims/objectidentifier").string(principal).key("ipaddr").string(caller.address);
    if (caller.person) {
        const Person& person = m_company.people[*caller.person];
        json.key("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn").string(person.upn).key("upn").string(person.upn);
        json.key("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name").string(person.upn).key("name").string(person.displayName);
    }
    json.endObject().endObject();
    json.key("level").string(status == "Failure" ? "Error" : "Information").key("location").string("global");
    json.key("properties").beginObject().key("eventCategory").string("Administrative").key("entity").string(resource);
    json.key("message").string(operation).key("hierarchy").string(m_company.tenantId + '/' + std::string(Company::kSubscription));
    if (!body.empty())
        json.key("requestbody").string(body);
    if (status == "Success")
        json.key("statusCode").string("OK").key("serviceRequestId").string("");
    else if (status == "Failure")
        json.key("statusCode").string("Forbidden").key("statusMessage").string("{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"The client does not have authorization to perform the action.\"}}");
    json.endObject().endObject();
    return out;
}

void ActivityLog::operation(Ticks time, const Caller& caller, std::string_view operation, std::string_view resource, std::string_view body,
                            bool success)
{
    const std::string correlation = m_random.guidText();
    m_records.add(time, record(time, caller, operation, resource, body, correlation, "Start", "Started."));
    const Ticks end = time + m_random.between(400, 9000) * kTicksPerMillisecond;
    m_records.add(end, record(end, caller, operation, resource, body, correlation, success ? "Success" : "Failure",
                              success ? "Succeeded.OK" : "Failed.Forbidden"));
}

Result<void> ActivityLog::write(FileSet& files) { return m_records.writeEnvelope(files, kFile, "Activity Log"); }

} // namespace tocsin::samplecase
