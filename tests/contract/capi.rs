//! The C interface from C: programs in `tests/c` are compiled against `include/callgate.h`, linked with the
//! library that this crate builds, and run, also under valgrind.
#![cfg(all(unix, feature = "capi"))]

use crate::answers::Answered;
use crate::cases::{Found, vectors};
use crate::messages::Message;
use crate::support::{self, repository};
use crate::tree::{PathAnswer, PathCase, Resolved};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The shared library with the exports that panic on purpose. With the feature `test-hooks` cargo has built it beside
/// this program; but the name of a shared library does not tell its features, and another build in the same folder
/// replaces it. Then it is built again, in a folder of its own.
static LIBRARY: LazyLock<PathBuf> = LazyLock::new(|| {
    let name = format!("{}callgate{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let beside = std::env::current_exe().unwrap().with_file_name(&name);
    let has_hooks = |library: &[u8]| memchr::memmem::find(library, b"callgate_test_panic").is_some();
    if cfg!(feature = "test-hooks") && std::fs::read(&beside).is_ok_and(|library| has_hooks(&library)) {
        return beside;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("capi-test");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--lib", "--locked", "--quiet", "--features", "test-hooks", "--target-dir"])
        .arg(&folder)
        .current_dir(repository("."))
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the library does not build");
    folder.join("debug").join(name)
});

/// Compiles a program of `tests/c` and links it with the library.
fn program(source: &str, folder: &Path) -> PathBuf {
    let library = LIBRARY.parent().unwrap();
    let name = Path::new(source).file_name().and_then(|name| name.to_str()).unwrap();
    let program = folder.join(name.replace('.', "_"));
    let cpp = Path::new(source).extension().is_some_and(|extension| extension == "cpp");
    let target = if cfg!(target_os = "macos") { "apple-darwin" } else { "unknown-linux-gnu" };
    let target = format!("{}-{target}", std::env::consts::ARCH);
    let compiler = cc::Build::new()
        .cpp(cpp)
        .opt_level(1)
        .target(&target)
        .host(&target)
        .cargo_metadata(false)
        .get_compiler();
    let mut command = compiler.to_command();
    command
        .arg(if cpp { "-std=c++11" } else { "-std=c11" })
        .args(["-g", "-pedantic", "-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wstrict-overflow"])
        .arg("-I")
        .arg(repository("include"))
        .arg(repository("tests/c").join(source))
        .arg("-o")
        .arg(&program)
        .arg("-L")
        .arg(library)
        .args(["-lcallgate", "-pthread"])
        // DT_RPATH and not DT_RUNPATH: cargo's LD_LIBRARY_PATH names libraries of other builds.
        .arg("-Wl,--disable-new-dtags")
        .arg(format!("-Wl,-rpath,{}", library.display()));
    let output = command.output().expect("a C compiler runs");
    assert!(output.status.success(), "{source}: {}", String::from_utf8_lossy(&output.stderr));
    program
}

/// Whether valgrind can be run.
fn has_valgrind() -> bool {
    Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command that runs a program where an error or a leak of its memory is a failure.
fn under_valgrind(program: &Path) -> Command {
    let mut command = Command::new("valgrind");
    // Not what is "possibly" lost: a hash table is reached by a pointer to its middle, which counts as that.
    command
        .args(["--quiet", "--error-exitcode=99", "--leak-check=full"])
        .args(["--show-leak-kinds=definite,indirect", "--errors-for-leak-kinds=definite,indirect"])
        .arg(program);
    command
}

fn assert_success(mut command: Command) {
    // The injected panics print where they were; a backtrace would add nothing.
    command.stdin(Stdio::null()).env("RUST_BACKTRACE", "0");
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}\n{err}", output.status);
}

#[test]
fn a_c_program_uses_every_function() {
    let folder = tempfile::tempdir().unwrap();
    let program = program("capi.c", folder.path());
    let root = tempfile::tempdir().unwrap();
    let mut command = Command::new(&program);
    command.arg(root.path());
    assert_success(command);

    // What the compiler does not see: a function that no test calls.
    let (header, source) = (support::read("include/callgate.h"), support::read("tests/c/capi.c"));
    for name in declared(&header) {
        assert!(source.contains(&format!("{name}(")), "capi.c does not call {name}");
    }
}

#[test]
fn a_c_program_leaks_nothing() {
    if !has_valgrind() {
        return support::skip("the C program under valgrind", "valgrind is not installed");
    }
    let folder = tempfile::tempdir().unwrap();
    let program = program("capi.c", folder.path());
    let root = tempfile::tempdir().unwrap();
    let mut command = under_valgrind(&program);
    command.arg(root.path());
    assert_success(command);
}

#[test]
fn valgrind_sees_a_leak() {
    if !has_valgrind() {
        return support::skip("a planted leak under valgrind", "valgrind is not installed");
    }
    let folder = tempfile::tempdir().unwrap();
    let program = program("leak.c", folder.path());
    let output = under_valgrind(&program).output().unwrap();
    assert_eq!(output.status.code(), Some(99), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_header_is_cpp_too() {
    let folder = tempfile::tempdir().unwrap();
    assert_success(Command::new(program("header.cpp", folder.path())));
}

/// The functions that the header declares.
fn declared(header: &str) -> BTreeSet<String> {
    let names = header.split("int32_t callgate_").skip(1).filter_map(|rest| rest.split('(').next());
    names.map(|name| format!("callgate_{name}")).collect()
}

/// The names that a shared library offers to others.
fn exported(library: &Path) -> BTreeSet<String> {
    let output = Command::new("nm").args(["-D", "--defined-only"]).arg(library).output().expect("nm runs");
    assert!(output.status.success(), "nm failed on {}", library.display());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_else_is_exported() {
    let mut expected = declared(&support::read("include/callgate.h"));
    if cfg!(feature = "node") {
        expected.insert("napi_register_module_v1".to_owned());
    }
    let hooks = BTreeSet::from(["callgate_test_panic".to_owned()]);
    assert_eq!(exported(&LIBRARY), expected.union(&hooks).cloned().collect(), "the library of this test");

    // The addon is the same library; where it was built it must export the same, with the hooks or without.
    let addons = std::fs::read_dir(repository(".")).unwrap().filter_map(|entry| {
        let path = entry.unwrap().path();
        path.extension().is_some_and(|extension| extension == "node").then_some(path)
    });
    for addon in addons {
        let exported: BTreeSet<String> = exported(&addon).difference(&hooks).cloned().collect();
        assert_eq!(exported, expected, "{}", addon.display());
    }
}

/// A part of a question to `vectors.c`, `paths.c` or `urls.c`.
fn part(question: &mut Vec<u8>, bytes: &[u8]) {
    question.extend((bytes.len() as u64).to_le_bytes());
    question.extend(bytes);
}

/// What `vectors.c` answers to one question.
struct Answer {
    status: i32,
    action: String,
    found: Vec<Found>,
}

fn action_name(status: &str) -> String {
    let names = ["allow", "flag", "deny"];
    status
        .parse()
        .ok()
        .and_then(|status: usize| names.get(status))
        .unwrap_or_else(|| panic!("{status}"))
        .to_string()
}

/// Text that C printed in hexadecimal.
fn from_hex(field: &str) -> String {
    let digits = field.strip_prefix('=').unwrap_or_else(|| panic!("{field:?} is no text"));
    let bytes = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap());
    String::from_utf8(bytes.collect()).unwrap()
}

/// Runs a program of `tests/c` on questions; what it answers.
fn ask(source: &str, questions: Vec<u8>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let program = program(source, folder.path());
    let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&questions));
    let mut answers = String::new();
    child.stdout.take().unwrap().read_to_string(&mut answers).unwrap();
    writer.join().unwrap().unwrap();
    assert!(child.wait().unwrap().success(), "{source}");
    answers
}

fn parse_answer(lines: &mut std::str::Lines<'_>) -> Answer {
    let mut value = |key: &str| {
        let line = lines.next().expect("an answer");
        line.strip_prefix(key).unwrap_or_else(|| panic!("{line:?} is not {key}")).trim().to_owned()
    };
    let status = value("status").parse().unwrap();
    let (action, found) = parse_verdict(lines);
    Answer { status, action, found }
}

fn parse_verdict(lines: &mut std::str::Lines<'_>) -> (String, Vec<Found>) {
    let action = lines.next().and_then(|line| line.strip_prefix("action ")).map(action_name);
    let findings = lines.take_while(|line| *line != "end").map(|line| {
        let fields: Vec<&str> = line.split(' ').collect();
        let ["finding", rule, action, has_range, start, end, pointer] = fields[..] else {
            panic!("{line:?}")
        };
        Found {
            rule: rule.to_owned(),
            action: action_name(action),
            pointer: from_hex(pointer),
            range: (has_range == "1").then(|| (start.parse().unwrap(), end.parse().unwrap())),
        }
    });
    (action.expect("an action"), findings.collect())
}

#[test]
fn messages_are_judged_as_written_down() {
    let cases = vectors().messages;
    let mut questions = Vec::new();
    for case in &cases {
        part(&mut questions, case.policy_text().as_bytes());
        part(&mut questions, &case.input());
    }
    let answers = ask("messages.c", questions);
    let mut lines = answers.lines();
    for case in &cases {
        let fields: Vec<&str> = lines.next().expect("a message").split(' ').collect();
        let ["message", kind, id_kind, number, text, method, has_tool, tool] = fields[..] else {
            panic!("{fields:?}")
        };
        let names = ["request", "notification", "response", "batch", "invalid"];
        let id = match id_kind {
            "0" => Value::Null,
            "1" => json!(number.parse::<i64>().unwrap()),
            "2" => json!(from_hex(text)),
            _ => serde_json::from_str(&from_hex(text)).unwrap_or_default(),
        };
        let method = Some(from_hex(method)).filter(|method| !method.is_empty());
        let tool = (has_tool == "1").then(|| from_hex(tool));
        let (action, found) = parse_verdict(&mut lines);
        let answer =
            Message { kind: names[kind.parse::<usize>().unwrap()].into(), id, method, tool, action, found };
        assert_eq!(case.difference(&answer), None);
    }
    assert_eq!(lines.next(), None, "more answers than questions");
}

#[test]
fn verdicts_are_the_ones_written_down() {
    let vectors = vectors();
    let cases = &vectors.audit;
    let mut questions = Vec::new();
    for case in cases {
        part(&mut questions, case.policy_text().as_bytes());
        part(&mut questions, case.tool.as_bytes());
        part(&mut questions, &case.input());
        part(&mut questions, case.server_text().as_bytes());
    }
    let answers = ask("vectors.c", questions);
    let mut lines = answers.lines();
    for case in cases {
        let answer = parse_answer(&mut lines);
        assert_eq!(case.difference(&answer.action, &answer.found), None);
        if case.policy.is_none() {
            let deciding = answer.found.iter().find(|finding| finding.action == answer.action);
            let unreadable =
                deciding.is_some_and(|finding| ["json.syntax", "json.utf8"].contains(&&*finding.rule));
            let expected = match &*answer.action {
                _ if unreadable => -1,
                "allow" => 0,
                "flag" => 1,
                _ => 2,
            };
            assert_eq!(answer.status, expected, "{}", case.name);
        }
    }
    assert_eq!(lines.next(), None, "more answers than questions");
}

fn parse_path_answer(lines: &mut std::str::Lines<'_>) -> PathAnswer {
    let mut answer =
        PathAnswer { resolved: Resolved::Refused(String::new()), check: String::new(), found: Vec::new() };
    for line in lines.take_while(|line| *line != "end") {
        let fields: Vec<&str> = line.split(' ').collect();
        match (&fields[..], &mut answer.resolved) {
            (["check", status], _) => answer.check = action_name(status),
            (["found", rule], _) => answer.found.push((*rule).to_owned()),
            (["refused", rule, _], resolved) => *resolved = Resolved::Refused((*rule).to_owned()),
            (["resolved", kind, path, relative, root], resolved) => {
                *resolved = Resolved::Path {
                    path: from_hex(path),
                    relative: from_hex(relative),
                    root: from_hex(root),
                    kind: ["file", "directory", "missing"][kind.parse::<usize>().unwrap()].to_owned(),
                    flags: Vec::new(),
                }
            }
            (["flag", rule], Resolved::Path { flags, .. }) => flags.push((*rule).to_owned()),
            _ => panic!("{line:?}"),
        }
    }
    answer
}

fn intent_number(case: &PathCase) -> usize {
    let intent = case.intent.as_deref().unwrap_or("read");
    let names = ["read", "list", "write", "delete"];
    names.iter().position(|name| *name == intent).expect("an intent")
}

#[test]
fn paths_are_answered_as_written_down() {
    let vectors = vectors();
    let mut questions = Vec::new();
    for case in &vectors.paths {
        part(&mut questions, case.policy_text().as_bytes());
        part(&mut questions, case.path.as_bytes());
        part(&mut questions, intent_number(case).to_string().as_bytes());
        part(&mut questions, case.base.as_deref().unwrap_or_default().as_bytes());
    }
    let answers = ask("paths.c", questions);
    let roots: BTreeSet<&str> = vectors.paths.iter().map(|case| &*case.root).collect();
    for message in answers.lines().filter_map(|line| line.strip_prefix("refused ")) {
        let message = from_hex(message.split(' ').nth(1).expect("a message"));
        assert!(!message.is_empty() && !roots.iter().any(|root| message.contains(root)), "{message}");
    }
    let mut lines = answers.lines();
    for case in &vectors.paths {
        let answer = parse_path_answer(&mut lines);
        assert_eq!(case.difference(&answer), None);
    }
    assert_eq!(lines.next(), None, "more answers than questions");
}

#[test]
fn urls_are_answered_as_written_down() {
    let cases = vectors().urls;
    let mut questions = Vec::new();
    for case in &cases {
        part(&mut questions, case.policy.as_bytes());
        part(&mut questions, case.text.as_bytes());
        part(&mut questions, case.address.as_deref().unwrap_or_default().as_bytes());
    }
    let answers = ask("urls.c", questions);
    let mut lines = answers.lines();
    for case in &cases {
        let action = lines.next().and_then(|line| line.strip_prefix("action ")).expect("an answer");
        let found = lines.by_ref().take_while(|line| *line != "end");
        let rules: Vec<_> = found
            .map(|line| {
                let (rule, message) =
                    line.strip_prefix("found ").and_then(|found| found.split_once(' ')).expect("a finding");
                let message = from_hex(message);
                assert!(message.contains(rule), "{message}");
                assert!(case.text.len() < 6 || !message.contains(&case.text), "{message}");
                rule.to_owned()
            })
            .collect();
        assert_eq!(case.difference(&action_name(action), &rules), None);
    }
    assert_eq!(lines.next(), None, "more answers than questions");
}

#[test]
fn texts_are_sanitised_as_written_down() {
    let cases = vectors().texts;
    let mut questions = Vec::new();
    for case in &cases {
        part(&mut questions, case.policy_text().as_bytes());
        part(&mut questions, case.text.as_bytes());
    }
    let answers = ask("texts.c", questions);
    let mut lines = answers.lines();
    for case in &cases {
        let text = lines.next().and_then(|line| line.strip_prefix("text ")).expect("a text");
        let removed = lines.by_ref().take_while(|line| *line != "end").map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            let ["removed", count, kind] = fields[..] else { panic!("{line:?}") };
            (kind.to_owned(), count.parse().unwrap())
        });
        let removed = removed.collect();
        assert_eq!(case.difference(&from_hex(text), &removed), None);
    }
    assert_eq!(lines.next(), None, "more answers than questions");
}

