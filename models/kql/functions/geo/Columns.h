// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kql/functions/Families.h"
#include "kql/functions/geo/Sphere.h"
#include "kql/functions/support/Kernels.h"

/// Kernels of functions over shapes: a row function gets its arguments as numbers, text or shapes, each shape read once while it
/// stays the same from row to row. Null, and a shape that cannot be read, gives null; so does a null for an optional argument.
namespace tocsin::kql::geo {

template <typename T> struct ColumnOf;

template <typename T> struct PlainColumn {
    PlainColumn(std::span<const Vector> arguments, std::size_t i) : reader(arguments[i]) {}
    bool load(std::size_t row)
    {
        if (reader.isNull(row))
            return false;
        value = reader[row];
        return true;
    }
    const T& get() const { return value; }
    VectorReader<T> reader;
    T value{};
};
template <> struct ColumnOf<double> : PlainColumn<double> { using PlainColumn::PlainColumn; };
template <> struct ColumnOf<std::int64_t> : PlainColumn<std::int64_t> { using PlainColumn::PlainColumn; };
/// A flag, given as bool or as a number.
template <> struct ColumnOf<bool> {
    ColumnOf(std::span<const Vector> arguments, std::size_t i) : vector(arguments[i]) {}
    bool load(std::size_t row)
    {
        if (vector.isNull(row))
            return false;
        value = vector.type() == DataType::Bool ? VectorReader<std::uint8_t>(vector)[row] != 0 : VectorReader<std::int64_t>(vector)[row] != 0;
        return true;
    }
    const bool& get() const { return value; }
    const Vector& vector;
    bool value = false;
};
template <> struct ColumnOf<std::string_view> : PlainColumn<std::string_view> { using PlainColumn::PlainColumn; };
template <> struct ColumnOf<DynamicView> {
    ColumnOf(std::span<const Vector> arguments, std::size_t i) : reader(arguments[i]) {}
    bool load(std::size_t row)
    {
        value = DynamicView(reader[row]);
        return !reader.isNull(row) && !value.isNull();
    }
    const DynamicView& get() const { return value; }
    VectorReader<std::string_view> reader;
    DynamicView value;
};

/// An argument that may be left out.
template <typename T> struct ColumnOf<std::optional<T>> {
    ColumnOf(std::span<const Vector> arguments, std::size_t i)
    {
        if (i < arguments.size())
            column.emplace(arguments, i);
    }
    bool load(std::size_t row)
    {
        if (!column)
            return true;
        if (!column->load(row))
            return false;
        value = column->get();
        return true;
    }
    const std::optional<T>& get() const { return value; }
    std::optional<ColumnOf<T>> column;
    std::optional<T> value;
};

template <typename Shape> struct ShapeColumn {
    ShapeColumn(std::span<const Vector> arguments, std::size_t i) : reader(arguments[i]) {}
    bool load(std::size_t row)
    {
        if (reader.isNull(row))
            return false;
        if (!known || reader[row] != bytes) {
            bytes = reader[row];
            shape = Shape::read(DynamicView(bytes));
            known = true;
        }
        return shape.has_value();
    }
    const Shape& get() const { return *shape; }
    VectorReader<std::string_view> reader;
    std::string_view bytes;
    std::optional<Shape> shape;
    bool known = false;
};
template <> struct ColumnOf<Lines> : ShapeColumn<Lines> { using ShapeColumn::ShapeColumn; };
template <> struct ColumnOf<Polygons> : ShapeColumn<Polygons> { using ShapeColumn::ShapeColumn; };

template <DataType Out, typename... In, typename F, std::size_t... I>
Vector geoRows(std::span<const Vector> arguments, std::size_t rows, const std::stop_token& stop, F fn, std::index_sequence<I...>)
{
    std::tuple<ColumnOf<In>...> columns{ColumnOf<In>(arguments, I)...};
    kernels::ResultWriter<Out> writer(rows);
    [[maybe_unused]] DynamicBuilder builder;
    for (std::size_t row = 0; row < rows; ++row) {
        // Big shapes take long: a cancelled query fills the rest of the batch with nulls, which nobody sees.
        if (stop.stop_requested() || !(std::get<I>(columns).load(row) && ...)) {
            writer.putNull(row);
        } else if constexpr (Out == DataType::Dynamic) {
            if (fn(std::get<I>(columns).get()..., builder))
                writer.put(row, builder.take());
            else
                writer.putNull(row);
        } else {
            writer.put(row, fn(std::get<I>(columns).get()...));
        }
    }
    return writer.finish();
}

/// `fn(argument…)` gives the result or an optional of it; for a dynamic result `fn(argument…, DynamicBuilder&)` writes it, or
/// writes nothing and gives false for null.
template <DataType Out, typename... In, typename F> ScalarKernel geoKernel(F fn)
{
    return [fn](KernelContext& context, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        return geoRows<Out, In...>(arguments, rows, context.stop, fn, std::index_sequence_for<In...>{});
    };
}

inline const TypeSet kFlag{DataType::Bool, DataType::Long};

/// Registers a geospatial function of one signature.
inline void addGeo(FunctionRegistry& registry, std::string_view name, std::string_view help, std::string_view example, std::vector<Parameter> parameters, DataType out, ScalarKernel kernel)
{
    registry.add(ScalarFunction{.name = name, .category = "geospatial", .help = help, .example = example, .signatures = {signature(std::move(parameters), out, std::move(kernel))}});
}

} // namespace tocsin::kql::geo
