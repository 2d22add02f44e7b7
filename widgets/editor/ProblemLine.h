// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace tocsin::widgets {

class QueryEditor;

/// The line below an editor: how many problems there are, what is wrong at the cursor, how to set it right, and where the cursor is.
class ProblemLine final : public QWidget {
    Q_OBJECT
public:
    ProblemLine(QueryEditor& editor, const Theme& theme);

    QString countText() const;
    QString messageText() const { return m_whole; }

private:
    void refresh();
    void elide();
    void restyle();
    void resizeEvent(QResizeEvent* event) override;

    QueryEditor& m_editor;
    const Theme& m_theme;
    QToolButton* m_count;
    QLabel* m_message;
    QToolButton* m_fix;
    QLabel* m_place;
    QString m_whole;
};

} // namespace tocsin::widgets
