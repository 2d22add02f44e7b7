// SPDX-License-Identifier: GPL-3.0-or-later
#include "World.h"

#include "Line.h"

#include <array>
#include <span>

namespace tocsin::bench {
namespace {

constexpr std::uint64_t kSeed = 0x746f6373696e;
constexpr std::array<std::string_view, 28> kSyllables{"ar", "bel", "cor", "dan", "el", "fen", "gor", "hal", "is", "jun", "kel", "lor", "mar", "nor", "ost", "pel", "quin", "ros", "sal", "tor", "ul", "ver", "wes", "yar", "zen", "mir", "tan", "bo"};
constexpr std::array<std::string_view, 20> kNames{"anna", "bela", "carl", "dora", "erik", "fatma", "gina", "hugo", "ines", "jens", "kira", "luis", "mona", "nils", "oya", "paul", "rita", "sami", "tove", "ulla"};
constexpr std::array<std::string_view, 6> kRoles{"PC", "NB", "APP", "DB", "DC", "WEB"};
constexpr std::array<std::string_view, 8> kApplications{"Office 365 Exchange Online", "Azure Portal", "Microsoft Teams", "SharePoint Online", "Windows Sign In", "Microsoft Azure CLI", "OfficeHome", "GitHub Enterprise"};
// The first three take arguments of their own.
constexpr std::array<std::string_view, 12> kSystemPrograms{"WindowsPowerShell\\\\v1.0\\\\powershell.exe", "cmd.exe", "rundll32.exe", "svchost.exe", "conhost.exe", "taskhostw.exe", "reg.exe", "net.exe", "schtasks.exe", "msiexec.exe", "lsass.exe", "certutil.exe"};
constexpr std::uint32_t kPowerShell = 0;
constexpr std::uint32_t kShell = 1;
constexpr std::uint32_t kLibraryHost = 2;

template <std::size_t N>
std::string_view oneOf(const std::array<std::string_view, N>& items, Random& random)
{
    return random.oneOf(std::span<const std::string_view>(items));
}

std::vector<std::string> times(std::size_t count, const auto& append)
{
    std::vector<std::string> made(count);
    for (std::size_t i = 0; i < count; ++i) {
        Line line(made[i]);
        append(line, i);
    }
    return made;
}

void appendWord(Line& line, Random& random)
{
    for (std::uint32_t i = 2 + random.below(3); i > 0; --i)
        line.raw(oneOf(kSyllables, random));
}

void appendAddress(Line& line, Random& random)
{
    if (random.chance(40))
        line.raw("10.").number(random.below(64));
    else
        line.number(20 + random.below(180)).raw(".").number(random.below(256));
    line.raw(".").number(random.below(256)).raw(".").number(1 + random.below(254));
}

} // namespace

World::World()
{
    Random random(kSeed);
    // Pieces are drawn one behind the other; operands of + may be evaluated in any order.
    const auto word = [&]() -> const std::string& { return random.oneOf(std::span<const std::string>(words)); };
    words = times(3'000, [&](Line& line, std::size_t) { appendWord(line, random); });
    users = times(5'000, [&](Line& line, std::size_t i) { line.raw(oneOf(kNames, random)).raw(".").raw(word()).number(i % 90); });
    domains = {"adatum.com", "northwind.example", "harbour.example"};
    computers = times(2'000, [&](Line& line, std::size_t i) { line.raw(oneOf(kRoles, random)).raw("-").raw(word()).number(i).raw(".corp.adatum.com"); });
    addresses = times(50'000, [&](Line& line, std::size_t) { appendAddress(line, random); });
    applications = times(150, [&](Line& line, std::size_t i) {
        if (i < kApplications.size())
            line.raw(kApplications[i]);
        else
            line.raw("Ferry ").raw(word()).raw(" ").raw(word());
    });
    programs = times(300, [&](Line& line, std::size_t i) {
        if (i < kSystemPrograms.size())
            line.raw("C:\\\\Windows\\\\System32\\\\").raw(kSystemPrograms[i]);
        else
            line.raw("C:\\\\Program Files\\\\").raw(word()).raw("\\\\").raw(word()).raw(".exe");
    });
    for (const std::string& program : programs)
        processes.push_back(program.substr(program.rfind('\\') + 1));
    folders = times(500, [&](Line& line, std::size_t) { line.raw("C:\\\\ProgramData\\\\").raw(word()).raw("\\\\").raw(word()); });
    scripts = times(400, [&](Line& line, std::size_t i) { line.raw("C:\\\\Scripts\\\\").raw(word()).raw("\\\\").raw(word()).raw(i % 3 ? ".ps1" : ".bat"); });
    rules = times(120, [&](Line& line, std::size_t i) { line.raw("nsg-").raw(word()).raw(i % 3 ? "-allow-" : "-deny-").number(i); });
    for (std::uint32_t i = 0; i < 30'000; ++i) {
        Command command{random.skewed(static_cast<std::uint32_t>(programs.size())), {}};
        appendCommand(command.text, command.program, random);
        commands.push_back(std::move(command));
    }
}

void World::appendCommand(std::string& out, std::uint32_t program, Random& random) const
{
    Line line(out);
    line.raw("\\\"").raw(programs[program]).raw("\\\"");
    if (program == kPowerShell && random.chance(60))
        line.raw(" -NoProfile -ExecutionPolicy Bypass -File ").raw(scripts[random.skewed(static_cast<std::uint32_t>(scripts.size()))]).raw(" -Target ").raw(computers[random.skewed(static_cast<std::uint32_t>(computers.size()))]);
    else if (program == kShell)
        line.raw(" /c ").raw(word(random)).raw(" && ").raw(word(random));
    else if (program == kLibraryHost)
        line.raw(" ").raw(random.oneOf(std::span<const std::string>(folders))).raw("\\\\").raw(word(random)).raw(".dll,#").number(random.below(9));
    for (std::uint32_t parts = 1 + random.below(5); parts > 0; --parts) {
        switch (random.below(6)) {
        case 0: line.raw(" --").raw(word(random)).raw("=").raw(word(random)); break;
        case 1: line.raw(" /").raw(word(random)).raw(":").number(random.below(1'000)); break;
        case 2: line.raw(" ").raw(random.oneOf(std::span<const std::string>(folders))).raw("\\\\").raw(word(random)).raw(".log"); break;
        case 3: line.raw(" ").raw(word(random)); break;
        case 4: line.raw(" --config ").raw(word(random)).raw(".json"); break;
        default: line.raw(" --depth ").number(random.below(16));
        }
    }
}

} // namespace tocsin::bench
