//! The sources of the statements about jobs.

macro_rules! pages {
    ($($name:ident = $folder:literal $file:literal;)+) => {
        $(pub const $name: &str = concat!($folder, $file, ".md");)+
    };
}

// Delivery Optimization's own pages.
pages! {
    CALLBACK = "D/" "ibackgroundcopycallback";
    JOB_TRANSFERRED = "D/" "ibackgroundcopycallback-jobtransferred";
    JOB_ERROR = "D/" "ibackgroundcopycallback-joberror-method";
    JOB_MODIFICATION = "D/" "ibackgroundcopycallback-jobmodification-method";
    ERROR = "D/" "ibackgroundcopyerror";
    ERROR_GET_ERROR = "D/" "ibackgroundcopyerror-geterror-method";
    ERROR_GET_FILE = "D/" "ibackgroundcopyerror-getfile-method";
    FILE = "D/" "ibackgroundcopyfile";
    LOCAL_NAME = "D/" "ibackgroundcopyfile-getlocalname-method";
    REMOTE_NAME = "D/" "ibackgroundcopyfile-getremotename-method";
    FILE_GET_PROGRESS = "D/" "ibackgroundcopyfile-getprogress-method";
    FILE_RANGES = "D/" "ibackgroundcopyfile2-getfileranges-method";
    SET_REMOTE_NAME = "D/" "ibackgroundcopyfile2-setremotename-method";
    FILE5 = "D/" "ibackgroundcopyfile5";
    FILE5_GET = "D/" "ibackgroundcopyfile5-getproperty";
    JOB = "D/" "ibackgroundcopyjob-";
    CANCEL = "D/" "ibackgroundcopyjob-cancel";
    COMPLETE = "D/" "ibackgroundcopyjob-complete";
    ENUM_FILES = "D/" "ibackgroundcopyjob-enumfiles";
    GET_DISPLAY_NAME = "D/" "ibackgroundcopyjob-getdisplayname";
    GET_ERROR = "D/" "ibackgroundcopyjob-geterror";
    GET_ID = "D/" "ibackgroundcopyjob-getid";
    GET_NO_PROGRESS_TIMEOUT = "D/" "ibackgroundcopyjob-getnoprogresstimeout";
    GET_NOTIFY_FLAGS = "D/" "ibackgroundcopyjob-getnotifyflags";
    GET_NOTIFY_INTERFACE = "D/" "ibackgroundcopyjob-getnotifyinterface";
    GET_PROGRESS = "D/" "ibackgroundcopyjob-getprogress";
    GET_STATE = "D/" "ibackgroundcopyjob-getstate";
    GET_TYPE = "D/" "ibackgroundcopyjob-gettype";
    RESUME = "D/" "ibackgroundcopyjob-resume";
    SET_NO_PROGRESS_TIMEOUT = "D/" "ibackgroundcopyjob-setnoprogresstimeout";
    SET_NOTIFY_FLAGS = "D/" "ibackgroundcopyjob-setnotifyflags";
    SET_NOTIFY_INTERFACE = "D/" "ibackgroundcopyjob-setnotifyinterface";
    SET_PRIORITY = "D/" "ibackgroundcopyjob-setpriority";
    SUSPEND = "D/" "ibackgroundcopyjob-suspend";
    JOB5 = "D/" "ibackgroundcopyjob5";
    JOB5_GET = "D/" "ibackgroundcopyjob5-getproperty";
    JOB5_SET = "D/" "ibackgroundcopyjob5-setproperty";
    INTERFACES = "D/" "do-interfaces";
    CREATE_JOB = "D/" "ibackgroundcopymanager-createjob";
    GET_JOB = "D/" "ibackgroundcopymanager-getjob";
    DO_JOB = "D/" "ideliveryoptimizationjob";
    ADD_FILE_WITH_RANGES = "D/" "ideliveryoptimizationjob-addfilewithranges";
    DO_JOB2 = "D/" "IDeliveryOptimizationJob2";
    DO_ADD_FILE = "D/" "IDeliveryOptimizationJob2-addfile";
    DO_JOB_GET = "D/" "IDeliveryOptimizationJob2-getproperty";
    DO_JOB_SET = "D/" "IDeliveryOptimizationJob2-setproperty";
    DO_FILE = "D/" "ideliveryoptimizationfile";
    GET_STATS = "D/" "ideliveryoptimizationfile-getstats";
    DO_FILE_GET = "D/" "ideliveryoptimizationfile2-getproperty";
    DO_FILE_SET = "D/" "ideliveryoptimizationfile2-setproperty";
    DO_FILE_PROPERTY = "D/" "deliveryoptimizationfileproperty";
    SWARM_STATS = "D/" "doswarmstats";
    SWARM_STATUS = "D/" "swarmstatus";
    DOWNLOAD_MODE = "D/" "downloadmode";
    FILES_NEXT = "D/" "ienumbackgroundcopyfiles-next";
    FILES_SKIP = "D/" "ienumbackgroundcopyfiles-skip";
    FILES_RESET = "D/" "ienumbackgroundcopyfiles-reset";
    FILES_COUNT = "D/" "ienumbackgroundcopyfiles-getcount";
    ERROR_CONTEXT = "D/" "bg-error-context";
    FILE_PROGRESS = "D/" "bg-file-progress";
    FILE_RANGE = "D/" "bg-file-range";
    JOB_PROGRESS = "D/" "bg-job-progress";
    JOB_PRIORITY = "D/" "bg-job-priority-";
    JOB_STATE = "D/" "bg-job-state-";
    JOB_TIMES = "D/" "bg-job-times";
    JOB_TYPE = "D/" "bg-job-type";
    FILE_PROPERTY_ID = "D/" "bits-file-property-id-";
    JOB_PROPERTY_ID = "D/" "bits-job-property-id";
    JOB_PROPERTY_VALUE = "D/" "bits-job-property-value-";
    TRANSFER_POLICY = "D/" "bits-job-transfer-policy-";
}

