// SPDX-License-Identifier: GPL-3.0-or-later
#include "editor/TextColors.h"

namespace tocsin::widgets {

ThemeColor colorOf(kql::services::TextClass kind)
{
    using kql::services::TextClass;
    switch (kind) {
    case TextClass::Keyword: case TextClass::QueryOperator: case TextClass::Type: return ThemeColor::KqlKeyword;
    case TextClass::Operator: case TextClass::Parameter: return ThemeColor::KqlOperator;
    case TextClass::Table: return ThemeColor::KqlTable;
    case TextClass::Column: return ThemeColor::KqlColumn;
    case TextClass::Function: case TextClass::Aggregate: return ThemeColor::KqlFunction;
    case TextClass::String: return ThemeColor::KqlString;
    case TextClass::StringEscape: case TextClass::Plugin: return ThemeColor::KqlPlugin;
    case TextClass::Number: return ThemeColor::KqlNumber;
    case TextClass::Comment: return ThemeColor::KqlComment;
    case TextClass::Error: return ThemeColor::Error;
    case TextClass::Plain: case TextClass::Punctuation: case TextClass::Variable: break;
    }
    return ThemeColor::Text;
}

ThemeColor colorOf(kql::services::CompletionKind kind)
{
    using kql::services::CompletionKind;
    switch (kind) {
    case CompletionKind::Operator: case CompletionKind::Keyword: case CompletionKind::Type: return ThemeColor::KqlKeyword;
    case CompletionKind::Symbol: case CompletionKind::Option: return ThemeColor::KqlOperator;
    case CompletionKind::Table: case CompletionKind::Database: return ThemeColor::KqlTable;
    case CompletionKind::Column: case CompletionKind::Property: return ThemeColor::KqlColumn;
    case CompletionKind::Function: case CompletionKind::Aggregate: return ThemeColor::KqlFunction;
    case CompletionKind::Plugin: return ThemeColor::KqlPlugin;
    case CompletionKind::Value: return ThemeColor::KqlString;
    case CompletionKind::Literal: return ThemeColor::KqlNumber;
    case CompletionKind::Variable: case CompletionKind::Punctuation: case CompletionKind::Name: break;
    }
    return ThemeColor::Text;
}

} // namespace tocsin::widgets
