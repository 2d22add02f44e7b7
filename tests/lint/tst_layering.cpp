// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QMap>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <QTest>

/// Reads the sources themselves: what may use what, and the rules that no compiler checks.
namespace {

constexpr int kMostLines = 700;

struct Source {
    QString path; ///< from the root of the project
    QStringList lines;

    bool isCode() const { return path.endsWith(QLatin1String(".h")) || path.endsWith(QLatin1String(".cpp")); }
    QString folder(int depth) const { return path.section(QLatin1Char('/'), depth, depth); }
    QString place(qsizetype line) const { return path + QLatin1Char(':') + QString::number(line + 1); }
};

const QString kRoot = QStringLiteral(TOCSIN_SOURCE_DIR "/");

QList<Source> readSources(const QStringList& folders)
{
    QList<Source> sources;
    for (const QString& folder : folders) {
        QDirIterator files(kRoot + folder, {QStringLiteral("*.h"), QStringLiteral("*.cpp"), QStringLiteral("*.cmake"), QStringLiteral("CMakeLists.txt")}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly))
                sources << Source{file.fileName().mid(kRoot.size()), QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))};
        }
    }
    std::sort(sources.begin(), sources.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
    return sources;
}

struct Include {
    QString name;
    bool quoted = false; ///< in quotation marks, not angle brackets
    qsizetype line = 0;
};

QList<Include> includesOf(const Source& source)
{
    static const QRegularExpression kInclude(QStringLiteral(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])"));
    QList<Include> includes;
    for (qsizetype i = 0; i < source.lines.size(); ++i)
        if (const auto match = kInclude.match(source.lines[i]); match.hasMatch())
            includes << Include{match.captured(2), match.captured(1) == QLatin1String("\""), i};
    return includes;
}

/// The folders of models/ in the order of the architecture; a folder may use those before it.
const QStringList kModels{"base", "column", "catalog", "kql", "engine", "store", "ingest", "attack", "samplecase", "entity", "detect", "incident", "network", "posture", "monitor",
                          "identity", "solution", "vault", "remote", "serve", "report", "session", "items"};
const QSet<QString> kWithQt{"remote", "serve", "report", "session", "items"};

/// Folders that may use less than all those before them.
const QMap<QString, QSet<QString>> kMayUse{
    {"base", {}},
    {"column", {"base"}},
    {"catalog", {"base", "column"}},
    {"kql", {"base", "column", "catalog"}},
    {"store", {"base", "column", "catalog"}},
    {"engine", {"base", "column", "catalog", "kql"}},
    {"ingest", {"base", "column", "catalog", "store"}},
    {"attack", {"base"}},
    {"samplecase", {"base", "attack"}},
    {"entity", {"base"}},
    {"network", {"base"}},
};

bool mayUse(const QString& folder, const QString& other)
{
    if (folder == other)
        return true;
    const auto known = kMayUse.find(folder);
    return known != kMayUse.end() ? known->contains(other) : kModels.indexOf(other) < kModels.indexOf(folder);
}

/// Everything between the bracket at `open` and the one that closes it.
QString inBrackets(const QString& text, qsizetype open)
{
    int depth = 0;
    for (qsizetype i = open; i < text.size(); ++i) {
        depth += text[i] == QLatin1Char('(') ? 1 : text[i] == QLatin1Char(')') ? -1 : 0;
        if (depth == 0)
            return text.mid(open + 1, i - open - 1);
    }
    return text.mid(open + 1);
}

} // namespace

