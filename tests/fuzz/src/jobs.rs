//! Scripts of acts on jobs, from arbitrary input.

use arbitrary::{Arbitrary, Result, Unstructured};
use haul_core::job::Priority;
use haul_core::settings::network::Cost;

use crate::queue::acts::Act;
use crate::queue::world::Plan;
use crate::scene::origin::Fault;

const PRIORITIES: [Priority; 4] = [Priority::Foreground, Priority::High, Priority::Normal, Priority::Low];
const STATUSES: [u16; 7] = [204, 403, 404, 416, 429, 500, 503];

#[derive(Debug)]
pub struct Script {
    pub plan: Plan,
    pub acts: Vec<Act>,
}

impl<'a> Arbitrary<'a> for Script {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let plan = Plan {
            max_running: u.int_in_range(1..=4)?,
            max_per_origin: if u.arbitrary()? { Some(u.int_in_range(1..=3)?) } else { None },
            rate: *u.choose(&[None, Some(100), Some(2000)])?,
        };
        let mut acts = Vec::new();
        while !u.is_empty() && acts.len() < 100 {
            acts.push(act(u)?);
        }
        Ok(Self { plan, acts })
    }
}

fn act(u: &mut Unstructured<'_>) -> Result<Act> {
    let which = usize::from(u.arbitrary::<u8>()?);
    Ok(match u.int_in_range(0..=28)? {
        0 => Act::Create { files: u.int_in_range(0..=5)?, priority: *u.choose(&PRIORITIES)? },
        1 => {
            let starts = if u.arbitrary()? { Some(u.int_in_range(0..=900)?) } else { None };
            Act::Add { job: which, files: u.int_in_range(1..=4)?, starts }
        }
        2 => Act::AddTaken { job: which },
        3 => Act::Suspend(which),
        4..=6 => Act::Resume(which),
        7 => Act::Cancel(which),
        8 => Act::Complete(which),
        9 => Act::Priority(which, *u.choose(&PRIORITIES)?),
        10 => Act::Timeout(which, *u.choose(&[0, 1, 60, 3600])?),
        11 => Act::RetryDelay(which, *u.choose(&[0, 5, 100])?),
        12 => {
            let max_rate = if u.arbitrary()? { Some(u.int_in_range(500..=5000)?) } else { None };
            Act::Options { job: which, keep_going: u.arbitrary()?, max_rate }
        }
        13 => Act::Rename { job: which, file: u.int_in_range(0..=5)? },
        14 => Act::Answer(which, u.arbitrary()?),
        15 => Act::Callback(which, u.arbitrary()?),
        16 => Act::Take(which),
        17 => Act::CannotKeep { job: which, creates: u.arbitrary()? },
        18 => Act::Fault { place: which, mirror: u.arbitrary()?, fault: fault(u)? },
        19 => Act::Change { place: which, length: u.int_in_range(1..=5000)? },
        20 => Act::Refuse { place: which, refuses: u.arbitrary()? },
        21 => Act::Stick { place: which },
        22 => Act::Network { connected: u.arbitrary()?, cost: *u.choose(&[Cost::Unrestricted, Cost::NearCap])? },
        23 => Act::Kill,
        24 => Act::LosePower { kept: u.int_in_range(0..=1000)? },
        25 => Act::KillInComplete { job: which, named: u.int_in_range(0..=4)? },
        26 => Act::KillInCancel { job: which, kept: u.int_in_range(0..=1000)? },
        27 => Act::Close,
        _ => Act::Pass { millis: u64::from(u.arbitrary::<u16>()?) * 4 },
    })
}

fn fault(u: &mut Unstructured<'_>) -> Result<Option<Fault>> {
    Ok(match u.int_in_range(0..=6)? {
        0 => None,
        1 => Some(Fault::Status(*u.choose(&STATUSES)?)),
        2 => Some(Fault::RetryAfter(u.int_in_range(0..=200)?)),
        3 => Some(Fault::ConnectFails),
        4 => Some(Fault::CutAfter(u.int_in_range(0..=2000)?)),
        5 => Some(Fault::Silence),
        _ => Some(Fault::NoValidator),
    })
}
