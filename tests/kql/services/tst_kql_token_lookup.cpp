// SPDX-License-Identifier: GPL-3.0-or-later
#include "kql/services/TokenLookup.h"
#include "kql/syntax/Lexer.h"

#include <QtTest>

using namespace tocsin::kql;

class TestKqlTokenLookup : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBorderBelongsToTheTokenBehindIt()
    {
        const auto tokens = tokenize("T | take 5");
        QCOMPARE(services::tokenAt(tokens, 0), std::size_t(0));
        QCOMPARE(services::tokenAt(tokens, 1), std::size_t(1));
        QCOMPARE(services::tokenAt(tokens, 6), std::size_t(4));
        QCOMPARE(tokens[services::tokenAt(tokens, 10)].kind, TokenKind::End);
        QCOMPARE(tokens[services::tokenAt(tokens, 99)].kind, TokenKind::End);
    }
    void blanksAndCommentsAreLeftOut()
    {
        const auto tokens = tokenize("T // all\n| count");
        QCOMPARE(services::significantTokens(tokens), (std::vector<std::size_t>{0, 4, 6}));
    }
};

QTEST_GUILESS_MAIN(TestKqlTokenLookup)
#include "tst_kql_token_lookup.moc"