// The reference of BITS, because these slots are from its interfaces.
pages! {
    BITS_CALLBACK = "A/bits/" "nn-bits-ibackgroundcopycallback";
    BITS_JOB_TRANSFERRED = "A/bits/" "nf-bits-ibackgroundcopycallback-jobtransferred";
    BITS_JOB_MODIFICATION = "A/bits/" "nf-bits-ibackgroundcopycallback-jobmodification";
    BITS_ERROR_DESCRIPTION = "A/bits/" "nf-bits-ibackgroundcopyerror-geterrordescription";
    BITS_CONTEXT_DESCRIPTION = "A/bits/" "nf-bits-ibackgroundcopyerror-geterrorcontextdescription";
    BITS_GET_PROTOCOL = "A/bits/" "nf-bits-ibackgroundcopyerror-getprotocol";
    BITS_REMOTE_NAME = "A/bits/" "nf-bits-ibackgroundcopyfile-getremotename";
    BITS_ADD_FILE = "A/bits/" "nf-bits-ibackgroundcopyjob-addfile";
    BITS_ADD_FILE_SET = "A/bits/" "nf-bits-ibackgroundcopyjob-addfileset";
    BITS_CANCEL = "A/bits/" "nf-bits-ibackgroundcopyjob-cancel";
    BITS_COMPLETE = "A/bits/" "nf-bits-ibackgroundcopyjob-complete";
    BITS_ENUM_FILES = "A/bits/" "nf-bits-ibackgroundcopyjob-enumfiles";
    BITS_GET_ERROR_COUNT = "A/bits/" "nf-bits-ibackgroundcopyjob-geterrorcount";
    BITS_GET_OWNER = "A/bits/" "nf-bits-ibackgroundcopyjob-getowner";
    BITS_GET_PROGRESS = "A/bits/" "nf-bits-ibackgroundcopyjob-getprogress";
    BITS_SET_DESCRIPTION = "A/bits/" "nf-bits-ibackgroundcopyjob-setdescription";
    BITS_SET_DISPLAY_NAME = "A/bits/" "nf-bits-ibackgroundcopyjob-setdisplayname";
    BITS_SET_MINIMUM_RETRY_DELAY = "A/bits/" "nf-bits-ibackgroundcopyjob-setminimumretrydelay";
    BITS_SET_NO_PROGRESS_TIMEOUT = "A/bits/" "nf-bits-ibackgroundcopyjob-setnoprogresstimeout";
    BITS_SET_NOTIFY_FLAGS = "A/bits/" "nf-bits-ibackgroundcopyjob-setnotifyflags";
    BITS_SET_NOTIFY_INTERFACE = "A/bits/" "nf-bits-ibackgroundcopyjob-setnotifyinterface";
    BITS_SET_PRIORITY = "A/bits/" "nf-bits-ibackgroundcopyjob-setpriority";
    BITS_SET_PROXY = "A/bits/" "nf-bits-ibackgroundcopyjob-setproxysettings";
    BITS_TAKE_OWNERSHIP = "A/bits/" "nf-bits-ibackgroundcopyjob-takeownership";
    BITS_CREATE_JOB = "A/bits/" "nf-bits-ibackgroundcopymanager-createjob";
    BITS_ENUM_JOBS = "A/bits/" "nf-bits-ibackgroundcopymanager-enumjobs";
    BITS_MANAGER_DESCRIPTION = "A/bits/" "nf-bits-ibackgroundcopymanager-geterrordescription";
    BITS_FILES_CLONE = "A/bits/" "nf-bits-ienumbackgroundcopyfiles-clone";
    BITS_JOBS_NEXT = "A/bits/" "nf-bits-ienumbackgroundcopyjobs-next";
    BITS_JOBS_SKIP = "A/bits/" "nf-bits-ienumbackgroundcopyjobs-skip";
    BITS_JOBS_RESET = "A/bits/" "nf-bits-ienumbackgroundcopyjobs-reset";
    BITS_JOBS_CLONE = "A/bits/" "nf-bits-ienumbackgroundcopyjobs-clone";
    BITS_JOBS_COUNT = "A/bits/" "nf-bits-ienumbackgroundcopyjobs-getcount";
    BITS_JOBS = "A/bits/" "nn-bits-ienumbackgroundcopyjobs";
    BITS_PRIORITY = "A/bits/" "ne-bits-bg_job_priority";
    BITS_FILE_RANGES = "A/bits2_0/" "nf-bits2_0-ibackgroundcopyfile2-getfileranges";
    BITS_SET_REMOTE_NAME = "A/bits2_0/" "nf-bits2_0-ibackgroundcopyfile2-setremotename";
    BITS_ADD_FILE_WITH_RANGES = "A/bits2_0/" "nf-bits2_0-ibackgroundcopyjob3-addfilewithranges";
    BITS_JOB2 = "A/bits1_5/" "nn-bits1_5-ibackgroundcopyjob2";
    BITS_JOB3 = "A/bits2_0/" "nn-bits2_0-ibackgroundcopyjob3";
    BITS_JOB4 = "A/bits3_0/" "nn-bits3_0-ibackgroundcopyjob4";
    BITS_FILE3 = "A/bits3_0/" "nn-bits3_0-ibackgroundcopyfile3";
    BITS_FILE4 = "A/bits4_0/" "nn-bits4_0-ibackgroundcopyfile4";
    BITS_FILE6 = "A/bits10_1/" "nn-bits10_1-ibackgroundcopyfile6";
    BITS_CALLBACK2 = "A/bits3_0/" "nn-bits3_0-ibackgroundcopycallback2";
    BITS_CALLBACK3 = "A/bits10_1/" "nn-bits10_1-ibackgroundcopycallback3";
    BITS_HTTP_OPTIONS = "A/bits2_5/" "nn-bits2_5-ibackgroundcopyjobhttpoptions";
    BITS_JOB5_SET = "A/bits5_0/" "nf-bits5_0-ibackgroundcopyjob5-setproperty";
    BITS_FILE5_SET = "A/bits5_0/" "nf-bits5_0-ibackgroundcopyfile5-setproperty";
}

