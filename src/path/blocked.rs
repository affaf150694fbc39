//! Files that hold credentials or steer tools, and what a policy adds to and takes from them.
//!
//! A relative pattern matches whole names below the root at any depth, an absolute one the resolved path
//! from its start. The deepest name of a path that any pattern matches decides, so that a blocked folder
//! blocks what lies in it, and `unblocked` can lift a part of it; of a folder that is blocked by default,
//! only by a pattern that names the folder.
//!
//! `names.txt` lists what is blocked by default, `table` reads it, `pattern` and `index` compare, and `words`
//! tells sources, templates and backups.

#![forbid(unsafe_code)]

mod index;
mod pattern;
mod table;
mod words;

use crate::error::Error;
use crate::policy::Intent;
use index::{Index, Layers};
use pattern::Pattern;
use table::BUILT_IN;

const MAX_PATTERNS: usize = 4096;

/// What the patterns make of a path. The greatest of several holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Access {
    #[default]
    Open,
    /// Not to be written or deleted: a program runs it, or does what it says.
    Steers,
    /// The last name is one of a private key or certificate: only its content tells which.
    PrivateKey,
    /// The last name is one of settings that mostly hold credentials, among the data of tests.
    Sample,
    Blocked,
}

impl Access {
    /// Whether this is refused whatever the file holds.
    pub(super) fn refuses(self, intent: Intent) -> bool {
        match self {
            Self::Open => false,
            Self::Steers | Self::PrivateKey | Self::Sample => {
                matches!(intent, Intent::Write | Intent::Delete)
            }
            Self::Blocked => true,
        }
    }

    /// Whether reading is a matter of what the file holds.
    pub(super) fn is_told_by_content(self) -> bool {
        matches!(self, Self::PrivateKey | Self::Sample)
    }

    /// What was wrong where it refuses.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Steers => {
                "the name is one of a file that a program runs or follows, which may not be changed"
            }
            Self::PrivateKey => "the name is one of a private key or certificate, which may not be changed",
            Self::Open | Self::Sample | Self::Blocked => {
                "the name is one of a file that holds credentials or steers tools"
            }
        }
    }
}

/// What a pattern does to the name that it matches. The greatest that matches a name holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    Steer,
    PrivateKey,
    /// Blocked, unless it is of test data.
    Sample,
    Block,
    PolicyBlock,
    PolicyUnblock,
}

impl Effect {
    /// Whether what it matches holds secrets.
    fn is_of_secrets(self) -> bool {
        matches!(self, Self::Sample | Self::Block)
    }
}

/// The patterns of one gate, besides the built-in ones.
#[derive(Debug, Default)]
pub(super) struct Blocked {
    relative: Index,
    absolute: Index,
}

impl Blocked {
    /// The built-in patterns with those of a policy.
    pub(super) fn new(blocked: &[String], unblocked: &[String]) -> Result<Self, Error> {
        let mut all = Self::default();
        for (member, patterns, effect) in
            [("blocked", blocked, Effect::PolicyBlock), ("unblocked", unblocked, Effect::PolicyUnblock)]
        {
            if patterns.len() > MAX_PATTERNS {
                return Err(Error::policy(
                    &format!("/paths/{member}"),
                    format_args!("at most {MAX_PATTERNS} patterns"),
                ));
            }
            for (index, pattern) in patterns.iter().enumerate() {
                all.add(pattern, effect)
                    .map_err(|what| Error::policy(&format!("/paths/{member}/{index}"), what))?;
            }
        }
        Ok(all)
    }

