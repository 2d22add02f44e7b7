// SPDX-License-Identifier: GPL-3.0-or-later
// Names, types, schemas and parameter lists.
#include "kql/syntax/Keywords.h"
#include "kql/syntax/Literals.h"
#include "kql/syntax/Parser.h"

namespace tocsin::kql {

bool Parser::atWord(std::size_t ahead) const { return atKind(TokenKind::Identifier, ahead); }

std::size_t Parser::nameLength(std::size_t ahead, Names names) const
{
    if (atWord(ahead)) {
        const WordClass word = classifyWord(textAt(ahead));
        return word == WordClass::Plain || word == WordClass::Soft || (word == WordClass::Declared && names == Names::Declared) ? 1 : 0;
    }
    if (at("[", ahead)) {
        std::size_t length = 1;
        while (atKind(TokenKind::String, ahead + length))
            ++length;
        return length > 1 && at("]", ahead + length) ? length + 1 : 0;
    }
    // `{name}`: a parameter of the client that was not filled in.
    if (at("{", ahead) && atWord(ahead + 1) && isAdjacent(ahead + 1) && at("}", ahead + 2) && isAdjacent(ahead + 2))
        return 3;
    return 0;
}

/// `a*`, `*_s`, `*` and the like, without gaps.
std::size_t Parser::wildcardLength(std::size_t ahead) const
{
    std::size_t length = 0;
    if (at("*", ahead))
        length = 1;
    else if (atWord(ahead) && nameLength(ahead, Names::Declared) && at("*", ahead + 1) && isAdjacent(ahead + 1))
        length = 2;
    else
        return 0;
    while (isAdjacent(ahead + length) && (at("*", ahead + length) || atKind(TokenKind::Long, ahead + length) || (atWord(ahead + length) && nameLength(ahead + length, Names::Declared))))
        ++length;
    return length;
}

NameSyntax Parser::takeName(std::size_t length)
{
    NameSyntax result;
    const std::size_t start = here();
    if (at("[")) {
        take();
        while (atKind(TokenKind::String))
            result.text += decodeString(take().text(m_text)).value_or("");
        take();
        result.bracketed = true;
    } else {
        for (std::size_t i = 0; i < length; ++i)
            result.text += take().text(m_text);
    }
    result.span = spanFrom(start);
    return result;
}

NameSyntax Parser::takeWildcard(std::size_t length)
{
    NameSyntax result = takeName(length);
    result.wildcard = true;
    return result;
}

NameSyntax Parser::name(std::string_view what, Names names)
{
    noteName(what);
    if (const std::size_t length = nameLength(0, names))
        return takeName(length);
    if (atWord())
        report(makeError(kReservedWord, std::string(textAt())), gap());
    else
        expected(what);
    return {{}, gap(), false, false};
}

NameSyntax Parser::wildcardName(std::string_view what)
{
    if (const std::size_t length = wildcardLength())
        return takeWildcard(length);
    NameSyntax result = name(what);
    result.wildcard = result.bracketed && result.text.find('*') != std::string::npos;
    return result;
}

NameSyntax Parser::dottedName()
{
    NameSyntax result;
    const std::size_t start = here();
    if (atWord())
        result.text = std::string(take().text(m_text));
    if (result.text == "hint" && at(".") && probing(1)) {
        take();
        note(&Expectation::hintName);
        expected("the name of a hint");
    }
    while (at(".") && atWord(1)) {
        take();
        result.text += '.';
        result.text += take().text(m_text);
    }
    result.span = spanFrom(start);
    return result;
}

std::optional<DataType> Parser::typeName()
{
    note(&Expectation::typeName);
    if (!atWord()) {
        expected("a type");
        return std::nullopt;
    }
    const Token& token = take();
    const std::string_view text = token.text(m_text);
    const auto type = text == "int32" ? DataType::Int : text == "int64" ? DataType::Long : text == "uuid" ? DataType::Guid : parseTypeName(text);
    if (!type)
        report(makeError(kUnknownType, std::string(text)), token.span);
    return type;
}

ColumnDeclaration Parser::columnDeclaration()
{
    ColumnDeclaration column;
    const std::size_t start = here();
    column.name = name("a column name", Names::Declared);
    if (expect(":"))
        column.type = typeName().value_or(DataType::String);
    column.span = spanFrom(start);
    return column;
}

/// What stands between the parentheses of a schema. A comma in front or behind does no harm.
std::vector<ColumnDeclaration> Parser::columnDeclarations(bool* star)
{
    std::vector<ColumnDeclaration> columns;
    accept(",");
    for (noteName("a column name"); !atListEnd() && !m_panic; noteName("a column name")) {
        if (star && accept("*"))
            *star = true;
        else
            columns.push_back(columnDeclaration());
        if (!accept(","))
            break;
    }
    return columns;
}

std::vector<ColumnDeclaration> Parser::rowSchema(bool* star)
{
    std::vector<ColumnDeclaration> columns;
    if (!expect("("))
        return columns;
    columns = columnDeclarations(star);
    expect(")");
    return columns;
}

ExpressionSyntax::FunctionParameter Parser::functionParameter()
{
    ExpressionSyntax::FunctionParameter parameter;
    const std::size_t start = here();
    parameter.name = name("a parameter name", Names::Declared);
    expect(":");
    if (accept("(")) {
        parameter.columns = columnDeclarations(&parameter.openColumns);
        expect(")");
    } else {
        parameter.type = typeName().value_or(DataType::String);
    }
    if (accept("=")) {
        parameter.defaultValue = literal();
        if (!parameter.defaultValue && atName())
            parameter.defaultValue = nameExpression();
        if (!parameter.defaultValue)
            parameter.defaultValue = missing();
    }
    parameter.span = spanFrom(start);
    return parameter;
}

std::vector<ExpressionSyntax::FunctionParameter> Parser::functionParameters()
{
    std::vector<ExpressionSyntax::FunctionParameter> result;
    if (!expect("("))
        return result;
    noteName("a parameter name");
    while (!atListEnd() && !m_panic) {
        result.push_back(functionParameter());
        if (!accept(","))
            break;
        noteName("a parameter name");
        if (atListEnd())
            expected("a parameter");
    }
    expect(")");
    return result;
}

} // namespace tocsin::kql
