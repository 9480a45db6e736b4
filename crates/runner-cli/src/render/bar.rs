//! How long is a bar?

/// Draws a share (0 to 1) as a bar of `width` cells, in eighths of a cell.
pub(crate) fn bar(share: f64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "a bar is a few cells wide")]
    let exact = share * (width * 8) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and the width in eighths")]
    let eighths = exact.round() as usize;
    let (full, rest) = (eighths / 8, eighths % 8);
    let text = format!("{}{}", "█".repeat(full), EIGHTHS[rest]);
    let used = full + usize::from(rest > 0);
    format!("{text}{}", " ".repeat(width.saturating_sub(used)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bar_always_fills_its_width() {
        for (share, expected) in [
            (0.0, "    "),
            (1.0, "████"),
            (0.5, "██  "),
            (0.3125, "█▎  "),
            (-1.0, "    "),
            (9.0, "████"),
            (f64::NAN, "    "),
        ] {
            assert_eq!(bar(share, 4), expected, "{share}");
        }
    }
}
