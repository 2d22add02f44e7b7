// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/ReportSections.h"

#include "report/ColumnFit.h"
#include "report/KqlBlock.h"
#include "report/ReportText.h"
#include "report/TablePainter.h"
#include "report/TimelineFigure.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace tocsin::report {

ReportSections::ReportSections(PageCanvas& canvas, const IncidentReport& report, const PdfOptions& options, std::string digest,
                               std::vector<SectionMark> contents)
    : m_canvas(canvas), m_report(report), m_options(options), m_style(canvas.style()), m_digest(std::move(digest)), m_contents(std::move(contents))
{
}

bool ReportSections::paint()
{
    front();
    summary();
    killChain();
    alerts();
    entities();
    connectivity();
    if (!evidence())
        return false;
    closing();
    return true;
}

void ReportSections::heading(const QString& title, qreal follows)
{
    m_canvas.advance(m_sections.empty() ? pt(4) : pt(14));
    m_canvas.need(pt(30) + follows);
    const QString numbered = QString::number(m_sections.size() + 1) + QStringLiteral("   ") + title;
    m_sections.push_back({numbered, m_canvas.page()});
    const TextBlock block = m_canvas.block(numbered, m_style.heading, m_style.text, m_canvas.width());
    m_canvas.draw(block, m_canvas.left());
    m_canvas.advance(block.height() + pt(7));
}

void ReportSections::subheading(const QString& title, qreal follows)
{
    m_canvas.need(pt(18) + follows);
    const TextBlock block = m_canvas.block(title, m_style.strong, m_style.text, m_canvas.width());
    m_canvas.draw(block, m_canvas.left());
    m_canvas.advance(block.height() + pt(4));
}

void ReportSections::front()
{
    m_canvas.advance(pt(10));
    const QString label = m_report.organisation.empty() ? Words::tr("Incident report") : Words::tr("Incident report · %1").arg(printable(m_report.organisation));
    const TextBlock kind = m_canvas.block(label, m_style.strong, m_style.accent, m_canvas.width());
    m_canvas.draw(kind, m_canvas.left());
    m_canvas.advance(kind.height() + pt(4));
    QString name = m_report.title.empty() ? Words::tr("Incident without a title") : printable(m_report.title).replace(QChar(QChar::LineSeparator), u' ');
    // Three lines at most; words that break early leave some room unused.
    name = QFontMetricsF(m_style.title, m_canvas.device()).elidedText(name, Qt::ElideRight, m_canvas.width() * 2.6);
    const TextBlock title = m_canvas.block(name, m_style.title, m_style.text, m_canvas.width());
    m_canvas.draw(title, m_canvas.left());
    m_canvas.advance(title.height() + pt(12));
    facts();
    keyFigures();
    contents();
}

void ReportSections::facts()
{
    struct Fact {
        QString name;
        QString value;
        bool severity = false;
    };
    const QString dash = QStringLiteral("–");
    const auto orDash = [&](const std::string& text) { return text.empty() ? dash : printable(text); };
    const QString period = m_report.first && m_report.last ? timeText(*m_report.first) + QChar(QChar::LineSeparator) + timeText(*m_report.last) : dash;
    const QString status = m_report.classification.empty() ? orDash(m_report.status) : orDash(m_report.status) + QChar(QChar::LineSeparator) + printable(m_report.classification);
    const std::vector<Fact> list{{Words::tr("Severity"), QString::fromLatin1(severityWord(m_report.severity).data()), true},
                                 {Words::tr("Incident"), orDash(m_report.number)},
                                 {Words::tr("Status"), status},
                                 {Words::tr("Owner"), orDash(m_report.owner)},
                                 {Words::tr("First and last activity (UTC)"), period}};
    // Five columns; the last one holds two times and is wider.
    const qreal narrow = m_canvas.width() * 0.18;
    qreal x = m_canvas.left();
    qreal height = 0;
    m_canvas.rule(m_style.border, pt(0.8));
    m_canvas.advance(pt(7));
    for (std::size_t i = 0; i < list.size(); ++i) {
        const qreal width = i + 1 < list.size() ? narrow : m_canvas.right() - x;
        const qreal indent = list[i].severity ? pt(14) : 0;
        const TextBlock name = m_canvas.block(list[i].name, m_style.small, m_style.quiet, width - pt(6));
        const TextBlock value = m_canvas.block(list[i].value, m_style.strong, m_style.text, width - indent - pt(6));
        m_canvas.paint([&](QPainter& painter) {
            name.draw(painter, {x, m_canvas.y()});
            value.draw(painter, {x + indent, m_canvas.y() + pt(12)});
            if (list[i].severity)
                drawSeverityMark(painter, {x + pt(5), m_canvas.y() + pt(12) + value.lineHeight(0) / 2}, pt(9.5), m_report.severity);
        });
        height = std::max(height, pt(12) + value.height());
        x += width;
    }
    m_canvas.advance(height + pt(7));
    m_canvas.rule(m_style.hairline, pt(0.6));
    m_canvas.advance(pt(10));
}

