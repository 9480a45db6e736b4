//! Do any names get through the checks of `fuzz_checks::names`?
#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_checks::names(input));
