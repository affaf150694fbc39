//! Whatever becomes one line is one for the most eager reader, and JSON stays the same JSON.
#![no_main]

use callgate::one_line;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let line = one_line(data);
    assert_eq!(*one_line(&line), *line);
    let text = std::str::from_utf8(data);
    assert_eq!(text.is_ok(), std::str::from_utf8(&line).is_ok());
    if let (Ok(before), Ok(after)) = (text, std::str::from_utf8(&line)) {
        let ends = ['\r', '\x0B', '\x0C', '\x1C', '\x1D', '\x1E', '\u{85}', '\u{2028}', '\u{2029}'];
        assert!(!after.contains(ends));
        assert_eq!(before.contains(ends), *line != *data);
        let read = |text: &str| serde_json::from_str::<Value>(text).ok();
        assert_eq!(read(before), read(after));
    }
});