void ReportSections::keyFigures()
{
    int reached = 0;
    for (std::size_t i = 0; i < m_report.stages.size(); ++i)
        reached += stageWithAlerts(m_report, i).first.has_value();
    std::uint64_t rows = 0;
    bool more = false;
    for (const ReportQuery& query : m_report.queries) {
        rows += query.totalRows;
        more = more || query.truncated;
    }
    const std::vector<std::pair<QString, QString>> figures{
        {countText(m_report.alerts.size()), Words::tr("alerts")},
        {Words::tr("%1 of %2").arg(reached).arg(m_report.stages.size()), Words::tr("stages reached")},
        {countText(m_report.entities.size()), Words::tr("entities")},
        {m_report.first && m_report.last ? durationText(*m_report.last - *m_report.first) : QStringLiteral("–"), Words::tr("first to last activity")},
        {(more ? QStringLiteral("≥ ") : QString()) + countText(rows), Words::tr("evidence rows")}};
    const qreal gap = pt(8);
    const qreal width = (m_canvas.width() - gap * static_cast<qreal>(figures.size() - 1)) / static_cast<qreal>(figures.size());
    const qreal height = pt(44);
    m_canvas.paint([&](QPainter& painter) {
        qreal x = m_canvas.left();
        for (const auto& [value, name] : figures) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_style.window);
            painter.drawRoundedRect(QRectF(x, m_canvas.y(), width, height), pt(3), pt(3));
            m_canvas.block(value, m_style.heading, m_style.text, width - pt(16)).draw(painter, {x + pt(8), m_canvas.y() + pt(8)});
            m_canvas.block(name, m_style.small, m_style.quiet, width - pt(16)).draw(painter, {x + pt(8), m_canvas.y() + pt(26)});
            x += width + gap;
        }
    });
    m_canvas.advance(height + pt(12));
}

void ReportSections::contents()
{
    // One line a section; in the dry run the numbers are unknown, the room is the same.
    const std::size_t count = 2 + !m_report.stages.empty() + !m_report.alerts.empty() + !m_report.entities.empty() + m_report.connectivity.has_value() + !m_report.queries.empty();
    const qreal line = pt(13);
    const QFontMetricsF metrics(m_style.small, m_canvas.device());
    m_canvas.paint([&](QPainter& painter) {
        for (std::size_t i = 0; i < std::min(count, m_contents.size()); ++i) {
            const std::size_t half = (count + 1) / 2; // two columns
            const qreal width = m_canvas.width() / 2 - pt(10);
            const qreal x = m_canvas.left() + (i < half ? 0 : m_canvas.width() / 2 + pt(10));
            const qreal y = m_canvas.y() + line * static_cast<qreal>(i < half ? i : i - half);
            const QString page = QString::number(m_contents[i].page);
            m_canvas.block(m_contents[i].title, m_style.small, m_style.text, width).draw(painter, {x, y});
            m_canvas.block(page, m_style.small, m_style.quiet, width, Qt::AlignRight).draw(painter, {x, y});
            painter.setPen(QPen(m_style.hairline, pt(0.8), Qt::DotLine));
            const qreal base = y + metrics.ascent();
            painter.drawLine(QPointF(x + metrics.horizontalAdvance(m_contents[i].title) + pt(6), base), QPointF(x + width - metrics.horizontalAdvance(page) - pt(6), base));
        }
    });
    m_canvas.advance(line * static_cast<qreal>((count + 1) / 2) + pt(8));
}

