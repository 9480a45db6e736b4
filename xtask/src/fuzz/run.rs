//! How does a target run, and what is reported?

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use serde::Serialize;

use super::figures::Figures;
use super::finding;
use super::plan::Plan;
use crate::error::Result;
use crate::workspace::Workspace;

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Lines for people.
    Text,
    /// One document.
    Json,
}

/// The result of a run.
#[derive(Debug, Serialize)]
struct Report<'a> {
    target: &'a str,
    seconds: u32,
    #[serde(flatten)]
    figures: Figures,
    findings: Vec<PathBuf>,
}

/// Builds a target with libFuzzer and looks for bytes that break a promise for `seconds`.
///
/// # Errors
///
/// If there is no such target, it does not build, or it ends with a finding; the message says where the input is.
pub(crate) fn run(workspace: &Workspace, target: &str, seconds: u32, format: Format) -> Result<()> {
    let plan = Plan::new(workspace, target, seconds)?;
    plan.make_dirs()?;
    plan.build().run(plan.package())?;
    let before = finding::list(&plan.findings())?;
    let (figures, ended_well) = watch(&plan)?;
    let findings = finding::new(&before, finding::list(&plan.findings())?);
    let report = Report { target, seconds, figures, findings };
    print(&report, format)?;
    conclude(&report, &plan, ended_well)
}

/// Runs the program and passes its log on, to stderr; returns what the log says and whether it ended with 0.
fn watch(plan: &Plan) -> Result<(Figures, bool)> {
    let mut command = plan.program().command(plan.package());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let mut figures = Figures::default();
    if let Some(log) = child.stderr.take() {
        // The log quotes inputs, which need not be text.
        for line in BufReader::new(log).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            eprintln!("{line}");
            figures.read(&line);
        }
    }
    Ok((figures, child.wait()?.success()))
}

fn print(report: &Report<'_>, format: Format) -> Result<()> {
    if format == Format::Json {
        println!("{}", serde_json::to_string_pretty(report)?);
        return Ok(());
    }
    let Report { target, seconds, figures: Figures { runs, edges, inputs }, findings } = report;
    println!(
        "fuzz: {target}: {runs} runs in {seconds} s, {edges} edges, {inputs} inputs kept, {} findings",
        findings.len()
    );
    Ok(())
}

fn conclude(report: &Report<'_>, plan: &Plan, ended_well: bool) -> Result<()> {
    if !report.findings.is_empty() {
        let advice = finding::advice(&report.findings, &plan.committed());
        return Err(format!("fuzz target `{}` found what breaks it; {advice}", report.target).into());
    }
    if ended_well {
        return Ok(());
    }
    Err(format!("`{}` failed, and left no input behind", plan.program()).into())
}
