//! What only another process shows: being killed, a full disk, missing rights. The child is this test program
//! again, told by its environment what to do.
#![cfg(target_os = "linux")]

use super::super::fixture::Fixture;
use super::tests::defaults;
use super::*;
use crate::Gate;
use crate::policy::Policy;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROLE: &str = "CALLGATE_TEST_ROLE";
const ROOT: &str = "CALLGATE_TEST_ROOT";
/// More than fits the disks of these tests.
const LARGE: usize = 256 << 10;

fn program(role: &str, root: &Path) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program"));
    with_role(&mut command, role, root);
    command
}

/// The program behind a shell command that prepares its process and ends in `exec "$0" "$@"`.
fn prepared(shell: &[&str], role: &str, root: &Path) -> Command {
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg(env::current_exe().expect("this program"));
    with_role(&mut command, role, root);
    command
}

fn with_role(command: &mut Command, role: &str, root: &Path) {
    command.args(["--exact", "path::files::process_tests::child", "--nocapture"]);
    command.env(ROLE, role).env(ROOT, root).stdout(Stdio::piped());
}

/// The child's side of the tests below; nothing without a role.
#[test]
fn child() {
    let (Ok(role), Ok(root)) = (env::var(ROLE), env::var(ROOT)) else { return };
    let mut policy = Policy::default();
    policy.paths.roots.push(root.clone().into());
    let gate = Gate::new(policy).expect("a gate");
    let files = gate.files();
    // On a line of its own, behind what the test program says.
    println!();
    match &*role {
        "write" => loop {
            for letter in [b'a', b'b'] {
                files.write("file", &vec![letter; LARGE], &defaults()).expect("written");
                println!("= written");
            }
        },
        "full" => {
            fs::write(Path::new(&root).join("small"), "small").expect("a file that fits");
            let large = vec![b'x'; LARGE];
            let over = CopyOptions { overwrite: true, ..defaults() };
            let sparse =
                fs::File::create(Path::new(&root).join("sparse")).and_then(|file| file.set_len(2048));
            sparse.expect("a file that fits");
            say("write new", files.write("new", &large, &defaults()));
            say("write over", files.write("small", &large, &defaults()));
            say("append", files.append("small", &large, &defaults()));
            say("append new", files.append("log", &large, &defaults()));
            say("copy", files.copy("small", "copy", &over));
            say("write small", files.write("small", b"again", &defaults()));
            let entries = files.read_dir(".", &defaults()).expect("listed");
            let shown: Vec<_> =
                entries.iter().map(|entry| format!("{}:{}", entry.name, entry.size)).collect();
            println!("= tree {}", shown.join(" "));
        }
        "denied" => {
            for (path, what) in [("closed", "closed"), ("open", "open")] {
                let at = |name: &str| format!("{path}/{name}");
                say(&format!("{what} read"), files.read(&at("private"), &defaults()));
                say(&format!("{what} write"), files.write(&at("file"), b"x", &defaults()));
                say(&format!("{what} write new"), files.write(&at("new"), b"x", &defaults()));
                say(&format!("{what} append"), files.append(&at("file"), b"x", &defaults()));
                say(&format!("{what} make"), files.make_dir(&at("made"), &defaults()));
                say(&format!("{what} copy"), files.copy(&at("file"), &at("copy"), &defaults()));
            }
            say("rename", files.rename("closed/file", "closed/other", &defaults()));
            say("remove", files.remove("closed/file", &defaults()));
            say("remove tree", files.remove("closed", &RemoveOptions { recursive: true, ..defaults() }));
            say("list", files.read_dir("shut", &defaults()));
            say("list all", files.read_dir(".", &ReadDirOptions { recursive: true, ..defaults() }));
        }
        role => panic!("no role {role}"),
    }
}

fn say<T>(what: &str, result: Result<T, Error>) {
    println!("= {what}: {}", result.map_or_else(|error| error.code(), |_| "ok"));
}