void ReportSections::summary()
{
    heading(Words::tr("Summary"), pt(30));
    const QString text = m_report.summary.empty() ? Words::tr("No summary has been written.") : printable(m_report.summary);
    const QString gap = QString(QChar(QChar::LineSeparator)) + QChar(QChar::LineSeparator);
    for (const QString& paragraph : text.split(gap, Qt::SkipEmptyParts))
        m_canvas.paragraph(paragraph.trimmed(), m_style.normal, m_style.text, pt(6));
}

void ReportSections::killChain()
{
    if (m_report.stages.empty())
        return;
    heading(Words::tr("Kill chain"), pt(215));
    drawTimeline(m_canvas, m_report);
    TablePainter table(m_canvas, {{Words::tr("Stage"), m_canvas.width() - pt(130 + 130 + 50)}, {Words::tr("First activity (UTC)"), pt(130), false, true},
                                  {Words::tr("Last activity (UTC)"), pt(130), false, true}, {Words::tr("Alerts"), pt(50), true}});
    table.begin();
    for (std::size_t i = 0; i < m_report.stages.size(); ++i) {
        const ReportStage stage = stageWithAlerts(m_report, i);
        const auto alerts = std::count_if(m_report.alerts.begin(), m_report.alerts.end(), [i](const ReportAlert& alert) {
            return std::find(alert.stages.begin(), alert.stages.end(), i) != alert.stages.end();
        });
        table.row({{QString::number(i + 1) + QStringLiteral("  ") + printable(stage.name)}, {timeText(stage.first)}, {timeText(stage.last)}, {QString::number(alerts)}});
    }
    table.end();
}

void ReportSections::alerts()
{
    if (m_report.alerts.empty())
        return;
    heading(Words::tr("Alerts"), pt(60));
    std::vector<const ReportAlert*> order;
    for (const ReportAlert& alert : m_report.alerts)
        order.push_back(&alert);
    std::stable_sort(order.begin(), order.end(), [](const ReportAlert* a, const ReportAlert* b) { return a->time < b->time; });
    TablePainter table(m_canvas, {{Words::tr("Time (UTC)"), pt(97), false, true}, {Words::tr("Severity and tactics"), pt(102)}, {Words::tr("Alert"), m_canvas.width() - pt(97 + 102 + 136)},
                                  {Words::tr("Entities"), pt(136)}});
    table.begin();
    for (const ReportAlert* alert : order) {
        QString entities;
        for (const std::string& entity : alert->entities)
            entities += (entities.isEmpty() ? QString() : QString(QChar(QChar::LineSeparator))) + printable(entity);
        QString tactics = printable(alert->tactics);
        tactics.replace(QStringLiteral(", "), QString(QChar(QChar::LineSeparator)));
        TableCell severity{QString::fromLatin1(severityWord(alert->severity).data()), tactics};
        severity.mark = alert->severity;
        TableCell name{printable(alert->name), printable(alert->description)};
        name.strong = true;
        table.row({{timeText(alert->time)}, severity, name, {entities}});
    }
    table.end();
}

void ReportSections::entities()
{
    if (m_report.entities.empty())
        return;
    heading(Words::tr("Entities"), pt(60));
    TablePainter table(m_canvas, {{Words::tr("Type"), pt(66)}, {Words::tr("Name"), m_canvas.width() - pt(66 + 98 + 98 + 44)}, {Words::tr("First seen (UTC)"), pt(98), false, true},
                                  {Words::tr("Last seen (UTC)"), pt(98), false, true}, {Words::tr("Alerts"), pt(44), true}});
    table.begin();
    for (const ReportEntity& entity : m_report.entities) {
        TableCell name{printable(entity.name), printable(entity.detail)};
        name.strong = true;
        table.row({{printable(entity.kind)}, name, {timeText(entity.first)}, {timeText(entity.last)}, {countText(entity.alerts)}});
    }
    table.end();
}

