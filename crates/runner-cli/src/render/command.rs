//! How is a command shown so that it can be copied?

use unicode_width::UnicodeWidthStr;

/// Writes a command for a shell under an indent, never cut: what does not fit a line goes on after a backslash.
pub(crate) fn command<S: AsRef<str>>(words: &[S], width: usize, indent: usize) -> Vec<String> {
    let (first, further) = (" ".repeat(indent), " ".repeat(indent + 4));
    let mut lines: Vec<String> = Vec::new();
    for word in pairs(words) {
        match lines.last_mut() {
            Some(line) if line.width() + word.width() + 3 <= width => *line = format!("{line} {word}"),
            Some(line) => {
                *line = format!("{line} \\");
                lines.push(format!("{further}{word}"));
            }
            None => lines.push(format!("{first}{word}")),
        }
    }
    lines
}

/// Quotes the words, and keeps an option and its value together.
fn pairs<S: AsRef<str>>(words: &[S]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in words {
        let word = quoted(word.as_ref());
        match out.last_mut() {
            Some(option) if option.starts_with('-') && !option.contains(' ') && !word.starts_with('-') => {
                *option = format!("{option} {word}");
            }
            _ => out.push(word),
        }
    }
    out
}

/// Quotes a word for a shell if it needs that; control characters become `�`.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let clean: String = word.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    format!("'{}'", clean.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &[&str], expected: &[&str]) {
        assert_eq!(command(words, 40, 2), expected);
    }

    #[test]
    fn short_command_is_one_line() {
        check(&["runner", "call", "x", "-p", "ci_id=db-1"], &["  runner call x -p ci_id=db-1"]);
    }

    #[test]
    fn long_command_goes_on_after_a_backslash() {
        check(
            &["runner", "call", "metric.series", "-p", "ci_id=svc-payment", "--estate", "a b"],
            &["  runner call metric.series \\", "      -p ci_id=svc-payment \\", "      --estate 'a b'"],
        );
    }

    #[test]
    fn hostile_words_are_quoted() {
        check(&["x", "it's $HOME\u{1b}"], &["  x 'it'\\''s $HOME\u{fffd}'"]);
    }
}
