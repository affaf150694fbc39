//! Platforms whose paths are not understood yet: every operation is `platform.unsupported`.

#![forbid(unsafe_code)]

use super::super::unsupported::{PathGuard, unsupported};
use super::{
    AppendOptions, CopyOptions, DirEntry, FileStat, MakeDirOptions, ReadDirOptions, ReadOptions,
    RemoveOptions, RenameOptions, StatOptions, WriteOptions,
};
use crate::error::Error;
use crate::policy::Actions;

impl PathGuard {
    pub(super) fn read_file(&self, _: &Actions, _: &str, _: &ReadOptions) -> Result<Vec<u8>, Error> {
        unsupported()
    }

    pub(super) fn write_file(&self, _: &Actions, _: &str, _: &[u8], _: &WriteOptions) -> Result<(), Error> {
        unsupported()
    }

    pub(super) fn append_file(&self, _: &Actions, _: &str, _: &[u8], _: &AppendOptions) -> Result<(), Error> {
        unsupported()
    }

    pub(super) fn read_dir(&self, _: &Actions, _: &str, _: &ReadDirOptions) -> Result<Vec<DirEntry>, Error> {
        unsupported()
    }

    pub(super) fn stat(&self, _: &Actions, _: &str, _: &StatOptions) -> Result<FileStat, Error> {
        unsupported()
    }

    pub(super) fn make_dir(&self, _: &Actions, _: &str, _: &MakeDirOptions) -> Result<(), Error> {
        unsupported()
    }

    pub(super) fn remove(&self, _: &Actions, _: &str, _: &RemoveOptions) -> Result<(), Error> {
        unsupported()
    }

    pub(super) fn rename(&self, _: &Actions, _: &str, _: &str, _: &RenameOptions) -> Result<(), Error> {
        unsupported()
    }

    pub(super) fn copy_file(&self, _: &Actions, _: &str, _: &str, _: &CopyOptions) -> Result<(), Error> {
        unsupported()
    }
}
