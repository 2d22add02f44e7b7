// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment/JsonTextEncoder.h"

#include "column/Dynamic.h"
#include "store/index/Terms.h"
#include "store/segment/JsonTextLayout.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace tocsin::store {
namespace {

constexpr std::size_t kFewestTexts = 64;  ///< below, members do not pay
constexpr std::size_t kSampled = 16;      ///< texts looked at first
constexpr std::uint32_t kNoShape = 0xFFFFFFFF;

bool isJson(std::string_view text) { return dynamicFromJson(text).has_value(); }

/// The values of one member, each kind of text once. A value that is no JSON on its own is refused.
class MemberValues {
public:
    explicit MemberValues(JsonPieces::Kind kind) : m_kind(kind) {}
    /// False if the value is not valid.
    bool stage(std::string_view value, std::uint32_t& code)
    {
        code = m_dictionary.code(value);
        if (code == m_valid.size())
            m_valid.push_back(isJson(m_kind == JsonPieces::Kind::String ? "\"" + std::string(value) + "\"" : std::string(value)));
        return m_valid[code];
    }
    void add(std::uint32_t code) { m_codes.push_back(code); }
    std::span<const std::string_view> texts() const { return m_dictionary.texts(); }
    std::uint32_t values() const { return static_cast<std::uint32_t>(m_codes.size()); }
    /// Values of texts that were kept whole after all drop out.
    void compact()
    {
        TextDictionary used;
        for (std::uint32_t& code : m_codes)
            code = used.code(m_dictionary.texts()[code]);
        m_dictionary = std::move(used);
    }
    Bytes chunk() const
    {
        Bytes bytes = beginChunk(Encoding::JsonMember, DataType::String, m_codes.size());
        ByteWriter out(bytes);
        out.put(static_cast<std::uint32_t>(m_dictionary.size()));
        writeCodes(out, m_codes, m_dictionary.size());
        writeTextList(out, m_dictionary.texts(), m_dictionary.textBytes());
        return bytes;
    }

private:
    JsonPieces::Kind m_kind;
    TextDictionary m_dictionary;
    std::vector<std::uint8_t> m_valid;
    std::vector<std::uint32_t> m_codes;
};

/// Takes the texts of a column apart, one after the other.
class Shredder {
public:
    /// Keeps the text whole if need be; what it views must outlive the shredder.
    void add(std::string_view text)
    {
        std::uint32_t shape = split(text);
        if (shape != kNoShape && !stage(m_layout.shapes[shape]))
            shape = kNoShape;
        m_layout.shapeOf.push_back(shape);
        if (shape == kNoShape) {
            m_layout.whole.texts.push_back(text);
            return;
        }
        const JsonTextLayout::Shape& known = m_layout.shapes[shape];
        for (std::size_t i = 0; i < known.members.size(); ++i)
            m_values[known.members[i]].add(m_staged[i]);
    }
    /// Of all texts. No term crosses the border of a value, so each value needs to be looked at once only.
    std::vector<std::uint64_t> terms() const
    {
        TermHashes terms;
        for (const std::string_view text : m_layout.whole.texts)
            terms.addText(text);
        for (const JsonTextLayout::Shape& shape : m_layout.shapes)
            terms.addText(shape.text);
        for (const MemberValues& values : m_values)
            for (const std::string_view text : values.texts())
                terms.addText(text);
        return terms.hashes();
    }
    std::size_t wholeTexts() const { return m_layout.whole.texts.size(); }

