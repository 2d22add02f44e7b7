// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"
#include "kql/services/Completion.h"

#include <QFrame>

class QLabel;
class QTreeView;

namespace tocsin::widgets {

class CompletionModel;

/// The list of completions under the cursor, with a line of help. Never takes the focus: the editor hands it the keys.
class CompletionPopup final : public QFrame {
    Q_OBJECT
public:
    CompletionPopup(const Theme& theme, QWidget* editor);

    /// Shows items that can be chosen; closes if there are none. `word`: global place of the word's first character, one line high.
    void present(std::vector<kql::services::CompletionItem> items, const QRect& word);
    const kql::services::CompletionItem* current() const;
    void move(int rows);
    /// Whether the user moved the selection since the list opened.
    bool wasMoved() const { return m_moved; }
    int count() const;

Q_SIGNALS:
    void chosen();

protected:
    void hideEvent(QHideEvent* event) override;

private:
    void place(const QRect& word);
    void showHelp();
    void restyle();

    const Theme& m_theme;
    CompletionModel* m_model;
    QTreeView* m_view;
    QLabel* m_help;
    bool m_moved = false;
};

} // namespace tocsin::widgets