// The concepts of BITS, and the pages for administrators of Delivery Optimization.
pages! {
    BITS_ABOUT = "B/" "about-bits";
    BITS_REGISTERING = "B/" "registering-a-com-callback";
    BITS_LIFE_CYCLE = "B/" "life-cycle-of-a-bits-job";
    BITS_COST_STATE = "B/" "bits-cost-state";
    PROXY = "P/" "delivery-optimization-proxy";
    MONITOR = "P/" "waas-delivery-optimization-monitor";
}

pub const NATIVE_PROPERTY: &str = "A/deliveryoptimization/ne-deliveryoptimization-dodownloadproperty.md";
pub const SDK_PROPERTIES: &str = "C/sdk-cpp/include/do_download_property.h";
pub const ERRORS: &str = "I/deliveryoptimizationerrors.h";
pub const IDL: &str = "I/Bits.Idl";
pub const IDL_1_5: &str = "I/bits1_5.idl";
pub const IDL_2_0: &str = "I/bits2_0.idl";
pub const IDL_5_0: &str = "I/bits5_0.idl";
pub const WINE_JOB: &str = "W/tests/job.c";
pub const WINE_FILE: &str = "W/tests/file.c";
pub const WINE_ENUM_FILES: &str = "W/tests/enum_files.c";
pub const WINE_ENUM_JOBS: &str = "W/tests/enum_jobs.c";
pub const MSIX_RANGES: &str = "T/MicrosoftDocs/msix-docs#459";
pub const MSIX_REQUESTS: &str = "T/microsoft/msix-packaging#677";
pub const MSIX_LOG: &str = "T/MicrosoftDocs/msix-docs#188";
