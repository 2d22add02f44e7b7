// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/ChartData.h"

#include "items/ValueText.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tocsin::items {

namespace {

constexpr std::size_t kMostSeries = 30;
constexpr std::size_t kMostCategories = 60;
constexpr std::size_t kMostPoints = 8000;
constexpr std::size_t kMostScatterPoints = 20'000;
constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

QString say(const char* text) { return QCoreApplication::translate("tocsin::items::ChartData", text); }

double seconds(Ticks ticks) { return static_cast<double>(ticks - kUnixEpoch) / kTicksPerSecond; }

class Builder {
public:
    Builder(const engine::ResultSchema& schema, const std::vector<Batch>& batches) : m_schema(schema), m_batches(batches) {}

    ChartData build()
    {
        const auto kind = chartKind(m_schema.visualization.kind);
        if (!kind) {
            m_out.problem = say("This result has no chart that can be drawn.");
            return m_out;
        }
        m_out.kind = *kind;
        m_out.stacked = m_schema.visualization.kind == "stackedareachart" || property("kind") == QLatin1String("stacked");
        readProperties();
        if (m_out.kind == ChartKind::Card) {
            buildCards();
            return m_out;
        }
        if (!chooseColumns())
            return m_out;
        collect();
        finish();
        return m_out;
    }

private:
    QString property(const char* name) const
    {
        const auto found = m_schema.visualization.properties.find(name);
        return found == m_schema.visualization.properties.end() ? QString() : toQString(found->second);
    }
    int columnNamed(const QString& name) const
    {
        for (std::size_t i = 0; i < m_schema.columns.size(); ++i)
            if (toQString(m_schema.columns[i].name) == name)
                return static_cast<int>(i);
        return -1;
    }
    void readProperties()
    {
        m_out.title = property("title");
        m_out.xTitle = property("xtitle");
        m_out.yTitle = property("ytitle");
        m_out.logarithmic = property("yaxis") == QLatin1String("log");
        m_out.showLegend = property("legend") != QLatin1String("hidden");
        bool ok = false;
        if (const double v = property("ymin").toDouble(&ok); ok)
            m_out.yMinimum = v;
        if (const double v = property("ymax").toDouble(&ok); ok)
            m_out.yMaximum = v;
    }
    void buildCards()
    {
        for (const Batch& batch : m_batches) {
            if (batch.rows() == 0)
                continue;
            for (std::size_t c = 0; c < m_schema.columns.size(); ++c)
                m_out.cards << toQString(m_schema.columns[c].name) + QLatin1Char('\t') + wholeText(batch.column(c), 0);
            return;
        }
    }
    bool plots(DataType type) const { return isNumeric(type) || type == DataType::TimeSpan; }

