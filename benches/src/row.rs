//! What is one measured figure?

use serde::Serialize;

/// One figure, beside its peer's where there is one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Row {
    question: &'static str,
    case: &'static str,
    unit: &'static str,
    ours: f64,
    peer: Option<&'static str>,
    peer_value: Option<f64>,
    /// Ours by the peer's.
    ratio: Option<f64>,
    /// What was asked: of the ratio where there is a peer, else of the value.
    bound: Option<f64>,
    holds: Option<bool>,
    #[serde(skip)]
    sense: Sense,
}

/// Which side of its bound a figure is to be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    AtMost,
    AtLeast,
}

impl Row {
    /// States a figure without a peer or a bound.
    pub(crate) fn new(question: &'static str, case: &'static str, unit: &'static str, ours: f64) -> Self {
        let (peer, peer_value, ratio, bound, holds) = (None, None, None, None, None);
        Self { question, case, unit, ours, peer, peer_value, ratio, bound, holds, sense: Sense::AtMost }
    }

    /// Adds the peer.
    pub(crate) fn beside(self, peer: &'static str, value: f64) -> Self {
        Self { peer: Some(peer), peer_value: Some(value), ratio: Some(self.ours / value), ..self }
    }

    /// Adds what was asked for, at most: of the ratio where there is a peer, else of the value.
    pub(crate) fn at_most(self, bound: f64) -> Self {
        let holds = self.ratio.unwrap_or(self.ours) <= bound;
        Self { bound: Some(bound), holds: Some(holds), sense: Sense::AtMost, ..self }
    }

    /// Adds what was asked for, at least: of the ratio where there is a peer, else of the value.
    pub(crate) fn at_least(self, bound: f64) -> Self {
        let holds = self.ratio.unwrap_or(self.ours) >= bound;
        Self { bound: Some(bound), holds: Some(holds), sense: Sense::AtLeast, ..self }
    }

    /// Returns the figure as a line of an aligned table.
    pub(crate) fn line(&self) -> String {
        let Self { question, case, unit, ours, .. } = self;
        let digits = match *unit {
            "ms" | "" => 3,
            "x" => 2,
            _ => 1,
        };
        let peer = self.peer.zip(self.peer_value).map(|(peer, value)| format!("{peer} {value:.1}")).unwrap_or_default();
        let ratio = self.ratio.map(|ratio| format!("{ratio:.2} x")).unwrap_or_default();
        let sense = if self.sense == Sense::AtMost { "at most" } else { "at least" };
        let verdict = match (self.bound, self.holds) {
            (Some(bound), Some(true)) => format!("{sense} {bound}: holds"),
            (Some(bound), _) => format!("{sense} {bound}: MISSED"),
            (None, _) => String::new(),
        };
        format!("{question:<8} {case:<44} {ours:>10.digits$} {unit:<3} {peer:<32} {ratio:>8}  {verdict}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bound_is_of_the_ratio_where_there_is_a_peer() {
        let row = Row::new("cache", "hit", "ns", 30.0);
        assert_eq!(row.clone().at_most(29.0).holds, Some(false));
        assert_eq!(row.clone().beside("peer", 20.0).at_most(1.5).holds, Some(true));
        assert_eq!(row.clone().beside("peer", 20.0).at_least(1.5).holds, Some(true));
        assert_eq!(row.beside("peer", 20.0).at_least(1.6).holds, Some(false));
    }

    #[test]
    fn json_has_the_documented_fields() {
        let row = Row::new("cache", "hit", "ns", 30.0).beside("peer", 20.0).at_least(1.6);
        let expected = serde_json::json!({
            "question": "cache", "case": "hit", "unit": "ns", "ours": 30.0, "peer": "peer", "peer_value": 20.0,
            "ratio": 1.5, "bound": 1.6, "holds": false,
        });
        assert_eq!(serde_json::to_value(row).unwrap(), expected);
    }
}