    fn add(&mut self, text: &str, effect: Effect) -> Result<(), &'static str> {
        let absolute = text.starts_with('/');
        let (last, pattern) = Pattern::parse(text, effect)?;
        if absolute { &mut self.absolute } else { &mut self.relative }.add(last, pattern);
        Ok(())
    }

    fn relative(&self) -> Layers<'_> {
        Layers { built_in: &BUILT_IN.relative, policy: &self.relative, anchored: false }
    }

    fn layers(&self) -> Layers<'_> {
        Layers { built_in: &BUILT_IN.absolute, policy: &self.absolute, anchored: true }
    }

    /// Judges a path below a root by the relative patterns. `..` counts as a name. `folds`: a name may
    /// differ from what it folds to.
    pub(super) fn below_root(&self, path: &str, folds: bool) -> Access {
        self.relative().judge(path, folds)
    }

    /// Judges the absolute path of a file by the absolute patterns.
    pub(super) fn absolute(&self, path: &str) -> Access {
        self.layers().judge(path, true)
    }

    /// Whether an absolute pattern can match at or below this folder.
    pub(super) fn reaches(&self, folder: &str) -> bool {
        self.layers().reaches(folder)
    }

    /// Whether what lies below a folder is judged alike before and after the folder is moved: no pattern of
    /// several names has matched more of one place than of the other, unless it is built in and needs what is not
    /// there. Both folders are open themselves. `exists`: whether the folder has something at this path.
    pub(super) fn moves_alike(&self, from: &str, to: &str, exists: &mut impl FnMut(&str) -> bool) -> bool {
        self.relative().judges_alike(from, to, exists)
    }

    /// The same by the absolute patterns.
    pub(super) fn moves_alike_absolute(
        &self,
        from: &str,
        to: &str,
        exists: &mut impl FnMut(&str) -> bool,
    ) -> bool {
        self.layers().judges_alike(from, to, exists)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(blocked: &[&str], unblocked: &[&str]) -> Blocked {
        let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        Blocked::new(&owned(blocked), &owned(unblocked)).expect("valid patterns")
    }

    #[test]
    fn secrets_are_blocked_however_they_are_written() {
        let blocked = Blocked::default();
        for path in [
            ".env",
            "a/.env",
            ".env.local",
            ".env.production",
            ".ENV",
            ".Env.Local",
            ".env.",
            ".env ",
            ".env::$DATA",
            ".env:x",
            "\u{FF0E}env",
            ".e\u{200B}nv",
            ".env/x",
            ".env.example.local",
            ".env.examples",
            ".git",
            ".git/config",
            ".git/hooks/pre-commit",
            "a/.git/HEAD",
            ".GIT/config",
            ".git./config",
            ".git::$INDEX_ALLOCATION/config",
            ".gi\u{200C}t/config",
            "a//.git",
            "./.git/",
            ".ssh",
            ".ssh/config",
            ".ssh/known_hosts",
            ".\u{DF}h/config",
            ".\u{1E9E}H/config",
            "home/.ssh/x",
            "id_rsa",
            "id_ed25519",
            "id_ecdsa_sk",
            "keys/ID_RSA",
            "ssh_host_ed25519_key",
            "a.p12",
            "b/a.PFX",
            "vault.kdbx",
            ".aws/credentials",
            ".aws/config",
            ".gnupg/secring.gpg",
            ".kube/config",
            "x/.kube/config",
            ".docker/config.json",
            ".npmrc",
            ".netrc",
            ".pypirc",
            "credentials",
            "a/credentials",
            "credentials/prod",
            "credentials.json",
            "credentials.yml",
            "credentials.yaml",
            "credentials.ini",
            "credentials.toml",
            "credentials.xml",
            "credentials.csv",
            "credentials.enc",
            "service-account.json",
            "my-service-account-prod.json",
            "application_default_credentials.json",
            ".bash_history",
            ".zsh_history",
            ".python_history",
            "fish_history",
        ] {
            assert_eq!(blocked.below_root(path, true), Access::Blocked, "{path:?}");
        }
    }

    #[test]
    fn what_only_looks_alike_stays_open() {
        let blocked = Blocked::default();
        for path in [
            ".",
            "",
            "a",
            ".env.example",
            ".env.sample",
            ".env.template",
            ".env.dist",
            "env",
            "my.env",
            ".environment",
            "a.env.txt",
            ".gitignore",
            ".github/ISSUE_TEMPLATE.md",
            ".gitattributes",
            ".gitmodules",
            "git",
            "x.git/y",
            "id_rsa.pub",
            "id_ed25519.pub",
            "id_rsa.md",
            "credentials.py",
            "credentials.rs",
            "credentials.ts",
            "credentials.md",
            "aws_credentials",
            "credentialsjson",
            "kube/config",
            ".kube/cache",
            ".docker/Dockerfile",
            "docker/config.json",
            "config.json",
            "service_account.py",
            "service-account.ts",
            "p12",
            "a.p12.md",
            "history",
            "command_history",
            "ssh/config",
            "etc/passwd",
            "a.pem/b",
            "server.key.md",
            "keyboard",
            "monkey",
            "...",
        ] {
            assert_eq!(blocked.below_root(path, true), Access::Open, "{path:?}");
        }
        for path in [
            ".env.local.example",
            ".env.d.ts",
            "credentials/Acme.credentials.ts",
            "credentials/icon.svg",
            "service-account-policy.json",
            ".aws/task-definition.json",
            "secrets.example.yml",
            "credentials.go",
            "password.py",
            "i18n/login.json",
            "src/auth.json",
            "locales/en/auth.json",
            "config.toml",
            "passwd",
            "config/database.yml",
            "history.json",
            "stripe/index.ts",
            "token",
            "a/settings.php",
            "credentials.d.ts",
            "wp-config-sample.php",
            "hosts.yml",
            "node_modules/configstore/package.json",
            "linode-cli/setup.cfg",
            "deploy/argocd/config",
            "credentials/__pycache__/store.cpython-311.pyc",
            "config/hub.rb",
            "composer.json",
            "templates/secrets.yaml.tpl",
        ] {
            assert_eq!(blocked.below_root(path, true), Access::Open, "{path:?}");
        }
        for path in ["a.pem", "certs/ca.PEM", "server.key", "a.key.", "i18n/en.key"] {
            assert_eq!(blocked.below_root(path, true), Access::PrivateKey, "{path:?}");
        }
        assert_eq!(blocked.below_root(".ssh/a.pem", true), Access::Blocked);
    }

    #[test]
    fn what_is_run_or_followed_may_be_read() {
        let blocked = Blocked::default();
        for path in [
            ".envrc",
            ".vscode/settings.json",
            ".VSCode/tasks.json",
            "a/.cursor/rules/a.mdc",
            ".github/workflows/ci.yml",
            "demo.code-workspace",
            ".bashrc",
            ".husky/pre-commit",
            ".claude/settings.json",
            ".mcp.json",
            ".idea/a.iml",
            ".zed/tasks.json",
            ".config/fish/config.fish",
            "fish/conf.d/a.fish",
            ".gitconfig",
            "systemd/user/a.service",
            "Library/LaunchAgents/a.plist",
            ".kiro/settings/mcp.json",
            ".amazonq/mcp.json",
            ".windsurf/rules/a.md",
        ] {
            assert_eq!(blocked.below_root(path, true), Access::Steers, "{path:?}");
        }
        for (path, access) in [
            ("/etc/crontab", Access::Steers),
            ("/etc/cron.d/a", Access::Steers),
            ("/etc/shadow-", Access::Blocked),
            ("/etc/passwd.bak", Access::Blocked),
        ] {
            assert_eq!(blocked.absolute(path), access, "{path:?}");
        }
        // The one that holds a token is not read either.
        assert_eq!(blocked.below_root(".claude/.credentials.json", true), Access::Blocked);
        for (unblocked, path, access) in [
            (".vscode/**", ".vscode/a/b.json", Access::Open),
            (".vscode/settings.json", ".vscode/settings.json", Access::Open),
            (".vscode/settings.json", ".vscode/tasks.json", Access::Steers),
            // A name is no word on the folder.
            ("settings.json", ".vscode/settings.json", Access::Steers),
            (".claude/**", ".claude/.credentials.json", Access::Open),
            ("*.json", ".claude/.credentials.json", Access::Blocked),
        ] {
            assert_eq!(policy(&[], &[unblocked]).below_root(path, true), access, "{unblocked} {path}");
        }
    }

    #[test]
    fn a_backup_is_blocked_as_what_it_is_a_copy_of() {
        let blocked = Blocked::default();
        for path in [
            ".env~",
            ".env.bak",
            "id_rsa.bak",
            "id_rsa.old",
            "id_rsa~",
            "ID_RSA.ORIG",
            ".npmrc.save",
            ".netrc.swp",
            "credentials.json.bak",
            "wp-config.php.bak",
            "wp-config.php~",
            "wp-config.php.old",
            ".pgpass.1",
            "a/secrets.yml.copy",
            "vault.kdbx.bak",
            "id_ed25519 copy",
            "#.netrc#",
            ".git-credentials.bak.1",
        ] {
            assert_eq!(blocked.below_root(path, true), Access::Blocked, "{path:?}");
        }
        for path in ["server.pem.bak", "server.key~"] {
            assert_eq!(blocked.below_root(path, true), Access::PrivateKey, "{path:?}");
        }
        for path in
            ["id_rsa.pub", "a.bak", "main.rs.bak", "credentials.go.bak", ".env.example.bak", "id_rsa.bak.md"]
        {
            assert_eq!(blocked.below_root(path, true), Access::Open, "{path:?}");
        }
    }

    #[test]
    fn the_content_of_settings_tells_among_test_data() {
        let blocked = Blocked::default();
        for (path, access) in [
            ("test/fixtures/.env", Access::Sample),
            ("a/__tests__/env/.env.production", Access::Sample),
            ("Fixtures/x/.ENV.local", Access::Sample),
            ("testdata/.dev.vars", Access::Sample),
            ("playground/.env.bak", Access::Sample),
            ("test/dummy/config/secrets.yml", Access::Sample),
            // The folder is not one of the path below the root, or no folder at all.
            (".env", Access::Blocked),
            ("tests/.env", Access::Blocked),
            ("my-fixtures/.env", Access::Blocked),
            (".env/fixtures/x", Access::Blocked),
            (".env.fixture.local/fixtures/x", Access::Blocked),
            ("fixtures/.env/x", Access::Blocked),
            // What holds credentials wherever it lies.
            ("fixtures/.ssh/.env", Access::Blocked),
            ("fixtures/id_rsa", Access::Blocked),
            ("fixtures/.git/config", Access::Blocked),
            ("fixtures/.npmrc", Access::Blocked),
        ] {
            assert_eq!(blocked.below_root(path, true), access, "{path:?}");
        }
        for (blocked, unblocked, path, access) in [
            (&[".env"][..], &[][..], "fixtures/.env", Access::Blocked),
            (&["fixtures/**"], &[], "fixtures/.env", Access::Blocked),
            (&[], &[".env"], "fixtures/.env", Access::Open),
        ] {
            assert_eq!(policy(blocked, unblocked).below_root(path, true), access, "{path}");
        }
    }

    #[test]
    fn absolute_patterns_match_from_the_start() {
        let blocked =
            policy(&["/srv/app/secrets/**", "/var/**/private", "/opt/*.db"], &["/srv/app/secrets/public"]);
        for (path, access) in [
            ("/etc/passwd", Access::Blocked),
            ("/etc/PASSWD", Access::Blocked),
            ("/etc/shadow", Access::Blocked),
            ("/etc/passwd-", Access::Blocked),
            ("/proc", Access::Blocked),
            ("/proc/self/environ", Access::Blocked),
            ("/home/proc/x", Access::Open),
            ("/chroot/etc/passwd", Access::Open),
            ("/srv/app/secrets/x/y", Access::Blocked),
            ("/srv/app/secrets/public/y", Access::Open),
            ("/srv/app/secret", Access::Open),
            ("/var/private", Access::Blocked),
            ("/var/a/b/private/c", Access::Blocked),
            ("/opt/a.db", Access::Blocked),
            ("/opt/x/a.db", Access::Open),
        ] {
            assert_eq!(blocked.absolute(path), access, "{path}");
        }
        for (root, reached) in [
            ("/", true),
            ("/etc", true),
            ("/etc/passwd", true),
            ("/etc/vim", false),
            ("/home/me", false),
            ("/proc/1", true),
            ("/srv/app", true),
            ("/srv/app/secrets/x", true),
            ("/srv/web", false),
            ("/var/www", true),
            ("/opt", true),
        ] {
            assert_eq!(blocked.reaches(root), reached, "{root}");
        }
    }

    #[test]
    fn the_deepest_match_decides_and_unblocked_wins() {
        for (blocked, unblocked, path, access) in [
            (&["secret"][..], &[][..], "a/secret/b", Access::Blocked),
            (&["secret*.txt"], &[], "Secret-1.TXT", Access::Blocked),
            (&["secret*.txt"], &[], "secret/a.txt", Access::Open),
            (&["a/**/z"], &[], "x/a/z", Access::Blocked),
            (&["a/**/z"], &[], "a/b/c/z/y", Access::Blocked),
            (&["a/**/z"], &[], "b/z", Access::Open),
            (&["a/*/z"], &[], "a/b/z", Access::Blocked),
            (&["a/*/z"], &[], "a/b/c/z", Access::Open),
            (&["**/a/z"], &[], "q/a/z", Access::Blocked),
            (&["a/**/b/*/z"], &[], "a/x/b/y/z", Access::Blocked),
            (&["a/**/b/*/z"], &[], "a/b/y/z", Access::Blocked),
            (&["a/**/b/*/z"], &[], "b/y/a/z", Access::Open),
            (&["a/**/b/**/z"], &[], "b/a/c/b/z", Access::Blocked),
            (&["a/**/b/**/z"], &[], "b/a/z", Access::Open),
            (&["a/b/**/b/z"], &[], "a/b/z", Access::Open),
            (&["**"], &[], "a", Access::Blocked),
            (&["**"], &["docs/**"], "docs/a/b", Access::Open),
            (&["**"], &["docs/**"], "src/a", Access::Blocked),
            (&[], &[".env"], ".env", Access::Open),
            (&[], &[".ENV"], ".env", Access::Open),
            (&[], &[".env"], ".env.local", Access::Blocked),
            (&[], &[".git/config"], ".git/config", Access::Open),
            (&[], &[".git/config"], ".git/HEAD", Access::Blocked),
            (&[], &["credentials"], "src/credentials/mod.rs", Access::Open),
            (&[], &["credentials"], "credentials/.env", Access::Blocked),
            (&[], &["credentials/**"], "credentials/.env", Access::Open),
            // A name is no word on a folder that is blocked by default.
            (&[], &["credentials"], ".aws/credentials", Access::Blocked),
            (&[], &["*.key"], ".gnupg/private-keys-v1.d/a.key", Access::Blocked),
            (&[], &["**/*.key"], ".gnupg/private-keys-v1.d/a.key", Access::Blocked),
            (&[], &["docs/**"], ".git/docs/a", Access::Blocked),
            (&[], &["docs/**"], "docs/.git/a", Access::Open),
            (&[], &["docs/**/a"], "docs/.git/a", Access::Open),
            (&[], &["docs/**/a"], ".ssh/docs/x/a", Access::Blocked),
            (&[], &[".gnupg/**/*.key"], ".gnupg/private-keys-v1.d/a.key", Access::Open),
            (&[], &[".aws/*"], "x/.aws/credentials", Access::Open),
            (&[], &["*/config"], ".git/config", Access::Blocked),
            (&[], &["*/*/config"], ".git/x/config", Access::Blocked),
            (&[], &["*/**/config"], ".git/x/config", Access::Blocked),
            (&[], &["*/.git/config"], "a/.git/config", Access::Open),
            (&["*/config"], &["*/config"], "docs/config", Access::Open),
            (&[], &["*"], ".git/config", Access::Open),
            (&["**"], &["*.md"], "a/b.md", Access::Open),
            (&["**"], &["*.md"], ".ssh/b.md", Access::Blocked),
            (&[".aws/**"], &["credentials"], ".aws/credentials", Access::Blocked),
            (&[], &["*.pem"], "a.pem", Access::Open),
            (&["*.pem"], &[], "a.pem", Access::Blocked),
            (&[".env.example"], &[], ".env.example", Access::Blocked),
            (&[], &[], ".git/.env.example", Access::Blocked),
        ] {
            assert_eq!(
                policy(blocked, unblocked).below_root(path, true),
                access,
                "{blocked:?} {unblocked:?} {path}"
            );
        }
    }

    #[test]
    fn a_folder_moves_where_what_lies_in_it_is_judged_alike() {
        for (blocked, unblocked, from, to, alike) in [
            (&[][..], &[][..], "a", "b/c", true),
            (&[], &[], "x", ".kube", false),
            (&[], &[], ".kube", "x", false),
            (&[], &[], "x", "a/.KUBE", false),
            (&[], &[], "a/.kube", "b/.kube", true),
            (&[], &[], ".kube/x", "y", true),
            (&["drafts/secret.txt"], &[], "drafts", "plain", false),
            (&["drafts/secret.txt"], &[], "drafts/a", "plain", true),
            (&["a/b/c/d"], &[], "a/b", "x/b", false),
            (&["a/b/c/d"], &[], "x/a/b", "a/b", true),
            (&["a/b/c/d"], &[], "a", "a/b", false),
            (&["a/**/z"], &[], "a/b", "c/b", false),
            (&["a/**/z"], &[], "a/b", "x/a/c", true),
            (&["a/**/b/z"], &[], "a/x", "a/b", false),
            (&["**/a/z"], &[], "x", "a", false),
            (&["**/a/z"], &[], "x", "y", true),
            (&["*/z"], &[], "a", "b/c", true),
            (&["a*/z"], &[], "b", "abc", false),
            // What a pattern lifts is lifted at one place only.
            (&[], &["docs/**"], "docs", "x", false),
            (&[], &["docs/**"], "x", "docs/x", false),
            (&[], &["docs/**"], "docs/a", "docs/b", true),
            (&["**"], &["docs/**"], "docs/a", "docs/b", true),
            (&["**"], &["docs/**", "src/**"], "docs/a", "src/a", true),
            (&[], &["docs/.env"], "docs", "x", false),
            (&[], &[".env"], "docs", "x", true),
            (&[], &[], "docs", "fixtures/docs", false),
            (&[], &[], "fixtures/a", "testdata/a", true),
        ] {
            let patterns = policy(blocked, unblocked);
            for (from, to) in [(from, to), (to, from)] {
                assert_eq!(
                    patterns.moves_alike(from, to, &mut |_| true),
                    alike,
                    "{blocked:?} {unblocked:?} {from} {to}"
                );
            }
        }
        let patterns = policy(&["/srv/app/secrets/**", "/srv/*/b/**/x"], &[]);
        for (from, to, alike) in [
            ("/srv/app/a", "/srv/app/c", true),
            ("/srv/app", "/srv/other", false),
            ("/srv/a/b/c", "/srv/a/c/c", false),
            ("/srv/a/b/c", "/srv/z/b/d/e", true),
            ("/x/srv/app", "/x/y", true),
        ] {
            assert_eq!(patterns.moves_alike_absolute(from, to, &mut |_| true), alike, "{from} {to}");
        }
    }

    #[test]
    fn bad_patterns_name_their_place() {
        for pattern in [
            "", "/", "a//b", "a/", "./a", "a/../b", "a**", "**a/b", "a?", "[ab]", "{a,b}", "a\\b", "!a",
            ".env:x", "*:x", "...", " ", "a/**/**", "\0",
        ] {
            let patterns = ["ok".to_owned(), pattern.to_owned()];
            let error = Blocked::new(&[], &patterns).expect_err(pattern);
            assert_eq!(error.code(), "policy.invalid");
            assert!(error.to_string().starts_with("/paths/unblocked/1: "), "{error}");
        }
        assert!(Blocked::new(&vec!["a".to_owned(); MAX_PATTERNS + 1], &[]).is_err());
        assert!(Blocked::new(&["a".repeat(4097)], &[]).is_err());
    }

    #[test]
    fn many_stars_take_linear_time() {
        // All but match: a matcher that went back would not end.
        let (stars, folders) = (&*"*a".repeat(64), &*format!("b/{}a", "**/a/".repeat(60)));
        let blocked = policy(&[stars, folders], &[]);
        assert_eq!(blocked.below_root(&("a".repeat(60) + "/" + &"a/".repeat(1900)), true), Access::Open);
        // Each matches every name but for its first folder, which must not be sought anew at each.
        let everywhere: Vec<String> = (0..MAX_PATTERNS).map(|n| format!("b{n}/**/*")).collect();
        let blocked = Blocked::new(&everywhere, &[]).expect("valid patterns");
        assert_eq!(blocked.below_root(&"a/".repeat(1900), true), Access::Open);
    }
}
