//! Paths: options in, a validated path, a descriptor or a finding out.

use super::audit::{json, report};
use super::error::{Result, thrown};
use super::handle::Handle;
use crate::error::ErrorKind;
use crate::path::noting;
use crate::policy::Intent;
use crate::{Error, FileKind, OpenOptions, PathOptions, ServerProcess};
use napi::bindgen_prelude::{Either, Either3, Function};
use napi_derive::napi;
use std::path::Path;

fn options(intent: &str, base: Option<String>) -> Result<PathOptions> {
    let intent = match intent {
        "read" => Intent::Read,
        "list" => Intent::List,
        "write" => Intent::Write,
        "delete" => Intent::Delete,
        _ => return Err(thrown(&Error::new(ErrorKind::InvalidInput, "no intent has this name"))),
    };
    Ok(PathOptions { intent, base })
}

/// A refusal as a value, anything else as a thrown error.
fn refusal(error: &Error) -> Result<String> {
    match error.finding() {
        Some(finding) => json(finding),
        None => Err(thrown(error)),
    }
}

/// Validates a path. Answers `[path, relative, root, kind]` and, where there are any, the JSON of the
/// findings; or the JSON of the finding that refused.
#[napi(catch_unwind)]
pub fn resolve_path(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    path: String,
    intent: String,
    base: Option<String>,
) -> Result<Either<Vec<String>, String>> {
    let options = options(&intent, base)?;
    let resolved = handle.with(|gate| gate.resolve_path(&path, &options)).and_then(|resolved| resolved);
    match resolved {
        Ok(found) => {
            let kind = match found.kind() {
                FileKind::File => "file",
                FileKind::Directory => "directory",
                FileKind::Missing => "missing",
            };
            let mut parts = vec![
                found.path().to_owned(),
                found.relative().to_owned(),
                found.root().to_owned(),
                kind.to_owned(),
            ];
            if !found.findings().is_empty() {
                parts.push(json(&found.findings())?);
            }
            Ok(Either::A(parts))
        }
        Err(error) => refusal(&error).map(Either::B),
    }
}

/// Checks a path. Answers the JSON of the verdict, or `null` when there is nothing to report.
#[napi(catch_unwind)]
pub fn check_path(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    path: String,
    intent: String,
    base: Option<String>,
) -> Result<Option<String>> {
    let options = options(&intent, base)?;
    let verdict = handle.with(|gate| gate.check_path(&path, &options)).map_err(|error| thrown(&error))?;
    report(&verdict)
}

/// How a file is opened; each member as in the public `OpenOptions`.
#[napi(object, object_to_js = false)]
#[expect(clippy::struct_excessive_bools, reason = "options of one call, named where they are given")]
pub struct OpenFlags {
    /// Create the file when it is missing.
    pub create: bool,
    /// Cut the file to zero length.
    pub truncate: bool,
    /// Write at the end.
    pub append: bool,
    /// Refuse a file that exists.
    pub exclusive: bool,
    /// Permission bits of a created file.
    pub mode: Option<u32>,
}

/// A descriptor, and the JSON of what was found and only flagged.
#[napi(object, object_from_js = false)]
pub struct FlaggedFile {
    /// The descriptor.
    pub fd: i32,
    /// The findings.
    pub flags: String,
}

/// Opens a path. Answers a descriptor that the caller closes, with the flags where there are any, or the JSON of the
/// finding that refused. `adopt` opens a descriptor anew that is closed then, and answers its own, or less than 0 where it
/// cannot.
#[napi(catch_unwind)]
pub fn open_path(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    path: String,
    intent: String,
    base: Option<String>,
    flags: Option<OpenFlags>,
    adopt: Option<Function<'_, i32, i32>>,
) -> Result<Either3<i32, String, FlaggedFile>> {
    let mut open = OpenOptions { path: options(&intent, base)?, ..OpenOptions::default() };
    if let Some(flags) = flags {
        open.create = flags.create;
        open.truncate = flags.truncate;
        open.append = flags.append;
        open.exclusive = flags.exclusive;
        open.mode = flags.mode;
    }
    let (opened, flags) =
        noting(|| handle.with(|gate| gate.open_path(&path, &open)).and_then(|opened| opened));
    match opened {
        Ok(file) if flags.is_empty() => handed_over(file, adopt).map(Either3::A),
        Ok(file) => {
            let flags = json(&flags)?;
            Ok(Either3::C(FlaggedFile { fd: handed_over(file, adopt)?, flags }))
        }
        Err(error) => refusal(&error).map(Either3::B),
    }
}

/// The descriptor that JavaScript gets of a file.
#[cfg(unix)]
fn handed_over(file: std::fs::File, adopt: Option<Function<'_, i32, i32>>) -> Result<i32> {
    // It does not throw.
    let own = adopt.and_then(|adopt| adopt.call(std::os::fd::AsRawFd::as_raw_fd(&file)).ok());
    own.filter(|own| *own >= 0).map_or_else(|| descriptor(file), Ok)
}

#[cfg(not(unix))]
fn handed_over(file: std::fs::File, _: Option<Function<'_, i32, i32>>) -> Result<i32> {
    descriptor(file)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "there is nothing to hand out on other systems")]
pub(super) fn descriptor(file: std::fs::File) -> Result<i32> {
    Ok(std::os::fd::IntoRawFd::into_raw_fd(file))
}

#[cfg(not(unix))]
fn descriptor(_file: std::fs::File) -> Result<i32> {
    Err(thrown(&Error::new(ErrorKind::Unsupported, "descriptors are not handed out on this system")))
}

/// Says which process gets the paths, as JSON; `unless_known`: where nobody has said so yet. False where its working
/// directory lies in no root.
#[napi(catch_unwind)]
pub fn set_server_process(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    process: String,
    unless_known: bool,
) -> Result<bool> {
    let process = ServerProcess::from_json(process.as_bytes()).map_err(|error| thrown(&error))?;
    handle.with(|gate| gate.set_process(process, unless_known)).map_err(|error| thrown(&error))
}

/// Names a file of callgate that is in use. False where its folder does not exist.
#[napi(catch_unwind)]
pub fn protect(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    file: String,
    secret: bool,
) -> Result<bool> {
    handle.with(|gate| gate.protect(Path::new(&file), secret)).map_err(|error| thrown(&error))
}

/// Takes the folders that the client names, `null` for none; answers the roots in force.
#[napi(catch_unwind)]
pub fn set_client_roots(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    named: Option<Vec<String>>,
) -> Result<Vec<String>> {
    let roots = handle.with(|gate| gate.set_client_roots(named.as_deref())).and_then(|roots| roots);
    roots.map_err(|error| thrown(&error))
}
