// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/TablePainter.h"

#include "report/ReportText.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <numeric>

namespace tocsin::report {

namespace {

constexpr qreal kGap = pt(9);      // between columns
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

qreal TablePainter::textWidth(const TableColumn& column) const { return &column == &m_columns.back() ? column.width : column.width - kGap; }

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
            add(cell.text, column.monospace ? style.smallMono : cell.strong ? style.smallStrong : style.small, style.text);
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

namespace {

/// What a column would like: the width of its longest value among the first rows, within limits, and the least that is legible.
struct Wish {
    qreal natural = 0;
    qreal least = 0;
};

Wish wishOf(const ReportColumn& column, std::size_t index, const std::vector<std::vector<std::string>>& rows, PageCanvas& canvas)
{
    static constexpr std::size_t kLooked = 200;
    const ReportStyle& style = canvas.style();
    const QFontMetricsF head(style.smallStrong, canvas.device());
    const QFontMetricsF body(column.monospace ? style.smallMono : style.small, canvas.device());
    const qreal title = head.horizontalAdvance(printable(column.name)) + pt(1);
    qreal widest = 0;
    for (std::size_t i = 0; i < std::min(kLooked, rows.size()); ++i)
        if (index < rows[i].size())
            widest = std::max(widest, body.horizontalAdvance(printable(std::string_view(rows[i][index]).substr(0, 120))) + pt(1));
    Wish wish;
    wish.natural = std::clamp(std::max(title, widest), pt(22), pt(230)) + kGap;
    // Short values (numbers, times, addresses) are never broken; long text can be.
    wish.least = std::min(wish.natural, std::max(std::min(title, pt(76)), std::min(widest, column.numeric ? pt(76) : column.monospace ? pt(122) : pt(62))) + kGap);
    return wish;
}

} // namespace

std::vector<std::vector<TableColumn>> fitColumns(const std::vector<ReportColumn>& columns, const std::vector<std::vector<std::string>>& rows,
                                                 qreal width, PageCanvas& canvas)
{
    std::vector<std::vector<TableColumn>> groups;
    std::vector<Wish> wishes;
    for (std::size_t i = 0; i < columns.size(); ++i)
        wishes.push_back(wishOf(columns[i], i, rows, canvas));
    for (std::size_t first = 0; first < columns.size();) {
        qreal least = 0;
        std::size_t next = first;
        while (next < columns.size() && (next == first || least + wishes[next].least <= width))
            least += wishes[next++].least;
        qreal natural = 0;
        for (std::size_t i = first; i < next; ++i)
            natural += wishes[i].natural;
        std::vector<TableColumn> group;
        for (std::size_t i = first; i < next; ++i) {
            // All get their least; what is left is shared by what they lack. A table that fits anyway is not stretched.
            const qreal lack = wishes[i].natural - wishes[i].least;
            const qreal spare = std::max(0.0, width - least);
            const qreal share = natural <= width ? lack : natural > least ? spare * lack / (natural - least) : 0;
            group.push_back({printable(columns[i].name), wishes[i].least + share, columns[i].numeric, columns[i].monospace});
        }
        groups.push_back(std::move(group));
        first = next;
    }
    return groups;
}

} // namespace tocsin::report
