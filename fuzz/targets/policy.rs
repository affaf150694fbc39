//! No policy makes reading, merging or compiling panic, and what is read means the same when it is written again.
#![no_main]

use callgate::{Gate, Policy};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let explained = Policy::explain(text);
    let read = Policy::from_json(text);
    let Ok(explained) = explained else {
        // Roots are opened by gates alone; everything else that is wrong is found by both.
        assert!(Gate::from_json(text).is_err(), "a gate takes what cannot be explained");
        return;
    };
    assert_eq!(read.as_ref(), Ok(&explained.policy));
    let written = serde_json::to_string(&explained.policy).unwrap();
    assert_eq!(Policy::from_json(written.as_bytes()).as_ref(), Ok(&explained.policy));
    assert!(explained.origins.contains_key("/mode"));
});
