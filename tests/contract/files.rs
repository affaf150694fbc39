//! The shared vectors of file operations: `tests/vectors/files.json`, described in `tests/vectors/README.md`. Node runs them too.

use crate::support::read;
use crate::tree::Entry;
use callgate::{
    AppendOptions, CopyOptions, Error, Files, Gate, MakeDirOptions, ReadDirOptions, ReadOptions,
    RemoveOptions,
};
use callgate::{RenameOptions, StatOptions, WriteOptions};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[derive(Deserialize)]
struct Vectors {
    tree: Vec<Entry>,
    files: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    policy: Value,
    call: Vec<Value>,
    rule: Option<String>,
    /// Read by `rules.rs`.
    #[serde(default, rename = "misses")]
    _misses: Vec<String>,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    changes: BTreeMap<String, Value>,
}

/// What lies below a folder: texts of files, `null` for folders, the targets of links.
fn state(folder: &Path) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            let value = if path.is_symlink() {
                json!({ "link": fs::read_link(&path).unwrap() })
            } else if path.is_dir() {
                folders.push(path);
                Value::Null
            } else {
                json!(fs::read_to_string(path).unwrap())
            };
            found.insert(name, value);
        }
    }
    found
}

/// Sets each option that a call names by `set`.
fn with<T: Default>(call: &[Value], set: impl Fn(&mut T, &str, &Value)) -> T {
    let mut options = T::default();
    for (name, value) in call.last().and_then(Value::as_object).into_iter().flatten() {
        set(&mut options, name, value);
    }
    options
}

fn perform(files: Files<'_>, call: &[Value]) -> Result<Value, Error> {
    let text = |index: usize| call[index].as_str().unwrap();
    let (operation, path) = (text(0), text(1));
    let on = |value: &Value| value.as_bool().unwrap();
    let done = |()| Value::Null;
    match operation {
        "read" => {
            let options = with(call, |options: &mut ReadOptions, _, value| {
                options.max_bytes = value.as_u64().unwrap();
            });
            files.read(path, &options).map(|bytes| json!(String::from_utf8(bytes).unwrap()))
        }
        "write" => {
            let options = with(call, |options: &mut WriteOptions, name, value| match name {
                "exclusive" => options.exclusive = on(value),
                "create" => options.create = on(value),
                _ => panic!("{name}"),
            });
            files.write(path, text(2).as_bytes(), &options).map(done)
        }
        "append" => files.append(path, text(2).as_bytes(), &AppendOptions::default()).map(done),
        "readDir" => {
            let options = with(call, |options: &mut ReadDirOptions, name, value| match name {
                "recursive" => options.recursive = on(value),
                "hideBlocked" => options.hide_blocked = on(value),
                "maxEntries" => options.max_entries = value.as_u64().unwrap().try_into().unwrap(),
                _ => panic!("{name}"),
            });
            let show =
                |entry: &callgate::DirEntry| format!("{} {} {}", entry.name, entry.kind.as_str(), entry.size);
            files.read_dir(path, &options).map(|entries| entries.iter().map(show).collect())
        }
        "stat" => files
            .stat(path, &StatOptions::default())
            .map(|stat| json!(format!("{} {}", stat.kind.as_str(), stat.size))),
        "makeDir" => {
            let set = |options: &mut MakeDirOptions, _: &str, value: &Value| options.recursive = on(value);
            files.make_dir(path, &with(call, set)).map(done)
        }
        "remove" => {
            let set = |options: &mut RemoveOptions, _: &str, value: &Value| options.recursive = on(value);
            files.remove(path, &with(call, set)).map(done)
        }
        "rename" => {
            let set = |options: &mut RenameOptions, _: &str, value: &Value| options.overwrite = on(value);
            files.rename(path, text(2), &with(call, set)).map(done)
        }
        "copy" => {
            let options = with(call, |options: &mut CopyOptions, name, value| match name {
                "overwrite" => options.overwrite = on(value),
                "maxBytes" => options.max_bytes = value.as_u64(),
                _ => panic!("{name}"),
            });
            files.copy(path, text(2), &options).map(done)
        }
        _ => panic!("{operation}"),
    }
}

#[test]
fn file_operations_do_what_is_written_down() {
    let Vectors { tree, files: cases } = serde_json::from_str(&read("tests/vectors/files.json")).unwrap();
    assert!(cases.len() > 50, "{} cases", cases.len());
    for case in cases {
        let folder = tempfile::tempdir().unwrap();
        let temp = fs::canonicalize(folder.path()).unwrap();
        for entry in &tree {
            entry.make(&temp);
        }
        let mut expected = state(&temp);
        let mut policy = if case.policy.is_null() { json!({}) } else { case.policy };
        policy["paths"]["roots"] = json!([temp.join("root")]);
        let gate = Gate::from_json(policy.to_string().as_bytes()).unwrap();
        match (perform(gate.files(), &case.call), &case.rule) {
            (Ok(value), None) => assert_eq!(value, case.value, "{}", case.name),
            (Err(error), Some(rule)) => {
                assert_eq!(error.code(), rule, "{}", case.name);
                assert!(!error.to_string().contains(temp.to_str().unwrap()), "{error}");
            }
            (answer, _) => panic!("{}: {answer:?}", case.name),
        }
        for (path, value) in case.changes {
            if value == false {
                expected.remove(&path);
            } else {
                expected.insert(path, value);
            }
        }
        assert_eq!(state(&temp), expected, "{}", case.name);
    }
}