void ReportSections::connectivity()
{
    if (!m_report.connectivity)
        return;
    const ReportConnectivity& check = *m_report.connectivity;
    heading(Words::tr("Connectivity"), pt(110));
    const TextBlock verdict = m_canvas.block(check.reachable ? Words::tr("Reachable") : Words::tr("Unreachable"), m_style.strong, m_style.text, pt(80));
    m_canvas.paint([&](QPainter& painter) {
        drawVerdictMark(painter, {m_canvas.left() + pt(5), m_canvas.y() + verdict.height() / 2}, pt(9), check.reachable, m_style);
        verdict.draw(painter, {m_canvas.left() + pt(14), m_canvas.y()});
        m_canvas.block(printable(check.question), m_style.mono, m_style.text, m_canvas.width() - pt(90)).draw(painter, {m_canvas.left() + pt(84), m_canvas.y() + pt(0.5)});
    });
    m_canvas.advance(verdict.height() + pt(5));
    if (!check.verdict.empty())
        m_canvas.paragraph(printable(check.verdict), m_style.normal, m_style.text, pt(4));
    TablePainter table(m_canvas, {{Words::tr("Hop"), pt(28)}, {Words::tr("Name"), pt(94)}, {Words::tr("Address"), pt(74), false, true}, {Words::tr("Next hop"), pt(104)},
                                  {Words::tr("Decision"), pt(58)}, {Words::tr("Decided by"), m_canvas.width() - pt(28 + 94 + 74 + 104 + 58)}});
    table.begin();
    int number = 0;
    for (const ReportHop& hop : check.hops) {
        TableCell name{printable(hop.name), printable(hop.kind)};
        name.strong = true;
        TableCell decision{printable(hop.decision)};
        if (hop.decision == "Allow" || hop.decision == "Deny")
            decision.verdict = hop.decision == "Allow";
        table.row({{QString::number(++number)}, name, {printable(hop.address)}, {printable(hop.nextHop)}, decision, {printable(hop.reason)}});
    }
    table.end();
}

bool ReportSections::evidence()
{
    if (m_report.queries.empty())
        return true;
    // A query's title, remark and text stay together.
    const auto room = [&](const ReportQuery& query) { return kqlRoom(m_canvas, query.kql) + (query.note.empty() ? 0 : pt(30)); };
    heading(Words::tr("Evidence"), pt(20) + room(m_report.queries.front()));
    int number = 0;
    for (const ReportQuery& query : m_report.queries) {
        subheading(Words::tr("Query %1: %2").arg(++number).arg(printable(query.title)), room(query));
        if (!query.note.empty())
            m_canvas.paragraph(printable(query.note), m_style.normal, m_style.text, pt(3));
        drawKql(m_canvas, query.kql);
        if (!evidenceRows(query))
            return false;
    }
    return true;
}

bool ReportSections::evidenceRows(const ReportQuery& query)
{
    const std::size_t shown = std::min(query.rows.size(), m_options.rowCap);
    const std::uint64_t total = std::max<std::uint64_t>(query.totalRows, query.rows.size());
    m_rowsPrinted += shown;
    m_rowsLeftOut += total - shown;
    if (shown == 0) {
        m_canvas.paragraph(total == 0 ? Words::tr("The query gave no rows.") : Words::tr("%1 rows, none printed.").arg(countText(total)), m_style.small, m_style.quiet, pt(8));
        return true;
    }
    const auto groups = fitColumns(query.columns, query.rows, m_canvas);
    std::size_t first = 0;
    for (const auto& group : groups) {
        if (groups.size() > 1) {
            m_canvas.need(pt(85)); // with its header and a row
            m_canvas.paragraph(Words::tr("Columns %1 to %2 of %3").arg(first + 1).arg(first + group.size()).arg(query.columns.size()), m_style.smallStrong, m_style.quiet, pt(1));
        }
        TablePainter table(m_canvas, group);
        table.begin();
        std::vector<TableCell> cells(group.size());
        for (std::size_t row = 0; row < shown; ++row) {
            if (m_options.stop.stop_requested())
                return false;
            for (std::size_t i = 0; i < group.size(); ++i)
                cells[i].text = first + i < query.rows[row].size() ? printable(query.rows[row][first + i]) : QString();
            table.row(cells);
        }
        first += group.size();
        m_canvas.advance(pt(5));
    }
    QString line = total == 1 ? Words::tr("1 row") : Words::tr("%1 rows").arg(countText(total));
    if (total > shown)
        line = Words::tr("%1 of %2 rows printed; %3 more rows in the workspace.").arg(countText(shown), countText(total), countText(total - shown));
    if (query.truncated)
        line += u' ' + Words::tr("The result was cut at a limit of the engine: there may be more.");
    m_canvas.paragraph(line, m_style.small, total > shown || query.truncated ? m_style.warning : m_style.quiet, pt(12));
    return true;
}

