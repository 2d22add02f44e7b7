// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Executor.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace tocsin::ingest {

/// Runs tasks on the threads of an executor and gives their results in the order of the tasks. Whoever takes a result works too while it
/// is not there, so a busy executor (or none) makes this slower, never stuck. Used by one thread.
template <typename T>
class OrderedTasks {
public:
    /// Without an executor everything runs in take().
    explicit OrderedTasks(Executor* executor) : m_executor(executor) {}
    /// Forgets what has not started and waits for what has.
    ~OrderedTasks()
    {
        std::unique_lock lock(m_shared->mutex);
        std::erase_if(m_shared->queue, [](const std::shared_ptr<Slot>& slot) { return !slot->started; });
        m_shared->done.wait(lock, [this] { return std::ranges::all_of(m_shared->queue, [](const std::shared_ptr<Slot>& slot) { return slot->result.has_value(); }); });
        m_shared->queue.clear();
    }
    OrderedTasks(const OrderedTasks&) = delete;
    OrderedTasks& operator=(const OrderedTasks&) = delete;

    void add(std::function<T()> task)
    {
        {
            const std::lock_guard lock(m_shared->mutex);
            m_shared->queue.push_back(std::make_shared<Slot>(Slot{std::move(task), {}, false}));
        }
        if (m_executor && m_executor->concurrency() > 1)
            m_executor->post([shared = m_shared] { shared->runOne(); }, TaskPriority::Background);
    }
    std::size_t size() const
    {
        const std::lock_guard lock(m_shared->mutex);
        return m_shared->queue.size();
    }
    /// The result of the oldest task; there must be one.
    T take()
    {
        for (;;) {
            std::shared_ptr<Slot> oldest;
            {
                const std::lock_guard lock(m_shared->mutex);
                oldest = m_shared->queue.front();
                if (oldest->result) {
                    m_shared->queue.pop_front();
                    return std::move(*oldest->result);
                }
            }
            if (m_shared->runOne())
                continue;
            std::unique_lock lock(m_shared->mutex);
            m_shared->done.wait(lock, [&] { return oldest->result.has_value(); });
        }
    }

private:
    struct Slot {
        std::function<T()> task;
        std::optional<T> result;
        bool started;
    };
    struct Shared {
        std::mutex mutex;
        std::condition_variable done;
        std::deque<std::shared_ptr<Slot>> queue;

        /// Runs the oldest task that nobody has started; false if there is none.
        bool runOne()
        {
            std::shared_ptr<Slot> slot;
            {
                const std::lock_guard lock(mutex);
                const auto free = std::ranges::find_if(queue, [](const std::shared_ptr<Slot>& candidate) { return !candidate->started; });
                if (free == queue.end())
                    return false;
                slot = *free;
                slot->started = true;
            }
            T result = slot->task();
            const std::lock_guard lock(mutex);
            slot->task = nullptr;
            slot->result = std::move(result);
            done.notify_all();
            return true;
        }
    };

    Executor* m_executor;
    std::shared_ptr<Shared> m_shared = std::make_shared<Shared>(); ///< also held by posted calls, which may come after the end
};

} // namespace tocsin::ingest
