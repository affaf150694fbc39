//! One thread swaps a folder with a link to a folder outside; each operation must stay inside meanwhile. The
//! control checks and then acts by path, as a server without the guard does, and must be caught outside.
#![cfg(target_os = "linux")]

use super::super::fixture::Fixture;
use super::tests::defaults;
use super::*;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const INSIDE: &str = "inside";
const OUTSIDE: &str = "from outside";
/// With the system's best means and with none of them.
const MEANS: [(bool, bool); 2] = [(true, true), (false, false)];

/// `root/folder` and `outside` hold the same names; `root/link` leads outside.
struct Race {
    fixture: Fixture,
    outside: PathBuf,
    /// By path, which leads outside while the link stands there.
    folder: PathBuf,
    /// By descriptor, wherever the folder is just now.
    inside: PathBuf,
    _dir: File,
}

impl Race {
    fn new(means: (bool, bool)) -> Self {
        let fixture = Fixture::new("{}", means);
        let outside = fixture.root.with_file_name("outside");
        for (folder, text) in [(fixture.root.join("folder"), INSIDE), (outside.clone(), OUTSIDE)] {
            fs::create_dir_all(folder.join("tree")).expect("folders");
            fs::create_dir(folder.join(text)).expect("a folder");
            for name in ["file", "guarded-old", "tree/file"] {
                fs::write(folder.join(name), text).expect("a file");
            }
        }
        fixture.link("../outside", "link");
        fixture.put("plain", INSIDE);
        let dir = File::open(fixture.root.join("folder")).expect("opened");
        let inside = format!("/proc/self/fd/{}", dir.as_raw_fd()).into();
        Self { outside, folder: fixture.root.join("folder"), inside, fixture, _dir: dir }
    }

    fn files(&self) -> Files<'_> {
        self.fixture.files()
    }

    /// The check of the control.
    fn checked(&self) -> bool {
        fs::canonicalize(&self.folder).is_ok_and(|real| real.starts_with(&self.fixture.root))
    }

    fn swap(&self) {
        let root = &self.fixture.root;
        for (from, to) in [("folder", "aside"), ("link", "folder"), ("folder", "link"), ("aside", "folder")] {
            fs::rename(root.join(from), root.join(to)).expect("renamed");
        }
    }

    /// What the guarded operations may have changed outside: all but the traces of the control.
    fn outside_now(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.outside.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let name =
                    path.strip_prefix(&self.outside).expect("below").to_str().expect("UTF-8").to_owned();
                if name.starts_with("control") {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                    found.insert(name, String::new());
                } else {
                    found.insert(name, fs::read_to_string(path).expect("text"));
                }
            }
        }
        found
    }
}

/// Runs both for a while: `guarded` tells whether it was done, `control` whether it reached outside.
fn race(guarded: impl Fn(&Race, u32) -> bool + Sync, control: impl Fn(&Race, u32) -> bool + Sync) {
    for means in MEANS {
        let race = Race::new(means);
        let before = race.outside_now();
        let (done, leaks) = (AtomicBool::new(false), AtomicU64::new(0));
        let mut worked = 0;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    race.swap();
                }
            });
            scope.spawn(|| {
                for round in 0.. {
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                    leaks.fetch_add(control(&race, round).into(), Ordering::Relaxed);
                }
            });
            // Ends the other threads where an assertion fails.
            let _stop = Stop(&done);
            let start = Instant::now();
            for round in 0.. {
                worked += u32::from(guarded(&race, round));
                // As long as the control has not leaked the race is not yet one.
                let settled = worked > 0 && leaks.load(Ordering::Relaxed) > 0;
                let least = Duration::from_millis(600);
                if start.elapsed() > if settled { least } else { Duration::from_mins(4) } {
                    break;
                }
            }
        });
        assert_eq!(race.outside_now(), before, "nothing changes outside, {means:?}");
        assert!(worked > 0, "the guarded operation was done, {means:?}");
        assert!(leaks.load(Ordering::Relaxed) > 0, "the control leaked, {means:?}");
        let leftovers = fs::read_dir(&race.inside).expect("a folder").filter(|entry| {
            let name = entry.as_ref().expect("an entry").file_name();
            name.to_string_lossy().starts_with(".callgate-")
        });
        assert_eq!(leftovers.count(), 0, "no temporary file is left, {means:?}");
    }
}

struct Stop<'d>(&'d AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn read_stays_inside() {
    race(
        |race, _| {
            let found = race.files().read("folder/file", &defaults());
            found.is_ok_and(|text| {
                assert_eq!(text, INSIDE.as_bytes());
                true
            })
        },
        |race, _| {
            race.checked() && fs::read_to_string(race.folder.join("file")).is_ok_and(|text| text == OUTSIDE)
        },
    );
}

#[test]
fn stat_stays_inside() {
    race(
        |race, _| {
            let found = race.files().stat("folder/file", &defaults());
            found.is_ok_and(|stat| {
                assert_eq!(stat.size, INSIDE.len() as u64);
                true
            })
        },
        |race, _| {
            let size = || fs::metadata(race.folder.join("file")).map(|metadata| metadata.len());
            race.checked() && size().is_ok_and(|size| size == OUTSIDE.len() as u64)
        },
    );
}

