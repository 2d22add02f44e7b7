// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Parser.h"

#include "column/Dynamic.h"
#include "kql/syntax/Literals.h"

namespace tocsin::kql {

/// Collects a dynamic literal's value.
class DynamicSink : public DynamicBuilder {};

namespace {

Value negated(const Value& value)
{
    if (value.isNull())
        return value;
    switch (value.type()) {
    case DataType::Long: return Value::int64(static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(value.asLong())));
    case DataType::Real: return Value::real(-value.asReal());
    case DataType::TimeSpan: return Value::timeSpan(static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(value.asLong())));
    default: return value;
    }
}

} // namespace

bool Parser::atLiteral() const
{
    switch (peek().kind) {
    case TokenKind::Long: case TokenKind::Real: case TokenKind::TimeSpan: case TokenKind::TypedLiteral: case TokenKind::String: return true;
    default: break;
    }
    if (at("-") || at("+"))
        return isAdjacent(1) && (atKind(TokenKind::Long, 1) || atKind(TokenKind::Real, 1) || atKind(TokenKind::TimeSpan, 1));
    return atAny({"true", "false", "True", "False", "TRUE", "FALSE"}) || (atAny({"dynamic", "typeof"}) && at("(", 1));
}

Parser::Expr Parser::literal()
{
    if (!atLiteral())
        return at("{") && atName() ? nameExpression() : nullptr;
    if (at("-") || at("+")) {
        ExpressionSyntax* node = expression(Kind::Literal, here());
        const bool minus = take().text(m_text) == "-";
        const Value value = numberLiteral()->value;
        node->value = minus ? negated(value) : value;
        return done(node);
    }
    if (atKind(TokenKind::TypedLiteral))
        return typedLiteral();
    if (atKind(TokenKind::String))
        return stringLiteral();
    if (at("dynamic"))
        return dynamicLiteral();
    if (at("typeof"))
        return typeOf();
    return atKind(TokenKind::Identifier) ? booleanLiteral() : numberLiteral();
}

Parser::Expr Parser::booleanLiteral()
{
    ExpressionSyntax* node = expression(Kind::Literal, here());
    node->value = Value::boolean((take().text(m_text)[0] | 0x20) == 't');
    return done(node);
}

Parser::Expr Parser::numberLiteral()
{
    ExpressionSyntax* node = expression(Kind::Literal, here());
    const Token& token = take();
    if (const auto value = decodeNumber(token.text(m_text))) {
        node->value = *value;
    } else {
        node->value = Value::null(token.kind == TokenKind::TimeSpan ? DataType::TimeSpan : token.kind == TokenKind::Real ? DataType::Real : DataType::Long);
        node->invalid = true;
    }
    return done(node);
}

Parser::Expr Parser::typedLiteral()
{
    ExpressionSyntax* node = expression(Kind::Literal, here());
    const Token& token = take();
    const std::string_view text = token.text(m_text);
    const std::size_t open = text.find('(');
    const std::string_view word = text.substr(0, text.find_first_of(" \t\r\n("));
    std::string_view inside = text.substr(open + 1);
    inside.remove_suffix(inside.ends_with(')') ? 1 : 0);
    const bool blank = inside.find_first_not_of(" \t\r\n") == std::string_view::npos;
    const bool dateTime = word == "datetime" || word == "date";
    if (dateTime && (blank || inside == "now")) {
        // datetime() is the time of the query.
        node->kind = Kind::Call;
        ExpressionSyntax* callee = expression(Kind::Name, node->span.start);
        callee->name = {"now", token.span};
        callee->span = token.span;
        node->arguments = {callee};
        return done(node);
    }
    if (const auto value = decodeTypedLiteral(text))
        node->value = *value;
    else if (const auto type = parseTypeName(word); blank && type) {
        node->value = Value::null(*type);
    } else {
        node->value = Value::null(type.value_or(word == "int32" ? DataType::Int : DataType::Long));
        node->invalid = !token.unterminated;
    }
    return done(node);
}

/// One literal or several in a row, which make one text. Wrong escapes are reported with the tokens.
Parser::Expr Parser::stringLiteral()
{
    ExpressionSyntax* node = expression(Kind::Literal, here());
    std::string text;
    while (atKind(TokenKind::String))
        text += decodeString(take().text(m_text)).value_or("");
    node->value = Value::string(std::move(text));
    return done(node);
}

Parser::Expr Parser::typeOf()
{
    ExpressionSyntax* node = expression(Kind::TypeOf, here());
    take();
    take();
    note(&Expectation::typeName);
    if (atWord() && !at(":", 1)) {
        ColumnDeclaration only;
        only.span = peek().span;
        only.type = typeName().value_or(DataType::String);
        node->columns.push_back(only);
    } else {
        node->columns = columnDeclarations(&node->star);
    }
    expect(")");
    return done(node);
}

// --- dynamic(…)

bool Parser::dynamicValue(DynamicSink& out)
{
    const Deeper deeper(*this);
    note(&Expectation::literal);
    if (tooDeep())
        return false;
    if (at("["))
        return dynamicArray(out);
    if (at("{") && !atName())
        return dynamicObject(out);
    if (accept("null"))
        return out.null(), true;
    if (at("-") && (atKind(TokenKind::Long, 1) || atKind(TokenKind::Real, 1))) {
        take();
        out.value(negated(numberLiteral()->value));
        return true;
    }
    const Expr item = at("+") || at("typeof") ? nullptr : literal();
    if (!item) {
        if (!atKind(TokenKind::Bad))
            return report(makeError(kExpected, "a literal value", describe(peek())), gap()), false;
        take();
        m_panic = true;
        return false;
    }
    if (item->kind == Kind::Literal)
        out.value(item->value);
    else
        out.null();
    return true;
}

bool Parser::dynamicArray(DynamicSink& out)
{
    take();
    out.beginArray();
    note(&Expectation::literal);
    while (!atListEnd()) {
        if (!dynamicValue(out))
            return false;
        if (!accept(","))
            break;
        note(&Expectation::literal);
        if (atListEnd())
            return expected("a literal value"), false;
    }
    out.endArray();
    return expect("]");
}

bool Parser::dynamicObject(DynamicSink& out)
{
    take();
    out.beginObject();
    note(&Expectation::literal);
    while (!atListEnd()) {
        if (!atKind(TokenKind::String))
            return expected("a key in quotation marks"), false;
        out.key(decodeString(take().text(m_text)).value_or(""));
        if (!expect(":") || !dynamicValue(out))
            return false;
        if (!accept(","))
            break;
        note(&Expectation::literal);
        if (atListEnd())
            return expected("a key in quotation marks"), false;
    }
    out.endObject();
    return expect("}");
}

Parser::Expr Parser::dynamicLiteral()
{
    ExpressionSyntax* node = expression(Kind::Literal, here());
    node->value = Value::null(DataType::Dynamic);
    take();
    take();
    DynamicSink sink;
    const bool isNull = at("null") && at(")", 1);
    if (dynamicValue(sink) && !isNull) {
        std::string bytes = sink.take();
        node->value = Value::dynamic(std::move(bytes));
    }
    expect(")");
    return done(node);
}

} // namespace tocsin::kql
