// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Kernels.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::map;

/// value in the base unit = value × factor + offset. Factors by the NIST guide to the SI (SP 811).
struct Unit {
    std::string_view name;
    double factor;
    double offset = 0;
};

constexpr double kDegree = std::numbers::pi / 180;

constexpr std::array kAngles{Unit{"Radian", 1}, Unit{"Degree", kDegree}, Unit{"Arcminute", kDegree / 60}, Unit{"Arcsecond", kDegree / 3600}, Unit{"Gradian", std::numbers::pi / 200}, Unit{"Revolution", 2 * std::numbers::pi},
                             Unit{"Milliradian", 1e-3}, Unit{"Microradian", 1e-6}, Unit{"Nanoradian", 1e-9}, Unit{"Microdegree", kDegree * 1e-6}, Unit{"Millidegree", kDegree * 1e-3}, Unit{"Nanodegree", kDegree * 1e-9}, Unit{"Centiradian", 1e-2}, Unit{"Deciradian", 0.1}};
constexpr std::array kEnergies{Unit{"Joule", 1}, Unit{"Kilojoule", 1e3}, Unit{"Megajoule", 1e6}, Unit{"Gigajoule", 1e9}, Unit{"Millijoule", 1e-3}, Unit{"Calorie", 4.184}, Unit{"Kilocalorie", 4184}, Unit{"BritishThermalUnit", 1055.05585262}, Unit{"ElectronVolt", 1.602176634e-19},
                               Unit{"Erg", 1e-7}, Unit{"FootPound", 1.3558179483314004}, Unit{"WattHour", 3600}, Unit{"KilowattHour", 3.6e6}, Unit{"MegawattHour", 3.6e9}, Unit{"GigawattHour", 3.6e12}, Unit{"ThermUs", 1.054804e8}, Unit{"HorsepowerHour", 2.6845195376961727e6}};
constexpr std::array kForces{Unit{"Newton", 1}, Unit{"Kilonewton", 1e3}, Unit{"Meganewton", 1e6}, Unit{"Millinewton", 1e-3}, Unit{"Micronewton", 1e-6}, Unit{"Decanewton", 10}, Unit{"Dyn", 1e-5}, Unit{"KilogramForce", 9.80665}, Unit{"KiloPond", 9.80665}, Unit{"TonneForce", 9806.65},
                             Unit{"PoundForce", 4.4482216152605}, Unit{"KilopoundForce", 4448.2216152605}, Unit{"OunceForce", 0.27801385095378125}, Unit{"Poundal", 0.138254954376}, Unit{"ShortTonForce", 8896.443230521}};
constexpr std::array kLengths{Unit{"Meter", 1}, Unit{"Kilometer", 1e3}, Unit{"Hectometer", 100}, Unit{"Decimeter", 0.1}, Unit{"Centimeter", 0.01}, Unit{"Millimeter", 1e-3}, Unit{"Micrometer", 1e-6}, Unit{"Nanometer", 1e-9}, Unit{"Inch", 0.0254}, Unit{"Foot", 0.3048}, Unit{"Yard", 0.9144},
                              Unit{"Mile", 1609.344}, Unit{"NauticalMile", 1852}, Unit{"Fathom", 1.8288}, Unit{"Chain", 20.1168}, Unit{"Hand", 0.1016}, Unit{"Angstrom", 1e-10}, Unit{"AstronomicalUnit", 1.495978707e11}, Unit{"LightYear", 9.4607304725808e15}, Unit{"Parsec", 3.0856775814913673e16}, Unit{"Microinch", 2.54e-8}, Unit{"Mil", 2.54e-5}};
constexpr std::array kMasses{Unit{"Kilogram", 1}, Unit{"Gram", 1e-3}, Unit{"Milligram", 1e-6}, Unit{"Microgram", 1e-9}, Unit{"Nanogram", 1e-12}, Unit{"Tonne", 1e3}, Unit{"Kilotonne", 1e6}, Unit{"Megatonne", 1e9}, Unit{"Pound", 0.45359237}, Unit{"Ounce", 0.028349523125}, Unit{"Stone", 6.35029318},
                             Unit{"ShortTon", 907.18474}, Unit{"LongTon", 1016.0469088}, Unit{"Grain", 6.479891e-5}, Unit{"Slug", 14.593902937206365}, Unit{"SolarMass", 1.98847e30}, Unit{"EarthMass", 5.9722e24}, Unit{"Centigram", 1e-5}, Unit{"Decigram", 1e-4}, Unit{"Hectogram", 0.1}, Unit{"Decagram", 0.01}};