/// What the child said.
fn said(mut command: Command) -> Vec<String> {
    let output = command.output().expect("the child runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    text.lines().filter_map(|line| line.strip_prefix("= ")).map(str::to_owned).collect()
}

#[test]
fn a_writer_that_is_killed_leaves_the_old_or_the_new_content() {
    let fixture = Fixture::new("{}", (true, true));
    fs::write(fixture.root.join("file"), vec![b'a'; LARGE]).expect("a file");
    let (mut leftovers, mut seen) = (0, [0, 0]);
    let begun = Instant::now();
    for round in 0_u64.. {
        // Unless it was killed while it wrote, and both contents were seen, nothing was shown.
        let shown = leftovers > 0 && seen.iter().all(|count| *count > 0);
        if round >= 100 && (shown || begun.elapsed() > Duration::from_secs(60)) {
            break;
        }
        let mut child = program("write", &fixture.root).spawn().expect("the child runs");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        assert!(lines.any(|line| line.expect("a line") == "= written"), "it writes");
        // At another moment of its round each time.
        let start = Instant::now();
        while start.elapsed() < Duration::from_micros(round % 100 * 50) {
            std::hint::spin_loop();
        }
        child.kill().expect("killed");
        child.wait().expect("gone");
        for entry in fs::read_dir(&fixture.root).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().into_string().expect("UTF-8");
            let content = fs::read(entry.path()).expect("bytes");
            if name == "file" {
                assert_eq!(content.len(), LARGE, "whole");
                let first = content[0];
                assert!(content.iter().all(|byte| *byte == first), "not a mixture");
                seen[usize::from(first == b'b')] += 1;
            } else {
                let digits = name.strip_prefix(".callgate-").and_then(|name| name.strip_suffix(".tmp"));
                let digits = digits.unwrap_or_else(|| panic!("{name} is left"));
                assert!(digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
                leftovers += 1;
                fs::remove_file(entry.path()).expect("removed");
            }
        }
    }
    assert!(leftovers > 0, "it was killed while it wrote");
    assert!(seen.iter().all(|count| *count > 0), "both contents were seen: {seen:?}");
}

#[test]
fn nothing_half_written_is_left_where_the_disk_is_full() {
    // The largest file of a process: the one way to a full disk that needs no rights.
    let limited = ["sh", "-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\""];
    let mount = "mount -t tmpfs -o size=64k tmpfs \"$CALLGATE_TEST_ROOT\" && exec \"$0\" \"$@\"";
    let mounted = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount];
    let can_mount = Command::new("unshare")
        .args(["--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        .output()
        .is_ok_and(|output| output.status.success());
    for (shell, name) in [(&limited[..], "a limit on file sizes"), (&mounted[..], "a small tmpfs")] {
        if name == "a small tmpfs" && !can_mount {
            println!("SKIPPED: a full tmpfs: no file system can be mounted here");
            continue;
        }
        let fixture = Fixture::new("{}", (true, true));
        let expected = [
            "write new: path.no-space",
            "write over: path.no-space",
            "append: path.no-space",
            "append new: path.no-space",
            "copy: ok",
            "write small: ok",
            "tree copy:5 log:0 small:5 sparse:2048",
        ];
        assert_eq!(said(prepared(shell, "full", &fixture.root)), expected, "{name}");
    }
}

#[test]
fn what_the_system_does_not_permit_is_refused() {
    if !is_root() {
        println!("SKIPPED: a child without rights: only root makes files of somebody else");
        return;
    }
    let fixture = Fixture::new("{}", (true, true));
    for (folder, mode) in [("closed", 0o755), ("open", 0o777), ("shut", 0o700)] {
        fixture.put(&format!("{folder}/file"), "file");
        fixture.put(&format!("{folder}/private"), "private");
        let set = |path: &str, mode| {
            let path = fixture.root.join(path);
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("mode");
        };
        set(&format!("{folder}/file"), 0o444);
        set(&format!("{folder}/private"), 0o000);
        set(folder, mode);
    }
    // Root may do everything, so that it becomes somebody else, who must reach the root and the program.
    let folder = fixture.temp.path().to_owned();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("mode");
    let program_copy = folder.join("program");
    // By another process: a program that this one has open for writing cannot be started.
    let mut copy = Command::new("cp");
    copy.arg(env::current_exe().expect("this program")).arg(&program_copy);
    assert!(copy.status().expect("cp runs").success());
    let mut child = Command::new(program_copy);
    with_role(&mut child, "denied", &fixture.root);
    child.current_dir("/");
    child.uid(65534).gid(65534);
    let expected = [
        "closed read: path.inaccessible",
        "closed write: path.inaccessible",
        "closed write new: path.inaccessible",
        "closed append: path.inaccessible",
        "closed make: path.inaccessible",
        "closed copy: path.inaccessible",
        "open read: path.inaccessible",
        // The folder would permit to replace it, the file does not permit to be written.
        "open write: path.inaccessible",
        "open write new: ok",
        "open append: path.inaccessible",
        "open make: ok",
        "open copy: ok",
        "rename: path.inaccessible",
        "remove: path.inaccessible",
        "remove tree: path.inaccessible",
        "list: path.inaccessible",
        "list all: path.inaccessible",
    ];
    assert_eq!(said(child), expected);
    assert_eq!(fixture.text("closed/file"), "file");
    assert_eq!(fixture.text("open/file"), "file");
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}
