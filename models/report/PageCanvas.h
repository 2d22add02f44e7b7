// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/ReportStyle.h"

#include <QRectF>
#include <QString>
#include <QTextLayout>

#include <functional>
#include <memory>
#include <vector>

class QPainter;
class QPdfWriter;

namespace tocsin::report {

/// A text broken into lines of a width. Movable; lines can be drawn one by one, so a text may go on over a page's end.
class TextBlock {
public:
    struct Run {
        int start = 0;
        int length = 0;
        QColor colour;
    };
    TextBlock(const QString& text, const QFont& font, const QColor& colour, qreal width, QPaintDevice* device,
              Qt::Alignment alignment = Qt::AlignLeft, const std::vector<Run>& runs = {});

    int lineCount() const { return m_layout->lineCount(); }
    qreal height() const { return m_height; }
    qreal lineHeight(int line) const { return m_layout->lineAt(line).height(); }
    qreal naturalWidth() const;
    void drawLine(QPainter& painter, int line, const QPointF& topLeft) const;
    void draw(QPainter& painter, const QPointF& topLeft) const;

private:
    std::unique_ptr<QTextLayout> m_layout;
    QColor m_colour;
    qreal m_height = 0;
};

/// What stands on every page.
struct PageFrame {
    QString headerLeft;
    QString headerRight;
    QString marking;    ///< takes the place of headerRight when there is one
    QString footerLeft;
};

/// A4 pages with a frame and a pen that moves down. The same code runs twice: a dry run counts the pages (nothing is drawn), the real
/// run prints "Page x of y".
class PageCanvas {
public:
    PageCanvas(QPdfWriter& writer, QPainter& painter, const ReportStyle& style, PageFrame frame, int totalPages);

    bool dry() const { return m_total == 0; }
    const ReportStyle& style() const { return m_style; }
    QPaintDevice* device() const;
    QPainter& painter() { return m_painter; }

    qreal left() const { return m_left; }
    qreal right() const { return m_left + m_width; }
    qreal width() const { return m_width; }
    qreal y() const { return m_y; }
    qreal remaining() const { return m_bottom - m_y; }
    qreal pageBody() const { return m_bottom - m_top; }
    int page() const { return m_page; }

    void advance(qreal height) { m_y += height; }
    void newPage();
    /// A new page if less than that is left.
    void need(qreal height);
    /// Called after each new page of the real run.
    void onPage(std::function<void(int)> callback) { m_onPage = std::move(callback); }

    /// Paragraph text at the pen, over as many pages as it takes.
    void paragraph(const QString& text, const QFont& font, const QColor& colour, qreal gapAfter);
    void draw(const TextBlock& block, qreal x);
    void rule(const QColor& colour, qreal thickness);
    /// Draws with the painter unless this is the dry run.
    template <typename Draw>
    void paint(Draw&& draw)
    {
        if (!dry())
            draw(m_painter);
    }
    TextBlock block(const QString& text, const QFont& font, const QColor& colour, qreal width, Qt::Alignment alignment = Qt::AlignLeft) const
    {
        return TextBlock(text, font, colour, width, device(), alignment);
    }

private:
    void drawFrame();

    QPdfWriter& m_writer;
    QPainter& m_painter;
    const ReportStyle& m_style;
    PageFrame m_frame;
    int m_total;
    int m_page = 1;
    qreal m_left = mm(18);
    qreal m_width = mm(210 - 36);
    qreal m_top = mm(25);
    qreal m_bottom = mm(297 - 22);
    qreal m_y = m_top;
    std::function<void(int)> m_onPage;
};

} // namespace tocsin::report
