// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::store {

/// A JSON object taken apart: its text without the values, and these. Put together again it is the same text, byte by byte.
struct JsonPieces {
    /// How a value stands in the text.
    enum class Kind : std::uint8_t {
        String, ///< what is between the quotation marks, which belong to the template
        Other,  ///< a number, a literal, an array or an object, as written
    };
    struct Member {
        std::string_view key;
        std::string_view value;
        Kind kind = Kind::Other;
    };
    std::string shape; ///< the template: a mark stands for each value
    std::vector<Member> members;
};

/// The marks; no JSON text has such characters.
inline constexpr char kStringMark = '\x01';
inline constexpr char kValueMark = '\x02';

/// Takes the text apart, where it looks like one object with few, different keys. False for others. Does not check what stands between the
/// marks: it is JSON if the template with values for its marks is, and each value on its own is.
bool splitJson(std::string_view text, JsonPieces& pieces);

/// Known templates, for taking further texts of them apart without spelling them out.
class JsonTemplates {
public:
    /// Adds what splitJson() made of a text. A template that resembles too many others is left out.
    void add(const JsonPieces& pieces, std::uint32_t number);
    /// The number of the template of the text, with its values as splitJson() finds them; none if it has none of those added.
    std::optional<std::uint32_t> split(std::string_view text, std::vector<std::string_view>& values) const;

private:
    /// What stands in front of a value, or behind the last.
    struct Step {
        std::string text;
        JsonPieces::Kind kind = JsonPieces::Kind::Other; ///< of the value
        bool isLast = false;
        std::uint32_t next = 0; ///< where to go on; of the last the number of the template
    };
    std::vector<std::vector<Step>> m_steps{1}; ///< what may follow, by place; the first is the start
};

} // namespace tocsin::store
