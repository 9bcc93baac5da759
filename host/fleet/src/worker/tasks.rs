//! The tasks of a worker, from the claim to the acknowledgement.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use haul_queue::vocabulary::JobState;
use haul_queue::{Action, JobView, Limit, NewFile, Outcome, Settings, Subscription};

use super::budget::{self, Budget, Needs};
use super::guard::Guard;
use super::local::Local;
use super::notice::Notice;
use super::publication::{self, Published};
use super::session::Session;
use super::{Options, credentials};
use crate::clock::Moment;
use crate::error::Error;
use crate::spec::{Spec, origin_of};
use crate::store::leases::AfterFailure;
use crate::values::{Claim, Kind, Progress};

/// Tasks in one claim, because 20 at a time cost a seventeenth of 20 claims (measured).
const BATCH: usize = 20;

/// A held task.
struct Task {
    generation: i64,
    name: String,
    spec: Spec,
    needs: Needs,
    /// The id of the local job; empty before it has one.
    local: String,
    /// The files that are not downloaded under their own names, each with its name.
    staged: Vec<(PathBuf, PathBuf)>,
    bytes: u64,
    total: Option<u64>,
    stage: Stage,
}

/// Stages that wait for the database are repeated until it answers.
#[derive(Clone, Debug)]
enum Stage {
    Moving,
    Named,
    Failing { error: String, is_final: bool },
}

pub struct Worker<N> {
    options: Options,
    notify: N,
    local: Local,
    guard: Guard,
    budget: Budget,
    pub(super) session: Session,
    tasks: BTreeMap<String, Task>,
    /// The ids of the local jobs of tasks that are not held: of an earlier run, lost, or failed.
    kept: BTreeMap<String, String>,
    /// Whether the last claim got as many tasks as it asked for.
    may_have_more: bool,
}

impl<N: FnMut(Notice)> Worker<N> {
    pub async fn open(options: Options, notify: N) -> Result<Self, Error> {
        let failed = |path: &PathBuf| {
            let path = path.display().to_string();
            move |error: std::io::Error| Error::Disk { path, reason: error.to_string() }
        };
        std::fs::create_dir_all(&options.state).map_err(failed(&options.state))?;
        let directory = std::fs::canonicalize(&options.directory).map_err(failed(&options.directory))?;
        let fleet = options.address.queue().to_owned();
        let local = Local::open(&options.state, &directory, options.files, &fleet).await?;
        let kept = local.kept().await?;
        publication::recover(&options.state).map_err(failed(&options.state))?;
        let guard = Guard::start(local.queue.engine().clone());
        let session = Session::new(&options);
        let options = Options { directory, ..options };
        let (budget, tasks) = (Budget::default(), BTreeMap::new());
        Ok(Self { options, notify, local, guard, budget, session, tasks, kept, may_have_more: false })
    }

    pub fn subscribe(&self) -> Subscription {
        self.local.queue.subscribe()
    }

    /// Whether it holds no task and the last claim found none.
    pub fn is_idle(&self) -> bool {
        self.tasks.is_empty() && !self.may_have_more
    }

    pub fn is_connected(&self) -> bool {
        self.session.is_open()
    }

    pub fn lease(&self) -> Duration {
        self.session.lease
    }

    pub async fn hint(&mut self) -> Option<String> {
        self.session.hint().await
    }

    pub fn disconnected(&self) -> Error {
        self.session.closed()
    }

    pub fn disconnect(&mut self, error: &Error, wait: Duration) {
        self.session.close();
        (self.notify)(Notice::Disconnected { reason: error.to_string(), seconds: wait.as_secs_f64() });
    }

    pub async fn connect(&mut self) -> Result<(), Error> {
        self.session.open().await?;
        (self.notify)(Notice::Connected { worker: self.session.worker().into(), host: self.options.host.clone() });
        self.renew().await
    }

