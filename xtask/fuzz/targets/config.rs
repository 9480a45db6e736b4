//! Does any configuration file get through the checks of `fuzz_checks::config`?
#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_checks::config(input));
