//! File operations: one request in, one answer out, on the calling thread or on the pool.

use super::audit::json;
use super::boundary::caught;
use super::error::{Result, thrown};
use super::handle::Handle;
use crate::error::ErrorKind;
use crate::path::noting;
use crate::{
    AppendOptions, CopyOptions, DirEntry, EntryKind, Error, Files, Gate, MakeDirOptions, ReadDirOptions,
    ReadOptions, RemoveOptions, RenameOptions, StatOptions, WriteOptions,
};
use napi::bindgen_prelude::{AsyncTask, Buffer, Float64Array, Unknown};
use napi::{Env, Task};
use napi_derive::napi;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

/// What is to be done; options as in the public ones of the operation, which takes its defaults for those
/// that are absent.
#[napi(object, object_to_js = false)]
pub struct FilesRequest {
    /// The name of the operation in Rust; `open` reads a file with at most `small` bytes and opens any other.
    pub operation: String,
    /// What it is done to.
    pub path: String,
    /// For `rename` and `copy`.
    pub to: Option<String>,
    /// The folder that relative paths count from.
    pub base: Option<String>,
    /// As in the public options.
    pub create: Option<bool>,
    /// As in the public options.
    pub exclusive: Option<bool>,
    /// As in the public options.
    pub sync: Option<bool>,
    /// As in the public options.
    pub recursive: Option<bool>,
    /// As in the public options.
    pub overwrite: Option<bool>,
    /// As in the public options.
    pub hide_blocked: Option<bool>,
    /// Permission bits.
    pub mode: Option<u32>,
    /// `maxBytes` or `maxEntries`.
    pub max: Option<f64>,
    /// For `open`.
    pub small: Option<f64>,
}

/// What came of it. Nothing is set where it was done and there is nothing to tell.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub struct FilesAnswer {
    /// The JSON of the finding that refused.
    pub refused: Option<String>,
    /// Code and message of any other error.
    pub failed: Option<Vec<String>>,
    /// What was read.
    pub bytes: Option<Buffer>,
    /// A descriptor to read from, which the caller closes; its size is the first of the facts.
    pub fd: Option<i32>,
    /// The names in a folder, with a NUL between them.
    pub names: Option<String>,
    /// For each name its size times four, and its kind: file 0, directory 1, link 2, other 3. For `stat` also
    /// the time of the last change in milliseconds and the mode.
    pub facts: Option<Float64Array>,
    /// The JSON of what was found and only flagged, where there is any.
    pub flags: Option<String>,
}

/// The same before it is JavaScript's.
#[derive(Default)]
pub struct Answer {
    refused: Option<String>,
    failed: Option<Vec<String>>,
    bytes: Option<Vec<u8>>,
    /// Owned until JavaScript has it.
    file: Option<File>,
    names: Option<String>,
    facts: Option<Vec<f64>>,
    flags: Option<String>,
}

impl Answer {
    fn handed_over(self) -> Result<FilesAnswer> {
        Ok(FilesAnswer {
            refused: self.refused,
            failed: self.failed,
            bytes: self.bytes.map(Into::into),
            fd: self.file.map(super::path::descriptor).transpose()?,
            names: self.names,
            facts: self.facts.map(Into::into),
            flags: self.flags,
        })
    }
}

impl From<Error> for Answer {
    fn from(error: Error) -> Self {
        match error.finding().map(json) {
            Some(Ok(finding)) => Self { refused: Some(finding), ..Self::default() },
            _ => Self { failed: Some(vec![error.code().to_owned(), error.to_string()]), ..Self::default() },
        }
    }
}

/// Does what was asked for. A test build can be told to panic here.
fn run(gate: &Gate, request: &FilesRequest, data: &[u8]) -> Answer {
    #[cfg(feature = "test-hooks")]
    super::hooks::checkpoint();
    let (done, flags) = noting(|| match &*request.operation {
        "open" => open(gate, request),
        _ => perform(gate.files(), request, data),
    });
    let mut answer = done.unwrap_or_else(Answer::from);
    if !flags.is_empty() {
        answer.flags = json(&flags).ok();
    }
    answer
}

/// Reads a small file at once. Any other is read by Node into memory of its own, which it takes back sooner than
/// memory of ours.
fn open(gate: &Gate, request: &FilesRequest) -> std::result::Result<Answer, Error> {
    let max = request.max.map_or(ReadOptions::default().max_bytes, whole);
    let (mut file, size) = gate.open_sized(&request.path, request.base.clone(), max)?;
    if size > request.small.map_or(0, whole) {
        let facts = Some(vec![packed(size, EntryKind::File) / 4.0]);
        return Ok(Answer { file: Some(file), facts, ..Answer::default() });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 64);
    match file.by_ref().take(max.saturating_add(1)).read_to_end(&mut bytes) {
        Ok(read) if read as u64 <= max => Ok(Answer { bytes: Some(bytes), ..Answer::default() }),
        // Again, for the right refusal.
        _ => read_whole(gate.files(), request),
    }
}