    /// Renews all leases, and learns what changed in the meantime.
    pub async fn renew(&mut self) -> Result<(), Error> {
        self.acknowledge_all().await?;
        let jobs: Vec<_> = self.tasks.keys().cloned().collect();
        for job in &jobs {
            self.look(job).await?;
        }
        // The deadlines count from before the calls, so that they end before the leases in the database do.
        let began = Moment::now();
        self.share().await?;
        let held = self.tasks.iter().map(|(job, task)| Progress {
            job: job.clone(),
            generation: task.generation,
            bytes: task.bytes,
            total: task.total,
        });
        let held: Vec<_> = held.collect();
        let renewed = if held.is_empty() { Default::default() } else { self.session.leases()?.renew(&held).await? };
        for Progress { job, .. } in held {
            match self.tasks.get(&job) {
                Some(task) if renewed.contains(&job) => self.guard.extend(&task.local, began.after(self.session.lease)),
                _ => self.lose(&job).await,
            }
        }
        self.session.leases()?.announce(false).await?;
        self.sweep().await?;
        self.learn_holds().await
    }

    /// Looks for new jobs and claims tasks.
    pub async fn poll(&mut self) -> Result<(), Error> {
        self.budget.is_paused = self.session.look().await?;
        self.claim().await?;
        self.pace().await
    }

    /// Learns the origins that hold the fleet back.
    pub async fn learn_holds(&mut self) -> Result<(), Error> {
        let holds = self.session.leases()?.holds().await?;
        self.budget.set_holds(holds);
        self.pace().await
    }

    /// Claims more tasks once half of them are done, in one statement.
    pub async fn pace_and_refill(&mut self) -> Result<(), Error> {
        if self.session.is_open() {
            self.acknowledge_all().await?;
            if self.may_have_more && self.tasks.len() <= self.most() / 2 {
                self.claim().await?;
            }
        }
        self.pace().await
    }

    fn most(&self) -> usize {
        usize::try_from(self.options.tasks).unwrap_or(usize::MAX)
    }

    async fn claim(&mut self) -> Result<(), Error> {
        let free = self.most().saturating_sub(self.tasks.len()).min(BATCH);
        if free == 0 || self.budget.is_paused {
            return Ok(());
        }
        let began = Moment::now();
        let claims = self.session.leases()?.claim(free).await?;
        self.may_have_more = claims.len() == free;
        let jobs: Vec<_> = claims.iter().map(|claim| claim.job.clone()).collect();
        for claim in claims {
            let Claim { job, generation, name, spec } = claim;
            (self.notify)(Notice::Claimed { job: job.clone(), name: name.clone(), generation });
            self.hold(job, generation, name, &spec);
        }
        self.share().await?;
        for job in &jobs {
            self.begin(job).await?;
            if let Some(task) = self.tasks.get(job) {
                self.guard.extend(&task.local, began.after(self.session.lease));
            }
        }
        Ok(())
    }

    /// Records a held task. A job that cannot be read fails. If the lease lapsed before a renewal, the worker may have claimed its own task
    /// again; then only the generation is new.
    fn hold(&mut self, job: String, generation: i64, name: String, spec: &str) {
        if let Some(task) = self.tasks.get_mut(&job) {
            task.generation = generation;
            return;
        }
        let read = Spec::from_json(spec).and_then(|spec| spec.check(self.session.kind()).map(|()| spec));
        let (spec, stage) = match read {
            Ok(spec) => (spec, Stage::Moving),
            Err(error) => (Spec::default(), Stage::Failing { error: error.to_string(), is_final: true }),
        };
        let needs = budget::needs(&spec, self.options.files);
        let task = Task {
            generation,
            name,
            spec,
            needs,
            local: String::new(),
            staged: Vec::new(),
            bytes: 0,
            total: None,
            stage,
        };
        self.tasks.insert(job, task);
    }

    /// Leases the shares of the origins of all tasks.
    async fn share(&mut self) -> Result<(), Error> {
        let moving = self.tasks.values().filter(|task| matches!(task.stage, Stage::Moving));
        let wanted = budget::sum(moving.map(|task| &task.needs));
        let wanted = self.session.with_released(wanted);
        if !wanted.is_empty() {
            let shares = self.session.leases()?.share(&wanted).await?;
            self.session.remember(&shares);
            self.budget.set_shares(shares);
        }
        Ok(())
    }

