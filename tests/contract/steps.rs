//! What a byte costs does not grow with the text: instructions, counted by valgrind's callgrind.
//!
//! The test runs itself under callgrind, as the test `counted`: what `judge` does is counted, call by call.
#![cfg(target_os = "linux")]

use crate::support;
use callgate::Gate;
use std::path::Path;
use std::process::{Command, Stdio};

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// Most that a byte may cost, beside one of a shorter text.
const MOST: f64 = 1.3;
/// Least: below it the text was not judged to its end.
const LEAST: f64 = 0.6;
/// The rows are shared out among so many processes.
const SHARES: usize = 2;
/// Tells `counted` which share is its own.
const SHARE: &str = "CALLGATE_TEST_STEPS";

/// How the longest text is made. Each byte of the densest ones costs so much that 16 MiB would take minutes under
/// callgrind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Longest {
    /// 16 MiB like the others.
    Dense,
    /// 16 MiB with one unit in each 16 KiB and spaces between: what looks at the rest of the text for each unit shows
    /// there too.
    Thin,
    /// The same, and one unit in each 4 KiB of the short texts: more of them use up the budget of a call.
    Rare,
    /// 1 MiB like the others: spaces cost as much.
    Short,
    /// The row shows that growth is seen.
    Control,
}
use Longest::{Control, Dense, Rare, Short, Thin};

