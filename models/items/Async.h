// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Executor.h"

#include <QObject>

#include <functional>
#include <memory>
#include <mutex>

namespace tocsin::items {

/// A way for worker threads to reach a QObject that may go away meanwhile. Make one in the object's thread.
class Mailbox final : public QObject {
    Q_OBJECT
public:
    /// A handle that workers keep; posting to a dead mailbox does nothing.
    class Address {
    public:
        /// Runs the function in the mailbox's thread, if it still lives then. Any thread.
        void post(std::function<void()> function) const;

    private:
        friend class Mailbox;
        mutable std::mutex m_mutex;
        Mailbox* m_box = nullptr;
    };

    explicit Mailbox(QObject* parent = nullptr);
    ~Mailbox() override;
    std::shared_ptr<const Address> address() const { return m_address; }

private:
    std::shared_ptr<Address> m_address;
};

/// Runs `work` on the executor and hands its result to `done` in the mailbox's thread; not at all if the mailbox died.
template <typename Work, typename Done>
void runAsync(Executor& executor, const Mailbox& mailbox, Work work, Done done, TaskPriority priority = TaskPriority::Interactive)
{
    executor.post(
        [address = mailbox.address(), work = std::move(work), done = std::move(done)]() mutable {
            auto result = std::make_shared<decltype(work())>(work());
            address->post([result, done = std::move(done)]() mutable { done(std::move(*result)); });
        },
        priority);
}

} // namespace tocsin::items