    void write(ByteWriter& out, std::vector<EncodedColumn::Part>& members)
    {
        std::replace(m_layout.shapeOf.begin(), m_layout.shapeOf.end(), kNoShape, static_cast<std::uint32_t>(m_layout.shapes.size()));
        for (std::size_t i = 0; i < m_values.size(); ++i) {
            m_layout.members[i].values = m_values[i].values();
            if (m_refused)
                m_values[i].compact();
            if (m_values[i].values() > 0)
                members.push_back({part::kJsonMembers + static_cast<unsigned>(i), m_values[i].chunk()});
        }
        writeJsonTextHead(out, m_layout);
    }

private:
    /// The number of the template, with the values; kNoShape if it is no JSON, or there are too many.
    std::uint32_t split(std::string_view text)
    {
        if (const auto known = m_templates.split(text, m_texts))
            return *known;
        if (!splitJson(text, m_pieces))
            return kNoShape;
        m_texts.clear();
        for (const JsonPieces::Member& member : m_pieces.members)
            m_texts.push_back(member.value);
        return shapeOf(m_pieces);
    }
    std::uint32_t shapeOf(const JsonPieces& pieces)
    {
        const auto known = m_shapes.find(pieces.shape);
        if (known != m_shapes.end())
            return known->second;
        if (m_layout.shapes.size() == kMostJsonShapes)
            return kNoShape;
        std::uint32_t number = kNoShape;
        JsonTextLayout::Shape shape{pieces.shape, {}};
        if (isValidTemplate(pieces) && addMembers(pieces, shape.members)) {
            number = static_cast<std::uint32_t>(m_layout.shapes.size());
            m_layout.shapes.push_back(std::move(shape));
            m_templates.add(pieces, number);
        }
        if (m_shapes.size() < 4 * kMostJsonShapes)
            m_shapes.emplace(pieces.shape, number);
        return number;
    }
    static bool isValidTemplate(const JsonPieces& pieces)
    {
        std::string text;
        std::size_t marks = 0;
        for (const char c : pieces.shape) {
            marks += c == kStringMark || c == kValueMark;
            if (c == kValueMark)
                text += '0';
            else if (c != kStringMark)
                text += c;
        }
        return marks == pieces.members.size() && isJson(text);
    }
    bool addMembers(const JsonPieces& pieces, std::vector<std::uint16_t>& numbers)
    {
        for (const JsonPieces::Member& member : pieces.members) {
            const auto key = std::pair(std::string(member.key), member.kind);
            const auto known = m_members.find(key);
            if (known != m_members.end()) {
                numbers.push_back(known->second);
                continue;
            }
            if (m_values.size() == kMostJsonMembers || member.key.size() > 0xFFFF)
                return false;
            numbers.push_back(static_cast<std::uint16_t>(m_values.size()));
            m_members.emplace(key, numbers.back());
            m_values.emplace_back(member.kind);
            m_layout.members.push_back({member.kind, 0, std::string(member.key)});
        }
        return true;
    }
    bool stage(const JsonTextLayout::Shape& shape)
    {
        m_staged.resize(shape.members.size());
        for (std::size_t i = 0; i < shape.members.size(); ++i)
            if (!m_values[shape.members[i]].stage(m_texts[i], m_staged[i])) {
                m_refused = true;
                return false;
            }
        return true;
    }

    JsonPieces m_pieces;
    JsonTemplates m_templates;
    std::vector<std::string_view> m_texts; ///< values of the text at hand
    JsonTextLayout m_layout;
    std::vector<MemberValues> m_values; ///< by member
    std::unordered_map<std::string, std::uint32_t> m_shapes;
    std::map<std::pair<std::string, JsonPieces::Kind>, std::uint16_t> m_members;
    std::vector<std::uint32_t> m_staged; ///< codes of the values of the text at hand
    bool m_refused = false;              ///< values were looked at that no text has
};

bool looksLikeJson(std::span<const std::string_view> texts)
{
    std::size_t objects = 0;
    for (std::size_t i = 0; i < kSampled; ++i)
        objects += texts[i * texts.size() / kSampled].starts_with('{');
    return objects * 2 > kSampled;
}

} // namespace

std::optional<std::vector<std::uint64_t>> encodeJsonTexts(const TextDictionary& dictionary, std::span<const std::uint32_t> codes, std::vector<EncodedColumn::Part>& parts)
{
    const auto texts = dictionary.texts();
    if (texts.size() < kFewestTexts || !looksLikeJson(texts))
        return std::nullopt;
    Shredder shredder;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        shredder.add(texts[i]);
        if (shredder.wholeTexts() * 2 > kFewestTexts + texts.size() / 4)
            return std::nullopt; // too many that are something else
    }
    Bytes chunk = beginChunk(Encoding::JsonText, DataType::String, codes.size());
    ByteWriter out(chunk);
    out.put(static_cast<std::uint32_t>(texts.size()));
    writeCodes(out, codes, texts.size());
    std::vector<EncodedColumn::Part> members;
    shredder.write(out, members);
    parts.push_back({part::kValues, std::move(chunk)});
    std::move(members.begin(), members.end(), std::back_inserter(parts));
    return shredder.terms();
}

} // namespace tocsin::store
