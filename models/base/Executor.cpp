// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Executor.h"

#include "base/Memory.h"

#include <algorithm>

namespace tocsin {
namespace {

constexpr std::size_t kFirstHeap = 1 << 20; ///< of each thread

} // namespace

ThreadPool::ThreadPool(unsigned threads)
{
    const unsigned count = threads ? threads : std::max(1U, std::thread::hardware_concurrency());
    m_threads.reserve(count);
    for (unsigned i = 0; i < count; ++i)
        m_threads.emplace_back([this] { work(); });
}

ThreadPool::~ThreadPool()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
}

void ThreadPool::post(std::function<void()> task, TaskPriority priority)
{
    {
        const std::lock_guard lock(m_mutex);
        (priority == TaskPriority::Interactive ? m_interactive : m_background).push_back(std::move(task));
    }
    m_wake.notify_one();
}

void ThreadPool::work()
{
    fillHeap(kFirstHeap);
    for (;;) {
        std::function<void()> task;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stopping || !m_interactive.empty() || !m_background.empty(); });
            auto& queue = m_interactive.empty() ? m_background : m_interactive;
            if (queue.empty())
                return;
            task = std::move(queue.front());
            queue.pop_front();
        }
        task();
    }
}

} // namespace tocsin
