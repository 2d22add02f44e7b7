// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "items/Async.h"

#include "base/Error.h"
#include "base/Ticks.h"

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>

#include <expected>
#include <stop_token>

namespace tocsin::items {

/// What a worker reports while it works on a task. Any thread.
class TaskControl {
public:
    std::stop_token stopToken() const { return m_stop.get_token(); }
    bool isCancelled() const { return m_stop.stop_requested(); }
    /// `total` 0 means not known.
    void setProgress(std::uint64_t done, std::uint64_t total, const QString& what = {});
    /// Adds a line to the task's notes: a rejected record, a skipped file.
    void addNote(const QString& note);

private:
    friend class Task;
    friend class TaskList;
    struct State {
        std::uint64_t done = 0;
        std::uint64_t total = 0;
        QString what;
        QStringList notes;
        std::uint64_t noteCount = 0;
    };
    State take();

    std::stop_source m_stop;
    std::mutex m_mutex;
    State m_state;
    bool m_posted = false;
    std::shared_ptr<const Mailbox::Address> m_address;
    std::function<void()> m_changed;
};

/// Long work that the user can watch and cancel. Lives in the window's thread and belongs to its TaskList.
class Task final : public QObject {
    Q_OBJECT
public:
    enum class State { Running, Done, Cancelled, Failed };
    Q_ENUM(State)
    /// Notes beyond this many are only counted.
    static constexpr int kMostNotes = 1000;

    const QString& title() const { return m_title; }
    State state() const { return m_state; }
    bool isRunning() const { return m_state == State::Running; }
    /// 0 … 100, or -1 if it is not known.
    int percent() const;
    /// What is being done now; at the end the result, or why it failed.
    QString text() const { return m_text; }
    QString advice() const { return m_advice; }
    const QStringList& notes() const { return m_notes; }
    qulonglong noteCount() const { return m_noteCount; }
    Ticks elapsed() const;
    /// Estimated from the share done; nothing if that is unknown.
    std::optional<Ticks> remaining() const;
    /// True if tables may have other rows afterwards.
    bool changesData() const { return m_changesData; }
    /// Asks the worker to stop; `finished` follows.
    void cancel();

Q_SIGNALS:
    void changed();
    void finished();

private:
    friend class TaskList;
    Task(QString title, bool changesData, QObject* parent);
    void refresh();
    void end(State state, const QString& text, const QString& advice);

    QString m_title;
    QString m_text;
    QString m_advice;
    QStringList m_notes;
    qulonglong m_noteCount = 0;
    State m_state = State::Running;
    bool m_changesData;
    std::uint64_t m_done = 0;
    std::uint64_t m_total = 0;
    QElapsedTimer m_clock;
    qint64 m_endedAfter = -1;
    Mailbox m_mailbox;
    std::shared_ptr<TaskControl> m_control;
};

/// Starts tasks on the executor and keeps those of this session.
class TaskList final : public QObject {
    Q_OBJECT
public:
    /// The text of a result, or an error. kCancelled counts as cancelled.
    using Outcome = std::expected<QString, Error>;
    using Work = std::function<Outcome(TaskControl&)>;

    explicit TaskList(Executor& executor, QObject* parent = nullptr);
    ~TaskList() override;

    /// The task is owned by the list and lives as long. Its work must not touch anything of the window.
    Task* start(const QString& title, Work work, bool changesData = false);
    const QList<Task*>& tasks() const { return m_tasks; } ///< newest first
    int runningCount() const;
    void cancelAll();
    /// Removes the tasks that have ended.
    void clearEnded();

Q_SIGNALS:
    void taskStarted(tocsin::items::Task* task);
    void taskChanged(tocsin::items::Task* task);
    void taskEnded(tocsin::items::Task* task);
    void cleared();

private:
    Executor& m_executor;
    QList<Task*> m_tasks;
};

} // namespace tocsin::items
