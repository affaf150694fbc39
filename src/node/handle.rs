//! The handle behind the class `Gate`: made, described, closed.

use super::error::{Result, thrown};
use crate::error::ErrorKind;
use crate::{Error, Gate, Rule, ToolId};
use napi::bindgen_prelude::External;
use napi_derive::napi;
use serde::Serialize;
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// Where a gate lives until it is closed. Belongs to one JavaScript thread; a task on the pool takes the
/// gate itself.
#[derive(Debug)]
pub(crate) struct Slot(RefCell<Option<Arc<Gate>>>);

impl Slot {
    /// The gate, unless it was closed.
    pub(crate) fn gate(&self) -> std::result::Result<Arc<Gate>, Error> {
        self.with(Arc::clone)
    }

    /// Calls `job` with the gate, without counting a reference.
    pub(crate) fn with<T>(&self, job: impl FnOnce(&Arc<Gate>) -> T) -> std::result::Result<T, Error> {
        match self.0.try_borrow().as_deref() {
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

fn handle(gate: Gate) -> Handle {
    External::new_with_size_hint(Rc::new(Slot(RefCell::new(Some(Arc::new(gate))))), WEIGHT)
}

/// A gate from a policy document; relative roots count from the working directory.
#[napi(catch_unwind, ts_return_type = "GateHandle")]
pub fn gate_new(policy: Option<String>) -> Result<Handle> {
    match policy {
        None => Ok(handle(Gate::default())),
        Some(policy) => Gate::from_json(policy.as_bytes()).map(handle).map_err(|error| thrown(&error)),
    }
}

/// A gate from a policy file; relative roots count from the file's folder.
#[napi(catch_unwind, ts_return_type = "GateHandle")]
pub fn gate_load(file: String) -> Result<Handle> {
    Gate::load(Path::new(&file)).map(handle).map_err(|error| thrown(&error))
}

/// Releases the gate; every later use of the handle is `gate.closed`. A task under way keeps the gate
/// until it ends.
#[napi(catch_unwind)]
pub fn gate_close(#[napi(ts_arg_type = "GateHandle")] handle: &Handle) {
    let gate = handle.0.try_borrow_mut().ok().and_then(|mut slot| slot.take());
    drop(gate);
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
    fn new(gate: &Gate, tool: ToolId) -> Self {
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
}

#[derive(Serialize)]
struct Description<'a> {
    tools: Vec<NamedTool<'a>>,
    limits: SnapshotLimits,
}

/// JSON: the tools that the policy names with their ids and limits, and the limits of all others, whose
/// id is 0.
#[napi(catch_unwind)]
pub fn gate_describe(#[napi(ts_arg_type = "GateHandle")] handle: &Handle) -> Result<String> {
    let gate = handle.gate().map_err(|error| thrown(&error))?;
    let named = gate.named_tools().map(|(name, id)| NamedTool {
        name,
        id: id.0,
        limits: SnapshotLimits::new(&gate, id),
    });
    let limits = SnapshotLimits::new(&gate, ToolId::default());
    super::audit::json(&Description { tools: named.collect(), limits })
}
