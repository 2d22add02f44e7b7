// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/GuidText.h"

#include "base/Guid.h"
#include "store/StoreErrors.h"
#include "store/index/ColumnFilters.h"
#include "store/segment/NullBits.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace tocsin::store {
namespace {

constexpr std::size_t kGuidText = 36;
constexpr std::size_t kSample = 512; ///< values looked at for repetition

/// Whether formatGuid() gives exactly this text back.
std::optional<Guid> readCanonical(std::string_view text)
{
    static constexpr std::array<std::int8_t, 256> kDigits = [] {
        std::array<std::int8_t, 256> digits{};
        digits.fill(-1);
        for (int c = '0'; c <= '9'; ++c)
            digits[static_cast<std::size_t>(c)] = static_cast<std::int8_t>(c - '0');
        for (int c = 'a'; c <= 'f'; ++c)
            digits[static_cast<std::size_t>(c)] = static_cast<std::int8_t>(c - 'a' + 10);
        return digits;
    }();
    if (text.size() != kGuidText || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        return {};
    Guid guid;
    int seen = 0; // negative as soon as one is no digit
    std::size_t at = 0;
    for (std::uint8_t& byte : guid.bytes) {
        at += text[at] == '-';
        const int high = kDigits[static_cast<unsigned char>(text[at])];
        const int low = kDigits[static_cast<unsigned char>(text[at + 1])];
        seen |= high | low;
        byte = static_cast<std::uint8_t>((high & 15) << 4 | (low & 15));
        at += 2;
    }
    return seen < 0 ? std::nullopt : std::optional(guid);
}

void printGuid(const Guid& guid, char* out)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    for (std::size_t i = 0; i < guid.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = kDigits[guid.bytes[i] >> 4];
        *out++ = kDigits[guid.bytes[i] & 15];
    }
}

bool repeats(std::span<const Guid> guids)
{
    const std::size_t count = std::min(guids.size(), kSample);
    std::unordered_set<std::string_view> seen;
    for (std::size_t i = 0; i < count; ++i)
        seen.insert({reinterpret_cast<const char*>(guids[i].bytes.data()), 16});
    return seen.size() * 2 < count || guids.size() < 64;
}

class GuidTextReader final : public ColumnReader {
public:
    GuidTextReader(Bytes chunk, StoredNulls empties, const std::byte* guids, std::size_t rows) : m_chunk(std::move(chunk)), m_empties(std::move(empties)), m_guids(guids), m_rows(rows) {}

    Result<Vector> read(std::size_t start, std::size_t count) const override
    {
        return textsOf(count, [start](std::size_t i) { return start + i; });
    }
    Result<Vector> readSome(std::size_t start, std::size_t, std::span<const std::uint32_t> rows) const override
    {
        return textsOf(rows.size(), [start, rows](std::size_t i) { return start + rows[i]; });
    }
    std::optional<std::vector<std::uint32_t>> rowsEqual(const std::vector<Value>& values) const override
    {
        std::vector<Guid> wanted;
        for (const Value& value : values) {
            if (value.type() != DataType::String || value.asText().empty())
                return {};
            if (const auto guid = readCanonical(value.asText()))
                wanted.push_back(*guid);
        }
        if (wanted.size() > 8)
            return {};
        std::vector<std::uint32_t> rows;
        for (std::uint32_t row = 0; row < m_rows; ++row)
            for (const Guid& guid : wanted)
                if (std::memcmp(m_guids + row * sizeof(Guid), guid.bytes.data(), sizeof(Guid)) == 0 && !m_empties.isNull(row)) {
                    rows.push_back(row);
                    break;
                }
        return rows;
    }
    std::size_t memoryBytes() const override { return m_chunk.size() + m_empties.memoryBytes(); }

private:
    /// `rowOf(i)`: the row of text i.
    template <typename RowOf> Vector textsOf(std::size_t count, const RowOf& rowOf) const
    {
        auto texts = makeBuffer<std::string_view>(count);
        auto heap = makeBuffer<char>(count * kGuidText);
        char* out = heap.get();
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t row = rowOf(i);
            if (m_empties.isNull(row)) {
                texts[i] = {};
                continue;
            }
            printGuid(at(row), out);
            texts[i] = {out, kGuidText};
            out += kGuidText;
        }
        return Vector::flat<std::string_view>(DataType::String, std::move(texts), count, {}, std::move(heap));
    }
    Guid at(std::size_t row) const
    {
        Guid guid;
        std::memcpy(guid.bytes.data(), m_guids + row * sizeof(Guid), sizeof(Guid));
        return guid;
    }

    Bytes m_chunk;
    StoredNulls m_empties;
    const std::byte* m_guids;
    std::size_t m_rows;
};

void setRange(Zone& zone, std::span<const Guid> guids, const NullBits& empties)
{
    std::vector<Guid> known;
    for (std::size_t i = 0; i < guids.size(); ++i)
        if (!empties.isNull(i))
            known.push_back(guids[i]);
    const auto [least, largest] = std::minmax_element(known.begin(), known.end());
    zone.min = Value::string(empties.count() > 0 ? std::string() : formatGuid(*least).substr(0, kZoneText));
    zone.max = Value::string(formatGuid(*largest).substr(0, kZoneText));
    zone.maxIsPrefix = true;
}

} // namespace

std::optional<EncodedColumn> encodeGuidTexts(std::span<const Vector> pieces)
{
    std::vector<Guid> guids;
    NullBits empties;
    for (const Vector& piece : pieces) {
        const VectorReader<std::string_view> reader(piece);
        for (std::size_t i = 0; i < piece.size(); ++i) {
            const std::string_view text = reader[i];
            const auto guid = text.empty() ? std::optional(guids.empty() ? Guid{} : guids.back()) : readCanonical(text);
            if (!guid)
                return {};
            guids.push_back(*guid);
            empties.append(text.empty());
        }
    }
    if (empties.count() * 2 > guids.size() || repeats(guids))
        return {};
    EncodedColumn result;
    result.zone.type = DataType::String;
    result.zone.stored = true;
    setRange(result.zone, guids, empties);
    Bytes chunk = beginChunk(Encoding::GuidText, DataType::String, guids.size());
    ByteWriter out(chunk);
    writeNullBits(out, empties);
    out.putArray<Guid>(guids);
    result.parts.push_back({part::kValues, std::move(chunk)});
    addGuidTextFilter(result, guids, empties.count() > 0);
    return result;
}

Result<std::shared_ptr<const ColumnReader>> openGuidTexts(Bytes chunk, const ChunkView& view)
{
    ByteReader in(view.payload);
    TOCSIN_TRY_ASSIGN(StoredNulls empties, StoredNulls::open(in, view.header.rows));
    const auto guids = in.getArray<Guid>(view.header.rows);
    if (!in.ok())
        return fail(kBadChunk, "its guids are cut short");
    return std::make_shared<GuidTextReader>(std::move(chunk), std::move(empties), guids.data(), view.header.rows);
}

} // namespace tocsin::store
