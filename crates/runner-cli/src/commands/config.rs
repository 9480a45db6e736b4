//! `runner config`: which settings hold?

use runner::{Config, Setting, SettingOrigin};
use serde_json::json;

use crate::{
    cli::{self, Common},
    exit::{CliError, Exit},
    render::{Align, Style, Table},
    screen::Screen,
    session::load_config,
};

/// Runs the command.
pub(crate) fn run(command: &cli::Config, common: &Common, screen: &Screen) -> Result<Exit, CliError> {
    match command {
        cli::Config::Show => show(common, screen),
        cli::Config::Check { file } => {
            Config::read(file).map_err(|error| CliError::bad_input(error.to_string()))?;
            let answer = json!({"file": file, "ok": true});
            screen.show(&answer, |_, _| {
                format!("{}: every key is known and every value is in range\n", file.display())
            })?;
            Ok(Exit::Done)
        }
    }
}

fn show(common: &Common, screen: &Screen) -> Result<Exit, CliError> {
    let (config, file) = load_config(common)?;
    let settings = config.settings(file.as_ref().map(|(_, text)| text.as_str()));
    let path = file.map(|(path, _)| path);
    let answer = json!({"file": path, "settings": settings});
    screen.show(&answer, |_, screen| {
        let from = path.map_or_else(|| "no file: these are the defaults".to_owned(), |path| path.display().to_string());
        format!("{}\n{}", screen.paint.paint(Style::Strong, &from), table(&settings).draw(screen.width, screen.paint))
    })?;
    Ok(Exit::Done)
}

fn table(settings: &[Setting]) -> Table {
    let mut table =
        Table::new(&[("key", Align::Left), ("value", Align::Left), ("from", Align::Left), ("what", Align::Prose)]);
    for setting in settings {
        let (from, style) = match setting.origin {
            SettingOrigin::File => ("file", Style::Name),
            _ => ("default", Style::Dim),
        };
        table.row([
            (setting.key.clone(), Style::Plain),
            (setting.value.to_string(), style),
            (from.to_owned(), style),
            (setting.doc.to_owned(), Style::Plain),
        ]);
    }
    table
}
