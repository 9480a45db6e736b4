//! Are files read as they are meant, and bad ones named?

use super::*;

/// 1, 2, 2 and 2^32 - 1 as four bytes each, packed by Python's `lzma` with CRC64.
const XZ: &[u8] = &[
    0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x04, 0xe6, 0xd6, 0xb4, 0x46, 0x02, 0x00, 0x21, 0x01, 0x16, 0x00, 0x00,
    0x00, 0x74, 0x2f, 0xe5, 0xa3, 0xe0, 0x00, 0x0f, 0x00, 0x0c, 0x5d, 0x00, 0x00, 0x67, 0xfe, 0xc1, 0x0a, 0x82, 0xb0,
    0x9d, 0x76, 0x50, 0xb9, 0x80, 0x00, 0xc5, 0x8e, 0x72, 0xea, 0xdd, 0x70, 0xd1, 0x4f, 0x00, 0x01, 0x28, 0x10, 0xe5,
    0x0b, 0x6c, 0x60, 0x1f, 0xb6, 0xf3, 0x7d, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5a,
];
/// 1 and 2^64 - 1 as eight bytes each, packed by Python's `gzip`.
const GZ: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60, 0x00, 0x03, 0xc6, 0xff, 0x50, 0x00, 0x00,
    0x63, 0x5f, 0xa6, 0xbf, 0x10, 0x00, 0x00, 0x00,
];

fn read_bytes(name: &str, bytes: &[u8], format: Format) -> Result<Vec<u64>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    read(&file, format)
}

#[track_caller]
fn expect(name: &str, bytes: &[u8], format: Format, expected: &[u64]) {
    assert_eq!(read_bytes(name, bytes, format).unwrap(), expected);
}

#[track_caller]
fn expect_error(name: &str, bytes: &[u8], format: Format, expected: &str) {
    let error = read_bytes(name, bytes, format).unwrap_err().to_string();
    assert!(error.contains(&format!("{name}: {expected}")), "{error}");
}

#[test]
fn plain_keys_are_big_endian() {
    expect("t.bin", &[0, 0, 1, 2, 255, 255, 255, 255], Format::U32Be, &[258, u32::MAX.into()]);
    expect("t", &[255, 0, 0, 0, 0, 0, 0, 1], Format::U64Be, &[(255 << 56) + 1]);
}

#[test]
fn packed_keys_are_unpacked() {
    expect("t.xz", XZ, Format::U32Be, &[1, 2, 2, u32::MAX.into()]);
    expect("t.gz", GZ, Format::U64Be, &[1, u64::MAX]);
}

#[test]
fn lines_without_an_integer_are_skipped() {
    let text = b"# keys\n1\n\n 22 \r\n-1\n3 4\n0x5\n18446744073709551615\nlast\n7";
    expect("t.trace", text, Format::Lines, &[1, 22, u64::MAX, u64::MAX, 7]);
}

#[test]
fn cut_key_names_its_place() {
    expect_error(
        "t",
        &[0, 0, 0, 1, 0, 0],
        Format::U32Be,
        "at byte 4: expected 4 bytes of a key, found the end after 2",
    );
    expect_error("t", &[0; 9], Format::U64Be, "at byte 8: expected 8 bytes of a key, found the end after 1");
}

#[test]
fn cut_or_foreign_packing_is_an_error() {
    for cut in [5, XZ.len() / 2, XZ.len() - 1] {
        expect_error("t.xz", &XZ[..cut], Format::U32Be, "at unpacked byte ");
    }
    for cut in [5, GZ.len() / 2, GZ.len() - 1] {
        expect_error("t.gz", &GZ[..cut], Format::U64Be, "at unpacked byte ");
    }
    expect_error("t.xz", GZ, Format::U32Be, "at unpacked byte 0: expected a whole xz stream");
    expect_error("t.gz", XZ, Format::U32Be, "at unpacked byte 0: expected a whole gzip stream");
}

#[test]
fn flipped_bit_is_an_error() {
    for (name, packed, format) in [("t.xz", XZ, Format::U32Be), ("t.gz", GZ, Format::U64Be)] {
        // In the packed data, past the headers.
        let mut bytes = packed.to_vec();
        bytes[packed.len() / 2 - 2] ^= 0x10;
        expect_error(name, &bytes, format, "at unpacked byte ");
    }
}

#[test]
fn line_that_is_too_much_is_an_error() {
    expect_error("t", b"1\n18446744073709551616\n", Format::Lines, "at byte 2: expected an integer of 64 bits");
    expect_error("t", &[b'x'; 5000], Format::Lines, "at byte 0: expected a line of at most 4096 bytes");
}

#[test]
fn file_without_keys_is_an_error() {
    expect_error("t", b"", Format::U32Be, "at byte 0: expected at least one key, found none");
    expect_error("t", b"a\nb\n", Format::Lines, "at byte 4: expected at least one key, found none");
}

#[test]
fn missing_file_is_named() {
    let error = read(Path::new("/nowhere/t.xz"), Format::U32Be).unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/t.xz: "), "{error}");
}
