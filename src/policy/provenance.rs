//! Where a policy comes from: the file, and what was written in it and in the presets that it extends.

#![forbid(unsafe_code)]

use super::presets::{Layer, Origin};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a policy comes from. Two policies that say the same are equal wherever they come from.
#[derive(Clone, Default)]
pub(crate) struct Provenance {
    file: Option<Arc<Path>>,
    /// The presets and the document; none of a policy that was put together by a program.
    layers: Option<Arc<[Layer]>>,
}

impl Provenance {
    pub(super) fn of(layers: Vec<Layer>) -> Self {
        Self { file: None, layers: Some(layers.into()) }
    }

    pub(super) fn set_file(&mut self, file: PathBuf) {
        self.file = Some(file.into());
    }

    /// The file that the policy was read from.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether the member at this pointer was written, in the document or in a preset.
    pub(super) fn names(&self, pointer: &str) -> bool {
        self.layers.iter().flat_map(|layers| layers.iter()).any(|(_, layer)| layer.pointer(pointer).is_some())
    }

    /// Whether only a preset names the member at this pointer: who extends it wrote nothing there.
    pub(crate) fn is_of_preset(&self, pointer: &str) -> bool {
        let written = |(origin, layer): &Layer| *origin == Origin::File && layer.pointer(pointer).is_some();
        self.names(pointer) && !self.layers.iter().flat_map(|layers| layers.iter()).any(written)
    }
}

impl PartialEq for Provenance {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No text of a policy, and no path.
        f.write_str("Provenance")
    }
}
