// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/IncidentPdf.h"

#include "report/ReportSections.h"
#include "report/ReportText.h"

#include <QBuffer>
#include <QCryptographicHash>
#include <QFileInfo>
#include <QPageLayout>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>

namespace tocsin::report {

namespace {

PageFrame frameOf(const IncidentReport& report, const PdfOptions& options)
{
    PageFrame frame;
    const QString title = printable(report.title).replace(QChar(QChar::LineSeparator), u' ');
    frame.headerLeft = report.number.empty() ? title : Words::tr("Incident %1 · %2").arg(printable(report.number), title);
    frame.headerRight = QStringLiteral("Tocsin");
    frame.marking = printable(options.marking);
    frame.footerLeft = Words::tr("%1 · generated %2 · Tocsin %3").arg(printable(report.workspace), timeText(report.generated), printable(report.toolVersion));
    return frame;
}

void prepare(QPdfWriter& writer, const IncidentReport& report)
{
    writer.setResolution(kResolution);
    writer.setPdfVersion(QPagedPaintDevice::PdfVersion_1_6);
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Portrait, QMarginsF(0, 0, 0, 0)));
    writer.setTitle(printable(report.title));
    writer.setCreator(QStringLiteral("Tocsin ") + printable(report.toolVersion));
}

struct Outcome {
    int pages = 0;
    std::vector<SectionMark> sections;
    std::uint64_t rowsPrinted = 0;
    std::uint64_t rowsLeftOut = 0;
};

/// One run over the document; `totalPages` 0 means a dry one.
Result<Outcome> run(QPdfWriter& writer, const IncidentReport& report, const PdfOptions& options, const std::string& digest, int totalPages,
                    std::vector<SectionMark> contents)
{
    QPainter painter;
    if (!painter.begin(&writer))
        return fail(kPdfFailed, "the painter did not start");
    painter.setRenderHint(QPainter::Antialiasing);
    const ReportStyle style;
    PageCanvas canvas(writer, painter, style, frameOf(report, options), totalPages);
    if (options.progress)
        canvas.onPage([&](int page) { options.progress(page, totalPages); });
    ReportSections sections(canvas, report, options, digest, std::move(contents));
    const bool finished = sections.paint();
    if (!painter.end())
        return fail(kPdfFailed, "the painter did not end");
    if (!finished)
        return fail(kCancelled);
    return Outcome{canvas.page(), sections.sections(), sections.rowsPrinted(), sections.rowsLeftOut()};
}

Result<Outcome> countPages(const IncidentReport& report, const PdfOptions& options, const std::string& digest)
{
    QByteArray nothing;
    QBuffer buffer(&nothing);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    prepare(writer, report);
    return run(writer, report, options, digest, 0, {});
}

} // namespace

Result<ReportFacts> writeIncidentPdf(const IncidentReport& report, const QString& path, const PdfOptions& options)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(kFileUnwritable, path.toStdString(), file.errorString().toStdString());

    const std::string json = reportJson(report, options.rowCap);
    const QByteArray data(json.data(), static_cast<qsizetype>(json.size()));
    const std::string digest = QCryptographicHash::hash(data, QCryptographicHash::Sha256).toHex().toStdString();
    TOCSIN_TRY_ASSIGN(const Outcome dry, countPages(report, options, digest));

    Outcome real;
    {
        QPdfWriter writer(&file);
        prepare(writer, report);
        writer.addFileAttachment(QStringLiteral("report.json"), data, QStringLiteral("application/json"));
        TOCSIN_TRY_ASSIGN(real, run(writer, report, options, digest, dry.pages, dry.sections));
    }
    if (real.pages != dry.pages)
        return fail(kPdfFailed, "the pages changed between the two runs");
    if (file.error() != QFileDevice::NoError || !file.commit())
        return fail(kFileUnwritable, path.toStdString(), file.errorString().toStdString());

    ReportFacts facts;
    facts.pages = real.pages;
    facts.bytes = QFileInfo(path).size();
    facts.sha256 = digest;
    facts.rowsPrinted = real.rowsPrinted;
    facts.rowsLeftOut = real.rowsLeftOut;
    return facts;
}

} // namespace tocsin::report
