// SPDX-License-Identifier: GPL-3.0-or-later
#include "SigmaShared.h"

#include "detect/sigma/EvtxView.h"
#include "detect/sigma/SigmaErrors.h"
#include "detect/sigma/SigmaMatcher.h"
#include "ingest/ByteSources.h"
#include "ingest/readers/evtx/EvtxFile.h"

#include <QTemporaryDir>
#include <QtTest>

#include <map>
#include <memory>
#include <set>

using namespace tocsin;
using namespace tocsin::detect::sigma;

namespace {

/// The ids of the rules that match, by number of the event in the file.
std::vector<std::set<std::string>> matchesOf(const SigmaRuleSet& set, const QString& path)
{
    std::vector<std::set<std::string>> result;
    auto source = ingest::FileByteSource::open(path.toStdString());
    if (!source)
        return result;
    SigmaMatcher matcher(set);
    EvtxView view;
    (void)ingest::forEachEvent(**source, [&](const ingest::EvtxEvent& event) -> Result<void> {
        auto& ids = result.emplace_back();
        for (const std::uint32_t rule : matcher.match(view.show(event)))
            ids.insert(set.rules()[rule].header.id);
        return {};
    });
    return result;
}

QString logOf(const QString& folder)
{
    const QStringList logs = QDir(folder).entryList({QStringLiteral("*.evtx")}, QDir::Files);
    return logs.isEmpty() ? QString() : folder + QLatin1Char('/') + logs.first();
}

} // namespace

/// The published rules on the recorded events of their cases. Skipped where those are not at hand.
class TestSigmaCases : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_folder = test::sigmaFolder();
        if (m_folder.isEmpty())
            QSKIP("the published rules and cases are not here");
        QVERIFY(m_unpacked.isValid());
        m_read = test::readPublishedRules(m_folder + QStringLiteral("/rules.tar.gz"), m_unpacked.path());
    }

    void everyRuleIsReadOrExplained()
    {
        QVERIFY(m_read.files > 3700);
        QCOMPARE(m_read.rules.size() + m_read.errors.size(), m_read.files);
        for (const Error& error : m_read.errors) {
            QVERIFY2(error.kind == &kSigmaPlaceholder, errorMessage(error).c_str());
            QVERIFY(!error.where.empty());
        }
        qInfo("%zu files: %zu rules read, %zu need placeholders", m_read.files, m_read.rules.size(), m_read.errors.size());
    }

    void caseRulesMatchTheirEvents()
    {
        std::size_t checked = 0;
        for (const QString& name : QDir(m_folder + QStringLiteral("/cases")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            const QString folder = m_folder + QStringLiteral("/cases/") + name;
            const auto file = readSigmaFile(test::fileText(folder + QStringLiteral("/rule.yml")), name.toStdString());
            QVERIFY2(file && file->rules.size() == 1, qPrintable(name));
            const QString log = logOf(folder);
            if (log.isEmpty())
                continue;
            const SigmaRuleSet set(file->rules);
            std::size_t matches = 0;
            for (const auto& ids : matchesOf(set, log))
                matches += ids.size();
            const QString info = QString::fromStdString(test::fileText(folder + QStringLiteral("/info.yml")));
            const auto count = QRegularExpression(QStringLiteral("\\n[^#\\n]*match_count: *(\\d+)")).match(info);
            // The count is what the author looked for: a log may hold more of the kind, which crossfire.tsv lists in full.
            QVERIFY2(matches >= std::max(1ULL, count.captured(1).toULongLong()), qPrintable(QStringLiteral("%1: %2 matches").arg(name).arg(matches)));
            ++checked;
        }
        QCOMPARE(checked, 133U);
    }

    void keywordsMatchARawLine()
    {
        const QString folder = m_folder + QStringLiteral("/cases/cisco_cli_dot1x_disabled");
        const auto file = readSigmaFile(test::fileText(folder + QStringLiteral("/rule.yml")), "cisco");
        QVERIFY(file && file->rules.size() == 1);
        const SigmaRuleSet set(file->rules);
        SigmaMatcher matcher(set);
        const std::string line = test::fileText(folder + QLatin1Char('/') + QDir(folder).entryList({QStringLiteral("*.raw")}).value(0));
        EventView view;
        view.product = "cisco";
        view.services = {"aaa"};
        view.message = line;
        QCOMPARE(matcher.match(view).size(), 1U);
    }

    /// Every Windows rule on every event: nothing missed, nothing that is not listed.
    void allRulesOnAllEvents()
    {
        std::vector<SigmaRule> windows;
        std::set<std::string> ids;
        for (const SigmaRule& rule : m_read.rules)
            if (rule.logSource.product == "windows" && ids.insert(rule.header.id).second)
                windows.push_back(rule);
        QElapsedTimer timer;
        timer.start();
        const SigmaRuleSet set(std::move(windows));
        qInfo("%zu Windows rules made ready in %lld ms", set.rules().size(), timer.elapsed());
        std::map<std::string, std::vector<std::set<std::string>>> found;
        std::size_t events = 0, expected = 0, missed = 0, wrong = 0;
        const QStringList lines = QString::fromStdString(test::fileText(m_folder + QStringLiteral("/crossfire.tsv"))).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        for (const QString& line : lines.mid(1)) {
            const QStringList cells = line.split(QLatin1Char('\t'));
            const std::string name = cells.value(0).toStdString();
            if (!found.contains(name))
                found[name] = matchesOf(set, logOf(m_folder + QStringLiteral("/cases/") + cells.value(0)));
            const auto number = cells.value(1).toULongLong();
            QVERIFY2(number < found[name].size(), name.c_str());
            std::set<std::string> listed;
            for (const QString& id : cells.value(3).split(QLatin1Char(','), Qt::SkipEmptyParts))
                listed.insert(id.trimmed().toStdString());
            ++events;
            expected += listed.size();
            for (const std::string& id : listed)
                if (!found[name][number].contains(id)) {
                    ++missed;
                    qWarning("missed: %s event %llu rule %s", name.c_str(), number, id.c_str());
                }
            for (const std::string& id : found[name][number])
                if (!listed.contains(id)) {
                    ++wrong;
                    qWarning("not listed: %s event %llu rule %s", name.c_str(), number, id.c_str());
                }
        }
        qInfo("%zu events, %zu matches", events, expected);
        QCOMPARE(events, 152U);
        QCOMPARE(expected, 216U);
        QCOMPARE(missed, 0U);
        QCOMPARE(wrong, 0U);
    }

private:
    QString m_folder;
    QTemporaryDir m_unpacked;
    test::ReadRules m_read;
};

QTEST_GUILESS_MAIN(TestSigmaCases)
#include "tst_sigma_cases.moc"
