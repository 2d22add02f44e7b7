// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Units.h"

#include "base/Utf8.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

/// Factors by the NIST guide to the SI (SP 811); where the language follows a rounded value, that one.
namespace tocsin::kql {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr std::array kAngles{
    Unit{"Radian", 1}, Unit{"Deciradian", 0.1}, Unit{"Centiradian", 1e-2}, Unit{"Milliradian", 1e-3}, Unit{"Microradian", 1e-6}, Unit{"Nanoradian", 1e-9},
    Unit{"Degree", kDegree}, Unit{"Millidegree", kDegree * 1e-3}, Unit{"Microdegree", kDegree * 1e-6}, Unit{"Nanodegree", kDegree * 1e-9}, Unit{"Arcminute", kDegree / 60}, Unit{"Arcsecond", kDegree / 3600},
    Unit{"Gradian", std::numbers::pi / 200}, Unit{"NatoMil", 2 * std::numbers::pi / 6400}, Unit{"Revolution", 2 * std::numbers::pi}, Unit{"Tilt", 1, 0, true},
};

constexpr double kCalorie = 4.184;
constexpr double kBtu = 1055.05585262;
constexpr double kElectronVolt = 1.602176565e-19;
constexpr double kWattHour = 3600;
constexpr double kWattDay = 24 * kWattHour;
constexpr double kThermEc = 1.05505585262e8;
constexpr double kThermImperial = 1.05505585257348e8;
constexpr double kThermUs = 1.054804e8;
constexpr std::array kEnergies{
    Unit{"Joule", 1}, Unit{"Millijoule", 1e-3}, Unit{"Kilojoule", 1e3}, Unit{"Megajoule", 1e6}, Unit{"Gigajoule", 1e9}, Unit{"Erg", 1e-7}, Unit{"FootPound", 1.3558179483314004},
    Unit{"Calorie", kCalorie}, Unit{"Kilocalorie", kCalorie * 1e3}, Unit{"Megacalorie", kCalorie * 1e6},
    Unit{"BritishThermalUnit", kBtu}, Unit{"KilobritishThermalUnit", kBtu * 1e3}, Unit{"MegabritishThermalUnit", kBtu * 1e6}, Unit{"GigabritishThermalUnit", kBtu * 1e9},
    Unit{"ElectronVolt", kElectronVolt}, Unit{"KiloelectronVolt", kElectronVolt * 1e3}, Unit{"MegaelectronVolt", kElectronVolt * 1e6}, Unit{"GigaelectronVolt", kElectronVolt * 1e9}, Unit{"TeraelectronVolt", kElectronVolt * 1e12},
    Unit{"WattHour", kWattHour}, Unit{"KilowattHour", kWattHour * 1e3}, Unit{"MegawattHour", kWattHour * 1e6}, Unit{"GigawattHour", kWattHour * 1e9}, Unit{"TerawattHour", kWattHour * 1e12},
    Unit{"WattDay", kWattDay}, Unit{"KilowattDay", kWattDay * 1e3}, Unit{"MegawattDay", kWattDay * 1e6}, Unit{"GigawattDay", kWattDay * 1e9}, Unit{"TerawattDay", kWattDay * 1e12},
    Unit{"ThermEc", kThermEc}, Unit{"DecathermEc", kThermEc * 10}, Unit{"ThermImperial", kThermImperial}, Unit{"DecathermImperial", kThermImperial * 10}, Unit{"ThermUs", kThermUs}, Unit{"DecathermUs", kThermUs * 10},
    Unit{"HorsepowerHour", 2.6845195376961727e6},
};

constexpr std::array kForces{
    Unit{"Newton", 1}, Unit{"Micronewton", 1e-6}, Unit{"Millinewton", 1e-3}, Unit{"Decanewton", 10}, Unit{"Kilonewton", 1e3}, Unit{"Meganewton", 1e6}, Unit{"Dyn", 1e-5},
    Unit{"KilogramForce", 9.80665}, Unit{"KiloPond", 9.80665}, Unit{"TonneForce", 9806.65},
    Unit{"Poundal", 0.138254954376}, Unit{"OunceForce", 0.27801385095378125}, Unit{"PoundForce", 4.4482216152605}, Unit{"KilopoundForce", 4448.2216152605}, Unit{"ShortTonForce", 8896.443230521},
};

constexpr double kInch = 0.0254;
constexpr double kFoot = 0.3048;
constexpr double kSurveyFoot = 1200.0 / 3937;
constexpr double kLightYear = 9.46073047258e15;
constexpr double kParsec = 3.08567758128e16;
constexpr std::array kLengths{
    Unit{"Meter", 1}, Unit{"Nanometer", 1e-9}, Unit{"Micrometer", 1e-6}, Unit{"Millimeter", 1e-3}, Unit{"Centimeter", 0.01}, Unit{"Decimeter", 0.1}, Unit{"Decameter", 10}, Unit{"Hectometer", 100}, Unit{"Kilometer", 1e3}, Unit{"Angstrom", 1e-10},
    Unit{"Inch", kInch}, Unit{"Microinch", kInch * 1e-6}, Unit{"Mil", kInch * 1e-3}, Unit{"Hand", kInch * 4}, Unit{"Foot", kFoot}, Unit{"UsSurveyFoot", kSurveyFoot}, Unit{"Yard", 0.9144}, Unit{"Fathom", 1.8288}, Unit{"Chain", 20.1168}, Unit{"Shackle", 27.432},
    Unit{"Mile", 1609.344}, Unit{"DataMile", 1828.8}, Unit{"NauticalMile", 1852},
    Unit{"DtpPoint", kInch / 72}, Unit{"DtpPica", kInch / 6}, Unit{"PrinterPoint", kInch / 72.27}, Unit{"PrinterPica", kInch / 6.0225}, Unit{"Twip", kInch / 1440},
    Unit{"SolarRadius", 6.9551e8}, Unit{"AstronomicalUnit", 1.495978707e11}, Unit{"LightYear", kLightYear}, Unit{"KilolightYear", kLightYear * 1e3}, Unit{"MegalightYear", kLightYear * 1e6},
    Unit{"Parsec", kParsec}, Unit{"Kiloparsec", kParsec * 1e3}, Unit{"Megaparsec", kParsec * 1e6},
};

constexpr double kPound = 0.45359237;
constexpr std::array kMasses{
    Unit{"Gram", 1e-3}, Unit{"Nanogram", 1e-12}, Unit{"Microgram", 1e-9}, Unit{"Milligram", 1e-6}, Unit{"Centigram", 1e-5}, Unit{"Decigram", 1e-4}, Unit{"Decagram", 0.01}, Unit{"Hectogram", 0.1}, Unit{"Kilogram", 1},
    Unit{"Tonne", 1e3}, Unit{"Kilotonne", 1e6}, Unit{"Megatonne", 1e9},
    Unit{"Grain", 6.479891e-5}, Unit{"Ounce", 0.028349523125}, Unit{"Pound", kPound}, Unit{"Kilopound", kPound * 1e3}, Unit{"Megapound", kPound * 1e6}, Unit{"Stone", kPound * 14}, Unit{"Slug", 14.593902937206365},
    Unit{"ShortHundredweight", kPound * 100}, Unit{"LongHundredweight", kPound * 112}, Unit{"ShortTon", kPound * 2000}, Unit{"LongTon", kPound * 2240},
    Unit{"EarthMass", 5.9722e24}, Unit{"SolarMass", 1.98847e30},
};

constexpr std::array kSpeeds{
    Unit{"NanometerPerSecond", 1e-9}, Unit{"NanometerPerMinute", 1e-9 / 60}, Unit{"MicrometerPerSecond", 1e-6}, Unit{"MicrometerPerMinute", 1e-6 / 60},
    Unit{"MillimeterPerSecond", 1e-3}, Unit{"MillimeterPerMinute", 1e-3 / 60}, Unit{"MillimeterPerHour", 1e-3 / 3600}, Unit{"CentimeterPerSecond", 0.01}, Unit{"CentimeterPerMinute", 0.01 / 60}, Unit{"CentimeterPerHour", 0.01 / 3600},
    Unit{"DecimeterPerSecond", 0.1}, Unit{"DecimeterPerMinute", 0.1 / 60}, Unit{"MeterPerSecond", 1}, Unit{"MeterPerMinute", 1.0 / 60}, Unit{"MeterPerHour", 1.0 / 3600},
    Unit{"KilometerPerSecond", 1e3}, Unit{"KilometerPerMinute", 1e3 / 60}, Unit{"KilometerPerHour", 1 / 3.6},
    Unit{"InchPerSecond", kInch}, Unit{"InchPerMinute", kInch / 60}, Unit{"InchPerHour", kInch / 3600}, Unit{"FootPerSecond", kFoot}, Unit{"FootPerMinute", kFoot / 60}, Unit{"FootPerHour", kFoot / 3600},
    Unit{"UsSurveyFootPerSecond", kSurveyFoot}, Unit{"UsSurveyFootPerMinute", kSurveyFoot / 60}, Unit{"UsSurveyFootPerHour", kSurveyFoot / 3600},
    Unit{"YardPerSecond", 0.9144}, Unit{"YardPerMinute", 0.9144 / 60}, Unit{"YardPerHour", 0.9144 / 3600}, Unit{"MilePerHour", 0.44704}, Unit{"Knot", 1852.0 / 3600}, Unit{"Mach", 340.29},
};

constexpr double kZeroCelsius = 273.15;
constexpr std::array kTemperatures{
    Unit{"Kelvin", 1}, Unit{"DegreeCelsius", 1, kZeroCelsius}, Unit{"MillidegreeCelsius", 1e-3, kZeroCelsius}, Unit{"DegreeFahrenheit", 5.0 / 9, 459.67 * 5 / 9}, Unit{"DegreeRankine", 5.0 / 9}, Unit{"DegreeReaumur", 1.25, kZeroCelsius},
    Unit{"DegreeDelisle", -2.0 / 3, kZeroCelsius + 100}, Unit{"DegreeNewton", 100.0 / 33, kZeroCelsius}, Unit{"DegreeRoemer", 40.0 / 21, kZeroCelsius - 7.5 * 40 / 21}, Unit{"SolarTemperature", 5778},
};

constexpr double kCubicFoot = 0.028316846592;
constexpr double kUsGallon = 3.785411784e-3;
constexpr double kImperialGallon = 4.54609e-3;
constexpr std::array kVolumes{
    Unit{"CubicMeter", 1}, Unit{"CubicMicrometer", 1e-18}, Unit{"CubicMillimeter", 1e-9}, Unit{"CubicCentimeter", 1e-6}, Unit{"CubicDecimeter", 1e-3}, Unit{"HectocubicMeter", 100}, Unit{"KilocubicMeter", 1e3}, Unit{"CubicHectometer", 1e6}, Unit{"CubicKilometer", 1e9},
    Unit{"Liter", 1e-3}, Unit{"Microliter", 1e-9}, Unit{"Milliliter", 1e-6}, Unit{"Centiliter", 1e-5}, Unit{"Deciliter", 1e-4}, Unit{"Decaliter", 0.01}, Unit{"Hectoliter", 0.1}, Unit{"Kiloliter", 1}, Unit{"Megaliter", 1e3},
    Unit{"CubicInch", 1.6387064e-5}, Unit{"CubicFoot", kCubicFoot}, Unit{"HectocubicFoot", kCubicFoot * 100}, Unit{"KilocubicFoot", kCubicFoot * 1e3}, Unit{"MegacubicFoot", kCubicFoot * 1e6}, Unit{"BoardFoot", 2.3597372158e-3},
    Unit{"CubicYard", 0.764554857984}, Unit{"CubicMile", 4168181825.440579584}, Unit{"AcreFoot", 1 / 0.000810714},
    Unit{"UsGallon", kUsGallon}, Unit{"DeciusGallon", kUsGallon * 0.1}, Unit{"DecausGallon", kUsGallon * 10}, Unit{"HectousGallon", kUsGallon * 100}, Unit{"KilousGallon", kUsGallon * 1e3}, Unit{"MegausGallon", kUsGallon * 1e6},
    Unit{"UsQuart", 9.46352946e-4}, Unit{"UsPint", 4.73176473e-4}, Unit{"UsOunce", 2.95735295625e-5}, Unit{"UsTablespoon", 1.478676478125e-5}, Unit{"UsTeaspoon", 4.92892159375e-6}, Unit{"UsCustomaryCup", 0.0002365882365}, Unit{"UsLegalCup", 0.00024},
    Unit{"ImperialGallon", kImperialGallon}, Unit{"KiloimperialGallon", kImperialGallon * 1e3}, Unit{"MegaimperialGallon", kImperialGallon * 1e6}, Unit{"ImperialPint", 5.6826125e-4}, Unit{"ImperialOunce", 2.84130625e-5},
    Unit{"AuTablespoon", 2e-5}, Unit{"UkTablespoon", 1.5e-5}, Unit{"MetricCup", 2.5e-4}, Unit{"MetricTeaspoon", 5e-6}, Unit{"OilBarrel", 0.158987294928}, Unit{"ImperialBeerBarrel", 0.16365924}, Unit{"UsBeerBarrel", 0.117347765304},
};

const Unit* find(std::span<const Unit> units, std::string_view name)
{
    const auto found = std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return equalsIgnoringCase(unit.name, name); });
    return found == units.end() ? nullptr : &*found;
}

double toBase(const Unit& unit, double value)
{
    const double base = value * unit.factor + unit.offset;
    return unit.isSine ? std::asin(base) : base;
}

double fromBase(const Unit& unit, double base) { return ((unit.isSine ? std::sin(base) : base) - unit.offset) / unit.factor; }

} // namespace

namespace units {
std::span<const Unit> angles() { return kAngles; }
std::span<const Unit> energies() { return kEnergies; }
std::span<const Unit> forces() { return kForces; }
std::span<const Unit> lengths() { return kLengths; }
std::span<const Unit> masses() { return kMasses; }
std::span<const Unit> speeds() { return kSpeeds; }
std::span<const Unit> temperatures() { return kTemperatures; }
std::span<const Unit> volumes() { return kVolumes; }
} // namespace units

std::optional<double> convertUnits(std::span<const Unit> units, double value, std::string_view from, std::string_view to)
{
    const Unit* source = find(units, from);
    const Unit* target = find(units, to);
    if (!source || !target)
        return std::nullopt;
    return fromBase(*target, toBase(*source, value));
}

} // namespace tocsin::kql
