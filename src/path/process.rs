//! What is known of the process that gets the paths.

#![forbid(unsafe_code)]

use crate::error::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The process that does what a call asks for: paths that it expands or counts from elsewhere are judged as it reads
/// them.
///
/// What is absent is that of this process, but for the working directory: without one, relative paths count from the
/// first root.
///
/// ```
/// use callgate::{Gate, ServerProcess};
/// let gate = Gate::default();
/// let mut server = ServerProcess::default();
/// server.cwd = Some("/srv/app".into());
/// server.home = Some("/home/app".into());
/// assert!(gate.set_server_process(server), "without roots there is nothing to lie outside of");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServerProcess {
    /// Its working directory, which relative paths count from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cwd: Option<PathBuf>,
    /// The home folder of its user, for `~`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<PathBuf>,
    /// All of its environment, for `$NAME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<BTreeMap<String, String>>,
    /// Its handlers may join relative paths to a root as well as hand them to the system: such a path is refused
    /// where something outside the roots would be reached from the working directory, or written there, and not for
    /// being relative. Default: false.
    pub joins: bool,
}

impl ServerProcess {
    /// This process, with what is known of it now.
    ///
    /// ```
    /// assert!(callgate::ServerProcess::current().cwd.is_some());
    /// ```
    pub fn current() -> Self {
        Self { cwd: env::current_dir().ok(), ..Self::default() }
    }

    /// Reads it from JSON: `{ "cwd": "/srv/app", "home": "/home/app", "env": { "HOME": "/home/app" } }`.
    ///
    /// # Errors
    /// `input.type` for anything else.
    ///
    /// ```
    /// let server = callgate::ServerProcess::from_json(br#"{ "cwd": "/srv/app" }"#)?;
    /// assert_eq!(server.cwd.as_deref(), Some(std::path::Path::new("/srv/app")));
    /// # Ok::<(), callgate::Error>(())
    /// ```
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        let wrong =
            |_| Error::new(ErrorKind::InvalidInput, "a process has the members cwd, home, env and joins");
        // An object and not a list: the order of the members is no part of the contract.
        let members: serde_json::Map<_, _> = serde_json::from_slice(text).map_err(wrong)?;
        serde_json::from_value(members.into()).map_err(wrong)
    }

    /// The same with the working directory as file systems tell it, without links.
    pub(super) fn resolved(mut self) -> Self {
        self.cwd = self.cwd.map(|cwd| fs::canonicalize(&cwd).unwrap_or(cwd));
        self
    }

    /// A path as it counts from the working directory, where that is known and can be written.
    pub(super) fn absolute(&self, relative: &str) -> Option<String> {
        let mut cwd = self.cwd.as_deref()?.to_str()?.trim_end_matches('/');
        // The working directory is without links, so that going up from it is dropping its last name.
        let mut relative = relative;
        while let Some(rest) = relative.strip_prefix("../").or_else(|| relative.strip_prefix("./")) {
            if relative.starts_with("..") {
                cwd = cwd.rsplit_once('/').map_or("", |(parent, _)| parent);
            }
            relative = rest.trim_start_matches('/');
        }
        Some([cwd, "/", relative].concat())
    }

    /// The value of a variable.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        match &self.env {
            Some(env) => env.get(name).cloned(),
            // A name that cannot be one would panic.
            None if name.is_empty() || name.contains(['=', '\0']) => None,
            None => env::var_os(name).map(|value| value.to_string_lossy().into_owned()),
        }
    }

    /// The same whatever the case of the name is.
    pub(super) fn variable_in_any_case(&self, name: &str) -> Option<String> {
        let is_name = |known: &str| known.eq_ignore_ascii_case(name);
        match &self.env {
            Some(env) => env.iter().find(|(known, _)| is_name(known)).map(|(_, value)| value.clone()),
            None => env::vars_os()
                .find(|(known, _)| known.to_str().is_some_and(is_name))
                .map(|(_, value)| value.to_string_lossy().into_owned()),
        }
    }

    /// The home folder of its own user.
    pub(super) fn own_home(&self) -> Option<String> {
        let own = self.home.as_deref().and_then(Path::to_str).map(str::to_owned);
        own.or_else(|| self.variable("HOME")).filter(|home| !home.is_empty())
    }

    /// The home folder of another user, where there is one of this name.
    pub(super) fn home_of(&self, user: &str) -> Option<String> {
        // Read once: a message may name many.
        static USERS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
        let users = USERS.get_or_init(|| {
            let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
            let fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
            fields
                .filter_map(|fields| Some((fields.first()?.to_string(), fields.get(5)?.to_string())))
                .collect()
        });
        users
            .get(user)
            .cloned()
            .or_else(|| if user == "root" { Some("/root".to_owned()) } else { self.beside_own(user) })
    }

    /// Where users are listed elsewhere, their homes lie side by side.
    fn beside_own(&self, user: &str) -> Option<String> {
        let own = PathBuf::from(self.own_home()?);
        let home = own.parent()?.join(user);
        home.is_dir().then(|| home.to_str().map(str::to_owned)).flatten()
    }
}
