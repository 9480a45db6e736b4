//! Where do logs go?

use tracing::level_filters::LevelFilter;

use crate::cli::LogFormat;

/// Sends logs to stderr: warnings always, decisions with `-v`, every call with `-vv`.
pub(crate) fn install(verbose: u8, format: LogFormat) {
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let builder = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(level).with_target(false);
    match format {
        LogFormat::Text => builder.with_ansi(false).without_time().compact().init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}
