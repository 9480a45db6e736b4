//! Does any schema get through the checks of `fuzz_checks::schema`?
#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_checks::schema(input));
