// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/DynamicOrder.h"

#include "kql/functions/support/Convert.h"

namespace tocsin::kql {
namespace {

template <typename T> int order(const T& a, const T& b) { return a < b ? -1 : b < a ? 1 : 0; }

} // namespace

int kindOfDynamic(DynamicView view)
{
    switch (view.tag()) {
    case DynamicTag::Long:
    case DynamicTag::Real:
    case DynamicTag::Decimal: return 0;
    case DynamicTag::DateTime: return 1;
    case DynamicTag::TimeSpan: return 2;
    case DynamicTag::String: return 3;
    case DynamicTag::Guid: return 4;
    case DynamicTag::False:
    case DynamicTag::True: return 5;
    case DynamicTag::Array: return 6;
    case DynamicTag::Object: return 7;
    case DynamicTag::Null: break;
    }
    return 8;
}

int compareDynamics(DynamicView a, DynamicView b)
{
    if (const int kinds = order(kindOfDynamic(a), kindOfDynamic(b)))
        return kinds;
    switch (a.tag()) {
    case DynamicTag::Long:
        if (b.tag() == DynamicTag::Long)
            return order(a.asLong(), b.asLong());
        [[fallthrough]];
    case DynamicTag::Real:
    case DynamicTag::Decimal: return order(fromDynamic<DataType::Real>(a).value_or(0), fromDynamic<DataType::Real>(b).value_or(0));
    case DynamicTag::String: return order(a.asString(), b.asString());
    case DynamicTag::DateTime:
    case DynamicTag::TimeSpan: return order(a.asLong(), b.asLong());
    case DynamicTag::False:
    case DynamicTag::True: return order(static_cast<int>(a.tag()), static_cast<int>(b.tag()));
    case DynamicTag::Null: return 0;
    default: return order(a.bytes(), b.bytes());
    }
}

} // namespace tocsin::kql
