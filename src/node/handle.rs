//! The handle behind the class `Gate`: made, described, closed.

use super::error::{Result, thrown};
use crate::error::ErrorKind;
use crate::policy::{Held, Mode, Published};
use crate::{Error, Gate, Policy, Rule};
use napi::bindgen_prelude::External;
use napi_derive::napi;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::{Rc, Weak};
use std::sync::Arc;

/// Where a gate lives until it is closed. Belongs to one JavaScript thread; a task on the pool takes the
/// gate itself.
#[derive(Debug)]
pub(crate) struct Slot {
    gate: RefCell<Option<Arc<Gate>>>,
    /// Those that were made from it, which are closed with it. They go when nobody holds them.
    derived: RefCell<Vec<Weak<Slot>>>,
}

impl Slot {
    fn new(gate: Gate) -> Rc<Self> {
        Rc::new(Self { gate: RefCell::new(Some(Arc::new(gate))), derived: RefCell::default() })
    }

    /// A slot for a gate that is closed with this one.
    fn derive(&self, gate: Gate) -> Rc<Self> {
        let slot = Self::new(gate);
        let mut derived = self.derived.borrow_mut();
        // Each time that the list has doubled: what is gone takes no room.
        if derived.len() == derived.capacity() {
            derived.retain(|known| known.strong_count() > 0);
        }
        derived.push(Rc::downgrade(&slot));
        slot
    }

    fn close(&self) {
        let gate = self.gate.try_borrow_mut().ok().and_then(|mut gate| gate.take());
        drop(gate);
        for derived in self.derived.take() {
            if let Some(slot) = derived.upgrade() {
                slot.close();
            }
        }
    }

    /// The gate, unless it was closed.
    pub(crate) fn gate(&self) -> std::result::Result<Arc<Gate>, Error> {
        self.with(Arc::clone)
    }

    /// Calls `job` with the gate, without counting a reference.
    pub(crate) fn with<T>(&self, job: impl FnOnce(&Arc<Gate>) -> T) -> std::result::Result<T, Error> {
        match self.gate.try_borrow().as_deref() {
            Ok(Some(gate)) => Ok(job(gate)),
            Ok(None) => Err(Error::new(ErrorKind::Closed, "the gate was closed")),
            Err(_) => Err(Error::new(ErrorKind::Internal, "the gate is being closed")),
        }
    }
}

/// What JavaScript holds. `napi` checks at every use that it is a live value of this very type.
pub(crate) type Handle = External<Rc<Slot>>;

/// What the garbage collector is told that a gate weighs (bytes). More than its memory: it also holds the
/// descriptors of its roots, which a collector that sees only small objects would keep for long.
const WEIGHT: usize = 16 << 10;

/// What it is told of a gate that was derived: there may be very many, each with the schemas of its tools.
const DERIVED_WEIGHT: usize = 64 << 10;

fn handle(gate: Gate) -> Handle {
    External::new_with_size_hint(Slot::new(gate), WEIGHT)
}

/// A gate of the same policy, which is closed with this one.
fn derived(
    handle: &Handle,
    make: impl FnOnce(&Gate) -> std::result::Result<Gate, Error>,
) -> std::result::Result<Handle, Error> {
    let gate = handle.with(|gate| make(gate)).and_then(|made| made)?;
    Ok(External::new_with_size_hint(handle.derive(gate), DERIVED_WEIGHT))
}

fn unread(_: serde_json::Error) -> Error {
    Error::policy("", "no text that is well-formed")
}

/// A gate of the same policy that has learnt tools: JSON of an object from their names to what the server publishes of
/// them. `held` says what a call comes to that does not match its schema.
#[napi(catch_unwind, ts_return_type = "GateHandle")]
pub fn gate_learn(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    tools: String,
    #[napi(ts_arg_type = "'deny' | 'flag' | 'off'")] held: String,
) -> Result<Handle> {
    let held = match &*held {
        "deny" => Held::Deny,
        "flag" => Held::Flag,
        _ => Held::Off,
    };
    let learn = |gate: &Gate| {
        let tools: BTreeMap<String, Published> = serde_json::from_str(&tools).map_err(unread)?;
        gate.learn(tools, held)
    };
    derived(handle, learn).map_err(|error| thrown(&error))
}

