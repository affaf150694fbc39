//! Arguments whose tool has a schema.

use super::Auditor;
use crate::json::{Noted, Tape, walk};
use crate::schema::{Mismatch, Schema};
use crate::verdict::Finding;

impl<const VALUES: bool> Auditor<'_, VALUES> {
    /// Reads the document with its tape, and holds it against the schema unless it is refused already: what breaks
    /// a rule of structure is not worth more work, and may not be readable.
    pub(super) fn with_schema(&mut self, args: &[u8], schema: &Schema) {
        let mut tape = Tape::take();
        // Beyond what a tape can address nothing is noted, and the schema says so.
        if args.len() <= Tape::MAX_BYTES {
            walk(args, &self.rules.limits, &mut Noted { events: self, tape: &mut tape });
        } else {
            walk(args, &self.rules.limits, self);
        }
        if !self.refused {
            self.hold_against(args, &tape, schema, "");
        }
        tape.keep();
    }

    /// Holds what a tape knows of a document against a schema. `above`: the pointer of what the tape begins with.
    pub(super) fn hold_against(&mut self, document: &[u8], tape: &Tape, schema: &Schema, above: &str) {
        schema.check(document, tape, &mut |mismatch| {
            let pointer = [above, &mismatch.pointer].concat();
            let Mismatch { rule, what, expected, span, .. } = mismatch;
            let default = self.rules.mismatch;
            let enforced = self.actions.enforced(rule, default);
            if let Some(finding) = self.actions.finding(rule, default, pointer, &what) {
                self.push(Finding { expected, ..finding }, span.start, span.end, enforced);
            }
        });
    }
}
