// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Json.h"
#include "samplecase/Company.h"
#include "samplecase/RecordList.h"

namespace tocsin::samplecase {

struct Place {
    std::string_view city;
    std::string_view region;
    std::string_view country;
    int latitude100 = 0;
    int longitude100 = 0;
};

struct SignIn {
    std::size_t person = 0;
    std::string address;
    Place place;
    std::string_view application = "Office 365 Exchange Online"; ///< one of kApplications
    int error = 0;                                               ///< 0 or the AADSTS number
    std::string userAgent;                                       ///< empty: the person's own
    bool managedDevice = true;
    bool multiFactor = true;
    std::string_view risk = "none";                              ///< none, low, medium, high
};

struct ModifiedProperty {
    std::string_view name;
    std::string oldValue; ///< JSON text as the service writes it; empty = null
    std::string newValue;
};

struct Audit {
    std::string_view operation;
    std::string_view category;      ///< ApplicationManagement, RoleManagement, …
    std::string_view type;          ///< Add, Assign, Update, …
    std::string_view service = "Core Directory";
    std::size_t initiator = 0;
    std::string address;
    std::string userAgent;
    std::string targetId;
    std::string_view targetType;    ///< User, Application, ServicePrincipal, Group
    std::string targetName;
    std::string targetUpn;          ///< users only
    std::vector<ModifiedProperty> properties;
    bool success = true;
};

/// Entra's sign-in and audit logs as a diagnostic setting exports them.
class EntraLog {
public:
    static constexpr std::string_view kSignInFile = "identity/signinlogs.json";
    static constexpr std::string_view kServicePrincipalFile = "identity/serviceprincipalsigninlogs.json";
    static constexpr std::string_view kAuditFile = "identity/auditlogs.json";

    EntraLog(const Company& company, std::uint64_t seed) : m_company(company), m_random(seed, "entra") {}

    void signIn(Ticks time, const SignIn& facts);
    void servicePrincipalSignIn(Ticks time, std::string_view name, std::string_view appId, std::string_view objectId, std::string_view address,
                                const Place& place);
    void audit(Ticks time, const Audit& facts);
    Result<void> write(FileSet& files);

    Place placeOf(std::size_t person) const;

private:
    void signInProperties(JsonWriter& json, Ticks time, const SignIn& facts, const std::string& correlation);
    const Company& m_company;
    Random m_random;
    RecordList m_signIns;
    RecordList m_servicePrincipals;
    RecordList m_audits;
};

} // namespace tocsin::samplecase
