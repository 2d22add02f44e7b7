// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/PageCanvas.h"

#include <optional>
#include <vector>

namespace tocsin::report {

inline constexpr qreal kColumnGap = pt(9);

struct TableColumn {
    QString title;
    qreal width = 0; ///< with the gap to the next column
    bool numeric = false;   ///< to the right, in figures of one width
    bool monospace = false;
};

struct TableCell {
    QString text;
    QString detail;                   ///< smaller and quiet, below the text
    std::optional<Severity> mark;     ///< drawn before the text
    std::optional<bool> verdict;      ///< a tick or a cross before the text
    bool strong = false;
};

/// Paints a table row by row at the canvas's pen. The header comes again on every page; a row goes to the next page as a whole, unless
/// it is higher than a page: then it is cut between lines.
class TablePainter {
public:
    TablePainter(PageCanvas& canvas, std::vector<TableColumn> columns);

    /// Header, with enough room that at least one row follows it.
    void begin();
    void row(const std::vector<TableCell>& cells);
    void end();

private:
    struct Line {
        const TextBlock* block;
        int line;
        qreal height;
    };
    void header();
    /// Without the gap, which the last column does not have.
    qreal textWidth(const TableColumn& column) const;
    qreal linesHeight(const std::vector<Line>& lines, std::size_t from, std::size_t to) const;

    PageCanvas& m_canvas;
    std::vector<TableColumn> m_columns;
    qreal m_headerHeight = 0;
};

} // namespace tocsin::report
