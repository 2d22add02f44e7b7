// SPDX-License-Identifier: GPL-3.0-or-later
#include "Generator.h"

#include <array>

namespace tocsin::bench {
namespace {

enum class Content { Process, Logon, Connection, Object };

struct EventKind {
    int id;
    Content content;
};

constexpr std::array<EventKind, 20> kEvents{{{4688, Content::Process}, {4624, Content::Logon}, {4634, Content::Logon}, {4672, Content::Logon}, {5156, Content::Connection}, {4663, Content::Object},
    {4625, Content::Logon}, {4689, Content::Process}, {4776, Content::Logon}, {4768, Content::Logon}, {4769, Content::Logon}, {4656, Content::Object}, {4648, Content::Logon},
    {5158, Content::Connection}, {4697, Content::Process}, {4732, Content::Process}, {4720, Content::Process}, {4726, Content::Process}, {1102, Content::Process}, {4719, Content::Process}}};
constexpr std::array<int, 8> kLogonTypes{3, 3, 3, 5, 2, 10, 7, 4};
// Filled up with blanks as the events have them.
constexpr std::array<std::string_view, 5> kLogonProcesses{"Kerberos", "NtLmSsp ", "Advapi  ", "User32 ", "Negotiat"};
constexpr std::array<std::string_view, 3> kPackages{"Kerberos", "NTLM", "Negotiate"};

class SecurityEvents final : public Rows {
public:
    explicit SecurityEvents(const Shape& shape) : m_shape(shape), m_timeline(shape.start, shape.days, shape.rows) {}

    void append(std::string& out, std::uint32_t place) const override
    {
        Random random(m_shape.seed, place);
        Line line(out);
        m_timeline.begin(line, place, random);
        const EventKind& event = kEvents[random.skewed(kEvents.size())];
        const std::uint32_t user = random.skewed(5'000);
        const std::string_view account = random.chance(40) ? "SYSTEM" : std::string_view(m_world.users[user]);
        const World::Command* daily = random.chance(60) ? &m_world.commands[random.skewed(30'000)] : nullptr;
        const std::uint32_t program = daily ? daily->program : random.skewed(300);
        const std::uint32_t parent = random.skewed(300);
        line.member("Computer", m_world.computers[random.skewed(2'000)]).member("EventID", event.id);
        line.key("Account").raw(account == "SYSTEM" ? "\"NT AUTHORITY\\\\" : "\"CORP\\\\").raw(account).raw("\"");
        line.member("Process", m_world.processes[program]).key("CommandLine").raw("\"");
        if (daily)
            line.raw(daily->text);
        else
            appendFresh(out, program, random);
        appendRare(line, random);
        line.raw("\"").member("ParentProcess", m_world.programs[parent]).key("LogonType");
        const int logonType = kLogonTypes[random.below(kLogonTypes.size())];
        if (event.content == Content::Logon)
            line.number(logonType);
        else
            line.raw("null");
        line.key("EventData").raw(R"({"SubjectUserSid":"S-1-5-21-1004-2177-6820-)").number(1'000 + user).raw("\"").member("SubjectUserName", account);
        line.key("SubjectLogonId").raw("\"0x").hex(random.next(), 6).raw("\"");
        appendContent(line, event.content, logonType, program, parent, random);
        line.raw("}}\n");
    }

private:
    void appendFresh(std::string& out, std::uint32_t program, Random& random) const
    {
        m_world.appendCommand(out, program, random);
        if (random.chance(30))
            Line(out).raw(" --session ").guid(random);
    }

    /// What the queries look for: a term in one of 100,000 rows, an address in one of 1,000.
    void appendRare(Line& line, Random& random) const
    {
        const std::uint32_t number = random.below(100'000);
        if (number == 0)
            line.raw(R"( mimikatz \"privilege::debug\" sekurlsa::logonpasswords exit)");
        else if (number < 100)
            line.raw(" -u http://185.").number(random.below(256)).raw(".").number(random.below(256)).raw(".").number(random.below(256)).raw(":8080/").raw(m_world.word(random));
    }

    void appendContent(Line& line, Content content, int logonType, std::uint32_t program, std::uint32_t parent, Random& random) const
    {
        switch (content) {
        case Content::Process:
            line.key("NewProcessId").raw("\"0x").hex(random.next(), 4).raw("\"").member("NewProcessName", m_world.programs[program]);
            line.member("TokenElevationType", random.chance(70) ? "%%1936" : "%%1938").member("ParentProcessName", m_world.programs[parent]);
            break;
        case Content::Logon:
            line.member("TargetUserName", m_world.users[random.skewed(5'000)]).member("LogonType", logonType);
            line.member("LogonProcessName", kLogonProcesses[random.below(kLogonProcesses.size())]).member("AuthenticationPackageName", kPackages[random.below(kPackages.size())]);
            line.member("IpAddress", m_world.addresses[random.skewed(50'000)]).member("IpPort", 1'024 + random.below(64'000));
            break;
        case Content::Connection:
            line.member("Application", m_world.programs[program]).member("SourceAddress", m_world.addresses[random.skewed(50'000)]).member("SourcePort", 1'024 + random.below(64'000));
            line.member("DestAddress", m_world.addresses[random.skewed(50'000)]).member("DestPort", random.chance(70) ? 443U : random.below(10'000)).member("Protocol", 6);
            break;
        case Content::Object:
            line.member("ObjectType", random.chance(70) ? "File" : "Key").key("ObjectName").raw("\"").raw(m_world.folders[random.below(500)]).raw("\\\\").raw(m_world.word(random)).raw("\"");
            line.key("HandleId").raw("\"0x").hex(random.next(), 3).raw("\"").key("ProcessId").raw("\"0x").hex(random.next(), 4).raw("\"");
            break;
        }
    }

    Shape m_shape;
    Timeline m_timeline;
    World m_world;
};

} // namespace

std::unique_ptr<Rows> makeSecurityEvents(const Shape& shape) { return std::make_unique<SecurityEvents>(shape); }

} // namespace tocsin::bench