void ReportSections::definition(const QString& term, const QString& text)
{
    const qreal indent = pt(112);
    const TextBlock name = m_canvas.block(term, m_style.smallStrong, m_style.text, indent - pt(8));
    const TextBlock value = m_canvas.block(text, m_style.small, m_style.text, m_canvas.width() - indent);
    m_canvas.need(std::max(name.height(), value.height()) + pt(4));
    m_canvas.draw(name, m_canvas.left());
    m_canvas.draw(value, m_canvas.left() + indent);
    m_canvas.advance(std::max(name.height(), value.height()) + pt(5));
}

void ReportSections::closing()
{
    heading(Words::tr("How this report was made"), pt(300)); // so that it mostly stands on one page
    definition(Words::tr("Source"), Words::tr("Workspace %1, written %2 by Tocsin %3. All times are UTC.")
                                        .arg(printable(m_report.workspace), timeText(m_report.generated), printable(m_report.toolVersion)));
    definition(Words::tr("Severity"), Words::tr("As the incident has it. An alert's severity is that of the rule that raised it."));
    definition(Words::tr("First, last activity"), Words::tr("The earliest and the latest time among the incident's alerts and the events behind them."));
    definition(Words::tr("Stages"), Words::tr("Each tactic of an alert belongs to one stage of the kill chain; an alert with several tactics counts in several stages, so the stages' "
                                              "alerts can add up to more than the incident has. A stage is reached when an alert or a bookmarked event belongs to it."));
    definition(Words::tr("Figure"), Words::tr("A mark stands at the time of an alert, on a linear axis. Marks that would cover each other are drawn as one with their number."));
    definition(Words::tr("Entities"), Words::tr("Accounts, hosts, addresses and resources that the rules mapped from the events. The count is of this incident's alerts that name the entity."));
    if (m_report.connectivity)
        definition(Words::tr("Connectivity"), Words::tr("Computed from the network configuration kept in the workspace (routes, then rules in order of priority); no packet was sent."));
    definition(Words::tr("Evidence"), Words::tr("Each query ran over the workspace as printed here; its rows stand in the order of the result, unchanged. At most %1 rows of a query are printed "
                                                "(%2 printed, %3 left out in this report).")
                                          .arg(countText(m_options.rowCap), countText(m_rowsPrinted), countText(m_rowsLeftOut)));
    if (!m_report.rules.empty()) {
        QString rules;
        for (const std::string& rule : m_report.rules)
            rules += (rules.isEmpty() ? QString() : QStringLiteral("; ")) + printable(rule);
        definition(Words::tr("Rules"), rules);
    }
    for (const std::string& note : m_report.notes)
        definition(Words::tr("Note"), printable(note));
    m_canvas.advance(pt(4));
    const TextBlock digest = m_canvas.block(QString::fromStdString(m_digest), m_style.mono, m_style.text, m_canvas.width() - pt(14));
    m_canvas.need(digest.height() + pt(44));
    const qreal height = digest.height() + pt(36);
    m_canvas.paint([&](QPainter& painter) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_style.window);
        painter.drawRoundedRect(QRectF(m_canvas.left(), m_canvas.y(), m_canvas.width(), height), pt(3), pt(3));
        m_canvas.block(Words::tr("SHA-256 of the data shown"), m_style.smallStrong, m_style.text, m_canvas.width()).draw(painter, {m_canvas.left() + pt(7), m_canvas.y() + pt(6)});
        digest.draw(painter, {m_canvas.left() + pt(7), m_canvas.y() + pt(18)});
        m_canvas.block(Words::tr("The data is attached to this document as report.json; the digest is of that file, byte for byte."), m_style.small, m_style.quiet, m_canvas.width() - pt(14))
            .draw(painter, {m_canvas.left() + pt(7), m_canvas.y() + pt(20) + digest.height()});
    });
    m_canvas.advance(height);
}

} // namespace tocsin::report
