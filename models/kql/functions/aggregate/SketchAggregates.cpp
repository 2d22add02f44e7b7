// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/Accumulators.h"
#include "kql/functions/support/Convert.h"
#include "kql/functions/support/DistinctSketch.h"
#include "kql/functions/support/Hashing.h"
#include "kql/functions/support/TDigest.h"

namespace tocsin::kql {
namespace {

using namespace aggregates;
using enum DataType;
using kernels::ResultWriter;

/// hll() of values and hll_merge() of what hll() gave.
template <DataType T, bool ofSketches>
class HllAccumulator final : public GroupwiseAccumulator<HllAccumulator<T, ofSketches>> {
public:
    void resize(std::size_t count) override { m_counters.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        forValues<T>(arguments[0], groups, [&](std::uint32_t group, const auto& value) {
            if constexpr (ofSketches) {
                if (const auto sketch = readDistinctSketch(DynamicView(value)))
                    m_counters[group].merge(*sketch, kSketchExactLimit);
            } else {
                m_counters[group].add(hashValue<T>(value), kSketchExactLimit);
            }
        });
        return {};
    }
    void mergeGroup(std::size_t to, HllAccumulator& other, std::size_t from) { m_counters[to].merge(other.m_counters[from], kSketchExactLimit); }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Dynamic> writer(count);
        DynamicBuilder builder;
        for (std::size_t i = 0; i < count; ++i) {
            writeDistinctSketch(builder, m_counters[from + i]);
            writer.put(i, builder.take());
        }
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override
    {
        std::size_t bytes = m_counters.capacity() * sizeof(DistinctCounter);
        for (const DistinctCounter& counter : m_counters)
            bytes += counter.bytes();
        return bytes;
    }

private:
    std::vector<DistinctCounter> m_counters;
};

/// tdigest() of values, with an optional weight, and tdigest_merge() of what tdigest() gave.
template <DataType T, bool ofDigests>
class DigestAccumulator final : public GroupwiseAccumulator<DigestAccumulator<T, ofDigests>> {
public:
    bool canShareRows() const override { return false; } // centroids depend on the order of the values
    void resize(std::size_t count) override { m_digests.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        const VectorReader<Physical<T>> values(arguments[0]);
        for (std::size_t row = 0; row < groups.size(); ++row) {
            if (values.isNull(row))
                continue;
            if constexpr (ofDigests) {
                if (const auto digest = TDigest::read(DynamicView(values[row])))
                    m_digests[groups[row]].merge(*digest);
            } else {
                double weight = 1;
                if (arguments.size() > 1)
                    weight = arguments[1].isNull(row) ? 0 : static_cast<double>(VectorReader<std::int64_t>(arguments[1])[row]);
                m_digests[groups[row]].add(static_cast<double>(values[row]), weight);
            }
        }
        return {};
    }
    void mergeGroup(std::size_t to, DigestAccumulator& other, std::size_t from) { m_digests[to].merge(other.m_digests[from]); }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Dynamic> writer(count);
        DynamicBuilder builder;
        for (std::size_t i = 0; i < count; ++i) {
            m_digests[from + i].write(builder);
            writer.put(i, builder.take());
        }
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override
    {
        std::size_t bytes = m_digests.capacity() * sizeof(TDigest);
        for (const TDigest& digest : m_digests)
            bytes += digest.bytes();
        return bytes;
    }

private:
    std::vector<TDigest> m_digests;
};

std::unique_ptr<Accumulator> makeHll(const AggregateBinding& binding)
{
    return visitType(binding.argumentTypes[0], []<DataType T>() -> std::unique_ptr<Accumulator> { return std::make_unique<HllAccumulator<T, false>>(); });
}

template <DataType... T> std::vector<AggregateSignature> digestSignatures()
{
    return {AggregateSignature{{{"value", T}, optional("weight", Long)}, always(Dynamic), maker<DigestAccumulator<T, false>>()}...};
}

/// A number out of a digest in the type that is asked for.
Result<Vector> percentileOf(KernelContext& context, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> digests(arguments[0]);
    const VectorReader<double> percentiles(arguments[1]);
    ResultWriter<Real> writer(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const auto digest = digests.isNull(row) || percentiles.isNull(row) ? std::nullopt : TDigest::read(DynamicView(digests[row]));
        if (digest && !digest->isEmpty())
            writer.put(row, digest->percentile(percentiles[row]));
        else
            writer.putNull(row);
    }
    return convertVector(writer.finish(), context.returnType);
}

DataType percentileType(std::span<const DataType>, std::span<const Value* const> constants)
{
    if (constants.size() < 3 || !constants[2] || constants[2]->isNull() || constants[2]->type() != String)
        return Real;
    return parseTypeName(constants[2]->asText()).value_or(Real);
}

Result<Vector> percentileArrayOf(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    const VectorReader<std::string_view> digests(arguments[0]);
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        const auto digest = digests.isNull(row) ? std::nullopt : TDigest::read(DynamicView(digests[row]));
        if (!digest || digest->isEmpty()) {
            writer.putNull(row);
            continue;
        }
        builder.beginArray();
        for (std::size_t i = 1; i < arguments.size(); ++i) {
            if (arguments[i].type() == Real) {
                builder.real(digest->percentile(VectorReader<double>(arguments[i])[row]));
                continue;
            }
            const DynamicView list{VectorReader<std::string_view>(arguments[i])[row]};
            for (std::size_t item = 0; item < list.size(); ++item)
                builder.real(digest->percentile(fromDynamic<Real>(list.item(item)).value_or(0)));
        }
        builder.endArray();
        writer.put(row, builder.take());
    }
    return writer.finish();
}

/// Where a value stands among those of a digest: times count as their ticks.
template <DataType T>
std::optional<double> positionOf(const Physical<T>& value)
{
    if constexpr (T == Dynamic) {
        const DynamicView view(value);
        const bool isTime = view.tag() == DynamicTag::DateTime || view.tag() == DynamicTag::TimeSpan;
        return isTime ? std::optional(static_cast<double>(view.asLong())) : fromDynamic<Real>(view);
    } else {
        return static_cast<double>(value);
    }
}

/// rank_tdigest(digest, value), percentrank_tdigest(digest, value)
template <bool inPercent, DataType T>
std::optional<double> rankIn(std::string_view bytes, const Physical<T>& value)
{
    const auto digest = TDigest::read(DynamicView(bytes));
    const auto position = positionOf<T>(value);
    if (!digest || digest->isEmpty() || !position)
        return std::nullopt;
    return inPercent ? digest->rank(*position) / digest->totalWeight() * 100 : digest->rank(*position);
}

template <bool inPercent, DataType... T>
std::vector<Signature> rankSignatures()
{
    return {signature({{"digest", Dynamic}, {"value", T}}, Real, kernels::map<Real, Dynamic, T>(rankIn<inPercent, T>))...};
}

/// hll_merge() and tdigest_merge() of several arguments in one row.
Result<Vector> mergeDigests(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        TDigest merged;
        for (const Vector& argument : arguments)
            if (const auto digest = argument.isNull(row) ? std::nullopt : TDigest::read(DynamicView(VectorReader<std::string_view>(argument)[row])))
                merged.merge(*digest);
        merged.write(builder);
        writer.put(row, builder.take());
    }
    return writer.finish();
}

