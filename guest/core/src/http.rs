//! HTTP for downloads, in the terms of RFC 9110: parsing of response heads and construction of range requests.

pub mod content_disposition;
pub mod content_range;
pub mod date;
pub mod digest_fields;
pub mod exchange_fields;
pub mod head;
pub mod link;
pub mod parameters;
pub(crate) mod representation;
pub mod request;
pub mod request_fields;
pub mod retry_after;
pub mod validator;
