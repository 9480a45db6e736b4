//! What does a command work with?

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use ops_tools::{DEMO_SEED, Estate, EstateError, SqliteEstate, compositions, demo, intents, tools};
use runner::{
    Config, Runner,
    tool_core::{CallContext, ToolError},
    tool_observe::{TenantStats, ToolExecutionTrace, TraceFilter},
};
use serde::{Deserialize, Serialize};

use crate::{
    cli::Common,
    exit::{CliError, with_causes},
    screen::{Screen, note},
    state::StateDir,
};

/// The principal of who types commands.
const PRINCIPAL: &str = "local";
/// The file of cached answers in the state directory.
const CACHE: &str = "cache.snapshot";
/// The file of recent traces in the state directory.
const TRACES: &str = "traces.json";
/// The file of what runs taught about each tool in the state directory.
const PROFILES: &str = "profiles.json";

/// An open estate, the tools over it, and what the last run left.
pub(crate) struct Session {
    pub(crate) runner: Runner,
    pub(crate) estate: Arc<dyn Estate>,
    pub(crate) tenant: String,
    pub(crate) screen: Screen,
    /// The common options that a further command about the same estate needs.
    pub(crate) options: Vec<String>,
    state: Option<StateDir>,
}

/// What is kept of observation between runs.
#[derive(Default, Serialize, Deserialize)]
struct Observed {
    traces: Vec<ToolExecutionTrace>,
    stats: Vec<TenantStats>,
}

impl Session {
    /// Opens the estate that the options name, and everything over it.
    pub(crate) async fn open(common: &Common, screen: Screen) -> Result<Self, CliError> {
        let (config, _) = load_config(common)?;
        let state = StateDir::open(common)?;
        let estate = open_estate(&common.estate)?;
        let tenant = pick_tenant(&*estate, common.tenant.as_deref()).await?;
        let builder = Runner::builder().config(config).tools(tools(&estate)).intents(intents());
        let builder = compositions().into_iter().fold(builder, |builder, definition| builder.composition(definition));
        let runner = builder.build().map_err(|error| CliError::failed(with_causes(&error)))?;
        let options = options(common);
        let session = Self { runner, estate, tenant, screen, options, state };
        session.recall();
        Ok(session)
    }

    /// Returns the context of a call that the person at the terminal makes.
    pub(crate) fn context(&self) -> CallContext {
        CallContext::new(self.tenant.as_str(), PRINCIPAL)
    }

    /// Takes up what the last run left; what cannot be read is told, left out and replaced at the end.
    fn recall(&self) {
        let Some(state) = &self.state else { return };
        let cache = state.file(CACHE);
        if cache.exists()
            && let Err(error) = self.runner.cache().load(&cache)
        {
            note(&format!("warning: {}: {}; starting with an empty cache", cache.display(), with_causes(&error)));
        }
        match state.read(TRACES).map(|bytes| bytes.map(|bytes| serde_json::from_slice::<Observed>(&bytes))) {
            Ok(Some(Ok(observed))) => {
                self.runner.tracer().restore(observed.traces);
                self.runner.tracer().restore_stats(observed.stats);
            }
            Ok(Some(Err(error))) => {
                note(&format!("warning: {}: {error}; starting without traces", state.file(TRACES).display()));
            }
            Ok(None) => {}
            Err(error) => note(&format!("warning: {error}; starting without traces")),
        }
        if let Err(error) = self.recall_profiles(state) {
            note(&format!("warning: {}: {error}; starting with declared profiles", state.file(PROFILES).display()));
        }
    }

    fn recall_profiles(&self, state: &StateDir) -> Result<(), String> {
        let Some(bytes) = state.read(PROFILES).map_err(|error| error.to_string())? else { return Ok(()) };
        let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
        self.runner.restore_profiles(&text).map_err(|error| with_causes(&error))
    }

