// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/Intrusion.h"

#include "base/Json.h"

#include <array>

namespace tocsin::samplecase {

namespace {

constexpr Place kHosting{"Amsterdam", "Noord-Holland", "NL", 5237, 490};
constexpr std::string_view kToolAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// The administrator's session, used from the management server.
Caller stolenAdmin(const CaseLogs& logs)
{
    Caller caller;
    caller.person = logs.company.admin;
    caller.address = std::string(Company::kRelay);
    caller.role = "Owner";
    return caller;
}

/// The application with the credential that the intruder added.
Caller stolenApplication(const CaseLogs& logs)
{
    Caller caller;
    caller.appId = telemetryAppId(logs.seed);
    caller.objectId = telemetryObjectId(logs.seed);
    caller.address = std::string(Company::kRelay);
    caller.role = "Owner";
    return caller;
}

std::string jsonText(std::string_view text) { return '"' + std::string(text) + '"'; }

} // namespace

void plantReconnaissance(CaseLogs& logs)
{
    Random random(logs.seed, "reconnaissance");
    const Ticks begin = logs.at(0, 22, 5);
    Ticks time = begin;
    for (int i = 0; i < 720; ++i) {
        time += random.between(1200, 3400) * kTicksPerMillisecond;
        Flow flow;
        flow.time = time;
        flow.source = Company::kScanner;
        flow.target = "10.1.1.4";
        flow.targetPort = i < 20 ? std::array{21, 22, 23, 25, 53, 80, 110, 135, 139, 143, 389, 443, 445, 1433, 1521, 3306, 3389, 5432, 5985, 8080}[static_cast<std::size_t>(i)]
                                 : static_cast<int>(random.between(1024, 65000));
        flow.group = "app-nsg";
        flow.allowed = flow.targetPort == 80 || flow.targetPort == 443;
        flow.rule = flow.allowed ? "UserRule_Allow-Web-In" : "DefaultRule_DenyAllInBound";
        flow.seconds = 2;
        flow.sentPackets = 3;
        flow.sentBytes = 180;
        flow.receivedPackets = 2;
        flow.receivedBytes = 120;
        logs.flows.add(flow);
    }
    logs.plant(begin, attack::Stage::Reconnaissance, "app-vm01 (10.1.1.4)",
               "Port scan of the order portal from " + std::string(Company::kScanner) + ": 720 ports in about half an hour, nearly all denied.", FlowLog::path("app-nsg"));
}

void plantSpray(CaseLogs& logs)
{
    Random random(logs.seed, "spray");
    SignIn attempt;
    attempt.address = Company::kSprayer;
    attempt.place = kHosting;
    attempt.application = "Azure Portal";
    attempt.userAgent = kToolAgent;
    attempt.managedDevice = false;
    attempt.multiFactor = false;
    Ticks time = logs.at(1, 2, 0);
    logs.plant(time, attack::Stage::Intrusion, std::string(Company::kSprayer),
               "Password spray against 40 accounts: three rounds of ResultType 50126 within 50 minutes.", std::string(EntraLog::kSignInFile));
    for (int round = 0; round < 3; ++round) {
        for (std::size_t person = 0; person < logs.company.people.size(); ++person) {
            time += random.between(18, 29) * kTicksPerSecond;
            attempt.person = person;
            attempt.error = round == 2 && person % 9 == 4 ? 50053 : 50126;
            attempt.risk = "none";
            logs.entra.signIn(jitter(random, time), attempt);
        }
    }
    attempt.person = logs.company.victim;
    attempt.error = 0;
    attempt.risk = "medium";
    const Ticks success = logs.at(1, 2, 58, 14);
    logs.entra.signIn(success, attempt);
    logs.plant(success, attack::Stage::Intrusion, logs.company.victimPerson().upn,
               "Sign-in to the Azure Portal from the spraying address in NL, a country the account never used: the password was guessed.", std::string(EntraLog::kSignInFile));
    attempt.address = Company::kRelay;
    attempt.application = "Office 365 Exchange Online";
    logs.entra.signIn(logs.at(1, 3, 1, 40), attempt);
}

void plantPersistence(CaseLogs& logs)
{
    const Company& company = logs.company;
    const Person& victim = company.victimPerson();
    Random random(logs.seed, "persistence");
    Audit audit;
    audit.initiator = company.victim;
    audit.address = Company::kRelay;
    audit.userAgent = kToolAgent;

    audit.operation = "User registered security info";
    audit.category = "UserManagement";
    audit.type = "Add";
    audit.service = "Authentication Methods";
    audit.targetId = victim.objectId;
    audit.targetType = "User";
    audit.targetName = victim.displayName;
    audit.targetUpn = victim.upn;
    logs.entra.audit(logs.at(1, 3, 5, 22), audit);
    logs.plant(logs.at(1, 3, 5, 22), attack::Stage::Exploitation, victim.upn, "The intruder registers an authenticator as a second factor for the account.", std::string(EntraLog::kAuditFile));

    audit.operation = "Consent to application";
    audit.category = "ApplicationManagement";
    audit.type = "Assign";
    audit.service = "Core Directory";
    audit.targetId = random.guidText();
    audit.targetType = "ServicePrincipal";
    audit.targetName = "Invoice Sync Helper";
    audit.targetUpn.clear();
    audit.properties = {{"ConsentContext.IsAdminConsent", "", jsonText("False")},
                        {"ConsentAction.Permissions", "",
                         jsonText("[] => [[Id: " + random.hex(20) + ", ClientId: " + audit.targetId + ", PrincipalId: " + victim.objectId
                                + ", ResourceId: 00000003-0000-0000-c000-000000000000, ConsentType: Principal, Scope: Mail.Read Files.Read.All offline_access]]")},
                        {"TargetId.ServicePrincipalNames", "", jsonText(audit.targetId)}};
    logs.entra.audit(logs.at(1, 3, 12, 9), audit);
    logs.plant(logs.at(1, 3, 12, 9), attack::Stage::Exploitation, victim.upn, "Consent to the unknown application \"Invoice Sync Helper\" for mail, files and offline access.",
               std::string(EntraLog::kAuditFile));

    audit.operation = "Update application – Certificates and secrets management ";
    audit.type = "Update";
    audit.targetId = telemetryAppId(logs.seed);
    audit.targetType = "Application";
    audit.targetName = kTelemetryApp;
    const std::string known = "[KeyIdentifier=" + random.guidText() + ",KeyType=AsymmetricX509Cert,KeyUsage=Verify,DisplayName=CN=telemetry]";
    const std::string added = "[KeyIdentifier=" + random.guidText() + ",KeyType=Password,KeyUsage=Verify,DisplayName=sync]";
    audit.properties = {{"KeyDescription", "[\"" + known + "\"]", "[\"" + known + "\",\"" + added + "\"]"},
                        {"Included Updated Properties", "", jsonText("KeyDescription")}};
    logs.entra.audit(logs.at(1, 3, 20, 51), audit);
    logs.plant(logs.at(1, 3, 20, 51), attack::Stage::Exploitation, std::string(kTelemetryApp),
               "A second credential (password) is added to the application, which its owner " + victim.upn + " may do.", std::string(EntraLog::kAuditFile));
}

void plantCloudPrivileges(CaseLogs& logs)
{
    const Company& company = logs.company;
    const Person& victim = company.victimPerson();
    SignIn signIn;
    signIn.person = company.admin;
    signIn.address = Company::kRelay;
    signIn.place = kHosting;
    signIn.application = "Microsoft Azure CLI";
    signIn.userAgent = "azsdk-python-azure-mgmt-resource/24.0.0 Python/3.12 (Linux)";
    signIn.managedDevice = false;
    signIn.risk = "high";
    logs.entra.signIn(logs.at(1, 10, 58, 3), signIn);
    logs.plant(logs.at(1, 10, 58, 3), attack::Stage::Intrusion, company.adminPerson().upn,
               "The administrator's token, taken on mgmt-vm01, is used from " + std::string(Company::kRelay) + " in NL.", std::string(EntraLog::kSignInFile));

    Audit audit;
    audit.operation = "Add member to role";
    audit.category = "RoleManagement";
    audit.type = "Assign";
    audit.initiator = company.admin;
    audit.address = Company::kRelay;
    audit.userAgent = signIn.userAgent;
    audit.targetId = victim.objectId;
    audit.targetType = "User";
    audit.targetName = victim.displayName;
    audit.targetUpn = victim.upn;
    audit.properties = {{"Role.ObjectID", "", jsonText("5b3d8c70-2b7e-4d0f-9b3a-0a3d1c0fa001")},
                        {"Role.DisplayName", "", jsonText("Global Administrator")},
                        {"Role.TemplateId", "", jsonText("62e90394-69f5-4237-9190-012177145e10")}};
    logs.entra.audit(logs.at(1, 11, 2, 37), audit);
    logs.plant(logs.at(1, 11, 2, 37), attack::Stage::PrivilegeEscalation, victim.upn, "Made Global Administrator outside of Privileged Identity Management.",
               std::string(EntraLog::kAuditFile));

    std::string body = R"({"properties":{"roleDefinitionId":"/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635","principalId":)";
    appendJsonString(body, telemetryObjectId(logs.seed));
    body += R"(,"principalType":"ServicePrincipal"}})";
    logs.activity.operation(logs.at(1, 11, 5, 12), stolenAdmin(logs), "Microsoft.Authorization/roleAssignments/write",
                            "/subscriptions/" + std::string(Company::kSubscription) + "/providers/Microsoft.Authorization/roleAssignments/"
                                + Random(logs.seed, "assignment").guidText(),
                            body);
    logs.plant(logs.at(1, 11, 5, 12), attack::Stage::PrivilegeEscalation, std::string(kTelemetryApp), "Role assignment: Owner of the whole subscription for the application.",
               std::string(ActivityLog::kFile));
    for (const int minute : {14, 44})
        logs.entra.servicePrincipalSignIn(logs.at(1, 11, minute, 7), kTelemetryApp, telemetryAppId(logs.seed), telemetryObjectId(logs.seed), Company::kRelay, kHosting);
    logs.entra.servicePrincipalSignIn(logs.at(1, 23, 2, 31), kTelemetryApp, telemetryAppId(logs.seed), telemetryObjectId(logs.seed), Company::kRelay, kHosting);
}

void plantCloudConcealment(CaseLogs& logs)
{
    const Caller caller = stolenApplication(logs);
    const Ticks opened = logs.at(1, 12, 10, 5);
    logs.activity.operation(opened, caller, "Microsoft.Network/networkSecurityGroups/securityRules/write",
                            Company::resourceId("Microsoft.Network/networkSecurityGroups/db-nsg/securityRules/allow-any-temp"),
                            R"({"properties":{"priority":100,"direction":"Outbound","access":"Allow","protocol":"*","sourceAddressPrefix":"*","destinationAddressPrefix":"*","destinationPortRange":"*"}})");
    logs.plant(opened, attack::Stage::Obfuscation, "db-nsg", "Network security rule allow-any-temp opens every outbound port of the database subnet.", std::string(ActivityLog::kFile));
    const Ticks deleted = logs.at(2, 2, 12, 4);
    const std::string storage = Company::resourceId("Microsoft.Storage/storageAccounts/nwfinancedata/blobServices/default/providers/Microsoft.Insights/diagnosticSettings/to-workspace");
    logs.activity.operation(deleted, caller, "Microsoft.Insights/diagnosticSettings/delete", storage);
    logs.plant(deleted, attack::Stage::Obfuscation, std::string(Company::kStorageAccount), "The storage account's diagnostic setting and the flow logs of two NSGs are deleted.",
               std::string(ActivityLog::kFile));
    Caller admin;
    admin.person = logs.company.admin;
    admin.address = std::string(logs.company.offices[0].egress);
    logs.activity.operation(logs.at(2, 6, 50, 11), admin, "Microsoft.Insights/diagnosticSettings/write", storage);
    int second = 15;
    for (const std::string_view group : {"db-nsg", "app-nsg"}) {
        const std::string flowLog = Company::resourceId("Microsoft.Network/networkWatchers/NetworkWatcher_westeurope/flowLogs/fl-" + std::string(group));
        logs.activity.operation(logs.at(2, 2, 12, second), caller, "Microsoft.Network/networkWatchers/flowLogs/delete", flowLog);
        logs.activity.operation(logs.at(2, 6, 50, second + 10), admin, "Microsoft.Network/networkWatchers/flowLogs/write", flowLog);
        second += 11;
    }
}

void plantShutdown(CaseLogs& logs)
{
    const Caller caller = stolenApplication(logs);
    int second = 8;
    for (const std::string_view vm : {"app-vm01", "fw-vm01", "au-vm01", "db-vm01", "mgmt-vm01"}) {
        logs.activity.operation(logs.at(2, 2, 25, second), caller, "Microsoft.Compute/virtualMachines/deallocate/action",
                                Company::resourceId("Microsoft.Compute/virtualMachines/" + std::string(vm)));
        second += 9;
    }
    logs.plant(logs.at(2, 2, 25, 8), attack::Stage::DenialOfService, "rg-prod", "All five production machines are deallocated within a minute.", std::string(ActivityLog::kFile));
    Caller admin;
    admin.person = logs.company.admin;
    admin.address = std::string(logs.company.offices[0].egress);
    second = 5;
    for (const std::string_view vm : {"fw-vm01", "app-vm01", "au-vm01", "db-vm01", "mgmt-vm01"}) {
        logs.activity.operation(logs.at(2, 6, 42, second), admin, "Microsoft.Compute/virtualMachines/start/action",
                                Company::resourceId("Microsoft.Compute/virtualMachines/" + std::string(vm)));
        second += 10;
    }
}

void plantBlobTheft(CaseLogs& logs)
{
    Random random(logs.seed, "theft");
    const Ticks keys = logs.at(1, 23, 5, 18);
    logs.activity.operation(keys, stolenApplication(logs), "Microsoft.Storage/storageAccounts/listKeys/action",
                            Company::resourceId("Microsoft.Storage/storageAccounts/" + std::string(Company::kStorageAccount)));
    logs.plant(keys, attack::Stage::Exfiltration, std::string(Company::kStorageAccount), "The application lists the account's access keys.", std::string(ActivityLog::kFile));

    const Ticks opened = logs.at(1, 23, 8, 40);
    logs.activity.operation(opened, stolenApplication(logs), "Microsoft.Storage/storageAccounts/write",
                            Company::resourceId("Microsoft.Storage/storageAccounts/" + std::string(Company::kStorageAccount)),
                            R"({"properties":{"networkAcls":{"defaultAction":"Allow"}}})");
    logs.plant(opened, attack::Stage::Obfuscation, std::string(Company::kStorageAccount), "The account's firewall is opened to all networks; until now only the private endpoint reached it.",
               std::string(ActivityLog::kFile));

    StorageRequest request;
    request.address = Company::kRelay;
    request.userAgent = "AzCopy/10.27.1 Azure-Storage/1.0.0 (go1.23; linux)";
    request.authentication = "AccountKey";
    Ticks time = logs.at(1, 23, 12);
    logs.plant(time, attack::Stage::Exfiltration, std::string(Company::kStorageAccount),
               "1,640 blobs of payroll, contracts and ledger are downloaded from " + std::string(Company::kRelay) + " with the account key.", std::string(StorageLog::kReadFile));
    struct Container {
        std::string name;
        std::string file;
    };
    const std::array<Container, 3> containers{Container{"payroll", "payslips"}, Container{"contracts", "contract"}, Container{"ledger", "ledger"}};
    for (const Container& container : containers) {
        request.operation = "ListBlobs";
        request.blob = container.name;
        request.bytes = 41'200;
        logs.storage.add(jitter(random, time), request);
        time += 4 * kTicksPerSecond;
    }
    request.operation = "GetBlob";
    for (int i = 0; i < 1640; ++i) {
        time += random.between(1600, 4900) * kTicksPerMillisecond;
        const Container& container = containers[static_cast<std::size_t>(i) * 3 / 1640];
        request.blob = container.name + "/2025/" + container.file + '-' + std::to_string(100000 + i) + (i % 4 == 0 ? ".xlsx" : ".pdf");
        request.bytes = static_cast<std::uint64_t>(random.between(4'000'000, 31'000'000));
        logs.storage.add(time, request);
    }
}

} // namespace tocsin::samplecase