#[test]
fn read_dir_stays_inside() {
    race(
        |race, round| {
            let options = ReadDirOptions { recursive: round % 2 == 0, ..defaults() };
            let path = if round % 4 < 2 { "folder" } else { "." };
            race.files().read_dir(path, &options).is_ok_and(|entries| {
                assert!(entries.iter().all(|entry| !entry.name.contains(OUTSIDE)), "{entries:?}");
                entries.iter().any(|entry| entry.name.contains(INSIDE))
            })
        },
        |race, _| {
            let lists = |name: &str| {
                let entries = fs::read_dir(&race.folder).into_iter().flatten().flatten();
                entries.into_iter().any(|entry| entry.file_name() == name)
            };
            race.checked() && lists(OUTSIDE)
        },
    );
}

/// Whether the control made something outside by a name, which is gone after this.
fn made(race: &Race, name: &str) -> bool {
    let path = race.outside.join(name);
    fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)).is_ok()
}

#[test]
fn write_stays_inside() {
    race(
        |race, round| {
            let exclusive = WriteOptions { exclusive: true, ..defaults() };
            let _ = race.files().write(&format!("folder/guarded-{}", round % 100), b"x", &exclusive);
            let _ = race.files().write("folder/file", INSIDE.as_bytes(), &defaults());
            race.files().write("folder/guarded", b"x", &defaults()).is_ok()
        },
        |race, _| {
            race.checked() && fs::write(race.folder.join("control"), "x").is_ok() && made(race, "control")
        },
    );
}

#[test]
fn append_stays_inside() {
    race(
        |race, _| {
            let _ = race.files().append("folder/guarded", b"x", &defaults());
            race.files().append("folder/guarded-old", b"x", &defaults()).is_ok()
        },
        |race, _| {
            let open = || File::options().append(true).create(true).open(race.folder.join("control"));
            race.checked() && open().is_ok() && made(race, "control")
        },
    );
}

#[test]
fn make_dir_stays_inside() {
    race(
        |race, round| {
            // Counted from the folder, so that it is not made itself while it is away.
            let base = Some("folder".to_owned());
            let recursive = MakeDirOptions { recursive: true, base, ..defaults() };
            let _ = race.files().make_dir(&format!("guarded-{}/a/b", round % 20), &recursive);
            let _ = fs::remove_dir(race.inside.join("guarded"));
            race.files().make_dir("folder/guarded", &defaults()).is_ok()
        },
        |race, _| {
            let _ = fs::remove_dir(race.inside.join("control"));
            race.checked() && fs::create_dir(race.folder.join("control")).is_ok() && made(race, "control")
        },
    );
}

#[test]
fn remove_stays_inside() {
    let plant = |race: &Race| {
        let _ = fs::create_dir_all(race.inside.join("tree/deep"));
        for name in ["file", "tree/file", "tree/deep/file"] {
            let _ = fs::write(race.inside.join(name), INSIDE);
        }
    };
    race(
        |race, _| {
            plant(race);
            let recursive = RemoveOptions { recursive: true, ..defaults() };
            let one = race.files().remove("folder/file", &defaults());
            let tree = race.files().remove("folder/tree", &recursive);
            one.is_ok() && tree.is_ok()
        },
        |race, _| {
            for folder in [&race.inside, &race.outside] {
                fs::write(folder.join("control"), "x").expect("a file");
            }
            race.checked() && fs::remove_file(race.folder.join("control")).is_ok() && !made(race, "control")
        },
    );
}

/// The name is a link outside while it is removed, and a file or a folder before and after.
#[test]
fn a_link_is_removed_and_never_what_it_leads_to() {
    race(
        |race, round| {
            let _ = std::os::unix::fs::symlink("../../outside/tree", race.inside.join("name"));
            let options = RemoveOptions { recursive: round % 2 == 0, ..defaults() };
            race.files().remove("folder/name", &options).is_ok()
        },
        |race, _| {
            for folder in [&race.inside, &race.outside] {
                fs::write(folder.join("control"), "x").expect("a file");
            }
            race.checked() && fs::remove_file(race.folder.join("control")).is_ok() && !made(race, "control")
        },
    );
}

#[test]
fn rename_stays_inside() {
    race(
        |race, round| {
            let free = |path: &str| {
                let _ = fs::remove_file(race.fixture.root.join(path));
            };
            free("moved");
            fs::write(race.inside.join("guarded-old"), INSIDE).expect("a file");
            let out = race.files().rename("folder/guarded-old", "moved", &defaults()).is_ok();
            if out {
                assert_eq!(race.fixture.text("moved"), INSIDE);
            }
            race.fixture.put("source", INSIDE);
            let to = format!("folder/guarded-{}", round % 100);
            let options = RenameOptions { overwrite: round % 2 == 0, ..defaults() };
            let into = race.files().rename("source", &to, &options).is_ok();
            out || into
        },
        |race, _| {
            race.fixture.put("control-source", "x");
            let rename = || fs::rename(race.fixture.root.join("control-source"), race.folder.join("control"));
            race.checked() && rename().is_ok() && made(race, "control")
        },
    );
}

