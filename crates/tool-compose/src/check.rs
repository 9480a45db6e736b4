//! Can this definition run?

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use serde_json::{Map, Value};
use tool_core::{AttemptPolicy, Effect, SchemaRedactor, ToolName, ToolSpec, nearest};

use crate::{
    CompositionBuilder, CompositionStep, ErrorHandling, Fault, FaultKind, ToolResolver,
    param::input_schema,
    reference::{Missing, Root, is_word},
    step::{Function, ParamsTransform},
    template::{Reader, Template, Use},
};

/// The most steps that a composition has.
pub(crate) const MAX_STEPS: usize = 64;

/// A definition that can run.
pub(crate) struct Plan {
    pub(crate) spec: Arc<ToolSpec>,
    pub(crate) defaults: BTreeMap<String, Value>,
    pub(crate) steps: Vec<Step>,
    pub(crate) output: Option<Template>,
}

/// A step whose names and templates have been read.
pub(crate) struct Step {
    pub(crate) id: Arc<str>,
    pub(crate) tool: ToolName,
    pub(crate) params: Source,
    pub(crate) handling: Handling,
    pub(crate) attempts: AttemptPolicy,
}

/// Where parameters come from.
pub(crate) enum Source {
    Template(Template),
    Function(Function),
}

/// What happens when the call fails.
pub(crate) enum Handling {
    FailFast,
    Skip,
    Fallback { tool: ToolName, params: Option<Template> },
}

/// Checks a whole definition; either it can run, or every fault is told.
pub(crate) fn check(builder: &CompositionBuilder, resolver: Option<&dyn ToolResolver>) -> Result<Plan, Vec<Fault>> {
    let mut checker = Checker { builder, resolver, own: None, reader: Reader::default(), used: BTreeSet::new() };
    let spec = checker.spec();
    let steps = checker.steps();
    let output = builder.output.as_ref().map(|output| {
        let template = checker.reader.read(output, "output");
        checker.check_uses(builder.steps.len(), Gap::EndsTheRun);
        template
    });
    checker.unused_params();
    match spec {
        Some(spec) if checker.reader.faults.is_empty() => {
            Ok(Plan { spec, defaults: defaults(builder).collect(), steps, output })
        }
        _ => Err(checker.reader.faults),
    }
}

fn defaults(builder: &CompositionBuilder) -> impl Iterator<Item = (String, Value)> {
    builder.params.iter().filter_map(|(name, param)| Some((name.clone(), param.default.clone()?)))
}

/// What happens where a reference finds that an earlier step was skipped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    EndsTheRun,
    IsHandled,
}

struct Checker<'b> {
    builder: &'b CompositionBuilder,
    resolver: Option<&'b dyn ToolResolver>,
    own: Option<ToolName>,
    reader: Reader,
    used: BTreeSet<String>,
}

