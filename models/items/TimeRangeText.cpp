// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/TimeRangeText.h"

namespace tocsin::items {

Result<std::optional<engine::TimeRange>> parseTimeRange(const QString& typed, Ticks now)
{
    using Range = std::optional<engine::TimeRange>;
    QString text = typed.simplified();
    if (text.isEmpty())
        return Range();
    const Ticks midnight = now - now % kTicksPerDay;
    if (text.compare(QLatin1String("today"), Qt::CaseInsensitive) == 0)
        return Range(engine::TimeRange{midnight, now});
    if (text.compare(QLatin1String("yesterday"), Qt::CaseInsensitive) == 0)
        return Range(engine::TimeRange{midnight - kTicksPerDay, midnight});
    if (const auto dots = text.indexOf(QLatin1String("..")); dots >= 0) {
        const QString from = text.left(dots).trimmed(), to = text.mid(dots + 2).trimmed();
        engine::TimeRange range;
        const auto start = from.isEmpty() ? std::optional(kMinDateTime) : parseDateTime(from.toStdString());
        const auto end = to.isEmpty() ? std::optional(kMaxDateTime) : parseDateTime(to.toStdString());
        if (!start || !end || *start >= *end)
            return fail(kBadTimeRange, typed.toStdString());
        range.from = *start;
        range.to = *end;
        return Range(range);
    }
    if (text.startsWith(QLatin1String("last "), Qt::CaseInsensitive))
        text = text.mid(5).remove(QLatin1Char(' '));
    const bool plainNumber = std::all_of(text.begin(), text.end(), [](QChar c) { return c.isDigit(); });
    const auto span = plainNumber ? std::nullopt : parseTimeSpan(text.toStdString());
    if (!span || *span <= 0 || *span > now)
        return fail(kBadTimeRange, typed.toStdString());
    return Range(engine::TimeRange{now - *span, now});
}

} // namespace tocsin::items