Result<Vector> mergeHlls(KernelContext&, std::span<const Vector> arguments, std::size_t rows)
{
    ResultWriter<Dynamic> writer(rows);
    DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        DistinctCounter merged;
        for (const Vector& argument : arguments)
            if (const auto sketch = argument.isNull(row) ? std::nullopt : readDistinctSketch(DynamicView(VectorReader<std::string_view>(argument)[row])))
                merged.merge(*sketch, kSketchExactLimit);
        writeDistinctSketch(builder, merged);
        writer.put(row, builder.take());
    }
    return writer.finish();
}

void addScalars(FunctionRegistry& registry)
{
    registry.add(ScalarFunction{.name = "dcount_hll", .category = "sketch", .help = "The number of different values in what hll() or hll_merge() gave.", .example = "range x from 1 to 5 step 1 | summarize h = hll(x) | project dcount_hll(h) // 5",
        .signatures = {signature({{"hll", Dynamic}}, Long, kernels::map<Long, Dynamic>([](std::string_view bytes) {
            const auto sketch = readDistinctSketch(DynamicView(bytes));
            return sketch ? std::optional(sketch->count()) : std::nullopt;
        }))}});
    registry.add(ScalarFunction{.name = "hll_merge", .category = "sketch", .help = "Unites what hll() gave.", .example = "range x from 1 to 5 step 1 | summarize a = hll(x), b = hll(x + 2) | project dcount_hll(hll_merge(a, b)) // 7", .signatures = {signature({{"hll", Dynamic}, repeated("other", Dynamic)}, Dynamic, mergeHlls)}});
    registry.add(ScalarFunction{.name = "percentile_tdigest", .category = "sketch", .help = "The value at a percentile of what tdigest() gave, as a dynamic value or of the given type.", .example = "range x from 1 to 100 step 1 | summarize t = tdigest(x) | project percentile_tdigest(t, 95) // 95.0",
        .signatures = {signature({{"digest", Dynamic}, {"percentile", Real}}, Dynamic, percentileOf), {{{"digest", Dynamic}, {"percentile", Real}, constant("type", String)}, percentileType, percentileOf}}});
    registry.add(ScalarFunction{.name = "percentile_array_tdigest", .category = "sketch", .help = "The values at several percentiles of what tdigest() gave, as an array.", .example = "range x from 1 to 100 step 1 | summarize t = tdigest(x) | project percentile_array_tdigest(t, 50, 95) // [50.0,95.0]", .signatures = {signature({{"digest", Dynamic}, repeated("percentile", TypeSet{Real, Dynamic})}, Dynamic, percentileArrayOf)}});
    registry.addAlias("percentiles_array_tdigest", "percentile_array_tdigest");
    registry.add(ScalarFunction{.name = "rank_tdigest", .category = "sketch", .help = "How many values of what tdigest() gave are not above a value.", .example = "range x from 1 to 100 step 1 | summarize t = tdigest(x) | project rank_tdigest(t, 10) // 10.0", .signatures = rankSignatures<false, Real, DateTime, TimeSpan, Dynamic>()});
    registry.add(ScalarFunction{.name = "percentrank_tdigest", .category = "sketch", .help = "How many per cent of the values of what tdigest() gave are not above a value.", .example = "range x from 1 to 200 step 1 | summarize t = tdigest(x) | project percentrank_tdigest(t, 20) // 10.0", .signatures = rankSignatures<true, Real, DateTime, TimeSpan, Dynamic>()});
    registry.add(ScalarFunction{.name = "tdigest_merge", .category = "sketch", .help = "Unites what tdigest() gave.", .example = "range x from 1 to 50 step 1 | summarize a = tdigest(x), b = tdigest(x + 50) | project percentile_tdigest(tdigest_merge(a, b), 95) // 95.0", .signatures = {signature({{"digest", Dynamic}, repeated("other", Dynamic)}, Dynamic, mergeDigests)}});
    registry.addAlias("merge_tdigest", "tdigest_merge");
    registry.add(ScalarFunction{.name = "hll_isvalid", .category = "sketch", .help = "Whether a value is what hll() or hll_merge() gives.", .example = "print hll_isvalid(dynamic([1])) // false", .signatures = {signature({{"hll", Dynamic}}, Bool, kernels::map<Bool, Dynamic>([](std::string_view bytes) { return readDistinctSketch(DynamicView(bytes)).has_value(); }))}});
    registry.add(ScalarFunction{.name = "tdigest_isvalid", .category = "sketch", .help = "Whether a value is what tdigest() or tdigest_merge() gives.", .example = "print tdigest_isvalid(dynamic([1])) // false", .signatures = {signature({{"digest", Dynamic}}, Bool, kernels::map<Bool, Dynamic>([](std::string_view bytes) { return TDigest::read(DynamicView(bytes)).has_value(); }))}});
}

} // namespace

