// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/CaseActions.h"

namespace tocsin::items {

QString reportFileName(int incident) { return QStringLiteral("incident-%1-report.pdf").arg(incident); }

} // namespace tocsin::items
