// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReadableFoldersDialog.h"
#include "editor/QueryDocument.h"
#include "ui/FakeWindow.h"

#include <QAction>
#include <QDockWidget>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpression>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>

#include <set>

using namespace tocsin;

class TestWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyDockHasAStableNameAndTitle();
    void layoutIsSavedAndRestored();
    void brokenLayoutFallsBack();
    void resetGivesTheBuiltInLayout();
    void everyPerspectiveArranges();
    void perspectivesLoseNoTab();
    void tabsAreKeptBetweenSessions();
    void startPageWithoutDocuments();
    void noTwoActionsShareAKey();
    void everyIconButtonHasAName();
    void titleSaysWorkspaceAndAccess();
    void themeChangesEverywhere();
    void foldersQueriesMayRead();
    void foldersOfAReadOnlyWorkspaceStay();
};

void TestWindow::foldersQueriesMayRead()
{
    test::FakeProgram p;
    app::ReadableFoldersDialog dialog(p.caseActions, p.theme);
    const QStringList before{QStringLiteral("/srv/evidence"), QStringLiteral("/srv/watchlists")};
    QCOMPARE(dialog.folders(), before);
    dialog.addFolder(QStringLiteral("/srv/evidence")); // it is there already
    dialog.addFolder(QStringLiteral("/srv/missing"));
    dialog.accept();
    QCOMPARE(dialog.result(), int(QDialog::Rejected)); // it stays open and says why
    QCOMPARE(p.caseActions.folders, before);
    const auto labels = dialog.findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) { return label->text().contains(QLatin1String("/srv/missing")); }));

    auto* list = dialog.findChild<QListWidget*>();
    list->item(0)->setSelected(true);
    list->item(2)->setSelected(true);
    dialog.removeSelected();
    dialog.accept();
    QCOMPARE(dialog.result(), int(QDialog::Accepted));
    QCOMPARE(p.caseActions.folders, QStringList{QStringLiteral("/srv/watchlists")});
}

void TestWindow::foldersOfAReadOnlyWorkspaceStay()
{
    test::FakeProgram p;
    p.caseActions.writable = false;
    app::ReadableFoldersDialog dialog(p.caseActions, p.theme);
    dialog.findChild<QListWidget*>()->selectAll();
    for (const QPushButton* button : dialog.findChildren<QPushButton*>())
        QCOMPARE(button->isEnabled(), button->text().remove(QLatin1Char('&')) == QLatin1String("Cancel"));
}

void TestWindow::everyDockHasAStableNameAndTitle()
{
    test::FakeProgram p;
    app::MainWindow window(p.services());
    const auto docks = window.findChildren<QDockWidget*>();
    QCOMPARE(docks.size(), 7);
    for (const char* id : {"incidents", "killchain", "topology", "hops", "schema", "tasks", "import"}) {
        QVERIFY2(window.dock(QLatin1String(id)), id);
        QCOMPARE(window.dock(QLatin1String(id))->objectName(), QLatin1String(id));
        QVERIFY(!window.dock(QLatin1String(id))->windowTitle().isEmpty());
    }
}

void TestWindow::layoutIsSavedAndRestored()
{
    test::FakeProgram p;
    {
        app::MainWindow window(p.services());
        window.resize(1200, 800);
        window.show();
        window.dock(QStringLiteral("topology"))->hide();
        window.dock(QStringLiteral("hops"))->hide();
        window.addDockWidget(Qt::LeftDockWidgetArea, window.dock(QStringLiteral("tasks")));
        window.dock(QStringLiteral("tasks"))->show();
        window.saveSession();
    }
    app::MainWindow window(p.services());
    window.resize(1200, 800);
    window.restoreSession();
    window.show();
    QVERIFY(window.dock(QStringLiteral("topology"))->isHidden());
    QCOMPARE(window.dockWidgetArea(window.dock(QStringLiteral("tasks"))), Qt::LeftDockWidgetArea);
}

void TestWindow::brokenLayoutFallsBack()
{
    test::FakeProgram p;
    p.settings.setValue(QStringLiteral("layout/v1/incident-response"), QByteArray("junk"));
    app::MainWindow window(p.services());
    window.restoreSession();
    QVERIFY(!window.dock(QStringLiteral("incidents"))->isHidden());
    QCOMPARE(p.settings.value(QStringLiteral("layout/v1/incident-response.broken")).toByteArray(), QByteArray("junk"));
}

void TestWindow::resetGivesTheBuiltInLayout()
{
    test::FakeProgram p;
    app::MainWindow window(p.services());
    window.show();
    for (QDockWidget* dock : window.findChildren<QDockWidget*>())
        dock->hide();
    window.resetLayout();
    QVERIFY(!window.dock(QStringLiteral("incidents"))->isHidden());
    QVERIFY(!window.dock(QStringLiteral("topology"))->isHidden());
    QCOMPARE(window.dockWidgetArea(window.dock(QStringLiteral("incidents"))), Qt::BottomDockWidgetArea);
    QVERIFY(!window.tabifiedDockWidgets(window.dock(QStringLiteral("incidents"))).contains(window.dock(QStringLiteral("killchain"))));
}

