// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/Format.h"

#include <QTest>

using namespace tocsin;
using namespace tocsin::kql::services;

class TestKqlFormat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void placeholder() {}
};

QTEST_GUILESS_MAIN(TestKqlFormat)
#include "tst_kql_format.moc"
