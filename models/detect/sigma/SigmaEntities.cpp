// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"
#include "detect/sigma/MapFiles.h"
#include "detect/sigma/SigmaHits.h"

namespace tocsin::detect::sigma {
namespace {

constexpr std::size_t kMaxEntities = 500; ///< published limit of entities an alert

using Fields = std::vector<std::pair<std::string, std::string>>;

class Collector {
public:
    Collector(const EventView& event, std::vector<entity::Entity>& entities) : m_event(event), m_entities(entities) {}

    std::string_view value(std::string_view name) const
    {
        for (const EventField& field : m_event.fields)
            if (equalsIgnoringCase(field.name, name) && field.text != "-")
                return field.text;
        return {};
    }
    void add(std::string_view type, Fields fields)
    {
        std::erase_if(fields, [](const auto& field) { return field.second.empty(); });
        if (fields.empty() || m_entities.size() >= kMaxEntities)
            return;
        if (auto made = entity::makeEntity(type, std::move(fields)))
            entity::mergeInto(m_entities, std::move(*made));
    }
    void accounts()
    {
        for (const char* name : {"User", "SourceUser", "TargetUser", "ParentUser", "UserPrincipalName", "Caller"}) {
            const std::string_view user = value(name);
            if (!user.empty() && !user.starts_with("S-1-"))
                add("Account", {{"FullName", std::string(user)}});
        }
        for (const char* role : {"Target", "Subject"}) {
            const std::string prefix(role);
            std::string sid(value(prefix + "UserSid"));
            if (!sid.starts_with("S-1-"))
                sid.clear();
            add("Account", {{"Name", std::string(value(prefix + "UserName"))}, {"NTDomain", std::string(value(prefix + "DomainName"))}, {"Sid", sid}});
        }
    }
    void addresses()
    {
        for (const char* name : {"IpAddress", "SourceIp", "DestinationIp", "SourceAddress", "DestAddress", "ClientAddress", "IPAddress", "CallerIpAddress", "HostIP"})
            add("IP", {{"Address", std::string(value(name))}});
    }
    void file(std::string_view path)
    {
        const std::size_t slash = path.find_last_of("\\/");
        if (slash == std::string_view::npos)
            add("File", {{"Name", std::string(path)}});
        else
            add("File", {{"Directory", std::string(path.substr(0, slash))}, {"Name", std::string(path.substr(slash + 1))}});
    }
    void processes()
    {
        std::string_view image = value("Image");
        if (image.empty())
            image = value("NewProcessName");
        const std::string_view id = value(m_event.eventId == 4688 ? "NewProcessId" : "ProcessId");
        std::string_view line = value("CommandLine");
        if (line.empty())
            line = image;
        add("Process", {{"ProcessId", std::string(id)}, {"CommandLine", std::string(line)}});
        for (const std::string_view path : {image, value("TargetFilename"), value("ImageLoaded")})
            if (!path.empty())
                file(path);
    }
    /// `MD5=…,SHA256=…,IMPHASH=…`: the hash of imports is none of the file.
    void hashes()
    {
        for (const std::string_view part : splitText(value("Hashes"), ',')) {
            const std::size_t equals = part.find('=');
            if (equals == std::string_view::npos)
                continue;
            const std::string_view algorithm = part.substr(0, equals);
            if (algorithm == "MD5" || algorithm == "SHA1" || algorithm == "SHA256")
                add("FileHash", {{"Algorithm", std::string(algorithm)}, {"Value", std::string(part.substr(equals + 1))}});
        }
    }
    void registryKey()
    {
        const std::string_view path = value("TargetObject");
        const std::size_t slash = path.find('\\');
        if (slash != std::string_view::npos)
            add("RegistryKey", {{"Hive", std::string(path.substr(0, slash))}, {"Key", std::string(path.substr(slash + 1))}});
    }

private:
    const EventView& m_event;
    std::vector<entity::Entity>& m_entities;
};

} // namespace

void addEntities(const EventView& event, std::string_view host, bool hostIsAccount, std::vector<entity::Entity>& entities)
{
    Collector collector(event, entities);
    if (hostIsAccount)
        collector.add("Account", {{"FullName", std::string(host)}});
    else
        collector.add("Host", {{"FullName", std::string(host)}});
    collector.accounts();
    collector.addresses();
    collector.processes();
    collector.hashes();
    collector.registryKey();
    collector.add("DNS", {{"DomainName", std::string(collector.value("QueryName"))}});
}

} // namespace tocsin::detect::sigma
