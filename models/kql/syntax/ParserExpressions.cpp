// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/syntax/Parser.h"

#include "column/Dynamic.h"
#include "kql/syntax/Literals.h"

#include <algorithm>
#include <array>

namespace tocsin::kql {

namespace {

constexpr std::array kStringOperators = {
    "has", "!has", "has_cs", "!has_cs", "hasprefix", "!hasprefix", "hasprefix_cs", "!hasprefix_cs", "hassuffix", "!hassuffix",
    "hassuffix_cs", "!hassuffix_cs", "contains", "!contains", "contains_cs", "!contains_cs", "containscs", "notcontains",
    "notcontainscs", "startswith", "!startswith", "startswith_cs", "!startswith_cs", "endswith", "!endswith", "endswith_cs",
    "!endswith_cs", "like", "notlike", "likecs", "notlikecs", "=~", "!~"};
constexpr std::array kListOperators = {"in", "!in", "in~", "!in~", "has_any", "has_all", "!has_any", "!has_all"};

template <std::size_t N> bool isOneOf(std::string_view text, const std::array<const char*, N>& list)
{
    return std::any_of(list.begin(), list.end(), [&](const char* word) { return text == word; });
}

} // namespace

// --- Operators by precedence, loosest first.

Parser::Expr Parser::binary(Expr left, Expr (Parser::*right)())
{
    ExpressionSyntax* node = expression(Kind::Binary, left->span.start);
    node->opSpan = peek().span;
    node->op = std::string(take().text(m_text));
    node->arguments = {left, (this->*right)()};
    return done(node);
}

Parser::Expr Parser::scalar()
{
    const Deeper deeper(*this);
    if (tooDeep())
        return expression(Kind::Missing, here());
    return parseOr();
}

Parser::Expr Parser::parseOr()
{
    Expr left = parseAnd();
    while (at("or"))
        left = binary(left, &Parser::parseAnd);
    return left;
}

Parser::Expr Parser::parseAnd()
{
    Expr left = parseEquality();
    while (at("and"))
        left = binary(left, &Parser::parseEquality);
    return left;
}

Parser::Expr Parser::parseEquality()
{
    Expr left = parseRelational();
    for (int chain = 0; !atEnd(); ++chain) {
        if (chainTooLong(chain))
            break;
        if (atAny({"==", "!=", "<>"}))
            left = binary(left, &Parser::parseRelational);
        else if (isOneOf(textAt(), kListOperators) && (atKind(TokenKind::Identifier) || atKind(TokenKind::Operator)))
            left = listOperation(left);
        else if (at("between") || at("!between"))
            left = betweenOperation(left);
        else
            break;
    }
    return left;
}

Parser::Expr Parser::parseRelational()
{
    Expr left = parseAdditive();
    if (atAny({"<", "<=", ">", ">="}))
        left = binary(left, &Parser::parseAdditive);
    return left;
}

Parser::Expr Parser::parseAdditive()
{
    Expr left = parseMultiplicative();
    for (int chain = 0; atAny({"+", "-"}); ++chain) {
        if (chainTooLong(chain))
            break;
        left = binary(left, &Parser::parseMultiplicative);
    }
    return left;
}

Parser::Expr Parser::parseMultiplicative()
{
    Expr left = parseStringOperation();
    for (int chain = 0; atAny({"*", "/", "%"}); ++chain) {
        if (chainTooLong(chain))
            break;
        left = binary(left, &Parser::parseStringOperation);
    }
    return left;
}

Parser::Expr Parser::parseStringOperation()
{
    Expr left = parseUnary();
    for (int chain = 0; !atEnd() && !chainTooLong(chain); ++chain) {
        if ((atKind(TokenKind::Identifier) || atKind(TokenKind::Operator)) && isOneOf(textAt(), kStringOperators)) {
            left = binary(left, &Parser::parseUnary);
        } else if (m_inSearch && at(":")) {
            left = binary(left, &Parser::parseUnary);
        } else if (at("matches") && at("regex", 1)) {
            ExpressionSyntax* node = expression(Kind::Binary, left->span.start);
            node->opSpan = {here(), peek(1).span.end() - here()};
            node->op = "matches regex";
            take();
            take();
            node->arguments = {left, parseUnary()};
            left = done(node);
        } else {
            break;
        }
    }
    return left;
}

Parser::Expr Parser::listOperation(Expr left)
{
    ExpressionSyntax* node = expression(Kind::InList, left->span.start);
    node->opSpan = peek().span;
    node->op = std::string(take().text(m_text));
    node->arguments = {left};
    if (!at("(")) {
        node->arguments.push_back(parseUnary());
        return done(node);
    }
    take();
    if (!at(")")) {
        const std::vector<Expr> items = expressionList(&Parser::argument);
        node->arguments.insert(node->arguments.end(), items.begin(), items.end());
    }
    expect(")");
    return done(node);
}

Parser::Expr Parser::betweenOperation(Expr left)
{
    ExpressionSyntax* node = expression(Kind::Between, left->span.start);
    node->opSpan = peek().span;
    node->op = std::string(take().text(m_text));
    node->arguments = {left};
    const bool open = expect("(");
    node->arguments.push_back(open ? scalar() : expression(Kind::Missing, here()));
    const bool range = open && expect("..");
    node->arguments.push_back(range ? scalar() : expression(Kind::Missing, here()));
    if (range)
        expect(")");
    return done(node);
}

Parser::Expr Parser::parseUnary()
{
    if (!at("-") && !at("+"))
        return parsePostfix();
    const Deeper deeper(*this);
    if (tooDeep())
        return expression(Kind::Missing, here());
    ExpressionSyntax* node = expression(Kind::Unary, here());
    node->opSpan = peek().span;
    node->op = std::string(take().text(m_text));
    node->arguments = {parseUnary()};
    return done(node);
}

Parser::Expr Parser::parsePostfix()
{
    Expr left = parsePrimary();
    for (int chain = 0; chain <= kMaxDepth; ++chain) {
        if (at(".") && (atName(1) || atKind(TokenKind::TypedLiteral, 1))) {
            ExpressionSyntax* node = expression(Kind::Member, left->span.start);
            take();
            node->arguments = {left};
            node->name = name("a name");
            left = done(node);
            if (at("("))
                left = callArguments(left);
        } else if (at(".") && at("[", 1)) {
            take(); // `a.[0]` is an old way to write `a[0]`
        } else if (at("[")) {
            ExpressionSyntax* node = expression(Kind::Index, left->span.start);
            take();
            node->arguments = {left, scalar()};
            expect("]");
            left = done(node);
        } else {
            break;
        }
    }
    return left;
}

Parser::Expr Parser::callArguments(Expr callee)
{
    ExpressionSyntax* node = expression(Kind::Call, callee->span.start);
    node->arguments = {callee};
    const Deeper deeper(*this);
    take();
    if (tooDeep())
        return done(node);
    if (!at(")")) {
        const std::vector<Expr> items = expressionList(&Parser::argument);
        node->arguments.insert(node->arguments.end(), items.begin(), items.end());
    }
    expect(")");
    return done(node);
}

std::vector<Parser::Expr> Parser::expressionList(Expr (Parser::*item)())
{
    std::vector<Expr> list;
    do {
        if (!list.empty() && atAny({")", "]", "}"}))
            break; // a comma too many at the end does no harm
        list.push_back((this->*item)());
    } while (accept(","));
    return list;
}

// --- Primaries.

Parser::Expr Parser::parsePrimary()
{
    switch (peek().kind) {
    case TokenKind::Long: case TokenKind::Real: case TokenKind::TimeSpan: return literalToken();
    case TokenKind::TypedLiteral: return typedLiteral();
    case TokenKind::String: return stringLiteral();
    case TokenKind::Identifier: break;
    default:
        if (at("("))
            return parenthesis();
        if (at("[") && atKind(TokenKind::String, 1))
            return parseName();
        if (at("*")) {
            ExpressionSyntax* star = expression(Kind::Star, here());
            take();
            return done(star);
        }
        if (atKind(TokenKind::Bad)) {
            take();
            m_panic = true; // reported with the tokens
            return expression(Kind::Missing, m_lastEnd);
        }
        return missing();
    }
    if (atAny({"true", "false", "True", "False", "TRUE", "FALSE"}) && !at("(", 1)) {
        ExpressionSyntax* node = expression(Kind::Literal, here());
        node->value = Value::boolean((take().text(m_text)[0] | 0x20) == 't');
        return done(node);
    }
    if (at("dynamic") && at("(", 1))
        return dynamicLiteral();
    if (at("typeof") && at("(", 1))
        return typeOf();
    if (at("datatable") && at("(", 1))
        return dataTable();
    if ((at("externaldata") || at("external_data")) && at("(", 1))
        return externalData();
    return parseName();
}

Parser::Expr Parser::parseName()
{
    ExpressionSyntax* node = expression(Kind::Name, here());
    node->name = name("a name");
    done(node);
    return at("(") ? callArguments(node) : node;
}

Parser::Expr Parser::literalToken()
{
    ExpressionSyntax* node = expression(Kind::Literal, here());
    const Token& token = take();
    if (const auto value = decodeNumber(token.text(m_text)))
        node->value = *value;
    else {
        report(makeError(kBadLiteral, std::string(token.text(m_text))), token.span);
        m_panic = false;
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

Parser::Expr Parser::stringLiteral()
{
    ExpressionSyntax* node = expression(Kind::Literal, here());
    std::string text;
    while (atKind(TokenKind::String)) {
        const Token& token = take();
        const auto decoded = decodeString(token.text(m_text));
        if (!decoded && !token.unterminated) {
            report(makeError(kBadEscape), token.span);
            m_panic = false;
        }
        text += decoded.value_or("");
    }
    node->value = Value::string(std::move(text));
    return done(node);
}

Parser::Expr Parser::typeOf()
{
    ExpressionSyntax* node = expression(Kind::TypeOf, here());
    take();
    take();
    if (atKind(TokenKind::Identifier) && !at(":", 1)) {
        ColumnDeclaration only;
        only.span = peek().span;
        only.type = typeName().value_or(DataType::String);
        node->columns.push_back(only);
    } else if (accept("*")) {
        node->star = true;
        if (accept(","))
            node->columns = columnDeclarations(nullptr);
    } else {
        node->columns = columnDeclarations(nullptr);
    }
    expect(")");
    return done(node);
}

Parser::Expr Parser::dataTable()
{
    ExpressionSyntax* node = expression(Kind::DataTable, here());
    take();
    take();
    node->columns = columnDeclarations(nullptr);
    expect(")");
    if (expect("[")) {
        if (!at("]"))
            node->arguments = expressionList(&Parser::scalar);
        expect("]");
    }
    return done(node);
}

Parser::Expr Parser::externalData()
{
    ExpressionSyntax* node = expression(Kind::ExternalData, here());
    take();
    take();
    node->columns = columnDeclarations(nullptr);
    expect(")");
    // `[@"url"]` would read as an index: it is taken here, before anything else can.
    if (expect("[")) {
        node->arguments = expressionList(&Parser::scalar);
        expect("]");
    }
    if (accept("with") && expect("(")) {
        while (!at(")") && !atEnd() && !m_panic) {
            node->parameters.push_back(parameter());
            if (!accept(","))
                break;
        }
        expect(")");
    }
    return done(node);
}

Parser::Expr Parser::parenthesis()
{
    ExpressionSyntax* node = expression(Kind::Parenthesis, here());
    const Deeper deeper(*this);
    take();
    if (tooDeep())
        return node;
    node->arguments = {pipelineExpression()};
    expect(")");
    return done(node);
}

Parser::Expr Parser::namedExpression()
{
    const std::size_t start = here();
    if (atName()) {
        const std::size_t after = at("[") ? 3 : 1;
        if (at("=", after)) {
            ExpressionSyntax* node = expression(Kind::Assign, start);
            node->names.push_back(name("a name"));
            take();
            node->arguments = {scalar()};
            return done(node);
        }
    }
    if (at("(") && atName(1)) {
        // `(a, b) = f()`: look for the end of a plain list of names with `=` behind it.
        std::size_t i = 1;
        while (atName(i)) {
            i += at("[", i) ? 3 : 1;
            if (!at(",", i))
                break;
            ++i;
        }
        if (at(")", i) && at("=", i + 1)) {
            ExpressionSyntax* node = expression(Kind::Assign, start);
            node->tuple = true;
            take();
            while (!at(")")) {
                node->names.push_back(name("a name"));
                accept(",");
            }
            take();
            take();
            node->arguments = {scalar()};
            return done(node);
        }
    }
    return scalar();
}

Parser::Expr Parser::argument()
{
    if (atPrefixOperator())
        return pipelineExpression();
    const Expr first = namedExpression();
    if (!at("|"))
        return first;
    ExpressionSyntax* node = expression(Kind::Pipeline, first->span.start);
    PipelineSyntax* pipeline = make<PipelineSyntax>(first->span.start);
    pipeline->source = first;
    operatorChain(*pipeline);
    node->pipeline = done(pipeline);
    return done(node);
}

// --- Names, types, schemas.

NameSyntax Parser::name(std::string_view what, bool wildcards)
{
    NameSyntax result;
    result.span = {here(), 0};
    if (at("[") && atKind(TokenKind::String, 1)) {
        const std::size_t start = here();
        take();
        result.text = decodeString(take().text(m_text)).value_or("");
        result.bracketed = true;
        expect("]");
        result.span = spanFrom(start);
        if (!wildcards)
            return result;
        result.wildcard = result.text.find('*') != std::string::npos;
        return result;
    }
    if (wildcards && (at("*") || atKind(TokenKind::Identifier))) {
        const std::size_t start = here();
        do {
            result.wildcard = result.wildcard || at("*");
            result.text += textAt();
            take();
        } while (peek().span.start == m_lastEnd && (at("*") || atKind(TokenKind::Identifier) || atKind(TokenKind::Long)));
        result.span = spanFrom(start);
        return result;
    }
    if (atKind(TokenKind::Identifier)) {
        result.span = peek().span;
        result.text = std::string(take().text(m_text));
        return result;
    }
    expected(what);
    return result;
}

NameSyntax Parser::dottedName()
{
    NameSyntax result = name("a name");
    while (at(".") && atKind(TokenKind::Identifier, 1)) {
        take();
        result.text += '.';
        result.text += take().text(m_text);
    }
    result.span = spanFrom(result.span.start);
    return result;
}

std::optional<DataType> Parser::typeName()
{
    if (!atKind(TokenKind::Identifier)) {
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
    column.name = name("a column name");
    if (expect(":"))
        column.type = typeName().value_or(DataType::String);
    column.span = spanFrom(start);
    return column;
}

std::vector<ColumnDeclaration> Parser::columnDeclarations(bool* open)
{
    std::vector<ColumnDeclaration> columns;
    while (!at(")") && !atEnd() && !m_panic) {
        if (open && accept("*"))
            *open = true;
        else
            columns.push_back(columnDeclaration());
        if (!accept(","))
            break;
    }
    return columns;
}

// --- Functions.

bool Parser::atFunctionLiteral() const
{
    if (at("view") && at("(", 1))
        return true;
    if (!at("("))
        return false;
    // `()` or `(name:` begin a parameter list; nothing else in a let does.
    if (at(")", 1))
        return true;
    return atName(1) && at(":", at("[", 1) ? 4 : 2);
}

std::vector<ExpressionSyntax::FunctionParameter> Parser::functionParameters()
{
    std::vector<ExpressionSyntax::FunctionParameter> result;
    if (!expect("("))
        return result;
    while (!at(")") && !atEnd() && !m_panic) {
        ExpressionSyntax::FunctionParameter parameter;
        const std::size_t start = here();
        parameter.name = name("a parameter name");
        expect(":");
        if (accept("(")) {
            parameter.columns = columnDeclarations(&parameter.openColumns);
            expect(")");
        } else {
            parameter.type = typeName().value_or(DataType::String);
        }
        if (accept("="))
            parameter.defaultValue = scalar();
        parameter.span = spanFrom(start);
        result.push_back(std::move(parameter));
        if (!accept(","))
            break;
    }
    expect(")");
    return result;
}

Parser::Expr Parser::functionLiteral()
{
    ExpressionSyntax* node = expression(Kind::Function, here());
    node->view = accept("view");
    node->functionParameters = functionParameters();
    node->statements = braceBody();
    return done(node);
}

// --- dynamic(…)

/// Collects a dynamic literal's value.
class DynamicSink : public DynamicBuilder {};

bool Parser::dynamicValue(DynamicSink& out)
{
    const Deeper deeper(*this);
    if (tooDeep())
        return false;
    if (accept("[")) {
        out.beginArray();
        while (!at("]")) {
            if (!dynamicValue(out))
                return false;
            if (!accept(","))
                break;
        }
        out.endArray();
        return expect("]");
    }
    if (accept("{")) {
        out.beginObject();
        while (!at("}")) {
            if (atKind(TokenKind::String))
                out.key(stringLiteral()->value.asText());
            else if (atKind(TokenKind::Identifier))
                out.key(take().text(m_text));
            else
                return expected("a key"), false;
            if (!expect(":") || !dynamicValue(out))
                return false;
            if (!accept(","))
                break;
        }
        out.endObject();
        return expect("}");
    }
    if (accept("null"))
        return out.null(), true;
    const bool negative = accept("-");
    if (!negative)
        accept("+");
    if (atKind(TokenKind::Identifier) && !atAny({"true", "false", "dynamic"}))
        return expected("a literal value"), false;
    if (!atKind(TokenKind::Identifier) && !atKind(TokenKind::Long) && !atKind(TokenKind::Real) && !atKind(TokenKind::TimeSpan) &&
        !atKind(TokenKind::String) && !atKind(TokenKind::TypedLiteral))
        return expected("a literal value"), false;
    const Expr item = parsePrimary();
    if (item->kind != Kind::Literal)
        return true;
    Value value = item->value;
    if (negative && !value.isNull() && value.type() == DataType::Long)
        value = Value::int64(static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(value.asLong())));
    else if (negative && !value.isNull() && value.type() == DataType::Real)
        value = Value::real(-value.asReal());
    else if (negative && !value.isNull() && value.type() == DataType::TimeSpan)
        value = Value::timeSpan(-value.asLong());
    out.value(value);
    return true;
}

Parser::Expr Parser::dynamicLiteral()
{
    ExpressionSyntax* node = expression(Kind::Literal, here());
    node->value = Value::null(DataType::Dynamic);
    take();
    take();
    DynamicSink sink;
    const bool isNull = at("null") && at(")", 1);
    if (at(")")) {
        expected("a literal value");
    } else if (dynamicValue(sink) && !isNull) {
        std::string bytes = sink.take();
        node->value = Value::dynamic(std::move(bytes));
    }
    expect(")");
    return done(node);
}

} // namespace tocsin::kql
