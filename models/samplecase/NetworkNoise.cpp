// SPDX-License-Identifier: GPL-3.0-or-later
#include "samplecase/CaseLogs.h"

#include <array>

namespace tocsin::samplecase {

namespace {

/// One ordinary kind of traffic, so many flows a day.
struct Traffic {
    std::string_view source; ///< empty: a random customer
    std::string_view target;
    int port;
    std::string_view group;
    std::string_view rule;
    bool inbound;
    int perDay;
    int megabytes;           ///< at most, from target to source
};

constexpr std::array kTraffic{
    Traffic{"", "10.1.1.4", 443, "app-nsg", "UserRule_Allow-Web-In", true, 620, 4},
    Traffic{"10.1.1.4", "10.1.4.4", 1433, "db-nsg", "UserRule_Allow-Sql-From-App", true, 260, 9},
    Traffic{"10.1.1.4", "10.1.3.4", 6514, "au-nsg", "DefaultRule_AllowVnetInBound", true, 180, 1},
    Traffic{"10.1.3.4", "10.1.6.4", 636, "dc-nsg", "UserRule_Allow-Directory-Tcp", true, 120, 1},
    Traffic{"10.1.10.31", "10.1.6.4", 445, "dc-nsg", "UserRule_Allow-Directory-Tcp", true, 90, 3},
    Traffic{"192.168.50.21", "10.1.5.4", 3389, "mgmt-nsg", "UserRule_Allow-Vpn-Rdp", true, 3, 180},
    Traffic{"10.1.5.4", "10.1.1.4", 3389, "app-nsg", "UserRule_Allow-Mgmt-In", true, 4, 60},
    Traffic{"10.1.5.4", "10.1.3.4", 22, "au-nsg", "DefaultRule_AllowVnetInBound", true, 6, 1},
    Traffic{"10.1.10.31", "192.0.2.40", 443, "wks-nsg", "DefaultRule_AllowInternetOutBound", false, 240, 6},
    Traffic{"10.1.4.4", "192.0.2.60", 443, "db-nsg", "DefaultRule_AllowInternetOutBound", false, 40, 12}};

void ordinaryFlows(CaseLogs& logs)
{
    Random random(logs.seed, "traffic");
    for (int day = 0; day < 3; ++day) {
        for (const Traffic& traffic : kTraffic) {
            for (int i = 0; i < traffic.perDay * logs.scale; ++i) {
                Flow flow;
                // Four fifths of the traffic falls in the working day.
                flow.time = random.chance(80) ? logs.at(day, 6) + random.between(0, 13 * 3600) * kTicksPerSecond : logs.at(day, 0) + random.between(0, 86000) * kTicksPerSecond;
                flow.source = traffic.source.empty() ? "198.18." + std::to_string(random.below(256)) + '.' + std::to_string(random.between(1, 254)) : std::string(traffic.source);
                flow.target = traffic.target;
                flow.targetPort = traffic.port;
                flow.group = traffic.group;
                flow.rule = traffic.rule;
                flow.inbound = traffic.inbound;
                flow.seconds = static_cast<int>(random.between(1, traffic.port == 3389 ? 3000 : 90));
                flow.sentBytes = static_cast<std::uint64_t>(random.between(900, 60'000));
                flow.sentPackets = flow.sentBytes / 400 + 4;
                flow.receivedBytes = static_cast<std::uint64_t>(random.between(2'000, traffic.megabytes * 1'000'000));
                flow.receivedPackets = flow.receivedBytes / 1200 + 4;
                logs.flows.add(flow);
            }
        }
        static constexpr std::array kProbed{23, 445, 3389, 8080, 5060, 6379, 2222, 1433};
        for (int i = 0; i < 140 * logs.scale; ++i) {
            Flow flow;
            flow.time = logs.at(day, 0) + random.between(0, 86399) * kTicksPerSecond;
            flow.source = "198.51.100." + std::to_string(random.between(60, 250));
            flow.target = "10.1.1.4";
            flow.targetPort = random.pick(kProbed);
            flow.group = "app-nsg";
            flow.rule = "DefaultRule_DenyAllInBound";
            flow.allowed = false;
            logs.flows.add(flow);
        }
    }
}

void linuxHost(CaseLogs& logs, std::string_view host)
{
    Random random(logs.seed, host);
    SyslogLog& syslog = logs.syslog;
    for (int slot = 0; slot < 72 * 4; ++slot) {
        const Ticks time = logs.at(0, 0) + slot * 15 * kTicksPerMinute + kTicksPerSecond;
        const int pid = 2000 + slot * 37 % 28000;
        syslog.add(jitter(random, time), host, Facility::AuthPriv, Severity::Info, "CRON", pid, "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)");
        syslog.add(time + kTicksPerSecond, host, Facility::Cron, Severity::Info, "CRON", pid + 1, "(root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)");
        syslog.add(time + 2 * kTicksPerSecond, host, Facility::AuthPriv, Severity::Info, "CRON", pid, "pam_unix(cron:session): session closed for user root");
        if (slot % 8 == 3) {
            syslog.add(time + 40 * kTicksPerSecond, host, Facility::Daemon, Severity::Info, "systemd", 1, "Starting Daily apt download activities...");
            syslog.add(time + 44 * kTicksPerSecond, host, Facility::Daemon, Severity::Info, "systemd", 1, "Finished Daily apt download activities.");
        }
    }
    for (int day = 0; day < 3; ++day) {
        for (int i = 0; i < 5 * logs.scale; ++i) {
            const Ticks time = jitter(random, logs.at(day, 7) + random.between(0, 9 * 3600) * kTicksPerSecond);
            const int pid = static_cast<int>(random.between(3000, 29000));
            syslog.add(time, host, Facility::AuthPriv, Severity::Info, "sshd", pid,
                       "Accepted publickey for deploy from 10.1.5.4 port " + std::to_string(random.between(49700, 60000)) + " ssh2: ED25519 SHA256:" + random.hex(24));
            syslog.add(time + 3'000'000, host, Facility::AuthPriv, Severity::Info, "sshd", pid, "pam_unix(sshd:session): session opened for user deploy(uid=1001) by (uid=0)");
            syslog.add(time + 20 * kTicksPerSecond, host, Facility::AuthPriv, Severity::Notice, "sudo", pid + 40,
                       "  deploy : TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/usr/bin/systemctl reload " + std::string(host == "au-vm01" ? "rsyslog" : "nftables"));
            syslog.add(time + 300 * kTicksPerSecond, host, Facility::AuthPriv, Severity::Info, "sshd", pid, "pam_unix(sshd:session): session closed for user deploy");
        }
        for (int i = 0; i < 3; ++i)
            syslog.add(jitter(random, logs.at(day, 0) + random.between(0, 86399) * kTicksPerSecond), host, Facility::AuthPriv, Severity::Info, "sshd",
                       static_cast<int>(random.between(3000, 29000)), "Failed password for deploy from 10.1.5.4 port " + std::to_string(random.between(49700, 60000)) + " ssh2");
    }
}

} // namespace

void addNetworkNoise(CaseLogs& logs)
{
    ordinaryFlows(logs);
    linuxHost(logs, "au-vm01");
    linuxHost(logs, "fw-vm01");
}

} // namespace tocsin::samplecase
