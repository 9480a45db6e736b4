//! Where do logs go?

use tracing::level_filters::LevelFilter;

use crate::cli::LogFormat;

/// Sends logs to stderr: errors always, decisions (what was skipped, what stood in) with `-v`, every call with `-vv`.
///
/// What a reader must know to trust an answer is part of the answer or a note beside it, never in a log alone.
pub(crate) fn install(verbose: u8, format: LogFormat) {
    let level = match verbose {
        0 => LevelFilter::ERROR,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let builder = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(level).with_target(false);
    match format {
        LogFormat::Text => builder.with_ansi(false).without_time().compact().init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}