void addSketchAggregates(FunctionRegistry& registry)
{
    const AggregateFunction hll{"hll", "hll", "A sketch of the different values, to be kept and united; read it with dcount_hll().", "range x from 1 to 5 step 1 | summarize h = hll(x) | project dcount_hll(h) // 5", {{{{"value", types::any}, optional("accuracy", types::integer, true)}, always(Dynamic), makeHll}}};
    registry.add(hll);
    registry.add(filteredForm(hll, "hll_if", "hll_if", "A sketch of the different values of the rows for which the predicate is true.", "range x from 1 to 5 step 1 | summarize h = hll_if(x, x > 3) | project dcount_hll(h) // 2", 1));
    registry.add(AggregateFunction{"hll_merge", "hll_merge", "Unites what hll() gave.", "range x from 1 to 5 step 1 | summarize h = hll(x) by x | summarize m = hll_merge(h) | project dcount_hll(m) // 5", {{{{"hll", Dynamic}}, always(Dynamic), maker<HllAccumulator<Dynamic, true>>()}}});
    registry.add(AggregateFunction{"tdigest", "tdigest", "A digest of the distribution of the values, to be kept and united; read it with percentile_tdigest().", "range x from 1 to 100 step 1 | summarize t = tdigest(x) | project percentile_tdigest(t, 50) // 50.0", digestSignatures<Real, Long, DateTime, TimeSpan>()});
    registry.add(AggregateFunction{"tdigest_merge", "merge_tdigests", "Unites what tdigest() gave.", "range x from 1 to 100 step 1 | summarize t = tdigest(x) by x % 2 | summarize m = tdigest_merge(t) | project percentile_tdigest(m, 50) // 50.0", {{{{"digest", Dynamic}}, always(Dynamic), maker<DigestAccumulator<Dynamic, true>>()}}});
    registry.addAlias("merge_tdigest", "tdigest_merge");
    addScalars(registry);
}

} // namespace tocsin::kql
