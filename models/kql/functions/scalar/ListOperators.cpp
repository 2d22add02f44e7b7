// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Terms.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/ListArgument.h"
#include "kql/functions/support/TextSearch.h"

#include <unordered_set>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::ResultWriter;

/// Sets of texts that are asked with views.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
using TextSet = std::unordered_set<std::string, TextHash, std::equal_to<>>;

struct DecimalHash {
    std::size_t operator()(const tocsin::Decimal& value) const { return value.hash(); }
};
struct GuidHash {
    std::size_t operator()(const tocsin::Guid& value) const { return std::hash<std::string_view>()({reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()}); }
};

template <DataType T> struct SetOf { using Type = std::unordered_set<Physical<T>>; };
template <> struct SetOf<Decimal> { using Type = std::unordered_set<tocsin::Decimal, DecimalHash>; };
template <> struct SetOf<Guid> { using Type = std::unordered_set<tocsin::Guid, GuidHash>; };
template <> struct SetOf<String> { using Type = TextSet; };
template <> struct SetOf<Dynamic> { using Type = TextSet; };

/// The wanted values of `in` as the left side's type. A dynamic left side is compared by its text.
template <DataType T, bool caseless>
class ValueSet {
public:
    void build(std::span<const Vector> arguments, std::size_t row)
    {
        m_values.clear();
        for (std::size_t i = 1; i < arguments.size(); ++i)
            addArgument(arguments[i], row);
    }
    bool contains(const Physical<T>& value) const
    {
        if constexpr (T == Dynamic)
            return m_values.contains(DynamicView(value).toString());
        else if constexpr (caseless)
            return m_values.contains(foldCase(value));
        else
            return m_values.find(value) != m_values.end();
    }

private:
    void addArgument(const Vector& list, std::size_t row)
    {
        if (list.isNull(row))
            return;
        if (list.type() == Dynamic) {
            forEachItem(DynamicView(VectorReader<std::string_view>(list)[row]), [&](DynamicView item) { addItem(item); });
        } else if (list.type() == T) {
            addValue(VectorReader<Physical<T>>(list)[row]);
        }
    }
    void addItem(DynamicView item)
    {
        if (item.isNull())
            return;
        if constexpr (T == Dynamic) {
            m_values.insert(item.toString());
        } else if constexpr (T == String) {
            addValue(item.toString());
        } else if constexpr (T == Long) {
            // 1.5 is no long: it must not be found as 1.
            const auto value = fromDynamic<Long>(item);
            if (value && (item.tag() != DynamicTag::Real || static_cast<double>(*value) == item.asReal()))
                m_values.insert(*value);
        } else if (const auto value = fromDynamic<T>(item)) {
            m_values.insert(*value);
        }
    }
    void addValue(const Physical<T>& value)
    {
        if constexpr (T == Dynamic)
            m_values.insert(DynamicView(value).toString());
        else if constexpr (caseless)
            m_values.insert(foldCase(value));
        else if constexpr (T == String)
            m_values.emplace(value);
        else
            m_values.insert(value);
    }
    typename SetOf<T>::Type m_values;
};

template <DataType T, bool caseless, bool negated>
Result<Vector> inKernel(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    auto out = makeBuffer<std::uint8_t>(rows);
    const VectorReader<Physical<T>> values(arguments[0]);
    struct State {
        ValueSet<T, caseless> set;
        bool built = false;
    };
    auto& state = kernels::stateOf<State>(context);
    const bool constantList = isConstantList(arguments);
    for (std::size_t row = 0; row < rows; ++row) {
        if (!constantList || !state.built) {
            state.set.build(arguments, row);
            state.built = constantList;
        }
        out[row] = (!values.isNull(row) && state.set.contains(values[row])) != negated;
    }
    return Vector::flat<std::uint8_t>(Bool, std::move(out), rows);
}