    /// Kusto's rule: x is what `xcolumn` names, else the first datetime (for time charts) or the first column; y are the numbers;
    /// what is left splits into series.
    bool chooseColumns()
    {
        const int count = static_cast<int>(m_schema.columns.size());
        const auto type = [&](int c) { return m_schema.columns[static_cast<std::size_t>(c)].type; };
        m_x = columnNamed(property("xcolumn"));
        for (int c = 0; m_x < 0 && c < count; ++c)
            if (type(c) == DataType::DateTime && m_out.kind != ChartKind::Pie)
                m_x = c;
        for (int c = 0; m_x < 0 && c < count; ++c)
            if (!plots(type(c)) || m_out.kind == ChartKind::Scatter)
                m_x = c;
        if (m_x < 0)
            m_x = count > 1 ? 0 : -1;
        for (const QString& name : property("ycolumns").split(QLatin1Char(','), Qt::SkipEmptyParts))
            if (const int c = columnNamed(name.trimmed()); c >= 0)
                m_y.push_back(c);
        for (const QString& name : property("series").split(QLatin1Char(','), Qt::SkipEmptyParts))
            if (const int c = columnNamed(name.trimmed()); c >= 0)
                m_split.push_back(c);
        const auto chosen = [&](int c) { return c == m_x || std::find(m_split.begin(), m_split.end(), c) != m_split.end(); };
        const bool pickY = m_y.empty(), pickSplit = m_split.empty();
        for (int c = 0; c < count; ++c) {
            if (chosen(c))
                continue;
            if (pickY && plots(type(c)))
                m_y.push_back(c);
            else if (pickSplit && (type(c) == DataType::String || type(c) == DataType::Guid || type(c) == DataType::Bool))
                m_split.push_back(c);
        }
        if (m_y.empty()) {
            m_out.problem = say("The result has no number to draw. A chart needs at least one numeric column.");
            return false;
        }
        m_out.timeAxis = m_x >= 0 && type(m_x) == DataType::DateTime && m_out.kind != ChartKind::Pie;
        m_categorical = m_out.kind == ChartKind::Bar || m_out.kind == ChartKind::Pie || (m_out.kind == ChartKind::Column && !m_out.timeAxis)
            || (m_x >= 0 && !plots(type(m_x)) && !m_out.timeAxis);
        if (m_categorical)
            m_out.timeAxis = false;
        if (m_out.xTitle.isEmpty() && m_x >= 0)
            m_out.xTitle = toQString(m_schema.columns[static_cast<std::size_t>(m_x)].name);
        if (m_out.yTitle.isEmpty() && m_y.size() == 1)
            m_out.yTitle = toQString(m_schema.columns[static_cast<std::size_t>(m_y[0])].name);
        return true;
    }

