// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read the concepts in the standard headers
#include "FunctionHarness.h"
#endif

#include <QTest>

#include <cmath>

using namespace tocsin;
using namespace tocsin::kql;
using namespace tocsin::kql::testing;

namespace {

struct Case {
    const char* name;
    std::vector<Value> arguments;
    const char* expected;
};

Value line(std::string_view coordinates) { return J("{\"type\":\"LineString\",\"coordinates\":" + std::string(coordinates) + "}"); }
Value polygon(std::string_view coordinates) { return J("{\"type\":\"Polygon\",\"coordinates\":" + std::string(coordinates) + "}"); }

const char* const kSquare = "[[[0,0],[2,0],[2,2],[0,2],[0,0]]]";
const char* const kFar = "[[[5,0],[7,0],[7,2],[5,2],[5,0]]]";
const char* const kInvalid = "[[[0,0],[10,10],[10,10],[0,0]]]";
const char* const kCrossing = "[[[0,0],[2,2],[2,0],[0,2],[0,0]]]";

std::vector<Case> pointCases()
{
    return {
        {"geo_distance_2points", {R(-122.407628), R(47.578557), R(-118.275287), R(34.019056)}, "1546754.35197381"},
        {"geo_distance_2points", {L(0), L(0), L(0), L(90), B(true)}, "10001965.7293"}, // a quarter of a WGS-84 meridian
        {"geo_distance_2points", {L(0), L(0), L(180), L(0), B(true)}, "20003931.4586"}, // opposite: over a pole
        {"geo_distance_2points", {L(5), L(5), L(5), L(5), B(true)}, "0"}, {"geo_distance_2points", {L(0), L(0), L(0), L(90), L(1)}, "10001965.7293"}, {"geo_distance_2points", {L(300), L(1), L(1), L(1)}, "null"},
        {"geo_distance_2points", {L(0), L(0), L(1), L(0), N(DataType::Bool)}, "null"},
        {"geo_azimuth", {L(5), L(10), L(10), L(-40)}, "3.05459939796449"}, {"geo_azimuth", {L(5), L(10), L(5), L(10)}, "null"}, {"geo_azimuth", {L(0), L(0), L(180), L(0)}, "null"}, {"geo_azimuth", {L(0), L(0), L(-1), L(0)}, "4.71238898038469"},
        {"geo_angle", {L(0), L(10), L(0), L(5), L(3), L(-10)}, "2.94493843406882"}, {"geo_angle", {L(0), L(10), L(0), L(10), L(3), L(-10)}, "null"},
        {"geo_point_in_circle", {R(-122.143564), R(47.535677), R(-122.100896), R(47.527351), L(3500)}, "true"}, {"geo_point_in_circle", {L(0), L(0), L(1), L(0), L(1000)}, "false"}, {"geo_point_in_circle", {L(0), L(0), L(1), L(0), L(-1)}, "null"},
        {"geo_point_in_polygon", {L(1), L(1), polygon(kSquare)}, "true"}, {"geo_point_in_polygon", {L(0), L(0), polygon(kSquare)}, "true"}, {"geo_point_in_polygon", {L(3), L(1), polygon(kSquare)}, "false"}, {"geo_point_in_polygon", {L(1), L(1), polygon(kInvalid)}, "null"}, {"geo_point_in_polygon", {L(200), L(1), polygon(kSquare)}, "null"},
        {"geo_distance_point_to_line", {L(1), L(1), line("[[0,0],[2,0]]")}, "111195.101177484"}, {"geo_distance_point_to_line", {L(1), L(1), J("{\"type\":\"LineString\"}")}, "null"},
        {"geo_distance_point_to_polygon", {L(1), L(1), polygon(kSquare)}, "0"}, {"geo_distance_point_to_polygon", {L(1), L(-1), polygon(kSquare)}, "111195.101177484"},
        {"geo_closest_point_on_line", {L(3), L(0), line("[[0,0],[2,0]]")}, "{\"type\":\"Point\",\"coordinates\":[2,0]}"}, {"geo_closest_point_on_line", {L(300), L(3), line("[[1,1],[2,2]]")}, "null"},
        {"geo_closest_point_on_polygon", {L(1), L(1), polygon(kSquare)}, "{\"type\":\"Point\",\"coordinates\":[1,1]}"}, {"geo_closest_point_on_polygon", {L(1), L(1), polygon(kCrossing)}, "null"},
    };
}

std::vector<Case> shapeCases()
{
    const Value hole = polygon("[[[0,0],[3,0],[3,3],[0,3],[0,0]],[[1,1],[1,2],[2,2],[2,1],[1,1]]]");
    return {
        {"geo_line_length", {line("[[0,0],[1,0]]")}, "111195.101177484"}, {"geo_line_length", {line("[[1,1]]")}, "null"}, {"geo_line_length", {J("{\"type\":\"MultiLineString\",\"coordinates\":[[[0,0],[1,0]],[[0,0],[1,0]]]}")}, "111195.101177484"},
        {"geo_line_centroid", {line("[[0,0],[1,0]]")}, "{\"type\":\"Point\",\"coordinates\":[0.5,0]}"}, {"geo_line_interpolate_point", {line("[[0,0],[1,0]]"), R(0.25)}, "{\"type\":\"Point\",\"coordinates\":[0.25,0]}"}, {"geo_line_interpolate_point", {line("[[0,0],[1,0]]"), R(1.5)}, "null"},
        {"geo_line_locate_point", {line("[[-73.95796,40.80042],[-73.97317,40.764486]]"), R(-73.965), R(40.792)}, "0.25560135100307552"}, {"geo_line_locate_point", {line("[[0,0],[1,0]]"), R(0.5), L(0), B(true)}, "0.5"},
        {"geo_polygon_area", {polygon(kSquare)}, "49452374328.25101"}, {"geo_polygon_area", {polygon(kInvalid)}, "null"}, {"geo_polygon_perimeter", {polygon("[[[0,0],[1,0],[1,1],[0,1],[0,0]]]")}, "444763.46872762055"},
        {"geo_polygon_centroid", {polygon("[[[-1,-1],[1,-1],[1,1],[-1,1],[-1,-1]]]")}, "{\"type\":\"Point\",\"coordinates\":[0,0]}"},
        {"geo_point_in_polygon", {R(1.5), R(1.5), hole}, "false"}, {"geo_point_in_polygon", {R(0.5), R(0.5), hole}, "true"},
        {"geo_intersects_2lines", {line("[[0,0],[2,2]]"), line("[[0,2],[2,0]]")}, "true"}, {"geo_intersects_2lines", {line("[[0,0],[2,2]]"), line("[[5,5],[6,6]]")}, "false"}, {"geo_intersects_2lines", {line("[[0,0],[2,2]]"), polygon(kSquare)}, "null"},
        {"geo_intersects_line_with_polygon", {line("[[1,1],[9,9]]"), polygon(kSquare)}, "true"}, {"geo_intersects_2polygons", {polygon(kSquare), polygon(kFar)}, "false"},
        {"geo_intersection_2lines", {line("[[-1,0],[1,0]]"), line("[[0,-1],[0,1]]")}, "{\"type\":\"Point\",\"coordinates\":[0,0]}"}, {"geo_intersection_2lines", {line("[[1,1],[2,2]]"), line("[[3,3],[4,4]]")}, "{\"type\":\"GeometryCollection\",\"geometries\":[]}"},
        {"geo_intersection_line_with_polygon", {line("[[-1,0],[9,0]]"), polygon(kFar)}, "{\"type\":\"LineString\",\"coordinates\":[[5,0],[7,0]]}"}, {"geo_intersection_2polygons", {polygon("[[[2,45],[0,45],[1,44],[2,45]]]"), polygon("[[[3,44],[2,45],[2,43],[3,44]]]")}, "{\"type\":\"Point\",\"coordinates\":[2,45]}"},
        {"geo_line_densify", {line("[[50,50],[51,51]]"), L(10)}, "{\"type\":\"LineString\",\"coordinates\":[[50,50],[50.125,50.125],[50.25,50.25],[50.375,50.375],[50.5,50.5],[50.625,50.625],[50.75,50.75],[50.875,50.875],[51,51]]}"}, {"geo_line_densify", {line("[[1,1],[2,2]]"), L(0)}, "null"},
        {"geo_polygon_densify", {polygon("[[[10,10],[11,10],[11,11],[10,11],[10,10]]]")}, "{\"type\":\"Polygon\",\"coordinates\":[[[10,10],[10.25,10],[10.5,10],[10.75,10],[11,10],[11,11],[10.75,11],[10.5,11],[10.25,11],[10,11],[10,10]]]}"},
        {"geo_line_simplify", {line("[[1,1],[2,2]]"), L(-1)}, "null"}, {"geo_line_simplify", {line("[[0,0],[0.00001,0],[1,0]]")}, "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0]]}"}, {"geo_polygon_simplify", {polygon(kSquare), L(1000000)}, "null"},
        {"geo_point_buffer", {L(10), L(10), L(-1)}, "null"}, {"geo_point_buffer", {L(200), L(1), R(0.1)}, "null"}, {"geo_line_buffer", {line("[[0,0],[1,1]]"), L(0)}, "null"}, {"geo_polygon_buffer", {J("{\"type\":\"p\"}"), L(1)}, "null"},
        {"geo_union_lines_array", {J("[]")}, "null"}, {"geo_union_polygons_array", {J("[1]")}, "null"}, {"geo_simplify_polygons_array", {J("[{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,2],[0,0]]]}]"), L(-1)}, "null"},
        {"geo_from_wkt", {S("LINESTRING (1 2, 3 4)")}, "{\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4]]}"}, {"geo_from_wkt", {S("multipoint ((1 1), (2 2))")}, "{\"type\":\"MultiPoint\",\"coordinates\":[[1,1],[2,2]]}"}, {"geo_from_wkt", {S("POLYGON ((0 0, 2 0, 2 2, 0 0))")}, "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,2],[0,0]]]}"},
        {"geo_from_wkt", {S("GEOMETRYCOLLECTION (POINT (1 1),LINESTRING (2 2, 3 3))")}, "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\",\"coordinates\":[1,1]},{\"type\":\"LineString\",\"coordinates\":[[2,2],[3,3]]}]}"}, {"geo_from_wkt", {S("LINESTRING")}, "null"}, {"geo_from_wkt", {S("POINT (1 2) x")}, "null"}, {"geo_from_wkt", {S("POINT (1 200)")}, "null"},
    };
}

std::vector<Case> gridCases()
{
    return {
        {"geo_point_to_geohash", {R(139.806115), R(35.554128), L(12)}, "xn76m27ty9g4"}, {"geo_point_to_geohash", {R(-80.195829), R(25.802215), L(8)}, "dhwfz15h"}, {"geo_point_to_geohash", {L(180), L(90), L(18)}, "zzzzzzzzzzzzzzzzzz"}, {"geo_point_to_geohash", {L(1), L(1), L(19)}, ""}, {"geo_point_to_geohash", {L(1), L(1), N(DataType::Long)}, ""},
        {"geo_geohash_to_central_point", {S("sunny")}, "{\"type\":\"Point\",\"coordinates\":[42.47314453125,23.70849609375]}"}, {"geo_geohash_to_central_point", {S("a")}, "null"}, {"geo_geohash_neighbors", {S("sunny")}, "[\"sunnt\",\"sunpj\",\"sunnx\",\"sunpn\",\"sunnv\",\"sunpp\",\"sunnz\",\"sunnw\"]"},
        {"geo_point_to_s2cell", {R(-80.195829), R(25.802215), L(8)}, "88d9b"}, {"geo_point_to_s2cell", {L(1), L(1), L(35)}, ""}, {"geo_point_to_s2cell", {L(300), L(1), L(8)}, ""}, {"geo_s2cell_to_central_point", {S("nothing")}, "null"},
        {"geo_s2cell_neighbors", {S("89c259")}, "[\"89c25d\",\"89c2f9\",\"89c251\",\"89c257\",\"89c25f\",\"89c25b\",\"89c2f7\",\"89c2f5\"]"}, {"geo_s2cell_neighbors", {S("a")}, "null"},
        {"geo_polygon_to_s2cells", {polygon("[[[0,0],[0,50],[100,50],[0,0]]]"), L(30)}, "null"}, {"geo_line_to_s2cells", {line("[[1,1],[1.01,1]]"), L(5)}, "[\"1004\"]"},
        {"geo_point_to_h3cell", {R(-74.04450446039874), R(40.689250859314974)}, "862a1072fffffff"}, {"geo_point_to_h3cell", {L(1), L(1), L(16)}, ""}, {"geo_h3cell_level", {S("862a1072fffffff")}, "6"}, {"geo_h3cell_level", {S("abc")}, "null"},
        {"geo_h3cell_parent", {S("862a1072fffffff"), L(1)}, "812a3ffffffffff"}, {"geo_h3cell_parent", {S("862a1072fffffff"), L(15)}, ""}, {"geo_h3cell_children", {S("862a1072fffffff")}, "[\"872a10728ffffff\",\"872a10729ffffff\",\"872a1072affffff\",\"872a1072bffffff\",\"872a1072cffffff\",\"872a1072dffffff\",\"872a1072effffff\"]"}, {"geo_h3cell_children", {S("862a1072fffffff"), L(12)}, "null"},
        {"geo_h3cell_neighbors", {S("861f8894fffffff")}, "[\"861f88947ffffff\",\"861f8895fffffff\",\"861f88867ffffff\",\"861f8d497ffffff\",\"861f8d4b7ffffff\",\"861f8896fffffff\"]"}, {"geo_h3cell_rings", {S("861f8894fffffff"), L(0)}, "[[\"861f8894fffffff\"]]"}, {"geo_h3cell_rings", {S("861f8894fffffff"), L(150)}, "null"},
        {"geo_polygon_to_h3cells", {polygon("[[[0,0],[1,1]]]")}, "null"}, {"geo_polygon_to_h3cells", {polygon("[[[0,0],[50,0],[50,50],[0,0]]]"), L(15)}, "null"},
    };
}

} // namespace

