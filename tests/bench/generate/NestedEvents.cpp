// SPDX-License-Identifier: GPL-3.0-or-later
#include "Generator.h"

namespace tocsin::bench {
namespace {

/// Rows that are one object of objects and lists, of which lists differ in length.
class NestedEvents final : public Rows {
public:
    explicit NestedEvents(const Shape& shape) : m_shape(shape), m_timeline(shape.start, shape.days, shape.rows) {}

    void append(std::string& out, std::uint32_t place) const override
    {
        Random random(m_shape.seed, place);
        Line line(out);
        m_timeline.begin(line, place, random);
        line.raw(R"(,"Body":{"id":)").number(place).raw(R"(,"request":{"client":{"endpoint":{"ip":"10.)").number(place % 200).raw(".0.").number(random.below(250));
        line.raw(R"(","port":)").number(1'024 + random.below(1'024)).raw(R"(},"agent":{"name":"agent )").number(random.below(40));
        line.raw(R"(","version":[)").number(random.below(9)).raw(",").number(random.below(20)).raw(R"(]}},"tags":[)");
        for (std::uint32_t i = 0, count = random.below(4); i < count; ++i)
            line.raw(i == 0 ? "\"tag-" : ",\"tag-").number(random.below(30)).raw("\"");
        line.raw(R"(]},"result":{"code":)").number(random.chance(60) ? 200 : random.chance(50) ? 404 : 500);
        line.raw(R"(,"detail":{"took":{"ms":)").number(random.below(100)).raw(".").number(1'000'000 + random.below(9'000'000)).raw("}}}}}\n");
    }

private:
    Shape m_shape;
    Timeline m_timeline;
};

} // namespace

std::unique_ptr<Rows> makeNestedEvents(const Shape& shape) { return std::make_unique<NestedEvents>(shape); }

} // namespace tocsin::bench
