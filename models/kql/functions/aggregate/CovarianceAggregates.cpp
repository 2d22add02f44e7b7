// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/Accumulators.h"
#include "kql/functions/aggregate/PreciseSum.h"
#include "kql/functions/support/Convert.h"

namespace tocsin::kql {
namespace {

using namespace aggregates;
using enum DataType;
using kernels::ResultWriter;

/// From the sums of both columns and of their products, like a variance.
template <bool sample>
class CovarianceAccumulator final : public GroupwiseAccumulator<CovarianceAccumulator<sample>> {
public:
    void resize(std::size_t count) override { m_states.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        kernels::forRows<Real, Real>(arguments, groups.size(), [&](std::size_t row, bool null, double x, double y) {
            if (!null)
                m_states[groups[row]].add(x, y);
        });
        return {};
    }
    void mergeGroup(std::size_t to, CovarianceAccumulator& other, std::size_t from) { m_states[to].add(other.m_states[from]); }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Real> writer(count);
        for (std::size_t i = 0; i < count; ++i)
            writer.put(i, m_states[from + i].covariance(sample));
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override { return m_states.capacity() * sizeof(ProductSums); }

private:
    std::vector<ProductSums> m_states;
};

} // namespace

void addCovarianceAggregates(FunctionRegistry& registry)
{
    const std::vector<Parameter> two{{"x", Real}, {"y", Real}};
    const AggregateFunction ofSample{"covariance", "covariance", "The covariance of two columns of a sample.", "range x from 1 to 3 step 1 | summarize covariance(x, 2 * x) // 2.0", {{two, always(Real), maker<CovarianceAccumulator<true>>()}}};
    const AggregateFunction ofPopulation{"covariancep", "covariancep", "The covariance of two columns of a whole population.", "range x from 1 to 2 step 1 | summarize covariancep(x, 2 * x) // 0.5", {{two, always(Real), maker<CovarianceAccumulator<false>>()}}};
    registry.add(ofSample);
    registry.add(ofPopulation);
    registry.add(filteredForm(ofSample, "covarianceif", "covarianceif", "The covariance of two columns of a sample, of the rows for which the predicate is true.", "range x from 1 to 4 step 1 | summarize covarianceif(x, 2 * x, x < 4) // 2.0", 2));
    registry.add(filteredForm(ofPopulation, "covariancepif", "covariancepif", "The covariance of two columns of a whole population, of the rows for which the predicate is true.", "range x from 1 to 4 step 1 | summarize covariancepif(x, 2 * x, x < 3) // 0.5", 2));
}

} // namespace tocsin::kql
