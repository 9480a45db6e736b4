//! Does any time range get through the checks of `fuzz_checks::time`?
#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_checks::time(input));
