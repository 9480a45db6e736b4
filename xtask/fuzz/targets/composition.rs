//! Does any composition file get through the checks of `fuzz_checks::composition`?
#![no_main]
#![forbid(unsafe_code)]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_checks::composition(input));
