//! Telling a client of its jobs.

use wasmtime::component::{Func, ResourceAny, Val};
use wasmtime::{AsContextMut, Result};

use super::Calls;
use super::exports::JobFunctions;
use crate::client::{ClientView, forward};
use crate::handles::Object;
use crate::handles::{Job, Registration};
use crate::runtime::Due;

impl<T: ClientView> Calls<'_, T> {
    /// Makes the due calls that the state confirms; `true` if there will be no more.
    pub async fn tell_job(&mut self, functions: &JobFunctions, id: &str, due: Due) -> Result<bool> {
        let registered = self.store.data_mut().client().client.jobs.get(id).map(Registration::job).cloned();
        let Some(job) = registered else { return Ok(true) };
        let Some(due) = due.still(&job).await? else { return Ok(true) };
        if due.modification {
            self.call_of_job(functions.modification, &job, Some(Val::U32(0))).await?;
        }
        if due.error
            && let Ok(error) = job.error().await
        {
            let error = self.new_handle(error.object())?;
            let accepted = self.call_of_job(functions.error, &job, Some(Val::Resource(error))).await?;
            error.resource_drop_async(&mut *self.store).await?;
            job.notified(accepted).await?;
        }
        if due.transferred {
            let accepted = self.call_of_job(functions.transferred, &job, None).await?;
            job.notified(accepted).await?;
        }
        Ok(job.state().await?.is_over())
    }

    /// Makes a call with the job and perhaps something else; whether the client accepted it.
    async fn call_of_job(&mut self, function: Func, job: &Job, also: Option<Val>) -> Result<bool> {
        let handle = self.new_handle(job.object())?;
        let params: Vec<_> = [Val::Resource(handle)].into_iter().chain(also).collect();
        let mut answer = [Val::Bool(false)];
        self.call(function, &params, &mut answer).await?;
        handle.resource_drop_async(&mut *self.store).await?;
        Ok(matches!(answer, [Val::Result(Ok(_))]))
    }

    fn new_handle(&mut self, object: &Object) -> Result<ResourceAny> {
        forward::new_handle(&mut self.store.as_context_mut(), object.clone())
    }
}
