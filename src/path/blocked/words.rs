//! What a name is besides the pattern that it matches: a source or template, or a backup of another name.

#![forbid(unsafe_code)]

/// Extensions of programs, documents, pictures and templates, which no tool reads its credentials from.
fn is_of_source(extension: &str) -> bool {
    matches!(
        extension,
        "adoc"
            | "astro"
            | "c"
            | "cc"
            | "cjs"
            | "class"
            | "clj"
            | "cljs"
            | "cpp"
            | "cs"
            | "css"
            | "cts"
            | "cue"
            | "cxx"
            | "dart"
            | "elm"
            | "erb"
            | "erl"
            | "ex"
            | "exs"
            | "fs"
            | "gif"
            | "go"
            | "gql"
            | "gradle"
            | "graphql"
            | "groovy"
            | "h"
            | "hbs"
            | "hh"
            | "hpp"
            | "hrl"
            | "hs"
            | "htm"
            | "html"
            | "ico"
            | "java"
            | "j2"
            | "jinja"
            | "jinja2"
            | "jl"
            | "jpeg"
            | "jpg"
            | "js"
            | "jsx"
            | "kt"
            | "kts"
            | "less"
            | "lua"
            | "m"
            | "map"
            | "md"
            | "mdx"
            | "mjs"
            | "ml"
            | "mm"
            | "mts"
            | "mustache"
            | "nix"
            | "patch"
            | "php"
            | "phpt"
            | "pl"
            | "pm"
            | "png"
            | "proto"
            | "py"
            | "pyc"
            | "pyi"
            | "pyx"
            | "r"
            | "rb"
            | "rego"
            | "rs"
            | "rst"
            | "sass"
            | "scala"
            | "scss"
            | "snap"
            | "svelte"
            | "svg"
            | "swift"
            | "t"
            | "tf"
            | "thrift"
            | "tpl"
            | "tmpl"
            | "ts"
            | "tsx"
            | "tt"
            | "vb"
            | "vue"
            | "webp"
            | "zig"
    )
}

/// Words that say of a file that it is a pattern for one, or that it is about such files.
fn is_of_template(word: &str) -> bool {
    matches!(
        word,
        "default"
            | "defaults"
            | "demo"
            | "dist"
            | "dummy"
            | "example"
            | "fake"
            | "fixture"
            | "fixtures"
            | "mock"
            | "mocks"
            | "placeholder"
            | "policies"
            | "policy"
            | "role"
            | "roles"
            | "sample"
            | "schema"
            | "schemas"
            | "skeleton"
            | "spec"
            | "stub"
            | "stubs"
            | "template"
            | "tmpl"
            | "tpl"
    )
}

/// Whether a folded name is that of a folder that holds the data of tests.
pub(super) fn is_of_test_data(folder: &str) -> bool {
    matches!(
        folder,
        "__fixtures__"
            | "__mocks__"
            | "__tests__"
            | "dummy"
            | "fixture"
            | "fixtures"
            | "playground"
            | "playgrounds"
            | "test-data"
            | "test_data"
            | "testdata"
    )
}

/// What editors, package managers and people put behind the name of a copy.
fn is_of_backup(suffix: &str) -> bool {
    matches!(
        suffix,
        "1" | "2"
            | "3"
            | "4"
            | "5"
            | "6"
            | "7"
            | "8"
            | "9"
            | "back"
            | "backup"
            | "bak"
            | "bkp"
            | "bup"
            | "copy"
            | "disabled"
            | "new"
            | "off"
            | "old"
            | "orig"
            | "original"
            | "pacnew"
            | "pacsave"
            | "prev"
            | "previous"
            | "rpmnew"
            | "rpmorig"
            | "rpmsave"
            | "save"
            | "saved"
            | "swn"
            | "swo"
            | "swp"
            | "temp"
            | "tmp"
    )
}

/// Extensions of data, in front of which a name says what it is.
fn is_of_data(extension: &str) -> bool {
    matches!(
        extension,
        "cfg"
            | "conf"
            | "config"
            | "csv"
            | "enc"
            | "env"
            | "ini"
            | "json"
            | "json5"
            | "jsonc"
            | "properties"
            | "plist"
            | "tfvars"
            | "toml"
            | "txt"
            | "xml"
            | "yaml"
            | "yml"
    )
}

