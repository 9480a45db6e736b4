//! Which number does a word stand for?

const NAMES: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Reads a whole number of at most nine digits, or an English number word up to twelve.
pub(super) fn number(word: &str) -> Option<u32> {
    let digits = !word.is_empty() && word.len() <= 9 && word.bytes().all(|b| b.is_ascii_digit());
    if digits {
        return word.parse().ok();
    }
    NAMES.iter().position(|name| *name == word).and_then(|at| u32::try_from(at).ok())
}

/// Reads a number of at least 1.
pub(super) fn positive(word: &str) -> Option<u32> {
    number(word).filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_digits_or_words() {
        for (word, expected) in
            [("5", Some(5)), ("ten", Some(10)), ("zero", Some(0)), ("1e3", None), ("", None), ("9999999999", None)]
        {
            assert_eq!(number(word), expected, "{word}");
        }
        assert_eq!((positive("0"), positive("two")), (None, Some(2)));
    }
}
