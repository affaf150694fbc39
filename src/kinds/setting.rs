//! What a tool works on, as its name, title and description say.

#![forbid(unsafe_code)]

use super::foreign::{in_english, words_in_english};
use super::words::{Text, has, words_of_name};

/// Characters of the title and of the description that are looked at: what a tool does is said first.
const MAX_TEXT: usize = 320;

/// What a tool says of itself, in the words of `tools/list`.
///
/// ```
/// use callgate::{infer_kinds, policy::Kind, ToolWords};
/// let schema = serde_json::json!({ "properties": { "source": { "type": "string" } } });
/// let tool = ToolWords { name: "move_file", ..ToolWords::default() };
/// assert_eq!(infer_kinds(&schema, tool)?["/source"], Kind::Path);
/// # Ok::<(), callgate::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToolWords<'t> {
    /// Its name; empty where it is not known.
    pub name: &'t str,
    /// Its title, for people.
    pub title: &'t str,
    /// Its description, for models.
    pub description: &'t str,
    /// Its annotations say that it changes something ([`Hints::changes`](crate::policy::Hints::changes)). Counts where its
    /// name does not tell.
    pub changes: bool,
}

/// What a tool works on. More than one may hold.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a subject that a tool has or not")]
pub(super) struct Setting {
    /// Its name as it is, or the beginning of a long one.
    pub(super) called: String,
    name: Vec<String>,
    text: Text,
    /// Files, of this machine or of another.
    pub(super) files: bool,
    /// Repositories of a service on the network, reached by its API.
    pub(super) hosted: bool,
    /// Storage or machines elsewhere.
    pub(super) remote: bool,
    /// A database that is asked in SQL.
    pub(super) database: bool,
    /// Commands of a shell.
    pub(super) shell: bool,
    /// Git.
    pub(super) git: bool,
    /// Packages of a registry.
    pub(super) packages: bool,
    /// It says that it changes something.
    pub(super) changes: bool,
}

impl Setting {
    pub(super) fn of(tool: ToolWords<'_>) -> Self {
        let name = words_in_english(words_of_name(tool.name));
        let cut = |text: &str| in_english(&text.chars().take(MAX_TEXT).collect::<String>()).into_owned();
        let texts = [cut(tool.title), cut(tool.description)];
        let text = Text::of(name.iter().map(String::as_str).chain(texts.iter().map(String::as_str)));
        let says = |phrases| text.says(phrases);
        let is_named = |words| name.iter().any(|word| has(words, word));
        Self {
            files: says(FILES),
            hosted: says(HOSTED),
            remote: says(REMOTE) || is_named(REMOTE_NAMES),
            database: says(DATABASE) && !says(OTHER_DATABASES),
            shell: says(SHELL) || is_named(SHELL_NAMES),
            git: says(GIT),
            packages: says(PACKAGES),
            changes: tool.changes,
            called: tool.name.chars().take(MAX_TEXT).collect(),
            name,
            text,
        }
    }

    /// Whether the name has one of these words.
    pub(super) fn named(&self, words: &str) -> bool {
        self.name.iter().any(|word| has(words, word))
    }

    /// Whether the name, the title or the beginning of the description has one of these words or phrases.
    pub(super) fn says(&self, phrases: &str) -> bool {
        self.text.says(phrases)
    }
}

const FILES: &str = "file, directory, dir, folder, filesystem, fs, file system, disk, filename, filepath, workbook, spreadsheet, pdf, \
    archive, zip, tarball, backup";

const HOSTED: &str =
    "github, gitlab, bitbucket, gitea, gitee, azure devop, pull request, merge request, forgejo, codeberg";

/// Storage and machines that the words of a tool name.
const REMOTE: &str = "s3, s3 bucket, gcs, sftp, google drive, dropbox, sharepoint, onedrive, webdav, azure blob, blob storage, remote host, \
    remote machine, over ssh, via ssh, ssh connection, hugging face, in a pod, to a pod, from a pod, docker container, running container, \
    kubernete pod, from the sandbox, in the sandbox, to the sandbox, android device, mobile device";

const REMOTE_NAMES: &str = "ssh, sftp, ftp, s3, bucket, blob, drive, pod, adb, sandbox, remote";

const DATABASE: &str = "sql, database, db, postgre, postgresql, mysql, sqlite, mariadb, duckdb, clickhouse, snowflake, bigquery, redshift, oracle, \
    mssql, sql server, cockroachdb, supabase, motherduck, trino, presto, athena, databrick, turso, d1, table, timescale, neon";

const OTHER_DATABASES: &str = "mongodb, mongo, notion, airtable, neo4j, cypher, redi, elasticsearch, opensearch, dynamodb, firestore, graphql, \
    promql, logql, vector, qdrant, chroma, pinecone, weaviate, influx, sparql, excel, workbook, spreadsheet, word document, docx, html, pdf, csv, \
    markdown, powerpoint, slide, wiki, lark, feishu, kql, jql, soql";

const SHELL: &str = "shell, command line, terminal, bash, powershell, cmd, cli, shell command, system command, kubectl, subprocess, \
    execute command, execute a command, run command, run a command, console command, tmux, pty, zsh";

const SHELL_NAMES: &str = "command, exec, shell, bash, terminal, process, ssh, powershell, cli";

const GIT: &str = "git, github, gitlab, bitbucket, commit, branch, repository, repo, pull request, merge request, worktree, rebase, pipeline";

const PACKAGES: &str = "npm, pip, pypi, package, dependency, crate, cargo, nuget, maven, gem, composer, yarn, pnpm, uv, homebrew, brew, apt";
