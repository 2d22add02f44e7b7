// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/QueryRunner.h"

#include "items/Async.h"

#include <QElapsedTimer>
#include <QTimer>

#include <condition_variable>

namespace tocsin::items {

namespace {

constexpr int kDeliveryMilliseconds = 50;
constexpr std::size_t kQueuedRows = 262'144;

} // namespace

/// One run: the engine's sink, and the queue between its thread and ours.
class QueryRunner::Run final : public engine::ResultSink, public std::enable_shared_from_this<QueryRunner::Run> {
public:
    struct Item {
        std::optional<engine::ResultSchema> schema;
        std::size_t result = 0;
        std::vector<Batch> batches;
    };
    struct Delivery {
        std::vector<Item> items;
        std::optional<engine::QueryProgress> progress;
        std::optional<engine::QueryOutcome> outcome;
    };

    explicit Run(QueryRunner* runner) : m_address(runner->m_mailbox.address()), m_runner(runner) {}

    void schema(const engine::ResultSchema& schema) override
    {
        add([&] { m_pending.items.push_back({schema, schema.result, {}}); });
    }
    void batch(std::size_t result, Batch batch) override
    {
        std::unique_lock lock(m_mutex);
        m_room.wait(lock, [this] { return m_abandoned || m_queuedRows < kQueuedRows; });
        if (m_abandoned)
            return;
        m_queuedRows += batch.rows();
        if (m_pending.items.empty() || m_pending.items.back().result != result)
            m_pending.items.push_back({std::nullopt, result, {}});
        m_pending.items.back().batches.push_back(std::move(batch));
        notify(lock);
    }
    void progress(const engine::QueryProgress& progress) override
    {
        add([&] { m_pending.progress = progress; });
    }
    void finished(const engine::QueryOutcome& outcome) override
    {
        std::unique_lock lock(m_mutex);
        m_pending.outcome = outcome;
        notify(lock);
    }

    /// The window's thread.
    Delivery take()
    {
        const std::lock_guard lock(m_mutex);
        m_notified = false;
        m_queuedRows = 0;
        m_room.notify_all();
        return std::exchange(m_pending, {});
    }
    void abandon()
    {
        const std::lock_guard lock(m_mutex);
        m_abandoned = true;
        m_pending.items.clear();
        m_room.notify_all();
    }

    std::unique_ptr<engine::QueryHandle> handle;
    QElapsedTimer sinceDelivery;

private:
    template <typename Change> void add(Change change)
    {
        std::unique_lock lock(m_mutex);
        if (m_abandoned)
            return;
        change();
        notify(lock);
    }
    void notify(std::unique_lock<std::mutex>& lock)
    {
        if (std::exchange(m_notified, true))
            return;
        lock.unlock();
        // The runner owns the mailbox, so this runs only while the runner lives.
        m_address->post([runner = m_runner, run = weak_from_this()] { runner->deliver(run.lock()); });
    }

    std::shared_ptr<const Mailbox::Address> m_address;
    QueryRunner* m_runner;
    std::mutex m_mutex;
    std::condition_variable m_room;
    Delivery m_pending;
    std::size_t m_queuedRows = 0;
    bool m_notified = false;
    bool m_abandoned = false;
};

QueryRunner::QueryRunner(engine::QueryEngine& engine, QObject* parent) : QObject(parent), m_engine(engine) {}

QueryRunner::~QueryRunner()
{
    retire();
    // The handles wait for their engines, which stop within 100 ms.
    for (const auto& run : m_retired)
        run->handle.reset();
}

int QueryRunner::run(engine::QueryRequest request)
{
    retire();
    const int number = ++m_run;
    m_current = std::make_shared<Run>(this);
    const std::shared_ptr<Run> run = m_current;
    Q_EMIT started(number);
    run->handle = m_engine.submit(std::move(request), *run);
    return number;
}

void QueryRunner::cancel()
{
    if (!m_current)
        return;
    retire();
    Q_EMIT cancelled();
}

void QueryRunner::retire()
{
    if (!m_current)
        return;
    m_current->abandon();
    if (m_current->handle)
        m_current->handle->cancel();
    m_retired.push_back(std::exchange(m_current, nullptr));
}

void QueryRunner::deliver(std::shared_ptr<Run> run)
{
    // A run that was cancelled is kept until the engine has let go of it.
    std::erase_if(m_retired, [](const std::shared_ptr<Run>& old) {
        if (!old->take().outcome)
            return false;
        old->handle.reset();
        return true;
    });
    if (!run || run != m_current)
        return;
    if (run->sinceDelivery.isValid() && run->sinceDelivery.elapsed() < kDeliveryMilliseconds) {
        QTimer::singleShot(kDeliveryMilliseconds - static_cast<int>(run->sinceDelivery.elapsed()), this, [this, weak = std::weak_ptr(run)] {
            const auto same = weak.lock();
            if (same && same == m_current) {
                same->sinceDelivery.invalidate();
                deliver(same);
            }
        });
        return;
    }
    run->sinceDelivery.start();
    Run::Delivery delivery = run->take();
    for (Run::Item& item : delivery.items) {
        if (item.schema)
            Q_EMIT schemaArrived(*item.schema);
        if (!item.batches.empty() && m_current == run)
            Q_EMIT batchesArrived(item.result, item.batches);
        if (m_current != run)
            return;
    }
    if (delivery.progress)
        Q_EMIT progressed(*delivery.progress);
    if (!delivery.outcome || m_current != run)
        return;
    run->handle.reset();
    m_current.reset();
    switch (delivery.outcome->kind) {
    case engine::QueryOutcome::Kind::Done: Q_EMIT finished(*delivery.outcome); break;
    case engine::QueryOutcome::Kind::Failed: Q_EMIT failed(*delivery.outcome); break;
    case engine::QueryOutcome::Kind::Cancelled: Q_EMIT cancelled(); break;
    }
}

} // namespace tocsin::items
