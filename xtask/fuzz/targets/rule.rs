//! Does any rule get through the checks of `fuzz_checks::rule`?
#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_checks::rule(input));