template <bool caseless, bool negated, DataType T>
void addInSignature(std::vector<Signature>& signatures)
{
    signatures.push_back(signature({{"value", T}, {"list", Dynamic}}, Bool, inKernel<T, caseless, negated>));
    signatures.push_back(signature({{"value", T}, repeated("list", TypeSet{T, Dynamic})}, Bool, inKernel<T, caseless, negated>));
}

template <bool negated, DataType... T>
std::vector<Signature> inSignatures()
{
    std::vector<Signature> signatures;
    (addInSignature<false, negated, T>(signatures), ...);
    return signatures;
}

/// has_any and has_all: many terms at once. When all wanted texts are single terms in ASCII, one pass over the text's own terms
/// with a hash set finds them; other texts are searched one by one.
class TermList {
public:
    void build(std::span<const Vector> arguments, std::size_t row)
    {
        *this = {};
        forEachListText(arguments, row, [&](std::string_view wanted) { add(wanted); });
        if (m_finders.size() < kWorthHashing)
            m_simple = false;
    }
    bool anyIn(std::string_view text) const
    {
        if (!m_simple)
            return std::any_of(m_finders.begin(), m_finders.end(), [&](const TermFinder& finder) { return finder.matches(text); });
        bool found = false;
        std::string folded;
        forEachTerm(text, [&](std::string_view term) {
            if (found || term.size() < m_shortest || term.size() > m_longest)
                return;
            folded.assign(term);
            for (char& c : folded)
                c = foldAscii(c);
            found = m_terms.contains(folded);
        });
        return found;
    }
    bool allIn(std::string_view text) const
    {
        return std::all_of(m_finders.begin(), m_finders.end(), [&](const TermFinder& finder) { return finder.matches(text); });
    }

private:
    static constexpr std::size_t kWorthHashing = 8;

    void add(std::string_view wanted)
    {
        m_finders.emplace_back(wanted, TermRule::Whole, false);
        bool single = !wanted.empty();
        for (const char c : wanted)
            single = single && isTermChar(static_cast<unsigned char>(c)) && static_cast<unsigned char>(c) < 0x80;
        m_simple = m_simple && single;
        m_terms.insert(foldCase(wanted));
        m_shortest = std::min(m_shortest, wanted.size());
        m_longest = std::max(m_longest, wanted.size());
    }

    std::vector<TermFinder> m_finders;
    TextSet m_terms;
    std::size_t m_shortest = static_cast<std::size_t>(-1);
    std::size_t m_longest = 0;
    bool m_simple = true;
};

template <bool all>
Result<Vector> hasList(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    struct State {
        TermList list;
        bool built = false;
    };
    auto& state = kernels::stateOf<State>(context);
    const bool constantList = isConstantList(arguments);
    const VectorReader<std::string_view> texts(arguments[0]);
    auto out = makeBuffer<std::uint8_t>(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        if (!constantList || !state.built) {
            state.list.build(arguments, row);
            state.built = constantList;
        }
        out[row] = all ? state.list.allIn(texts[row]) : state.list.anyIn(texts[row]);
    }
    return Vector::flat<std::uint8_t>(Bool, std::move(out), rows);
}

std::vector<Signature> textListSignatures(const ScalarKernel& kernel, DataType out = Bool)
{
    return {signature({{"text", String}, {"list", Dynamic}}, out, kernel), signature({{"text", String}, repeated("list", TypeSet{String, Dynamic})}, out, kernel)};
}

Result<Vector> hasAnyIndex(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> texts(arguments[0]);
    ResultWriter<Long> writer(rows);
    std::vector<TermFinder> finders;
    for (std::size_t row = 0; row < rows; ++row) {
        if (row == 0 || !isConstantList(arguments)) {
            finders.clear();
            forEachListText(arguments, row, [&](std::string_view wanted) { finders.emplace_back(wanted, TermRule::Whole, false); });
        }
        const auto found = std::find_if(finders.begin(), finders.end(), [&](const TermFinder& finder) { return finder.matches(texts[row]); });
        writer.put(row, found == finders.end() ? -1 : found - finders.begin());
    }
    return writer.finish();
}

