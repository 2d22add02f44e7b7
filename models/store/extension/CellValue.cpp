// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/extension/CellValue.h"

#include "column/Dynamic.h"

namespace tocsin::store {
namespace {

void giveText(sqlite3_context* context, std::string_view text)
{
    sqlite3_result_text64(context, text.data() ? text.data() : "", text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

template <DataType T>
void give(sqlite3_context* context, const Physical<T>& value)
{
    if constexpr (T == DataType::Real)
        sqlite3_result_double(context, value); // NaN becomes NULL
    else if constexpr (T == DataType::Decimal)
        giveText(context, value.toString());
    else if constexpr (T == DataType::DateTime)
        giveText(context, formatDateTime(value));
    else if constexpr (T == DataType::TimeSpan)
        giveText(context, formatTimeSpan(value));
    else if constexpr (T == DataType::Guid)
        giveText(context, formatGuid(value));
    else if constexpr (T == DataType::String)
        giveText(context, value);
    else if constexpr (T == DataType::Dynamic)
        giveText(context, DynamicView(value).toJson());
    else
        sqlite3_result_int64(context, value);
}

} // namespace

void giveCell(sqlite3_context* context, const Vector& column, std::size_t row)
{
    visitType(column.type(), [&]<DataType T>() {
        const VectorReader<Physical<T>> values(column);
        if (values.isNull(row))
            sqlite3_result_null(context);
        else
            give<T>(context, values[row]);
    });
}

} // namespace tocsin::store
