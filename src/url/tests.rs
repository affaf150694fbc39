//! What holds for every URL, host and address; single cases are in tests/vectors/urls.json.

use super::address::{Reach, classify};
use super::*;
use Rule::{UrlCredentials, UrlMetadata, UrlPrivate, UrlScheme, UrlSyntax};
use proptest::prelude::*;
use std::net::{Ipv4Addr, Ipv6Addr};

fn rules_of(judge: impl FnOnce(Report<'_>)) -> Vec<Rule> {
    let mut rules = Vec::new();
    judge(&mut |rule, _, _| rules.push(rule));
    rules
}

fn url_rules(text: &str) -> Vec<Rule> {
    rules_of(|report| UrlGuard::default().judge_url(text, Origin::Set, report))
}

fn host_rules(text: &str) -> Vec<Rule> {
    rules_of(|report| UrlGuard::default().judge_host(text, Origin::Set, report))
}

/// The rule for an address by itself.
fn rule_of(address: IpAddr) -> Option<Rule> {
    match classify(address) {
        Reach::Public => None,
        Reach::Private(_) => Some(Rule::UrlPrivate),
        Reach::Metadata(_) => Some(Rule::UrlMetadata),
    }
}

/// One number of an IPv4 address in a notation: decimal, octal or hexadecimal, with leading zeros.
fn number(value: u32, notation: u8) -> String {
    match notation % 6 {
        0 => value.to_string(),
        1 => format!("0{value:o}"),
        2 => format!("0x{value:x}"),
        3 => format!("0X{value:08X}"),
        4 => format!("0x{value:X}"),
        _ => format!("000{value:o}"),
    }
}

/// An IPv4 address cut into one to four numbers, each in a notation of its own.
fn spelled(address: Ipv4Addr, numbers: usize, notations: [u8; 4]) -> String {
    let [a, b, c, d] = address.octets().map(u32::from);
    let parts = match numbers % 4 {
        0 => vec![a << 24 | b << 16 | c << 8 | d],
        1 => vec![a, b << 16 | c << 8 | d],
        2 => vec![a, b, c << 8 | d],
        _ => vec![a, b, c, d],
    };
    let parts: Vec<_> = parts.iter().zip(notations).map(|(part, notation)| number(*part, notation)).collect();
    parts.join(".")
}

/// The same text in full-width characters.
fn full_width(text: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_graphic());
    text.chars().map(|c| wide(c).unwrap_or(c)).collect()
}

/// A character that means the same to a parser of hosts: itself, percent-encoded, full-width, mathematical, circled,
/// or another dot.
fn folds_to(c: char, writing: u8) -> String {
    let shifted = |by: u32| char::from_u32(u32::from(c) + by).map_or_else(|| c.to_string(), String::from);
    match (c, writing % 6) {
        (_, 1) => format!("%{:02x}", u32::from(c)),
        ('.', 2) => "\u{3002}".to_owned(),
        ('.', 3) => "\u{ff0e}".to_owned(),
        ('.', 4) => "\u{ff61}".to_owned(),
        ('0'..='9', 2) => shifted(0x1d7ce - 0x30),
        ('1'..='9', 3) => shifted(0x2460 - 0x31),
        ('0', 3) => "\u{24ea}".to_owned(),
        ('0'..='9', 4) => shifted(0x1d7f6 - 0x30),
        (_, 5) if c != '.' => full_width(&c.to_string()),
        _ => c.to_string(),
    }
}

/// Addresses of every row of the registries and of the public internet.
fn address() -> impl Strategy<Value = Ipv4Addr> {
    let interesting = prop::sample::select(vec![
        0x7f00_0001_u32,
        0,
        0x0a00_0001,
        0xc0a8_0101,
        0xac10_0001,
        0xa9fe_a9fe,
        0x6464_64c8,
        0xc000_00c0,
        0x6440_0001,
        0xe000_0001,
        0xffff_ffff,
        0x0808_0808,
    ]);
    prop_oneof![interesting, any::<u32>()].prop_map(Ipv4Addr::from_bits)
}

