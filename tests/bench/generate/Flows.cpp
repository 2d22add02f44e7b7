// SPDX-License-Identifier: GPL-3.0-or-later
#include "Generator.h"

#include <array>

namespace tocsin::bench {
namespace {

constexpr std::array<std::uint32_t, 14> kPorts{443, 53, 80, 445, 3389, 22, 1433, 389, 88, 123, 8080, 135, 5985, 25};

class Flows final : public Rows {
public:
    explicit Flows(const Shape& shape) : m_shape(shape), m_timeline(shape.start, shape.days, shape.rows) {}

    void append(std::string& out, std::uint32_t place) const override
    {
        Random random(m_shape.seed, place);
        Line line(out);
        m_timeline.begin(line, place, random);
        const std::uint32_t source = random.skewed(50'000);
        // A third goes where the source always goes, so that some pairs talk much.
        const std::uint32_t usual = (source * 7'919 + random.below(4)) % 50'000;
        const std::uint32_t target = random.below(3) == 0 ? usual : random.skewed(50'000);
        const bool denied = random.chance(12);
        const std::uint32_t port = random.chance(90) ? kPorts[random.skewed(kPorts.size())] : random.below(65'536);
        const std::uint32_t sent = denied ? 1 + random.below(3) : 1 + random.below(1U << random.below(17));
        const std::uint32_t received = denied ? 0 : 1 + random.below(1U << random.below(18));
        line.member("SrcIP", m_world.addresses[source]).member("DestIP", m_world.addresses[target]).member("SrcPort", 1'024 + random.below(64'512)).member("DestPort", port);
        line.member("Protocol", port == 53 || port == 123 ? "U" : "T").member("Direction", random.chance(50) ? "O" : "I").member("Decision", denied ? "D" : "A");
        line.member("Rule", m_world.rules[random.below(40) * 3 + (denied ? 0 : 1 + random.below(2))]);
        line.member("BytesSent", std::uint64_t{sent} * (40 + random.below(1'400))).member("BytesReceived", std::uint64_t{received} * (40 + random.below(1'400)));
        line.member("PacketsSent", sent).member("PacketsReceived", received).raw("}\n");
    }

private:
    Shape m_shape;
    Timeline m_timeline;
    World m_world;
};

} // namespace

std::unique_ptr<Rows> makeFlows(const Shape& shape) { return std::make_unique<Flows>(shape); }

} // namespace tocsin::bench
