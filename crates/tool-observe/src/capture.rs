//! How are parameters kept in few bytes, without an allocation per call?

use std::{cell::RefCell, io};

use serde_json::{Map, Number, Value};
use tool_core::Params;

/// How deep a value may be to be kept: what serde_json parses, too.
const MAX_DEPTH: usize = 128;

thread_local! {
    /// Where a call's parameters are put together; allocated once per thread.
    static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The parameters of a call, as they go into the ring.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Captured<'a> {
    /// They are small: all of them, encoded.
    Kept(&'a [u8]),
    /// Their size as JSON text, in bytes.
    Size(u64),
}

/// Encodes parameters, or measures them if they take more than `most` bytes.
pub(crate) fn capture<T>(params: &Params, most: usize, keep: impl FnOnce(Captured<'_>) -> T) -> T {
    let value = params.as_value();
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.clear();
        let mut encoder = Encoder { out: scratch, most };
        if encoder.value(value, MAX_DEPTH).is_some() {
            keep(Captured::Kept(scratch))
        } else {
            keep(Captured::Size(json_size(value)))
        }
    })
}

/// Writes a value: a tag, then what belongs to it; texts and numbers of members as a length of 4 bytes first.
struct Encoder<'a> {
    out: &'a mut Vec<u8>,
    most: usize,
}

impl Encoder<'_> {
    /// Writes a value; `None`, early, if there is no room or it is too deep.
    fn value(&mut self, value: &Value, depth: usize) -> Option<()> {
        match value {
            Value::Null => self.part([b'n'], &[]),
            Value::Bool(false) => self.part([b'f'], &[]),
            Value::Bool(true) => self.part([b't'], &[]),
            Value::Number(number) => self.number(number),
            Value::String(text) => self.part(tagged(b's', text.len())?, text.as_bytes()),
            Value::Array(list) => {
                self.part(tagged(b'a', list.len())?, &[])?;
                list.iter().try_for_each(|value| self.value(value, depth.checked_sub(1)?))
            }
            Value::Object(map) => {
                self.part(tagged(b'o', map.len())?, &[])?;
                map.iter().try_for_each(|(key, value)| {
                    self.part(length_bytes(key.len())?, key.as_bytes())?;
                    self.value(value, depth.checked_sub(1)?)
                })
            }
        }
    }

    fn number(&mut self, number: &Number) -> Option<()> {
        let (tag, bytes) = if let Some(number) = number.as_i64() {
            (b'i', number.to_le_bytes())
        } else if let Some(number) = number.as_u64() {
            (b'u', number.to_le_bytes())
        } else {
            (b'd', number.as_f64()?.to_le_bytes())
        };
        self.part([tag], &bytes)
    }

    /// Writes a head of known size and what follows it, with one check of the room for both.
    #[inline]
    fn part<const N: usize>(&mut self, head: [u8; N], rest: &[u8]) -> Option<()> {
        let fits = self.out.len() + N + rest.len() <= self.most;
        fits.then(|| {
            self.out.extend_from_slice(&head);
            self.out.extend_from_slice(rest);
        })
    }
}

fn tagged(tag: u8, length: usize) -> Option<[u8; 5]> {
    let [a, b, c, d] = length_bytes(length)?;
    Some([tag, a, b, c, d])
}

fn length_bytes(length: usize) -> Option<[u8; 4]> {
    Some(u32::try_from(length).ok()?.to_le_bytes())
}

/// Reads back what [`capture`] kept; `None` if it is something else.
pub(crate) fn decode(mut bytes: &[u8]) -> Option<Value> {
    let value = value(&mut bytes)?;
    bytes.is_empty().then_some(value)
}

fn value(bytes: &mut &[u8]) -> Option<Value> {
    let value = match array::<1>(bytes)?[0] {
        b'n' => Value::Null,
        b'f' => Value::Bool(false),
        b't' => Value::Bool(true),
        b'i' => i64::from_le_bytes(array(bytes)?).into(),
        b'u' => u64::from_le_bytes(array(bytes)?).into(),
        b'd' => Value::Number(Number::from_f64(f64::from_le_bytes(array(bytes)?))?),
        b's' => Value::String(text(bytes)?),
        b'a' => Value::Array((0..length(bytes)?).map(|_| value(bytes)).collect::<Option<_>>()?),
        b'o' => {
            let members = (0..length(bytes)?).map(|_| Some((text(bytes)?, value(bytes)?)));
            Value::Object(members.collect::<Option<Map<_, _>>>()?)
        }
        _ => return None,
    };
    Some(value)
}

fn array<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}

fn length(bytes: &mut &[u8]) -> Option<usize> {
    Some(u32::from_le_bytes(array(bytes)?) as usize)
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    let length = length(bytes)?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    String::from_utf8(text.to_vec()).ok()
}

/// Returns the size of a value as JSON text, in bytes, without writing the text.
pub(crate) fn json_size(value: &Value) -> u64 {
    let mut counted = Counted(0);
    // A map with text keys has a JSON form, and counting cannot fail.
    let _ = serde_json::to_writer(&mut counted, value);
    counted.0
}

struct Counted(u64);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