#[test]
fn texts_are_redacted_as_written_down() {
    let cases = vectors().redact;
    let mut questions = Vec::new();
    for case in &cases {
        part(&mut questions, case.policy_text().as_bytes());
        part(&mut questions, case.input().as_bytes());
    }
    let answers = ask("redact.c", questions);
    assert_eq!(answers.lines().count(), cases.len());
    for (case, line) in cases.iter().zip(answers.lines()) {
        let answer = line.strip_prefix("redacted ").unwrap_or_else(|| panic!("{line:?}"));
        assert_eq!(case.difference(&from_hex(answer)), None);
    }
}

#[test]
fn answers_and_definitions_are_judged_as_written_down() {
    let cases = vectors().answers;
    let mut questions = Vec::new();
    for case in &cases {
        part(&mut questions, case.policy_text().as_bytes());
        part(&mut questions, case.of.as_deref().unwrap_or("message").as_bytes());
        part(&mut questions, case.text.as_bytes());
        part(&mut questions, b"");
        part(&mut questions, b"");
    }
    for (case, answered) in cases.iter().zip(answered(questions, cases.len())) {
        assert_eq!(case.difference(&answered), None);
    }
}

#[test]
fn messages_are_cleaned_as_written_down() {
    let cases = vectors().cleaned;
    let mut questions = Vec::new();
    for case in &cases {
        part(&mut questions, case.policy_text().as_bytes());
        part(&mut questions, b"clean");
        part(&mut questions, case.text.as_bytes());
        part(&mut questions, case.tool.as_bytes());
        part(&mut questions, case.schema_text().as_bytes());
    }
    for (case, answered) in cases.iter().zip(answered(questions, cases.len())) {
        assert_eq!(case.difference(&answered), None);
    }
}

