//! Does any cache snapshot get through the checks of `fuzz_checks::snapshot`?
#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_checks::snapshot(input));
