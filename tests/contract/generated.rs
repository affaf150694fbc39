//! The files that the table of rules generates are up to date. `CALLGATE_BLESS=1 cargo test --test contract generated`
//! writes them. The crate `codegen` generates the bindings of the C helper and the C header.

use crate::difference;
use crate::support::{self, read, repository};
use callgate::{Action, Control, Rule};
use std::fmt::Write as _;

/// Compares a committed file with what was generated; `CALLGATE_BLESS=1` writes it instead.
fn assert_committed(file: &str, generated: &str) {
    let path = repository(file);
    if std::env::var_os("CALLGATE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some(difference) = difference::first(&committed, generated) {
        panic!("{file} is not what its sources generate; write it anew with CALLGATE_BLESS=1\n{difference}");
    }
}

#[test]
fn the_page_of_blocked_names_is_what_the_list_says() {
    let mut page = String::from(
        "# Blocked names\n\n\
         The names that are off limits by default, made from `src/path/blocked/names.txt`. `paths.unblocked` lifts them one by \
         one, `paths.blocked` adds more ([policy.md](policy.md)). The rule is `path.blocked`.\n\n\
         | class | what is refused |\n|---|---|\n\
         | never | everything: the file holds credentials |\n\
         | write | writing and deleting: some program runs the file, or does what it says, without being asked again, and it is kept for \
         that program alone |\n\
         | key | reading, where the content is a private key (a certificate can be read); writing and deleting |\n\
         | test | everything; in a folder of test data (`fixtures`, `__tests__`, `testdata`, `playground` and the like) reading \
         where the content is a secret, writing and deleting |\n\n\
         A relative pattern matches whole names below a root at any depth, in any case and however a file system may spell \
         them; an absolute one the whole path. `*` stays inside a name; `folder/**` is the folder and whatever lies in it. A \
         pattern of class never or test that ends in a name also matches backups of the name (`id_rsa.bak`, `.env~`), and does not \
         match sources and templates (`credentials.go`, `.env.example`).\n\n\
         Of what a program runs or an agent obeys by itself, class write has what is out of sight: names that start with a \
         dot, what lies in such a folder, settings of one program (`.cursorrules`, `.claude/**`, `opencode.json`). It can be \
         read. Documents, sources and build files that people write and read as a part of their project are open: \
         `README.md`, `AGENTS.md`, `CLAUDE.md`, `GEMINI.md`, `package.json`. To keep a tool from writing those too, name them: \
         `\"paths\": { \"blocked\": [\"AGENTS.md\", \"CLAUDE.md\"] }`, which keeps them from being read as well.\n",
    );
    let list = read("src/path/blocked/names.txt");
    for line in list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(title) = line.strip_prefix("= ") {
            let (tool, source) = title.split_once(" | ").expect("a source");
            write!(page, "\n## {tool}\n\nSource: <{source}>\n\n| class | pattern |\n|---|---|\n").unwrap();
        } else {
            let (class, pattern) = line.split_once(' ').expect("a class");
            writeln!(page, "| {class} | `{pattern}` |").unwrap();
        }
    }
    assert_committed("docs/blocked-names.md", &page);
}

#[test]
fn header_declares_every_export() {
    let header = read("include/callgate.h");
    let mut exports = 0;
    for (file, text) in support::rust_files("src/capi") {
        for name in text.split("extern \"C\" fn ").skip(1).filter_map(|rest| rest.split('(').next()) {
            let public = !file.ends_with("/hooks.rs");
            assert_eq!(header.contains(&format!(" {name}(")), public, "{name} of {file}");
            exports += usize::from(public);
        }
    }
    assert_eq!(header.matches("int32_t callgate_").count(), exports, "declarations and exports");
}

#[test]
fn rule_table_is_the_one_in_the_sources() {
    let mut table = String::from(
        "# Rules\n\n\
         Generated from `src/rules.rs`; do not edit.\n\n\
         Ids are stable. *Default* is the action where the policy says nothing; *Changed by* names the member of the\n\
         policy that changes the outcome. A rule that nothing changes is always denied: there is nothing to let through.\n\
         `\"mode\": \"observe\"` reports every refusal of an audit or check as a flag.\n\n\
         | Rule | Default | Severity | Changed by | Meaning |\n|---|---|---|---|---|\n",
    );
    for rule in Rule::ALL {
        let changed_by = match (rule.policy_member(), rule.control()) {
            (Some(member), _) => format!("`{member}`"),
            (None, Control::Free) => format!("`rules[\"{}\"]`", rule.id()),
            (None, Control::Fixed) => "nothing".to_owned(),
        };
        writeln!(
            table,
            "| `{}` | {} | {} | {} | {} |",
            rule.id(),
            if rule.default_action() == Action::Allow { "off" } else { rule.default_action().as_str() },
            rule.severity().as_str(),
            changed_by,
            rule.summary().replace('|', "\\|"),
        )
        .unwrap();
    }
    assert_committed("docs/rules.md", &table);
}

#[test]
fn typescript_union_names_every_rule() {
    const BEGIN: &str = "// rules:begin\n";
    const END: &str = "// rules:end";
    if !repository("index.d.ts").exists() {
        return support::skip("comparing the union RuleId", "there is no index.d.ts");
    }
    let declarations = read("index.d.ts");
    let (before, rest) = declarations.split_once(BEGIN).expect("index.d.ts has a line `// rules:begin`");
    let (_, after) = rest.split_once(END).expect("index.d.ts has a line `// rules:end`");
    let mut union = String::from("export type RuleId =\n");
    for rule in Rule::ALL {
        writeln!(union, "  | '{}'", rule.id()).unwrap();
    }
    assert_committed("index.d.ts", &format!("{before}{BEGIN}{union}{END}{after}"));
}
