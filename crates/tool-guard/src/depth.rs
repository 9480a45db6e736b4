//! How deep is a JSON text nested?

/// Returns whether arrays and objects in valid JSON text are nested deeper than `most`; builds no tree.
///
/// Short or flat text is passed by counting brackets, some ten bytes per nanosecond; otherwise each byte is looked at.
pub(crate) fn is_deeper(text: &str, most: u32) -> bool {
    let most = most as usize;
    // A level takes two brackets.
    if text.len() < 2 * (most + 1) || text.bytes().filter(|byte| is_opening(*byte)).count() <= most {
        return false;
    }
    let mut scan = Scan::default();
    text.bytes().any(|byte| scan.step(byte) == Some(Token::Open) && scan.depth > most)
}

fn is_opening(byte: u8) -> bool {
    matches!(byte, b'[' | b'{')
}

/// Follows valid JSON text byte by byte: knows strings, and how deep it is.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Scan {
    /// How many arrays and objects are open.
    pub(crate) depth: usize,
    in_string: bool,
    escaped: bool,
}

/// What stands outside of strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    Open,
    Close,
    Comma,
    Other,
}

impl Scan {
    /// Takes one byte; returns what it is, if it stands outside of strings.
    pub(crate) fn step(&mut self, byte: u8) -> Option<Token> {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return None;
        }
        Some(match byte {
            b'"' => {
                self.in_string = true;
                return None;
            }
            b'[' | b'{' => {
                self.depth += 1;
                Token::Open
            }
            b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                Token::Close
            }
            b',' => Token::Comma,
            _ => Token::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, depth: u32) {
        assert!(!is_deeper(text, depth.max(1)), "{text} is at most {depth} deep");
        assert!(depth < 2 || is_deeper(text, depth - 1), "{text} is {depth} deep");
    }

    #[test]
    fn depth_is_that_of_arrays_and_objects() {
        check("1", 0);
        check("[]", 1);
        check("[1,[2],[3]]", 2);
        check(r#"{"a":{"b":[{}]}}"#, 4);
        check(&format!("{}{}", "[".repeat(500), "]".repeat(500)), 500);
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        check(r#"["[[[[[[[[[","\"[[[[\\",[1]]"#, 2);
    }
}
