// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/CaseLogs.h"

#include <array>

namespace tocsin::samplecase {

namespace {

void signIns(CaseLogs& logs)
{
    const Company& company = logs.company;
    Random random(logs.seed, "signins");
    static constexpr std::array<std::string_view, 8> kUsual{"Office 365 Exchange Online", "Office 365 Exchange Online", "Office 365 Exchange Online",
        "Office 365 SharePoint Online", "Office 365 SharePoint Online", "Microsoft Teams", "Microsoft Teams", "Microsoft Teams"};
    for (int day = 0; day < 3; ++day) {
        for (std::size_t index = 0; index < company.people.size(); ++index) {
            const Person& person = company.people[index];
            const bool home = random.chance(25);
            const auto count = random.between(8, 14) * logs.scale;
            for (std::int64_t i = 0; i < count; ++i) {
                const Ticks time = logs.at(day, 6, 40) + random.between(0, 10 * 3600) * kTicksPerSecond + random.between(0, kTicksPerSecond - 1);
                SignIn facts;
                facts.person = index;
                facts.address = home ? person.homeAddress : std::string(company.offices[person.office].egress);
                facts.place = logs.entra.placeOf(index);
                facts.application = person.department == "IT Operations" && random.chance(35) ? std::string_view("Azure Portal") : random.pick(kUsual);
                if (random.chance(3)) {
                    facts.error = random.chance(60) ? 50126 : random.chance(50) ? 50140 : 50074;
                    logs.entra.signIn(time - 14 * kTicksPerSecond, facts);
                    facts.error = 0;
                }
                logs.entra.signIn(time, facts);
            }
        }
    }
}

void directoryChanges(CaseLogs& logs)
{
    const Company& company = logs.company;
    Random random(logs.seed, "directory");
    struct Change {
        std::string_view operation;
        std::string_view category;
        std::string_view type;
        std::string_view property;
    };
    static constexpr std::array kChanges{Change{"Update user", "UserManagement", "Update", "Department"},
                                         Change{"Add member to group", "GroupManagement", "Assign", "Group.DisplayName"},
                                         Change{"Reset password (self-service)", "UserManagement", "Update", ""},
                                         Change{"Update device", "Device", "Update", "IsCompliant"},
                                         Change{"Change user license", "UserManagement", "Update", "AssignedLicense"}};
    constexpr std::array<std::size_t, 4> kOperators{1, 8, 22, 38}; // the people of IT Operations
    for (int day = 0; day < 3; ++day) {
        for (int i = 0; i < 24 * logs.scale; ++i) {
            const Change& change = random.pick(kChanges);
            const Person& target = random.pick(company.people);
            Audit audit;
            audit.operation = change.operation;
            audit.category = change.category;
            audit.type = change.type;
            audit.initiator = change.operation.starts_with("Reset") ? static_cast<std::size_t>(&target - company.people.data()) : random.pick(kOperators);
            audit.address = std::string(company.offices[company.people[audit.initiator].office].egress);
            audit.targetId = target.objectId;
            audit.targetType = "User";
            audit.targetName = target.displayName;
            audit.targetUpn = target.upn;
            if (!change.property.empty())
                audit.properties = {{change.property, "[]", "[\"" + target.department + "\"]"}};
            logs.entra.audit(logs.at(day, 7) + random.between(0, 9 * 3600) * kTicksPerSecond + random.between(0, kTicksPerSecond - 1), audit);
        }
    }
}

void resourceManagement(CaseLogs& logs)
{
    Random random(logs.seed, "management");
    struct Operation {
        std::string_view name;
        std::string_view resource;
    };
    static constexpr std::array kOperations{
        Operation{"Microsoft.Resources/tags/write", "Microsoft.Compute/virtualMachines/app-vm01"},
        Operation{"Microsoft.Compute/disks/write", "Microsoft.Compute/disks/db-vm01-data"},
        Operation{"Microsoft.Compute/snapshots/write", "Microsoft.Compute/snapshots/db-vm01-daily"},
        Operation{"Microsoft.Insights/metricAlerts/write", "Microsoft.Insights/metricAlerts/cpu-high"},
        Operation{"Microsoft.Compute/virtualMachines/restart/action", "Microsoft.Compute/virtualMachines/au-vm01"},
        Operation{"Microsoft.Storage/storageAccounts/write", "Microsoft.Storage/storageAccounts/nwfinancedata"},
        Operation{"Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/backup/action", "Microsoft.RecoveryServices/vaults/rsv-prod"},
        Operation{"Microsoft.Network/networkSecurityGroups/write", "Microsoft.Network/networkSecurityGroups/mgmt-nsg"}};
    constexpr std::array<std::size_t, 3> kOperators{1, 8, 22};
    for (int day = 0; day < 3; ++day) {
        for (int i = 0; i < 38 * logs.scale; ++i) {
            // Restarts and rule changes are rare; the rest is routine.
            const Operation& operation = kOperations[random.chance(8) ? 4 : random.chance(5) ? 7 : random.below(4)];
            Caller caller;
            caller.person = random.pick(kOperators);
            caller.address = std::string(logs.company.offices[logs.company.people[*caller.person].office].egress);
            logs.activity.operation(logs.at(day, 7) + random.between(0, 9 * 3600) * kTicksPerSecond + random.between(0, kTicksPerSecond - 1), caller,
                                    operation.name, Company::resourceId(operation.resource), {}, !random.chance(2));
        }
    }
}

void financeFiles(CaseLogs& logs)
{
    const Company& company = logs.company;
    Random random(logs.seed, "finance");
    std::vector<const Person*> readers;
    for (const Person& person : company.people)
        if (person.department == "Finance" || person.department == "People")
            readers.push_back(&person);
    static constexpr std::array kContainers{"payroll", "contracts", "ledger"};
    for (int day = 0; day < 3; ++day) {
        for (int i = 0; i < 260 * logs.scale; ++i) {
            const Person& person = *random.pick(readers);
            const std::string container = random.pick(kContainers);
            StorageRequest request;
            request.operation = random.chance(72) ? "GetBlob" : random.chance(55) ? "ListBlobs" : random.chance(80) ? "PutBlob" : "DeleteBlob";
            request.blob = container + (request.operation == "ListBlobs" ? std::string() : "/2026/" + container + '-' + std::to_string(300000 + random.below(4000)) + ".pdf");
            request.address = person.workstationIp; // through the private endpoint
            request.userAgent = "Microsoft Azure Storage Explorer, 1.38.0, win32, Azure-Storage/2.0 azsdk-js-storageblob/12.26.0";
            request.objectId = person.objectId;
            request.upn = person.upn;
            request.bytes = request.operation == "ListBlobs" ? 22'000 : static_cast<std::uint64_t>(random.between(60'000, 2'400'000));
            if (random.chance(2)) {
                request.status = 404;
                request.statusText = "BlobNotFound";
                request.bytes = 215;
            }
            logs.storage.add(logs.at(day, 7) + random.between(0, 9 * 3600) * kTicksPerSecond + random.between(0, kTicksPerSecond - 1), request);
        }
    }
}

} // namespace

void addCloudNoise(CaseLogs& logs)
{
    signIns(logs);
    directoryChanges(logs);
    resourceManagement(logs);
    financeFiles(logs);
}

} // namespace tocsin::samplecase