/// Whether a folded name is that of a source or template.
pub(super) fn is_source_or_template(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else {
        let is_document =
            matches!(name, "changelog" | "dockerfile" | "license" | "makefile" | "readme" | "usage");
        return is_document || name.split(['-', '_', ' ']).any(is_of_template);
    };
    let is_source = !stem.is_empty() && is_of_source(extension);
    let words = if is_of_data(extension) { stem } else { extension };
    is_source || words.split(['.', '-', '_', ' ']).any(is_of_template)
}

/// The name that a folded name is a backup of, one suffix less.
pub(super) fn backed_up(name: &str) -> Option<&str> {
    let shorter = match name.as_bytes().last()? {
        b'~' => before_number(name).or_else(|| name.strip_suffix('~')),
        b'-' => name.strip_suffix('-'),
        b'#' => name.strip_suffix('#').and_then(|name| name.strip_prefix('#')),
        b')' => name.rsplit_once(" (").map(|(name, _)| name),
        _ => before_suffix(name),
    };
    shorter.filter(|name| !name.is_empty())
}

/// `name.~1~`, as GNU tools number them.
fn before_number(name: &str) -> Option<&str> {
    let (name, number) = name.strip_suffix('~')?.rsplit_once(".~")?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(name)
}

/// `name.bak`, `name-old`, `name copy`, `name_backup`, `name.dpkg-old`.
fn before_suffix(name: &str) -> Option<&str> {
    let at = name.bytes().rposition(|byte| matches!(byte, b'.' | b'-' | b'_' | b' '))?;
    let (shorter, suffix) = (name.get(..at)?, name.get(at + 1..)?);
    if let Some((shorter, "dpkg" | "ucf")) = shorter.rsplit_once('.')
        && matches!(suffix, "bak" | "dist" | "new" | "old")
    {
        return Some(shorter);
    }
    // A number behind anything but a dot belongs to the name: `key-1`.
    let is_number = suffix.len() == 1 && suffix.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let is_backup = is_of_backup(suffix) && (!is_number || name.as_bytes().get(at) == Some(&b'.'));
    is_backup.then(|| shorter.trim_end_matches([' ', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_are_of_the_name_in_front() {
        for (name, of) in [
            (".env~", ".env"),
            ("shadow-", "shadow"),
            ("id_rsa.bak", "id_rsa"),
            ("id_rsa.~12~", "id_rsa"),
            ("#id_rsa#", "id_rsa"),
            ("id_rsa.1", "id_rsa"),
            ("id_rsa copy", "id_rsa"),
            ("id_rsa - copy", "id_rsa"),
            ("id_rsa (2)", "id_rsa"),
            ("id_rsa_old", "id_rsa"),
            ("id_rsa-backup", "id_rsa"),
            ("shadow.dpkg-old", "shadow"),
            ("passwd.ucf-dist", "passwd"),
            (".npmrc.swp", ".npmrc"),
        ] {
            assert_eq!(backed_up(name), Some(of), "{name}");
        }
        for name in
            ["id_rsa", "a.txt", "key-1", "v1.10", "~", "-", ".bak", "#a", "a.b.c", "copy", "id_rsa.pub"]
        {
            assert_eq!(backed_up(name), None, "{name}");
        }
    }

    #[test]
    fn sources_and_templates_are_told_by_extension_and_word() {
        for name in [
            ".env.example",
            ".env.local.example",
            ".env.d.ts",
            "acme.credentials.ts",
            "credentials.go",
            "password.py",
            "service-account-policy.json",
            "secrets.example.yml",
            "client_secret_template.json",
            "sample.env",
        ] {
            assert!(is_source_or_template(name), "{name}");
        }
        for name in [
            ".env",
            ".env.local",
            "credentials",
            "credentials.json",
            "secrets.yml",
            ".ts",
            "a.examples2",
            "examplesque",
        ] {
            assert!(!is_source_or_template(name), "{name}");
        }
    }
}
