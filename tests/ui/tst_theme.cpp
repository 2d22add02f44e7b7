// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/Contrast.h"
#include "common/Icon.h"
#include "common/Severity.h"
#include "common/Theme.h"

#include <QDir>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace tocsin;
using namespace tocsin::widgets;

class TestTheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textStandsOutFromItsSurface_data();
    void textStandsOutFromItsSurface();
    void marksStandOutFromTheSurface_data() { modes(); }
    void marksStandOutFromTheSurface();
    void severitiesDifferByShapeAlone();
    void everyIconIsFoundAndDrawn();
    void changeReachesThePalette();
    void iconsFollowTheTheme();

private:
    static void modes();
};

void TestTheme::modes()
{
    QTest::addColumn<int>("mode");
    QTest::newRow("light") << int(ThemeMode::Light);
    QTest::newRow("dark") << int(ThemeMode::Dark);
    QTest::newRow("high contrast") << int(ThemeMode::HighContrast);
}

void TestTheme::textStandsOutFromItsSurface_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<int>("text");
    QTest::addColumn<int>("surface");
    for (const int mode : {int(ThemeMode::Light), int(ThemeMode::Dark), int(ThemeMode::HighContrast)}) {
        const auto row = [&](ThemeColor text, ThemeColor surface) { QTest::addRow("mode %d, text %d on %d", mode, int(text), int(surface)) << mode << int(text) << int(surface); };
        for (const ThemeColor surface : {ThemeColor::Window, ThemeColor::Surface, ThemeColor::SurfaceAlternate, ThemeColor::Selection}) {
            row(ThemeColor::Text, surface);
            row(ThemeColor::TextQuiet, surface);
        }
        for (int text = int(ThemeColor::KqlKeyword); text <= int(ThemeColor::KqlPlugin); ++text)
            row(ThemeColor(text), ThemeColor::Surface);
        for (const ThemeColor text : {ThemeColor::Accent, ThemeColor::Error, ThemeColor::Warning, ThemeColor::Success})
            row(text, ThemeColor::Surface);
        row(ThemeColor::AccentText, ThemeColor::Accent);
    }
}

void TestTheme::textStandsOutFromItsSurface()
{
    QFETCH(int, mode);
    QFETCH(int, text);
    QFETCH(int, surface);
    const ThemePalette& palette = paletteOf(ThemeMode(mode));
    const double ratio = contrastRatio(palette.colors[std::size_t(text)], palette.colors[std::size_t(surface)]);
    QVERIFY2(ratio >= 4.4, qPrintable(QString::number(ratio)));
}

void TestTheme::marksStandOutFromTheSurface()
{
    QFETCH(int, mode);
    const ThemePalette& palette = paletteOf(ThemeMode(mode));
    const QColor surface = palette.colors[std::size_t(ThemeColor::Surface)];
    QVERIFY(contrastRatio(palette.colors[std::size_t(ThemeColor::Border)], surface) >= 3.0);
    for (const QColor& color : palette.series)
        QVERIFY2(contrastRatio(color, surface) >= 3.0, qPrintable(color.name()));
    for (const QColor& color : palette.severities)
        QVERIFY2(contrastRatio(color, surface) >= 2.95, qPrintable(color.name() + QString::number(contrastRatio(color, surface))));
}

void TestTheme::severitiesDifferByShapeAlone()
{
    Theme theme;
    QList<QImage> shapes;
    for (std::size_t i = 0; i < items::kSeverityCount; ++i) {
        QImage image(26, 26, QImage::Format_ARGB32);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        paintSeverity(&painter, image.rect(), items::Severity(i), theme);
        painter.end();
        const QImage alpha = image.convertToFormat(QImage::Format_Alpha8);
        for (const QImage& other : shapes) {
            int different = 0;
            for (int y = 0; y < 26; ++y)
                for (int x = 0; x < 26; ++x)
                    different += std::abs(alpha.pixelColor(x, y).alpha() - other.pixelColor(x, y).alpha()) > 128;
            QVERIFY2(different > 30, qPrintable(QStringLiteral("severity %1 looks like another").arg(i)));
        }
        shapes << alpha;
    }
}

void TestTheme::everyIconIsFoundAndDrawn()
{
    const QStringList files = QDir(QStringLiteral(":/icons")).entryList();
    QVERIFY(files.size() > 50);
    Theme theme;
    for (const QString& file : files) {
        const QImage image = theme.icon(file.chopped(4)).pixmap(16, 16).toImage();
        int painted = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                painted += image.pixelColor(x, y).alpha() > 40;
        QVERIFY2(painted > 8, qPrintable(file));
    }
}

void TestTheme::changeReachesThePalette()
{
    Theme theme;
    theme.install(*static_cast<QApplication*>(QCoreApplication::instance()));
    QSignalSpy changed(&theme, &Theme::changed);
    theme.setMode(ThemeMode::Dark);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(QGuiApplication::palette().color(QPalette::Base), theme.color(ThemeColor::Surface));
    theme.setMode(ThemeMode::Light);
    QCOMPARE(QGuiApplication::palette().color(QPalette::Base), QColor(0xFF, 0xFF, 0xFF));
    qApp->setStyle(QStringLiteral("Fusion"));
}

void TestTheme::iconsFollowTheTheme()
{
    Theme theme;
    theme.setMode(ThemeMode::Light);
    const QIcon icon = theme.icon(QStringLiteral("table"));
    const QImage light = icon.pixmap(16, 16).toImage();
    theme.setMode(ThemeMode::Dark);
    QVERIFY(icon.pixmap(16, 16).toImage() != light);
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