    /// Gives the task a local job: the one of an earlier claim, or a new one.
    async fn begin(&mut self, job: &str) -> Result<(), Error> {
        let Some(task) = self.tasks.get(job) else { return Ok(()) };
        if !matches!(task.stage, Stage::Moving) || !task.local.is_empty() {
            return Ok(());
        }
        if let Some((origin, slots)) = self.budget.never_fits(&task.needs) {
            let error = format!(
                "the job has more files at {origin} than the {slots} exchanges of the fleet; add them as several jobs, or start the \
                 worker with --jobs {slots}"
            );
            return self.fail(job, error, true).await;
        }
        let targets = self.targets(job, &task.spec);
        let staged: Vec<_> = targets.iter().filter(|(target, path)| target != path).cloned().collect();
        let is_named = staged.len() < targets.len();
        if let Some(kept) = self.kept.remove(job) {
            // In shared storage another worker may have named a file since; the engine then verifies that file instead.
            let stays = self.session.kind() == Kind::Each || !is_named;
            if stays && self.local.describe(&kept).await?.is_some() {
                self.adopt(job, kept, staged);
                return Ok(());
            }
            let _ = self.local.act(&kept, Action::Cancel).await;
        }
        let settings = match self.settings(&task.spec) {
            Ok(settings) => settings,
            Err(error) => return self.fail(job, error.to_string(), false).await,
        };
        for (target, _) in &targets {
            if let Some(parent) = target.parent()
                && let Err(error) = std::fs::create_dir_all(parent)
            {
                return self.fail(job, format!("{}: {error}", parent.display()), false).await;
            }
        }
        let one_connection = self.budget.is_limited(&task.needs);
        let files = task.spec.files.iter().zip(targets).map(|(file, (path, _))| {
            let mut file = NewFile { path, ..file.clone() };
            if one_connection {
                file.options.connections = Some(1);
            }
            file
        });
        match self.local.create(job, settings, files.collect()).await {
            Ok(id) => {
                self.adopt(job, id, staged);
                Ok(())
            }
            Err(error) => self.fail(job, error.to_string(), error.cause.outcome == Outcome::Misuse).await,
        }
    }

    fn adopt(&mut self, job: &str, local: String, staged: Vec<(PathBuf, PathBuf)>) {
        if let Some(task) = self.tasks.get_mut(job) {
            (task.local, task.staged) = (local, staged);
        }
    }

    /// The path of each file until the task is done, and its own.
    fn targets(&self, job: &str, spec: &Spec) -> Vec<(PathBuf, PathBuf)> {
        let target = |file: &NewFile| {
            let path = self.options.directory.join(&file.path);
            let is_own = self.session.kind() == Kind::Each || publication::is_taken(&path);
            let target = if is_own { path.clone() } else { publication::staged(&path, self.session.worker(), job) };
            (target, path)
        };
        spec.files.iter().map(target).collect()
    }

    fn settings(&self, spec: &Spec) -> Result<Settings, Error> {
        let mut settings = spec.settings.clone();
        if let Some(name) = &spec.credential {
            settings.header = credentials::headers(self.options.credentials.as_deref(), name)?;
        }
        Ok(settings)
    }

    /// Resumes the local jobs that may move bytes, and suspends the others.
    async fn pace(&mut self) -> Result<(), Error> {
        let moving =
            self.tasks.iter().filter(|(_, task)| matches!(task.stage, Stage::Moving) && !task.local.is_empty());
        let moving: BTreeMap<_, _> = moving.collect();
        let valid = moving.iter().filter(|(_, task)| self.guard.is_valid(&task.local));
        let admitted = self.budget.admitted(valid.map(|(job, task)| (job.as_str(), &task.needs)));
        let mut resumed = Vec::new();
        for (job, task) in moving {
            match (admitted.contains(job.as_str()), self.guard.is_running(&task.local)) {
                (true, false) => {
                    if let Some(rate) = self.rate(task) {
                        let settings = Settings { limit_rate: Some(Limit(Some(rate))), ..Settings::default() };
                        let _ = self.local.set(&task.local, settings).await;
                    }
                    self.guard.set_running(&task.local, true);
                    // If the job is transferred or gone, the look below finds that.
                    let _ = self.local.act(&task.local, Action::Resume).await;
                    resumed.push(job.clone());
                }
                (false, true) => {
                    self.guard.set_running(&task.local, false);
                    let _ = self.local.act(&task.local, Action::Suspend).await;
                }
                _ => {}
            }
        }
        for job in resumed {
            self.look(&job).await?;
        }
        Ok(())
    }