fn perform(files: Files<'_>, request: &FilesRequest, data: &[u8]) -> std::result::Result<Answer, Error> {
    let path = request.path.as_str();
    let to = request.to.as_deref().unwrap_or_default();
    let base = request.base.clone();
    let [create, exclusive, sync, recursive, overwrite, hide_blocked] = [
        request.create.unwrap_or(true),
        request.exclusive.unwrap_or_default(),
        request.sync.unwrap_or_default(),
        request.recursive.unwrap_or_default(),
        request.overwrite.unwrap_or_default(),
        request.hide_blocked.unwrap_or_default(),
    ];
    let mode = request.mode;
    let max = request.max.map(whole);
    let max_entries = |default| max.map_or(default, |max| usize::try_from(max).unwrap_or(usize::MAX));
    let done = |()| Answer::default();
    match &*request.operation {
        "read" => read_whole(files, request),
        "write" => files.write(path, data, &WriteOptions { base, create, exclusive, mode, sync }).map(done),
        "append" => files.append(path, data, &AppendOptions { base, create, mode, sync }).map(done),
        "read_dir" => {
            let max_entries = max_entries(ReadDirOptions::default().max_entries);
            let options = ReadDirOptions { base, recursive, max_entries, hide_blocked };
            files.read_dir(path, &options).map(|entries| listing(&entries))
        }
        "stat" => files.stat(path, &StatOptions { base }).map(|stat| Answer {
            facts: Some(vec![packed(stat.size, stat.kind), stat.modified_ms, stat.mode.into()]),
            ..Answer::default()
        }),
        "make_dir" => files.make_dir(path, &MakeDirOptions { base, recursive, mode }).map(done),
        "remove" => {
            let max_entries = max_entries(RemoveOptions::default().max_entries);
            files.remove(path, &RemoveOptions { base, recursive, max_entries }).map(done)
        }
        "rename" => files.rename(path, to, &RenameOptions { base, overwrite }).map(done),
        "copy" => files.copy(path, to, &CopyOptions { base, overwrite, max_bytes: max, sync }).map(done),
        _ => Err(Error::new(ErrorKind::Internal, "no operation has this name")),
    }
}

fn read_whole(files: Files<'_>, request: &FilesRequest) -> std::result::Result<Answer, Error> {
    let mut options = ReadOptions { base: request.base.clone(), ..ReadOptions::default() };
    options.max_bytes = request.max.map_or(options.max_bytes, whole);
    files.read(&request.path, &options).map(|bytes| Answer { bytes: Some(bytes), ..Answer::default() })
}

/// A limit that the facade has checked: a whole number from 0, or infinity.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates, and what is not a number is 0, which refuses"
)]
fn whole(limit: f64) -> u64 {
    limit as u64
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^51 bytes")]
fn packed(size: u64, kind: EntryKind) -> f64 {
    let kind = match kind {
        EntryKind::File => 0.0,
        EntryKind::Directory => 1.0,
        EntryKind::Link => 2.0,
        EntryKind::Other => 3.0,
    };
    size as f64 * 4.0 + kind
}

/// One text and one array instead of an object for each entry, which would take longer than the listing.
fn listing(entries: &[DirEntry]) -> Answer {
    let length = entries.iter().map(|entry| entry.name.len() + 1).sum();
    let mut names = String::with_capacity(length);
    for (index, entry) in entries.iter().enumerate() {
        if index > 0 {
            names.push('\0');
        }
        names.push_str(&entry.name);
    }
    let facts = entries.iter().map(|entry| packed(entry.size, entry.kind)).collect();
    Answer { names: Some(names), facts: Some(facts), ..Answer::default() }
}

fn bytes_of(env: Env, data: Option<Unknown<'_>>) -> Result<Vec<u8>> {
    data.map_or(Ok(Vec::new()), |data| super::hot::copied(&env, &data).map_err(|error| thrown(&error)))
}

/// Does a file operation on this thread.
#[napi(catch_unwind)]
pub fn files_sync(
    env: Env,
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    request: FilesRequest,
    #[napi(ts_arg_type = "Uint8Array | undefined")] data: Option<Unknown<'_>>,
) -> Result<FilesAnswer> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    run(&gate, &request, &bytes_of(env, data)?).handed_over()
}

/// A file operation on the thread pool. It owns its data, so that the caller may change the buffer meanwhile.
pub struct FilesTask {
    gate: Arc<Gate>,
    request: FilesRequest,
    data: Vec<u8>,
}

#[napi]
impl Task for FilesTask {
    type Output = Answer;
    type JsValue = FilesAnswer;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        // napi catches nothing here: a panic on a thread of the pool would abort the process.
        caught(|| run(&self.gate, &self.request, &self.data))
            .map_err(|_| napi::Error::from_reason("the operation failed"))
    }

    fn resolve(&mut self, _env: Env, answer: Self::Output) -> napi::Result<Self::JsValue> {
        answer.handed_over().map_err(|_| napi::Error::from_reason("the operation failed"))
    }
}

/// Copies the data and does a file operation on the thread pool.
#[napi(catch_unwind)]
pub fn files_async(
    env: Env,
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    request: FilesRequest,
    #[napi(ts_arg_type = "Uint8Array | undefined")] data: Option<Unknown<'_>>,
) -> Result<AsyncTask<FilesTask>> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    let data = bytes_of(env, data)?;
    Ok(AsyncTask::new(FilesTask { gate, request, data }))
}