proptest! {
    #[test]
    fn every_spelling_of_an_address_classifies_like_its_canonical_form(
        address in address(), numbers: usize, notations: [u8; 4], dot: bool, wide: bool,
    ) {
        let mut host = spelled(address, numbers, notations);
        if dot {
            host.push('.');
        }
        if wide {
            host = full_width(&host);
        }
        let mut expected: Vec<Rule> = rule_of(address.into()).into_iter().collect();
        if host != address.to_string() {
            expected.insert(0, Rule::UrlSyntax);
        }
        for scheme in ["http", "HTTPS"] {
            prop_assert_eq!(url_rules(&format!("{scheme}://{host}:8080/x?y#z")), expected.clone(), "{}", host);
        }
        prop_assert_eq!(host_rules(&host), expected.clone());
        prop_assert_eq!(host_rules(&format!("{host}:80")), expected);
    }

    #[test]
    fn every_spelling_of_an_ipv6_address_classifies_like_its_canonical_form(
        bits: u128, inside in address(), row: u8,
    ) {
        let low = u128::from(inside.to_bits());
        let address = Ipv6Addr::from_bits(match row % 6 {
            0 => 0xffff << 32 | low,
            1 => 0x64_ff9b_u128 << 96 | low,
            2 => 0x2002_u128 << 112 | low << 80,
            3 => 0xfe80_u128 << 112 | bits >> 64,
            4 => 0x2_u128 << 124 | bits >> 4,
            _ => bits,
        });
        let [a, b, c, d, e, f, g, h] = address.segments();
        let [w, x, y, z] = [g >> 8, g & 255, h >> 8, h & 255];
        let expected: Vec<Rule> = rule_of(address.into()).into_iter().collect();
        for spelling in [
            address.to_string(),
            address.to_string().to_uppercase(),
            format!("{a:x}:{b:x}:{c:x}:{d:x}:{e:x}:{f:x}:{g:x}:{h:x}"),
            format!("{a:04x}:{b:04x}:{c:04x}:{d:04X}:{e:04x}:{f:04x}:{g:04x}:{h:04x}"),
            format!("{a:x}:{b:x}:{c:x}:{d:x}:{e:x}:{f:x}:{w}.{x}.{y}.{z}"),
        ] {
            prop_assert_eq!(url_rules(&format!("https://[{spelling}]/")), expected.clone(), "{}", spelling);
            prop_assert_eq!(host_rules(&spelling), expected.clone(), "{}", spelling);
            prop_assert_eq!(host_rules(&format!("[{spelling}]:443")), expected.clone(), "{}", spelling);
        }
        let rules = url_rules(&format!("http://[{address}%25eth0]/"));
        prop_assert!(rules.contains(&Rule::UrlSyntax));
    }

    /// Characters that parsers fold to digits, dots and letters, each by itself.
    #[test]
    fn an_address_in_characters_that_stand_for_others_classifies_like_its_canonical_form(
        address in address(), numbers: usize, notations: [u8; 4], writing: [u8; 8],
    ) {
        let spelled = spelled(address, numbers, notations);
        let host: String =
            spelled.chars().zip(writing.iter().cycle()).map(|(c, writing)| folds_to(c, *writing)).collect();
        let mut expected: Vec<Rule> = rule_of(address.into()).into_iter().collect();
        if host != address.to_string() {
            expected.insert(0, Rule::UrlSyntax);
        }
        prop_assert_eq!(url_rules(&format!("http://{host}/")), expected.clone(), "{}", host);
        // A host without a URL around it is never decoded.
        let expected = if host.contains('%') { vec![Rule::UrlSyntax] } else { expected };
        prop_assert_eq!(host_rules(&host), expected, "{}", host);
    }

    /// By whatever gateway or tunnel an IPv4 address is reached.
    #[test]
    fn an_address_inside_another_is_no_better_than_by_itself(inside in address(), other: u64) {
        let low = u128::from(inside.to_bits());
        let own = rule_of(inside.into());
        for (way, bits, as_well) in [
            ("v4-mapped", 0xffff << 32 | low, true),
            ("NAT64", 0x64_ff9b_u128 << 96 | low, true),
            ("v4-compatible", low, false),
            ("v4-translated", 0xffff << 48 | low, false),
            ("NAT64 of a network", 0x64_ff9b_0001_u128 << 80 | low, false),
            ("6to4", 0x2002_u128 << 112 | low << 80 | u128::from(other), false),
            ("Teredo", 0x2001_0000_u128 << 96 | u128::from(other) << 32 | (!low & 0xffff_ffff), false),
            ("Teredo, its server", 0x2001_0000_u128 << 96 | low << 64 | u128::from(other), false),
        ] {
            let address = Ipv6Addr::from_bits(bits);
            let rule = rule_of(address.into());
            if as_well {
                prop_assert_eq!(rule, own, "{} {}", way, address);
            } else {
                prop_assert!(rule.is_some() || own.is_none(), "{} {}", way, address);
            }
            let expected: Vec<Rule> = rule.into_iter().collect();
            prop_assert_eq!(url_rules(&format!("http://[{address}]/")), expected.clone(), "{} {}", way, address);
            prop_assert_eq!(host_rules(&format!("[{address}]")), expected, "{} {}", way, address);
        }
    }

    /// What is read without the parser is what the parser reads.
    #[test]
    fn plain_urls_are_read_as_the_parser_reads_them(
        text in r"https?://[a-c0x.:@_-]{0,9}(\.[a-z0-9-]{1,4}){0,2}(:[0-9]{0,6})?([/?#\\][ -~é]{0,6})?",
    ) {
        let (reading, fault) = parse::read(&text);
        if fault.is_none() {
            let reading = reading.expect("a reading or a fault");
            let parsed = url::Url::parse(&text).expect(&text);
            let host = reading.host.expect("a host");
            let expected = parsed.host().map(|host| Host::from(host.to_owned()));
            prop_assert_eq!(Some(host), expected, "{}", text);
            prop_assert_eq!(&reading.scheme, parsed.scheme());
        }
    }

    /// Any text gets an answer, with places inside it; what the parser refuses is refused.
    #[test]
    fn any_text_gets_an_answer(text in r"(https?:)?[/\\]{0,3}([ -~\t\nü１。ß.\u{ad}@%\[\]:-]|127\.0\.0\.1|localhost){0,12}") {
        let guard = UrlGuard::default();
        for origin in [Origin::Set, Origin::Inferred] {
            for judge in [UrlGuard::judge_url, UrlGuard::judge_host] {
                judge(&guard, &text, origin, &mut |_, at, what| {
                    assert!(text.get(at).is_some() && !what.is_empty(), "{text:?}");
                });
            }
        }
        if url::Url::parse(&text).is_err() {
            prop_assert!(url_rules(&text).contains(&Rule::UrlSyntax), "{:?}", text);
        }
    }
}