void TestWindow::everyPerspectiveArranges()
{
    test::FakeProgram p;
    app::MainWindow window(p.services());
    window.resize(1440, 900);
    window.show();
    const auto all = app::perspectives();
    QCOMPARE(all.size(), std::size_t(5));
    for (const app::Perspective& perspective : all) {
        window.setPerspective(perspective.id);
        QCOMPARE(window.perspective(), perspective.id);
        for (const auto* groups : {&perspective.left, &perspective.right, &perspective.bottom})
            for (const QStringList& group : *groups)
                for (const QString& id : group)
                    QVERIFY2(window.dock(id) && !window.dock(id)->isHidden(), qPrintable(perspective.id + QLatin1Char(' ') + id));
        QVERIFY(window.documents()->width() >= 320);
    }
}

void TestWindow::perspectivesLoseNoTab()
{
    test::FakeProgram p;
    app::MainWindow window(p.services());
    window.newQuery(QString(), QStringLiteral("A"));
    window.newQuery(QString(), QStringLiteral("B"));
    window.setPerspective(QStringLiteral("auditing"));
    window.setPerspective(QStringLiteral("incident-response"));
    QCOMPARE(window.documents()->count(), 2);
}

void TestWindow::tabsAreKeptBetweenSessions()
{
    test::FakeProgram p;
    {
        app::MainWindow window(p.services());
        window.newQuery(QStringLiteral("First"), QStringLiteral("SigninLogs\n| take 5"));
        window.newQuery(QStringLiteral("Second"), QStringLiteral("SecurityAlert"));
        window.saveSession();
    }
    app::MainWindow window(p.services());
    window.restoreSession();
    QCOMPARE(window.documents()->count(), 2);
    QCOMPARE(window.documents()->tabText(0), QStringLiteral("First"));
    auto* query = qobject_cast<widgets::QueryDocument*>(window.documents()->widget(0));
    QVERIFY(query);
    QCOMPARE(query->editor()->text(), QStringLiteral("SigninLogs\n| take 5"));
}

void TestWindow::startPageWithoutDocuments()
{
    test::FakeProgram p;
    app::MainWindow window(p.services());
    window.restoreSession();
    QCOMPARE(window.documents()->count(), 1);
    QCOMPARE(window.documents()->tabText(0), QStringLiteral("Start"));
}

void TestWindow::noTwoActionsShareAKey()
{
    test::FakeProgram p;
    app::MainWindow window(p.services());
    std::set<QString> seen;
    for (const QAction* action : window.findChildren<QAction*>(QString(), Qt::FindDirectChildrenOnly))
        for (const QKeySequence& key : action->shortcuts())
            QVERIFY2(seen.insert(key.toString()).second, qPrintable(key.toString()));
    for (const char* key : {"F5", "Shift+Return", "Esc", "Shift+F5", "Ctrl+N", "Ctrl+W", "Ctrl+/", "Ctrl+Space", "F6", "F11", "Ctrl+Shift+/"})
        QVERIFY2(seen.contains(QKeySequence(QLatin1String(key)).toString()), key);
}

void TestWindow::everyIconButtonHasAName()
{
    test::FakeProgram p;
    app::MainWindow window(p.services());
    window.newQuery();
    for (const QToolButton* button : window.findChildren<QToolButton*>()) {
        if (button->objectName().startsWith(QLatin1String("qt_")) || button->objectName().startsWith(QLatin1String("Scroll")) || button->icon().isNull())
            continue;
        QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty() || !button->toolTip().isEmpty(), qPrintable(button->objectName()));
    }
}

void TestWindow::titleSaysWorkspaceAndAccess()
{
    test::FakeProgram p;
    app::MainWindow window(p.services());
    QVERIFY(window.windowTitle().contains(QStringLiteral("ferries")));
    QVERIFY(window.windowTitle().contains(QStringLiteral("writable")));
}

void TestWindow::themeChangesEverywhere()
{
    test::FakeProgram p;
    p.theme.setMode(widgets::ThemeMode::Light);
    p.theme.install(*static_cast<QApplication*>(QCoreApplication::instance()));
    app::MainWindow window(p.services());
    window.resize(1200, 800);
    window.newQuery(QString(), QStringLiteral("SigninLogs"));
    window.loadWorkspace();
    window.show();
    QTest::qWait(300);
    const auto darkShare = [&] {
        const QImage image = window.grab().toImage();
        int dark = 0, all = 0;
        for (int y = 5; y < image.height(); y += 7)
            for (int x = 5; x < image.width(); x += 7, ++all)
                dark += image.pixelColor(x, y).lightness() < 110;
        return double(dark) / all;
    };
    QVERIFY2(darkShare() < 0.12, qPrintable(QString::number(darkShare())));
    p.theme.setMode(widgets::ThemeMode::Dark);
    QTest::qWait(50);
    // No light island is left: editor, scene, grid and title bars all follow.
    QVERIFY2(darkShare() > 0.9, qPrintable(QString::number(darkShare())));
    qApp->setStyle(QStringLiteral("Fusion"));
}

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
