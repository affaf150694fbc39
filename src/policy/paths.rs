//! How the `paths` of a policy are written: `roots` is a list of folders, or the word that says who names them.

#![forbid(unsafe_code)]

use super::{HardLinks, Links, Paths, Relative};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::path::PathBuf;

const CLIENT: &str = "client";

/// The members as they stand in a document.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Written {
    roots: Roots,
    within: Vec<PathBuf>,
    blocked: Vec<String>,
    unblocked: Vec<String>,
    hard_links: HardLinks,
    cross_device: bool,
    links: Links,
    relative: Relative,
}

#[derive(Debug, Clone)]
enum Roots {
    Listed(Vec<PathBuf>),
    Client,
}

impl Default for Roots {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl Serialize for Roots {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Listed(roots) => roots.serialize(serializer),
            Self::Client => serializer.serialize_str(CLIENT),
        }
    }
}

impl<'de> Deserialize<'de> for Roots {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Folders;
        impl<'de> Visitor<'de> for Folders {
            type Value = Roots;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a sequence")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Roots, E> {
                if text == CLIENT {
                    Ok(Roots::Client)
                } else {
                    Err(E::custom("expected an array, or \"client\""))
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut folders: A) -> Result<Roots, A::Error> {
                let mut roots = Vec::new();
                while let Some(root) = folders.next_element()? {
                    roots.push(root);
                }
                Ok(Roots::Listed(roots))
            }
        }
        deserializer.deserialize_any(Folders)
    }
}

impl TryFrom<Written> for Paths {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, &'static str> {
        let Written { roots, within, blocked, unblocked, hard_links, cross_device, links, relative } =
            written;
        let (roots, client) = match roots {
            Roots::Client => (within, true),
            Roots::Listed(roots) if within.is_empty() => (roots, false),
            Roots::Listed(_) => {
                return Err(
                    "`within` says what the roots of a client may lie in: `roots` is \"client\" then",
                );
            }
        };
        Ok(Self { roots, client, blocked, unblocked, hard_links, cross_device, links, relative })
    }
}

impl From<Paths> for Written {
    fn from(paths: Paths) -> Self {
        let Paths { roots, client, blocked, unblocked, hard_links, cross_device, links, relative } = paths;
        let (roots, within) =
            if client { (Roots::Client, roots) } else { (Roots::Listed(roots), Vec::new()) };
        Self { roots, within, blocked, unblocked, hard_links, cross_device, links, relative }
    }
}
