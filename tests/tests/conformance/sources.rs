//! The sources of the statements: a key for the repository, then the file in it. The page explains the keys.

pub const CREATE: &str = "A/deliveryoptimization/nf-deliveryoptimization-idomanager-createdownload.md";
pub const ENUMERATE: &str = "A/deliveryoptimization/nf-deliveryoptimization-idomanager-enumdownloads.md";
pub const CATEGORY: &str = "A/deliveryoptimization/ns-deliveryoptimization-do_download_enum_category.md";
pub const START: &str = "A/deliveryoptimization/nf-deliveryoptimization-idodownload-start.md";
pub const PAUSE: &str = "A/deliveryoptimization/nf-deliveryoptimization-idodownload-pause.md";
pub const ABORT: &str = "A/deliveryoptimization/nf-deliveryoptimization-idodownload-abort.md";
pub const FINALIZE: &str = "A/deliveryoptimization/nf-deliveryoptimization-idodownload-finalize.md";
pub const GET_STATUS: &str = "A/deliveryoptimization/nf-deliveryoptimization-idodownload-getstatus.md";
pub const GET_PROPERTY: &str = "A/deliveryoptimization/nf-deliveryoptimization-idodownload-getproperty.md";
pub const SET_PROPERTY: &str = "A/deliveryoptimization/nf-deliveryoptimization-idodownload-setproperty.md";
pub const PROPERTY: &str = "A/deliveryoptimization/ne-deliveryoptimization-dodownloadproperty.md";
pub const STATE: &str = "A/deliveryoptimization/ne-deliveryoptimization-dodownloadstate.md";
pub const COST_POLICY: &str = "A/deliveryoptimization/ne-deliveryoptimization-dodownloadcostpolicy.md";
pub const RANGE: &str = "A/deliveryoptimization/ns-deliveryoptimization-do_download_range.md";
pub const STATUS: &str = "A/deliveryoptimization/ns-deliveryoptimization-do_download_status.md";
pub const RANGES_INFO: &str = "A/deliveryoptimization/ns-deliveryoptimization-do_download_ranges_info.md";
pub const CALLBACK: &str = "A/deliveryoptimization/nf-deliveryoptimization-idodownloadstatuscallback-onstatuschange.md";
pub const CALLBACK_INTERFACE: &str = "A/deliveryoptimization/nn-deliveryoptimization-idodownloadstatuscallback.md";

pub const ENUM_NEXT: &str = "A/objidl/nf-objidl-ienumunknown-next.md";
pub const ENUM_SKIP: &str = "A/objidl/nf-objidl-ienumunknown-skip.md";
pub const ENUM_RESET: &str = "A/objidl/nf-objidl-ienumunknown-reset.md";
pub const ENUM_CLONE: &str = "A/objidl/nf-objidl-ienumunknown-clone.md";

pub const IDL: &str = "I/deliveryoptimization.idl";
pub const ERRORS: &str = "I/deliveryoptimizationerrors.h";
pub const BITS_IDL: &str = "I/Bits.Idl";
pub const BITS_MESSAGES: &str = "I/BitsMsg.h";

pub const INTERNAL: &str = "D/dodownloadinternal/nn-dodownloadinternal-idodownloadinternal.md";
pub const GET_PROPERTY_EX: &str = "D/dodownloadinternal/nf-dodownloadinternal-idodownloadinternal-getpropertyex.md";
pub const SET_PROPERTY_EX: &str = "D/dodownloadinternal/nf-dodownloadinternal-idodownloadinternal-setpropertyex.md";
pub const PROPERTY_EX: &str = "D/dodownloadinternal/ne-dodownloadinternal-dodownloadpropertyex.md";
pub const CREATE_JOB: &str = "D/ibackgroundcopymanager-createjob.md";
pub const RETURN_VALUES: &str = "D/do-return-values.md";
pub const FILE_RANGE: &str = "D/bg-file-range.md";

pub const SDK_PROPERTY_TESTS: &str = "C/sdk-cpp/tests/download_properties_tests.cpp";
pub const SDK_TESTS: &str = "C/sdk-cpp/tests/download_tests_common.cpp";
pub const SDK_COM: &str = "C/sdk-cpp/src/internal/com/download_impl.cpp";
pub const SDK_DOWNLOAD: &str = "C/sdk-cpp/src/do_download.cpp";
pub const SDK_STATUS: &str = "C/sdk-cpp/include/do_download_status.h";
pub const SDK_PROPERTIES: &str = "C/sdk-cpp/include/do_download_property.h";
pub const SDK_HEADER: &str = "C/sdk-cpp/include/do_download.h";
pub const AGENT: &str = "C/client-lite/src/download/download.cpp";
pub const AGENT_HTTP: &str = "C/client-lite/src/util/http_agent.cpp";
pub const AGENT_TESTS: &str = "C/client-lite/test/download_manager_tests.cpp";

pub const SAMPLE: &str = "S/Program.cs";
pub const SAMPLE_DOWNLOAD: &str = "S/DODownload.cs";
pub const SAMPLE_FACTORY: &str = "S/DODownloadFactory.cs";
pub const SAMPLE_INTEROP: &str = "S/InteropDODownload.cs";
pub const SAMPLE_STREAM: &str = "S/SequentialStreamReceiver.cs";

pub const WINGET: &str = "G/src/AppInstallerCommonCore/DODownloader.cpp";
pub const WINGET_TIMEOUTS: &str = "T/microsoft/winget-cli#909";
pub const WINGET_NO_PROGRESS: &str = "T/microsoft/winget-cli#1050";
pub const MSIX_LENGTH: &str = "T/MicrosoftDocs/msix-docs#445";
pub const WINGET_416: &str = "T/microsoft/winget-cli#1060";
pub const WINGET_LOG: &str = "T/microsoft/winget-cli#3722";
