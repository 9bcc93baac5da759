//! The file's name, if the caller lets the origin choose it. The first usable response decides, once.

use alloc::string::String;

use crate::border::input::TargetFacts;
use crate::border::output::DiskOperation;
use crate::failure::Cause;

use super::{Context, Phase, Purpose, Transfer};

/// State of the decision.
#[derive(Clone, Debug, Default)]
pub(super) struct Naming {
    decided: bool,
    /// The origin's name for the file, if it differs from the caller's.
    name: Option<String>,
    /// The file at the caller's path.
    at_own_path: Option<TargetFacts>,
}

impl Naming {
    pub fn new(at_own_path: Option<TargetFacts>) -> Self {
        Self { at_own_path, ..Self::default() }
    }

    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl Transfer {
    /// Restores the name that an earlier run decided on.
    pub(super) fn resume_name(&mut self, cx: &mut Context<'_>, name: Option<String>) {
        if self.options.chosen.origin_names && name.is_some() {
            self.take_name(cx, name);
        }
    }

    /// `suggested` is one safe path component.
    pub(super) fn decide_name(&mut self, cx: &mut Context<'_>, suggested: Option<&str>) {
        if self.options.chosen.origin_names && !self.naming.decided {
            let own = self.local_path.rsplit('/').next();
            let name = suggested.filter(|name| Some(*name) != own);
            self.take_name(cx, name.map(String::from));
        }
    }

    fn take_name(&mut self, cx: &mut Context<'_>, name: Option<String>) {
        self.naming.decided = true;
        self.naming.name = name.clone();
        match name {
            Some(name) => self.ask_disk(cx, Purpose::Name, DiskOperation::Name { name }),
            None => {
                let found = self.naming.at_own_path.take().filter(|_| !self.options.chosen.overwrite);
                self.named(cx, found);
            }
        }
    }

    /// `found` is the file at the chosen path. The engine never replaces a file at a path that an origin chose.
    pub(super) fn named(&mut self, cx: &mut Context<'_>, found: Option<TargetFacts>) {
        let (Some(target), Phase::Fetching) = (found, self.phase) else { return };
        let length = target.length;
        let served = self.representation.clone().unwrap_or_default();
        match self.probe(target, None) {
            Ok(probe) if !self.options.chosen.expected.is_empty() => {
                self.cancel_all_but(cx, None);
                self.phase = Phase::CheckingTarget;
                self.probing = Some(probe);
                self.check_target(cx, 0);
            }
            Ok(probe) if probe.is_met_by(&served) => {
                self.cancel_all_but(cx, None);
                self.target_is_wanted(length);
            }
            Ok(_) => self.stop(cx, Some(Cause::TargetDiffers)),
            Err(cause) => self.stop(cx, Some(cause)),
        }
    }
}
