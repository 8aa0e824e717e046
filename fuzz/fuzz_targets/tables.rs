#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| formgrid_fuzz::tables(bytes));
