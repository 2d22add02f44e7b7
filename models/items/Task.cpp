// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/Task.h"

#include "items/ErrorText.h"

#include <QTimer>

namespace tocsin::items {

void TaskControl::setProgress(std::uint64_t done, std::uint64_t total, const QString& what)
{
    {
        const std::lock_guard lock(m_mutex);
        m_state.done = done;
        m_state.total = total;
        if (!what.isEmpty())
            m_state.what = what;
        if (std::exchange(m_posted, true))
            return;
    }
    m_address->post(m_changed);
}

void TaskControl::addNote(const QString& note)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_state.notes.size() < Task::kMostNotes)
            m_state.notes.append(note);
        ++m_state.noteCount;
        if (std::exchange(m_posted, true))
            return;
    }
    m_address->post(m_changed);
}

TaskControl::State TaskControl::take()
{
    const std::lock_guard lock(m_mutex);
    m_posted = false;
    State out = m_state;
    m_state.notes.clear();
    m_state.noteCount = 0;
    return out;
}

Task::Task(QString title, bool changesData, QObject* parent)
    : QObject(parent), m_title(std::move(title)), m_changesData(changesData), m_control(std::make_shared<TaskControl>())
{
    m_clock.start();
    m_control->m_address = m_mailbox.address();
    // Refreshed at most once in 50 ms however often the worker reports.
    m_control->m_changed = [this] { QTimer::singleShot(50, this, &Task::refresh); };
}

int Task::percent() const
{
    if (m_state == State::Done)
        return 100;
    return m_total == 0 ? -1 : static_cast<int>(std::min<std::uint64_t>(100, m_done * 100 / m_total));
}

Ticks Task::elapsed() const { return (m_endedAfter >= 0 ? m_endedAfter : m_clock.elapsed()) * kTicksPerMillisecond; }

std::optional<Ticks> Task::remaining() const
{
    if (!isRunning() || m_total == 0 || m_done == 0 || m_done > m_total)
        return std::nullopt;
    return static_cast<Ticks>(static_cast<double>(elapsed()) * static_cast<double>(m_total - m_done) / static_cast<double>(m_done));
}

void Task::cancel()
{
    if (isRunning())
        m_control->m_stop.request_stop();
}

void Task::refresh()
{
    TaskControl::State state = m_control->take();
    m_notes += state.notes;
    m_notes = m_notes.mid(0, kMostNotes);
    m_noteCount += state.noteCount;
    if (isRunning()) {
        m_done = state.done;
        m_total = state.total;
        m_text = state.what;
    }
    Q_EMIT changed();
}

void Task::end(State state, const QString& text, const QString& advice)
{
    refresh();
    m_endedAfter = m_clock.elapsed();
    m_state = state;
    m_text = text;
    m_advice = advice;
    Q_EMIT changed();
    Q_EMIT finished();
}

TaskList::TaskList(Executor& executor, QObject* parent) : QObject(parent), m_executor(executor) {}

TaskList::~TaskList() { cancelAll(); }

Task* TaskList::start(const QString& title, Work work, bool changesData)
{
    auto* task = new Task(title, changesData, this);
    m_tasks.prepend(task);
    connect(task, &Task::changed, this, [this, task] { Q_EMIT taskChanged(task); });
    connect(task, &Task::finished, this, [this, task] { Q_EMIT taskEnded(task); });
    Q_EMIT taskStarted(task);
    m_executor.post(
        [control = task->m_control, address = task->m_mailbox.address(), task, work = std::move(work)] {
            Outcome outcome = control->isCancelled() ? Outcome(std::unexpected(makeError(kCancelled))) : work(*control);
            address->post([task, outcome = std::move(outcome)] {
                if (outcome)
                    task->end(Task::State::Done, *outcome, {});
                else if (outcome.error().kind == &kCancelled || outcome.error().code() == kCancelled.code)
                    task->end(Task::State::Cancelled, tr("Cancelled"), {});
                else
                    task->end(Task::State::Failed, errorText(outcome.error()), errorAdviceText(outcome.error()));
            });
        },
        TaskPriority::Background);
    return task;
}

int TaskList::runningCount() const
{
    return static_cast<int>(std::count_if(m_tasks.begin(), m_tasks.end(), [](const Task* task) { return task->isRunning(); }));
}

void TaskList::cancelAll()
{
    for (Task* task : m_tasks)
        task->cancel();
}

void TaskList::clearEnded()
{
    QList<Task*> kept;
    for (Task* task : std::exchange(m_tasks, {})) {
        if (task->isRunning())
            kept.append(task);
        else
            task->deleteLater();
    }
    m_tasks = kept;
    Q_EMIT cleared();
}

} // namespace tocsin::items
