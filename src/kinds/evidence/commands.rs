//! What a shell, Git, a container engine or a registry of packages is given.

#![forbid(unsafe_code)]

use super::super::facts::Facts;
use super::super::words::has;

/// A whole command line, or one of the strings that make one up.
pub(super) fn is_command(facts: &Facts<'_>) -> bool {
    let about = &facts.about;
    let is_shell = facts.tool.shell || facts.says(SHELL_WORDS);
    let no = "sql, sql query, query, redi, mongo, mongodb, game, voice, robot, drone, slash, id, identifier, name of the command, \
        minecraft, device, gcode, editor command, smart home, vim, ex, http, key binding, path, midi, chat, telnet";
    if facts.says(no) && !facts.says("shell, bash, terminal, command line, sql server agent")
        || about.is("id, identifier, path, type, output, timeout, name, url, directory, message, description, format, regex, pattern")
    {
        return false;
    }
    match facts.words().as_slice() {
        [.., "shell" | "bash" | "terminal" | "system" | "cli" | "unix" | "linux" | "powershell", "command" | "cmd" | "line" | "script"]
        | [.., "command", "line" | "string" | "text"] | [.., "command", "to", "run"]
        | [.., "commandline" | "cmdline"]
        | [
            ..,
            "build" | "run" | "test" | "start" | "install" | "lint" | "pre" | "post" | "setup" | "init",
            "command" | "cmd",
        ] => true,
        [.., "command" | "cmd"] | ["command", "list"] => is_shell || facts.siblings.command && is_run(facts),
        ["shell" | "bash" | "powershell"] => is_shell,
        // Options are normal there, and one of them may be a whole script.
        [.., "arg" | "argument" | "argv" | "flag"] | ["option", "string"] => {
            facts.siblings.command || facts.tool.named("cli, exec, command, shell, kubectl, terminal, process, docker, git, helm")
        }
        ["input" | "stdin" | "text" | "data" | "key" | "line"] | ["stdin", _] => {
            facts.tool.named("terminal, process, shell, pty, tty, tmux, repl, console")
                && facts.tool.named("send, write, input, interact, type, feed")
                || facts.named("stdin") && facts.tool.shell
        }
        ["script" | "code"] | [.., "script" | "code"] => {
            facts.says("shell script, bash script, bash, shell command, shell code, powershell, powershell script, sh script")
                || facts.tool.named("bash, shell, powershell, zsh") && !facts.says(OTHER_LANGUAGES)
        }
        ["query" | "statement" | "instruction" | "task" | "value" | "request"] | [] => is_told(facts),
        [_] => is_told(facts) && facts.tool.shell,
        _ => false,
    }
}

const OTHER_LANGUAGES: &str = "python, javascript, typescript, applescript, node, ruby, lua, php, java, sql";

const SHELL_WORDS: &str = "shell, bash, terminal, command line, powershell, cmd, zsh, shell command, command to run, command to execute, \
    command prompt, console command, system command, cli command, command that will be run, subprocess";

fn is_run(facts: &Facts<'_>) -> bool {
    facts.is_bare || facts.tool.named("run, execute, exec, start, launch, spawn, process")
}

/// Whether the description is about a command of a shell.
fn is_told(facts: &Facts<'_>) -> bool {
    facts.about.is("command, cmd, commandline")
        && facts
            .about
            .words
            .iter()
            .any(|word| has("shell, bash, terminal, system, cli, powershell, line, unix", word))
}

/// A name of a state: of a branch, a commit, a package or an image, perhaps with a version.
pub(super) fn is_ref(facts: &Facts<'_>) -> bool {
    let no = "pattern, wildcard, glob, regex, regular expression, comma separated, space separated, bank, store, office, library branch, company, business, \
        message, url, path of, element, snapshot, selector, description of the, travel, delivery, shipping, subscription, tour, tracking, page";
    if facts.says(no) || facts.about.is("message, url, path, title, description, type, format, text, pattern, filter, count, number, label") {
        return false;
    }
    let is_git = facts.tool.git
        || facts.siblings.repository
        || facts.says("git, repository, repo, commit, github, gitlab, pull request, merge request, merge");
    let packages = facts.tool.packages
        || facts.says("npm, pypi, pip, crate, rubygem, npm package, python package, package name");
    match facts.words().as_slice() {
        [.., "branch"] | [.., "branch", "name" | "ref"] | ["branch", "or", ..] => is_git,
        [.., "ref" | "refspec" | "revision" | "rev" | "committish" | "treeish" | "commit" | "oid"]
        | [.., "ref" | "commit" | "tree", "name" | "ish" | "id"] => is_git && !facts.named("message"),
        [.., "commit" | "git" | "head" | "base" | "blob" | "file" | "tree", "sha" | "hash" | "sha1"] | ["sha" | "sha1"] => {
            is_git || facts.named("commit, git")
        }
        [.., "start", "point"] | ["upstream" | "onto"] => facts.tool.git,
        // A label of a release, and not the labels of a post.
        [.., "tag"] | [.., "tag", "name"] => {
            facts.tool.named("tag, release") && is_git
                || facts.tool.git && facts.tool.says("tag") && facts.named("from, to, start, end, previous, since, until, base, latest")
                || facts.says("git tag, release tag, tag of the release, tag for the release, docker tag, image tag, tag name of the release")
                || facts.named("git, release, image, docker") && !facts.named("list")
        }
        ["base" | "head" | "target" | "source" | "from" | "to" | "start" | "end" | "object" | "into" | "since"] => {
            is_git && (facts.about.has(STATES) || facts.about.is_of(STATES, 5) || is_comparison(facts))
        }
        [.., "image"] | [.., "image", "name" | "reference"] => {
            facts.all_say("docker, podman, container image, docker image, kubernete, image to use for the container, oci, registry image")
                && !facts.says("file, base64, screenshot, path, url, icon")
        }
        [.., "package"] | [.., "package" | "dependency" | "module" | "crate" | "gem", "name" | "spec" | "specifier"] | ["dependency" | "crate" | "requirement" | "library" | "module"] => {
            packages && !facts.says("file, tree, directory")
        }
        ["name"] if facts.is_part_of("dependency, package, crate") => packages,
        [] => false,
        _ => is_git && facts.about.is_only("sha, branch, commit, revision, ref, commitish")
                && !facts.named("time, timestamp, date, after, before, author, count, limit, max, grep, message, path, file, name, title"),

    }
}

const STATES: &str = "branch, commit, ref, reference, revision, sha, tag, committish";

fn is_comparison(facts: &Facts<'_>) -> bool {
    facts.is_bare && facts.tool.named("diff, compare, merge, rebase, pull, request")
}

/// One word of a command.
pub(super) fn is_word(facts: &Facts<'_>) -> bool {
    let about = |words: &str| facts.all_say(words);
    if facts.says(
        "pattern, wildcard, glob, regex, comma separated, space separated, expression, or path, or url, url, message, selector, \
        label selector, list of, path, field path",
    ) {
        return false;
    }
    match facts.words().as_slice() {
        [.., "container"] | [.., "container", "name" | "id"] => {
            about("docker, podman, container id, name or id of the container, kubernete, kubectl, pod")
                && !about("blob, storage, azure, shipping, html, css, image, cosmo")
        }
        [.., "namespace" | "pod" | "deployment"] | [.., "pod" | "deployment" | "namespace", "name"] => {
            about("kubernete, k8, kubectl, helm")
        }
        _ => false,
    }
}
