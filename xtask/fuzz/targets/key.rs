//! Do any parameters get through the checks of `fuzz_checks::key`?
#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_checks::key(input));
