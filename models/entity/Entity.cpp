// SPDX-License-Identifier: GPL-3.0-or-later
#include "entity/Entity.h"

#include "base/IpAddress.h"
#include "base/Utf8.h"

#include <algorithm>
#include <array>

namespace tocsin::entity {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Names that stand for no particular account (published list of Microsoft Sentinel's entity mapping).
constexpr std::array<std::string_view, 11> kNobody{"ADMIN", "ADMINISTRATOR", "SYSTEM", "ROOT", "ANONYMOUS", "AUTHENTICATED USER",
                                                   "NETWORK", "NULL", "LOCAL SYSTEM", "LOCALSYSTEM", "NETWORK SERVICE"};
/// Domains every machine has, which therefore say nothing about which account it is.
constexpr std::array<std::string_view, 6> kBuiltInDomains{"nt authority", "builtin", "workgroup", "window manager", "font driver host", "nt service"};

/// Which identifiers make a type recognisable: any one of a group of sets; the first sets are the strongest.
struct TypeFacts {
    std::string_view type;
    std::string_view serviceName; ///< the `Type` in the Entities column
    std::vector<std::vector<std::string_view>> strong;
    std::vector<std::string_view> weak;
};

const std::vector<TypeFacts>& typeFacts()
{
    static const std::vector<TypeFacts> facts{
        {"Account", "account", {{"AadUserId"}, {"Sid"}, {"Name", "UPNSuffix"}, {"Name", "NTDomain"}, {"Name", "DnsDomain"}, {"PUID"}, {"ObjectGuid"}}, {"Name", "DisplayName"}},
        {"Host", "host", {{"AzureID"}, {"OMSAgentID"}, {"HostName", "DnsDomain"}, {"HostName", "NTDomain"}, {"NetBiosName", "NTDomain"}, {"NetBiosName", "DnsDomain"}}, {"HostName", "NetBiosName"}},
        {"IP", "ip", {{"Address"}}, {}},
        {"URL", "url", {{"Url"}}, {}},
        {"DNS", "dns", {{"DomainName"}}, {}},
        {"File", "file", {{"Directory", "Name"}}, {"Name"}},
        {"FileHash", "filehash", {{"Algorithm", "Value"}}, {"Value"}},
        {"Process", "process", {}, {"ProcessId", "CommandLine"}},
        {"AzureResource", "azure-resource", {{"ResourceId"}}, {}},
        {"CloudApplication", "cloud-application", {{"AppId"}, {"Name"}}, {}},
        {"Malware", "malware", {{"Name", "Category"}}, {"Name"}},
        {"RegistryKey", "registry-key", {{"Hive", "Key"}}, {"Key"}},
        {"RegistryValue", "registry-value", {{"Name", "Value"}}, {"Name"}},
        {"SecurityGroup", "security-group", {{"SID"}, {"ObjectGuid"}, {"DistinguishedName"}}, {"DistinguishedName"}},
        {"Mailbox", "mailbox", {{"MailboxPrimaryAddress"}}, {}},
        {"MailMessage", "mail-message", {{"NetworkMessageId", "Recipient"}}, {"NetworkMessageId", "Recipient"}},
        {"MailCluster", "mail-cluster", {{"Query", "Source"}}, {"Query"}},
        {"SubmissionMail", "submission-mail", {{"NetworkMessageId", "Recipient"}}, {"SubmissionId"}},
        {"IoTDevice", "iotdevice", {{"IoTHub", "DeviceId"}}, {"DeviceId"}}};
    return facts;
}

const TypeFacts* factsOf(std::string_view type)
{
    for (const TypeFacts& facts : typeFacts())
        if (equalsIgnoringCase(facts.type, type) || equalsIgnoringCase(facts.serviceName, type))
            return &facts;
    return nullptr;
}

void setIfAbsent(Fields& fields, std::string_view name, std::string_view value)
{
    if (value.empty())
        return;
    const bool known = std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
    if (!known)
        fields.emplace_back(name, value);
}

const std::string* find(const Fields& fields, std::string_view name)
{
    for (const auto& [key, value] : fields)
        if (key == name)
            return &value;
    return nullptr;
}

/// `user@suffix` and `DOMAIN\user` carry two identifiers in one text.
void splitAccount(Fields& fields, std::string_view identifier)
{
    const std::string* full = find(fields, identifier);
    if (!full)
        return;
    const std::string text = *full;
    std::erase_if(fields, [&](const auto& field) { return field.first == identifier; });
    if (const auto at = text.find('@'); at != std::string::npos && at > 0) {
        setIfAbsent(fields, "Name", std::string_view(text).substr(0, at));
        setIfAbsent(fields, "UPNSuffix", std::string_view(text).substr(at + 1));
    } else if (const auto slash = text.find('\\'); slash != std::string::npos) {
        setIfAbsent(fields, "NTDomain", std::string_view(text).substr(0, slash));
        setIfAbsent(fields, "Name", std::string_view(text).substr(slash + 1));
    } else {
        setIfAbsent(fields, "Name", text);
    }
}

void splitHost(Fields& fields, std::string_view identifier)
{
    const std::string* full = find(fields, identifier);
    if (!full || parseIp(*full))
        return;
    const std::string text = *full;
    const auto dot = text.find('.');
    if (dot == std::string::npos && identifier == "HostName")
        return;
    std::erase_if(fields, [&](const auto& field) { return field.first == identifier; });
    setIfAbsent(fields, "HostName", std::string_view(text).substr(0, dot));
    if (dot != std::string::npos)
        setIfAbsent(fields, "DnsDomain", std::string_view(text).substr(dot + 1));
}

bool isNobody(const Fields& fields)
{
    const std::string* name = find(fields, "Name");
    const std::string* sid = find(fields, "Sid");
    if (sid && (sid->starts_with("S-1-5-21-") || sid->starts_with("S-1-12-")) && !sid->ends_with("-500"))
        return false;
    if (sid && !name)
        return true; // a well-known SID
    if (!name)
        return false;
    if (name->empty() || *name == "-" || name->ends_with('$'))
        return true;
    return std::any_of(kNobody.begin(), kNobody.end(), [&](std::string_view nobody) { return equalsIgnoringCase(*name, nobody); });
}

bool hasBuiltInDomain(const Fields& fields)
{
    const std::string* domain = find(fields, "NTDomain");
    return domain && std::any_of(kBuiltInDomains.begin(), kBuiltInDomains.end(), [&](std::string_view known) { return equalsIgnoringCase(*domain, known); });
}

std::string keyText(std::string_view type, std::string_view identifiers, std::string_view values)
{
    std::string key(type);
    key += '|';
    key += identifiers;
    key += '|';
    key += values;
    return foldCase(key);
}

bool validAddress(const Fields& fields)
{
    const std::string* address = find(fields, "Address");
    const auto parsed = address ? parseIp(*address) : std::nullopt;
    if (!parsed)
        return false;
    static const IpPrefix loopback4 = *parsePrefix("127.0.0.0/8");
    static const IpPrefix unspecified6 = *parsePrefix("::/127");
    return !loopback4.contains(*parsed) && !unspecified6.contains(*parsed) && *address != "0.0.0.0";
}

} // namespace

const std::string* Entity::field(std::string_view identifier) const { return find(fields, identifier); }

std::string Entity::label() const
{
    const auto text = [&](std::string_view name) { const std::string* value = field(name); return value ? *value : std::string(); };
    if (type == "Account") {
        const std::string name = text("Name");
        if (!name.empty() && field("UPNSuffix"))
            return name + "@" + text("UPNSuffix");
        if (!name.empty() && field("NTDomain"))
            return text("NTDomain") + "\\" + name;
        return !name.empty() ? name : fields.empty() ? std::string() : fields.front().second;
    }
    if (type == "Host") {
        const std::string name = field("HostName") ? text("HostName") : text("NetBiosName");
        if (!name.empty())
            return field("DnsDomain") ? name + "." + text("DnsDomain") : name;
    }
    if (type == "AzureResource") {
        const std::string id = text("ResourceId");
        return id.substr(id.rfind('/') + 1);
    }
    if (type == "File" && field("Directory"))
        return text("Directory") + (text("Directory").find('\\') != std::string::npos ? "\\" : "/") + text("Name");
    if (type == "FileHash")
        return text("Value");
    if (type == "Process" && field("CommandLine"))
        return text("CommandLine");
    return fields.empty() ? std::string() : fields.front().second;
}

std::optional<Entity> makeEntity(std::string_view type, Fields fields)
{
    const TypeFacts* facts = factsOf(type);
    if (!facts)
        return std::nullopt;
    std::erase_if(fields, [](const auto& field) { return trimSpaces(field.second).empty(); });
    for (auto& [name, value] : fields)
        value = std::string(trimSpaces(value));
    if (facts->type == "Account") {
        splitAccount(fields, "FullName");
        if (const std::string* name = find(fields, "Name"); name && name->find_first_of("@\\") != std::string::npos)
            splitAccount(fields, "Name");
        if (isNobody(fields))
            return std::nullopt;
    } else if (facts->type == "Host") {
        splitHost(fields, "FullName");
        splitHost(fields, "HostName");
    } else if (facts->type == "IP" && !validAddress(fields)) {
        return std::nullopt;
    }
    Entity entity{std::string(facts->type), std::move(fields)};
    if (entityKeys(entity).empty())
        return std::nullopt;
    return entity;
}

std::vector<EntityKey> entityKeys(const Entity& entity)
{
    std::vector<EntityKey> keys;
    const TypeFacts* facts = factsOf(entity.type);
    if (!facts)
        return keys;
    for (const auto& set : facts->strong) {
        std::string names, values;
        bool complete = true;
        for (const std::string_view identifier : set) {
            const std::string* value = entity.field(identifier);
            if (!value || value->empty()) {
                complete = false;
                break;
            }
            names += names.empty() ? "" : "+";
            names += identifier;
            values += values.empty() ? "" : "|";
            values += *value;
        }
        if (complete && !(entity.type == "Account" && names == "Name+NTDomain" && hasBuiltInDomain(entity.fields)))
            keys.push_back({keyText(entity.type, names, values), true});
    }
    for (const std::string_view identifier : facts->weak)
        if (const std::string* value = entity.field(identifier))
            keys.push_back({keyText(entity.type, identifier, *value), false});
    return keys;
}

void mergeInto(std::vector<Entity>& entities, Entity entity)
{
    const std::vector<EntityKey> keys = entityKeys(entity);
    for (Entity& known : entities) {
        if (known.type != entity.type)
            continue;
        const std::vector<EntityKey> knownKeys = entityKeys(known);
        const bool onlyWeak = keys.empty() || !keys.front().strong;
        const bool same = std::any_of(keys.begin(), keys.end(), [&](const EntityKey& key) {
            return (key.strong || onlyWeak) && std::any_of(knownKeys.begin(), knownKeys.end(), [&](const EntityKey& other) { return other.text == key.text && other.strong == key.strong; });
        });
        if (!same)
            continue;
        for (auto& [name, value] : entity.fields)
            setIfAbsent(known.fields, name, value);
        return;
    }
    entities.push_back(std::move(entity));
}

std::string_view serviceTypeName(std::string_view type)
{
    const TypeFacts* facts = factsOf(type);
    return facts ? facts->serviceName : type;
}

std::string_view typeFromServiceName(std::string_view name)
{
    const TypeFacts* facts = factsOf(name);
    return facts ? facts->type : std::string_view();
}

} // namespace tocsin::entity
