//! Does the README say the commands that CI proves?

use std::fs;

use super::violation::Violation;
use crate::ci::{README_RUN, README_TEST};
use crate::workspace::Workspace;

const FILE: &str = "README.md";

/// Reports commands of CI that the README does not show.
pub(crate) fn check_all(workspace: &Workspace) -> Vec<Violation> {
    // A README that cannot be read shows nothing.
    check(&fs::read_to_string(workspace.root().join(FILE)).unwrap_or_default())
}

fn check(readme: &str) -> Vec<Violation> {
    let shown = commands(readme);
    let missing = [README_RUN, README_TEST].into_iter().filter(|command| !shown.contains(command));
    let expected = "it as a line of a fenced code block, since CI runs it from there";
    missing.map(|command| Violation::new(FILE, 1, format!("does not show `{command}`"), expected)).collect()
}

/// Returns the lines of fenced code blocks, without prompts and trailing comments.
fn commands(readme: &str) -> Vec<&str> {
    let mut is_fenced = false;
    let mut commands = Vec::new();
    for line in readme.lines().map(str::trim) {
        if line.starts_with("```") {
            is_fenced = !is_fenced;
        } else if is_fenced {
            let command = line.strip_prefix("$ ").unwrap_or(line);
            commands.push(command.split(" #").next().unwrap_or_default().trim_end());
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(readme: &str, missing: &[&str]) {
        let found: Vec<_> = check(readme).into_iter().map(|violation| violation.what).collect();
        assert_eq!(found, missing, "{readme}");
    }

    #[test]
    fn fenced_commands_pass() {
        expect("```sh\ncargo run --release -- investigate   # the cause\n```\n\n```\n$ cargo test\n```\n", &[]);
    }

    #[test]
    fn prose_is_not_enough() {
        let missing = ["does not show `cargo run --release -- investigate`", "does not show `cargo test`"];
        expect("", &missing);
        expect("cargo run --release -- investigate\n```\n```\ncargo test\n", &missing);
    }

    #[test]
    fn other_arguments_are_other_commands() {
        let shown = "```\ncargo run --release -- investigate --json\ncargo test\n```\n";
        expect(shown, &["does not show `cargo run --release -- investigate`"]);
    }
}
