// SPDX-License-Identifier: GPL-3.0-or-later
// funnel_sequence, funnel_sequence_completion: ids that went through states one after the other.
#include "column/Dynamic.h"
#include "kql/exec/plugins/ActivityRows.h"
#include "kql/exec/plugins/Plugins.h"

#include <algorithm>
#include <array>
#include <map>

namespace tocsin::kql {
namespace {

constexpr std::size_t kMaxSamples = 128; ///< ids listed in a row, as documented

/// The events of one id in their order, with the number of each state: its first place in `sequence`, or one of its own.
struct Event {
    Point time;
    std::uint32_t state;
};

/// What both plugins read: events by id within the analysis, states by number.
struct Funnel {
    ActivityRows activity;
    Point start;
    Point end;
    std::optional<Periods> periods;
    Vector states;                        ///< values by number
    std::vector<std::uint32_t> stateOf;   ///< per input row
    std::vector<std::uint32_t> sequence;  ///< state numbers; kNoGroup for one that no row has
    std::vector<std::string> names;       ///< of the sequence's states
    std::vector<std::vector<Event>> events; ///< per id

    static Result<Funnel> make(PluginCall& call, const Batch& rows, std::string_view period)
    {
        TOCSIN_TRY_ASSIGN(ActivityRows activity, ActivityRows::make(call, rows));
        Funnel funnel{std::move(activity), 0, 0, std::nullopt, {}, {}, {}, {}, {}};
        TOCSIN_TRY_ASSIGN(funnel.start, funnel.activity.timeline().moment(call, "Start"));
        TOCSIN_TRY_ASSIGN(funnel.end, funnel.activity.timeline().moment(call, "End"));
        TOCSIN_TRY_ASSIGN(const Periods periods, Periods::make(call, period, funnel.activity.timeline(), funnel.start));
        funnel.periods = periods;
        funnel.activity.restrict(funnel.start, funnel.end);
        TOCSIN_TRY_ASSIGN(const Vector states, call.column("StateColumn", rows));
        KeyTable table({states.type()});
        table.assign(std::span(&states, 1), rows.storedRows, funnel.stateOf);
        funnel.states = table.keys(0, table.size())[0];
        TOCSIN_TRY(funnel.readSequence(call));
        funnel.events.resize(funnel.activity.ids());
        TOCSIN_TRY(call.memory.grow(funnel.activity.rows().size() * sizeof(Event)));
        for (const ActivityRows::Row& row : funnel.activity.rows()) {
            TOCSIN_TRY(call.tick());
            funnel.events[row.id].push_back({row.time, funnel.stateOf[row.row]});
        }
        return funnel;
    }

    Result<void> readSequence(PluginCall& call)
    {
        TOCSIN_TRY_ASSIGN(const Value value, call.constant("Sequence"));
        const DynamicView list = value.isNull() ? DynamicView() : DynamicView(value.asText());
        if (!list.isArray() || list.size() == 0)
            return std::unexpected(call.badValue("Sequence", value.isNull() ? "null" : value.toString(), "an array of states"));
        std::map<std::string, std::uint32_t> numbers;
        for (std::uint32_t i = 0; i < states.size(); ++i)
            numbers.emplace(states.valueAt(i).toString(), i);
        for (std::size_t i = 0; i < list.size(); ++i) {
            names.push_back(list.item(i).toString());
            const auto found = numbers.find(names.back());
            sequence.push_back(found == numbers.end() ? kNoGroup : found->second);
        }
        return {};
    }
};

/// Events with repeats of a state put together.
struct Stay {
    std::uint32_t state;
    Point first;
    Point last;
};

std::vector<Stay> staysOf(const std::vector<Event>& events)
{
    std::vector<Stay> stays;
    for (const Event& event : events) {
        if (stays.empty() || stays.back().state != event.state)
            stays.push_back({event.state, event.time, event.time});
        stays.back().last = event.time;
    }
    return stays;
}

/// The ids behind one result row.
struct Passed {
    std::int64_t count = 0;
    std::vector<std::uint32_t> samples;
    std::optional<std::uint32_t> latest;
    void add(std::uint32_t id) // ids come in order
    {
        if (latest == id)
            return;
        latest = id;
        ++count;
        if (samples.size() < kMaxSamples)
            samples.push_back(id);
    }
};

} // namespace

/// The sequence's states must follow one another directly, repeats put together, with no more than the window between them.
Result<void> runFunnelSequence(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(const Funnel funnel, Funnel::make(call, rows, "Step"));
    TOCSIN_TRY_ASSIGN(const Point window, funnel.activity.timeline().length(call, "MaxSequenceStepWindow"));
    bool withPrevious = false, withNext = false;
    for (const PlanColumn& column : call.node.columns) {
        withPrevious = withPrevious || column.name == "prev";
        withNext = withNext || column.name == "next";
    }
    std::map<std::array<std::int64_t, 3>, Passed> passed; // period, state before, state behind; -1: none
    for (std::uint32_t id = 0; id < funnel.events.size(); ++id) {
        const std::vector<Stay> stays = staysOf(funnel.events[id]);
        for (std::size_t at = 0; at + funnel.sequence.size() <= stays.size(); ++at) {
            TOCSIN_TRY(call.tick());
            bool matches = true;
            for (std::size_t i = 0; matches && i < funnel.sequence.size(); ++i)
                matches = stays[at + i].state == funnel.sequence[i] && (i == 0 || stays[at + i].first - stays[at + i - 1].last <= window);
            if (!matches)
                continue;
            const std::size_t behind = at + funnel.sequence.size();
            const std::int64_t before = withPrevious && at > 0 ? std::int64_t{stays[at - 1].state} : -1;
            const std::int64_t after = withNext && behind < stays.size() ? std::int64_t{stays[behind].state} : -1;
            passed[{funnel.periods->indexOf(stays[at].first), before, after}].add(id);
        }
    }
    std::vector<std::pair<std::array<std::int64_t, 3>, Passed>> sorted(passed.begin(), passed.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first[0] != b.first[0] ? a.first[0] < b.first[0] : a.second.count > b.second.count; });
    RowWriter writer(call.node.columns, out);
    const auto state = [&](std::int64_t number) { return number < 0 ? Value::null(funnel.states.type()) : funnel.states.valueAt(static_cast<std::size_t>(number)); };
    for (const auto& [key, ids] : sorted) {
        std::vector<Value> row{funnel.activity.timeline().value(funnel.periods->start(key[0]))};
        if (withPrevious)
            row.push_back(state(key[1]));
        if (withNext)
            row.push_back(state(key[2]));
        DynamicBuilder samples;
        samples.beginArray();
        for (const std::uint32_t id : ids.samples)
            samples.value(funnel.activity.id(id));
        samples.endArray();
        row.push_back(Value::int64(ids.count));
        row.push_back(Value::dynamic(samples.take()));
        TOCSIN_TRY(writer.add(row));
    }
    return writer.finish();
}

