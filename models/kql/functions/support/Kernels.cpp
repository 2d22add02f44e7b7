// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/support/Kernels.h"

namespace tocsin::kql::kernels {

std::shared_ptr<const NullMask> unionOfNulls(const Vector& a, const Vector& b, std::size_t rows)
{
    const NullMask* left = a.isConstant() ? nullptr : a.nullMask();
    const NullMask* right = b.isConstant() ? nullptr : b.nullMask();
    if (!left && !right)
        return nullptr;
    if (!left || !right)
        return left ? a.sharedNullMask() : b.sharedNullMask();
    auto nulls = std::make_shared<NullMask>(rows);
    for (std::size_t i = 0; i < nulls->words().size(); ++i)
        nulls->words()[i] = left->words()[i] | right->words()[i];
    return nulls;
}

Result<std::vector<Vector>> asTexts(std::span<const Vector> arguments)
{
    std::vector<Vector> texts;
    texts.reserve(arguments.size());
    for (const Vector& argument : arguments) {
        TOCSIN_TRY_ASSIGN(Vector text, convertVector(argument, DataType::String));
        texts.push_back(std::move(text));
    }
    return texts;
}

ScalarKernel overTexts(ScalarKernel kernel)
{
    return [kernel = std::move(kernel)](KernelContext& context, std::span<const Vector> arguments, std::size_t rows) -> Result<Vector> {
        TOCSIN_TRY_ASSIGN(const std::vector<Vector> texts, asTexts(arguments));
        return kernel(context, texts, rows);
    };
}

std::int64_t constantLong(std::span<const Vector> arguments, std::size_t index, std::int64_t otherwise)
{
    if (index >= arguments.size() || arguments[index].size() == 0 || arguments[index].isNull(0))
        return otherwise;
    return VectorReader<std::int64_t>(arguments[index])[0];
}

std::string_view constantText(std::span<const Vector> arguments, std::size_t index, std::string_view otherwise)
{
    if (index >= arguments.size() || arguments[index].size() == 0)
        return otherwise;
    return VectorReader<std::string_view>(arguments[index])[0];
}

bool constantBool(std::span<const Vector> arguments, std::size_t index, bool otherwise)
{
    if (index >= arguments.size() || arguments[index].size() == 0 || arguments[index].isNull(0))
        return otherwise;
    return VectorReader<std::uint8_t>(arguments[index])[0] != 0;
}

void writeDynamic(DynamicBuilder& builder, const Vector& vector, std::size_t row)
{
    if (vector.isNull(row)) {
        builder.null();
        return;
    }
    switch (vector.type()) {
    case DataType::Bool: builder.boolean(VectorReader<std::uint8_t>(vector)[row] != 0); break;
    case DataType::Int: builder.number(VectorReader<std::int32_t>(vector)[row]); break;
    case DataType::Long: builder.number(VectorReader<std::int64_t>(vector)[row]); break;
    case DataType::Real: builder.real(VectorReader<double>(vector)[row]); break;
    case DataType::Decimal: builder.decimal(VectorReader<Decimal>(vector)[row]); break;
    case DataType::DateTime: builder.dateTime(VectorReader<Ticks>(vector)[row]); break;
    case DataType::TimeSpan: builder.timeSpan(VectorReader<Ticks>(vector)[row]); break;
    case DataType::Guid: builder.guid(VectorReader<Guid>(vector)[row]); break;
    case DataType::String: builder.string(VectorReader<std::string_view>(vector)[row]); break;
    case DataType::Dynamic: builder.view(DynamicView(VectorReader<std::string_view>(vector)[row])); break;
    }
}

} // namespace tocsin::kql::kernels
