// SPDX-License-Identifier: GPL-3.0-or-later
#include "attack/KillChain.h"

#include <QTest>

using namespace tocsin::attack;

class TestKillChain final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void mapsTactics_data()
    {
        QTest::addColumn<QString>("tactic");
        QTest::addColumn<int>("stage");
        QTest::addColumn<QString>("sentinel");
        const auto row = [](const char* tactic, Stage stage, const char* name) { QTest::newRow(tactic) << tactic << static_cast<int>(stage) << name; };
        row("InitialAccess", Stage::Intrusion, "InitialAccess");
        row("initial-access", Stage::Intrusion, "InitialAccess");
        row("Initial Access", Stage::Intrusion, "InitialAccess");
        row("Discovery", Stage::Reconnaissance, "Discovery");
        row("resource_development", Stage::Reconnaissance, "ResourceDevelopment");
        row("Probing", Stage::Reconnaissance, "PreAttack");
        row("CommandandControl", Stage::Exploitation, "CommandAndControl");
        row("Exploitation", Stage::Exploitation, "Execution");
        row("credential-access", Stage::PrivilegeEscalation, "CredentialAccess");
        row("lateral-movement", Stage::LateralMovement, "LateralMovement");
        row("stealth", Stage::Obfuscation, "DefenseEvasion");
        row("defense-impairment", Stage::Obfuscation, "DefenseEvasion");
        row("Impact", Stage::DenialOfService, "Impact");
        row("Collection", Stage::Exfiltration, "Collection");
    }
    void mapsTactics()
    {
        QFETCH(QString, tactic);
        const auto stage = stageOfTactic(tactic.toStdString());
        QVERIFY(stage);
        QTEST(static_cast<int>(*stage), "stage");
        const std::string_view name = sentinelTactic(tactic.toStdString());
        QTEST(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())), "sentinel");
    }
    void unknownTactics()
    {
        QVERIFY(!stageOfTactic(""));
        QVERIFY(!stageOfTactic("Unknown"));
    }
    void stagesAreInOrderAndOnce()
    {
        const auto stages = stagesOf({"Exfiltration", "Reconnaissance", "Discovery", "nonsense"});
        QCOMPARE(stages.size(), 2U);
        QCOMPARE(stages[0], Stage::Reconnaissance);
        QCOMPARE(stages[1], Stage::Exfiltration);
    }
};

QTEST_GUILESS_MAIN(TestKillChain)
#include "tst_kill_chain.moc"
