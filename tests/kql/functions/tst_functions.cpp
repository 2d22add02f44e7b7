// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read the concepts in the standard headers
#include "FunctionHarness.h"
#endif

#include <QTest>

using namespace tocsin;
using namespace tocsin::kql;
using namespace tocsin::kql::testing;
using enum DataType;

namespace {

struct Case {
    const char* name;
    std::vector<Value> arguments;
    const char* expected;
};

std::vector<Case> operatorCases()
{
    return {
        {"+", {L(2), L(3)}, "5"}, {"+", {L(2), R(0.5)}, "2.5"}, {"+", {I(2), I(3)}, "5"}, {"+", {D("1.1"), L(1)}, "2.1"}, {"+", {N(Long), L(3)}, "null"},
        {"+", {T("2024-01-31"), Span("1d")}, "2024-02-01T00:00:00.0000000Z"}, {"+", {T("9999-12-31"), Span("2d")}, "null"},
        {"-", {T("2024-01-02"), T("2024-01-01")}, "1.00:00:00"}, {"-", {L(5)}, "-5"}, {"-", {Span("1h")}, "-01:00:00"},
        {"*", {L(2), Span("1h")}, "02:00:00"}, {"*", {R(0.5), Span("1h")}, "00:30:00"}, {"*", {L(9223372036854775807), L(2)}, "-2"},
        {"/", {L(1), L(2)}, "0"}, {"/", {L(-7), L(2)}, "-3"}, {"/", {L(1), L(0)}, "null"}, {"/", {R(1), L(0)}, "Infinity"}, {"/", {R(0), R(0)}, "NaN"}, {"/", {Span("1h"), Span("30m")}, "2.0"},
        {"%", {L(-14), L(12)}, "10"}, {"%", {L(14), L(-12)}, "2"}, {"%", {R(5.5), L(2)}, "1.5"}, {"%", {L(1), L(0)}, "null"}, {"%", {Span("90m"), Span("1h")}, "00:30:00"},
        {"==", {L(1), R(1)}, "true"}, {"==", {N(Long), L(1)}, "false"}, {"!=", {N(Long), L(1)}, "true"}, {"==", {N(Long), N(Long)}, "null"}, {"==", {S("a"), S("A")}, "false"},
        {"==", {J("{\"a\":1}"), J("{\"a\":1}")}, "true"}, {"==", {J("\"x\""), S("x")}, "true"}, {"==", {N(Dynamic), S("")}, "true"}, {"==", {J("1.5"), L(1)}, "false"}, {"!=", {N(Dynamic), L(1)}, "true"},
        {"<", {L(1), R(1.5)}, "true"}, {"<", {N(Long), L(1)}, "null"}, {">=", {T("2024-01-01"), T("2024-01-01")}, "true"}, {">", {J("5"), L(3)}, "true"}, {"<", {L(3), J("2.5")}, "false"}, {">", {J("[1]"), L(3)}, "null"},
        {"=~", {S("aBc"), S("AbC")}, "true"}, {"!~", {S("aBc"), S("AbD")}, "true"},
        {"and", {B(false), N(Bool)}, "false"}, {"and", {N(Bool), B(true)}, "null"}, {"or", {N(Bool), B(true)}, "true"}, {"or", {B(false), N(Bool)}, "null"}, {"not", {N(Bool)}, "null"}, {"not", {B(false)}, "true"},
        {"has", {S("foo_bar"), S("FOO")}, "true"}, {"!has", {S("foobar"), S("foo")}, "true"}, {"has_cs", {S("foo bar"), S("Foo")}, "false"}, {"hasprefix", {S("ab cd"), S("c")}, "true"}, {"hassuffix", {S("ab cd"), S("B")}, "true"},
        {"contains", {S("PowerShell"), S("ersh")}, "true"}, {"contains_cs", {S("PowerShell"), S("ersh")}, "false"}, {"!contains", {S("abc"), S("x")}, "true"}, {"notcontains", {S("abc"), S("B")}, "false"},
        {"startswith", {S("Abc"), S("aB")}, "true"}, {"endswith", {S("Abc"), S("BC")}, "true"}, {"endswith_cs", {S("Abc"), S("BC")}, "false"},
        {"matches regex", {S("cmd -enc"), S("-e[a-z]+$")}, "true"}, {"matches regex", {S("ABC"), S("abc")}, "false"}, {"matches regex", {S("ABC"), S("(?i)abc")}, "true"},
        {"in", {S("a"), J("[\"a\",\"b\"]")}, "true"}, {"in", {S("A"), S("a"), S("b")}, "false"}, {"in~", {S("A"), S("a"), S("b")}, "true"}, {"!in", {N(Long), J("[1]")}, "true"}, {"in", {L(1), J("[1.5, 1]")}, "true"}, {"in", {L(1), J("[1.5]")}, "false"},
        {"in", {T("2024-01-01"), J("[\"2024-01-01\"]")}, "true"}, {"in", {S("b"), J("[\"a\"]"), J("[\"b\"]")}, "true"}, {"!in~", {S("A"), J("[\"a\"]")}, "false"}, {"in", {J("\"x\""), J("[\"x\"]")}, "true"},
        {"has_any", {S("net user add"), J("[\"group\",\"USER\"]")}, "true"}, {"has_any", {S("net users"), S("user"), S("group")}, "false"}, {"has_all", {S("a b c"), S("a"), S("C")}, "true"}, {"has_all", {S("a b"), J("[\"a\",\"x\"]")}, "false"},
        {"has_any", {S("run x7.exe now"), J("[\"q\",\"w\",\"e\",\"r\",\"t\",\"z\",\"u\",\"X7\"]")}, "true"}, {"has_any", {S("run x77"), J("[\"q\",\"w\",\"e\",\"r\",\"t\",\"z\",\"u\",\"X7\"]")}, "false"},
        {"has_any_index", {S("b a"), J("[\"x\",\"a\",\"b\"]")}, "1"},
        {"between", {L(3), L(1), L(3)}, "true"}, {"!between", {L(4), L(1), L(3)}, "true"}, {"between", {T("2024-01-02"), T("2024-01-01"), Span("1d")}, "true"}, {"between", {N(Long), L(1), L(2)}, "null"}, {"between", {L(2), R(1.5), L(3)}, "true"},
    };
}

std::vector<Case> stringCases()
{
    return {
        {"strcat", {S("a"), L(1), N(Long), B(true)}, "a1true"}, {"strcat_delim", {S("-"), L(1), S("a")}, "1-a"}, {"strlen", {S("größe")}, "5"}, {"string_size", {S("größe")}, "7"},
        {"tolower", {S("ÄBc")}, "äbc"}, {"toupper", {S("äbC")}, "ÄBC"}, {"substring", {S("ABCD"), L(-2)}, "CD"}, {"substring", {S("ABCD"), L(1), L(2)}, "BC"}, {"substring", {S("ABCD"), L(9), L(2)}, ""}, {"substring", {S("größe"), L(2), L(2)}, "öß"}, {"substring", {S("ABCD"), L(-9), L(2)}, "AB"},
        {"indexof", {S("abcdefg"), S("cde")}, "2"}, {"indexof", {S("abcdefg"), S("cde"), L(1), L(4)}, "2"}, {"indexof", {S("abcdefg"), S("cde"), L(1), L(2)}, "-1"}, {"indexof", {S("abcdefg"), S("cde"), L(-5)}, "2"}, {"indexof", {L(1234567), L(5), L(1), L(4)}, "4"},
        {"indexof", {S("abcdefgabcdefg"), S("cde"), L(1), L(10), L(2)}, "9"}, {"indexof", {S("abc"), S("c"), L(0), L(-2)}, "null"}, {"indexof", {S("größe e"), S("e")}, "4"}, {"indexof_regex", {S("abcabc"), S("a.c"), L(0), L(-1), L(2)}, "3"},
        {"countof", {S("aaaa"), S("aa")}, "3"}, {"countof", {S("aaaa"), S("aa"), S("regex")}, "2"}, {"countof", {S("abc"), S("")}, "0"},
        {"split", {S("a_b__c"), S("_")}, "[\"a\",\"b\",\"\",\"c\"]"}, {"split", {S("a_b"), S("_"), L(1)}, "[\"b\"]"}, {"split", {S(""), S("_")}, "[\"\"]"},
        {"replace_string", {S("a.b.c"), S("."), S("--")}, "a--b--c"}, {"replace_strings", {S("abc"), J("[\"a\",\"b\"]"), J("[\"b\",\"x\"]")}, "bxc"}, {"replace_regex", {S("Number is 10"), S("(\\d+)"), S("<\\1\\0>")}, "Number is <1010>"}, {"replace_regex", {S("abc"), S("x*"), S("-")}, "-a-b-c-"},
        {"reverse", {S("größe")}, "eßörg"}, {"translate", {S("krasp"), S("otsku"), S("spark")}, "kusto"}, {"translate", {S("abc"), S(""), S("ab")}, ""}, {"strrep", {S("ab"), L(3)}, "ababab"}, {"strrep", {S("a"), L(2), S(",")}, "a,a"}, {"strrep", {S("a"), L(-1)}, ""},
        {"trim", {S("--"), S("--https://a--")}, "https://a"}, {"trim", {S("[^\\w]+"), S("-  Te st1// $")}, "Te st1"}, {"trim_start", {S("a"), S("aaba")}, "ba"}, {"trim_end", {S("a"), S("abaa")}, "ab"},
        {"extract", {S("x=([0-9.]+)"), L(1), S("hello x=45.6|wo")}, "45.6"}, {"extract", {S("x=(\\d+)"), L(1), S("x=45"), S("long")}, "45"}, {"extract", {S("x=(\\d+)"), L(1), S("none"), S("long")}, "null"}, {"extract", {S("x"), L(0), S("none")}, ""},
        {"extract_all", {S("(\\w)(\\w+)"), S("ab cde")}, "[[\"a\",\"b\"],[\"c\",\"de\"]]"}, {"extract_all", {S("(\\d+)"), S("a1b22")}, "[\"1\",\"22\"]"}, {"extract_all", {S("(?P<x>\\w)(\\w+)"), J("[\"x\"]"), S("ab")}, "[\"a\"]"}, {"extract_all", {S("(\\d)"), S("abc")}, "null"},
        {"strcmp", {S("b"), S("a")}, "1"}, {"unicode_codepoints_to_string", {L(75), J("[117]")}, "Ku"}, {"regex_quote", {S("a.b")}, "a\\.b"}, {"isempty", {S("")}, "true"}, {"isempty", {N(Long)}, "true"}, {"isnotempty", {J("\"\"")}, "false"}, {"isnull", {S("")}, "false"}, {"isnull", {J("null")}, "true"}, {"isnotnull", {L(1)}, "true"},
    };
}

std::vector<Case> valueCases()
{
    return {
        {"tostring", {N(Long)}, ""}, {"tostring", {R(1)}, "1.0"}, {"tostring", {J("{\"a\":[1,\"x\"]}")}, "{\"a\":[1,\"x\"]}"}, {"tostring", {J("\"x\"")}, "x"}, {"toint", {R(2.9)}, "2"}, {"toint", {L(5000000000)}, "null"}, {"tolong", {S(" 12 ")}, "12"}, {"tolong", {S("0x1F")}, "31"}, {"tolong", {S("x")}, "null"}, {"tolong", {J("\"7\"")}, "7"},
        {"todouble", {S("1e3")}, "1000.0"}, {"tobool", {S("TRUE")}, "true"}, {"tobool", {S("0")}, "false"}, {"tobool", {S("x")}, "null"}, {"todatetime", {S("2015-12-24")}, "2015-12-24T00:00:00.0000000Z"}, {"todatetime", {S("x")}, "null"}, {"totimespan", {S("1.02:00:00")}, "1.02:00:00"}, {"toguid", {S("x")}, "null"}, {"todecimal", {S("1.10")}, "1.10"}, {"tohex", {L(-256)}, "ffffffffffffff00"}, {"tohex", {L(256), L(6)}, "000100"},
        {"iff", {B(true), L(1), R(2.5)}, "1.0"}, {"iff", {N(Bool), S("a"), S("b")}, "b"}, {"iff", {B(false), L(1), S("b")}, "b"}, {"case", {B(false), L(1), B(true), L(2), L(3)}, "2"}, {"case", {B(false), S("a"), S("z")}, "z"}, {"coalesce", {N(Long), L(2), L(3)}, "2"}, {"coalesce", {S(""), S("x")}, "x"}, {"coalesce", {S(""), S("")}, ""}, {"max_of", {L(1), R(2.5), N(Long)}, "2.5"}, {"min_of", {S("b"), S("a")}, "a"},
        {"bin", {L(-1), L(3)}, "-3"}, {"bin", {R(4.5), R(1)}, "4.0"}, {"bin", {L(5), L(-1)}, "null"}, {"bin", {T("2024-06-15 12:34"), Span("1h")}, "2024-06-15T12:00:00.0000000Z"}, {"floor", {Span("90m"), Span("1h")}, "01:00:00"}, {"bin_at", {T("2017-05-15 10:20:00"), Span("1d"), T("1970-01-01 12:00")}, "2017-05-14T12:00:00.0000000Z"},
        {"startofweek", {T("2017-01-01 10:10:17")}, "2017-01-01T00:00:00.0000000Z"}, {"startofday", {T("2017-01-01 10:10:17"), L(-1)}, "2016-12-31T00:00:00.0000000Z"}, {"endofmonth", {T("2017-01-01"), L(1)}, "2017-02-28T23:59:59.9999999Z"}, {"endofyear", {T("9999-05-05")}, "9999-12-31T23:59:59.9999999Z"}, {"dayofweek", {T("2024-06-16")}, "00:00:00"}, {"hourofday", {T("2024-06-16 23:59")}, "23"}, {"week_of_year", {T("2020-12-31")}, "53"},
        {"datetime_diff", {S("hour"), T("2017-10-31 01:00"), T("2017-10-30 23:59")}, "2"}, {"datetime_diff", {S("year"), T("2017-01-01"), T("2000-12-31")}, "17"}, {"datetime_diff", {S("week"), T("2017-10-29"), T("2017-10-28")}, "1"}, {"datetime_diff", {S("nanosecond"), T("2017-10-30 23:00:00"), T("2017-10-30 23:00:00.0000007")}, "-700"}, {"datetime_add", {S("month"), L(1), T("2017-01-31")}, "2017-02-28T00:00:00.0000000Z"}, {"datetime_add", {S("year"), L(9000), T("2017-01-31")}, "null"}, {"datetime_part", {S("dayOfYear"), T("2017-02-01")}, "32"}, {"ago", {Span("1h")}, "2024-06-15T11:00:00.0000000Z"},
        {"abs", {L(-5)}, "5"}, {"abs", {R(-1.5)}, "1.5"}, {"round", {R(2.15), L(1)}, "2.2"}, {"round", {L(1234), L(-2)}, "1200"}, {"round", {L(-1250), L(-2)}, "-1300"}, {"round", {L(7), L(1)}, "7"}, {"round", {J("1.5")}, "2.0"}, {"abs", {J("-1.5")}, "1.5"}, {"round", {D("2.345"), L(2)}, "2.35"}, {"ceiling", {R(-1.5)}, "-1.0"}, {"sign", {R(-0.1)}, "-1.0"}, {"pow", {L(2), L(3)}, "8.0"}, {"isnan", {R(0)}, "false"}, {"binary_shift_left", {L(1), L(4)}, "16"}, {"binary_and", {L(6), L(3)}, "2"}, {"bitset_count_ones", {L(42)}, "3"}, {"beta_cdf", {R(0.2), R(10), R(50)}, "0.7684204704210778"},
        {"hash", {S("World")}, "1846988464401551951"}, {"hash", {S("World"), L(100)}, "51"}, {"hash_md5", {S("World")}, "f5a7924e621e84c9280a9a27e1bcb7f6"}, {"base64_decode_tostring", {S("S3VzdG8=")}, "Kusto"}, {"base64_decode_tostring", {S("***")}, ""}, {"base64_encode_tostring", {S("ab")}, "YWI="}, {"url_decode", {S("a%20b%zz")}, "a b%zz"}, {"url_encode", {S("https://x y")}, "https%3a%2f%2fx+y"}, {"punycode_from_string", {S("bücher")}, "bcher-kva"},
        {"ipv4_is_private", {S("10.1.2.3")}, "true"}, {"ipv4_is_private", {S("172.32.0.1")}, "false"}, {"ipv4_is_private", {S("x")}, "null"}, {"ipv4_is_match", {S("192.168.1.1/24"), S("192.168.1.255")}, "true"}, {"ipv4_compare", {S("1.1.1.1"), S("1.1.1.2")}, "-1"}, {"ipv4_is_in_range", {S("192.168.1.1"), S("192.168.1.255/24")}, "true"}, {"ipv4_is_in_any_range", {S("10.0.0.1"), J("[\"x\",\"10.0.0.0/8\"]")}, "true"}, {"ipv4_is_in_any_range", {S("10.0.0.1"), S("11.0.0.0/8")}, "false"},
        {"parse_ipv4", {S("255.255.255.255/31")}, "4294967294"}, {"format_ipv4_mask", {S("192.168.1.1/24"), L(32)}, "192.168.1.0/24"}, {"format_ipv4", {S("192.168.1.1"), L(-1)}, ""}, {"parse_ipv6", {S("192.168.255.255/24")}, "0000:0000:0000:0000:0000:ffff:c0a8:ff00"}, {"ipv6_is_match", {S("fe80::85d:e82c:9446:7994"), S("fe80::85d:e82c:9446:7995"), L(127)}, "true"}, {"ipv6_is_match", {S("fe80::85d:e82c:9446:7994"), S("fe80::85d:e82c:9446:7996"), L(127)}, "false"}, {"has_ipv4", {S("05:04:54127.0.0.1 GET"), S("127.0.0.1")}, "false"}, {"has_any_ipv4_prefix", {S("x 127.0.0.1 y"), S("127.0")}, "false"}, {"has_any_ipv4_prefix", {S("x 127.0.0.1 y"), J("[\"127.0.\"]")}, "true"},
    };
}

std::vector<Case> dynamicCases()
{
    return {
        {"[]", {J("{\"a\":{\"b\":1}}"), S("a")}, "{\"b\":1}"}, {"[]", {J("{\"a\":1}"), S("A")}, "null"}, {"[]", {J("[1,2,3]"), L(-1)}, "3"}, {"[]", {J("[1]"), L(5)}, "null"}, {"[]", {J("5"), S("a")}, "null"}, {"[]", {N(Dynamic), S("a")}, "null"},
        {"parse_json", {S("{\"a\":[1,2.5,\"x\"]}")}, "{\"a\":[1,2.5,\"x\"]}"}, {"parse_json", {S("plain text")}, "plain text"}, {"parse_json", {S("")}, "null"}, {"parse_json", {J("[1]")}, "[1]"}, {"todynamic", {S("5")}, "5"}, {"extract_json", {S("$.a[1].b"), S("{\"a\":[0,{\"b\":\"x\"}]}")}, "x"}, {"extract_json", {S("$.a"), S("{\"a\":7}"), S("long")}, "7"}, {"gettype", {J("[1]")}, "array"}, {"gettype", {L(1)}, "long"}, {"treepath", {J("{\"a\":1,\"b\":{\"c\":2}}")}, "[\"['a']\",\"['b']\",\"['b']['c']\"]"},
        {"pack_array", {L(1), S("a"), N(Long)}, "[1,\"a\",null]"}, {"bag_pack", {S("a"), L(1), S("b"), J("[1]")}, "{\"a\":1,\"b\":[1]}"}, {"bag_merge", {J("{\"a\":1}"), N(Dynamic), J("{\"a\":2,\"b\":3}")}, "{\"a\":1,\"b\":3}"}, {"bag_keys", {J("{\"a\":1,\"b\":2}")}, "[\"a\",\"b\"]"}, {"bag_has_key", {J("{\"a\":{\"b\":1}}"), S("$.a.b")}, "true"}, {"bag_remove_keys", {J("{\"a\":{\"b\":1,\"c\":2}}"), J("[\"$.a.b\"]")}, "{\"a\":{\"c\":2}}"}, {"bag_set_key", {J("{\"a\":1}"), S("$.b.c"), S("x")}, "{\"a\":1,\"b\":{\"c\":\"x\"}}"}, {"bag_zip", {J("[\"a\",\"b\"]"), J("[1]")}, "{\"a\":1,\"b\":null}"},
        {"array_length", {J("[1,2]")}, "2"}, {"array_length", {J("{}")}, "null"}, {"array_concat", {J("[1]"), J("[2,3]")}, "[1,2,3]"}, {"array_slice", {J("[1,2,3,4,5]"), L(1), L(2)}, "[2,3]"}, {"array_slice", {J("[1,2,3,4,5]"), L(-3), L(-2)}, "[3,4]"}, {"array_slice", {J("[1,2]"), L(1), L(9)}, "[2]"}, {"array_split", {J("[1,2,3,4,5]"), J("[1,3]")}, "[[1],[2,3],[4,5]]"}, {"array_split", {J("[1,2,3,4,5]"), L(-2)}, "[[1,2,3],[4,5]]"}, {"array_rotate_left", {J("[1,2,3]"), L(-1)}, "[3,1,2]"}, {"array_rotate_right", {J("[1,2,3]"), L(4)}, "[3,1,2]"}, {"array_shift_left", {J("[1,2,3]"), L(2), L(-1)}, "[3,-1,-1]"}, {"array_shift_right", {J("[1,2,3]"), L(1)}, "[null,1,2]"}, {"array_shift_left", {J("[1,2,3]"), L(-2)}, "[null,null,1]"},
        {"array_sort_asc", {J("[3,null,1,2]")}, "[1,2,3,null]"}, {"array_sort_desc", {J("[\"b\",\"c\",\"a\"]")}, "[\"c\",\"b\",\"a\"]"}, {"array_sort_asc", {J("[2,1]"), J("[\"a\",\"b\"]")}, "[[1,2],[\"b\",\"a\"]]"}, {"array_sort_asc", {J("[1,null]"), B(false)}, "[null,1]"}, {"array_index_of", {J("[\"a\",\"b\",\"a\"]"), S("a"), L(1)}, "2"}, {"array_index_of", {J("[1,2]"), L(5)}, "-1"}, {"array_iff", {J("[true,false]"), J("[1,2]"), J("[3,4]")}, "[1,4]"}, {"array_sum", {J("[1,2.5]")}, "3.5"}, {"strcat_array", {J("[1,\"a\"]"), S("->")}, "1->a"}, {"array_reverse", {J("[1,2]")}, "[2,1]"},
        {"set_union", {J("[1,2]"), J("[2,3]"), J("[4]")}, "[1,2,3,4]"}, {"set_intersect", {J("[1,2,3]"), J("[3,2]"), J("[2]")}, "[2]"}, {"set_difference", {J("[1,2,3]"), J("[2]"), J("[3]")}, "[1]"}, {"set_has_element", {J("[\"a\"]"), S("a")}, "true"}, {"jaccard_index", {J("[1,2,3]"), J("[3,4]")}, "0.25"}, {"zip", {J("[1,2]"), J("[\"a\"]")}, "[[1,\"a\"],[2,null]]"}, {"range", {L(1), L(8), L(3)}, "[1,4,7]"}, {"range", {L(3), L(1), L(-1)}, "[3,2,1]"}, {"repeat", {L(1), L(2)}, "[1,1]"}, {"ipv4_range_to_cidr_list", {S("1.1.128.0"), S("1.1.140.255")}, "[\"1.1.128.0/21\",\"1.1.136.0/22\",\"1.1.140.0/24\"]"}, {"ipv4_range_to_cidr_list", {S("0.0.0.0"), S("255.255.255.255")}, "[\"0.0.0.0/0\"]"},
    };
}

/// What a unit is in the base unit of its kind, and conversions that are no product.
std::vector<Case> unitCases()
{
    return {
        {"convert_angle", {R(1.2), S("Degree"), S("Arcminute")}, "72.0"}, {"convert_angle", {L(6400), S("NatoMil"), S("Revolution")}, "1.00000000000"}, {"convert_angle", {R(0.5), S("Tilt"), S("Degree")}, "30.000000000000004"}, {"convert_angle", {L(90), S("degree"), S("tilt")}, "1.00000000000"}, {"convert_angle", {L(2), S("Tilt"), S("Degree")}, "NaN"},
        {"convert_energy", {R(1.2), S("Joule"), S("BritishThermalUnit")}, "0.00113738054437598"}, {"convert_energy", {L(1), S("GigabritishThermalUnit"), S("MegabritishThermalUnit")}, "1000.00000000"}, {"convert_energy", {L(1), S("TerawattDay"), S("TerawattHour")}, "24.0"}, {"convert_energy", {L(1), S("WattDay"), S("Joule")}, "86400.0"}, {"convert_energy", {L(1), S("Megacalorie"), S("Kilojoule")}, "4184.0"},
        {"convert_energy", {L(1), S("DecathermEc"), S("Joule")}, "1055055852.6199999"}, {"convert_energy", {L(1), S("ThermImperial"), S("Joule")}, "105505585.257348"}, {"convert_energy", {L(1), S("DecathermUs"), S("Megajoule")}, "1054.804"}, {"convert_energy", {L(1), S("DecathermImperial"), S("ThermImperial")}, "10.0"}, {"convert_energy", {L(1), S("TeraelectronVolt"), S("GigaelectronVolt")}, "1000.00000000"},
        {"convert_length", {L(1), S("DataMile"), S("Meter")}, "1828.8"}, {"convert_length", {L(6), S("DtpPica"), S("Inch")}, "1.0"}, {"convert_length", {L(12), S("DtpPoint"), S("DtpPica")}, "1.0"}, {"convert_length", {R(72.27), S("PrinterPoint"), S("Inch")}, "1.0"}, {"convert_length", {R(6.0225), S("PrinterPica"), S("Inch")}, "1.0"}, {"convert_length", {L(1440), S("Twip"), S("Inch")}, "1.0"}, {"convert_length", {L(1), S("Shackle"), S("Meter")}, "27.432"},
        {"convert_length", {L(3937), S("UsSurveyFoot"), S("Meter")}, "1200.0"}, {"convert_length", {L(1), S("SolarRadius"), S("Meter")}, "695510000.0"}, {"convert_length", {L(1), S("MegalightYear"), S("KilolightYear")}, "1000.0"}, {"convert_length", {L(1), S("Megaparsec"), S("Kiloparsec")}, "1000.0"}, {"convert_length", {L(1), S("Parsec"), S("LightYear")}, "3.261563777166769"}, {"convert_length", {L(3), S("Decameter"), S("Meter")}, "30.0"},
        {"convert_mass", {L(1), S("Megapound"), S("Kilopound")}, "1000.0"}, {"convert_mass", {L(1), S("ShortHundredweight"), S("Kilogram")}, "45.359237"}, {"convert_mass", {L(20), S("LongHundredweight"), S("LongTon")}, "1.0"},
        {"convert_speed", {R(1.2), S("MeterPerSecond"), S("CentimeterPerHour")}, "432000.000000"}, {"convert_speed", {L(1), S("DecimeterPerSecond"), S("DecimeterPerMinute")}, "60.0"}, {"convert_speed", {L(60), S("NanometerPerMinute"), S("NanometerPerSecond")}, "1.0"}, {"convert_speed", {L(1), S("YardPerMinute"), S("YardPerHour")}, "60.0000000000"}, {"convert_speed", {L(1), S("InchPerMinute"), S("InchPerHour")}, "60.0000000000"}, {"convert_speed", {L(3937), S("UsSurveyFootPerSecond"), S("MeterPerSecond")}, "1200.0"},
        {"convert_temperature", {L(1), S("SolarTemperature"), S("Kelvin")}, "5778.0"}, {"convert_temperature", {R(1.2), S("Kelvin"), S("DegreeCelsius")}, "-271.95"},
        {"convert_volume", {R(1.2), S("CubicMeter"), S("AcreFoot")}, "0.00097285680"}, {"convert_volume", {L(1), S("UsBeerBarrel"), S("CubicMeter")}, "0.117347765304"}, {"convert_volume", {L(1), S("ImperialBeerBarrel"), S("CubicMeter")}, "0.16365924"}, {"convert_volume", {L(8), S("ImperialPint"), S("ImperialGallon")}, "1.0"}, {"convert_volume", {L(1), S("MetricCup"), S("MetricTeaspoon")}, "50.0"}, {"convert_volume", {L(1), S("AuTablespoon"), S("UkTablespoon")}, "1.33333333333"},
        {"convert_volume", {L(1), S("BoardFoot"), S("CubicMeter")}, "0.0023597372158"}, {"convert_volume", {L(1), S("UsCustomaryCup"), S("CubicMeter")}, "0.0002365882365"}, {"convert_volume", {L(1), S("UsLegalCup"), S("CubicMeter")}, "0.00024"}, {"convert_volume", {L(1), S("CubicMile"), S("CubicMeter")}, "4168181825.4405794"}, {"convert_volume", {L(1), S("MegausGallon"), S("HectousGallon")}, "10000.0"}, {"convert_volume", {L(1), S("DecausGallon"), S("DeciusGallon")}, "100.000000000"},
        {"convert_volume", {L(1), S("MegacubicFoot"), S("HectocubicFoot")}, "10000.0"}, {"convert_volume", {L(1), S("HectocubicMeter"), S("Megaliter")}, "0.1"}, {"convert_volume", {L(1), S("MegaimperialGallon"), S("KiloimperialGallon")}, "1000.00000000"}, {"convert_volume", {L(1), S("Decaliter"), S("Liter")}, "10.0"}, {"convert_volume", {L(1), S("Microliter"), S("CubicMillimeter")}, "1.0"},
        {"convert_length", {L(1), S("Meter"), S("Liter")}, "null"}, {"convert_volume", {L(1), S(""), S("Liter")}, "null"},
    };
}

/// Values that a function's documentation sets apart: defaults, limits, what is no valid argument.
std::vector<Case> edgeCases()
{
    return {
        {"range", {Span("1h"), Span("3h")}, "[\"01:00:00\",\"02:00:00\",\"03:00:00\"]"}, {"range", {T("2024-01-01"), T("2024-01-01 01:30")}, "[\"2024-01-01T00:00:00.0000000Z\",\"2024-01-01T01:00:00.0000000Z\"]"}, {"range", {R(0.5), R(2.6)}, "[0.5,1.5,2.5]"}, {"range", {L(1), R(2.5)}, "[1.0,2.0]"}, {"range", {L(1), L(3)}, "[1,2,3]"}, {"range", {L(3), L(1)}, "[]"},
        {"replace_strings", {S("This is"), J("[\"This\",\"is\"]"), J("[12345,\"was\"]")}, "This was"}, {"replace_strings", {S("a1b"), J("[1,\"b\"]"), J("[\"x\",\"y\"]")}, "a1y"}, {"replace_strings", {S("ab"), J("[\"a\",\"b\"]"), J("[\"x\"]")}, "xb"}, {"replace_strings", {S("ab"), J("[\"a\",\"b\"]"), J("[\"\",null]")}, "b"}, {"replace_strings", {S("ab"), J("[\"a\",\"b\"]"), S("x")}, "xx"},
        {"array_index_of", {J("[1,2]"), L(1), L(0), L(-2)}, "null"}, {"array_index_of", {J("[1,2]"), L(2), L(0), L(-1)}, "1"}, {"array_index_of", {J("[1,2]"), L(1), L(0), L(-1), L(-1)}, "null"}, {"array_index_of", {J("[1,2,1]"), L(1), L(0), L(-1), L(2)}, "2"},
        {"binary_shift_left", {L(1), L(-1)}, "null"}, {"binary_shift_left", {L(1), L(65)}, "2"}, {"binary_shift_right", {L(16), L(-4)}, "null"}, {"binary_shift_right", {L(16), L(68)}, "1"},
        {"tohex", {L(256), L(64)}, "0000000000000100"}, {"tohex", {L(256), L(2)}, "100"}, {"tohex", {I(-256), L(8)}, "ffffff00"}, {"tohex", {I(1), L(20)}, "0000000000000001"},
        {"unicode_codepoints_to_string", {L(75), L(-1)}, ""}, {"unicode_codepoints_to_string", {L(75), J("[117,55296]")}, ""}, {"unicode_codepoints_to_string", {J("[75,\"u\"]")}, ""}, {"unicode_codepoints_to_string", {L(1114112)}, ""}, {"unicode_codepoints_to_string", {L(1114111), J("[]")}, "\xF4\x8F\xBF\xBF"}, {"make_string", {L(75), N(Long)}, ""},
        {"parse_ipv6_mask", {S("::192.168.255.255"), L(128)}, "0000:0000:0000:0000:0000:ffff:c0a8:ffff"}, {"parse_ipv6_mask", {S("::192.168.255.255/24"), L(128)}, "0000:0000:0000:0000:0000:ffff:c0a8:ff00"}, {"parse_ipv6_mask", {S("192.168.255.255/24"), L(124)}, "0000:0000:0000:0000:0000:ffff:c0a8:ff00"}, {"parse_ipv6_mask", {S("::192.168.255.255/33"), L(128)}, ""},
        {"parse_ipv6_mask", {S("fe80::85d:e82c:9446:7994/120"), L(124)}, "fe80:0000:0000:0000:085d:e82c:9446:7900"}, {"ipv6_compare", {S("::192.168.1.1/30"), S("192.168.1.255/24")}, "0"}, {"ipv6_compare", {S("::192.168.1.1/30"), S("192.168.1.255/24"), L(127)}, "0"}, {"ipv6_compare", {S("::192.168.1.1/30"), S("192.168.1.4")}, "-1"},
        {"beta_pdf", {R(0), R(1), R(1)}, "NaN"}, {"beta_pdf", {R(1), R(1), R(1)}, "NaN"}, {"beta_pdf", {R(0.5), R(10), R(20)}, "0.746176019310951"}, {"beta_cdf", {R(0.5), R(10001), R(1)}, "NaN"}, {"beta_cdf", {R(0.5), R(1), R(10001)}, "NaN"}, {"beta_cdf", {R(0.5), R(10000), R(10000)}, "0.5000000000000"}, {"beta_cdf", {R(1), R(1), R(1)}, "1.0"}, {"welch_test", {R(0), R(1), R(50000), R(0.01), R(1), R(50000)}, "0.11384946071"},
        {"rand", {L(1)}, "0.0"}, {"isnan", {N(Real)}, "false"}, {"isinf", {N(Real)}, "false"}, {"isfinite", {N(Real)}, "false"}, {"isfinite", {R(1)}, "true"},
        {"dynamic_to_json", {S("a \"b\"")}, "a \"b\""}, {"dynamic_to_json", {J("\"a\"")}, "\"a\""}, {"dynamic_to_json", {L(5)}, "5"}, {"dynamic_to_json", {T("2024-01-01")}, "2024-01-01T00:00:00.0000000Z"}, {"dynamic_to_json", {N(Long)}, ""}, {"dynamic_to_json", {J("{\"b\":1,\"a\":[\"x\"]}")}, "{\"a\":[\"x\"],\"b\":1}"},
        {"bag_set_key", {J("{\"a\":[1,2]}"), S("$.a[0]"), L(9)}, "null"}, {"bag_set_key", {J("{\"a\":1}"), S("$"), L(9)}, "null"}, {"bag_set_key", {J("{\"a\":[1]}"), S("$.a.b"), L(9)}, "null"}, {"bag_set_key", {J("{\"a\":[1]}"), S("$.a"), L(9)}, "{\"a\":9}"}, {"bag_set_key", {J("{\"a\":{\"b\":1}}"), S("$['a']['b']"), L(9)}, "{\"a\":{\"b\":9}}"}, {"bag_set_key", {J("{\"a\":1}"), S("$.a["), L(9)}, "null"},
        {"bag_has_key", {J("{\"a\":[1]}"), S("$.a[0]")}, "false"}, {"bag_has_key", {J("{\"a\":1}"), S("$")}, "false"}, {"bag_remove_keys", {J("{\"a\":[1],\"b\":2}"), J("[\"$.a[0]\",\"$.b\"]")}, "{\"a\":[1]}"},
    };
}

std::vector<Case> allCases()
{
    std::vector<Case> all;
    for (const auto& part : {operatorCases(), stringCases(), valueCases(), dynamicCases(), unitCases(), edgeCases()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

Vector repeatedFlat(const Value& value, std::size_t rows, std::optional<std::size_t> nullAt)
{
    VectorBuilder builder(value.type());
    for (std::size_t row = 0; row < rows; ++row)
        builder.append(row == nullAt ? Value::null(value.type()) : value);
    return builder.finish();
}

} // namespace

class TestFunctions : public QObject {
    Q_OBJECT
private slots:
    void computes_data();
    void computes();
    void badRegexIsAnError();
    void windowFunctions();
    void everyDeclarationIsComplete();
    void rowsOfAListAreReadAnew();

private:
    FunctionRegistry m_registry = builtInFunctions();
    std::vector<Case> m_cases = allCases();
};

void TestFunctions::computes_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < m_cases.size(); ++i)
        QTest::addRow("%s #%d", m_cases[i].name, static_cast<int>(i)) << static_cast<int>(i);
}

/// The same answer from constants, from flat columns, from dictionaries, and beside a row with a null.
void TestFunctions::computes()
{
    QFETCH(int, index);
    const Case& c = m_cases[static_cast<std::size_t>(index)];
    const QString expected(c.expected);
    bool isNumber = false;
    const double number = expected.toDouble(&isNumber);
    if (isNumber && expected.contains('.') && expected.size() > 12) { // a long real
        const double result = QString::fromStdString(evaluate(m_registry, c.name, c.arguments)).toDouble();
        QVERIFY2(std::abs(result - number) < 1e-9 * std::max(1.0, number), qPrintable(QString::number(result, 'g', 17)));
        return;
    }
    QCOMPARE(QString::fromStdString(evaluate(m_registry, c.name, c.arguments)), expected);

    const ScalarFunction* function = m_registry.findScalar(c.name);
    const auto parameters = parametersFor(function->signatures.front(), c.arguments.size());
    for (const bool dictionary : {false, true}) {
        std::vector<Vector> columns;
        for (std::size_t i = 0; i < c.arguments.size(); ++i) {
            const bool constant = (parameters.size() > i && parameters[i]->constant) || (i > 0 && c.arguments[i].type() == Bool && std::string_view(c.name).starts_with("array_sort"))
                                  || (std::string_view(c.name) == "extract" && i == 3) || (std::string_view(c.name) == "extract_json" && i == 2) || (std::string_view(c.name) == "countof" && i == 2);
            if (constant) {
                columns.push_back(Vector::constant(c.arguments[i], 3));
            } else if (dictionary) {
                auto codes = makeBuffer<std::uint32_t>(3);
                codes[0] = codes[2] = 1;
                codes[1] = 0;
                columns.push_back(Vector::dictionary(repeatedFlat(c.arguments[i], 2, i == 0 ? std::optional<std::size_t>(0) : std::nullopt), std::move(codes), 3));
            } else {
                columns.push_back(repeatedFlat(c.arguments[i], 3, i == 0 ? std::optional<std::size_t>(1) : std::nullopt));
            }
        }
        const auto result = evaluateVectors(m_registry, c.name, columns, c.arguments, 3);
        QVERIFY(result.has_value());
        QCOMPARE(QString::fromStdString(textOf(result->valueAt(0))), expected);
        QCOMPARE(QString::fromStdString(textOf(result->valueAt(2))), expected);
        (void)result->valueAt(1);
    }
}

void TestFunctions::badRegexIsAnError()
{
    const Vector text = Vector::constant(S("a"), 1);
    const auto result = evaluateVectors(m_registry, "matches regex", {text, Vector::constant(S("(a"), 1)}, {S("a"), S("(a")}, 1);
    QVERIFY(!result);
    QCOMPARE(QByteArray::fromStdString(std::string(result.error().code())), QByteArray("kql.bad_regex"));
}

void TestFunctions::windowFunctions()
{
    VectorBuilder builder(Long);
    for (const Value& value : {L(5), N(Long), L(7), L(7)})
        builder.append(value);
    const Vector column = builder.finish();
    const auto texts = [&](std::string_view name, std::vector<Vector> arguments, std::vector<Value> constants) {
        const auto result = evaluateVectors(m_registry, name, arguments, constants, 4);
        QStringList out;
        for (std::size_t row = 0; result && row < 4; ++row)
            out << QString::fromStdString(textOf(result->valueAt(row)));
        return out.join(' ');
    };
    QCOMPARE(texts("prev", {column}, {L(0)}), QString("null 5 null 7"));
    QCOMPARE(texts("next", {column, Vector::constant(L(2), 4), Vector::constant(L(-1), 4)}, {L(0), L(2), L(-1)}), QString("7 7 -1 -1"));
    QCOMPARE(texts("row_number", {}, {}), QString("1 2 3 4"));
    QCOMPARE(texts("row_number", {Vector::constant(L(10), 4)}, {L(10)}), QString("10 11 12 13"));
    QCOMPARE(texts("row_cumsum", {column}, {L(0)}), QString("5 5 12 19"));
    QCOMPARE(texts("row_rank_min", {column}, {L(0)}), QString("1 2 3 3"));
    QCOMPARE(texts("row_rank_dense", {column}, {L(0)}), QString("1 2 3 3"));
}

void TestFunctions::everyDeclarationIsComplete()
{
    QVERIFY(m_registry.scalars().size() > 250);
    for (const ScalarFunction* function : m_registry.scalars()) {
        const QByteArray name(function->name.data(), static_cast<qsizetype>(function->name.size()));
        QVERIFY2(!function->category.empty(), name);
        QVERIFY2(!function->help.empty() && function->help.back() == '.', name);
        QVERIFY2(function->example.find(" // ") != std::string_view::npos, name);
        QVERIFY2(name == "[]" || function->example.find(function->name) != std::string_view::npos, name);
        QVERIFY2(!function->signatures.empty(), name);
        for (const Signature& signature : function->signatures)
            QVERIFY2(signature.kernel && signature.returnType, name);
    }
}

void TestFunctions::rowsOfAListAreReadAnew()
{
    VectorBuilder lists(Dynamic);
    lists.append(J("[1]"));
    lists.append(J("[2]"));
    const auto result = evaluateVectors(m_registry, "in", {Vector::constant(L(2), 2), lists.finish()}, {L(2), J("[]")}, 2);
    QVERIFY(result.has_value());
    QCOMPARE(result->valueAt(0).asBool(), false);
    QCOMPARE(result->valueAt(1).asBool(), true);
}

QTEST_GUILESS_MAIN(TestFunctions)
#include "tst_functions.moc"
