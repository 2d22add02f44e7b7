// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Error.h"
#include "column/Value.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The syntax tree of a text. Nodes are owned by their SyntaxTree and point to one another freely; pointers named `…` of a list are never
/// null, others say so. Spans are bytes of the text and leave out the white space around.
namespace tocsin::kql {

struct SyntaxNode {
    SourceSpan span;
    virtual ~SyntaxNode() = default;
};

/// A name as written, decoded.
struct NameSyntax {
    std::string text;
    SourceSpan span;
    bool bracketed = false; ///< `['…']`
    bool wildcard = false;  ///< holds `*`
    bool missing() const { return text.empty() && !bracketed; }
};

struct PipelineSyntax;
struct ExpressionSyntax;
struct StatementSyntax;

/// `name:type`, in schemas and parameter lists.
struct ColumnDeclaration {
    NameSyntax name;
    DataType type = DataType::String;
    SourceSpan span;
};

/// `kind=inner`, `hint.strategy=shuffle`, `isfuzzy=true` …
struct ParameterSyntax {
    NameSyntax name;                          ///< with its dots
    const ExpressionSyntax* value = nullptr;  ///< a literal, or a Name for a bare word
    SourceSpan span;
};

struct ExpressionSyntax : SyntaxNode {
    enum class Kind {
        Missing,
        Literal,     ///< `value`
        Name,        ///< `name` (may be a wildcard)
        Star,        ///< `*`
        Call,        ///< arguments[0] is what is called (a Name or Member); the arguments follow
        Member,      ///< arguments[0] `.` name
        Index,       ///< arguments[0] `[` arguments[1] `]`
        Unary,       ///< `op` (`-` or `+`) arguments[0]
        Binary,      ///< arguments[0] `op` arguments[1]
        Between,     ///< arguments[0] `op` (arguments[1] .. arguments[2])
        InList,      ///< arguments[0] `op` (arguments[1], …), for in, has_any, has_all
        Parenthesis, ///< ( arguments[0] )
        Assign,      ///< names = arguments[0]; several names in parentheses
        Pipeline,    ///< `pipeline`
        TypeOf,      ///< typeof(`columns`): one without a name for a scalar type
        DataTable,   ///< datatable(`columns`)[ arguments ]
        ExternalData,///< externaldata(`columns`)[ arguments ] with (`parameters`); also inline_external_table, which `op` says then
        Function,    ///< `view`? (functionParameters) { statements }
        SchemaCast,  ///< arguments[0] : (columns), of evaluate; `star` when the schema begins with *
    };
    Kind kind = Kind::Missing;
    Value value = Value::null(DataType::String);
    bool invalid = false;            ///< Literal: well-formed, but the text inside is no value of the type; for the binder to report
    NameSyntax name;                 ///< Name, Member
    std::string op;                  ///< Unary, Binary, Between, InList, as written
    SourceSpan opSpan;
    std::vector<const ExpressionSyntax*> arguments;
    std::vector<NameSyntax> names;   ///< Assign
    bool tuple = false;              ///< Assign: names stand in parentheses
    std::vector<ColumnDeclaration> columns;
    bool star = false;
    std::vector<ParameterSyntax> parameters;
    const PipelineSyntax* pipeline = nullptr;

    struct FunctionParameter {
        NameSyntax name;
        std::optional<DataType> type;            ///< absent: tabular
        std::vector<ColumnDeclaration> columns;  ///< of a tabular one
        bool openColumns = false;                ///< `(*)` or `(a:int, *)`
        const ExpressionSyntax* defaultValue = nullptr; ///< may be null
        SourceSpan span;
    };
    std::vector<FunctionParameter> functionParameters;
    std::vector<const StatementSyntax*> statements; ///< Function: the body; the last is a query statement
    bool view = false;
};

struct OperatorSyntax;

/// `source | operator | operator …`. A prefix operator (print, range, union, search, find …) as source is operators[0] with `source` null; so is
/// a pipeline that goes on from an outer one (`| partition by x (where …)`).
struct PipelineSyntax : SyntaxNode {
    const ExpressionSyntax* source = nullptr; ///< may be null
    std::vector<const OperatorSyntax*> operators;
};

/// A management command: `.verb parts… | operators` or `.verb parts… <| query`.
struct CommandSyntax : SyntaxNode {
    struct Part {
        enum class Kind {
            Word,       ///< `name`: a keyword of the command or a name
            Value,      ///< `value`: a literal
            Symbol,     ///< `name`: a comma, an equal sign …
            List,       ///< ( parts )
            Body,       ///< { parts }: the text of a function, which the command keeps as it is
            Properties, ///< with (properties)
        };
        Kind kind = Kind::Word;
        NameSyntax name;
        const ExpressionSyntax* value = nullptr;
        std::vector<Part> parts;
        std::vector<ParameterSyntax> properties;
        SourceSpan span;
    };
    NameSyntax verb;                          ///< without the dot
    std::vector<Part> parts;
    const PipelineSyntax* operators = nullptr; ///< what the command's answer goes through; may be null
    std::vector<const StatementSyntax*> query; ///< behind `<|`
};

struct StatementSyntax : SyntaxNode {
    enum class Kind { Query, Let, Set, Alias, QueryParameters, Pattern, Restrict, Command };
    Kind kind = Kind::Query;
    NameSyntax name;                              ///< Let, Set, Alias, Pattern
    const ExpressionSyntax* expression = nullptr; ///< Query, Let (a Function, Pipeline or scalar), Alias; Set: may be null
    const CommandSyntax* command = nullptr;       ///< Command
    std::vector<ExpressionSyntax::FunctionParameter> parameters; ///< QueryParameters, Pattern
    std::vector<const ExpressionSyntax*> expressions;            ///< Restrict

    /// `("a").["b"] = { body }` of a pattern.
    struct PatternMatch {
        std::vector<const ExpressionSyntax*> arguments;
        std::string path;
        std::vector<const StatementSyntax*> body;
    };
    std::vector<PatternMatch> patternMatches;
    std::optional<ColumnDeclaration> patternPath; ///< `[name:type]` of a pattern's declaration
};

} // namespace tocsin::kql
