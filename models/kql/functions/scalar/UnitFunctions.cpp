// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Utf8.h"
#include "kql/functions/Families.h"
#include "kql/functions/support/Kernels.h"
#include "kql/functions/support/Units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace tocsin::kql {
namespace {

using enum DataType;
using kernels::map;

void addConverter(FunctionRegistry& registry, std::string_view name, std::span<const Unit> units, std::string_view help, std::string_view example)
{
    registry.add(ScalarFunction{.name = name, .category = "conversion", .help = help, .example = example,
        .signatures = {signature({{"value", Real}, {"from", String}, {"to", String}}, Real, map<Real, Real, String, String>([units](double value, std::string_view from, std::string_view to) { return convertUnits(units, value, from, to); }))}});
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
    addConverter(registry, "convert_angle", units::angles(), "An angle in another unit; null if a unit is unknown.", "print convert_angle(2, 'Degree', 'Arcminute') // 120.0");
    addConverter(registry, "convert_energy", units::energies(), "An energy in another unit; null if a unit is unknown.", "print convert_energy(1, 'KilowattHour', 'Megajoule') // 3.6");
    addConverter(registry, "convert_force", units::forces(), "A force in another unit; null if a unit is unknown.", "print convert_force(1, 'Kilonewton', 'Newton') // 1000.0");
    addConverter(registry, "convert_length", units::lengths(), "A length in another unit; null if a unit is unknown.", "print convert_length(1, 'Mile', 'Meter') // 1609.344");
    addConverter(registry, "convert_mass", units::masses(), "A mass in another unit; null if a unit is unknown.", "print convert_mass(1, 'Pound', 'Kilogram') // 0.45359237");
    addConverter(registry, "convert_speed", units::speeds(), "A speed in another unit; null if a unit is unknown.", "print convert_speed(1, 'MilePerHour', 'MeterPerSecond') // 0.44704");
    addConverter(registry, "convert_temperature", units::temperatures(), "A temperature in another unit; null if a unit is unknown.", "print round(convert_temperature(20, 'DegreeCelsius', 'Kelvin'), 2) // 293.15");
    addConverter(registry, "convert_volume", units::volumes(), "A volume in another unit; null if a unit is unknown.", "print convert_volume(1, 'CubicMeter', 'Liter') // 1000.0");
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
