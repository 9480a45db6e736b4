//! Is there colour, and which?

use std::{ffi::OsString, io::IsTerminal};

use anstyle::{AnsiColor, Effects};

/// What a piece of text means; colour is only ever a second way of saying it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it is.
    Plain,
    /// A headline.
    Strong,
    /// Less important.
    Dim,
    /// Something is wrong.
    Bad,
    /// Something is well.
    Good,
    /// What to type, or a name.
    Name,
}

/// Colours text, or leaves it alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    colour: bool,
}

impl Paint {
    /// Returns a painter for standard output: colour only on a terminal, and never with `NO_COLOR`.
    pub(crate) fn stdout() -> Self {
        Self::decided(std::io::stdout().is_terminal(), |name| std::env::var_os(name))
    }

    /// Source: <https://no-color.org>: set and not empty means no colour.
    fn decided(terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let refused = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = variable("TERM").is_some_and(|term| term == "dumb");
        Self { colour: terminal && !refused && !dumb }
    }

    /// Returns a painter that leaves text alone.
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        Self { colour: false }
    }

    /// Returns the text in the style.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        if !self.colour || style == Style::Plain {
            return text.to_owned();
        }
        let style = match style {
            Style::Plain => anstyle::Style::new(),
            Style::Strong => anstyle::Style::new().effects(Effects::BOLD),
            Style::Dim => anstyle::Style::new().effects(Effects::DIMMED),
            Style::Bad => AnsiColor::Red.on_default().effects(Effects::BOLD),
            Style::Good => AnsiColor::Green.on_default(),
            Style::Name => AnsiColor::Cyan.on_default(),
        };
        format!("{style}{text}{style:#}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(terminal: bool, variable: (&str, &str), expected: &str) {
        let paint = Paint::decided(terminal, |name| (name == variable.0).then(|| variable.1.into()));
        assert_eq!(paint.paint(Style::Good, "x"), expected);
    }

    #[test]
    fn colour_needs_a_willing_terminal() {
        let green = "\u{1b}[32mx\u{1b}[0m";
        check(true, ("TERM", "xterm"), green);
        check(true, ("NO_COLOR", ""), green);
        check(true, ("NO_COLOR", "0"), "x");
        check(true, ("TERM", "dumb"), "x");
        check(false, ("TERM", "xterm"), "x");
    }
}
