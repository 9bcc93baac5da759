//! IBackgroundCopyJob5 and its properties.

use super::{Call, Group};

pub(super) const JOB5: Group = Group {
    title: "IBackgroundCopyJob5",
    about: "Its functions borrow the job. Each property with its number and the field of its union.",
    calls: &[
        Call {
            com: "GetProperty([in] BITS_JOB_PROPERTY_ID, [out] BITS_JOB_PROPERTY_VALUE*)",
            interface: "background-copy-job5",
            wit: "get-property",
            rust: &["Job::property"],
            remark: "",
        },
        Call {
            com: "SetProperty([in] BITS_JOB_PROPERTY_ID, [in] BITS_JOB_PROPERTY_VALUE)",
            interface: "background-copy-job5",
            wit: "set-property",
            rust: &["Job::set_property"],
            remark: "The case carries both property and value.",
        },
        Call {
            com: "1 CostFlags: DWORD",
            interface: "background-copy-job5",
            wit: "job-property.cost-flags",
            rust: &["JobProperty::CostFlags"],
            remark: "Flags in place of a number.",
        },
        Call {
            com: "2 NotificationClsid: CLSID",
            interface: "background-copy-job5",
            wit: "job-property.notification-clsid",
            rust: &["JobProperty::NotificationClsid"],
            remark: "A text. The host starts the class.",
        },
        Call {
            com: "3 DynamicContent: BOOL",
            interface: "background-copy-job5",
            wit: "job-property.dynamic-content",
            rust: &["JobProperty::DynamicContent"],
            remark: "Exists in BITS only: DO_E_UNKNOWN_PROPERTY_ID.",
        },
        Call {
            com: "4 HighPerformance: BOOL",
            interface: "background-copy-job5",
            wit: "job-property.high-performance",
            rust: &["JobProperty::HighPerformance"],
            remark: "Exists in BITS only: DO_E_UNKNOWN_PROPERTY_ID.",
        },
        Call {
            com: "5 MaxDownloadSize: UINT64",
            interface: "background-copy-job5",
            wit: "job-property.max-download-size",
            rust: &["JobProperty::MaxDownloadSize"],
            remark: "Exists in BITS only: DO_E_UNKNOWN_PROPERTY_ID.",
        },
        Call {
            com: "7 UseStoredCredentials: BG_AUTH_TARGET",
            interface: "background-copy-job5",
            wit: "job-property.use-stored-credentials",
            rust: &["JobProperty::UseStoredCredentials"],
            remark: "Exists in BITS only: DO_E_UNKNOWN_PROPERTY_ID.",
        },
        Call {
            com: "9 MinimumNotificationIntervalMs: DWORD",
            interface: "background-copy-job5",
            wit: "job-property.minimum-notification-interval-ms",
            rust: &["JobProperty::MinimumNotificationIntervalMs"],
            remark: "Exists in BITS only: DO_E_UNKNOWN_PROPERTY_ID.",
        },
        Call {
            com: "10 OnDemandMode: BOOL",
            interface: "background-copy-job5",
            wit: "job-property.on-demand-mode",
            rust: &["JobProperty::OnDemandMode"],
            remark: "Exists in BITS only: DO_E_UNKNOWN_PROPERTY_ID.",
        },
    ],
};
