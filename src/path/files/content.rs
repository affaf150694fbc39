//! Reading, appending and looking at what a file holds: on the descriptor that was checked.

#![forbid(unsafe_code)]

use super::super::open::{Outcome, settle};
use super::super::resolve::{PathGuard, Target, is_directory};
use super::super::{OpenOptions, PathOptions};
use super::{AppendOptions, EntryKind, FileStat, ReadOptions, StatOptions};
use crate::error::Error;
use crate::policy::{Actions, Intent};
use crate::rules::Rule;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;

pub(super) const TOO_LARGE: Outcome =
    Outcome::Refused((Rule::PathSize, "the file has more bytes than maxBytes"));

impl PathGuard {
    pub(super) fn read_file(
        &self,
        actions: &Actions,
        path: &str,
        options: &ReadOptions,
    ) -> Result<Vec<u8>, Error> {
        let mut open = OpenOptions::new(Intent::Read);
        open.path.base.clone_from(&options.base);
        settle(|| read_whole(self.open_file(actions, path, &open)?, options.max_bytes))
    }

    pub(super) fn append_file(
        &self,
        actions: &Actions,
        path: &str,
        data: &[u8],
        options: &AppendOptions,
    ) -> Result<(), Error> {
        let open = OpenOptions {
            path: PathOptions { intent: Intent::Write, base: options.base.clone() },
            create: options.create,
            append: true,
            mode: options.mode,
            ..OpenOptions::default()
        };
        settle(|| {
            let mut file = self.open_file(actions, path, &open)?;
            append(&mut file, data).map_err(|error| Outcome::from(&error))?;
            if options.sync { file.sync_all().map_err(|error| Outcome::from(&error)) } else { Ok(()) }
        })
    }

    pub(super) fn stat(
        &self,
        actions: &Actions,
        path: &str,
        options: &StatOptions,
    ) -> Result<FileStat, Error> {
        let look = PathOptions { intent: Intent::Read, base: options.base.clone() };
        settle(|| {
            let Target::Existing(opened) = self.look(actions, path, &look)?.target else {
                return Err(Outcome::Changed);
            };
            let is_directory = is_directory(&opened);
            let metadata = File::from(opened.fd).metadata().map_err(|error| Outcome::from(&error))?;
            #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit a double's 53 bits")]
            let modified_ms = metadata.mtime() as f64 * 1e3 + metadata.mtime_nsec() as f64 / 1e6;
            Ok(FileStat {
                kind: if is_directory { EntryKind::Directory } else { EntryKind::File },
                size: if is_directory { 0 } else { metadata.size() },
                modified_ms,
                mode: metadata.mode() & 0o7777,
            })
        })
    }
}

impl From<Error> for Outcome {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Judged before it is read, and again by what was read, because a file may grow.
fn read_whole(file: File, max: u64) -> Result<Vec<u8>, Outcome> {
    let size = file.metadata().map_err(|error| Outcome::from(&error))?.len();
    if size > max {
        return Err(TOO_LARGE);
    }
    let mut data = Vec::new();
    // With room to spare, so that the end of the file is found without growing.
    let room = usize::try_from(size).ok().and_then(|size| size.checked_add(64));
    if room.is_none_or(|room| data.try_reserve_exact(room).is_err()) {
        return Err(Outcome::Refused((Rule::PathSize, "the file is larger than the memory")));
    }
    file.take(max.saturating_add(1)).read_to_end(&mut data).map_err(|error| Outcome::from(&error))?;
    if data.len() as u64 > max { Err(TOO_LARGE) } else { Ok(data) }
}

/// Appends all or nothing, as far as that can be had.
fn append(file: &mut File, data: &[u8]) -> io::Result<()> {
    let mut rest = data;
    while !rest.is_empty() {
        match file.write(rest) {
            Ok(written) if written > 0 => rest = rest.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            failed => {
                take_back(file, (data.len() - rest.len()) as u64);
                return failed.and(Err(io::ErrorKind::WriteZero.into()));
            }
        }
    }
    Ok(())
}

/// Cuts off what was written, where it is still the end of the file.
fn take_back(file: &mut File, written: u64) {
    use std::io::Seek;
    let end = file.stream_position();
    if let (true, Ok(end), Ok(metadata)) = (written > 0, end, file.metadata())
        && metadata.len() == end
        && let Some(start) = end.checked_sub(written)
    {
        // The failure that led here is the one to report.
        let _ = file.set_len(start);
    }
}