#[test]
fn a_guessed_kind_disturbs_less() {
    let guard = UrlGuard::default();
    for (text, expected) in [
        ("", vec![]),
        ("the homepage", vec![]),
        ("Example.com", vec![]),
        ("www.example.com/a?b", vec![]),
        ("https://example.com", vec![]),
        ("db", vec![]),
        ("5", vec![]),
        ("metadata", vec![]),
        ("a/b", vec![]),
        ("user@example.com", vec![]),
        ("192.168.1.1", vec![UrlPrivate]),
        ("192.168.1.1:80/x", vec![UrlPrivate]),
        ("localhost", vec![UrlPrivate]),
        ("nas.local", vec![UrlPrivate]),
        ("::1", vec![UrlPrivate]),
        ("http://db/", vec![UrlPrivate]),
        ("//127.0.0.1/x", vec![UrlSyntax, UrlPrivate]),
        ("\\\\127.0.0.1\\x", vec![UrlSyntax, UrlPrivate]),
        ("//example.com/x", vec![UrlSyntax]),
        ("// a note", vec![UrlSyntax]),
        ("//169.254.169.254/x", vec![UrlSyntax, UrlMetadata]),
        ("\\\\169.254.169.254\\x", vec![UrlSyntax, UrlMetadata]),
        ("///u:p@169.254.169.254:80?x", vec![UrlSyntax, UrlMetadata]),
        ("//[fe80::1]/x", vec![UrlSyntax, UrlMetadata]),
        ("http:169.254.169.254", vec![UrlSyntax, UrlMetadata]),
        ("http://u@169.254.1.1/", vec![UrlCredentials, UrlMetadata]),
        ("ftp://169.254.169.254/x", vec![UrlScheme, UrlMetadata]),
        ("http:127.0.0.1", vec![UrlSyntax, UrlPrivate]),
        ("h\nttp://127.0.0.1", vec![UrlSyntax, UrlPrivate]),
        ("file:///etc/passwd", vec![UrlScheme]),
        ("https://u:p@example.com/", vec![UrlCredentials]),
        ("169.254.169.254", vec![UrlMetadata]),
        ("2852039166", vec![UrlMetadata]),
        ("metadata.google.internal", vec![UrlMetadata]),
        ("fe80::1%eth0", vec![UrlMetadata]),
    ] {
        for judge in [UrlGuard::judge_url, UrlGuard::judge_host] {
            let found = rules_of(|report| judge(&guard, text, Origin::Inferred, report));
            assert_eq!(found, expected, "{text}");
        }
    }
    // An honest call may hold these, and no metadata service nor a host that the policy denies.
    for rule in [UrlPrivate, UrlSyntax, UrlScheme, UrlCredentials] {
        assert_eq!(Origin::Inferred.default_action(rule), Action::Flag);
    }
    for rule in [UrlMetadata, Rule::UrlHost] {
        assert_eq!(Origin::Inferred.default_action(rule), Action::Deny);
    }
}

#[test]
fn work_is_bounded_for_names_that_are_expensive_to_decode() {
    for unit in ["xn--", "xn--a-ecp.", "ü", "%C3%BC", "a.", "[", "@", ":"] {
        let url = format!("http://{}/", unit.repeat(1 << 20));
        assert!(url_rules(&url).contains(&Rule::UrlSyntax), "{unit}");
        assert!(host_rules(&unit.repeat(1 << 20)).contains(&Rule::UrlSyntax), "{unit}");
    }
}