/// The geospatial functions: their documented answers, and null for what is no place or shape.
class TestGeoFunctions : public QObject {
    Q_OBJECT
private slots:
    void answers_data();
    void answers();
    void buffersHoldTheirRadius();
    void unionsAreOneShape();
    void cellsOfAPolygonAreThoseWithTheirCentreInside();

private:
    std::string call(std::string_view name, const std::vector<Value>& arguments) { return evaluate(m_registry, name, arguments); }
    FunctionRegistry m_registry = builtInFunctions();
};

void TestGeoFunctions::answers_data()
{
    QTest::addColumn<QString>("actual");
    QTest::addColumn<QString>("expected");
    for (const auto& cases : {pointCases(), shapeCases(), gridCases()})
        for (std::size_t i = 0; i < cases.size(); ++i)
            QTest::addRow("%s #%zu", cases[i].name, i) << QString::fromStdString(call(cases[i].name, cases[i].arguments)) << cases[i].expected;
}

void TestGeoFunctions::answers()
{
    QFETCH(QString, actual);
    QFETCH(QString, expected);
    bool isNumber = false;
    const double wanted = expected.toDouble(&isNumber);
    if (isNumber)
        QVERIFY2(std::fabs(actual.toDouble() - wanted) <= std::fabs(wanted) * 1e-9, qPrintable(actual + " is not " + expected));
    else
        QCOMPARE(actual, expected);
}

