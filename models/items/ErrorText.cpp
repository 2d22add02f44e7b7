// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/ErrorText.h"

#include "items/ValueText.h"

#include <QCoreApplication>

namespace tocsin::items {

namespace {

/// Sentences of the kinds are looked up by their code, so that a translation can order the arguments as its language needs.
QString translated(const Error& error, std::string_view pattern)
{
    if (pattern.empty())
        return {};
    const std::string source(pattern);
    const QString found = QCoreApplication::translate("tocsin::ErrorKind", source.c_str(), std::string(error.code()).c_str());
    return toQString(fillTemplate(found.toStdString(), error.args));
}

} // namespace

QString errorText(const Error& error)
{
    QString out = error.kind ? translated(error, error.kind->what) : QCoreApplication::translate("tocsin::items::ErrorText", "Unknown error");
    if (!error.where.empty())
        out = QCoreApplication::translate("tocsin::items::ErrorText", "%1 (%2)").arg(out, toQString(error.where));
    if (error.cause)
        out = QCoreApplication::translate("tocsin::items::ErrorText", "%1: %2").arg(out, errorText(*error.cause));
    return out;
}

QString errorAdviceText(const Error& error)
{
    if (error.kind && !error.kind->advice.empty())
        return translated(error, error.kind->advice);
    return error.cause ? errorAdviceText(*error.cause) : QString();
}

QString errorReport(const Error& error)
{
    QStringList lines{errorText(error)};
    if (const QString advice = errorAdviceText(error); !advice.isEmpty())
        lines << advice;
    lines << toQString(error.code());
    return lines.join(QLatin1Char('\n'));
}

std::pair<int, int> lineAndColumn(std::string_view text, std::size_t offset)
{
    int line = 1, column = 1;
    for (std::size_t i = 0; i < std::min(offset, text.size()); ++i) {
        if (text[i] == '\n') {
            ++line;
            column = 1;
        } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
            ++column;
        }
    }
    return {line, column};
}

} // namespace tocsin::items
