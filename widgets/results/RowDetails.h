// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "common/Theme.h"

#include <QTextBrowser>

namespace tocsin::items {
class ResultTableModel;
}

namespace tocsin::widgets {

/// One row of a result, a column a line, whole values; dynamic values as indented JSON.
class RowDetails final : public QTextBrowser {
    Q_OBJECT
public:
    RowDetails(const items::ResultTableModel& model, const Theme& theme, QWidget* parent = nullptr);
    void showRow(int row);

private:
    const items::ResultTableModel& m_model;
    const Theme& m_theme;
    int m_row = -1;
};

} // namespace tocsin::widgets
