use super::*;
use crate::json::tape_of as tape;
use jsonschema_value::JsonNumber;
#[cfg(feature = "test-conformance")]
use jsonschema_value::conformance;
use proptest::prelude::*;
use serde_json::json;

const PLENTY: u64 = 1 << 40;

/// Hands a document's root to `read`.
fn with<T>(text: &str, read: impl FnOnce(Value<'_>) -> T) -> T {
    let tape = tape(text.as_bytes());
    let document = Document::new(text.as_bytes(), &tape, PLENTY).unwrap();
    let answer = read(document.root());
    assert!(!document.is_spent());
    answer
}

#[cfg(feature = "test-conformance")]
#[test]
fn the_representation_conforms() {
    for text in [
        conformance::document().to_string(),
        serde_json::to_string_pretty(&conformance::document()).unwrap(),
        // Escapes in keys and strings are read through.
        conformance::document().to_string().replace('e', r"\u0065").replace(r"tru\u0065", "true"),
    ] {
        with(&text, |root| conformance::assert_conformance::<Indexed>(&root));
    }
}

#[test]
fn numbers_are_what_they_stand_for() {
    for (text, u64, i64, f64, integer, written) in [
        ("0", Some(0), Some(0), 0.0, true, true),
        ("-0", None, None, -0.0, true, true),
        ("-7", None, Some(-7), -7.0, true, true),
        ("7.0", None, None, 7.0, true, false),
        ("7e0", None, None, 7.0, true, false),
        ("0.5", None, None, 0.5, false, false),
        (
            "999999999999999999",
            Some(999_999_999_999_999_999),
            Some(999_999_999_999_999_999),
            1e18,
            true,
            true,
        ),
        ("18446744073709551615", Some(u64::MAX), None, 18_446_744_073_709_551_615.0, true, true),
        ("18446744073709551616", None, None, 18_446_744_073_709_551_616.0, true, true),
        ("-9223372036854775808", None, Some(i64::MIN), -9_223_372_036_854_775_808.0, true, true),
        ("-9223372036854775809", None, None, -9_223_372_036_854_775_808.0, true, true),
        ("1e400", None, None, f64::INFINITY, false, false),
        ("-1e400", None, None, f64::NEG_INFINITY, false, false),
    ] {
        for text in [text.to_owned(), format!("[{text}]"), format!(r#"{{"a":{text} }}"#)] {
            with(&text, |root| {
                let child = root.as_array().and_then(|items| items.elements().next());
                let child = child.or_else(|| root.as_object().and_then(|object| object.get(&"a".into())));
                let number = child.unwrap_or(root).as_number().unwrap();
                assert_eq!((number.as_u64(), number.as_i64()), (u64, i64), "{text}");
                assert_eq!(number.as_f64(), Some(f64), "{text}");
                assert_eq!(
                    (number.is_integer(), number.is_written_as_integer()),
                    (integer, written),
                    "{text}"
                );
            });
        }
    }
}

#[test]
fn strings_are_what_they_stand_for() {
    for (text, plain, length) in [
        (r#""""#, "", 0),
        (r#""a\"b\\""#, "a\"b\\", 4),
        (r#""\u00e9\uD83D\uDE00""#, "é😀", 2),
        ("\"é😀\"", "é😀", 2),
    ] {
        with(text, |root| {
            assert_eq!(root.as_string().as_deref(), Some(plain), "{text}");
            assert_eq!(root.string_length(), Some(length), "{text}");
            assert_eq!(root.span(), 0..text.len());
        });
    }
    // Half a pair is no text; what stands for it is the same for both halves.
    with(r#""\ud800""#, |root| assert!(root.as_string().unwrap().contains('\u{FFFD}')));
}

#[test]
fn spans_are_the_bytes_of_a_value() {
    let text = r#" {"a\u0062": [1, {"c":null}] , "d":-1.5e3 , "ab2":"x\"y"} "#;
    with(text, |root| {
        assert_eq!(text.get(root.span()), Some(text.trim()));
        for (name, member) in
            [("ab", r#""a\u0062": [1, {"c":null}]"#), ("d", r#""d":-1.5e3"#), ("ab2", r#""ab2":"x\"y""#)]
        {
            assert_eq!(text.get(root.member_span(name).unwrap()), Some(member));
        }
        assert_eq!(root.member_span("a"), None);
    });
}

#[test]
fn items_are_distinct_by_value() {
    for (text, distinct) in [
        ("[]", true),
        ("[1]", true),
        ("[1,1.0]", false),
        ("[0,-0.0]", false),
        ("[1e2,100]", false),
        ("[1,true]", true),
        ("[0,false,\"\",null,[],{}]", true),
        ("[\"a\",\"\\u0061\"]", false),
        ("[[1,2],[2,1]]", true),
        ("[[[]],[]]", true),
        ("[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1.0}]", false),
        ("[{\"a\":1,\"b\":2},{\"b\":1,\"a\":2}]", true),
        ("[9007199254740993,9007199254740992]", true),
        ("[9007199254740993,9007199254740993.0]", true),
        ("[18446744073709551616,18446744073709551616.0]", false),
    ] {
        with(text, |root| assert_eq!(root.as_array().unwrap().is_unique(), distinct, "{text}"));
    }
}

#[test]
fn a_document_without_fuel_has_no_end_to_wait_for() {
    let text = format!("[{}]", vec!["[1,2]"; 1000].join(","));
    let tape = tape(text.as_bytes());
    let document = Document::new(text.as_bytes(), &tape, 100).unwrap();
    let items = document.root().as_array().unwrap();
    assert_eq!(items.len(), 1000);
    assert!(items.elements().count() < 100);
    assert!(document.is_spent());
    assert!(document.root().as_array().is_none() && document.root().as_object().is_none());
    assert!(document.root().lazy_value().get().is_null());
}

#[test]
fn errors_are_counted() {
    let tape = tape(b"[]");
    let document = Document::new(b"[]", &tape, PLENTY).unwrap();
    for _ in 0..MAX_ERRORS {
        assert_eq!(document.root().lazy_value().get().as_u64(), Some(0));
    }
    assert!(document.root().lazy_value().get().is_null());
    assert!(document.is_spent());
}

/// Any JSON value, with keys and strings that need escapes, and numbers of all kinds.
pub(crate) fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let text = || prop::sample::select(vec!["", "a", "b", "ab", "é", "\"", "\\", "\n", "😀", "a/b~c", "0"]);
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        (-3_i64..4).prop_map(|value| json!(value)),
        any::<u64>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        prop::sample::select(vec![0.5, 1.0, -0.0, 1e300, 9_007_199_254_740_992.0, -2.0])
            .prop_map(|value| json!(value)),
        text().prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::Array),
            prop::collection::vec((text(), inner), 0..6).prop_map(|members| {
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            }),
        ]
    })
}

proptest! {
    #[test]
    fn a_document_reads_as_its_tree(value in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        // The text may be read to other numbers than it was written from: -0.0 is -0.0 again, 1e300 is 1e300.
        let tree: serde_json::Value = serde_json::from_str(&text).unwrap();
        with(&text, |root| {
            is(root.to_value().into_owned(), tree.clone())?;
            is(root.equals_value(&tree), true)
        })?;
    }

    #[test]
    fn equality_is_the_one_of_json_schema(one in any_json(), other in any_json()) {
        let same = jsonschema::json::cmp::equal(&one, &other);
        with(&one.to_string(), |root| is(root.equals_value(&other), same))?;
        let pair = format!("[{one},{other}]");
        with(&pair, |root| is(root.as_array().unwrap().is_unique(), !same))?;
    }
}

fn is<T: std::fmt::Debug + PartialEq>(left: T, right: T) -> Result<(), TestCaseError> {
    prop_assert_eq!(left, right);
    Ok(())
}