namespace {

/// How many states of the sequence an id reaches that enters it with the event at `from`, each as early as it can, within `limit`.
class Completion {
public:
    Completion(const Funnel& funnel, const std::vector<Event>& events) : m_sequence(funnel.sequence)
    {
        for (std::uint32_t i = 0; i < events.size(); ++i)
            m_places[events[i].state].push_back(i);
        m_events = &events;
    }
    std::size_t reached(std::uint32_t from, Point limit) const
    {
        std::size_t steps = 1;
        for (std::uint32_t at = from; steps < m_sequence.size(); ++steps) {
            const auto places = m_places.find(m_sequence[steps]);
            if (places == m_places.end())
                break;
            const auto next = std::upper_bound(places->second.begin(), places->second.end(), at);
            if (next == places->second.end() || (*m_events)[*next].time - (*m_events)[from].time > limit)
                break;
            at = *next;
        }
        return steps;
    }

private:
    const std::vector<std::uint32_t>& m_sequence;
    const std::vector<Event>* m_events = nullptr;
    std::map<std::uint32_t, std::vector<std::uint32_t>> m_places; ///< of the events of each state
};

Result<std::vector<std::pair<Value, Point>>> completionLimits(PluginCall& call, const Timeline& timeline)
{
    TOCSIN_TRY_ASSIGN(const Value value, call.constant("MaxSequencePeriods"));
    const DynamicView list = value.isNull() ? DynamicView() : DynamicView(value.asText());
    std::vector<std::pair<Value, Point>> limits;
    for (std::size_t i = 0; list.isArray() && i < list.size(); ++i) {
        const DynamicView item = list.item(i);
        const DataType wanted = timeline.type() == DataType::DateTime || timeline.type() == DataType::TimeSpan ? DataType::TimeSpan : DataType::Real;
        const Value limit = item.isNull() ? Value::null(wanted) : valueAs(Value::dynamic(std::string(item.bytes())), wanted);
        const auto point = timeline.lengthOf(limit);
        if (!point || *point < 0)
            return std::unexpected(call.badValue("MaxSequencePeriods", value.toString(), "an array of lengths on the timeline"));
        limits.emplace_back(wanted == DataType::TimeSpan ? limit : Value::timeSpan(static_cast<Ticks>(*point)), *point);
    }
    if (limits.empty())
        return std::unexpected(call.badValue("MaxSequencePeriods", value.isNull() ? "null" : value.toString(), "an array of lengths on the timeline"));
    return limits;
}

} // namespace

/// Other states may lie between those of the sequence; the limit is for the way from its first state.
Result<void> runFunnelSequenceCompletion(PluginCall& call, const Batch& rows, const Batch*, BatchCollector& out)
{
    TOCSIN_TRY_ASSIGN(const Funnel funnel, Funnel::make(call, rows, "BinSize"));
    TOCSIN_TRY_ASSIGN(const auto limits, completionLimits(call, funnel.activity.timeline()));
    std::map<std::int64_t, std::vector<std::vector<Passed>>> periods; // per period: per limit, per state
    for (std::uint32_t id = 0; id < funnel.events.size(); ++id) {
        const std::vector<Event>& events = funnel.events[id];
        const Completion completion(funnel, events);
        for (std::uint32_t i = 0; i < events.size(); ++i) {
            TOCSIN_TRY(call.tick());
            if (events[i].state != funnel.sequence[0])
                continue;
            auto& counts = periods[funnel.periods->indexOf(events[i].time)];
            counts.resize(limits.size(), std::vector<Passed>(funnel.sequence.size()));
            for (std::size_t limit = 0; limit < limits.size(); ++limit) {
                TOCSIN_TRY(call.tick());
                const std::size_t reached = completion.reached(i, limits[limit].second);
                for (std::size_t step = 0; step < reached; ++step)
                    counts[limit][step].add(id);
            }
        }
    }
    RowWriter writer(call.node.columns, out);
    for (const auto& [period, counts] : periods)
        for (std::size_t limit = 0; limit < limits.size(); ++limit)
            for (std::size_t step = 0; step < funnel.sequence.size(); ++step)
                if (counts[limit][step].count > 0)
                    TOCSIN_TRY(writer.add(std::array{funnel.activity.timeline().value(funnel.periods->start(period)), Value::string(funnel.names[step]),
                                                     limits[limit].first, Value::int64(counts[limit][step].count)}));
    return writer.finish();
}

} // namespace tocsin::kql
