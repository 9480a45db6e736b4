//! What does libFuzzer say of a run?

use serde::Serialize;

/// What a run did, read off libFuzzer's log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Figures {
    /// How many inputs were tried.
    pub(super) runs: u64,
    /// How many edges of the code were taken.
    pub(super) edges: u64,
    /// How many inputs reach something that the others do not.
    pub(super) inputs: u64,
}

impl Figures {
    /// Reads a line of the log, as in `#4096 NEW cov: 311 ft: 940 corp: 57/2Kb lim: 43 exec/s: 0 rss: 35Mb`; other
    /// lines change nothing.
    pub(super) fn read(&mut self, line: &str) {
        let Some((runs, rest)) = line.strip_prefix('#').and_then(|rest| rest.split_once(char::is_whitespace)) else {
            return;
        };
        let words: Vec<_> = rest.split_whitespace().collect();
        let after = |label: &str| words.iter().skip_while(|word| **word != label).nth(1).copied();
        let (Ok(runs), Some(edges), Some(inputs)) = (runs.parse(), after("cov:"), after("corp:")) else { return };
        self.runs = runs;
        self.edges = edges.parse().unwrap_or(self.edges);
        self.inputs = inputs.split('/').next().and_then(|count| count.parse().ok()).unwrap_or(self.inputs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_status_line_counts() {
        let mut figures = Figures::default();
        for line in [
            "INFO: Running with entropic power schedule (0xFF, 100).",
            "#2\tINITED cov: 3 ft: 4 corp: 1/1b exec/s: 0 rss: 28Mb",
            "#696896\tDONE   cov: 5223 ft: 9005 corp: 1159/79Kb lim: 815 exec/s: 77432 rss: 41Mb",
            "###### End of recommended dictionary. ######",
            "Done 696896 runs in 9 second(s)",
        ] {
            figures.read(line);
        }
        assert_eq!(figures, Figures { runs: 696_896, edges: 5223, inputs: 1159 });
    }

    #[test]
    fn frames_of_a_stack_are_no_status() {
        let mut figures = Figures::default();
        figures.read("    #7 0x55d in key::run (/b/key+0x12)");
        figures.read("#12 cut off");
        assert_eq!(figures, Figures::default());
    }
}
