use tool_core::{ToolOutput, ToolRegistry, ToolSpec, tool_fn};

use super::*;

fn tools(effects: &[Effect]) -> Vec<ToolHandle> {
    let registry = ToolRegistry::new();
    let register = |(at, effect): (usize, &Effect)| {
        let spec = ToolSpec::builder(&format!("t.n{at}"), "A tool.").effect(*effect).build().unwrap();
        registry.register(tool_fn(spec, |_| async { ToolOutput::json(&()) })).unwrap()
    };
    effects.iter().enumerate().map(register).collect()
}

fn counts(explorer: &Explorer, tools: &[ToolHandle], draws: usize) -> Vec<(usize, f64)> {
    let mut counts = vec![(0, 0.0); tools.len()];
    for _ in 0..draws {
        let choice = explorer.choose(tools).unwrap();
        counts[choice.index] = (counts[choice.index].0 + 1, choice.propensity);
    }
    counts
}

#[test]
fn explorer_is_off_until_told() {
    let tools = tools(&[Effect::Reads; 3]);
    assert_eq!(counts(&Explorer::default(), &tools, 100)[0], (100, 1.0));
    assert_eq!(Explorer::off().choose(&[]), None);
}

#[test]
fn choices_come_as_often_as_stated() {
    let tools = tools(&[Effect::Reads, Effect::Pure, Effect::Reads, Effect::Reads]);
    let counts = counts(&Explorer::new(0.3, 3, 1).unwrap(), &tools, 30_000);
    for (chosen, propensity) in &counts[..3] {
        let share = f64::from(u32::try_from(*chosen).unwrap()) / 30_000.0;
        assert!((share - propensity).abs() < 0.01, "{share} and not {propensity}");
    }
    assert_eq!(counts[3].0, 0, "beyond the first three");
}

#[test]
fn what_writes_is_never_explored() {
    let tools = tools(&[Effect::Reads, Effect::Writes, Effect::Composite, Effect::Reads]);
    let counts = counts(&Explorer::new(0.5, 4, 2).unwrap(), &tools, 2000);
    assert_eq!((counts[1].0, counts[2].0), (0, 0));
    assert!(counts[3].0 > 300);
}

#[test]
fn best_that_writes_stays_the_choice() {
    let tools = tools(&[Effect::Writes, Effect::Reads, Effect::Reads]);
    assert_eq!(counts(&Explorer::new(0.5, 3, 3).unwrap(), &tools, 500)[0], (500, 1.0));
}