class TestLayering final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_sources = readSources({"app", "models", "widgets", "tests", "resources", "packaging"});
        QVERIFY2(m_sources.size() > 300, "the sources are not where they should be");
        const QStringList widgets = QDir(kRoot + QStringLiteral("widgets")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        m_widgets = {widgets.begin(), widgets.end()};
    }
    void init() { m_findings.clear(); }
    void cleanup()
    {
        if (!m_findings.isEmpty() && !QTest::currentTestFailed())
            QFAIL(qPrintable(QLatin1Char('\n') + m_findings.join(QLatin1Char('\n'))));
    }

    void everyModelFolderHasItsPlace()
    {
        for (const QString& folder : QDir(kRoot + QStringLiteral("models")).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            if (!kModels.contains(folder))
                m_findings << QStringLiteral("models/%1 is not in the order of the architecture").arg(folder);
    }

    void modelsUseOnlyWhatIsBelowThem()
    {
        for (const Source& source : std::as_const(m_sources)) {
            if (source.folder(0) != QLatin1String("models") || !source.isCode())
                continue;
            for (const Include& include : includesOf(source)) {
                const QString used = include.name.section(QLatin1Char('/'), 0, 0);
                if (!include.quoted || !include.name.contains(QLatin1Char('/')))
                    continue;
                if (kModels.contains(used) && !mayUse(source.folder(1), used))
                    m_findings << source.place(include.line) + QStringLiteral(": %1 must not use %2").arg(source.folder(1), include.name);
                else if (!kModels.contains(used) && (m_widgets.contains(used) || used == QLatin1String("app") || used == QLatin1String("cli") || used == QLatin1String("window")))
                    m_findings << source.place(include.line) + QStringLiteral(": models must not use %1").arg(include.name);
            }
        }
    }

    void widgetsDoNotUseTheApplication()
    {
        const QStringList application = QDir(kRoot + QStringLiteral("app")).entryList({QStringLiteral("*.h")}, QDir::Files);
        for (const Source& source : std::as_const(m_sources)) {
            if (source.folder(0) == QLatin1String("app") || source.folder(0) == QLatin1String("tests") || !source.isCode())
                continue;
            for (const Include& include : includesOf(source))
                if (include.quoted && (application.contains(include.name) || include.name.startsWith(QLatin1String("cli/")) || include.name.startsWith(QLatin1String("window/"))))
                    m_findings << source.place(include.line) + QStringLiteral(": only app/ may use %1").arg(include.name);
        }
    }

    void lowestTierKnowsNoQt()
    {
        static const QRegularExpression kQtHeader(QStringLiteral("^(Q[A-Z]|q[a-z]+\\.h$|Qt|Qsci)"));
        for (const Source& source : std::as_const(m_sources)) {
            if (source.folder(0) != QLatin1String("models") || kWithQt.contains(source.folder(1)) || !source.isCode())
                continue;
            for (const Include& include : includesOf(source))
                if (!include.quoted && kQtHeader.match(include.name).hasMatch())
                    m_findings << source.place(include.line) + QStringLiteral(": no Qt in models/%1").arg(source.folder(1));
        }
    }

    void modelsShowNothing()
    {
        for (const Source& source : std::as_const(m_sources)) {
            if (source.folder(0) != QLatin1String("models") || !source.isCode())
                continue;
            static const QSet<QString> kScreen{"QWidget", "QApplication", "QDialog", "QLabel", "QMainWindow", "QMessageBox", "QStyle", "QTableView", "QTreeView", "QListView"};
            for (const Include& include : includesOf(source))
                if (kScreen.contains(include.name) || include.name.startsWith(QLatin1String("QtWidgets")) || include.name.startsWith(QLatin1String("Qsci")))
                    m_findings << source.place(include.line) + QStringLiteral(": a model must not use %1").arg(include.name);
        }
    }

    void everySourceNamesItsLicence()
    {
        for (const Source& source : std::as_const(m_sources))
            if (!source.lines.first().contains(QLatin1String("SPDX-License-Identifier: GPL-3.0-or-later")))
                m_findings << source.place(0) + QStringLiteral(": no licence line");
    }

    void noFileIsTooLong()
    {
        for (const Source& source : std::as_const(m_sources))
            if (source.isCode() && source.lines.size() > kMostLines)
                m_findings << source.path + QStringLiteral(": %1 lines, at most %2").arg(source.lines.size()).arg(kMostLines);
    }

    void headersGuardThemselves()
    {
        for (const Source& source : std::as_const(m_sources))
            if (source.path.endsWith(QLatin1String(".h")) && !source.lines.contains(QStringLiteral("#pragma once")))
                m_findings << source.path + QStringLiteral(": no #pragma once");
    }

    void everyFolderExplainsItself()
    {
        for (const char* tree : {"models", "widgets"})
            for (const QString& folder : QDir(kRoot + QLatin1String(tree)).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
                if (!QFile::exists(kRoot + QLatin1String(tree) + QLatin1Char('/') + folder + QStringLiteral("/README.md")))
                    m_findings << QLatin1String(tree) + QLatin1Char('/') + folder + QStringLiteral(": no README.md");
    }

    void nothingIsReachedFromEverywhere()
    {
        static const QRegularExpression kSingleton(QStringLiteral(R"((?<!QCoreApplication::)(?<!QGuiApplication::)(?<!QApplication::)\binstance\(\))"));
        static const QRegularExpression kMutableStatic(QStringLiteral(R"(^\s*(inline\s+)?static\s+(inline\s+)?(?!const\b|constexpr\b|constinit const\b)[A-Za-z_][\w:<>,*& ]*\s+\w+\s*(=|;|\{))"));
        for (const Source& source : std::as_const(m_sources)) {
            if (!source.isCode() || source.folder(0) == QLatin1String("tests"))
                continue;
            for (qsizetype i = 0; i < source.lines.size(); ++i) {
                const QString code = source.lines[i].section(QStringLiteral("//"), 0, 0);
                if (kSingleton.match(code).hasMatch())
                    m_findings << source.place(i) + QStringLiteral(": a singleton");
                if (kMutableStatic.match(code).hasMatch())
                    m_findings << source.place(i) + QStringLiteral(": a mutable static");
                if (!source.path.startsWith(QLatin1String("models/base/")) && code.contains(QLatin1String("spdlog")))
                    m_findings << source.place(i) + QStringLiteral(": log through a Log that was handed in");
            }
        }
    }

    void everyIconUsedExists()
    {
        const QDir icons(kRoot + QStringLiteral("resources/icons"));
        QFile list(icons.filePath(QStringLiteral("CMakeLists.txt")));
        QVERIFY(list.open(QIODevice::ReadOnly));
        const QString listed = QString::fromUtf8(list.readAll());
        for (const QString& file : icons.entryList({QStringLiteral("*.svg")}))
            if (!listed.contains(QLatin1Char(' ') + file))
                m_findings << QStringLiteral("resources/icons/%1 is not compiled in").arg(file);
        static const QRegularExpression kCall(QStringLiteral(R"([iI]con\()"));
        static const QRegularExpression kName(QLatin1String("(?:QStringLiteral|QLatin1String)\\(\"([a-z][a-z-]+)\"\\)"));
        static const QRegularExpression kPath(QStringLiteral(R"(:/icons/([a-z][a-z-]+)\.svg)"));
        int used = 0;
        for (const Source& source : std::as_const(m_sources)) {
            if (source.folder(0) != QLatin1String("widgets") && source.folder(0) != QLatin1String("app"))
                continue;
            for (qsizetype i = 0; i < source.lines.size(); ++i) {
                QStringList names;
                for (auto call = kCall.globalMatch(source.lines[i]); call.hasNext();)
                    for (auto name = kName.globalMatch(inBrackets(source.lines[i], call.next().capturedEnd() - 1)); name.hasNext();)
                        names << name.next().captured(1);
                for (auto path = kPath.globalMatch(source.lines[i]); path.hasNext();)
                    names << path.next().captured(1);
                used += int(names.size());
                for (const QString& name : std::as_const(names))
                    if (!icons.exists(name + QStringLiteral(".svg")))
                        m_findings << source.place(i) + QStringLiteral(": there is no icon '%1'").arg(name);
            }
        }
        QVERIFY2(used > 10, "icons are asked for in some other way than this test knows");
    }

    void nothingIsLeftToDo()
    {
        static const QRegularExpression kMarker(QLatin1String("\\b(TO" "DO|FIX" "ME|XX" "X|HA" "CK)\\b|not " "implemented"));
        for (const Source& source : std::as_const(m_sources))
            for (qsizetype i = 0; i < source.lines.size(); ++i)
                if (kMarker.match(source.lines[i]).hasMatch())
                    m_findings << source.place(i) + QStringLiteral(": unfinished: ") + source.lines[i].trimmed();
    }

    void lowestTierLibrariesHoldNoQtSymbols()
    {
        const QString nm = QStandardPaths::findExecutable(QStringLiteral("nm"));
        if (nm.isEmpty())
            QSKIP("nm is not installed");
        // A Qt name that is not inside one of our namespaces, in a demangled symbol.
        static const QRegularExpression kQtSymbol(QStringLiteral(R"((?<![:\w])(Q[A-Z][a-z]\w*(::|\*|&| const)|qt_\w+|qBadAlloc|qFree|qMalloc))"));
        const QDir libraries(QStringLiteral(TOCSIN_BINARY_DIR "/lib"));
        int read = 0;
        for (const QString& file : libraries.entryList({QStringLiteral("libtocsin_*.a")})) {
            const QString name = file.mid(10).section(QLatin1Char('.'), 0, 0);
            const QString folder = name.section(QLatin1Char('_'), 0, 0); // kql_bind is a part of kql
            const bool partOfAFolder = name == QLatin1String("evtx") || name == QLatin1String("sigma");
            if (!partOfAFolder && (!kModels.contains(folder) || kWithQt.contains(folder)))
                continue;
            QProcess process;
            process.start(nm, {QStringLiteral("-C"), QStringLiteral("--undefined-only"), libraries.filePath(file)});
            QVERIFY(process.waitForFinished(60'000));
            ++read;
            for (const QByteArray& line : process.readAllStandardOutput().split('\n'))
                if (kQtSymbol.match(QString::fromUtf8(line)).hasMatch())
                    m_findings << file + QStringLiteral(": ") + QString::fromUtf8(line).simplified().left(160);
        }
        if (read == 0)
            QSKIP("no library is built");
    }

private:
    QList<Source> m_sources;
    QSet<QString> m_widgets;
    QStringList m_findings;
};

QTEST_GUILESS_MAIN(TestLayering)
#include "tst_layering.moc"
