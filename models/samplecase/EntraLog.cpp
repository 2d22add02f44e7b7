// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/EntraLog.h"

#include <array>

namespace tocsin::samplecase {

namespace {

struct Application {
    std::string_view name;
    std::string_view id;
    std::string_view resource;
    std::string_view resourceId;
};

// The well-known identifiers of Microsoft's own applications.
constexpr std::array kApplications{
    Application{"Office 365 Exchange Online", "00000002-0000-0ff1-ce00-000000000000", "Office 365 Exchange Online", "00000002-0000-0ff1-ce00-000000000000"},
    Application{"Office 365 SharePoint Online", "00000003-0000-0ff1-ce00-000000000000", "Office 365 SharePoint Online", "00000003-0000-0ff1-ce00-000000000000"},
    Application{"Microsoft Teams", "1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams Services", "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe"},
    Application{"Azure Portal", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Windows Azure Service Management API", "797f4846-ba00-4fd7-ba43-dac1f8f63013"},
    Application{"Microsoft Azure CLI", "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Windows Azure Service Management API", "797f4846-ba00-4fd7-ba43-dac1f8f63013"},
    Application{"Microsoft Azure PowerShell", "1950a258-227b-4e31-a9cf-717495945fc2", "Windows Azure Service Management API", "797f4846-ba00-4fd7-ba43-dac1f8f63013"},
};

const Application& applicationOf(std::string_view name)
{
    for (const Application& application : kApplications)
        if (application.name == name)
            return application;
    return kApplications[0];
}

std::string_view failureReason(int error)
{
    switch (error) {
    case 0: return "Other.";
    case 50053: return "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.";
    case 50074: return "Strong Authentication is required.";
    case 50126: return "Error validating credentials due to invalid username or password.";
    case 50140: return "This occurred due to 'Keep me signed in' interrupt when the user was signing in.";
    default: return "Other.";
    }
}

/// Hundredths of a degree as a decimal number, without floating point.
std::string degrees(int hundredths)
{
    const int size = hundredths < 0 ? -hundredths : hundredths;
    std::string out = hundredths < 0 ? "-" : "";
    out += std::to_string(size / 100) + '.';
    out += static_cast<char>('0' + size / 10 % 10);
    out += static_cast<char>('0' + size % 10);
    return out;
}

void writeLocation(JsonWriter& json, const Place& place)
{
    json.key("location").beginObject();
    json.key("city").string(place.city).key("state").string(place.region).key("countryOrRegion").string(place.country);
    json.key("geoCoordinates").beginObject();
    json.key("latitude").raw(degrees(place.latitude100)).key("longitude").raw(degrees(place.longitude100)).endObject();
    json.endObject();
}

std::string offsetTime(Ticks time)
{
    std::string out = formatDateTime(time);
    out.pop_back();
    return out + "+00:00";
}

} // namespace

Place EntraLog::placeOf(std::size_t person) const
{
    const Office& office = m_company.offices[m_company.people[person].office];
    return {office.city, office.region, office.country, office.latitude100, office.longitude100};
}

void EntraLog::signInProperties(JsonWriter& json, Ticks time, const SignIn& facts, const std::string& correlation)
{
    const Person& person = m_company.people[facts.person];
    const Application& application = applicationOf(facts.application);
    json.key("id").string(m_random.guidText()).key("createdDateTime").string(offsetTime(time));
    json.key("userDisplayName").string(person.displayName).key("userPrincipalName").string(person.upn).key("userId").string(person.objectId);
    json.key("appId").string(application.id).key("appDisplayName").string(application.name).key("ipAddress").string(facts.address);
    json.key("status").beginObject().key("errorCode").number(facts.error);
    json.key("failureReason").string(failureReason(facts.error));
    if (facts.error == 0 && facts.multiFactor)
        json.key("additionalDetails").string("MFA requirement satisfied by claim in the token");
    json.endObject();
    json.key("clientAppUsed").string("Browser");
    json.key("userAgent").string(facts.userAgent.empty() ? person.userAgent : facts.userAgent);
    json.key("deviceDetail").beginObject();
    json.key("deviceId").string(facts.managedDevice ? formatGuid(Random(fnv1a(person.device), "device").guid()) : std::string());
    if (facts.managedDevice)
        json.key("displayName").string(person.device);
    json.key("operatingSystem").string(facts.managedDevice ? person.operatingSystem : "Linux");
    json.key("browser").string(facts.managedDevice ? person.browser : "Firefox 140.0");
    if (facts.managedDevice)
        json.key("isCompliant").boolean(true).key("isManaged").boolean(true).key("trustType").string("Azure AD joined");
    json.endObject();
    writeLocation(json, facts.place);
    json.key("mfaDetail").beginObject().endObject();
    json.key("correlationId").string(correlation);
    json.key("conditionalAccessStatus").string(facts.error == 0 ? "success" : "notApplied").key("appliedConditionalAccessPolicies").beginArray();
    json.beginObject().key("id").string("5a1b6b3e-77de-4a53-a3c2-2f1c5ef3d9a1").key("displayName").string("Require MFA for administrators");
    json.key("enforcedGrantControls").beginArray().string("Mfa").endArray().key("enforcedSessionControls").beginArray().endArray();
    json.key("result").string("notApplied").endObject().endArray();
    json.key("originalRequestId").string(m_random.guidText()).key("isInteractive").boolean(true);
    json.key("tokenIssuerName").string("").key("tokenIssuerType").string("AzureAD");
    json.key("authenticationProcessingDetails").beginArray().endArray().key("networkLocationDetails").beginArray().endArray();
    json.key("processingTimeInMilliseconds").number(m_random.between(60, 420));
    json.key("riskDetail").string("none").key("riskLevelAggregated").string(facts.risk).key("riskLevelDuringSignIn").string(facts.risk);
    json.key("riskState").string(facts.risk == "none" ? "none" : "atRisk").key("riskEventTypes").beginArray();
    if (facts.risk != "none")
        json.string("unfamiliarFeatures");
    json.endArray().key("riskEventTypes_v2").beginArray();
    if (facts.risk != "none")
        json.string("unfamiliarFeatures");
    json.endArray();
    json.key("resourceDisplayName").string(application.resource).key("resourceId").string(application.resourceId);
    json.key("resourceTenantId").string(m_company.tenantId).key("homeTenantId").string(m_company.tenantId);
    json.key("authenticationDetails").beginArray().beginObject().key("authenticationStepDateTime").string(offsetTime(time));
    json.key("authenticationMethod").string(facts.multiFactor ? "Previously satisfied" : "Password");
    json.key("succeeded").boolean(facts.error == 0);
    json.key("authenticationStepResultDetail").string(facts.error == 0 ? "Correct password" : "Invalid username or password");
    json.key("authenticationStepRequirement").string("Primary authentication").endObject().endArray();
    json.key("authenticationRequirementPolicies").beginArray().endArray();
    json.key("authenticationRequirement").string(facts.multiFactor ? "multiFactorAuthentication" : "singleFactorAuthentication");
    json.key("autonomousSystemNumber").number(facts.managedDevice ? 64500 : 64511).key("userType").string("Member");
    json.key("flaggedForReview").boolean(false).key("isTenantRestricted").boolean(false).key("crossTenantAccessType").string("none");
    json.key("uniqueTokenIdentifier").string(m_random.hex(22));
}

void EntraLog::signIn(Ticks time, const SignIn& facts)
{
    std::string out;
    JsonWriter json(out);
    const std::string correlation = m_random.guidText();
    json.beginObject().key("time").string(formatDateTime(time));
    json.key("resourceId").string("/tenants/" + m_company.tenantId + "/providers/Microsoft.aadiam");
    json.key("operationName").string("Sign-in activity").key("operationVersion").string("1.0").key("category").string("SignInLogs");
    json.key("tenantId").string(m_company.tenantId).key("resultType").string(std::to_string(facts.error)).key("resultSignature").string("None");
    json.key("resultDescription").string(facts.error == 0 ? std::string_view() : failureReason(facts.error));
    json.key("durationMs").number(0).key("callerIpAddress").string(facts.address).key("correlationId").string(correlation);
    json.key("identity").string(m_company.people[facts.person].displayName).key("Level").number(4).key("location").string(facts.place.country);
    json.key("properties").beginObject();
    signInProperties(json, time, facts, correlation);
    json.endObject().endObject();
    m_signIns.add(time, std::move(out));
}

void EntraLog::servicePrincipalSignIn(Ticks time, std::string_view name, std::string_view appId, std::string_view objectId,
                                      std::string_view address, const Place& place)
{
    std::string out;
    JsonWriter json(out);
    const std::string correlation = m_random.guidText();
    json.beginObject().key("time").string(formatDateTime(time));
    json.key("resourceId").string("/tenants/" + m_company.tenantId + "/providers/Microsoft.aadiam");
    json.key("operationName").string("Sign-in activity").key("operationVersion").string("1.0").key("category").string("ServicePrincipalSignInLogs");
    json.key("tenantId").string(m_company.tenantId).key("resultType").string("0").key("resultSignature").string("None").key("durationMs").number(0);
    json.key("callerIpAddress").string(address).key("correlationId").string(correlation).key("Level").number(4).key("location").string(place.country);
    json.key("properties").beginObject().key("id").string(m_random.guidText()).key("createdDateTime").string(offsetTime(time));
    json.key("appId").string(appId).key("servicePrincipalId").string(objectId).key("servicePrincipalName").string(name);
    json.key("servicePrincipalCredentialKeyId").string(formatGuid(Random(fnv1a(appId), "key").guid()));
    json.key("ipAddress").string(address).key("status").beginObject().key("errorCode").number(0).endObject();
    writeLocation(json, place);
    json.key("correlationId").string(correlation).key("resourceDisplayName").string("Windows Azure Service Management API");
    json.key("resourceId").string("797f4846-ba00-4fd7-ba43-dac1f8f63013").key("conditionalAccessStatus").string("notApplied");
    json.key("uniqueTokenIdentifier").string(m_random.hex(22)).endObject().endObject();
    m_servicePrincipals.add(time, std::move(out));
}

void EntraLog::audit(Ticks time, const Audit& facts)
{
    std::string out;
    JsonWriter json(out);
    const Person& initiator = m_company.people[facts.initiator];
    const std::string correlation = m_random.guidText();
    json.beginObject().key("time").string(formatDateTime(time));
    json.key("resourceId").string("/tenants/" + m_company.tenantId + "/providers/Microsoft.aadiam");
    json.key("operationName").string(facts.operation).key("operationVersion").string("1.0").key("category").string("AuditLogs");
    json.key("tenantId").string(m_company.tenantId).key("resultSignature").string("None").key("durationMs").number(0);
    json.key("callerIpAddress").string(facts.address).key("correlationId").string(correlation).key("identity").string(initiator.displayName);
    json.key("Level").number(4);
    json.key("properties").beginObject().key("id").string("Directory_" + correlation + '_' + m_random.hex(5));
    json.key("category").string(facts.category).key("correlationId").string(correlation);
    json.key("result").string(facts.success ? "success" : "failure").key("resultReason").string("");
    json.key("activityDisplayName").string(facts.operation).key("activityDateTime").string(offsetTime(time));
    json.key("loggedByService").string(facts.service).key("operationType").string(facts.type);
    json.key("initiatedBy").beginObject().key("user").beginObject().key("id").string(initiator.objectId);
    json.key("displayName").string(initiator.displayName).key("userPrincipalName").string(initiator.upn);
    json.key("ipAddress").string(facts.address).key("roles").beginArray().endArray().endObject().endObject();
    json.key("targetResources").beginArray().beginObject().key("id").string(facts.targetId).key("displayName").string(facts.targetName);
    json.key("type").string(facts.targetType);
    if (!facts.targetUpn.empty())
        json.key("userPrincipalName").string(facts.targetUpn);
    json.key("modifiedProperties").beginArray();
    for (const ModifiedProperty& property : facts.properties) {
        json.beginObject().key("displayName").string(property.name).key("oldValue");
        property.oldValue.empty() ? json.null() : json.string(property.oldValue);
        json.key("newValue");
        property.newValue.empty() ? json.null() : json.string(property.newValue);
        json.endObject();
    }
    json.endArray().key("administrativeUnits").beginArray().endArray().endObject().endArray();
    json.key("additionalDetails").beginArray().beginObject().key("key").string("User-Agent");
    json.key("value").string(facts.userAgent.empty() ? initiator.userAgent : facts.userAgent).endObject().endArray();
    json.endObject().endObject();
    m_audits.add(time, std::move(out));
}

Result<void> EntraLog::write(FileSet& files)
{
    TOCSIN_TRY(m_signIns.writeLines(files, kSignInFile, "Entra"));
    TOCSIN_TRY(m_servicePrincipals.writeLines(files, kServicePrincipalFile, "Entra"));
    return m_audits.writeLines(files, kAuditFile, "Entra");
}

} // namespace tocsin::samplecase
