//! The C functions with bytes of any content: statuses are the documented ones, outputs are written on success
//! only, and views stay in bounds.
#![no_main]

use callgate::capi::*;
use libfuzzer_sys::fuzz_target;
use std::ffi::c_char;
use std::ptr;

fn text(view: Text) -> String {
    // SAFETY: the owner of the text is alive in every use below.
    let bytes = unsafe { std::slice::from_raw_parts(view.data.cast::<u8>(), view.len) };
    std::str::from_utf8(bytes).expect("texts are UTF-8").to_owned()
}

fn chars(bytes: &[u8]) -> *const c_char {
    bytes.as_ptr().cast()
}

fuzz_target!(|input: (&[u8], &[u8], &[u8])| {
    let (policy, tool, args) = input;
    // SAFETY: every pointer comes with its own length; handles are used while they are alive and freed once.
    unsafe {
        let plain = callgate_audit_tool_args(args.as_ptr(), args.len());
        assert!((-1..=2).contains(&plain));

        let mut gate = ptr::null_mut();
        match callgate_gate_new(chars(policy), policy.len(), &raw mut gate) {
            CALLGATE_OK => assert!(!gate.is_null()),
            status => {
                assert_eq!(status, CALLGATE_ERR_POLICY);
                assert!(gate.is_null(), "written by a call that failed");
                let (mut code, mut message) = (std::mem::zeroed(), std::mem::zeroed());
                assert_eq!(callgate_last_error(&raw mut code, &raw mut message), CALLGATE_OK);
                assert_eq!(text(code), "policy.invalid");
                assert!(text(message).len() <= 1024);
                assert_eq!(callgate_gate_new(ptr::null(), 0, &raw mut gate), CALLGATE_OK);
            }
        }
        let mut verdict = ptr::null_mut();
        let status = callgate_gate_audit(gate, chars(tool), tool.len(), args.as_ptr(), args.len(), &raw mut verdict);
        if std::str::from_utf8(tool).is_err() {
            assert!(status == CALLGATE_ERR_ARGUMENT && verdict.is_null());
        } else {
            assert_eq!(callgate_verdict_action(verdict), status);
            let mut count = usize::MAX;
            assert_eq!(callgate_verdict_count(verdict, &raw mut count), CALLGATE_OK);
            assert!(count <= 32);
            for index in 0..count {
                let mut finding: FindingView = std::mem::zeroed();
                assert_eq!(callgate_verdict_finding(verdict, index, &raw mut finding), CALLGATE_OK);
                assert!(callgate::Rule::from_id(&text(finding.rule)).is_some());
                assert!(!text(finding.message).is_empty());
                assert!(text(finding.pointer).len() <= 2048);
                assert!(finding.start <= finding.end);
            }
            let mut finding: FindingView = std::mem::zeroed();
            assert_eq!(callgate_verdict_finding(verdict, count, &raw mut finding), CALLGATE_ERR_ARGUMENT);
        }
        assert_eq!(callgate_verdict_free(verdict), CALLGATE_OK);
        assert_eq!(callgate_gate_free(gate), CALLGATE_OK);
    }
});