    /// The rate of a task: that of its shares, but at most that of its job.
    fn rate(&self, task: &Task) -> Option<u64> {
        let own = task.spec.settings.limit_rate.and_then(|limit| limit.0);
        [self.budget.rate(&task.needs), own].into_iter().flatten().min()
    }

    pub async fn look_at_all(&mut self) -> Result<(), Error> {
        let jobs: Vec<_> = self.tasks.keys().cloned().collect();
        for job in jobs {
            self.look(&job).await?;
        }
        Ok(())
    }

    pub async fn look_at_local(&mut self, local: &str) -> Result<(), Error> {
        match self.job_of(local) {
            Some(job) => self.look(&job).await,
            None => Ok(()),
        }
    }

    fn job_of(&self, local: &str) -> Option<String> {
        self.tasks.iter().find(|(_, task)| task.local == local).map(|(job, _)| job.clone())
    }

    /// Reads the state of the local job, and ends the task if it has ended.
    async fn look(&mut self, job: &str) -> Result<(), Error> {
        let Some(task) = self.tasks.get_mut(job) else { return Ok(()) };
        if !matches!(task.stage, Stage::Moving) || task.local.is_empty() {
            return Ok(());
        }
        let Some(view) = self.local.describe(&task.local).await? else {
            return self.fail(job, "the local job was removed by another program".into(), false).await;
        };
        (task.bytes, task.total) = (view.bytes, view.total);
        match view.state {
            JobState::Transferred => self.finish(job).await,
            JobState::Error => {
                let (error, is_final) = failure(&view);
                self.fail(job, error, is_final).await
            }
            _ => Ok(()),
        }
    }

    /// An origin that asks for a wait holds the whole fleet back.
    pub async fn hold_origin(&mut self, local: &str, file: Option<u32>, after: Duration) -> Result<(), Error> {
        let Some(task) = self.tasks.values().find(|task| task.local == local) else { return Ok(()) };
        let number = file.and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
        let Some(origin) = task.spec.files.get(number).and_then(|file| origin_of(&file.url)) else { return Ok(()) };
        self.budget.hold(&origin, after);
        self.pace().await?;
        (self.notify)(Notice::held(&origin, after));
        match self.session.is_open() {
            true => self.session.leases()?.hold(&origin, after).await,
            false => Ok(()),
        }
    }

    /// Names the files of a transferred job, then reports the task.
    async fn finish(&mut self, job: &str) -> Result<(), Error> {
        let Some(task) = self.tasks.get(job) else { return Ok(()) };
        let staged = task.staged.clone();
        if let Err(error) = publication::record(&self.options.state, job, &staged) {
            return self.fail(job, format!("{}: {error}", self.options.state.display()), false).await;
        }
        if let Err(error) = self.local.act(&task.local, Action::Complete).await {
            publication::forget(&self.options.state, job);
            return self.fail(job, error.to_string(), false).await;
        }
        let published = tokio::task::spawn_blocking(move || publication::publish(&staged)).await;
        publication::forget(&self.options.state, job);
        match published {
            Ok(Ok(Published::Named)) => self.end(job, Stage::Named).await,
            Ok(Ok(Published::Taken)) => {
                let Some(task) = self.tasks.get_mut(job) else { return Ok(()) };
                let ended = std::mem::take(&mut task.local);
                let until = self.guard.until(&ended);
                self.guard.remove(&ended);
                // The new local job verifies the file that has the name.
                self.begin(job).await?;
                if let (Some(task), Some(until)) = (self.tasks.get(job), until) {
                    self.guard.extend(&task.local, until);
                }
                Box::pin(self.pace()).await
            }
            Ok(Err(error)) => self.fail(job, format!("the file cannot get its name: {error}"), false).await,
            Err(error) => self.fail(job, error.to_string(), false).await,
        }
    }

    async fn fail(&mut self, job: &str, error: String, is_final: bool) -> Result<(), Error> {
        self.end(job, Stage::Failing { error, is_final }).await
    }

    async fn end(&mut self, job: &str, stage: Stage) -> Result<(), Error> {
        if let Some(task) = self.tasks.get_mut(job) {
            task.stage = stage;
        }
        if self.session.is_open() { self.acknowledge(job).await } else { Ok(()) }
    }