constexpr std::array kSpeeds{Unit{"MeterPerSecond", 1}, Unit{"KilometerPerHour", 1 / 3.6}, Unit{"KilometerPerSecond", 1e3}, Unit{"MilePerHour", 0.44704}, Unit{"Knot", 1852.0 / 3600}, Unit{"FootPerSecond", 0.3048}, Unit{"FootPerMinute", 0.00508}, Unit{"FootPerHour", 0.3048 / 3600}, Unit{"InchPerSecond", 0.0254},
                             Unit{"YardPerSecond", 0.9144}, Unit{"CentimeterPerSecond", 0.01}, Unit{"MillimeterPerSecond", 1e-3}, Unit{"MeterPerMinute", 1.0 / 60}, Unit{"MeterPerHour", 1.0 / 3600}, Unit{"KilometerPerMinute", 1000.0 / 60}, Unit{"Mach", 340.29}};
constexpr std::array kTemperatures{Unit{"Kelvin", 1}, Unit{"DegreeCelsius", 1, 273.15}, Unit{"DegreeFahrenheit", 5.0 / 9, 459.67 * 5 / 9}, Unit{"DegreeRankine", 5.0 / 9}, Unit{"MillidegreeCelsius", 1e-3, 273.15}, Unit{"DegreeReaumur", 1.25, 273.15}, Unit{"DegreeDelisle", -2.0 / 3, 373.15}, Unit{"DegreeNewton", 100.0 / 33, 273.15}, Unit{"DegreeRoemer", 40.0 / 21, 273.15 - 7.5 * 40 / 21}};
constexpr std::array kVolumes{Unit{"CubicMeter", 1}, Unit{"Liter", 1e-3}, Unit{"Milliliter", 1e-6}, Unit{"Centiliter", 1e-5}, Unit{"Deciliter", 1e-4}, Unit{"Hectoliter", 0.1}, Unit{"Kiloliter", 1}, Unit{"CubicCentimeter", 1e-6}, Unit{"CubicDecimeter", 1e-3}, Unit{"CubicMillimeter", 1e-9}, Unit{"CubicKilometer", 1e9},
                              Unit{"CubicInch", 1.6387064e-5}, Unit{"CubicFoot", 0.028316846592}, Unit{"CubicYard", 0.764554857984}, Unit{"UsGallon", 3.785411784e-3}, Unit{"ImperialGallon", 4.54609e-3}, Unit{"UsQuart", 9.46352946e-4}, Unit{"UsPint", 4.73176473e-4}, Unit{"UsOunce", 2.95735295625e-5}, Unit{"ImperialOunce", 2.84130625e-5},
                              Unit{"OilBarrel", 0.158987294928}, Unit{"AcreFoot", 1233.48183754752}, Unit{"UsTablespoon", 1.478676478125e-5}, Unit{"UsTeaspoon", 4.92892159375e-6}};

const Unit* find(std::span<const Unit> units, std::string_view name)
{
    const auto found = std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return equalsIgnoringCase(unit.name, name); });
    return found == units.end() ? nullptr : &*found;
}

void addConverter(FunctionRegistry& registry, std::string_view name, std::span<const Unit> units, std::string_view help, std::string_view example)
{
    std::vector<std::string_view> names;
    for (const Unit& unit : units)
        names.push_back(unit.name);
    registry.add(ScalarFunction{.name = name, .category = "conversion", .help = help, .example = example,
        .signatures = {signature({{"value", Real}, constant("from", String, names), constant("to", String, names)}, Real, map<Real, Real, String, String>([units](double value, std::string_view from, std::string_view to) -> std::optional<double> {
            const Unit* source = find(units, from);
            const Unit* target = find(units, to);
            if (!source || !target)
                return std::nullopt;
            return (value * source->factor + source->offset - target->offset) / target->factor;
        }))}});
}

