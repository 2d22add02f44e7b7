// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/ColumnReader.h"

#include "store/StoreErrors.h"
#include "store/segment/FixedReader.h"
#include "store/segment/GuidText.h"
#include "store/segment/JsonTextReader.h"
#include "store/segment/MarkedTexts.h"
#include "store/segment/TextReader.h"

namespace tocsin::store {
namespace {

class AbsentReader final : public ColumnReader {
public:
    explicit AbsentReader(DataType type) : m_type(type) {}
    Result<Vector> read(std::size_t, std::size_t count) const override { return Vector::nulls(m_type, count); }
    Result<std::optional<catalog::ValueCounts>> valueCounts(std::size_t rows) const override
    {
        return catalog::ValueCounts{Vector::nulls(m_type, 1), Vector::constant(Value::int64(static_cast<std::int64_t>(rows)), 1)};
    }
    std::size_t memoryBytes() const override { return sizeof *this; }

private:
    DataType m_type;
};

MemberLoader memberLoader(std::int64_t segment, std::int64_t column, const PartLoader& load)
{
    return [segment, column, &load](std::size_t member) -> Result<MemberChunk> {
        const unsigned number = part::kJsonMembers + static_cast<unsigned>(member);
        MemberChunk chunk;
        TOCSIN_TRY_ASSIGN(chunk.bytes, load(number));
        TOCSIN_TRY_ASSIGN(chunk.view, openChunk(chunk.bytes, chunkId(segment, column, number)));
        return chunk;
    };
}

PartLoader blockLoader(std::int64_t segment, std::int64_t column, const PartLoader& load)
{
    return [segment, column, &load](unsigned block) -> Result<Bytes> {
        const unsigned number = part::kTextBlocks + block;
        TOCSIN_TRY_ASSIGN(Bytes bytes, load(number));
        TOCSIN_TRY(openChunk(bytes, chunkId(segment, column, number)));
        return bytes;
    };
}

} // namespace

std::shared_ptr<const ColumnReader> ColumnReader::absent(DataType type) { return std::make_shared<AbsentReader>(type); }

Result<std::shared_ptr<const ColumnReader>> ColumnReader::open(std::int64_t segment, std::int64_t column, DataType type, std::size_t rows, const PartLoader& load,
    const std::shared_ptr<TextDomain>& domain)
{
    TOCSIN_TRY_ASSIGN(Bytes chunk, load(part::kValues));
    TOCSIN_TRY_ASSIGN(const ChunkView view, openChunk(chunk, chunkId(segment, column, part::kValues)));
    if (view.header.rows != rows || view.header.type != static_cast<std::uint8_t>(type))
        return fail(kBadChunk, "it does not belong to this segment");
    if (view.header.encoding == Encoding::GuidText && type == DataType::String)
        return openGuidTexts(std::move(chunk), view);
    if (view.header.encoding == Encoding::JsonText && type == DataType::String)
        return openJsonTexts(std::move(chunk), view, memberLoader(segment, column, load), domain);
    if (view.header.encoding != Encoding::Text)
        return openFixedColumn(std::move(chunk), view, type);
    if (!isTextual(type))
        return fail(kBadChunk, "its encoding does not suit its type");
    const PartLoader loadBlock = blockLoader(segment, column, load);
    return openTextColumn(std::move(chunk), view, type, loadBlock, domain);
}

Result<std::shared_ptr<const ColumnReader>> ColumnReader::openMember(std::int64_t segment, std::int64_t column, std::string_view key, std::size_t rows, const PartLoader& load)
{
    TOCSIN_TRY_ASSIGN(const Bytes chunk, load(part::kValues));
    TOCSIN_TRY_ASSIGN(const ChunkView view, openChunk(chunk, chunkId(segment, column, part::kValues)));
    if (view.header.encoding == Encoding::JsonText && view.header.rows == rows)
        return openJsonMember(view, key, memberLoader(segment, column, load));
    TOCSIN_TRY_ASSIGN(const auto texts, open(segment, column, DataType::String, rows, load));
    return parseJsonMember(*texts, rows, key);
}

Result<std::shared_ptr<const ColumnReader>> ColumnReader::openMarked(std::int64_t segment, std::int64_t column, std::size_t rows, const PartLoader& load, const TextMarker& mark,
    std::span<const std::uint8_t> blocks)
{
    TOCSIN_TRY_ASSIGN(Bytes chunk, load(part::kValues));
    TOCSIN_TRY_ASSIGN(const ChunkView view, openChunk(chunk, chunkId(segment, column, part::kValues)));
    if (view.header.encoding != Encoding::Text || view.header.rows != rows || view.header.type != static_cast<std::uint8_t>(DataType::String))
        return nullptr;
    return openMarkedTexts(std::move(chunk), view, blockLoader(segment, column, load), mark, blocks);
}

} // namespace tocsin::store
