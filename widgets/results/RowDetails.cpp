// SPDX-License-Identifier: GPL-3.0-or-later
#include "results/RowDetails.h"

#include "items/ResultTableModel.h"
#include "items/ValueText.h"

#include <QJsonDocument>

namespace tocsin::widgets {

RowDetails::RowDetails(const items::ResultTableModel& model, const Theme& theme, QWidget* parent) : QTextBrowser(parent), m_model(model), m_theme(theme)
{
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    setAccessibleName(tr("Row details"));
    connect(&theme, &Theme::changed, this, [this] { showRow(m_row); });
    connect(&model, &QAbstractItemModel::modelReset, this, [this] { showRow(-1); });
}

void RowDetails::showRow(int row)
{
    m_row = row < m_model.rowCount() ? row : -1;
    if (m_row < 0) {
        clear();
        return;
    }
    const QString quiet = m_theme.color(ThemeColor::TextQuiet).name();
    QString html = QStringLiteral("<table cellspacing='0' cellpadding='3'>");
    for (int column = 0; column < m_model.columnCount(); ++column) {
        const auto& schema = m_model.schema().columns[static_cast<std::size_t>(column)];
        QString value = m_model.wholeText(m_row, column);
        if (schema.type == DataType::Dynamic || value.startsWith(QLatin1Char('{')) || value.startsWith(QLatin1Char('[')))
            if (const QJsonDocument json = QJsonDocument::fromJson(value.toUtf8()); !json.isNull())
                value = QString::fromUtf8(json.toJson(QJsonDocument::Indented)).trimmed();
        html += QStringLiteral("<tr><td style='color:%1'>%2&nbsp;&nbsp;</td><td style='font-family:\"%3\"; white-space:pre-wrap'>%4</td></tr>")
                    .arg(quiet, items::toQString(schema.name).toHtmlEscaped(), m_theme.monospaceFont().family(), value.left(100'000).toHtmlEscaped());
    }
    setHtml(html + QStringLiteral("</table>"));
}

} // namespace tocsin::widgets
