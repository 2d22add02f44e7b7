// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/exec/Run.h"

#include <algorithm>
#include <condition_variable>
#include <new>

namespace tocsin::kql {

void MemoryBudget::raisePeak(std::uint64_t used)
{
    std::uint64_t peak = m_peak.load();
    while (used > peak && !m_peak.compare_exchange_weak(peak, used)) {
    }
}

void MemoryBudget::hold(std::uint64_t bytes) { raisePeak(m_used.fetch_add(bytes) + bytes); }

bool MemoryBudget::tryTake(std::uint64_t bytes, std::uint64_t most)
{
    std::uint64_t used = m_used.load();
    do {
        if (used + bytes > most)
            return false;
    } while (!m_used.compare_exchange_weak(used, used + bytes));
    raisePeak(used + bytes);
    return true;
}

Result<void> MemoryBudget::take(std::uint64_t bytes)
{
    const std::uint64_t used = m_used.fetch_add(bytes) + bytes;
    raisePeak(used);
    if (m_limit && used > m_limit) {
        m_used.fetch_sub(bytes);
        return fail(kMemoryLimit, std::to_string(m_limit >> 20));
    }
    return {};
}

Result<void> MemoryShare::resize(std::uint64_t bytes)
{
    if (bytes > m_bytes)
        TOCSIN_TRY(m_budget->take(bytes - m_bytes));
    else
        m_budget->give(m_bytes - bytes);
    m_bytes = bytes;
    return {};
}

void MemoryShare::hold(std::uint64_t bytes)
{
    if (bytes > m_bytes)
        m_budget->hold(bytes - m_bytes);
    else
        m_budget->give(m_bytes - bytes);
    m_bytes = bytes;
}

bool MemoryShare::tryResize(std::uint64_t bytes, unsigned eighths)
{
    const std::uint64_t limit = m_budget->limit();
    if (bytes > m_bytes && limit != 0 && bytes > limit / 16) {
        if (!m_budget->tryTake(bytes - m_bytes, limit / 8 * eighths))
            return false;
        m_bytes = bytes;
        return true;
    }
    hold(bytes);
    return true;
}

std::size_t Run::spillBlockBytes() const
{
    constexpr std::uint64_t kLeast = 8 << 10, kMost = 256 << 10;
    return m_memory.limit() == 0 ? kMost : std::clamp(m_memory.limit() / 1024, kLeast, kMost);
}

Result<void> Run::checkStop() const
{
    if (m_options.stop.stop_requested())
        return fail(kCancelled);
    if (m_options.deadline)
        if (auto reason = m_options.deadline()) {
            m_closed = true;
            return std::unexpected(std::move(*reason));
        }
    if (m_failed) {
        const std::lock_guard lock(m_mutex);
        return std::unexpected(*m_failure);
    }
    return {};
}

namespace {

/// Workers of one parallel section. A pool thread that comes late finds the section closed, so the caller never waits for a task
/// that has not begun: nested sections cannot starve each other.
struct Section {
    std::mutex mutex;
    std::condition_variable idle;
    unsigned started = 0;
    unsigned active = 0;
    bool closed = false;
    std::optional<Error> failure;

    std::optional<unsigned> enter()
    {
        const std::lock_guard lock(mutex);
        if (closed)
            return std::nullopt;
        ++active;
        return started++;
    }
    void leave(Result<void> result)
    {
        const std::lock_guard lock(mutex);
        if (!result && !failure)
            failure = std::move(result).error();
        closed = true; // the work hands out pieces until none is left: whoever finds none knows that all are taken
        --active;
        idle.notify_all();
    }
};

} // namespace

Result<void> Run::parallel(const std::function<Result<void>(unsigned)>& work)
{
    if (threads() <= 1)
        return work(0);
    const auto attempt = [this, &work](unsigned worker) -> Result<void> {
        Result<void> result;
        try {
            result = work(worker);
        } catch (const std::bad_alloc&) { // on a pool thread nobody else would catch it
            result = fail(kMemoryLimit, std::to_string(m_options.memoryBytes >> 20));
        }
        if (!result && !m_failed) {
            const std::lock_guard lock(m_mutex);
            if (!m_failure)
                m_failure = result.error();
            m_failed = true;
            m_closed = true;
        }
        return result;
    };
    auto section = std::make_shared<Section>();
    const unsigned first = *section->enter();
    for (unsigned i = 1; i < threads(); ++i)
        m_executor.post([section, &attempt] {
            if (const auto worker = section->enter())
                section->leave(attempt(*worker));
        });
    section->leave(attempt(first));
    std::unique_lock lock(section->mutex);
    section->idle.wait(lock, [&] { return section->active == 0; });
    if (section->failure)
        return std::unexpected(std::move(*section->failure));
    return {};
}

Result<Run::Rows> Run::shared(const std::string& key, const std::function<Result<Rows>()>& compute)
{
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_shared.find(key); found != m_shared.end())
            return found->second;
    }
    // Operators are prepared by one thread, so two never compute the same key at once.
    auto rows = compute();
    if (!rows)
        return rows;
    const std::lock_guard lock(m_mutex);
    return m_shared.emplace(key, *rows).first->second;
}

void Run::reportScan(const void* scan, const catalog::ScanStatistics& statistics)
{
    const std::lock_guard lock(m_mutex);
    m_scans[scan] = statistics;
}

catalog::ScanStatistics Run::scanned() const
{
    const std::lock_guard lock(m_mutex);
    catalog::ScanStatistics total;
    for (const auto& [scan, statistics] : m_scans) {
        total.segmentsTotal += statistics.segmentsTotal;
        total.segmentsRead += statistics.segmentsRead;
        total.rowsRead += statistics.rowsRead;
        total.bytesRead += statistics.bytesRead;
    }
    return total;
}

} // namespace tocsin::kql
