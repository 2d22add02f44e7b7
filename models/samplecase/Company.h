// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "samplecase/Random.h"

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::samplecase {

/// An account of a Windows domain or machine.
struct Account {
    std::string name;
    std::string domain;
    std::string sid;
};

struct Office {
    std::string_view city;
    std::string_view region;
    std::string_view country; ///< two letters
    int latitude100 = 0;      ///< hundredths of a degree
    int longitude100 = 0;
    std::string_view egress;  ///< public address of the office
};

struct Person {
    std::string displayName;
    std::string upn;
    std::string objectId;
    Account account;
    std::size_t office = 0;
    std::string homeAddress;     ///< public address when working from home
    std::string workstationIp;
    std::string device;
    std::string department;
    std::string userAgent;
    std::string browser;
    std::string operatingSystem;
};

struct Host {
    std::string name;     ///< `mgmt-vm01`
    std::string computer; ///< as the event log writes it: `mgmt-vm01.corp.northwharf.example`
    std::string ip;
    std::string machineSid;
    bool sysmon = false;
};

/// North Wharf Ferries: everything of the demo case that stays the same from event to event.
struct Company {
    static constexpr std::string_view kName = "North Wharf Ferries";
    static constexpr std::string_view kDomain = "NORTHWHARF";
    static constexpr std::string_view kDnsDomain = "corp.northwharf.example";
    static constexpr std::string_view kMailDomain = "northwharf.example";
    static constexpr std::string_view kSubscription = "11111111-2222-3333-4444-555555555555";
    static constexpr std::string_view kResourceGroup = "rg-prod";
    static constexpr std::string_view kRegion = "westeurope";
    static constexpr std::string_view kStorageAccount = "nwfinancedata";
    static constexpr std::string_view kDomainSid = "S-1-5-21-1188420021-3302291174-2908871003";

    // Addresses of the intruder, all from the blocks kept for documentation (RFC 5737).
    static constexpr std::string_view kScanner = "198.51.100.23";
    static constexpr std::string_view kSprayer = "203.0.113.77";
    static constexpr std::string_view kRelay = "203.0.113.91";
    static constexpr std::string_view kInternalScanner = "10.1.5.20"; ///< the company's own vulnerability scanner scan-vm01: a decoy

    std::string tenantId;
    std::vector<Person> people;
    std::vector<Office> offices;

    Host workstation; ///< wks-0231
    Host dc;
    Host mgmt;
    Host app;
    Host db;

    std::size_t victim = 0; ///< the controller whose password is guessed
    std::size_t admin = 0;  ///< the cloud administrator whose rights are stolen
    std::size_t typist = 0; ///< mistypes the password: a decoy
    Account adminAccount;   ///< the administrator's second, privileged account
    Account backup;         ///< svc-backup: a decoy
    Account local;          ///< the account the intruder makes

    explicit Company(std::uint64_t seed);

    const Person& victimPerson() const { return people[victim]; }
    const Person& adminPerson() const { return people[admin]; }
    /// `/subscriptions/…/resourceGroups/rg-prod/providers/` + the rest.
    static std::string resourceId(std::string_view provider);
    static Account system(const Host& host);
    static Account machine(const Host& host);
};

} // namespace tocsin::samplecase
