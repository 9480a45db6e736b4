//! When all faults are over, is everything as it was at first?
//!
//! What was leaked shows here: a place that was never given back, a breaker that never closes, a load that is never
//! over. Asked below admission, which a shutdown may have closed for good.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use runner::tool_core::{
    BreakerState, CacheControl, CacheMode, CallContext, ToolCall, ToolError, ToolExecutor, ToolHandle,
};
use tokio::time::{sleep, timeout};

use crate::{
    drive::{PATIENCE, Stage, question},
    settings::Breaker,
    tools::HEALTHY,
};

/// How often a caller asks again.
const STEP: Duration = Duration::from_millis(250);

pub(crate) async fn recover(stage: &Arc<Stage>) {
    stage.cast.healed.store(true, Ordering::Relaxed);
    for plan in &stage.world.tools {
        let tool = stage.runner.registry().resolve(plan.name).unwrap();
        if let Err(error) = answers_again(stage, &tool).await {
            stage.find("tools_recover", format!("{} is healthy, yet: {error}", plan.name));
        } else {
            all_places_are_free(stage, &tool).await;
        }
    }
}

/// Makes a call of somebody who has not called yet, past the cache.
fn call(tool: &ToolHandle, n: u64) -> ToolCall {
    let context = CallContext::new("after", "everything").with_cache(CacheControl::mode(CacheMode::Bypass));
    tool.call(question(n), context)
}

/// Asks until the tool answers and its breaker is closed: after its longest time open, and a probe for each that it asks.
async fn answers_again(stage: &Stage, tool: &ToolHandle) -> Result<(), ToolError> {
    let below = stage.runner.pipeline().inner().inner();
    let longest = stage.world.settings.breaker.map_or(Duration::ZERO, |Breaker { max_open, .. }| max_open);
    let (since, mut probes) = (stage.ledger().now(), stage.world.settings.breaker.map_or(1, |breaker| breaker.probes));
    loop {
        let result = timeout(PATIENCE, below.execute(call(tool, 0))).await;
        let Ok(result) = result else {
            stage.find("tools_recover", format!("{} is healthy, yet never answers", tool.spec().name()));
            return Ok(());
        };
        let is_closed = below.inner().breaker(tool).is_none_or(|breaker| breaker.state == BreakerState::Closed);
        match result {
            Ok(_) if is_closed => return Ok(()),
            Ok(_) if probes > 0 => probes -= 1,
            Ok(_) => {
                stage.find("breakers_close", format!("{} answers, yet its breaker is not closed", tool.spec().name()));
                return Ok(());
            }
            Err(error) if stage.ledger().now() - since > longest + STEP + HEALTHY => return Err(error),
            Err(_) => {}
        }
        sleep(STEP).await;
    }
}

/// Asks as often at once as may run: all of them must run at once.
async fn all_places_are_free(stage: &Arc<Stage>, tool: &ToolHandle) {
    let stats = stage.runner.pipeline().inner().inner().inner().stats();
    let own = stats.tools.iter().find(|of| of.name == *tool.spec().name()).and_then(|of| of.limit);
    let settings = &stage.world.settings;
    let total = settings.total.map(|total| if total.adaptive.is_some() { 1 } else { total.size });
    let Some(places) = own.into_iter().chain(total).min() else { return };
    let began = stage.ledger().now();
    let all: Vec<_> = (0..places)
        .map(|n| {
            let (stage, call) = (Arc::clone(stage), call(tool, u64::from(n)));
            tokio::spawn(async move { stage.runner.pipeline().inner().inner().execute(call).await })
        })
        .collect();
    for one in all {
        if let Err(error) = one.await.unwrap() {
            stage.find("all_places_are_free", format!("of {places} at once one heard: {error}"));
        }
    }
    let took = stage.ledger().now() - began;
    if took > HEALTHY + Duration::from_millis(2) {
        stage.find("all_places_are_free", format!("{places} at once took {took:?}, one takes {HEALTHY:?}"));
    }
}
