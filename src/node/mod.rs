//! The npm addon.
