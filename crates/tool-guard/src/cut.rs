//! What is left of a result that is too large?

use crate::depth::{Scan, Token};

/// Cuts valid JSON text to at most `max_bytes` and `max_depth`, so that what is left is valid JSON.
///
/// What is nested too deep becomes `null`; then whole elements are left out from the end, and what is open is closed.
/// `None` if nothing can be left out: a single text or number that is too long.
pub(crate) fn cut(text: &str, max_bytes: usize, max_depth: u32) -> Option<String> {
    let flat = flatten(text, max_depth as usize);
    if flat.len() <= max_bytes { Some(flat) } else { shorten(&flat, max_bytes) }
}

/// Replaces what is nested deeper than `most`.
fn flatten(text: &str, most: usize) -> String {
    let (mut scan, mut flat, mut kept) = (Scan::default(), String::new(), 0);
    for (at, byte) in text.bytes().enumerate() {
        match scan.step(byte) {
            Some(Token::Open) if scan.depth == most + 1 => {
                flat.push_str(&text[kept..at]);
                flat.push_str("null");
            }
            Some(Token::Close) if scan.depth == most => kept = at + 1,
            _ => {}
        }
    }
    flat.push_str(&text[kept..]);
    flat
}

/// Leaves elements out from the end until it fits: keeps up to the last place at which all open brackets can be closed.
fn shorten(text: &str, most: usize) -> Option<String> {
    let (mut scan, mut best) = (Scan::default(), None);
    for (at, byte) in text.bytes().enumerate().take(most) {
        // Before a comma an element has just ended; after a bracket all that is open is whole.
        let whole = match scan.step(byte) {
            Some(Token::Open | Token::Close) => at + 1,
            Some(Token::Comma) => at,
            Some(Token::Other) | None => continue,
        };
        if whole + scan.depth <= most {
            best = Some(whole);
        }
    }
    best.map(|end| closed(&text[..end]))
}

/// Closes what is open.
fn closed(text: &str) -> String {
    let (mut scan, mut open) = (Scan::default(), Vec::new());
    for byte in text.bytes() {
        match scan.step(byte) {
            Some(Token::Open) => open.push(if byte == b'[' { ']' } else { '}' }),
            Some(Token::Close) => drop(open.pop()),
            _ => {}
        }
    }
    text.chars().chain(open.into_iter().rev()).collect()
}

#[cfg(test)]
mod tests;