impl Checker<'_> {
    fn fault(&mut self, kind: FaultKind, place: impl Into<String>, reason: impl Into<String>) {
        self.reader.faults.push(Fault::new(kind, place, reason));
    }

    /// Checks name, description and parameters, and makes the tool's specification of them.
    fn spec(&mut self) -> Option<Arc<ToolSpec>> {
        for (name, param) in &self.builder.params {
            let place = format!("params.{name}");
            if !is_word(name) {
                self.fault(FaultKind::BadName, &place, "a name has letters, digits, `_` and `-` only");
            }
            param.check(&place, &mut self.reader.faults);
        }
        let name = self.builder.full_name();
        self.own = name.parse().ok();
        let schema = input_schema(&self.builder.params);
        let spec = ToolSpec::builder(&name, &self.builder.description).input(schema).effect(Effect::Composite).build();
        match spec {
            Ok(spec) => {
                self.default_values(&spec);
                Some(Arc::new(spec))
            }
            Err(error) => {
                let kind = if error.field() == "name" { FaultKind::BadName } else { FaultKind::BadParam };
                self.fault(kind, error.field().to_owned(), error.to_string());
                None
            }
        }
    }

    /// Checks that every default fits its own declaration.
    fn default_values(&mut self, spec: &ToolSpec) {
        for (name, value) in defaults(self.builder) {
            let alone: Map<String, Value> = [(name.clone(), value)].into_iter().collect();
            let Err(error) = spec.check_params(&Value::Object(alone), &SchemaRedactor::new()) else { continue };
            let own = format!("/{name}");
            let place = |path: &str| path == own || path.starts_with(&format!("{own}/"));
            for violation in error.violations().iter().filter(|violation| place(&violation.path)) {
                self.fault(FaultKind::BadParam, format!("params.{name}.default"), violation.to_string());
            }
        }
    }

    fn steps(&mut self) -> Vec<Step> {
        let steps = &self.builder.steps;
        match steps.len() {
            0 => self.fault(FaultKind::NoSteps, "steps", "there are none"),
            many if many > MAX_STEPS => {
                self.fault(
                    FaultKind::OutOfBounds,
                    "steps",
                    format!("there are {many}, at most {MAX_STEPS} are allowed"),
                );
                return Vec::new();
            }
            _ => {}
        }
        steps.iter().enumerate().filter_map(|(at, step)| self.step(at, step)).collect()
    }

    fn step(&mut self, at: usize, step: &CompositionStep) -> Option<Step> {
        let place = self.step_place(at, step);
        if step.attempts.timeout == Some(Duration::ZERO) {
            self.fault(FaultKind::OutOfBounds, format!("{place}.timeout_ms"), "it is zero");
        }
        let tool = self.tool(&step.tool, &format!("{place}.tool"));
        let gap = match &step.error_handling {
            ErrorHandling::FailFast => Gap::EndsTheRun,
            ErrorHandling::Fallback(fallback) if fallback.params.is_none() => Gap::EndsTheRun,
            ErrorHandling::Skip | ErrorHandling::Fallback(_) => Gap::IsHandled,
        };
        let params = match &step.params {
            ParamsTransform::Function(function) => Source::Function(Arc::clone(function)),
            ParamsTransform::Template(template) => {
                Source::Template(self.reader.read_object(template, &format!("{place}.params")))
            }
        };
        self.check_uses(at, gap);
        let handling = self.handling(at, &step.error_handling, &place);
        Some(Step { id: step.id.as_str().into(), tool: tool?, params, handling: handling?, attempts: step.attempts })
    }

    /// Checks a step's id, and says how faults of the step name their place.
    fn step_place(&mut self, at: usize, step: &CompositionStep) -> String {
        if !is_word(&step.id) {
            let place = format!("steps[{at}].id");
            self.fault(FaultKind::BadName, place, "an id has letters, digits, `_` and `-` only, at least one");
            return format!("steps[{at}]");
        }
        if self.builder.steps[..at].iter().any(|earlier| earlier.id == step.id) {
            let reason = format!("an earlier step is called `{}` too", step.id);
            self.fault(FaultKind::DuplicateStep, format!("steps[{at}].id"), reason);
            return format!("steps[{at}]");
        }
        format!("steps.{}", step.id)
    }

    fn handling(&mut self, at: usize, handling: &ErrorHandling, place: &str) -> Option<Handling> {
        let ErrorHandling::Fallback(fallback) = handling else {
            return Some(if *handling == ErrorHandling::Skip { Handling::Skip } else { Handling::FailFast });
        };
        let place = format!("{place}.on_error.fallback");
        let tool = self.tool(&fallback.tool, &format!("{place}.tool"));
        let read = |params| self.reader.read_object(params, &format!("{place}.params"));
        let params = fallback.params.as_ref().map(read);
        self.check_uses(at, Gap::EndsTheRun);
        Some(Handling::Fallback { tool: tool?, params })
    }

    fn tool(&mut self, text: &str, place: &str) -> Option<ToolName> {
        let name: ToolName = match text.parse() {
            Ok(name) => name,
            Err(error) => {
                self.fault(FaultKind::BadName, place, format!("{error}"));
                return None;
            }
        };
        if self.own.as_ref() == Some(&name) {
            self.fault(FaultKind::Recursion, place, format!("{name} calls itself"));
        } else if let Some(Err(error)) = self.resolver.map(|resolver| resolver.resolve_tool(&name)) {
            self.fault(FaultKind::UnknownTool, place, format!("{error}{}", did_you_mean(error.suggestions())));
        }
        Some(name)
    }

    /// Checks the references that were read since the last time, as those of the step at `at`.
    fn check_uses(&mut self, at: usize, gap: Gap) {
        for used in std::mem::take(&mut self.reader.uses) {
            match &used.reference.root {
                Root::Param(name) => self.param_use(name, &used),
                Root::Step(id) => self.step_use(id, &used, at, gap),
            }
        }
    }

    fn param_use(&mut self, name: &str, used: &Use) {
        self.used.insert(name.to_owned());
        let Some(param) = self.builder.params.get(name) else {
            let near = nearest(name, self.builder.params.keys().map(String::as_str), 1);
            let reason = format!("no parameter is called `{name}`{}", did_you_mean(&near));
            return self.fault(FaultKind::UnknownParam, &used.place, reason);
        };
        if param.may_be_absent() && used.reference.missing == Missing::Fail {
            let reason = format!("`{name}` may not be given: write `${{{}?}}` or give `??`", used.reference);
            self.fault(FaultKind::MayBeMissing, &used.place, reason);
        }
    }

    fn step_use(&mut self, id: &str, used: &Use, at: usize, gap: Gap) {
        let steps = &self.builder.steps;
        let Some(target) = steps.iter().position(|step| step.id == id) else {
            let reason = format!(
                "no step is called `{id}`{}",
                did_you_mean(&nearest(id, steps.iter().map(|step| step.id.as_str()), 1))
            );
            return self.fault(FaultKind::UnknownStep, &used.place, reason);
        };
        if target >= at {
            let reason = format!("step `{id}` has not run by then; a step reads earlier ones only");
            return self.fault(FaultKind::LaterStep, &used.place, reason);
        }
        let skippable = steps[target].error_handling == ErrorHandling::Skip;
        if skippable && gap == Gap::EndsTheRun && used.reference.missing == Missing::Fail {
            let reason = format!("step `{id}` may be skipped: write `${{{}?}}` or give `??`", used.reference);
            self.fault(FaultKind::MayBeMissing, &used.place, reason);
        }
    }

    /// Finds declared parameters that nothing reads; a function may read any.
    fn unused_params(&mut self) {
        if self.builder.steps.iter().any(|step| matches!(step.params, ParamsTransform::Function(_))) {
            return;
        }
        for name in self.builder.params.keys().filter(|name| !self.used.contains(*name)).cloned().collect::<Vec<_>>() {
            self.fault(FaultKind::UnusedParam, format!("params.{name}"), "it is declared and used nowhere");
        }
    }
}

fn did_you_mean(near: &[String]) -> String {
    near.first().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}