    double xOf(const Batch& batch, std::size_t row)
    {
        if (m_x < 0)
            return m_categorical ? category(QString()) : static_cast<double>(m_rows);
        const Vector& column = batch.columns[static_cast<std::size_t>(m_x)];
        if (m_categorical) {
            const QString text = column.isNull(row) || wholeText(column, row).isEmpty() ? say("(empty)") : wholeText(column, row);
            return category(text);
        }
        if (column.isNull(row))
            return kGap;
        return m_out.timeAxis ? seconds(column.valueAt(row).asLong()) : rawValue(column, row).toDouble();
    }
    double category(const QString& text)
    {
        const auto found = m_categories.constFind(text);
        if (found != m_categories.constEnd())
            return *found;
        if (static_cast<std::size_t>(m_out.categories.size()) >= kMostCategories) {
            m_dropped = true;
            return kGap;
        }
        const auto place = static_cast<int>(m_out.categories.size());
        m_out.categories << text;
        m_categories.insert(text, place);
        return place;
    }
    ChartSeries* series(const QString& name)
    {
        const auto found = m_names.constFind(name);
        if (found != m_names.constEnd())
            return &m_out.series[*found];
        if (m_out.series.size() >= kMostSeries) {
            m_droppedSeries = true;
            return nullptr;
        }
        m_names.insert(name, m_out.series.size());
        m_out.series.push_back({name, {}, {}});
        return &m_out.series.back();
    }
    void collect()
    {
        for (const Batch& stored : m_batches) {
            const Batch batch = stored.selection ? stored.compacted() : stored;
            for (std::size_t row = 0; row < batch.storedRows; ++row, ++m_rows) {
                QStringList split;
                for (const int c : m_split)
                    split << wholeText(batch.columns[static_cast<std::size_t>(c)], row);
                const double x = xOf(batch, row);
                if (std::isnan(x))
                    continue;
                for (const int c : m_y) {
                    QString name = split.join(QLatin1String(", "));
                    if (name.isEmpty() || m_y.size() > 1)
                        name = name.isEmpty() ? toQString(m_schema.columns[static_cast<std::size_t>(c)].name) : name + QLatin1String(": ") + toQString(m_schema.columns[static_cast<std::size_t>(c)].name);
                    ChartSeries* target = series(name);
                    if (!target)
                        continue;
                    const Vector& column = batch.columns[static_cast<std::size_t>(c)];
                    target->x.push_back(x);
                    target->y.push_back(column.isNull(row)                        ? kGap
                                            : column.type() == DataType::TimeSpan ? static_cast<double>(column.valueAt(row).asLong()) / kTicksPerSecond
                                                                                  : rawValue(column, row).toDouble());
                }
            }
        }
    }
    /// Sorted by x, and at most kMostPoints: the lowest and highest of each stretch stay, so that no peak is lost.
    void finish()
    {
        for (ChartSeries& s : m_out.series) {
            std::vector<std::size_t> order(s.x.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            if (m_out.kind != ChartKind::Scatter && !m_categorical)
                std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return s.x[a] < s.x[b]; });
            const std::size_t most = m_out.kind == ChartKind::Scatter ? kMostScatterPoints : kMostPoints;
            if (order.size() > most) {
                order = m_out.kind == ChartKind::Scatter ? everyNth(order, most) : extremes(s, order, most);
                m_reduced = true;
            }
            ChartSeries reduced{s.name, {}, {}};
            for (const std::size_t i : order) {
                reduced.x.push_back(s.x[i]);
                reduced.y.push_back(s.y[i]);
            }
            s = std::move(reduced);
        }
        QStringList notes;
        if (m_droppedSeries)
            notes << say("only the first 30 series are drawn");
        if (m_dropped)
            notes << say("only the first 60 categories are drawn");
        if (m_reduced)
            notes << say("points are thinned to what the screen can show; highest and lowest values stay");
        m_out.notes = notes.join(QLatin1String("; "));
        if (m_out.series.empty())
            m_out.problem = say("The result has no rows to draw.");
    }
    static std::vector<std::size_t> everyNth(const std::vector<std::size_t>& order, std::size_t most)
    {
        std::vector<std::size_t> out;
        for (std::size_t i = 0; i < most; ++i)
            out.push_back(order[i * order.size() / most]);
        return out;
    }
    static std::vector<std::size_t> extremes(const ChartSeries& s, const std::vector<std::size_t>& order, std::size_t most)
    {
        std::vector<std::size_t> out;
        const std::size_t buckets = most / 2;
        for (std::size_t b = 0; b < buckets; ++b) {
            const std::size_t from = b * order.size() / buckets, to = (b + 1) * order.size() / buckets;
            std::size_t low = from, high = from;
            for (std::size_t i = from; i < to; ++i) {
                if (s.y[order[i]] < s.y[order[low]])
                    low = i;
                if (s.y[order[i]] > s.y[order[high]])
                    high = i;
            }
            out.push_back(order[std::min(low, high)]);
            if (low != high)
                out.push_back(order[std::max(low, high)]);
        }
        return out;
    }

    const engine::ResultSchema& m_schema;
    const std::vector<Batch>& m_batches;
    ChartData m_out;
    int m_x = -1;
    std::vector<int> m_y, m_split;
    bool m_categorical = false, m_dropped = false, m_droppedSeries = false, m_reduced = false;
    std::size_t m_rows = 0;
    QHash<QString, int> m_categories;
    QHash<QString, std::size_t> m_names;
};

} // namespace

std::optional<ChartKind> chartKind(std::string_view name)
{
    if (name == "timechart" || name == "linechart" || name == "anomalychart")
        return ChartKind::Line;
    if (name == "areachart" || name == "stackedareachart")
        return ChartKind::Area;
    if (name == "barchart")
        return ChartKind::Bar;
    if (name == "columnchart")
        return ChartKind::Column;
    if (name == "piechart")
        return ChartKind::Pie;
    if (name == "scatterchart")
        return ChartKind::Scatter;
    if (name == "card")
        return ChartKind::Card;
    return std::nullopt;
}

ChartData buildChart(const engine::ResultSchema& schema, const std::vector<Batch>& batches) { return Builder(schema, batches).build(); }

} // namespace tocsin::items