/// `between`: both ends belong to the range.
template <DataType T, DataType High, bool negated>
ScalarKernel betweenKernel()
{
    return kernels::map<Bool, T, T, High>([](const auto& value, const auto& low, const auto& high) {
        if constexpr (T == DateTime && High == TimeSpan)
            return (value >= low && value - low <= high) != negated;
        else
            return (value >= low && value <= high) != negated;
    });
}

template <bool negated>
void addBetween(FunctionRegistry& registry, std::string_view name, std::string_view help, std::string_view example)
{
    const auto range = [](DataType type, DataType high) { return std::vector<Parameter>{{"value", type}, {"low", type}, {"high", high}}; };
    registry.add(ScalarFunction{.name = name, .category = "comparison", .help = help, .example = example, .signatures = {
        signature(range(Long, Long), Bool, betweenKernel<Long, Long, negated>()),
        signature(range(Real, Real), Bool, betweenKernel<Real, Real, negated>()),
        signature(range(Decimal, Decimal), Bool, betweenKernel<Decimal, Decimal, negated>()),
        signature(range(DateTime, DateTime), Bool, betweenKernel<DateTime, DateTime, negated>()),
        signature(range(DateTime, TimeSpan), Bool, betweenKernel<DateTime, TimeSpan, negated>()),
        signature(range(TimeSpan, TimeSpan), Bool, betweenKernel<TimeSpan, TimeSpan, negated>()),
    }, .traits = kNullStrict});
}

} // namespace

void addListOperators(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "in", .category = "comparison", .help = "Whether the value is one of the list; texts with their case.", .example = "print 2 in (1, 2, 3) // true",
                                .signatures = inSignatures<false, String, Long, Real, Decimal, Bool, DateTime, TimeSpan, Guid, Dynamic>()});
    registry.add(ScalarFunction{.name = "!in", .category = "comparison", .help = "Whether the value is none of the list; texts with their case. A null is in no list.", .example = "print 'A' !in ('a', 'b') // true",
                                .signatures = inSignatures<true, String, Long, Real, Decimal, Bool, DateTime, TimeSpan, Guid, Dynamic>()});
    std::vector<Signature> caseless;
    addInSignature<true, false, String>(caseless);
    registry.add(ScalarFunction{.name = "in~", .category = "string", .help = "Whether the text is one of the list, ignoring case.", .example = "print 'A' in~ ('a', 'b') // true", .signatures = caseless});
    caseless.clear();
    addInSignature<true, true, String>(caseless);
    registry.add(ScalarFunction{.name = "!in~", .category = "string", .help = "Whether the text is none of the list, ignoring case.", .example = "print 'A' !in~ ('a', 'b') // false", .signatures = caseless});
    registry.add(ScalarFunction{.name = "has_any", .category = "string", .help = "Whether the text has at least one of the terms, ignoring case.", .example = "print 'net user add' has_any ('user', 'group') // true",
                                .signatures = textListSignatures(hasList<false>)});
    registry.add(ScalarFunction{.name = "has_all", .category = "string", .help = "Whether the text has all of the terms, ignoring case.", .example = "print 'net user add' has_all ('user', 'group') // false",
                                .signatures = textListSignatures(hasList<true>)});
    registry.add(ScalarFunction{.name = "has_any_index", .category = "string", .help = "The position in the list of the first term that the text has, or -1.", .example = "print has_any_index('net user add', dynamic(['group', 'user'])) // 1",
                                .signatures = textListSignatures(hasAnyIndex, Long)});
    addBetween<false>(registry, "between", "Whether the value lies in the range, ends included; for a datetime the upper end may be a timespan from the lower.", "print 3 between (1 .. 3) // true");
    addBetween<true>(registry, "!between", "Whether the value lies outside the range.", "print 3 !between (1 .. 3) // false");
}

} // namespace tocsin::kql
