// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"

#include <QWidget>

class QAction;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedLayout;

namespace tocsin::widgets {

/// What a view says when it has nothing to show, or could not get it.
struct PaneMessage {
    QString icon;
    QString title;
    QString text;
    QAction* action = nullptr; ///< the one thing to do about it; may be null
};

/// The content of a dock or tab: a title with icon and count for whoever frames it, its own actions, and the four drawn states
/// (empty, loading, partial, error) around the real content.
class Pane : public QWidget {
    Q_OBJECT
public:
    Pane(const Theme& theme, QString iconName, QWidget* parent = nullptr);

    const Theme& theme() const { return m_theme; }
    const QString& iconName() const { return m_iconName; }
    /// Small text beside the name, usually how many; may be empty.
    const QString& countText() const { return m_count; }
    void setCountText(const QString& text);
    /// Shown as icon buttons at the right of the title.
    const QList<QAction*>& titleActions() const { return m_titleActions; }

    void showContent();
    void showMessage(const PaneMessage& message);
    void showError(const QString& what, const QString& advice, QAction* action = nullptr);
    /// A thin bar at the top; does not hide the content.
    void setLoading(bool loading);
    bool isLoading() const { return m_loading; }
    /// A strip that says the content is partial or old; an empty text hides it.
    void setStrip(const QString& text);
    bool showsContent() const;
    /// The words of the state shown instead of the content; empty when the content is shown.
    QString messageText() const;

Q_SIGNALS:
    void countTextChanged();

protected:
    /// To be called once with the real content.
    void setContent(QWidget* content);
    void addTitleAction(QAction* action) { m_titleActions.append(action); }
    QAction* makeTitleAction(const QString& icon, const QString& text, const QKeySequence& shortcut = {});

private:
    void restyle();

    const Theme& m_theme;
    QString m_iconName;
    QString m_count;
    QList<QAction*> m_titleActions;
    QStackedLayout* m_stack;
    QWidget* m_content = nullptr;
    QWidget* m_message;
    QLabel* m_messageIcon;
    QLabel* m_messageTitle;
    QLabel* m_messageText;
    QPushButton* m_messageButton;
    QAction* m_messageAction = nullptr;
    QString m_messageIconName;
    bool m_isError = false;
    bool m_loading = false;
    QLabel* m_strip;
    QProgressBar* m_bar;
};

} // namespace tocsin::widgets
