//! What do all layers together know of a tool?

use std::sync::Arc;

use tool_core::{Signals, ToolId, ToolSignals};

/// Asks several readers; what an earlier one knows goes before what a later one does.
#[derive(Debug)]
pub(crate) struct Combined(pub(crate) Vec<Arc<dyn Signals>>);

impl Signals for Combined {
    fn read(&self, tool: ToolId) -> ToolSignals {
        self.0.iter().fold(ToolSignals::default(), |known, reader| known.or(reader.read(tool)))
    }
}

#[cfg(test)]
mod tests {
    use tool_core::{CallContext, NoSignals, Params, ToolOutput, ToolRegistry, ToolSpec, tool_fn};

    use super::*;

    #[derive(Debug)]
    struct Same(ToolSignals);

    impl Signals for Same {
        fn read(&self, _tool: ToolId) -> ToolSignals {
            self.0
        }
    }

    #[test]
    fn earlier_reader_goes_first() {
        let spec = ToolSpec::builder("t.a", "A tool.").build().unwrap();
        let tool = ToolRegistry::new().register(tool_fn(spec, |_| async { ToolOutput::json(&()) })).unwrap();
        let call = tool.call(Params::empty(), CallContext::new("acme", "ann"));
        let (first, second) = (ToolSignals::default().with_load(0.1), ToolSignals::default().with_load(0.9));
        let readers: Vec<Arc<dyn Signals>> =
            vec![Arc::new(NoSignals::new()), Arc::new(Same(first)), Arc::new(Same(second.with_health(0.5)))];
        let read = Combined(readers).read(call.id());
        assert_eq!((read.load, read.health), (Some(0.1), Some(0.5)));
    }
}