/// A gate from a policy document; relative roots count from the working directory.
#[napi(catch_unwind, ts_return_type = "GateHandle")]
pub fn gate_new(policy: Option<String>) -> Result<Handle> {
    match policy {
        None => Ok(handle(Gate::default())),
        Some(policy) => Gate::from_json(policy.as_bytes()).map(handle).map_err(|error| thrown(&error)),
    }
}

/// A gate from a policy file, with more roots than it says; its own relative ones count from the file's folder. With roots
/// of the client these are what they may lie in.
#[napi(catch_unwind, ts_return_type = "GateHandle")]
pub fn gate_load(file: String, roots: Option<Vec<String>>) -> Result<Handle> {
    let load = || {
        let mut policy = Policy::from_file(Path::new(&file))?;
        policy.paths.roots.extend(roots.into_iter().flatten().map(PathBuf::from));
        Gate::new(policy)
    };
    load().map(handle).map_err(|error| thrown(&error))
}

/// Builds what the first call would build.
#[napi(catch_unwind)]
pub fn gate_warm(#[napi(ts_arg_type = "GateHandle")] handle: &Handle) -> Result<()> {
    handle.with(|gate| gate.warm()).map_err(|error| thrown(&error))
}

/// Releases the gate and those derived from it; every later use of the handle is `gate.closed`. A task under way keeps the gate
/// until it ends.
#[napi(catch_unwind)]
pub fn gate_close(#[napi(ts_arg_type = "GateHandle")] handle: &Handle) {
    handle.close();
}

/// The limits under which an object is turned into text: what a refusing rule allows, `null` where the
/// rule does not refuse.
#[derive(Serialize)]
struct SnapshotLimits {
    bytes: Option<u32>,
    depth: Option<u32>,
    elements: Option<u32>,
    nodes: Option<u32>,
}

impl SnapshotLimits {
    fn new(gate: &Gate, tool: u32) -> Self {
        let limits = gate.limits(tool);
        let enforced = |rule, limit| gate.refuses(tool, rule).then_some(limit);
        Self {
            bytes: enforced(Rule::LimitBytes, limits.message_bytes),
            depth: enforced(Rule::LimitDepth, limits.depth),
            elements: enforced(Rule::LimitElements, limits.elements),
            nodes: enforced(Rule::LimitNodes, limits.nodes),
        }
    }
}

#[derive(Serialize)]
struct NamedTool<'a> {
    name: &'a str,
    id: u32,
    limits: SnapshotLimits,
    mode: Mode,
}

#[derive(Serialize)]
struct Description<'a> {
    tools: Vec<NamedTool<'a>>,
    limits: SnapshotLimits,
    mode: Mode,
    /// The mode of the policy, which holds where there is no tool.
    policy: Mode,
}

/// JSON: the tools that the policy names with their ids, limits and modes, and those of all others, whose
/// id is 0.
#[napi(catch_unwind)]
pub fn gate_describe(#[napi(ts_arg_type = "GateHandle")] handle: &Handle) -> Result<String> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    let named = gate.named_tools().map(|(name, id)| NamedTool {
        name,
        id,
        limits: SnapshotLimits::new(&gate, id),
        mode: gate.mode(Some(id)),
    });
    let limits = SnapshotLimits::new(&gate, 0);
    let mode = gate.mode(Some(0));
    super::audit::json(&Description { tools: named.collect(), limits, mode, policy: gate.mode(None) })
}

/// JSON: what the gate protects of the calls to a server that lists these tools, given as JSON; of the tools that the policy
/// names where none are given.
#[napi(catch_unwind)]
pub fn gate_coverage(
    #[napi(ts_arg_type = "GateHandle")] handle: &Handle,
    tools: Option<String>,
) -> Result<String> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    let coverage = match tools {
        None => gate.describe(&[]),
        Some(tools) => gate.describe_json(tools.as_bytes()).map_err(|error| thrown(&error))?,
    };
    super::audit::json(&coverage)
}
