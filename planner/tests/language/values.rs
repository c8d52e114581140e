//! Expressions of HCL2: operators, conversions, loops and functions.

use steppe_planner::jobspec::Syntax;
use steppe_planner::{ParseOptions, parse};

use super::{codes, part, read, told};

/// What `jsonencode` makes of an expression; nothing if it is refused.
fn value(expression: &str) -> Option<String> {
    let text = format!("job \"a\" {{\n  meta {{\n    x = jsonencode({expression})\n  }}\n}}\n");
    let parsed = read(Syntax::Hcl2, &text);
    if !codes(&parsed).is_empty() {
        return None;
    }
    part(&parsed, "/Meta/x").as_str().map(str::to_owned)
}

/// Checks lines of `expression -> JSON`, where `!` stands for a refusal.
pub(crate) fn check(lines: &str) {
    let mut wrong = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (expression, expected) = line.split_once(" -> ").expect("expression -> value");
        let found = value(expression).unwrap_or_else(|| "!".to_owned());
        if found != expected {
            wrong.push(format!("{expression}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn operators_convert_as_hcl_does() {
    check(
        r#"
        1 + "2" -> 3
        "a" + 1 -> !
        7 % 3 -> 1
        -7 % 3 -> -1
        1 / 4 -> 0.25
        1 / 0 -> !
        1 == "1" -> false
        1 == 1.0 -> true
        null == null -> true
        "5" < 6 -> true
        !"true" -> false
        !1 -> !
        -"3" -> -3
        true && "false" -> false
        ".5" + 0 -> 0.5
        "+5" + 0 -> 5
        "0x10" + 0 -> !
        "" + 0 -> !
        "${5}${true}" -> "5true"
        "${[1]}x" -> !
        "${null}x" -> !
        "${[1]}" -> [1]
        "#,
    );
}

#[test]
fn both_results_of_a_condition_are_of_one_type() {
    check(
        r#"
        true ? 1 : "a" -> "1"
        false ? 1 : "a" -> "a"
        true ? 1 : true -> !
        true ? [1] : "a" -> !
        true ? [1] : {} -> !
        true ? [1, "a"] : [] -> ["1","a"]
        false ? [1] : [true, 2] -> !
        true ? {a = 1} : {b = "x"} -> {"a":"1"}
        true ? {a = 1} : {a = "x"} -> {"a":"1"}
        true ? null : 5 -> null
        false ? null : 5 -> 5
        null ? 1 : 2 -> !
        "yes" ? 1 : 2 -> !
        true ? 1 : upper() -> 1
        true ? upper() : 1 -> !
        "#,
    );
}

#[test]
fn loops_and_steps_into_values() {
    check(
        r#"
        [for x in [1, 2, 3] : x * 2 if x > 1] -> [4,6]
        [for k, v in {b = 1, a = 2} : "${k}${v}"] -> ["a2","b1"]
        {for x in ["a", "b"] : x => upper(x)} -> {"a":"A","b":"B"}
        {for x in ["a", "a"] : x => 1} -> !
        {for i, x in ["a", "a"] : x => i...} -> {"a":[0,1]}
        {for x in [[1]] : x => 1} -> !
        [for x in null : x] -> !
        [for x in "ab" : x] -> !
        [for x in [1] : x if "maybe"] -> !
        [for x in [1] : x if null] -> !
        [{a = 1}, {a = 2}][*].a -> [1,2]
        [{a = 1}].*.a -> [1]
        {a = 1}[*].a -> [1]
        null[*] -> []
        [1, 2]["1"] -> 2
        [1, 2][-1] -> !
        [1, 2][0.5] -> !
        {a = 1}["a"] -> 1
        {a = 1}.b -> !
        {a.b = 1} -> !
        {"a.b" = 1} -> {"a.b":1}
        {(upper("a")) = 1, 5 = 2} -> {"5":2,"A":1}
        {null = 1, true = 2} -> {"null":1,"true":2}
        {(null) = 1} -> !
        "#,
    );
}

#[test]
fn functions_of_lists_and_objects() {
    check(
        r#"
        length([1, 2]) -> 2
        length("ab") -> !
        strlen("ab") -> 2
        index(["a", "b"], 1) -> "b"
        index(["a", "b"], "b") -> !
        index(["a"], 1) -> !
        element(["a", "b"], 3) -> "b"
        element(["a"], -1) -> !
        element([], 0) -> !
        lookup({a = 1}, "a") -> !
        lookup({a = 1}, "b", 2) -> 2
        contains([1], "1") -> false
        coalesce(null, 5) -> 5
        coalesce(1, "a") -> "1"
        coalesce("", "x") -> ""
        coalesce(null) -> !
        coalescelist([], ["y"]) -> ["y"]
        coalescelist({}, ["y"]) -> !
        compact(["", "z", null]) -> ["z"]
        distinct([1, "1", 2]) -> ["1","2"]
        distinct([1, [2]]) -> !
        chunklist(["a", "b", "c"], 2) -> [["a","b"],["c"]]
        chunklist(["a"], 0) -> [["a"]]
        concat(["a"], [1]) -> ["a",1]
        concat("a", ["b"]) -> !
        flatten([["a"], [["b"]], "c"]) -> ["a","b","c"]
        setunion([10, 9], [9, 100]) -> [9,10,100]
        setunion(["b"], ["a", "b"]) -> ["a","b"]
        setunion([1], ["a"]) -> ["1","a"]
        setintersection([1, 2, 3], [3, 2]) -> [2,3]
        setproduct(["a"], [1, 2]) -> [["a",1],["a",2]]
        setproduct(["a"]) -> !
        slice([1, 2, 3], 1, 3) -> [2,3]
        slice([1], 1, 0) -> !
        range(3) -> [0,1,2]
        range(-2) -> [0,-1]
        range(1, 7, 3) -> [1,4]
        range(3, 3, -1) -> []
        range(0, 3, 0) -> !
        range(2000) -> !
        sort(["b", "a"]) -> ["a","b"]
        reverse("abc") -> "cba"
        reverse(["a", "b"]) -> !
        zipmap(["a"], [1]) -> {"a":1}
        zipmap(["a"], [1, 2]) -> !
        merge({a = 1}, null, {a = 2}) -> {"a":2}
        keys({b = 1, a = 2}) -> ["a","b"]
        tolist(["a"]) -> !
        "#,
    );
}

#[test]
fn functions_of_texts_and_numbers() {
    check(
        r#"
        title("ab o'neil x_y 1a") -> "Ab O'Neil X_y 1a"
        upper("stra\u00dfe") -> "STRAßE"
        substr("hello", 1, 3) -> "ell"
        substr("hello", -2, -1) -> "lo"
        substr("hello", -2, 0) -> "lo"
        substr("hello", 9, 1) -> ""
        split("", "ab") -> ["a","b"]
        split(",", "") -> [""]
        join("-", ["a"], ["b", 1]) -> "a-b-1"
        join("-", [null]) -> !
        indent(2, "a\nb") -> "a\n  b"
        chomp("a\r\n\n") -> "a"
        replace("abc", "", "-") -> "-a-b-c-"
        regex_replace("a1b2", "([a-z])", "<$1>") -> "\u003ca\u003e1\u003cb\u003e2"
        regex_replace("a", "(", "") -> !
        format("%5.1f|%-5d|%05d|%+d", 1.25, 7, -7, 7) -> "  1.2|7    |-0007|+7"
        format("%v %v %v", 1000000, 999999, 0.5) -> "1e+06 999999 0.5"
        format("%s", 1000000) -> "1000000"
        format("%q %v", "a<b", ["x"]) -> "\"a\\u003cb\" [\"x\"]"
        format("%d", 1.5) -> !
        format("%#x %X %o %b", 255, 255, 8, 5) -> "0xff FF 10 101"
        format("%04s|%-4s|%.1s|%.0s", "ab", "ab", "ab", "ab") -> "00ab|ab  |a|ab"
        format("%[2]s %[1]s", "a", "b") -> "b a"
        format("%s", "a", "b") -> !
        format("%s") -> !
        format("%e %G", 1500, 0.00001) -> "1.500000e+03 1E-05"
        format("%s", null) -> !
        format("%v", null) -> "null"
        formatlist("%s=%s", ["a", "b"], "x") -> ["a=x","b=x"]
        formatlist("%s", []) -> []
        parseint("zz", 36) -> 1295
        parseint("Z", 62) -> 61
        parseint("-ff", 16) -> -255
        parseint(10, 10) -> !
        parseint("", 10) -> !
        signum(-3) -> -1
        signum(0.5) -> !
        max(1, "7", 3) -> 7
        ceil(1.2) -> 2
        floor(-1.2) -> -2
        pow(2, 10) -> 1024
        log(8, 2) -> 3
        abs(-2) -> 2
        pow(10, 21) -> 1000000000000000000000
        1 / 10000000 -> 0.0000001
        "#,
    );
}

#[test]
fn fractions_are_calculated_with_as_with_512_binary_digits() {
    check(
        r#"
        0.206 - 95192454287904065091 -> -95192454287904065090.794
        823 + 0.5 -> 823.5
        10.41 + 0.553 -> 10.963
        537 - 18.86 -> 518.14
        1.601 + 3.30 -> 4.901
        0.173 * 0.6 -> 0.1038
        0.4 / 4.95 -> 0.08080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808081
        1935 * 0.5 -> 967.5
        1.145 + 1.696 -> 2.841
        8.28 % 0.5 -> 0.2800000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000004
        354890382845674933923 / 1.625 -> 218394081751184574721.84615384615384615384615384615384615384615384615384615384615384615384615384615384615384615384615384615384615384615384615384615384615385
        95 + 332094759678368712108 -> 332094759678368712203
        0.8 % 0.290 -> 0.22
        846 - 12.70 -> 833.3
        0.367 / 379895746693917942462 -> 0.0000000000000000000009660545115175820922764082580445050832294696793480449710099931999093748227395922936704749137976206292638198645951787356458319783225728904483106102748730662
        18.09 % 1720 -> 18.09
        5.56 + 0.4 -> 5.96
        1.869 + 0.918 -> 2.787
        1.395 + 1.470 -> 2.865
        662 * 0.643 -> 425.66600000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000003
        0.3 - 0.1 -> 0.20000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002
        1.15 * 100 -> 115
        0.1 * 3 -> 0.3
        0.29 * 100 -> 29
        0.1 + 0.2 -> 0.3
        1 / 3 -> 0.33333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333333335
        5.3 % 2 -> 1.3000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002
        0.3 - 0.1 -> 0.20000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002
        9007199254740993 + 0.5 -> 9007199254740993.5
        9223372036854775807 * 9223372036854775807 -> 85070591730234615847396907784232501249
        1.1 * 1.1 -> 1.2100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001
        0.1 + 0.2 == 0.3 -> true
        0.1 < 0.10000000000000000001 -> true
        18446744073709551616 + 1 -> 18446744073709551617
        -9223372036854775808 - 1 -> -9223372036854775809
        0.1234567890123456789012345 -> 0.1234567890123456789012345
        1.50e1 -> 15
        1e-7 + 0 -> 0.0000001
        1e300 * 1e300 -> !
        abs(-12345678901234567890.5) -> 12345678901234567890.5
        max(18446744073709551616, 18446744073709551617) -> 18446744073709551617
        min(0.1, 0.10000000000000000001) -> 0.1
        parseint("ffffffffffffffffffff", 16) -> 1208925819614629174706175
        range(0, 1, 0.25) -> [0,0.25,0.5,0.75]
        range(0.1, 0.5, 0.1) -> [0.1,0.2,0.3,0.4]
        range(2, -1) -> [2,1,0]
        range(1, 2, 0) -> !
        "${0.1 * 3} ${1.15 * 100}" -> "0.3 115"
        format("%d %x", 18446744073709551616, 18446744073709551615) -> "18446744073709551616 ffffffffffffffff"
        format("%.2f %.0f %.1f", 2.675, 0.5, -0.25) -> "2.67 0 -0.2"
        format("%v %g %e", 1e21, 123456.5, 0.00012) -> "1e+21 123456.5 1.200000e-04"
        format("%.3g %.10g %g", 1234.5, 100000, 1234567) -> "1.23e+03 100000 1.234567e+06"
        format("%+d % d %+.1f", 5, 5, 0.25) -> "+5  5 +0.2"
        format("%d", 1.5) -> !
        "#,
    );
}

#[test]
fn a_letter_is_what_a_reader_takes_for_one() {
    check(
        r#"
        strlen("nai\u0308ve") -> 5
        strlen("👩‍👩‍👧") -> 1
        strrev("a🇩🇪") -> "🇩🇪a"
        substr("🇩🇪a", 1, 1) -> "a"
        format("%3s|", "🇩🇪") -> "  🇩🇪|"
        format("%.1s", "🇩🇪a") -> "🇩🇪"
        "#,
    );
}

#[test]
fn functions_that_encode() {
    check(
        r#"
        base64encode("hi") -> "aGk="
        base64decode("aG\nk=") -> "hi"
        base64decode("a") -> !
        urlencode("a b/~") -> "a+b%2F~"
        jsonencode({a = "<&>"}) -> "{\"a\":\"\\u003c\\u0026\\u003e\"}"
        jsondecode("[1, 1.5, null]") -> [1,1.5,null]
        csvdecode("a,b\n1,\"x,\"\"y\"\n") -> [{"a":"1","b":"x,\"y"}]
        csvdecode("a,a\n1,2") -> !
        csvdecode("a\nb\"c") -> !
        csvdecode("a,b\n1") -> !
        md5("x") -> "9dd4e461268c8034f5c8564e155c67a6"
        uuidv5("dns", "example.com") -> "cfbff0d1-9375-5685-968c-48ce8b15ae17"
        uuidv4() -> !
        bcrypt("x") -> !
        timeadd("2021-02-28T23:59:59.9Z", "200ms") -> "2021-03-01T00:00:00Z"
        timeadd("2021-02-30T00:00:00Z", "1h") -> !
        timeadd("2021-07-01T00:00:00+02:00", "-1h") -> "2021-06-30T23:00:00+02:00"
        timeadd("2021-07-01 00:00:00Z", "1h") -> !
        formatdate("EEE, DD MMM YYYY hh:mm:ss ZZZ", "2021-07-01T09:05:03Z") -> "Thu, 01 Jul 2021 09:05:03 UTC"
        formatdate("H''AA 'it''s' ZZZZZ", "2021-07-01T13:00:00+02:00") -> "1'PM it's +02:00"
        formatdate("'x", "2021-07-01T13:00:00Z") -> !
        formatdate("YYY", "2021-07-01T13:00:00Z") -> !
        cidrhost("10.0.0.0/8", -1) -> "10.255.255.255"
        cidrsubnets("10.0.0.0/16", 8, 4) -> ["10.0.0.0/24","10.0.16.0/20"]
        file("x") -> !
        basename("/a/b") -> !
        "#,
    );
}

#[test]
fn functions_that_see_more_than_values() {
    check(
        r#"
        try(var.x, 1) -> 1
        try(upper(), [][0]) -> !
        can(upper()) -> false
        can(1) -> true
        can(1, 2) -> !
        attr.x[0]["y"] -> "${attr.x[0][\"y\"]}"
        attr.x[1 + 1] -> !
        attr.x[*] -> !
        convert("5", number) -> 5
        convert([1, 2], list(string)) -> ["1","2"]
        convert([2, 1, 2], set(number)) -> [1,2]
        convert({a = 1}, map(any)) -> {"a":1}
        convert({a = 1, b = 2}, object({ a = string })) -> {"a":"1"}
        convert({}, object({ a = string })) -> !
        convert("x", number) -> !
        max([1, 2]...) -> 2
        max(1...) -> !
        nosuch(1) -> !
        "#,
    );
}

#[test]
fn files_are_those_handed_in() {
    let text = r#"job "a" {
  meta {
    a = file("conf/a.txt")
    b = filebase64("conf/a.txt")
    c = "${fileexists("conf/a.txt")} ${fileexists("b.txt")}"
    d = jsonencode(fileset(".", "**/*.txt"))
    e = jsonencode(fileset("conf", "?.t*"))
    f = "${basename("/a/b.txt")} ${dirname("/a/../c//b.txt")} ${abspath("/a/./b")} ${pathexpand("x")}"
    g = jsonencode(fileset(".", "*.txt"))
  }
}
"#;
    let mut options = ParseOptions { syntax: Syntax::Hcl2, ..ParseOptions::default() };
    options.files.insert("conf/a.txt".to_owned(), "text".to_owned());
    options.files.insert("conf/d/e.txt".to_owned(), "more".to_owned());
    let parsed = parse(text, &options);
    assert_eq!(told(&parsed), "");
    let expected = [
        ("a", "text"),
        ("b", "dGV4dA=="),
        ("c", "true false"),
        ("d", "[\"conf/a.txt\",\"conf/d/e.txt\"]"),
        ("e", "[\"a.txt\"]"),
        ("f", "b.txt /c /a/b x"),
        ("g", "[]"),
    ];
    for (name, expected) in expected {
        assert_eq!(part(&parsed, &format!("/Meta/{name}")), expected, "{name}");
    }
    assert_eq!(parsed.missing_files, ["b.txt"]);
    for refused in ["file(\"b.txt\")", "abspath(\"x\")", "pathexpand(\"~/x\")"] {
        let text = format!("job \"a\" {{\n  region = {refused}\n}}\n");
        assert_eq!(codes(&parse(&text, &options)).len(), 1, "{refused}");
    }
}

#[test]
fn what_only_the_node_knows_stays_as_it_is_written() {
    let text = r#"job "a" {
  region = meta.x
  meta {
    a = "${attr.kernel.name}-x"
    b = "$${literal} %%{literal}"
    c = attr.cpu.arch
    d = "${ env["HOME"] }"
    e = upper(attr.x)
    f = "%{ if true ~}  yes  %{~ endif }"
    g = "{${NOMAD_X}}"
    h = "${NOMAD_X == "a" ? 1 : 2}"
  }
}
"#;
    let parsed = read(Syntax::Hcl2, text);
    assert_eq!(told(&parsed), "");
    let expected = [
        ("/Region", "${meta.x}"),
        ("/Meta/a", "${attr.kernel.name}-x"),
        ("/Meta/b", "${literal} %{literal}"),
        ("/Meta/c", "${attr.cpu.arch}"),
        ("/Meta/d", "${ env[\"HOME\"] }"),
        ("/Meta/e", "${ATTR.X}"),
        ("/Meta/f", "yes"),
        // Nomad's own: the bracket behind comes twice.
        ("/Meta/g", "{${NOMAD_X}}}"),
        ("/Meta/h", "2"),
    ];
    for (path, expected) in expected {
        assert_eq!(part(&parsed, path), expected, "{path}");
    }
}

/// Made for this test alone.
const RSA_KEY: &str = "\
-----BEGIN RSA PRIVATE KEY-----\n\
MIICXQIBAAKBgQDS+u7gsxKtlo6YE/kwfraW7omPl0wC6gvuzilonF3buLFbYBGr\n\
Y+Pce8VCCl1PgF8Fl9Tzp9FSR8a0cSxNiEhHImwFR8n4//0yW0ZCibK+Lg401NL8\n\
4rVOrMcgUr0do2xAfxYGWgcoz5KS04heMuSrDI3MYA/iFVgVeCvToKk9SQIDAQAB\n\
AoGAPA/Fq2AvRA2lYHPnL8AS+NrFfIRE1luMtBoqvaYuLhvhGbM6tIEGYEE4Abnz\n\
oGtaIbx8mjS/KV5XmgzR4OyYLms6MHctohV/XdgMUAq4jJScoi7JbVIGIQybSIPU\n\
RszE7kparyp1kPvLzSa8qQ2+TcsgxmvdGy0vySnUbtxAS4ECQQD82l9KmCt04IOs\n\
Ozft7glR2WfLVLqrCr3VoEgRdnMDMPRwM2T7jM19bRu/9ClXUVAWNy4aAkY099BK\n\
5+Z4zBQRAkEA1Zsl1wUw6XRC5YPQ3k8cKpR0n9gFxL5S1kvkDchTNM+AQ53vFcWg\n\
TpvzOGHdlYlmYuFnEFAdrUOvCumaS+vtuQJAVSxKBRqVKN2n/RBFmsQgJ44QRJHZ\n\
/1uy7o77N8aqn1ySOmlVjtazMZjbTCG2+07Mp28W/HPfql//rfvHytETwQJBANVX\n\
kAOh+6gvpmD1trdS7B7bB2BeseQ+8x11zuC1I+WrGcBvDUwBhor813+Iv3eLM+eu\n\
mPGCEyHqZ/nON318toECQQCHyQZyI8bnGlOHc+QKq1FNNovAxil/0nG94VLByiMY\n\
MUOBZ4OvEaVkrWxkIB8TDvwyjq6CuBUKDJgcGIOetYze\n\
-----END RSA PRIVATE KEY-----";

/// `handson` for its owner.
const SEALED: &str = "\
pMXivzqB3PisQb+q2xjoLZ6K5SsGxK8Qs1sR+36neuqzCGjRUnshmdrrpCrSeYfR4xNChUsIsDn67UxZZ+47sj3A9EM4pAYiC9MT\
Xc+zuO5q2pbryczq6aA7foeaKqum7vmzuVWUv3io2PQS3BzJ4J2xLXRao7+DrBjKz0aPq9g=";

#[test]
fn rsadecrypt_opens_what_was_sealed_for_the_key() {
    let key = RSA_KEY.replace('\n', "\\n");
    let opened = value(&format!("rsadecrypt(\"{SEALED}\", \"{key}\")"));
    assert_eq!(opened.as_deref(), Some("\"handson\""));
    let sealed = SEALED.replacen('p', "q", 1);
    assert_eq!(value(&format!("rsadecrypt(\"{sealed}\", \"{key}\")")), None);
    assert_eq!(value(&format!("rsadecrypt(\"{SEALED}\", \"no key\")")), None);
    let many = format!("[for n in range(1000): rsadecrypt(\"{SEALED}\", \"{key}\")]");
    assert_eq!(value(&many), None, "so much work is refused");
}
