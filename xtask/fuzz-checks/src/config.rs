//! Is every `runner.toml` either taken on whole or refused with its place?

use runner::Config;

/// What the file is called in errors.
const FILE: &str = "fuzz.toml";

/// Takes the text of a configuration file.
///
/// # Panics
///
/// If an error does not name the file, the line (one that is there) and the key, or if what was taken on cannot be written
/// and read back.
pub fn config(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match Config::parse(text, FILE) {
        Ok(config) => check_written(&config, text),
        Err(error) => {
            let message = error.to_string();
            assert!(message.starts_with(FILE), "{message}");
            // A file that ends too early is at fault behind its last line.
            assert!(error.line() <= text.matches('\n').count() + 1, "line {} of {text:?}", error.line());
            // What is TOML is refused for a key, which is named with its line.
            let is_toml = text.parse::<toml::Table>().is_ok();
            assert!(!is_toml || (message.contains('`') && error.line() > 0), "{message}: {text:?}");
        }
    }
}

fn check_written(config: &Config, text: &str) {
    assert!(config.settings(Some(text)).iter().all(|setting| !setting.doc.is_empty()));
    let written = toml::to_string(config).unwrap_or_else(|error| panic!("{error}: {text}"));
    let again = Config::parse(&written, FILE).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(&again, config, "{written}");
}
