// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // <compare> is more than Qt 6.4's moc can read
#include "base/IpAddress.h"
#endif

#include <QTest>

#include <random>

using namespace tocsin;

namespace {

QString read(const std::string& text)
{
    const auto address = parseIp(text);
    return address ? QString::fromStdString(formatIp(*address)) : QStringLiteral("-");
}

} // namespace

class TestIpAddress final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsAddresses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("printed");
        const auto row = [](const char* text, const char* printed) { QTest::newRow(text) << QByteArray(text) << QString::fromLatin1(printed); };
        row("10.1.1.4", "10.1.1.4");
        row("0.0.0.0", "0.0.0.0");
        row("255.255.255.255", "255.255.255.255");
        row("::", "::");
        row("::1", "::1");
        row("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
        row("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1");
        row("fe80::1%eth0", "fe80::1");
        row("[2001:db8::1]", "2001:db8::1");
        row("::ffff:10.1.1.4", "10.1.1.4");
        for (const char* wrong : {"", "10.1.1", "10.1.1.4.5", "10.1.1.256", "10.1.1.-1", "10.1.1.4 ", " 10.1.1.4", "10.1..4", "0010.1.1.4", "1.2.3.4/8", "0x10.1.1.1", "localhost", ":", ":::",
                                  "1::2::3", "2001:db8::g", "2001:db8:1:2:3:4:5:6:7", "12345::", "[10.1.1.4]", "[::1"})
            row(wrong, "-");
    }
    void readsAddresses()
    {
        QFETCH(QByteArray, text);
        QTEST(read(text.toStdString()), "printed");
    }

    void refusesBytesBehindANul()
    {
        QCOMPARE(read(std::string("::1\0x", 5)), QStringLiteral("-"));
        QCOMPARE(read(std::string("10.1.1.4\0", 9)), QStringLiteral("-"));
    }

    void readsBackWhatItPrints()
    {
        std::mt19937 random(5);
        for (int i = 0; i < 5'000; ++i) {
            IpAddress address = IpAddress::fromV4(random());
            if (i % 2)
                for (auto& byte : address.bytes)
                    byte = random() % 3 ? static_cast<std::uint8_t>(random()) : 0;
            const auto back = parseIp(formatIp(address));
            QVERIFY(back && *back == address);
        }
    }

    void ordersFourAndSixTogether()
    {
        QVERIFY(*parseIp("9.255.255.255") < *parseIp("10.0.0.0"));
        QVERIFY(*parseIp("::1") < *parseIp("10.0.0.0"));
        QVERIFY(*parseIp("10.0.0.0") < *parseIp("2001:db8::"));
        QCOMPARE(parseIp("10.1.2.3")->v4(), 0x0A010203U);
        QVERIFY(parseIp("10.1.2.3")->isV4());
        QVERIFY(!parseIp("2001:db8::")->isV4());
    }

    void readsPrefixes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("normalized");
        const auto row = [](const char* text, const char* normalized) { QTest::newRow(text) << QByteArray(text) << QString::fromLatin1(normalized); };
        row("10.1.2.3/16", "10.1.0.0/16");
        row("10.1.2.3", "10.1.2.3/32");
        row("10.1.2.3/0", "0.0.0.0/0");
        row("10.1.2.255/25", "10.1.2.128/25");
        row("2001:db8::1", "2001:db8::1/128");
        row("2001:db8:ffff::1/33", "2001:db8:8000::/33");
        row("::/0", "::/0");
        for (const char* wrong : {"", "/", "10.1.2.3/", "10.1.2.3/33", "10.1.2.3/-1", "10.1.2.3/8x", "10.1.2.3/ 8", "::/129", "x/8", "10.1.2.3/8/8"})
            row(wrong, "-");
    }
    void readsPrefixes()
    {
        QFETCH(QByteArray, text);
        const auto prefix = parsePrefix(text.toStdString());
        QTEST((prefix ? QString::fromStdString(formatPrefix(prefix->normalized())) : QStringLiteral("-")), "normalized");
    }

    void containsAddressesAndPrefixes_data()
    {
        QTest::addColumn<QByteArray>("outer");
        QTest::addColumn<QByteArray>("inner");
        QTest::addColumn<bool>("contained");
        const auto row = [](const char* outer, const char* inner, bool contained) { QTest::addRow("%s in %s", inner, outer) << QByteArray(outer) << QByteArray(inner) << contained; };
        row("10.0.0.0/8", "10.255.1.1", true);
        row("10.0.0.0/8", "11.0.0.0", false);
        row("10.0.0.0/8", "10.1.0.0/16", true);
        row("10.1.0.0/16", "10.0.0.0/8", false);
        row("0.0.0.0/0", "1.2.3.4", true);
        row("0.0.0.0/0", "2001:db8::1", false);
        row("::/0", "1.2.3.4", false);
        row("::/0", "2001:db8::1", true);
        row("192.168.1.128/25", "192.168.1.127", false);
        row("192.168.1.128/25", "192.168.1.128", true);
    }
    void containsAddressesAndPrefixes()
    {
        QFETCH(QByteArray, outer);
        QFETCH(QByteArray, inner);
        const auto prefix = parsePrefix(outer.toStdString());
        const auto other = parsePrefix(inner.toStdString());
        QVERIFY(prefix && other);
        QTEST(prefix->contains(*other), "contained");
        if (!inner.contains('/'))
            QTEST(prefix->contains(other->address), "contained");
    }

    void knowsPrivateRanges()
    {
        for (const char* text : {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "127.0.0.1", "169.254.1.1", "fc00::1", "fd12::1", "fe80::1", "::1", "::"})
            QVERIFY2(isPrivateIp(*parseIp(text)), text);
        for (const char* text : {"9.255.255.255", "172.15.255.255", "172.32.0.0", "192.169.0.0", "8.8.8.8", "2001:db8::1", "fe00::1", "::2"})
            QVERIFY2(!isPrivateIp(*parseIp(text)), text);
    }
};

QTEST_GUILESS_MAIN(TestIpAddress)
#include "tst_ip_address.moc"
