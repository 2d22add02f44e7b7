// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/JsonTextReader.h"

#include "column/Dynamic.h"
#include "store/StoreErrors.h"
#include "store/segment/TextReader.h"

#include <algorithm>

namespace tocsin::store {
namespace {

constexpr std::size_t kJoinedBytes = 256 * 1'024; ///< texts put together in one piece of memory

/// The values of a member, one an occurrence.
struct MemberValues {
    TextList texts;
    std::vector<std::uint32_t> codes;
    std::size_t next = 0; ///< while the texts are walked
};

Result<MemberValues> readValues(const MemberChunk& chunk, const JsonTextLayout::Member& member)
{
    if (chunk.view.header.encoding != Encoding::JsonMember || chunk.view.header.rows != member.values)
        return fail(kBadChunk, "a member does not belong to this column");
    ByteReader in(chunk.view.payload);
    const std::size_t distinct = in.get<std::uint32_t>();
    PackedCodes codes;
    if (distinct == 0 || !readCodes(in, member.values, distinct, codes))
        return fail(kBadChunk, "the codes of a member are not valid");
    MemberValues values;
    values.codes.resize(member.values);
    if (!unpackCodes(codes, 0, values.codes, distinct))
        return fail(kBadChunk, "a code of a member is out of range");
    TOCSIN_TRY_ASSIGN(values.texts, readTextList(in, distinct, [](unsigned) -> Result<Bytes> { return fail(kBadChunk, "its texts stand elsewhere"); }));
    return values;
}

Result<std::vector<MemberValues>> readAllValues(const JsonTextLayout& layout, const MemberLoader& load)
{
    std::vector<MemberValues> all(layout.members.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (layout.members[i].values == 0)
            continue;
        TOCSIN_TRY_ASSIGN(const MemberChunk chunk, load(i));
        TOCSIN_TRY_ASSIGN(all[i], readValues(chunk, layout.members[i]));
    }
    return all;
}

/// Writes the texts one behind the other.
class Joiner {
public:
    explicit Joiner(TextList& out) : m_out(out) {}
    void add(const JsonTextLayout::Shape& shape, std::vector<MemberValues>& values)
    {
        m_parts.clear();
        std::size_t bytes = shape.text.size() - shape.members.size();
        for (const std::uint16_t member : shape.members) {
            MemberValues& of = values[member];
            m_parts.push_back(of.texts.texts[of.codes[of.next++]]);
            bytes += m_parts.back().size();
        }
        char* to = room(bytes);
        m_out.texts.emplace_back(to, bytes);
        auto part = m_parts.begin();
        for (const char c : shape.text) {
            if (c != kStringMark && c != kValueMark) {
                *to++ = c;
                continue;
            }
            to = std::copy(part->begin(), part->end(), to);
            ++part;
        }
    }

private:
    char* room(std::size_t bytes)
    {
        if (bytes > m_left) {
            m_left = std::max(bytes, kJoinedBytes);
            auto block = std::make_shared_for_overwrite<char[]>(m_left);
            m_at = block.get();
            m_out.owners.push_back(std::move(block));
        }
        m_left -= bytes;
        return std::exchange(m_at, m_at + bytes);
    }
    TextList& m_out;
    std::vector<std::string_view> m_parts;
    char* m_at = nullptr;
    std::size_t m_left = 0;
};

/// A dynamic value a row.
class MemberReader final : public ColumnReader {
public:
    MemberReader(Vector dictionary, std::vector<std::uint32_t> codes) : m_dictionary(std::make_shared<const Vector>(std::move(dictionary))), m_codes(std::move(codes)) {}
    Result<Vector> read(std::size_t start, std::size_t count) const override
    {
        if (m_dictionary->size() == 1)
            return Vector::constant(m_dictionary->valueAt(0), count);
        auto codes = makeBuffer<std::uint32_t>(count);
        std::copy_n(m_codes.begin() + static_cast<std::ptrdiff_t>(start), count, codes.get());
        return Vector::dictionary(m_dictionary, std::move(codes), count);
    }
    std::size_t memoryBytes() const override { return m_codes.capacity() * sizeof(std::uint32_t) + m_dictionary->memoryBytes(); }

private:
    std::shared_ptr<const Vector> m_dictionary;
    std::vector<std::uint32_t> m_codes; ///< by row
};

/// Collects the distinct values of a member; the first is null.
class MemberBuilder {
public:
    MemberBuilder() { m_values.appendNull(); }
    static constexpr std::uint32_t kNull = 0;
    /// Adds the values, of which code i is then the result + i.
    std::uint32_t add(const TextList& texts, JsonPieces::Kind kind)
    {
        const auto first = static_cast<std::uint32_t>(m_values.size());
        std::string quoted;
        for (const std::string_view text : texts.texts) {
            if (kind == JsonPieces::Kind::String)
                quoted.assign(1, '"').append(text).append(1, '"');
            put(dynamicFromJson(kind == JsonPieces::Kind::String ? std::string_view(quoted) : text));
        }
        return first;
    }
    /// What the parsed text has at the key.
    std::uint32_t addMemberOf(std::string_view text, std::string_view key)
    {
        const std::string parsed = parseJsonLenient(text);
        const DynamicView member = DynamicView(parsed).member(key);
        if (member.isNull())
            return kNull;
        const auto code = static_cast<std::uint32_t>(m_values.size());
        m_values.append(member.bytes());
        return code;
    }
    Vector finish() { return m_values.finish(); }

private:
    /// JSON's null is null; so is what was no JSON, which a damaged file alone can hold.
    void put(const std::optional<std::string>& bytes)
    {
        if (!bytes || DynamicView(*bytes).isNull())
            m_values.appendNull();
        else
            m_values.append(*bytes);
    }
    TypedBuilder<DataType::Dynamic> m_values;
};

} // namespace

Result<std::shared_ptr<const ColumnReader>> openJsonTexts(Bytes chunk, const ChunkView& view, const MemberLoader& load, const std::shared_ptr<TextDomain>& domain)
{
    TOCSIN_TRY_ASSIGN(const JsonTextLayout layout, readJsonText(view.payload, view.header.rows));
    TOCSIN_TRY_ASSIGN(std::vector<MemberValues> values, readAllValues(layout, load));
    TextList texts;
    texts.owners = layout.whole.owners;
    texts.texts.reserve(layout.distinct);
    Joiner joiner(texts);
    auto whole = layout.whole.texts.begin();
    for (const std::uint32_t shape : layout.shapeOf) {
        if (shape == layout.shapes.size())
            texts.texts.push_back(*whole++);
        else
            joiner.add(layout.shapes[shape], values);
    }
    return makeTextReader(std::move(chunk), layout.codes, std::move(texts), DataType::String, domain);
}

Result<std::shared_ptr<const ColumnReader>> openJsonMember(const ChunkView& view, std::string_view key, const MemberLoader& load)
{
    const std::size_t rows = view.header.rows;
    TOCSIN_TRY_ASSIGN(const JsonTextLayout layout, readJsonText(view.payload, rows));
    MemberBuilder builder;
    std::vector<std::optional<MemberValues>> values(layout.members.size()); // of the key
    std::vector<std::uint32_t> firstCodes(layout.members.size());
    for (std::size_t m = 0; m < values.size(); ++m) {
        if (layout.members[m].key != key || layout.members[m].values == 0)
            continue;
        TOCSIN_TRY_ASSIGN(const MemberChunk chunk, load(m));
        TOCSIN_TRY_ASSIGN(values[m], readValues(chunk, layout.members[m]));
        firstCodes[m] = builder.add(values[m]->texts, layout.members[m].kind);
    }
    std::vector<std::optional<std::uint16_t>> memberOf(layout.shapes.size() + 1); // of each shape
    for (std::size_t s = 0; s < layout.shapes.size(); ++s)
        for (const std::uint16_t member : layout.shapes[s].members)
            if (values[member])
                memberOf[s] = member;
    std::vector<std::uint32_t> codeOf(layout.distinct, MemberBuilder::kNull);
    auto whole = layout.whole.texts.begin();
    for (std::size_t i = 0; i < layout.distinct; ++i) {
        const std::uint32_t shape = layout.shapeOf[i];
        if (shape == layout.shapes.size()) {
            codeOf[i] = builder.addMemberOf(*whole++, key);
        } else if (const auto member = memberOf[shape]) {
            MemberValues& of = *values[*member];
            codeOf[i] = firstCodes[*member] + of.codes[of.next++];
        }
    }
    std::vector<std::uint32_t> codes(rows);
    if (!unpackCodes(layout.codes, 0, codes, layout.distinct))
        return fail(kBadChunk, "a code is out of range");
    for (std::uint32_t& code : codes)
        code = codeOf[code];
    return std::make_shared<MemberReader>(builder.finish(), std::move(codes));
}

Result<std::shared_ptr<const ColumnReader>> parseJsonMember(const ColumnReader& texts, std::size_t rows, std::string_view key)
{
    MemberBuilder builder;
    std::vector<std::uint32_t> codes;
    codes.reserve(rows);
    std::shared_ptr<const Vector> dictionary;
    constexpr std::uint32_t kUnknown = 0xFFFFFFFF;
    std::vector<std::uint32_t> codeOf;
    for (std::size_t start = 0; start < rows; start += kSegmentRows) {
        const std::size_t count = std::min(kSegmentRows, rows - start);
        TOCSIN_TRY_ASSIGN(const Vector column, texts.read(start, count));
        if (!column.isDictionary()) {
            const VectorReader<std::string_view> reader(column);
            for (std::size_t i = 0; i < count; ++i)
                codes.push_back(i > 0 && column.isConstant() ? codes.back() : builder.addMemberOf(reader[i], key));
            continue;
        }
        if (dictionary != column.sharedDictionary()) {
            dictionary = column.sharedDictionary();
            codeOf.assign(dictionary->size(), kUnknown);
        }
        for (const std::uint32_t code : column.codes()) {
            if (codeOf[code] == kUnknown)
                codeOf[code] = builder.addMemberOf(dictionary->values<std::string_view>()[code], key);
            codes.push_back(codeOf[code]);
        }
    }
    return std::make_shared<MemberReader>(builder.finish(), std::move(codes));
}

} // namespace tocsin::store
