// SPDX-License-Identifier: GPL-3.0-or-later
#include "Generator.h"

#include <algorithm>
#include <array>

namespace tocsin::bench {
namespace {

constexpr std::array<std::string_view, 4> kMethods{"GET", "POST", "HEAD", "PUT"};
constexpr std::array<int, 6> kStates{200, 200, 304, 404, 302, 500};

/// Requests for as many addresses as asked: each is asked for once, and what rows are left go to few of them.
class WebRequests final : public Rows {
public:
    explicit WebRequests(const Shape& shape)
        : m_shape(shape), m_distinct(std::clamp(shape.distinct, 1U, shape.rows)), m_timeline(shape.start, shape.days, shape.rows), m_order(shape.rows, ~shape.seed)
    {
    }

    void append(std::string& out, std::uint32_t place) const override
    {
        Random random(m_shape.seed, place);
        Line line(out);
        m_timeline.begin(line, place, random);
        const std::uint32_t once = m_order(place);
        appendAddress(line, once < m_distinct ? once : random.skewed(m_distinct));
        line.member("Method", kMethods[random.skewed(kMethods.size())]).member("Status", kStates[random.skewed(kStates.size())]).raw("}\n");
    }

private:
    /// The number at the end makes it one of a kind, the words before are shared with others.
    void appendAddress(Line& line, std::uint32_t number) const
    {
        Random random(number, 0);
        line.raw(R"(,"Url":"https://)").raw(m_world.word(random)).raw(".example/").raw(m_world.word(random)).raw("/").raw(m_world.word(random)).raw("/item").number(number).raw("\"");
    }

    Shape m_shape;
    std::uint32_t m_distinct;
    Timeline m_timeline;
    Permutation m_order;
    World m_world;
};

} // namespace

std::unique_ptr<Rows> makeWebRequests(const Shape& shape) { return std::make_unique<WebRequests>(shape); }

} // namespace tocsin::bench
