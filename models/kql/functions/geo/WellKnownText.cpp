// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/functions/geo/WellKnownText.h"

#include "base/Utf8.h"
#include "kql/functions/geo/GeoJson.h"

#include <charconv>
#include <string>

namespace tocsin::kql::geo {
namespace {

constexpr int kMaxNesting = 32;

class Reader {
public:
    explicit Reader(std::string_view text) : m_text(text) {}

    bool shape(DynamicBuilder& out, int nesting = 0)
    {
        const std::string type = word();
        for (const Kind& kind : kKinds)
            if (type == kind.text) {
                out.beginObject();
                out.key("type");
                out.string(kind.json);
                out.key("coordinates");
                const bool read = list(out, kind.depth, kind.depth == 1 && kind.text == std::string_view("MULTIPOINT"));
                out.endObject();
                return read;
            }
        return type == "GEOMETRYCOLLECTION" && nesting < kMaxNesting && collection(out, nesting);
    }
    bool atEnd()
    {
        skip();
        return m_at == m_text.size();
    }

private:
    struct Kind {
        std::string_view text;
        std::string_view json;
        int depth; ///< of arrays around a coordinate
    };
    static constexpr Kind kKinds[] = {{"POINT", "Point", 0}, {"LINESTRING", "LineString", 1}, {"POLYGON", "Polygon", 2}, {"MULTIPOINT", "MultiPoint", 1}, {"MULTILINESTRING", "MultiLineString", 2}, {"MULTIPOLYGON", "MultiPolygon", 3}};

    void skip()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t' || m_text[m_at] == '\n' || m_text[m_at] == '\r'))
            ++m_at;
    }
    bool take(char wanted)
    {
        skip();
        if (m_at == m_text.size() || m_text[m_at] != wanted)
            return false;
        ++m_at;
        return true;
    }
    std::string word()
    {
        skip();
        const std::size_t start = m_at;
        const auto isLetter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
        while (m_at < m_text.size() && isLetter(m_text[m_at]))
            ++m_at;
        std::string upper(m_text.substr(start, m_at - start));
        for (char& c : upper)
            if (c >= 'a')
                c = static_cast<char>(c - 'a' + 'A');
        return upper;
    }
    std::optional<double> number()
    {
        skip();
        if (m_at < m_text.size() && m_text[m_at] == '+')
            ++m_at;
        double value = 0;
        const auto read = std::from_chars(m_text.data() + m_at, m_text.data() + m_text.size(), value);
        if (read.ec != std::errc())
            return std::nullopt;
        m_at = static_cast<std::size_t>(read.ptr - m_text.data());
        return value;
    }
    bool coordinate(DynamicBuilder& out)
    {
        const auto longitude = number();
        const auto latitude = longitude ? number() : std::nullopt;
        const auto at = latitude ? checked(*longitude, *latitude) : std::nullopt;
        if (at)
            writeCoordinate(out, *at);
        return at.has_value();
    }
    /// `( … )`: for depth 0 one coordinate, else a comma between what is one level deeper. The brackets around the single
    /// coordinates of a MULTIPOINT may be left out.
    bool list(DynamicBuilder& out, int depth, bool bracketsOptional)
    {
        if (!take('('))
            return false;
        if (depth == 0)
            return coordinate(out) && take(')');
        out.beginArray();
        bool valid = true;
        do {
            if (depth > 1)
                valid = list(out, depth - 1, false);
            else if (bracketsOptional && take('('))
                valid = coordinate(out) && take(')');
            else
                valid = coordinate(out);
        } while (valid && take(','));
        out.endArray();
        return valid && take(')');
    }
    bool collection(DynamicBuilder& out, int nesting)
    {
        if (!take('('))
            return false;
        out.beginObject();
        out.key("type");
        out.string("GeometryCollection");
        out.key("geometries");
        out.beginArray();
        bool valid = true;
        do
            valid = shape(out, nesting + 1);
        while (valid && take(','));
        out.endArray();
        out.endObject();
        return valid && take(')');
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

} // namespace

bool writeWellKnownText(std::string_view text, DynamicBuilder& out)
{
    // What was begun before an error must not reach the caller's builder.
    DynamicBuilder scratch;
    Reader reader(text);
    if (!reader.shape(scratch) || !reader.atEnd())
        return false;
    const std::string bytes = scratch.take();
    out.view(DynamicView(bytes));
    return true;
}

} // namespace tocsin::kql::geo
