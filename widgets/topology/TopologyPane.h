// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Executor.h"
#include "common/Pane.h"
#include "items/Async.h"
#include "items/NetworkActions.h"
#include "items/TopologyLayout.h"

class QStackedWidget;
class QTextBrowser;
class QTreeView;

namespace tocsin::items {
class TopologyModel;
}

namespace tocsin::widgets {

class TopologyView;

/// The topology as drawing or tree, with the details of what is selected.
class TopologyPane final : public Pane {
    Q_OBJECT
public:
    TopologyPane(items::NetworkActions& actions, Executor& executor, const Theme& theme, QWidget* parent = nullptr);

    void reload();
    void showPath(const QStringList& ids, bool reachable);
    TopologyView* view() const { return m_view; }
    QTreeView* tree() const { return m_tree; }
    QString detailsText() const;

Q_SIGNALS:
    /// Check a connection from the selected machine; the destination may be empty.
    void checkRequested(const QString& fromId, const QString& toId);

private:
    void place(std::shared_ptr<const items::TopologyGraph> graph);
    void select(const QString& id);

    items::NetworkActions& m_actions;
    Executor& m_executor;
    items::Mailbox m_mailbox;
    items::TopologyModel* m_model;
    TopologyView* m_view;
    QTreeView* m_tree;
    QStackedWidget* m_stack;
    QTextBrowser* m_details;
    QAction* m_check;
    QString m_selected;
    int m_load = 0;
    QStringList m_path;
    bool m_reachable = true;
};

} // namespace tocsin::widgets
