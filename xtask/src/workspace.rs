//! What is in this workspace: root, members, dependencies?

use std::path::Path;

use cargo_metadata::camino::Utf8Path;
use cargo_metadata::{Metadata, MetadataCommand, Package, TargetKind};

use crate::error::Result;
use crate::run::Invocation;

/// What `cargo metadata` says about this workspace on this machine's platform.
#[derive(Debug)]
pub(crate) struct Workspace {
    metadata: Metadata,
}

impl Workspace {
    /// Asks cargo.
    ///
    /// Only this platform's dependencies are resolved, so that nothing else is downloaded.
    ///
    /// # Errors
    ///
    /// If a manifest is invalid or `Cargo.lock` is out of date.
    pub(crate) fn load() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let host = Invocation::new("rustc --print host-tuple").output(&root)?;
        let options = ["--locked", "--filter-platform", host.trim()].map(str::to_owned);
        let metadata = MetadataCommand::new().current_dir(root).other_options(options).exec()?;
        Ok(Self { metadata })
    }

    /// Returns the directory of the virtual manifest.
    pub(crate) fn root(&self) -> &Path {
        self.metadata.workspace_root.as_std_path()
    }

    /// Returns where cargo puts what it builds.
    pub(crate) fn target_dir(&self) -> &Utf8Path {
        &self.metadata.target_directory
    }

    /// Returns every member, by name.
    pub(crate) fn members(&self) -> Vec<&Package> {
        let mut members = self.metadata.workspace_packages();
        members.sort_by_key(|package| package.name.to_string());
        members
    }

    /// Returns the members that may be published, by name.
    pub(crate) fn published(&self) -> Vec<&Package> {
        self.members().into_iter().filter(|package| is_published(package)).collect()
    }

    /// Returns the members and everything they depend on, tests and benches included.
    pub(crate) fn packages(&self) -> &[Package] {
        &self.metadata.packages
    }

    /// Returns `path` as seen from the root.
    pub(crate) fn relative(&self, path: &Utf8Path) -> String {
        path.strip_prefix(&self.metadata.workspace_root).unwrap_or(path).to_string()
    }

    /// Returns, relative to the root, the files that are the root of a library or a program.
    pub(crate) fn crate_roots(&self) -> Vec<String> {
        let is_root = |kind: &TargetKind| matches!(kind, TargetKind::Lib | TargetKind::Bin | TargetKind::ProcMacro);
        let targets = self.members().into_iter().flat_map(|package| &package.targets);
        let roots = targets.filter(|target| target.kind.iter().any(is_root));
        roots.map(|target| self.relative(&target.src_path)).collect()
    }
}

/// Returns whether `publish = false` is absent.
pub(crate) fn is_published(package: &Package) -> bool {
    package.publish.as_ref().is_none_or(|registries| !registries.is_empty())
}
