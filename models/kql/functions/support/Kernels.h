// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "column/Dynamic.h"
#include "kql/functions/Declaration.h"

#include <optional>
#include <string>
#include <tuple>
#include <type_traits>

/// Makes kernels out of functions of one row. A null in any argument gives null; the row function may give null itself.
namespace tocsin::kql::kernels {

template <DataType T> inline constexpr bool kIsText = T == DataType::String || T == DataType::Dynamic;

template <typename T> struct IsOptional : std::false_type {};
template <typename T> struct IsOptional<std::optional<T>> : std::true_type {};

/// Collects the results of a kernel row by row, in order of the rows.
template <DataType Out>
class ResultWriter {
public:
    explicit ResultWriter(std::size_t rows) : m_rows(rows), m_values(makeBuffer<Physical<Out>>(rows)) {}

    template <typename T> void put(std::size_t row, const T& value)
    {
        if constexpr (IsOptional<T>::value) {
            if (value)
                put(row, *value);
            else
                putNull(row);
        } else if constexpr (kIsText<Out>) {
            m_values[row] = heap().add(value);
        } else {
            m_values[row] = static_cast<Physical<Out>>(value);
        }
    }
    /// Text that the owners given to keep() hold.
    void putView(std::size_t row, std::string_view text) { m_values[row] = text; }
    void putNull(std::size_t row)
    {
        m_values[row] = Physical<Out>{};
        if constexpr (Out != DataType::String) {
            if (!m_nulls)
                m_nulls = std::make_shared<NullMask>(m_rows);
            m_nulls->setNull(row);
        }
    }
    void keep(const std::shared_ptr<const void>& owner) { if (owner) heap().keep(owner); }
    Vector finish() { return Vector::flat<Physical<Out>>(Out, std::move(m_values), m_rows, std::move(m_nulls), std::move(m_heap)); }

private:
    StringHeap& heap()
    {
        if (!m_heap)
            m_heap = std::make_shared<StringHeap>();
        return *m_heap;
    }
    std::size_t m_rows;
    std::shared_ptr<Physical<Out>[]> m_values;
    std::shared_ptr<NullMask> m_nulls;
    std::shared_ptr<StringHeap> m_heap;
};

/// What keeps the text of a vector of any kind alive.
inline std::shared_ptr<const void> ownerOf(const Vector& vector)
{
    return vector.isDictionary() ? std::shared_ptr<const void>(vector.sharedDictionary()) : vector.owner();
}

template <DataType... In, typename Body, std::size_t... I>
void readRows(std::span<const Vector> arguments, std::size_t rows, Body&& body, std::index_sequence<I...>)
{
    const std::tuple<VectorReader<Physical<In>>...> readers{VectorReader<Physical<In>>(arguments[I])...};
    const bool anyNulls = (std::get<I>(readers).hasNulls() || ...);
    if (!anyNulls) {
        for (std::size_t row = 0; row < rows; ++row)
            body(row, false, std::get<I>(readers)[row]...);
        return;
    }
    for (std::size_t row = 0; row < rows; ++row)
        body(row, (std::get<I>(readers).isNull(row) || ...), std::get<I>(readers)[row]...);
}

/// `body(row, anyNull, value…)` for each row.
template <DataType... In, typename Body>
void forRows(std::span<const Vector> arguments, std::size_t rows, Body&& body)
{
    readRows<In...>(arguments, rows, std::forward<Body>(body), std::index_sequence_for<std::integral_constant<DataType, In>...>{});
}

/// `fn(value…)` gives the result, or an optional of it; text is copied.
template <DataType Out, DataType... In, typename F>
ScalarKernel map(F fn)
{
    return [fn](KernelContext&, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        ResultWriter<Out> writer(rows);
        forRows<In...>(arguments, rows, [&](std::size_t row, bool null, const auto&... values) {
            if (null)
                writer.putNull(row);
            else
                writer.put(row, fn(values...));
        });
        return writer.finish();
    };
}

/// `fn(value…, std::string& out)` appends the text; if it returns bool, false means null.
template <DataType Out, DataType... In, typename F>
ScalarKernel mapText(F fn)
{
    return [fn](KernelContext&, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        ResultWriter<Out> writer(rows);
        std::string scratch;
        forRows<In...>(arguments, rows, [&](std::size_t row, bool null, const auto&... values) {
            if (null) {
                writer.putNull(row);
                return;
            }
            scratch.clear();
            bool valid = true;
            if constexpr (std::is_same_v<decltype(fn(values..., scratch)), bool>)
                valid = fn(values..., scratch);
            else
                fn(values..., scratch);
            if (valid)
                writer.put(row, std::string_view(scratch));
            else
                writer.putNull(row);
        });
        return writer.finish();
    };
}

/// `fn(value…, DynamicBuilder&)` writes one dynamic value; if it returns bool, false means null (and nothing was written).
template <DataType... In, typename F>
ScalarKernel mapDynamic(F fn)
{
    return [fn](KernelContext&, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        ResultWriter<DataType::Dynamic> writer(rows);
        DynamicBuilder builder;
        forRows<In...>(arguments, rows, [&](std::size_t row, bool null, const auto&... values) {
            bool valid = !null;
            if (!null) {
                if constexpr (std::is_same_v<decltype(fn(values..., builder)), bool>)
                    valid = fn(values..., builder);
                else
                    fn(values..., builder);
            }
            if (valid)
                writer.put(row, builder.take());
            else
                writer.putNull(row);
        });
        return writer.finish();
    };
}

/// `fn(value…)` gives a piece (or an optional one) of the first argument's text, which is shared and not copied.
template <DataType Out, DataType First, DataType... In, typename F>
ScalarKernel mapView(F fn)
{
    return [fn](KernelContext&, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        ResultWriter<Out> writer(rows);
        writer.keep(ownerOf(arguments[0]));
        forRows<First, In...>(arguments, rows, [&](std::size_t row, bool null, const auto&... values) {
            if (null) {
                writer.putNull(row);
                return;
            }
            const std::optional<std::string_view> piece = fn(values...);
            if (piece)
                writer.putView(row, *piece);
            else
                writer.putNull(row);
        });
        return writer.finish();
    };
}

/// The union of the null masks of two vectors that are flat or constant; nothing if there is no null.
std::shared_ptr<const NullMask> unionOfNulls(const Vector& a, const Vector& b, std::size_t rows);

template <DataType Out, typename A, typename B, typename F>
Vector denseBinary(const Vector& a, const Vector& b, std::size_t rows, F fn)
{
    using R = Physical<Out>;
    auto out = makeBuffer<R>(rows);
    const A* x = static_cast<const A*>(a.data());
    const B* y = static_cast<const B*>(b.data());
    R* to = out.get();
    if (b.isConstant()) {
        const B right = *y;
        for (std::size_t i = 0; i < rows; ++i)
            to[i] = static_cast<R>(fn(x[i], right));
    } else if (a.isConstant()) {
        const A left = *x;
        for (std::size_t i = 0; i < rows; ++i)
            to[i] = static_cast<R>(fn(left, y[i]));
    } else {
        for (std::size_t i = 0; i < rows; ++i)
            to[i] = static_cast<R>(fn(x[i], y[i]));
    }
    return Vector::flat<R>(Out, std::move(out), rows, unionOfNulls(a, b, rows));
}

/// A total function of two fixed-size values, computed also for the rows that are null: plain loops the compiler vectorises.
template <DataType Out, DataType A, DataType B, typename F>
ScalarKernel dense(F fn)
{
    static_assert(!kIsText<A> && !kIsText<B> && !kIsText<Out>);
    return [fn](KernelContext&, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        const Vector a = arguments[0].isDictionary() ? arguments[0].flatten() : arguments[0];
        const Vector b = arguments[1].isDictionary() ? arguments[1].flatten() : arguments[1];
        if ((a.isConstant() && a.isNull(0)) || (b.isConstant() && b.isNull(0)))
            return Vector::nulls(Out, rows);
        if (a.isConstant() && b.isConstant()) {
            const Physical<Out> value = static_cast<Physical<Out>>(fn(*static_cast<const Physical<A>*>(a.data()), *static_cast<const Physical<B>*>(b.data())));
            return Vector::constant(Value::of<Out>(value), rows);
        }
        return denseBinary<Out, Physical<A>, Physical<B>>(a, b, rows, fn);
    };
}

/// The kernel's memory as a T, made on first use.
template <typename T>
T& stateOf(KernelContext& context)
{
    if (!context.state)
        context.state = std::make_shared<T>();
    return *static_cast<T*>(context.state.get());
}

/// The arguments as text (tostring), for functions that take values of any type as text. Null becomes "".
Result<std::vector<Vector>> asTexts(std::span<const Vector> arguments);

/// A kernel over texts for arguments of any type: they are converted first.
ScalarKernel overTexts(ScalarKernel kernel);

/// The value of a long argument for all rows, or the default if it is absent or null. For arguments declared constant.
std::int64_t constantLong(std::span<const Vector> arguments, std::size_t index, std::int64_t otherwise);
std::string_view constantText(std::span<const Vector> arguments, std::size_t index, std::string_view otherwise = {});
bool constantBool(std::span<const Vector> arguments, std::size_t index, bool otherwise);

/// Writes one row of a vector of any type as a dynamic value; a null as JSON null.
void writeDynamic(DynamicBuilder& builder, const Vector& vector, std::size_t row);

} // namespace tocsin::kql::kernels
