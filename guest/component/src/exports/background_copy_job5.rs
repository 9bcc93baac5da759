//! `background-copy-job5`

use haul_core::failure::Cause;
use haul_core::job::{Job, Setting};
use haul_core::text::guid;

use super::background_copy_job::Handle;
use super::{Component, convert, convert_job};
use crate::bindings::exports::haul::delivery_optimization::background_copy_job5::{
    Guest, JobBorrow, JobProperty, JobPropertyId,
};

impl Guest for Component {
    fn get_property(job: JobBorrow<'_>, id: JobPropertyId) -> Result<JobProperty, convert::Failure> {
        let job = job.get::<Handle>();
        let value = match id {
            JobPropertyId::CostFlags => {
                let flags = job.look(Job::cost_flags);
                flags.map(|flags| JobProperty::CostFlags(convert_job::cost_flags_out(flags)))
            }
            JobPropertyId::NotificationClsid => {
                let class = job.look(Job::notification_class);
                let class = class.and_then(|class| if class == 0 { Err(Cause::NotSet) } else { Ok(class) });
                class.map(|class| JobProperty::NotificationClsid(guid::format(class)))
            }
            _ => Err(Cause::UnknownProperty),
        };
        value.map_err(convert::failure)
    }

    fn set_property(job: JobBorrow<'_>, value: JobProperty) -> Result<(), convert::Failure> {
        let set = job.get::<Handle>().act(|shell, job| {
            let setting = match value {
                JobProperty::CostFlags(flags) => Setting::CostFlags(convert_job::cost_flags_in(flags)),
                JobProperty::NotificationClsid(class) => {
                    Setting::NotificationClass(guid::parse(&class).ok_or(Cause::InvalidArgument)?)
                }
                _ => return Err(Cause::UnknownProperty),
            };
            shell.set_job(job, setting)
        });
        set.map_err(convert::failure)
    }
}
