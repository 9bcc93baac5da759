use ipnet::IpNet;
use std::net::IpAddr;
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    any: bool,
    allowed: Vec<IpNet>,
}
impl Addresses {
    pub fn any() -> Self {
        Self { any: true, allowed: Vec::new() }
    }
    pub fn allow(&mut self, range: IpNet) {
        self.allowed.push(range)
    }
    pub fn admits(&self, address: IpAddr) -> bool {
        self.any || self.allowed.iter().any(|r| r.contains(&address))
    }
}