#[test]
fn the_example_cleans_what_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let program = program("../../examples/clean.c", folder.path());
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let result = |text: &str| {
        format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{\"content\":[{{\"type\":\"text\",\"text\":\"{text}\"}}]}}}}\n"
        )
    };
    let given = [&result("two notes"), "no JSON\n", &result("postgres://ada:Kf9-Lq2vX7p@db/x")].concat();
    child.stdin.take().unwrap().write_all(given.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        [result("two notes"), result("[REDACTED]")].concat()
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap().lines().count(), 1);
}

/// What `answers.c` answers to so many questions.
fn answered(questions: Vec<u8>, count: usize) -> Vec<Answered> {
    let answers = ask("answers.c", questions);
    let mut lines = answers.lines();
    let mut all = Vec::new();
    for _ in 0..count {
        let action = lines.next().and_then(|line| line.strip_prefix("action ")).expect("an answer");
        let mut replacement = None;
        let mut found = Vec::new();
        for line in lines.by_ref().take_while(|line| *line != "end") {
            let fields: Vec<&str> = line.split(' ').collect();
            match fields[..] {
                ["found", rule, pointer] => found.push((rule.to_owned(), from_hex(pointer))),
                ["replacement", text] => replacement = Some(from_hex(text)),
                _ => panic!("{line:?}"),
            }
        }
        all.push(Answered { action: action_name(action), found, replacement });
    }
    assert_eq!(lines.next(), None, "more answers than questions");
    all
}

#[test]
fn kinds_are_inferred_as_written_down() {
    let cases = vectors().kinds;
    let mut questions = Vec::new();
    for case in &cases {
        part(&mut questions, case.schema.to_string().as_bytes());
        let tool = if case.tool.is_null() { String::new() } else { case.tool.to_string() };
        part(&mut questions, tool.as_bytes());
    }
    let answers = ask("kinds.c", questions);
    assert_eq!(answers.lines().count(), cases.len());
    for (case, line) in cases.iter().zip(answers.lines()) {
        let answer = line.strip_prefix("kinds ").unwrap_or_else(|| panic!("{line:?}"));
        let answer = serde_json::from_str(&from_hex(answer)).expect("JSON");
        assert_eq!(case.difference(&answer), None);
    }
}