void TestGeoFunctions::buffersHoldTheirRadius()
{
    const Value buffer = J(call("geo_point_buffer", {R(-115.17), R(36.15), L(20000)}));
    const double area = std::stod(call("geo_polygon_area", {buffer}));
    QVERIFY(std::fabs(area / (3.14159265 * 20000 * 20000) - 1) < 0.002);
    const Value wide = J(call("geo_polygon_buffer", {polygon(kSquare), L(1000)}));
    QVERIFY(std::stod(call("geo_polygon_area", {wide})) > std::stod(call("geo_polygon_area", {polygon(kSquare)})));
    QVERIFY(std::stod(call("geo_polygon_area", {J(call("geo_line_buffer", {line("[[0,0],[0.1,0]]"), L(100), L(1)}))})) > 11119.5 * 200);
}

void TestGeoFunctions::unionsAreOneShape()
{
    const Value lines = J("[{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0],[2,0]]},{\"type\":\"LineString\",\"coordinates\":[[1,0],[2,0],[3,0]]}]");
    QCOMPARE(call("geo_union_lines_array", {lines}), std::string("{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0],[2,0],[3,0]]}"));
    const Value polygons = J("[{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]},{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}]");
    QVERIFY(std::fabs(std::stod(call("geo_polygon_area", {J(call("geo_union_polygons_array", {polygons}))})) / 49452374328.25101 - 1) < 1e-9);
}

void TestGeoFunctions::cellsOfAPolygonAreThoseWithTheirCentreInside()
{
    const Value wanted = polygon("[[[-3.659,40.553],[-3.913,40.409],[-3.729,40.273],[-3.524,40.440],[-3.659,40.553]]]");
    const std::string tokens = call("geo_polygon_to_h3cells", {wanted});
    for (const char* token : {"86390cb57ffffff", "86390cb0fffffff", "86390ca27ffffff", "86390cb87ffffff", "86390cb07ffffff", "86390ca2fffffff", "86390ca37ffffff", "86390cb17ffffff", "86390cb1fffffff", "86390cb8fffffff", "86390cba7ffffff", "86390ca07ffffff", "86390cbafffffff"})
        QVERIFY2(tokens.find(token) != std::string::npos, token);
    QCOMPARE(std::count(tokens.begin(), tokens.end(), ','), 12);
}

QTEST_GUILESS_MAIN(TestGeoFunctions)
#include "tst_geo_functions.moc"