/// format_bytes(): the size in the largest unit that leaves at least 1, or in the given one.
void formatBytes(double bytes, std::int64_t precision, std::string_view unit, std::string& out)
{
    constexpr std::array<std::string_view, 7> kUnits{"Bytes", "KB", "MB", "GB", "TB", "PB", "EB"};
    std::size_t index = 0;
    const auto wanted = std::find_if(kUnits.begin(), kUnits.end(), [&](std::string_view name) { return equalsIgnoringCase(name, unit); });
    if (wanted != kUnits.end()) {
        index = static_cast<std::size_t>(wanted - kUnits.begin());
    } else {
        for (double rest = std::abs(bytes); rest >= 1024 && index + 1 < kUnits.size(); rest /= 1024)
            ++index;
    }
    const double scaled = bytes / std::pow(1024.0, static_cast<double>(index));
    const double scale = std::pow(10.0, static_cast<double>(std::clamp<std::int64_t>(precision, 0, 15)));
    fmt::format_to(std::back_inserter(out), "{} {}", std::round(scaled * scale) / scale, kUnits[index]);
}

std::int64_t sizeOf(const Vector& vector, std::size_t row)
{
    if (isTextual(vector.type()))
        return static_cast<std::int64_t>(VectorReader<std::string_view>(vector)[row].size());
    return visitType(vector.type(), []<DataType T>() { return static_cast<std::int64_t>(sizeof(Physical<T>)); });
}

} // namespace

void addUnitFunctions(FunctionRegistry& registry)
{
    addConverter(registry, "convert_angle", kAngles, "An angle in another unit.", "print convert_angle(2, 'Degree', 'Arcminute') // 120.0");
    addConverter(registry, "convert_energy", kEnergies, "An energy in another unit.", "print convert_energy(1, 'KilowattHour', 'Megajoule') // 3.6");
    addConverter(registry, "convert_force", kForces, "A force in another unit.", "print convert_force(1, 'Kilonewton', 'Newton') // 1000.0");
    addConverter(registry, "convert_length", kLengths, "A length in another unit.", "print convert_length(1, 'Mile', 'Meter') // 1609.344");
    addConverter(registry, "convert_mass", kMasses, "A mass in another unit.", "print convert_mass(1, 'Pound', 'Kilogram') // 0.45359237");
    addConverter(registry, "convert_speed", kSpeeds, "A speed in another unit.", "print convert_speed(1, 'MilePerHour', 'MeterPerSecond') // 0.44704");
    addConverter(registry, "convert_temperature", kTemperatures, "A temperature in another unit.", "print round(convert_temperature(20, 'DegreeCelsius', 'Kelvin'), 2) // 293.15");
    addConverter(registry, "convert_volume", kVolumes, "A volume in another unit.", "print convert_volume(1, 'CubicMeter', 'Liter') // 1000.0");
    registry.add(ScalarFunction{.name = "format_bytes", .category = "conversion", .help = "A number of bytes as text with a unit.", .example = "print format_bytes(2048, 1) // 2 KB",
        .signatures = {
            signature({{"bytes", Real}}, String, kernels::mapText<String, Real>([](double bytes, std::string& out) { formatBytes(bytes, 0, {}, out); })),
            signature({{"bytes", Real}, {"precision", Long}}, String, kernels::mapText<String, Real, Long>([](double bytes, std::int64_t precision, std::string& out) { formatBytes(bytes, precision, {}, out); })),
            signature({{"bytes", Real}, {"precision", Long}, {"unit", String}}, String, kernels::mapText<String, Real, Long, String>(formatBytes)),
        }});
    registry.add(ScalarFunction{.name = "estimate_data_size", .category = "conversion", .help = "About how many bytes the values of the arguments take.", .example = "print estimate_data_size('abc') // 3",
        .signatures = {signature({repeated("value", types::any)}, Long, [](KernelContext&, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
            kernels::ResultWriter<Long> writer(rows);
            for (std::size_t row = 0; row < rows; ++row) {
                std::int64_t size = 0;
                for (const Vector& argument : arguments)
                    size += sizeOf(argument, row);
                writer.put(row, size);
            }
            return writer.finish();
        })}});
    const auto near = []<DataType T, DataType Delta>() {
        return signature({{"value", T}, {"center", T}, {"delta", Delta}}, Bool, map<Bool, T, T, Delta>([](const auto& value, const auto& center, const auto& delta) { return value >= center - delta && value <= center + delta; }));
    };
    registry.add(ScalarFunction{.name = "around", .category = "comparison", .help = "Whether the value is at most a distance away from the center.", .example = "print around(99, 100, 2) // true",
        .signatures = {near.operator()<Long, Long>(), near.operator()<Real, Real>(), near.operator()<DateTime, TimeSpan>(), near.operator()<TimeSpan, TimeSpan>()}, .traits = kNullStrict});
}

} // namespace tocsin::kql
