// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/ColumnReader.h"

#include "store/StoreErrors.h"
#include "store/segment/FixedReader.h"
#include "store/segment/GuidText.h"
#include "store/segment/TextReader.h"

namespace tocsin::store {
namespace {

class AbsentReader final : public ColumnReader {
public:
    explicit AbsentReader(DataType type) : m_type(type) {}
    Result<Vector> read(std::size_t, std::size_t count) const override { return Vector::nulls(m_type, count); }
    std::size_t memoryBytes() const override { return sizeof *this; }

private:
    DataType m_type;
};

} // namespace

std::shared_ptr<const ColumnReader> ColumnReader::absent(DataType type) { return std::make_shared<AbsentReader>(type); }

Result<std::shared_ptr<const ColumnReader>> ColumnReader::open(std::int64_t segment, std::int64_t column, DataType type, std::size_t rows, const PartLoader& load)
{
    TOCSIN_TRY_ASSIGN(Bytes chunk, load(part::kValues));
    TOCSIN_TRY_ASSIGN(const ChunkView view, openChunk(chunk, chunkId(segment, column, part::kValues)));
    if (view.header.rows != rows || view.header.type != static_cast<std::uint8_t>(type))
        return fail(kBadChunk, "it does not belong to this segment");
    if (view.header.encoding == Encoding::GuidText && type == DataType::String)
        return openGuidTexts(std::move(chunk), view);
    if (view.header.encoding != Encoding::Text)
        return openFixedColumn(std::move(chunk), view, type);
    if (!isTextual(type))
        return fail(kBadChunk, "its encoding does not suit its type");
    const auto loadBlock = [&](unsigned block) -> Result<Bytes> {
        const unsigned number = part::kTextBlocks + block;
        TOCSIN_TRY_ASSIGN(Bytes bytes, load(number));
        TOCSIN_TRY(openChunk(bytes, chunkId(segment, column, number)));
        return bytes;
    };
    return openTextColumn(std::move(chunk), view, type, loadBlock);
}

} // namespace tocsin::store