    /// Leaves to the next run what it may use; an answer is never lost because this fails.
    pub(crate) fn close(self) {
        let Some(state) = self.state.as_ref().filter(|state| state.writable()) else { return };
        if let Err(error) = self.runner.cache().save(&state.file(CACHE)) {
            note(&format!("warning: {}: {}", state.file(CACHE).display(), with_causes(&error)));
        }
        let profiles = self.runner.save_profiles().map_err(std::io::Error::other);
        if let Err(error) = profiles.and_then(|text| state.replace(PROFILES, text.as_bytes())) {
            note(&format!("warning: {}: {error}", state.file(PROFILES).display()));
        }
        let tracer = self.runner.tracer();
        let observed = Observed { traces: tracer.recent(&TraceFilter::every_tenant()), stats: tracer.tenant_stats() };
        let written = serde_json::to_vec(&observed).map_err(std::io::Error::other);
        if let Err(error) = written.and_then(|bytes| state.replace(TRACES, &bytes)) {
            note(&format!("warning: {}: {error}", state.file(TRACES).display()));
        }
    }
}

/// Reads the configuration that the options ask for, else `./runner.toml`, else the user's; returns its text too.
pub(crate) fn load_config(common: &Common) -> Result<(Config, Option<(PathBuf, String)>), CliError> {
    let path = match &common.config {
        Some(path) => Some(path.clone()),
        None => [Some(PathBuf::from("runner.toml")), user_config()].into_iter().flatten().find(|path| path.is_file()),
    };
    let Some(path) = path else {
        return Ok((Config::default(), None));
    };
    let bad = |error: &dyn std::error::Error| CliError::bad_input(error.to_string());
    let config = Config::read(&path).map_err(|error| bad(&error))?;
    let text = std::fs::read_to_string(&path).map_err(|error| bad(&error))?;
    Ok((config, Some((path, text))))
}

fn user_config() -> Option<PathBuf> {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")));
    home.map(|home| home.join("runner/runner.toml"))
}

fn open_estate(name: &str) -> Result<Arc<dyn Estate>, CliError> {
    let failed = |error: EstateError| CliError::of_estate(name, &error);
    let seed = match name.split_once(':') {
        Some(("demo", seed)) => Some(seed.parse().map_err(|_| {
            CliError::bad_input(format!(
                "--estate {name}: `{seed}` is not a seed, expected a whole number as in demo:7"
            ))
        })?),
        _ if name == "demo" => Some(DEMO_SEED),
        _ => None,
    };
    Ok(match seed {
        Some(seed) => Arc::new(SqliteEstate::in_memory(&[demo(seed).data]).map_err(failed)?),
        None => Arc::new(SqliteEstate::open(Path::new(name)).map_err(failed)?),
    })
}

/// Lists the common options that are not as they are by default.
fn options(common: &Common) -> Vec<String> {
    let mut words = Vec::new();
    let mut option = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            words.extend([name.to_owned(), value]);
        }
    };
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    option("--estate", Some(common.estate.clone()).filter(|estate| estate != "demo"));
    option("--tenant", common.tenant.clone());
    option("--config", path(&common.config));
    option("--state", path(&common.state));
    if common.no_state {
        words.push("--no-state".to_owned());
    }
    words
}

async fn pick_tenant(estate: &dyn Estate, asked: Option<&str>) -> Result<String, CliError> {
    let tenants = estate.tenants().await.map_err(|error| CliError::from(ToolError::from(error)))?;
    match asked {
        None => {
            tenants.into_iter().next().ok_or_else(|| CliError::bad_input("the estate is empty: it holds no tenant"))
        }
        Some(tenant) if tenants.iter().any(|known| known == tenant) => Ok(tenant.to_owned()),
        Some(tenant) => {
            let near = runner::tool_core::nearest(tenant, tenants.iter().map(String::as_str), 3);
            let near = if near.is_empty() { tenants.into_iter().take(5).collect() } else { near };
            Err(CliError::bad_input(format!("the estate holds no tenant `{tenant}`")).with_suggestions(near))
        }
    }
}
