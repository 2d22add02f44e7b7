// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/aggregate/Accumulators.h"
#include "kql/functions/support/Convert.h"

namespace tocsin::kql {
namespace {

using namespace aggregates;
using enum DataType;
using kernels::ResultWriter;

/// Means and the sum of products of deviations, kept up row by row and merged like a variance.
template <bool sample>
class CovarianceAccumulator final : public GroupwiseAccumulator<CovarianceAccumulator<sample>> {
public:
    void resize(std::size_t count) override { m_states.resize(count); }
    Result<void> update(std::span<const Vector> arguments, std::span<const std::uint32_t> groups) override
    {
        kernels::forRows<Real, Real>(arguments, groups.size(), [&](std::size_t row, bool null, double x, double y) {
            if (null)
                return;
            State& state = m_states[groups[row]];
            state.count += 1;
            const double delta = x - state.meanX;
            state.meanX += delta / state.count;
            state.meanY += (y - state.meanY) / state.count;
            state.products += delta * (y - state.meanY);
        });
        return {};
    }
    void mergeGroup(std::size_t to, CovarianceAccumulator& other, std::size_t from)
    {
        State& a = m_states[to];
        const State& b = other.m_states[from];
        if (b.count == 0)
            return;
        const double count = a.count + b.count;
        const double dx = b.meanX - a.meanX;
        const double dy = b.meanY - a.meanY;
        a.products += b.products + dx * dy * a.count * b.count / count;
        a.meanX += dx * b.count / count;
        a.meanY += dy * b.count / count;
        a.count = count;
    }
    Result<std::vector<Vector>> finish(std::size_t from, std::size_t count) override
    {
        ResultWriter<Real> writer(count);
        for (std::size_t i = 0; i < count; ++i) {
            const State& state = m_states[from + i];
            const double divisor = sample ? state.count - 1 : state.count;
            writer.put(i, divisor > 0 ? state.products / divisor : 0.0);
        }
        return std::vector<Vector>{writer.finish()};
    }
    std::size_t memoryBytes() const override { return m_states.capacity() * sizeof(State); }

private:
    struct State {
        double count = 0;
        double meanX = 0;
        double meanY = 0;
        double products = 0;
    };
    std::vector<State> m_states;
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
