// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/import/ParallelFor.h"

#include <algorithm>
#include <atomic>
#include <memory>

namespace tocsin::store {
namespace {

struct Progress {
    std::atomic<std::size_t> next = 0;
    std::atomic<std::size_t> done = 0;
};

} // namespace

void parallelFor(Executor& executor, std::size_t count, const std::function<void(std::size_t)>& work)
{
    const auto progress = std::make_shared<Progress>();
    // A task that starts late finds nothing left and does not touch `work`, which may be gone by then.
    const auto run = [progress, count, &work] {
        for (std::size_t i = progress->next.fetch_add(1); i < count; i = progress->next.fetch_add(1)) {
            work(i);
            if (progress->done.fetch_add(1) + 1 == count)
                progress->done.notify_all();
        }
    };
    for (std::size_t i = 1; i < std::min<std::size_t>(executor.concurrency(), count); ++i)
        executor.post(run);
    run();
    for (std::size_t done = progress->done.load(); done < count; done = progress->done.load())
        progress->done.wait(done);
}

} // namespace tocsin::store