/// A text: what it shows, the unit that it repeats, and the kind of its strings. Of kind `redact`: what is redacted.
struct Row(&'static str, &'static str, &'static str, Longest);

const WINDOWS: &str = "%73%65 and then little follows for a while, so that each of these has a window of its own, \
    which every family of signs has to read from its first byte to its last, one family after the other, and that as \
    often as there are such letters in the whole text, be it short or long, until the budget is spent. ";

const ROWS: &[Row] = &[
    Row("prose", "It rained in the north, and nobody had thought of it; see page 12. ", "auto", Dense),
    Row("a structure", r#"",{"id":7,"name":"note 12","tags":["work","t3"]},""#, "auto", Thin),
    Row("quotes", "'", "auto", Dense),
    Row("escaped double quotes", r#"\""#, "auto", Dense),
    Row("escaped single quotes", r"\u0027", "auto", Thin),
    Row("backslashes", r"\\", "auto", Dense),
    Row("tags that do not close", "<", "auto", Dense),
    Row("entities without a number", "&#", "auto", Dense),
    Row("percent signs", "%", "auto", Dense),
    Row("braces of templates", "${", "auto", Dense),
    Row("look-ups that stay open", "${lower:", "auto", Thin),
    Row("conditions", "'or' ", "auto", Dense),
    Row("comments that do not end", "/*", "auto", Dense),
    Row("questions without a table", "union ", "auto", Thin),
    Row("questions", "union select ", "auto", Thin),
    Row("short strings with signs", r#"' or 1=1; ls -l | sh <b>",""#, "auto", Thin),
    Row("encoded letters", r"%73%65\u0073\u0065", "auto", Thin),
    Row("windows side by side", WINDOWS, "auto", Thin),
    Row("orders to a model, almost", "ignore you are now your previous ", "auto", Rare),
    Row("runs like tokens", "ghp_aB3dE5fG7hI9-eyJhbGciOiJIUzI1NiJ9.eyJ/sl.x ", "auto", Thin),
    Row("one run like tokens", "sk-aB3/eyJhbGciOiJIUzI1NiJ9.eyJ/sl.", "auto", Thin),
    Row("blocks", "-----BEGIN ", "auto", Thin),
    Row("blocks of keys", "-----BEGIN PRIVATE KEY-----", "auto", Short),
    Row("addresses", "://", "auto", Thin),
    Row("addresses with passwords", "a1://u:p4s@h ", "auto", Thin),
    Row("joiners", "\u{200d}", "auto", Short),
    Row("direction marks", "\u{200e}a", "auto", Short),
    Row("escapes of terminals", r"\u001b]", "auto", Short),
    Row("quotes in a statement", "''", "sql", Dense),
    Row("letters of two alphabets", "p\u{430}", "identifier", Short),
    Row("encoded letters of a word", "a%2", "word", Dense),
    Row("names before hosts", "http://a@", "url", Short),
    Row("labels", "xn--a.", "host", Dense),
    Row("parts of a path", "a/%2e%2e/", "path", Short),
    Row("secrets by name", r#"",{"password":"x"},""#, "redact", Thin),
    Row("secrets by shape", "AKIA2E0A8F3B244C9986 postgres://a:b8c9d@h ", "redact", Thin),
    Row("work for each part that reads the rest", " ", "", Control),
];

/// What the cost of a call is without its text.
const EMPTY: &[u8] = br#"[""]"#;

/// What is done with a document.
type Work = Box<dyn Fn(&[u8])>;

impl Row {
    /// The texts: 16 or 64 KiB and 256 KiB, then the longest behind a short one that is made in the same way.
    fn documents(&self) -> [Vec<u8>; 4] {
        let Self(_, unit, _, longest) = self;
        let make =
            |unit: &str, size: usize| format!(r#"["{}"]"#, unit.repeat(size / unit.len())).into_bytes();
        let padded = |size: usize| format!("{unit}{}", " ".repeat(size - unit.len()));
        let thin = padded(16 * KIB);
        let short = if *longest == Rare { &padded(4 * KIB) } else { *unit };
        let (before, last) = match longest {
            Dense => (make(unit, 256 * KIB), make(unit, 16 * MIB)),
            Thin | Rare => (make(&thin, 256 * KIB), make(&thin, 16 * MIB)),
            Short => (make(unit, 256 * KIB), make(unit, MIB)),
            Control => (make(unit, 16 * KIB), make(unit, 64 * KIB)),
        };
        // A path has a part that costs the same however long it is: what lies on its way is looked up so far.
        let shortest = if *longest == Short { 64 * KIB } else { 16 * KIB };
        [make(short, shortest), make(short, 256 * KIB), before, last]
    }

    fn work(&self) -> Work {
        let Self(_, _, kind, longest) = self;
        if *longest == Control {
            return Box::new(|document| {
                for from in (0..document.len()).step_by(KIB) {
                    std::hint::black_box(document[from..].iter().max());
                }
            });
        }
        let limits = r#"{ "messageBytes": 100000000, "stringBytes": 100000000, "elements": 10000000, "nodes": 100000000 }"#;
        let own = if *kind == "redact" { "auto" } else { kind };
        let policy = format!(
            r#"{{ "limits": {limits}, "tools": {{ "t": {{ "arguments": {{ "/*": {{ "kind": "{own}" }} }} }} }} }}"#
        );
        let gate = Gate::from_json(policy.as_bytes()).unwrap();
        if *kind == "redact" {
            Box::new(move |document| drop(gate.redact(document)))
        } else {
            Box::new(move |document| drop(gate.audit("t", document)))
        }
    }

    /// How the cost of a byte grows, from the instructions for an empty text and for each of the documents.
    fn growth(&self, counts: &[u64]) -> (f64, f64) {
        let sizes = self.documents().map(|document| document.len());
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let costs: Vec<f64> = counts[1..]
            .iter()
            .zip(sizes)
            .map(|(count, size)| count.saturating_sub(counts[0]) as f64 / size as f64)
            .collect();
        (costs[1] / costs[0], costs[3] / costs[2])
    }
}

/// What is counted, by its name.
#[inline(never)]
fn judge(work: &dyn Fn(&[u8]), document: &[u8]) {
    work(document);
}

fn share(own: usize) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().skip(own).step_by(SHARES)
}

#[test]
#[ignore = "run by the test below, under callgrind"]
fn counted() {
    let own = std::env::var(SHARE).expect("a share").parse().expect("a number");
    for row in share(own) {
        let (work, documents) = (row.work(), row.documents());
        // What is made once, and what a thread keeps.
        work(&documents[0]);
        work(EMPTY);
        judge(&work, EMPTY);
        for document in &documents {
            judge(&work, document);
        }
    }
}

/// The instructions of each call of `judge` for a share of the rows.
fn count(own: usize, folder: &Path) -> Vec<u64> {
    let out = folder.join(format!("share{own}"));
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", out.display()))
        // Two patterns: valgrind forgets the first of two options with the same one.
        .args(["--toggle-collect=contract::steps::judge*", "--dump-after=*::steps::judge*"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "steps::counted", "--ignored", "--test-threads=1"])
        .env(SHARE, own.to_string())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let parts = (1..).map_while(|part| std::fs::read_to_string(format!("{}.{part}", out.display())).ok());
    parts
        .map(|part| {
            let total = part.lines().find_map(|line| line.strip_prefix("totals: ")).expect("a total");
            total.trim().parse().expect("a number")
        })
        .collect()
}

#[test]
#[ignore = "takes minutes; scripts/ci-full.sh runs it"]
fn a_byte_costs_the_same_in_a_text_of_any_length() {
    if !Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
    {
        return support::skip("instructions counted by callgrind", "valgrind is not installed");
    }
    let folder = tempfile::tempdir().unwrap();
    let mut grown = Vec::new();
    std::thread::scope(|scope| {
        let shares: Vec<_> = (0..SHARES)
            .map(|own| {
                scope.spawn({
                    let folder = folder.path();
                    move || count(own, folder)
                })
            })
            .collect();
        for (own, counts) in shares.into_iter().enumerate() {
            let counts = counts.join().unwrap();
            assert_eq!(counts.len(), share(own).count() * 5, "a call was not counted");
            for (row, counts) in share(own).zip(counts.chunks(5)) {
                let (short, long) = row.growth(counts);
                println!("{}: {short:.2}, {long:.2} {counts:?}", row.0);
                assert!(short > LEAST && long > LEAST, "{}: {short:.2}, {long:.2}", row.0);
                if short > MOST || long > MOST {
                    grown.push(row.0);
                }
            }
        }
    });
    let controls: Vec<_> = ROWS.iter().filter(|row| row.3 == Control).map(|row| row.0).collect();
    assert_eq!(grown, controls, "in these, and in no other, a byte costs more the longer the text is");
}
