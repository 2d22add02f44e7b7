// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/TablePainter.h"

#include <QPainter>

#include <algorithm>

namespace tocsin::report {

namespace {

constexpr qreal kPad = pt(3.2);    // above and below the text of a row
constexpr qreal kMark = pt(7.5);   // size of a severity mark
constexpr qreal kMarkRoom = pt(12);

} // namespace

TablePainter::TablePainter(PageCanvas& canvas, std::vector<TableColumn> columns) : m_canvas(canvas), m_columns(std::move(columns))
{
    for (const TableColumn& column : m_columns) {
        const TextBlock title = m_canvas.block(column.title, m_canvas.style().smallStrong, m_canvas.style().quiet, textWidth(column));
        m_headerHeight = std::max(m_headerHeight, title.height() + 2 * kPad);
    }
}

void TablePainter::begin()
{
    m_canvas.need(m_headerHeight + pt(34));
    header();
}

void TablePainter::header()
{
    m_canvas.paint([&](QPainter& painter) {
        qreal x = m_canvas.left();
        for (const TableColumn& column : m_columns) {
            const TextBlock title = m_canvas.block(column.title, m_canvas.style().smallStrong, m_canvas.style().quiet, textWidth(column),
                                                   column.numeric ? Qt::AlignRight : Qt::AlignLeft);
            title.draw(painter, {x, m_canvas.y() + m_headerHeight - kPad - title.height()});
            x += column.width;
        }
    });
    m_canvas.advance(m_headerHeight);
    m_canvas.rule(m_canvas.style().border, pt(0.8));
}

qreal TablePainter::textWidth(const TableColumn& column) const { return &column == &m_columns.back() ? column.width : column.width - kColumnGap; }

qreal TablePainter::linesHeight(const std::vector<Line>& lines, std::size_t from, std::size_t to) const
{
    qreal height = 0;
    for (std::size_t i = from; i < to; ++i)
        height += lines[i].height;
    return height;
}

void TablePainter::row(const std::vector<TableCell>& cells)
{
    const ReportStyle& style = m_canvas.style();
    std::vector<TextBlock> blocks;
    std::vector<std::vector<Line>> lines(m_columns.size());
    blocks.reserve(m_columns.size() * 2);
    qreal rowHeight = 0;
    for (std::size_t i = 0; i < m_columns.size() && i < cells.size(); ++i) {
        const TableColumn& column = m_columns[i];
        const TableCell& cell = cells[i];
        const qreal indent = cell.mark || cell.verdict ? kMarkRoom : 0;
        const qreal width = std::max(pt(8), textWidth(column) - indent);
        const auto add = [&](const QString& text, const QFont& font, const QColor& colour) {
            blocks.emplace_back(text, font, colour, width, m_canvas.device(), column.numeric ? Qt::AlignRight : Qt::AlignLeft);
            for (int line = 0; line < blocks.back().lineCount(); ++line)
                lines[i].push_back({&blocks.back(), line, blocks.back().lineHeight(line)});
        };
        if (!cell.text.isEmpty())
            add(cell.text, column.monospace || column.numeric ? style.smallMono : cell.strong ? style.smallStrong : style.small, style.text);
        if (!cell.detail.isEmpty())
            add(cell.detail, style.small, style.quiet);
        rowHeight = std::max(rowHeight, linesHeight(lines[i], 0, lines[i].size()));
    }
    if (rowHeight + 2 * kPad > m_canvas.remaining()) {
        if (m_canvas.remaining() < m_canvas.pageBody() * 0.6 || rowHeight + 2 * kPad <= m_canvas.pageBody() - m_headerHeight) {
            m_canvas.newPage();
            header();
        }
    }
    std::vector<std::size_t> next(m_columns.size(), 0);
    for (bool first = true; first || std::any_of(next.begin(), next.end(), [&, i = std::size_t{0}](std::size_t n) mutable { return n < lines[i++].size(); });
         first = false) {
        if (!first) {
            m_canvas.newPage();
            header();
        }
        const qreal room = m_canvas.remaining() - 2 * kPad;
        qreal used = 0;
        qreal x = m_canvas.left();
        for (std::size_t i = 0; i < m_columns.size() && i < cells.size(); ++i) {
            const qreal indent = cells[i].mark || cells[i].verdict ? kMarkRoom : 0;
            qreal height = 0;
            if (first && indent > 0 && !lines[i].empty())
                m_canvas.paint([&](QPainter& painter) {
                    const QPointF centre(x + kMark / 2, m_canvas.y() + kPad + lines[i][0].height / 2);
                    if (cells[i].mark)
                        drawSeverityMark(painter, centre, kMark, *cells[i].mark);
                    else
                        drawVerdictMark(painter, centre, kMark, *cells[i].verdict, style);
                });
            while (next[i] < lines[i].size() && (height + lines[i][next[i]].height <= room || height == 0)) {
                const Line& line = lines[i][next[i]++];
                m_canvas.paint([&](QPainter& painter) { line.block->drawLine(painter, line.line, {x + indent, m_canvas.y() + kPad + height}); });
                height += line.height;
            }
            used = std::max(used, height);
            x += m_columns[i].width;
        }
        m_canvas.advance(used + 2 * kPad);
    }
    m_canvas.rule(style.hairline, pt(0.5));
}

void TablePainter::end() { m_canvas.advance(pt(10)); }

} // namespace tocsin::report
