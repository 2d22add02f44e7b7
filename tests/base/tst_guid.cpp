// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // <compare> is more than Qt 6.4's moc can read
#include "base/Guid.h"
#endif

#include <QTest>

#include <random>

using namespace tocsin;

class TestGuid final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("valid");
        const auto row = [](const char* text, bool valid) { QTest::newRow(text) << QByteArray(text) << valid; };
        row("00112233-4455-6677-8899-aabbccddeeff", true);
        row("00112233-4455-6677-8899-AABBCCDDEEFF", true);
        row("{00112233-4455-6677-8899-aabbccddeeff}", true);
        row("(00112233-4455-6677-8899-aabbccddeeff)", true);
        row("00112233445566778899aabbccddeeff", true);
        row("{00112233445566778899aabbccddeeff}", true);
        for (const char* wrong : {"", "{", "{}", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0", "0011223-34455-6677-8899-aabbccddeeff",
                                  "g0112233-4455-6677-8899-aabbccddeeff", "{00112233-4455-6677-8899-aabbccddeeff", "{00112233-4455-6677-8899-aabbccddeeff)",
                                  "00112233445566778899aabbccddeef ", "00112233-4455-6677-8899aabbccddeeff--"})
            row(wrong, false);
    }
    void reads()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, valid);
        const auto guid = parseGuid(text.toStdString());
        QCOMPARE(guid.has_value(), valid);
        if (valid)
            QCOMPARE(formatGuid(*guid), "00112233-4455-6677-8899-aabbccddeeff");
    }

    void readsBackWhatItPrints()
    {
        std::mt19937 random(9);
        Guid before;
        for (int i = 0; i < 2'000; ++i) {
            Guid guid;
            for (auto& byte : guid.bytes)
                byte = static_cast<std::uint8_t>(random());
            const std::string text = formatGuid(guid);
            const auto back = parseGuid(text);
            QVERIFY(back && *back == guid);
            QCOMPARE(guid < before, text < formatGuid(before)); // printed order is byte order
            before = guid;
        }
    }
};

QTEST_GUILESS_MAIN(TestGuid)
#include "tst_guid.moc"
