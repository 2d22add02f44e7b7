// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tocsin {

enum class TaskPriority { Interactive, Background };

/// Runs tasks off the calling thread. Owned by the application; handed to whoever has work.
class Executor {
public:
    virtual ~Executor() = default;
    /// Tasks must not throw. Any thread may post.
    virtual void post(std::function<void()> task, TaskPriority priority = TaskPriority::Interactive) = 0;
    /// How many tasks can run at the same time; at least 1.
    virtual unsigned concurrency() const = 0;
};

/// Runs each task at once on the caller's thread: for tests and for tools without threads.
class InlineExecutor final : public Executor {
public:
    void post(std::function<void()> task, TaskPriority) override { task(); }
    unsigned concurrency() const override { return 1; }
};

/// A fixed pool. Interactive tasks go first; the destructor runs what is queued and joins.
class ThreadPool final : public Executor {
public:
    /// 0 threads means one per core.
    explicit ThreadPool(unsigned threads = 0);
    ~ThreadPool() override;
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    void post(std::function<void()> task, TaskPriority priority = TaskPriority::Interactive) override;
    unsigned concurrency() const override { return static_cast<unsigned>(m_threads.size()); }

private:
    void work();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_interactive;
    std::deque<std::function<void()>> m_background;
    bool m_stopping = false;
    std::vector<std::jthread> m_threads;
};

} // namespace tocsin
