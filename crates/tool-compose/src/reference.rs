//! What does `${steps.find.output.records[*].ci_id}` mean?

use std::{fmt, iter::Peekable, str::CharIndices};

use serde_json::Value;

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    /// `.name` or `["any name"]`.
    Field(String),
    /// `[0]`.
    Index(usize),
    /// `[*]`: every item; several of them give one flat list.
    Each,
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) if is_word(name) => write!(f, ".{name}"),
            Self::Field(name) => write!(f, "[{name:?}]"),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Each => f.write_str("[*]"),
        }
    }
}

/// Where a reference begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Root {
    Param(String),
    Step(String),
}

impl fmt::Display for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Param(name) => write!(f, "params.{name}"),
            Self::Step(id) => write!(f, "steps.{id}.output"),
        }
    }
}

/// What holds where a reference finds nothing: no value, null, or a step that was skipped.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Missing {
    /// It is an error.
    Fail,
    /// `?`: the field or item that the reference stands for is left out.
    Omit,
    /// `?? value`: this value.
    Default(Value),
}

/// A checked path into the parameters or an earlier result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reference {
    pub(crate) root: Root,
    pub(crate) path: Vec<Segment>,
    pub(crate) missing: Missing,
}

/// Whether a name can stand in a reference without quotes.
pub(crate) fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Reads one reference behind its `${`; returns it and what follows its `}`.
pub(crate) fn parse(text: &str) -> Result<(Reference, &str), String> {
    let mut parser = Parser { text, chars: text.char_indices().peekable() };
    let root = parser.root()?;
    let path = parser.path()?;
    let (missing, rest) = parser.missing()?;
    Ok((Reference { root, path, missing }, rest))
}

struct Parser<'t> {
    text: &'t str,
    chars: Peekable<CharIndices<'t>>,
}

impl<'t> Parser<'t> {
    fn root(&mut self) -> Result<Root, String> {
        self.skip_spaces();
        match self.word()? {
            "params" => Ok(Root::Param(self.dotted("a parameter's name")?.to_owned())),
            "steps" => {
                let id = self.dotted("a step's id")?.to_owned();
                match self.dotted("`output`")? {
                    "output" => Ok(Root::Step(id)),
                    other => Err(format!("a step has `output`, not `{other}`")),
                }
            }
            other => Err(format!("a reference begins with `params.` or `steps.`, not `{other}`")),
        }
    }

    fn path(&mut self) -> Result<Vec<Segment>, String> {
        let mut path = Vec::new();
        while let Some((at, c)) = self.chars.peek().copied() {
            match c {
                '.' => path.push(Segment::Field(self.dotted("a field's name")?.to_owned())),
                '[' => path.push(self.bracket(at)?),
                _ => break,
            }
        }
        Ok(path)
    }

    fn bracket(&mut self, at: usize) -> Result<Segment, String> {
        let inside = &self.text[at + 1..];
        let (segment, length) = if inside.starts_with('"') {
            let mut names = serde_json::Deserializer::from_str(inside).into_iter::<String>();
            let name = names.next().and_then(Result::ok).ok_or("a quoted name is not closed")?;
            (Segment::Field(name), names.byte_offset())
        } else {
            let end = inside.find(']').ok_or("`[` is not closed")?;
            let segment = match inside[..end].trim() {
                "*" => Segment::Each,
                number => Segment::Index(number.parse().map_err(|_| format!("`[{number}]` is no index"))?),
            };
            (segment, end)
        };
        if !inside[length..].starts_with(']') {
            return Err("`[` is not closed".to_owned());
        }
        self.jump(at + 1 + length + 1);
        Ok(segment)
    }

    /// Reads `?`, `?? value` or nothing, and the closing brace.
    fn missing(&mut self) -> Result<(Missing, &'t str), String> {
        self.skip_spaces();
        let rest = self.rest();
        let (missing, rest) = if let Some(value) = rest.strip_prefix("??") {
            let mut values = serde_json::Deserializer::from_str(value).into_iter::<Value>();
            let default = values.next().and_then(Result::ok).ok_or("`??` is followed by a JSON value")?;
            (Missing::Default(default), &value[values.byte_offset()..])
        } else if let Some(rest) = rest.strip_prefix('?') {
            (Missing::Omit, rest)
        } else {
            (Missing::Fail, rest)
        };
        let rest = rest.trim_start();
        match (rest.strip_prefix('}'), rest.chars().next()) {
            (Some(rest), _) => Ok((missing, rest)),
            (None, Some(c)) => Err(format!("`{c}` is not expected here; paths, `?` and `?? value` are all there is")),
            (None, None) => Err("`${` is not closed".to_owned()),
        }
    }

    fn dotted(&mut self, what: &str) -> Result<&'t str, String> {
        match self.chars.next_if(|(_, c)| *c == '.') {
            Some(_) => self.word().map_err(|_| format!("{what} is missing after `.`")),
            None => Err(format!("{what} is missing")),
        }
    }

    fn word(&mut self) -> Result<&'t str, String> {
        let rest = self.rest();
        let end = rest.find(|c: char| !is_word(c.encode_utf8(&mut [0; 4]))).unwrap_or(rest.len());
        if end == 0 {
            return Err("a name is missing".to_owned());
        }
        let start = self.text.len() - rest.len();
        self.jump(start + end);
        Ok(&rest[..end])
    }

    fn skip_spaces(&mut self) {
        while self.chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
    }

    fn rest(&mut self) -> &'t str {
        let at = self.chars.peek().map_or(self.text.len(), |(at, _)| *at);
        &self.text[at..]
    }

    fn jump(&mut self, to: usize) {
        while self.chars.next_if(|(at, _)| *at < to).is_some() {}
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.root)?;
        self.path.iter().try_for_each(|segment| write!(f, "{segment}"))
    }
}

#[cfg(test)]
mod tests;
