//! What is found lies on characters and in order, and sanitising leaves nothing to find, nothing to do and no more
//! than the limit.
#![no_main]

use callgate::text::{homoglyph, scan, starts_finding};
use callgate::{Gate, Policy};
use libfuzzer_sys::fuzz_target;
use std::ops::Range;
use std::sync::LazyLock;

static DEFAULT: LazyLock<Gate> = LazyLock::new(Gate::default);

static SHORT: LazyLock<Gate> = LazyLock::new(|| {
    let mut policy = Policy::default();
    policy.sanitize.max_chars = 12;
    Gate::new(policy).unwrap()
});

fn check(text: &str, last: &mut usize, range: &Range<usize>) {
    assert!(*last <= range.start && range.start < range.end);
    assert!(text.get(range.clone()).is_some());
    *last = range.end;
}

fuzz_target!(|text: &str| {
    let mut last = 0;
    scan(text, |_, range, _| {
        check(text, &mut last, &range);
        assert!(starts_finding(text.as_bytes()[range.start]));
    });
    last = 0;
    homoglyph(text, |_, range, _| check(text, &mut last, &range));

    for gate in [&*DEFAULT, &*SHORT] {
        let once = gate.sanitize(text);
        assert_eq!(once.removed.is_empty(), once.text == text);
        assert!(once.text.chars().count() <= gate.policy().sanitize.max_chars as usize);
        scan(&once.text, |rule, range, _| panic!("{} is left at {range:?} of {:?}", rule.id(), once.text));
        let twice = gate.sanitize(&once.text);
        assert_eq!((&twice.text, twice.removed.len()), (&once.text, 0));
    }
});
