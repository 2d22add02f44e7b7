// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/ColumnFit.h"

#include "report/ReportText.h"

#include <QFontMetricsF>

#include <algorithm>
#include <map>
#include <utility>

namespace tocsin::report {

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// What a column would like: the width of its longest value among the first rows, within limits, and the least that is legible.
struct Wish {
    qreal natural = 0;
    qreal least = 0;
};

bool isMono(const ReportColumn& column) { return column.numeric || column.monospace; }

Wish wishOf(const ReportColumn& column, std::size_t index, const Rows& rows, PageCanvas& canvas)
{
    static constexpr std::size_t kLooked = 200;
    const ReportStyle& style = canvas.style();
    const QFontMetricsF head(style.smallStrong, canvas.device());
    const QFontMetricsF body(isMono(column) ? style.smallMono : style.small, canvas.device());
    const qreal title = head.horizontalAdvance(printable(column.name)) + pt(1);
    qreal widest = 0;
    for (std::size_t i = 0; i < std::min(kLooked, rows.size()); ++i)
        if (index < rows[i].size())
            widest = std::max(widest, body.horizontalAdvance(printable(std::string_view(rows[i][index]).substr(0, 120))) + pt(1));
    Wish wish;
    wish.natural = std::clamp(std::max(title, widest), pt(22), pt(230)) + kColumnGap;
    // Short values (numbers, times, addresses) are never broken; long text can be.
    const qreal whole = column.numeric ? pt(80) : column.monospace ? pt(122) : pt(62);
    wish.least = std::min(wish.natural, std::max(std::min(title, pt(50)), std::min(widest, whole)) + kColumnGap);
    return wish;
}

/// Moves width between the columns of a group as long as that makes a sample of the rows lower.
class Balance {
public:
    Balance(const std::vector<ReportColumn>& columns, std::size_t first, const std::vector<Wish>& wishes, const Rows& rows, PageCanvas& canvas)
        : m_columns(columns), m_first(first), m_wishes(wishes), m_canvas(canvas)
    {
        static constexpr std::size_t kSample = 12;
        for (std::size_t i = 0; i < std::min(kSample, rows.size()); ++i)
            m_sample.push_back(&rows[i * rows.size() / std::min(kSample, rows.size())]);
    }

    void run(std::vector<qreal>& widths)
    {
        static constexpr int kRounds = 16;
        int best = height(widths);
        for (int round = 0; round < kRounds; ++round) {
            std::vector<qreal> better;
            for (const qreal step : {pt(6), pt(14), pt(30)}) {
                for (std::size_t from = 0; from < widths.size(); ++from) {
                    for (std::size_t to = 0; to < widths.size(); ++to) {
                        if (from == to || widths[from] - step < m_wishes[m_first + from].least)
                            continue;
                        std::vector<qreal> tried = widths;
                        tried[from] -= step;
                        tried[to] += step;
                        if (const int now = height(tried); now < best) {
                            best = now;
                            better = std::move(tried);
                        }
                    }
                }
            }
            if (better.empty())
                return;
            widths = std::move(better);
        }
    }

private:
    /// Lines of all sampled rows together; a row is as high as its highest cell.
    int height(const std::vector<qreal>& widths)
    {
        int total = 0;
        for (std::size_t row = 0; row < m_sample.size(); ++row) {
            int highest = 0;
            for (std::size_t i = 0; i < widths.size(); ++i)
                highest = std::max(highest, lines(i, widths[i])[row]);
            total += highest;
        }
        return total;
    }

    const std::vector<int>& lines(std::size_t column, qreal width)
    {
        auto [entry, isNew] = m_lines.try_emplace({column, static_cast<int>(width)});
        if (isNew) {
            const ReportStyle& style = m_canvas.style();
            const std::size_t index = m_first + column;
            for (const std::vector<std::string>* row : m_sample) {
                const QString text = index < row->size() ? printable(std::string_view((*row)[index]).substr(0, 400)) : QString();
                entry->second.push_back(m_canvas.block(text, isMono(m_columns[index]) ? style.smallMono : style.small, style.text, width - kColumnGap).lineCount());
            }
        }
        return entry->second;
    }

    const std::vector<ReportColumn>& m_columns;
    std::size_t m_first;
    const std::vector<Wish>& m_wishes;
    PageCanvas& m_canvas;
    std::vector<const std::vector<std::string>*> m_sample;
    std::map<std::pair<std::size_t, int>, std::vector<int>> m_lines;
};

} // namespace

std::vector<std::vector<TableColumn>> fitColumns(const std::vector<ReportColumn>& columns, const Rows& rows, PageCanvas& canvas)
{
    const qreal width = canvas.width() + kColumnGap; // the last column needs no gap behind it
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
        // All get their least; what is left is shared by what they lack. A table that fits anyway is not stretched.
        std::vector<qreal> widths;
        for (std::size_t i = first; i < next; ++i) {
            const qreal lack = wishes[i].natural - wishes[i].least;
            const qreal spare = std::max(0.0, width - least);
            widths.push_back(wishes[i].least + (natural <= width ? lack : natural > least ? spare * lack / (natural - least) : 0));
        }
        if (natural > width)
            Balance(columns, first, wishes, rows, canvas).run(widths);
        std::vector<TableColumn> group;
        for (std::size_t i = first; i < next; ++i)
            group.push_back({printable(columns[i].name), widths[i - first] - (i + 1 == next ? kColumnGap : 0), columns[i].numeric, columns[i].monospace});
        groups.push_back(std::move(group));
        first = next;
    }
    return groups;
}

} // namespace tocsin::report
