// SPDX-License-Identifier: GPL-3.0-or-later
#include "Generator.h"

#include <array>

namespace tocsin::bench {
namespace {

constexpr std::string_view kNeedle = "feedc0de-0000-4000-8000-0000000c0ffe"; ///< the one row that a query for a single value finds
constexpr std::array<std::string_view, 24> kCountries{"DE", "DK", "SE", "NO", "FI", "NL", "GB", "US", "FR", "ES", "IT", "PL", "EE", "LV", "LT", "IE", "PT", "BE", "CH", "AT", "CN", "RU", "BR", "NG"};
constexpr std::array<std::string_view, 6> kClients{"Browser", "Mobile Apps and Desktop clients", "Exchange ActiveSync", "IMAP4", "Authenticated SMTP", "Other clients"};
constexpr std::array<int, 8> kFailures{50126, 50126, 50126, 50053, 50074, 50076, 53003, 65001};
constexpr std::array<std::string_view, 5> kSystems{"Windows 11", "Windows 10", "MacOs", "Ios 17", "Linux"};
constexpr std::array<std::string_view, 4> kBrowsers{"Edge 125.0.2535", "Chrome 125.0.0", "Firefox 126.0", "Safari 17.4"};
constexpr std::array<std::string_view, 3> kTrusts{"Azure AD joined", "Hybrid Azure AD joined", "Azure AD registered"};

class SignIns final : public Rows {
public:
    explicit SignIns(const Shape& shape) : m_shape(shape), m_timeline(shape.start, shape.days, shape.rows) {}

    void append(std::string& out, std::uint32_t place) const override
    {
        Random random(m_shape.seed, place);
        Line line(out);
        m_timeline.begin(line, place, random);
        const std::uint32_t user = random.skewed(5'000);
        const bool usual = random.chance(80);
        // A user has three usual addresses and two devices; where they come from must not depend on the seed.
        const auto known = static_cast<std::uint32_t>(mixBits(user * 3 + random.below(3)) % m_world.addresses.size());
        line.raw(R"(,"UserPrincipalName":")").raw(m_world.users[user]).raw("@").raw(m_world.domains[user % m_world.domains.size()]).raw("\"");
        line.member("IPAddress", m_world.addresses[usual ? known : random.skewed(50'000)]);
        line.member("Location", kCountries[usual ? user % 8 : random.below(kCountries.size())]);
        line.member("AppDisplayName", m_world.applications[random.skewed(150)]);
        line.member("ResultType", random.chance(usual ? 5 : 16) ? kFailures[random.below(kFailures.size())] : 0);
        line.member("ClientAppUsed", kClients[random.skewed(kClients.size())]);
        line.key("CorrelationId").raw("\"");
        if (place == m_shape.rows / 3 * 2)
            line.raw(kNeedle);
        else
            line.guid(random);
        appendDevice(line.raw("\""), user * 2 + random.below(2), usual);
        line.raw("}\n");
    }

private:
    static void appendDevice(Line& line, std::uint64_t number, bool known)
    {
        Random device(number, 0);
        line.raw(R"(,"DeviceDetail":{"deviceId":")");
        if (known)
            line.guid(device).raw(R"(","displayName":"PC-)").hex(device.next(), 8);
        else
            line.raw(R"(","displayName":")");
        line.raw("\"").member("operatingSystem", kSystems[device.below(kSystems.size())]).member("browser", kBrowsers[device.below(kBrowsers.size())]);
        line.key("isCompliant").raw(device.chance(70) ? "true" : "false").key("isManaged").raw(device.chance(50) ? "true" : "false");
        line.member("trustType", known ? kTrusts[device.below(kTrusts.size())] : "").raw("}");
    }

    Shape m_shape;
    Timeline m_timeline;
    World m_world;
};

} // namespace

std::unique_ptr<Rows> makeSignIns(const Shape& shape) { return std::make_unique<SignIns>(shape); }

} // namespace tocsin::bench
