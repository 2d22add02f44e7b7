// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read the concepts in the standard headers
#include "FunctionHarness.h"
#include "base/TemporaryFolder.h"
#include "kql/functions/LackingData.h"
#include "kql/functions/geo/IpLocations.h"
#endif

#include <QTest>

#include <bit>
#include <fstream>

using namespace tocsin;
using namespace tocsin::kql;
using namespace tocsin::kql::testing;

namespace {

/// Writes the MaxMind DB format (maxmind.github.io/MaxMind-DB): here one IPv4 network of 24 bits with one record.
class DatabaseWriter {
public:
    static std::string text(std::string_view value) { return static_cast<char>(0x40 | value.size()) + std::string(value); }
    static std::string map(std::initializer_list<std::pair<std::string_view, std::string>> entries)
    {
        std::string out(1, static_cast<char>(0xE0 | entries.size()));
        for (const auto& [key, value] : entries)
            out += text(key) + value;
        return out;
    }
    static std::string array(std::initializer_list<std::string> items)
    {
        std::string out{static_cast<char>(items.size()), 4};
        for (const std::string& item : items)
            out += item;
        return out;
    }
    static std::string real(double value) { return '\x68' + bigEndian(std::bit_cast<std::uint64_t>(value), 8); }
    static std::string number16(std::uint16_t value) { return '\xA2' + bigEndian(value, 2); }
    static std::string number32(std::uint32_t value) { return '\xC4' + bigEndian(value, 4); }
    static std::string number64(std::uint64_t value) { return std::string{8, 2} + bigEndian(value, 8); }
    static std::string bigEndian(std::uint64_t value, int bytes)
    {
        std::string out;
        for (int i = bytes; i-- > 0;)
            out += static_cast<char>(value >> (8 * i));
        return out;
    }

    static std::string database(std::uint32_t network, const std::string& record)
    {
        constexpr std::uint32_t kNodes = 24;
        std::string out;
        for (std::uint32_t bit = 0; bit < kNodes; ++bit) {
            const bool right = (network >> (31 - bit)) & 1;
            const std::uint32_t next = bit + 1 < kNodes ? bit + 1 : kNodes + 16;
            out += bigEndian(right ? kNodes : next, 3) + bigEndian(right ? next : kNodes, 3);
        }
        out += std::string(16, '\0') + record + "\xab\xcd\xefMaxMind.com";
        return out + map({{"node_count", number32(kNodes)}, {"record_size", number16(24)}, {"ip_version", number16(4)}, {"database_type", text("City")},
                          {"languages", array({text("en")})}, {"binary_format_major_version", number16(2)}, {"binary_format_minor_version", number16(0)},
                          {"build_epoch", number64(1700000000)}, {"description", map({})}});
    }
};

std::string named(std::string_view name) { return DatabaseWriter::map({{"names", DatabaseWriter::map({{"en", DatabaseWriter::text(name)}})}}); }

} // namespace

/// geo_info_from_ip_address() with a database of locations, without one, and with a file that is none.
class TestIpLocations : public QObject {
    Q_OBJECT
private slots:
    void findsAnAddress();
    void isNullWithoutADatabase();

private:
    FunctionRegistry m_registry = builtInFunctions();
};

void TestIpLocations::findsAnAddress()
{
    const auto folder = TemporaryFolder::make();
    QVERIFY(folder.has_value());
    const std::string path = (folder->path() / "city.mmdb").string();
    const std::string record = DatabaseWriter::map({{"country", named("Testland")}, {"subdivisions", DatabaseWriter::array({named("North")})}, {"city", named("Sample")},
                                                    {"location", DatabaseWriter::map({{"latitude", DatabaseWriter::real(51.5)}, {"longitude", DatabaseWriter::real(-0.25)}})}});
    std::ofstream(path, std::ios::binary) << DatabaseWriter::database(0xC0000200, record); // 192.0.2.0/24
    const auto locations = geo::IpLocations::open(path);
    QVERIFY(locations != nullptr);
    addIpLocationFunction(m_registry, locations);
    QCOMPARE(m_registry.findScalar("geo_info_from_ip_address")->traits & kLacksData, 0U);
    QCOMPARE(evaluate(m_registry, "geo_info_from_ip_address", {S("192.0.2.77")}), std::string("{\"country\":\"Testland\",\"state\":\"North\",\"city\":\"Sample\",\"latitude\":51.5,\"longitude\":-0.25}"));
    QCOMPARE(evaluate(m_registry, "geo_info_from_ip_address", {S("::ffff:192.0.2.77")}), std::string("{\"country\":\"Testland\",\"state\":\"North\",\"city\":\"Sample\",\"latitude\":51.5,\"longitude\":-0.25}"));
    for (const char* other : {"192.0.3.77", "2001:db8::1", "no address", ""})
        QCOMPARE(evaluate(m_registry, "geo_info_from_ip_address", {S(other)}), std::string("null"));
}

void TestIpLocations::isNullWithoutADatabase()
{
    QVERIFY(!geo::IpLocations::open(""));
    QVERIFY(!geo::IpLocations::open("/no/such/file.mmdb"));
    QVERIFY(!geo::IpLocations::open(TOCSIN_SOURCE_DIR "/README.md"));
    const FunctionRegistry plain = builtInFunctions();
    QCOMPARE(evaluate(plain, "geo_info_from_ip_address", {S("192.0.2.77")}), std::string("null"));
    QVERIFY(plain.findScalar("geo_info_from_ip_address")->traits & kLacksData);
}

QTEST_GUILESS_MAIN(TestIpLocations)
#include "tst_ip_locations.moc"
