// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/PageCanvas.h"

#include "report/ReportText.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPdfWriter>

#include <algorithm>

namespace tocsin::report {

namespace {

/// Where a line that ends inside a word should rather end: behind a mark that separates parts of a path, an address or a name, or
/// between the words of a CamelCase name. 0 when it ends well already or nothing better is near.
int betterBreak(const QString& text, int start, int length)
{
    const int end = start + length;
    if (length < 2 || end >= text.size() || text[end - 1].isSpace() || text[end].isSpace() || text[end - 1] == QChar::LineSeparator)
        return 0;
    static const QString kMarks = QStringLiteral("@/\\._-,;:&=?|+");
    for (int at = end; at > start + length / 3; --at) {
        const QChar before = text[at - 1];
        const bool camel = before.isLower() && text[at].isUpper();
        if (kMarks.contains(before) || camel)
            return at == end ? 0 : at - start;
        if (before.isSpace())
            return 0;
    }
    return 0;
}

} // namespace

TextBlock::TextBlock(const QString& text, const QFont& font, const QColor& colour, qreal width, QPaintDevice* device, Qt::Alignment alignment,
                     const std::vector<Run>& runs)
    : m_layout(std::make_unique<QTextLayout>(text, font, device)), m_colour(colour)
{
    QTextOption option(alignment);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_layout->setTextOption(option);
    QList<QTextLayout::FormatRange> formats;
    for (const Run& run : runs) {
        QTextLayout::FormatRange range;
        range.start = run.start;
        range.length = run.length;
        range.format.setForeground(run.colour);
        formats.append(range);
    }
    m_layout->setFormats(formats);
    m_layout->beginLayout();
    for (QTextLine line = m_layout->createLine(); line.isValid(); line = m_layout->createLine()) {
        line.setLineWidth(width);
        if (const int better = betterBreak(text, line.textStart(), line.textLength()); better > 0)
            line.setNumColumns(better, width);
        line.setPosition({0, 0});
        m_height += line.height();
    }
    m_layout->endLayout();
}

qreal TextBlock::naturalWidth() const
{
    qreal width = 0;
    for (int i = 0; i < m_layout->lineCount(); ++i)
        width = std::max(width, m_layout->lineAt(i).naturalTextWidth());
    return width;
}

void TextBlock::drawLine(QPainter& painter, int line, const QPointF& topLeft) const
{
    painter.setPen(m_colour);
    m_layout->lineAt(line).draw(&painter, topLeft);
}

void TextBlock::draw(QPainter& painter, const QPointF& topLeft) const
{
    QPointF at = topLeft;
    for (int i = 0; i < lineCount(); ++i) {
        drawLine(painter, i, at);
        at.ry() += lineHeight(i);
    }
}

PageCanvas::PageCanvas(QPdfWriter& writer, QPainter& painter, const ReportStyle& style, PageFrame frame, int totalPages)
    : m_writer(writer), m_painter(painter), m_style(style), m_frame(std::move(frame)), m_total(totalPages)
{
    drawFrame();
}

QPaintDevice* PageCanvas::device() const { return &m_writer; }

void PageCanvas::newPage()
{
    ++m_page;
    m_y = m_top;
    if (!dry())
        m_writer.newPage();
    drawFrame();
    if (!dry() && m_onPage)
        m_onPage(m_page);
}

void PageCanvas::need(qreal height)
{
    if (remaining() < height && m_y > m_top)
        newPage();
}

void PageCanvas::drawFrame()
{
    if (dry())
        return;
    const qreal headerY = mm(12);
    const qreal headerLine = mm(17.5);
    const qreal footerLine = mm(297 - 17);
    const qreal footerY = mm(297 - 15.5);
    const QFontMetricsF metrics(m_style.small, device());
    const qreal half = m_width * 0.78;
    m_painter.setPen(QPen(m_style.hairline, pt(0.6)));
    m_painter.drawLine(QPointF(m_left, headerLine), QPointF(right(), headerLine));
    m_painter.drawLine(QPointF(m_left, footerLine), QPointF(right(), footerLine));
    block(metrics.elidedText(m_frame.headerLeft, Qt::ElideRight, half), m_style.small, m_style.quiet, half).draw(m_painter, {m_left, headerY});
    const qreal rest = m_width - half;
    block(m_frame.marking.isEmpty() ? m_frame.headerRight : m_frame.marking, m_frame.marking.isEmpty() ? m_style.small : m_style.smallStrong, m_frame.marking.isEmpty() ? m_style.quiet : m_style.text, rest, Qt::AlignRight)
        .draw(m_painter, {m_left + half, headerY});
    block(metrics.elidedText(m_frame.footerLeft, Qt::ElideMiddle, m_width * 0.8), m_style.small, m_style.quiet, m_width * 0.8).draw(m_painter, {m_left, footerY});
    block(Words::tr("Page %1 of %2").arg(m_page).arg(m_total), m_style.small, m_style.quiet, m_width * 0.2, Qt::AlignRight)
        .draw(m_painter, {m_left + m_width * 0.8, footerY});
}

void PageCanvas::paragraph(const QString& text, const QFont& font, const QColor& colour, qreal gapAfter)
{
    const TextBlock lines = block(text, font, colour, m_width);
    for (int i = 0; i < lines.lineCount(); ++i) {
        const qreal height = lines.lineHeight(i) * 1.18; // open leading for reading
        need(height);
        paint([&](QPainter& painter) { lines.drawLine(painter, i, {m_left, m_y}); });
        advance(height);
    }
    advance(gapAfter);
}

void PageCanvas::draw(const TextBlock& lines, qreal x)
{
    paint([&](QPainter& painter) { lines.draw(painter, {x, m_y}); });
}

void PageCanvas::rule(const QColor& colour, qreal thickness)
{
    paint([&](QPainter& painter) {
        painter.setPen(QPen(colour, thickness));
        painter.drawLine(QPointF(m_left, m_y), QPointF(right(), m_y));
    });
}

} // namespace tocsin::report
