// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/ValueTimes.h"

#include <algorithm>
#include <limits>

namespace tocsin::catalog {
namespace {

constexpr Ticks kNever = std::numeric_limits<Ticks>::min();

} // namespace

void ValueTimes::note(const Vector& values, const Vector& times)
{
    if (!values.isDictionary() || times.type() != DataType::DateTime)
        return;
    const auto& source = values.dictionaryValues().numbers();
    if (!source)
        return;
    const std::lock_guard lock(m_mutex);
    if (isGivenUp() || (m_domain && m_domain != source->domain()))
        return;
    const std::span<const std::uint32_t> numbers = source->numbers();
    if (numbers.empty())
        return;
    m_domain = source->domain();
    const auto codes = values.codes();
    const VectorReader<Ticks> reader(times);
    for (std::size_t row = 0; row < codes.size(); ++row) {
        if (reader.isNull(row))
            continue;
        const std::uint32_t number = numbers[codes[row]];
        if (number >= m_times.size())
            m_times.resize(std::max<std::size_t>(number + std::size_t{1}, m_times.size() * 2), kNever);
        const Ticks time = m_newest ? reader[row] : -reader[row];
        m_times[number] = std::max(m_times[number], time);
    }
}

bool ValueTimes::allBeyond(const DictionaryNumbers& values, const std::vector<std::uint32_t>* used, Ticks furthest)
{
    const std::lock_guard lock(m_mutex);
    if (isGivenUp() || !m_domain || m_domain != values.domain())
        return false;
    const Ticks bound = m_newest ? furthest : -furthest;
    const auto isBeyond = [&](std::uint32_t number) { return number < m_times.size() && m_times[number] > bound; };
    const std::span<const std::uint32_t> numbers = values.numbers();
    const bool all = !numbers.empty()
        && (used ? std::ranges::all_of(*used, [&](std::uint32_t code) { return isBeyond(numbers[code]); }) : std::ranges::all_of(numbers, isBeyond));
    ++m_asked;
    m_excluded += all;
    return all;
}

} // namespace tocsin::catalog