#[test]
fn copy_stays_inside() {
    race(
        |race, round| {
            let over = CopyOptions { overwrite: true, ..defaults() };
            let out = race.files().copy("folder/file", "copied", &over).is_ok();
            if out {
                assert_eq!(race.fixture.text("copied"), INSIDE);
            }
            let _ = race.files().copy("plain", "folder/file", &over);
            let into = race.files().copy("plain", &format!("folder/guarded-{}", round % 100), &over).is_ok();
            out || into
        },
        |race, _| {
            let copy = || fs::copy(race.fixture.root.join("plain"), race.folder.join("control"));
            race.checked() && copy().is_ok() && made(race, "control")
        },
    );
}

/// The swap happens inside the tree that is being removed, after any check of the tree's own path.
#[test]
fn a_tree_is_removed_without_following_what_is_swapped_into_it() {
    for means in MEANS {
        let fixture = Fixture::new("{}", means);
        let root = &fixture.root;
        // One for each: the control removes whatever it finds.
        let [outside, control] = [("guarded", "kept"), ("naive", "control")].map(|(top, prefix)| {
            let folder = root.with_file_name(format!("{top}-outside"));
            fs::create_dir(&folder).expect("a folder");
            fill(&folder, prefix);
            folder
        });
        let (done, leaks, worked) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for top in ["guarded", "naive"] {
                let done = &done;
                scope.spawn(move || {
                    let (aside, link) = (format!("{top}-aside"), format!("{top}-link"));
                    make_link(root, top, &link);
                    while !done.load(Ordering::Relaxed) {
                        // Fails while the tree is gone.
                        let sub = root.join(top).join("sub");
                        if fs::rename(&sub, root.join(&aside)).is_ok() {
                            let _ = fs::rename(root.join(&link), &sub);
                            let _ = fs::rename(&sub, root.join(&link));
                            let _ = fs::rename(root.join(&aside), &sub);
                        }
                        let _ = fs::remove_dir_all(root.join(&aside));
                        make_link(root, top, &link);
                    }
                });
            }
            scope.spawn(|| {
                let top = root.join("naive");
                while !done.load(Ordering::Relaxed) {
                    plant(&top, "control");
                    remove_naively(&top);
                    if (0..FILES).any(|n| !control.join(format!("control{n}")).exists()) {
                        leaks.fetch_add(1, Ordering::Relaxed);
                        fill(&control, "control");
                    }
                }
            });
            let _stop = Stop(&done);
            let start = Instant::now();
            loop {
                plant(&root.join("guarded"), "kept");
                let recursive = RemoveOptions { recursive: true, ..defaults() };
                worked.fetch_add(
                    fixture.files().remove("guarded", &recursive).is_ok().into(),
                    Ordering::Relaxed,
                );
                let kept = (0..FILES).all(|n| outside.join(format!("kept{n}")).exists());
                assert!(kept, "nothing is removed outside, {means:?}");
                let settled = leaks.load(Ordering::Relaxed) > 0 && worked.load(Ordering::Relaxed) > 0;
                let limit = if settled { Duration::from_millis(600) } else { Duration::from_secs(60) };
                if start.elapsed() > limit {
                    break;
                }
            }
        });
        assert!(worked.load(Ordering::Relaxed) > 0, "trees were removed, {means:?}");
        assert!(leaks.load(Ordering::Relaxed) > 0, "the control leaked, {means:?}");
    }
}

fn make_link(root: &Path, top: &str, name: &str) {
    // It is there already, unless it was removed with the tree. It leads outside from within the tree.
    let _ = std::os::unix::fs::symlink(format!("../../{top}-outside"), root.join(name));
}

/// Enough files that a swap falls between two of them.
const FILES: u32 = 40;

fn fill(folder: &Path, prefix: &str) {
    for n in 0..FILES {
        fs::write(folder.join(format!("{prefix}{n}")), INSIDE).expect("a file");
    }
}

/// A tree with files in it; the swapping thread may have moved parts of it away. Made aside, so that no
/// link that is swapped in is written through.
fn plant(top: &Path, prefix: &str) {
    let new = top.with_extension("new");
    let _ = fs::remove_dir_all(&new);
    fs::create_dir_all(new.join("sub")).expect("folders");
    fill(&new.join("sub"), prefix);
    // `remove_dir_all` of the standard library does not follow links either.
    let _ = fs::remove_dir_all(top);
    let _ = fs::rename(&new, top);
}

/// Looks at each entry, then goes on by path.
fn remove_naively(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir()) {
            remove_naively(&path);
        } else {
            let _ = fs::remove_file(&path);
        }
    }
    let _ = fs::remove_dir(folder);
}
