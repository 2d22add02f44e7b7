// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/scan/RowFilter.h"

#include "column/Extension.h"
#include "store/scan/TextSearch.h"

#include <algorithm>
#include <unordered_set>

namespace tocsin::store {
namespace {

using Kind = catalog::ScanPredicate::Kind;

/// Which of the distinct texts may pass.
std::vector<std::uint8_t> markTexts(const catalog::ScanPredicate& predicate, std::span<const std::string_view> texts)
{
    std::vector<std::uint8_t> passes(texts.size(), 0);
    if (predicate.kind == Kind::NotEqual) {
        const std::string unwanted = predicate.values.front().asText();
        std::transform(texts.begin(), texts.end(), passes.begin(), [&](std::string_view text) { return text != unwanted; });
        return passes;
    }
    if (predicate.kind == Kind::Equal) {
        std::unordered_set<std::string_view> wanted;
        for (const Value& value : predicate.values)
            wanted.insert(value.asText());
        const std::string_view only = *wanted.begin();
        for (std::size_t i = 0; i < texts.size(); ++i)
            passes[i] = wanted.size() == 1 ? texts[i] == only : wanted.contains(texts[i]);
        return passes;
    }
    if (predicate.kind == Kind::HasTerm) { // each of them
        std::fill(passes.begin(), passes.end(), 1);
        for (const Value& value : predicate.values) {
            std::vector<std::uint8_t> one(texts.size(), 0);
            TextSearch(value.asText()).mark(texts, one);
            std::transform(passes.begin(), passes.end(), one.begin(), passes.begin(), [](std::uint8_t a, std::uint8_t b) { return a & b; });
        }
        return passes;
    }
    for (const Value& value : predicate.values)
        TextSearch(value.asText()).mark(texts, passes);
    return passes;
}

/// `before`: null, or what was selected of the first of the texts.
std::shared_ptr<const TextSelection> select(const catalog::ScanPredicate& predicate, const std::shared_ptr<const Vector>& texts, const TextSelection* before)
{
    const auto values = texts->values<std::string_view>();
    const std::size_t known = before ? before->texts->size() : 0;
    const std::vector<std::uint8_t> passes = markTexts(predicate, values.subspan(known));
    const std::size_t keptBefore = before ? before->kept->size() : 0;
    const std::size_t passing = keptBefore + static_cast<std::size_t>(std::count(passes.begin(), passes.end(), 1));
    auto kept = makeBuffer<std::string_view>(passing);
    std::vector<std::uint32_t> places(values.size(), TextSelection::kFails);
    if (before) {
        std::ranges::copy(before->kept->values<std::string_view>(), kept.get());
        std::ranges::copy(before->places, places.begin());
    }
    auto next = static_cast<std::uint32_t>(keptBefore);
    for (std::size_t i = 0; i < passes.size(); ++i)
        if (passes[i]) {
            kept[next] = values[known + i];
            places[known + i] = next++;
        }
    auto dictionary = std::make_shared<const Vector>(Vector::flat<std::string_view>(DataType::String, std::move(kept), passing, {}, texts->owner()));
    return std::make_shared<const TextSelection>(texts, std::move(dictionary), std::move(places));
}

class TextCondition final : public RowCondition {
public:
    /// `used`: the codes that occur, unless all do.
    /// `few`: what passes is less than the texts, so that a dictionary of its own pays.
    TextCondition(std::shared_ptr<const TextSelection> selection, const std::optional<std::vector<std::uint32_t>>& used, bool few)
        : m_selection(std::move(selection)), m_places(m_selection->places), m_few(few)
    {
        const std::size_t passing = used ? static_cast<std::size_t>(std::count_if(used->begin(), used->end(), [&](std::uint32_t code) { return passes(code); })) : m_selection->kept->size();
        m_verdict = passing == 0 ? Verdict::None : passing == (used ? used->size() : m_selection->texts->size()) ? Verdict::All : Verdict::Some;
    }
    Verdict verdict() const override { return m_verdict; }
    void apply(std::size_t, const Vector* column, std::vector<std::uint8_t>& marks) const override
    {
        const auto codes = column->codes();
        for (std::size_t i = 0; i < codes.size(); ++i)
            marks[i] &= passes(codes[i]);
    }
    Vector keep(const Vector& column, std::span<const std::uint32_t> rows) const override
    {
        if (!m_few)
            return column.gather(rows);
        auto codes = makeBuffer<std::uint32_t>(rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            codes[i] = m_places[column.codes()[rows[i]]];
        return Vector::dictionary(m_selection->kept, std::move(codes), rows.size());
    }

private:
    bool passes(std::uint32_t code) const { return m_places[code] != TextSelection::kFails; }

    std::shared_ptr<const TextSelection> m_selection;
    std::span<const std::uint32_t> m_places;
    bool m_few;
    Verdict m_verdict;
};

class MarkedCondition final : public RowCondition {
public:
    explicit MarkedCondition(std::size_t texts) : m_texts(texts) {}
    Verdict verdict() const override { return m_texts == 1 ? Verdict::None : Verdict::Some; }
    bool isStrict() const override { return true; }
    void apply(std::size_t, const Vector* column, std::vector<std::uint8_t>& marks) const override
    {
        const auto codes = column->codes();
        for (std::size_t i = 0; i < codes.size(); ++i)
            marks[i] &= codes[i] != 0;
    }

private:
    std::size_t m_texts; ///< the marked ones and the empty one
};

/// Rows that are known by number.
class RowsCondition final : public RowCondition {
public:
    explicit RowsCondition(std::vector<std::uint32_t> rows) : m_rows(std::move(rows)) {}
    Verdict verdict() const override { return m_rows.empty() ? Verdict::None : Verdict::Some; }
    bool needsValues() const override { return false; }
    void apply(std::size_t start, const Vector*, std::vector<std::uint8_t>& marks) const override
    {
        std::vector<std::uint8_t> passes(marks.size(), 0);
        for (auto row = std::lower_bound(m_rows.begin(), m_rows.end(), start); row != m_rows.end() && *row < start + marks.size(); ++row)
            passes[*row - start] = marks[*row - start];
        marks = std::move(passes);
    }

private:
    std::vector<std::uint32_t> m_rows;
};

template <DataType T>
class ValueCondition final : public RowCondition {
public:
    using Type = Physical<T>;
    ValueCondition(Kind kind, std::vector<Type> values) : m_kind(kind), m_values(std::move(values)) {}
    Verdict verdict() const override { return Verdict::Some; }
    void apply(std::size_t, const Vector* column, std::vector<std::uint8_t>& marks) const override
    {
        const VectorReader<Type> reader(*column);
        const auto check = [&](auto passes) {
            for (std::size_t i = 0; i < marks.size(); ++i)
                marks[i] &= passes(reader[i]);
        };
        const Type wanted = m_values.front();
        switch (m_kind) {
        case Kind::Equal:
            if (m_values.size() == 1)
                check([&](const Type& value) { return value == wanted; });
            else
                check([&](const Type& value) { return std::find(m_values.begin(), m_values.end(), value) != m_values.end(); });
            break;
        case Kind::Less: check([&](const Type& value) { return value < wanted; }); break;
        case Kind::LessOrEqual: check([&](const Type& value) { return value <= wanted; }); break;
        case Kind::Greater: check([&](const Type& value) { return value > wanted; }); break;
        case Kind::NotEqual:
            for (std::size_t i = 0; i < marks.size(); ++i)
                marks[i] &= reader.isNull(i) || !(reader[i] == wanted);
            return;
        default: check([&](const Type& value) { return value >= wanted; }); break;
        }
        if (reader.hasNulls()) // no comparison with a null holds
            for (std::size_t i = 0; i < marks.size(); ++i)
                marks[i] &= !reader.isNull(i);
    }

private:
    Kind m_kind;
    std::vector<Type> m_values;
};

std::unique_ptr<RowCondition> makeText(const catalog::ScanPredicate& predicate, const ColumnReader& reader, TextSelections& selections)
{
    const std::shared_ptr<const Vector> texts = reader.distinctTexts();
    const bool known = std::all_of(predicate.values.begin(), predicate.values.end(), [](const Value& value) { return value.type() == DataType::String; });
    const bool supported = predicate.kind == Kind::Equal || predicate.kind == Kind::NotEqual || predicate.kind == Kind::HasTerm || predicate.kind == Kind::HasAnyTerm || predicate.kind == Kind::ContainsText;
    if (predicate.kind == Kind::Equal && known)
        if (auto rows = reader.rowsEqual(predicate.values))
            return std::make_unique<RowsCondition>(std::move(*rows));
    if (!texts || texts->size() < 2 || !known || !supported)
        return nullptr;
    const auto used = reader.usedCodes();
    return std::make_unique<TextCondition>(selections.of(predicate, texts, used.has_value()), used, predicate.kind != Kind::NotEqual);
}

template <DataType T>
std::unique_ptr<RowCondition> makeValue(const catalog::ScanPredicate& predicate)
{
    constexpr std::size_t kMostValues = 8; // more cost more than they save
    const bool supported = predicate.kind <= Kind::GreaterOrEqual || predicate.kind == Kind::NotEqual;
    if (predicate.values.size() > kMostValues || !supported || (T == DataType::Guid && predicate.kind != Kind::Equal))
        return nullptr;
    std::vector<Physical<T>> values;
    for (const Value& value : predicate.values) {
        const std::optional<Value> exact = convertExactly(value, T);
        if (!exact)
            return nullptr;
        values.push_back(exact->get<T>());
    }
    return std::make_unique<ValueCondition<T>>(predicate.kind, std::move(values));
}

/// Whether the range of the column shows that every row passes.
bool allPass(const Zone& zone, const catalog::ScanPredicate& predicate)
{
    if (!zone.stored || zone.nulls > 0 || zone.hasNan || !zone.min || !zone.max || predicate.values.size() != 1 || zone.type == DataType::String)
        return false;
    const std::optional<Value> value = convertExactly(predicate.values[0], zone.type);
    if (!value)
        return false;
    switch (predicate.kind) {
    case Kind::Less: return compareValues(*zone.max, *value) < 0;
    case Kind::LessOrEqual: return compareValues(*zone.max, *value) <= 0;
    case Kind::Greater: return compareValues(*zone.min, *value) > 0;
    case Kind::GreaterOrEqual: return compareValues(*zone.min, *value) >= 0;
    default: return false;
    }
}

} // namespace

std::optional<ColumnReader::TextMarker> textMarker(const catalog::ScanPredicate& predicate)
{
    const bool known = std::all_of(predicate.values.begin(), predicate.values.end(), [](const Value& value) { return value.type() == DataType::String && !value.asText().empty(); });
    const bool supported = predicate.kind == Kind::Equal || predicate.kind == Kind::HasTerm || predicate.kind == Kind::HasAnyTerm || predicate.kind == Kind::ContainsText;
    if (!known || !supported || predicate.values.empty())
        return std::nullopt;
    return [&predicate](std::span<const std::string_view> texts, std::vector<std::uint8_t>& marks) { marks = markTexts(predicate, texts); };
}

std::unique_ptr<RowCondition> markedRows(const std::shared_ptr<const Vector>& texts) { return std::make_unique<MarkedCondition>(texts->size()); }

std::shared_ptr<const TextSelection> TextSelections::of(const catalog::ScanPredicate& predicate, const std::shared_ptr<const Vector>& texts, bool shared)
{
    if (!shared)
        return select(predicate, texts, nullptr);
    const std::lock_guard lock(m_mutex);
    auto& last = m_last[&predicate];
    if (!last || (last->texts != texts && !extends(*last->texts, *texts)))
        last = select(predicate, texts, last && extends(*texts, *last->texts) ? last.get() : nullptr);
    return last;
}

std::unique_ptr<RowCondition> RowCondition::make(const catalog::ScanPredicate& predicate, DataType type, const Zone* zone, const std::shared_ptr<const ColumnReader>& reader,
    TextSelections& selections)
{
    if (predicate.values.empty() || !zone || !zone->stored || allPass(*zone, predicate))
        return nullptr;
    switch (type) {
    case DataType::String: return makeText(predicate, *reader, selections);
    case DataType::Int: return makeValue<DataType::Int>(predicate);
    case DataType::Long: return makeValue<DataType::Long>(predicate);
    case DataType::DateTime: return makeValue<DataType::DateTime>(predicate);
    case DataType::TimeSpan: return makeValue<DataType::TimeSpan>(predicate);
    case DataType::Guid: return makeValue<DataType::Guid>(predicate);
    default: return nullptr;
    }
}

} // namespace tocsin::store