    async fn acknowledge_all(&mut self) -> Result<(), Error> {
        let ended = self.tasks.iter().filter(|(_, task)| !matches!(task.stage, Stage::Moving));
        for job in ended.map(|(job, _)| job.clone()).collect::<Vec<_>>() {
            self.acknowledge(&job).await?;
        }
        Ok(())
    }

    /// Reports the end of a task. If the connection fails, the next one reports it.
    async fn acknowledge(&mut self, job: &str) -> Result<(), Error> {
        let Some(task) = self.tasks.get(job) else { return Ok(()) };
        let (generation, name) = (task.generation, task.name.clone());
        match task.stage.clone() {
            Stage::Moving => Ok(()),
            Stage::Named => {
                let bytes = task.bytes;
                let is_accepted = self.session.leases()?.done(job, generation, bytes).await?;
                self.forget(job);
                let job = job.to_owned();
                (self.notify)(if is_accepted { Notice::Done { job, name, bytes } } else { Notice::Lost { job, name } });
                Ok(())
            }
            Stage::Failing { error, is_final } => {
                let after = self.session.leases()?.fail(job, generation, &error, is_final).await?;
                self.lose_quietly(job).await;
                let again = after != AfterFailure::Failed;
                (self.notify)(Notice::Failed { job: job.into(), name, error, again });
                Ok(())
            }
        }
    }

    /// Removes a task whose local job is gone.
    fn forget(&mut self, job: &str) {
        if let Some(task) = self.tasks.remove(job) {
            self.guard.remove(&task.local);
        }
    }

    /// Stops a task whose lease is lost. Its bytes stay until the next sweep decides on them.
    async fn lose(&mut self, job: &str) {
        if let Some(name) = self.lose_quietly(job).await {
            (self.notify)(Notice::Lost { job: job.into(), name });
        }
    }

    async fn lose_quietly(&mut self, job: &str) -> Option<String> {
        let task = self.tasks.remove(job)?;
        self.guard.remove(&task.local);
        if !task.local.is_empty() {
            let _ = self.local.act(&task.local, Action::Suspend).await;
            self.kept.insert(job.into(), task.local);
        }
        Some(task.name)
    }

    /// Decides on local jobs whose tasks are not held: takes up those that the database says are held here, as after a restart, and
    /// removes those that this machine will not be asked for.
    async fn sweep(&mut self) -> Result<(), Error> {
        if self.kept.is_empty() {
            return Ok(());
        }
        let jobs: Vec<_> = self.kept.keys().cloned().collect();
        let states = self.session.leases()?.states(&jobs).await?;
        let known: BTreeMap<_, _> = states.into_iter().map(|known| (known.job.clone(), known)).collect();
        let mut taken = Vec::new();
        for job in jobs {
            match known.get(&job) {
                Some(known) if known.state == "held" && known.mine => {
                    self.hold(job.clone(), known.generation, known.name.clone(), &known.spec);
                    self.begin(&job).await?;
                    taken.push(job);
                }
                Some(known)
                    if known.state == "ready" || (known.state == "held" && self.session.kind() == Kind::Each) => {}
                _ => {
                    if let Some(kept) = self.kept.remove(&job) {
                        let _ = self.local.act(&kept, Action::Cancel).await;
                    }
                }
            }
        }
        if taken.is_empty() { Ok(()) } else { Box::pin(self.renew()).await }
    }

    /// Suspends everything and gives the tasks back. If the database cannot be reached, their leases lapse.
    pub async fn close(mut self) {
        for task in self.tasks.values().filter(|task| self.guard.is_running(&task.local)) {
            let _ = self.local.act(&task.local, Action::Suspend).await;
        }
        if self.session.is_open() && self.acknowledge_all().await.is_ok() {
            let held: Vec<_> = self.tasks.iter().map(|(job, task)| (job.clone(), task.generation)).collect();
            self.session.give_back(&held).await;
        }
        self.local.queue.close().await;
    }
}

/// The failure of a job, and whether no attempt on any machine can succeed.
fn failure(view: &JobView) -> (String, bool) {
    match &view.error {
        Some(error) => (error.cause.to_string(), matches!(error.cause.outcome, Outcome::Misuse | Outcome::NotVerified)),
        None => ("the local job failed".into(), false),
    }
}
