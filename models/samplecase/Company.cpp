// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/Company.h"

#include <array>
#include <cctype>

namespace tocsin::samplecase {

namespace {

struct Name {
    std::string_view given;
    std::string_view family;
    std::string_view department;
};

// The people are invented; the first three have parts in the story.
constexpr std::array kNames{
    Name{"Maya", "Lindqvist", "Finance"},       Name{"Tomas", "Reyer", "IT Operations"},   Name{"Oskar", "Pell", "Terminal"},
    Name{"Ines", "Almeida", "Finance"},         Name{"Hugh", "Carrow", "Fleet"},           Name{"Signe", "Bastholm", "Booking"},
    Name{"Daniel", "Okoro", "Fleet"},           Name{"Freya", "Marsh", "Booking"},         Name{"Lukas", "Brandt", "IT Operations"},
    Name{"Aoife", "Keane", "Crew Planning"},    Name{"Piotr", "Wilk", "Engineering"},      Name{"Hanna", "Sorensen", "Crew Planning"},
    Name{"Rhys", "Tolland", "Terminal"},        Name{"Clara", "Voss", "Legal"},            Name{"Emre", "Aksoy", "Engineering"},
    Name{"Nadia", "Haddad", "Booking"},         Name{"Peter", "Hollis", "Finance"},        Name{"Julia", "Stern", "Marketing"},
    Name{"Marek", "Dvorak", "Fleet"},           Name{"Siobhan", "Creed", "People"},        Name{"Anton", "Falk", "Terminal"},
    Name{"Grace", "Penrose", "Finance"},        Name{"Jonas", "Riis", "IT Operations"},    Name{"Leila", "Farouk", "Marketing"},
    Name{"Owen", "Thackray", "Engineering"},    Name{"Birgit", "Holm", "Booking"},         Name{"Samuel", "Adeyemi", "Fleet"},
    Name{"Kirsten", "Vang", "Crew Planning"},   Name{"Colm", "Rafferty", "Terminal"},      Name{"Elena", "Marchetti", "Legal"},
    Name{"Viktor", "Ahlgren", "Engineering"},   Name{"Zoe", "Kingsmill", "People"},        Name{"Bram", "de Witte", "Fleet"},
    Name{"Mette", "Dahl", "Finance"},           Name{"Callum", "Innes", "Terminal"},       Name{"Rosa", "Belmonte", "Booking"},
    Name{"Henrik", "Lund", "Crew Planning"},    Name{"Tessa", "Whitlock", "Marketing"},    Name{"Ibrahim", "Sayed", "IT Operations"},
    Name{"Wanda", "Zielinska", "People"},
};

struct Client {
    std::string_view agent;
    std::string_view browser;
    std::string_view system;
};

constexpr std::array kClients{
    Client{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36 Edg/144.0.0.0",
           "Edge 144.0.0", "Windows10"},
    Client{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36", "Chrome 144.0.0",
           "Windows10"},
    Client{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15", "Safari 18.3",
           "MacOs"},
};

std::string lower(std::string_view text)
{
    std::string out;
    for (const char c : text)
        if (c != ' ')
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

Host makeHost(std::string_view name, std::string_view ip, std::string_view machineSid)
{
    return {std::string(name), std::string(name) + '.' + std::string(Company::kDnsDomain), std::string(ip), std::string(machineSid), true};
}

Person makePerson(std::size_t index, Random& random)
{
    const Name& name = kNames[index];
    Person person;
    person.displayName = std::string(name.given) + ' ' + std::string(name.family);
    person.upn = lower(name.given) + '.' + lower(name.family) + '@' + std::string(Company::kMailDomain);
    person.objectId = random.guidText();
    person.account = {lower(name.given).substr(0, 1) + lower(name.family), std::string(Company::kDomain),
                      std::string(Company::kDomainSid) + '-' + std::to_string(1104 + index)};
    person.office = index < 3 ? 0 : random.below(3);
    person.homeAddress = "192.0.2." + std::to_string(100 + index);
    // The administrator works in the Harwich office, behind the VPN; the others on desktops in the network.
    person.workstationIp = index == 0 ? "10.1.10.31" : index == 1 ? "192.168.50.21" : "10.1.10." + std::to_string(40 + index);
    person.device = index == 0 ? "wks-0231" : "wks-0" + std::to_string(240 + index);
    person.department = name.department;
    const Client& client = index < 3 ? kClients[0] : random.pick(kClients);
    person.userAgent = client.agent;
    person.browser = client.browser;
    person.operatingSystem = client.system;
    return person;
}

} // namespace

Company::Company(std::uint64_t seed)
    : offices{{"Harwich", "Essex", "GB", 5195, 128, "192.0.2.10"},
              {"Esbjerg", "Syddanmark", "DK", 5547, 845, "192.0.2.20"},
              {"Dublin", "Leinster", "IE", 5335, -626, "192.0.2.30"}}
{
    Random random(seed, "company");
    tenantId = random.guidText();
    for (std::size_t i = 0; i < kNames.size(); ++i)
        people.push_back(makePerson(i, random));
    victim = 0;
    admin = 1;
    typist = 2;
    workstation = makeHost("wks-0231", "10.1.10.31", "S-1-5-21-2077411893-1622048125-3390814472");
    dc = makeHost("dc-01", "10.1.6.4", kDomainSid);
    dc.sysmon = false;
    app = makeHost("app-vm01", "10.1.1.4", "S-1-5-21-2611904417-1077325590-3846120098");
    mgmt = makeHost("mgmt-vm01", "10.1.5.4", "S-1-5-21-3920117745-2210849330-1105528846");
    db = makeHost("db-vm01", "10.1.4.4", "S-1-5-21-1749023316-3018842751-2267719034");
    const std::string domain(kDomain);
    const std::string sid(kDomainSid);
    adminAccount = {"adm-treyer", domain, sid + "-1602"};
    backup = {"svc-backup", domain, sid + "-1610"};
    local = {"svc_update", "mgmt-vm01", mgmt.machineSid + "-1003"};
}

std::string Company::resourceId(std::string_view provider)
{
    std::string out = "/subscriptions/" + std::string(kSubscription) + "/resourceGroups/" + std::string(kResourceGroup) + "/providers/";
    out += provider;
    return out;
}

Account Company::system(const Host& host) { return {host.name + '$', std::string(kDomain), "S-1-5-18"}; }

Account Company::machine(const Host& host) { return {host.name + '$', std::string(kDomain), std::string(kDomainSid) + "-1201"}; }

} // namespace tocsin::samplecase
