// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/Zone.h"

#include "store/StoreErrors.h"

#include <algorithm>
#include <cmath>

namespace tocsin::store {
namespace {

constexpr std::uint8_t kFormat = 1;
enum Flag : std::uint8_t { kStored = 1, kNan = 2, kPrefix = 4, kBloom = 16, kRange = 32, kTerms = 64 };

void writeValue(ByteWriter& out, const Value& value)
{
    visitType(value.type(), [&]<DataType T>() {
        if constexpr (T == DataType::String || T == DataType::Dynamic) {
            out.put<std::uint16_t>(static_cast<std::uint16_t>(value.asText().size()));
            out.putBytes(std::as_bytes(std::span(value.asText())));
        } else {
            out.put(value.get<T>());
        }
    });
}

Value readValue(ByteReader& in, DataType type)
{
    return visitType(type, [&]<DataType T>() {
        if constexpr (T == DataType::String || T == DataType::Dynamic) {
            const auto bytes = in.getBytes(in.get<std::uint16_t>());
            return Value::of<T>({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        } else {
            return Value::of<T>(in.get<Physical<T>>());
        }
    });
}

} // namespace

Bytes writeZones(const std::vector<Zone>& zones)
{
    Bytes bytes;
    ByteWriter out(bytes);
    out.put(kFormat);
    out.put<std::uint32_t>(static_cast<std::uint32_t>(zones.size()));
    for (const Zone& zone : zones) {
        const bool range = zone.min && zone.max;
        out.put<std::uint16_t>(static_cast<std::uint16_t>(zone.column));
        out.put(static_cast<std::uint8_t>(zone.type));
        out.put<std::uint8_t>(static_cast<std::uint8_t>((zone.stored ? kStored : 0) | (zone.hasNan ? kNan : 0) | (zone.maxIsPrefix ? kPrefix : 0)
            | (zone.hasTerms ? kTerms : 0) | (zone.hasBloom ? kBloom : 0) | (range ? kRange : 0)));
        out.put<std::uint32_t>(static_cast<std::uint32_t>(zone.nulls));
        out.put<std::uint32_t>(static_cast<std::uint32_t>(zone.distinct));
        out.put<std::uint64_t>(zone.bytes);
        if (range) {
            writeValue(out, *zone.min);
            writeValue(out, *zone.max);
        }
    }
    return bytes;
}

namespace {

void skipValue(ByteReader& in, DataType type)
{
    visitType(type, [&]<DataType T>() {
        if constexpr (T == DataType::String || T == DataType::Dynamic)
            in.getBytes(in.get<std::uint16_t>());
        else
            in.getBytes(sizeof(Physical<T>));
    });
}

/// Hands the zones of wanted columns to `take`, in order.
template <typename Wanted, typename Take>
Result<void> walkZones(std::span<const std::byte> bytes, const Wanted& isWanted, const Take& take)
{
    ByteReader in(bytes);
    if (in.get<std::uint8_t>() != kFormat)
        return fail(kBadChunk, "its zone map has an unknown format");
    for (auto left = in.get<std::uint32_t>(); left > 0 && in.ok(); --left) {
        Zone zone;
        zone.column = in.get<std::uint16_t>();
        const auto type = in.get<std::uint8_t>();
        const auto flags = in.get<std::uint8_t>();
        if (type >= kDataTypeCount)
            return fail(kBadChunk, "its zone map names an unknown type");
        zone.type = static_cast<DataType>(type);
        zone.stored = flags & kStored;
        zone.hasNan = flags & kNan;
        zone.maxIsPrefix = flags & kPrefix;
        zone.hasTerms = flags & kTerms;
        zone.hasBloom = flags & kBloom;
        zone.nulls = in.get<std::uint32_t>();
        zone.distinct = in.get<std::uint32_t>();
        zone.bytes = in.get<std::uint64_t>();
        const bool wanted = isWanted(zone.column);
        if (flags & kRange) {
            for (std::optional<Value>* bound : {&zone.min, &zone.max}) {
                if (wanted)
                    *bound = readValue(in, zone.type);
                else
                    skipValue(in, zone.type);
            }
        }
        if (wanted)
            take(std::move(zone));
    }
    return in.ok() ? Result<void>() : fail(kBadChunk, "its zone map is cut short");
}

} // namespace

Result<std::vector<Zone>> readZones(std::span<const std::byte> bytes)
{
    std::vector<Zone> zones;
    TOCSIN_TRY(walkZones(bytes, [](std::int64_t) { return true; }, [&](Zone zone) { zones.push_back(std::move(zone)); }));
    return zones;
}

SegmentZones::SegmentZones(Bytes bytes) : m_state(std::make_shared<State>()) { m_state->bytes = std::move(bytes); }

Result<SegmentZones> SegmentZones::fromBytes(std::span<const std::byte> bytes)
{
    TOCSIN_TRY(walkZones(bytes, [](std::int64_t) { return false; }, [](Zone) {}));
    return SegmentZones(Bytes(bytes.begin(), bytes.end()));
}

std::vector<Zone> SegmentZones::all() const
{
    return *readZones(m_state->bytes); // they were checked when they came
}

const Zone* SegmentZones::of(std::int64_t column) const
{
    const std::lock_guard lock(m_state->mutex);
    const auto [place, isNew] = m_state->decoded.try_emplace(column);
    std::optional<Zone>& zone = place->second;
    if (isNew)
        (void)walkZones(m_state->bytes, [&](std::int64_t other) { return other == column; }, [&](Zone found) { zone = std::move(found); });
    return zone ? &*zone : nullptr;
}

std::strong_ordering compareValues(const Value& a, const Value& b)
{
    return visitType(a.type(), [&]<DataType T>() -> std::strong_ordering {
        if constexpr (T == DataType::Real) {
            const double x = a.asReal();
            const double y = b.asReal();
            return x < y ? std::strong_ordering::less : x > y ? std::strong_ordering::greater : std::strong_ordering::equal;
        } else {
            return a.get<T>() <=> b.get<T>();
        }
    });
}

std::optional<Value> convertExactly(const Value& value, DataType type)
{
    if (value.isNull() || (value.type() == DataType::Real && std::isnan(value.asReal())))
        return std::nullopt;
    if (value.type() == type)
        return value;
    if (type == DataType::Long && value.type() == DataType::Int)
        return Value::int64(value.asInt());
    if (type == DataType::Int && value.type() == DataType::Long && std::in_range<std::int32_t>(value.asLong()))
        return Value::int32(static_cast<std::int32_t>(value.asLong()));
    return std::nullopt;
}

namespace {

/// Whether max of the zone lies before the value for certain.
bool endsBefore(const Zone& zone, const Value& value)
{
    if (compareValues(*zone.max, value) >= 0)
        return false;
    return !zone.maxIsPrefix || !value.asText().starts_with(zone.max->asText());
}

bool mayCompare(const Zone& zone, catalog::ScanPredicate::Kind kind, const Value& value)
{
    using Kind = catalog::ScanPredicate::Kind;
    switch (kind) {
    case Kind::Equal: return compareValues(*zone.min, value) <= 0 && !endsBefore(zone, value);
    case Kind::Less: return compareValues(*zone.min, value) < 0;
    case Kind::LessOrEqual: return compareValues(*zone.min, value) <= 0;
    case Kind::Greater:
    case Kind::GreaterOrEqual: return kind == Kind::Greater && !zone.maxIsPrefix ? compareValues(*zone.max, value) > 0 : !endsBefore(zone, value);
    default: return true;
    }
}

} // namespace

bool mayPass(const Zone& zone, const catalog::ScanPredicate& predicate)
{
    using Kind = catalog::ScanPredicate::Kind;
    if (zone.type == DataType::Dynamic || zone.hasNan || predicate.values.empty() || predicate.kind == Kind::NotEqual)
        return true;
    const bool comparison = predicate.kind != Kind::HasTerm && predicate.kind != Kind::HasAnyTerm && predicate.kind != Kind::ContainsText;
    if (!comparison) {
        // Only the texts that are empty for certain can be left out: without any character there is no term and no substring.
        const auto empty = [](const Value& value) { return value.type() != DataType::String || value.asText().empty(); };
        return zone.stored || zone.type != DataType::String || std::any_of(predicate.values.begin(), predicate.values.end(), empty);
    }
    const bool oneOf = predicate.kind == Kind::Equal;
    for (std::size_t i = 0; i < (oneOf ? predicate.values.size() : 1); ++i) {
        const std::optional<Value> value = convertExactly(predicate.values[i], zone.type);
        if (!value)
            return true;
        if (zone.type == DataType::String && !zone.stored) {
            const Zone allEmpty{.type = DataType::String, .min = Value::string({}), .max = Value::string({})};
            if (mayCompare(allEmpty, predicate.kind, *value))
                return true;
        } else if (zone.min && zone.max && mayCompare(zone, predicate.kind, *value)) {
            return true;
        }
    }
    // A comparison with null is never true, so a column without values passes nothing. Without a range but with values, anything may be.
    return zone.stored && (!zone.min || !zone.max);
}

} // namespace tocsin::store
