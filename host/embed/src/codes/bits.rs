//! The codes of BITS.

use super::codes;

codes! {
    /// No error has happened.
    BG_S_ERROR_CONTEXT_NONE = 0x0020_0006;
    /// Some files of the job were kept, the others were dropped.
    BG_S_PARTIAL_COMPLETE = 0x0020_0017;
    /// The job was cancelled, but temporary files are left.
    BG_S_UNABLE_TO_DELETE_FILES = 0x0020_001A;
    /// Done, but the proxy settings have changed since.
    BG_S_PROXY_CHANGED = 0x0020_002A;
    /// Taken, but a policy has the last word.
    BG_S_OVERRIDDEN_BY_POLICY = 0x0020_0055;
    /// There is no such job.
    BG_E_NOT_FOUND = 0x8020_0001;
    /// The job's present state does not allow the call.
    BG_E_INVALID_STATE = 0x8020_0002;
    /// The job has no file.
    BG_E_EMPTY = 0x8020_0003;
    /// The error belongs to no particular file.
    BG_E_FILE_NOT_AVAILABLE = 0x8020_0004;
    /// The error belongs to no protocol.
    BG_E_PROTOCOL_NOT_AVAILABLE = 0x8020_0005;
    /// It is not known where the error happened.
    BG_E_ERROR_CONTEXT_UNKNOWN = 0x8020_0007;
    /// The error happened while the queue was handled.
    BG_E_ERROR_CONTEXT_GENERAL_QUEUE_MANAGER = 0x8020_0008;
    /// The error happened at the local file.
    BG_E_ERROR_CONTEXT_LOCAL_FILE = 0x8020_0009;
    /// The error happened at the remote file.
    BG_E_ERROR_CONTEXT_REMOTE_FILE = 0x8020_000A;
    /// The error happened on the way between the machines.
    BG_E_ERROR_CONTEXT_GENERAL_TRANSPORT = 0x8020_000B;
    /// The error happened while the caller was being notified.
    BG_E_ERROR_CONTEXT_QUEUE_MANAGER_NOTIFICATION = 0x8020_000C;
    /// The volume of the local file is locked.
    BG_E_DESTINATION_LOCKED = 0x8020_000D;
    /// Another volume is in the place of the local file's.
    BG_E_VOLUME_CHANGED = 0x8020_000E;
    /// No error is on record.
    BG_E_ERROR_INFORMATION_UNAVAILABLE = 0x8020_000F;
    /// There is no network.
    BG_E_NETWORK_DISCONNECTED = 0x8020_0010;
    /// The server does not say how large the file is.
    BG_E_MISSING_FILE_SIZE = 0x8020_0011;
    /// The server does not speak HTTP/1.1.
    BG_E_INSUFFICIENT_HTTP_SUPPORT = 0x8020_0012;
    /// The server does not serve ranges as it has to.
    BG_E_INSUFFICIENT_RANGE_SUPPORT = 0x8020_0013;
    /// BITS cannot be used from another machine.
    BG_E_REMOTE_NOT_SUPPORTED = 0x8020_0014;
    /// The new owner has the drive letters of the job otherwise.
    BG_E_NEW_OWNER_DIFF_MAPPING = 0x8020_0015;
    /// The new owner may not use the job's files.
    BG_E_NEW_OWNER_NO_FILE_ACCESS = 0x8020_0016;
    /// The list of proxies is too long.
    BG_E_PROXY_LIST_TOO_LARGE = 0x8020_0018;
    /// The list of hosts without proxy is too long.
    BG_E_PROXY_BYPASS_LIST_TOO_LARGE = 0x8020_0019;
    /// The server's answer cannot be understood.
    BG_E_INVALID_SERVER_RESPONSE = 0x8020_001B;
    /// The job cannot take more files.
    BG_E_TOO_MANY_FILES = 0x8020_001C;
    /// The local file changed during the transfer.
    BG_E_LOCAL_FILE_CHANGED = 0x8020_001D;
    /// The error happened in the server's application.
    BG_E_ERROR_CONTEXT_REMOTE_APPLICATION = 0x8020_001E;
    /// The server does not know the upload session.
    BG_E_SESSION_NOT_FOUND = 0x8020_001F;
    /// The file is larger than the server takes.
    BG_E_TOO_LARGE = 0x8020_0020;
    /// A text is too long.
    BG_E_STRING_TOO_LONG = 0x8020_0021;
    /// Client and server speak no common protocol version.
    BG_E_CLIENT_SERVER_PROTOCOL_MISMATCH = 0x8020_0022;
    /// The server may execute files where uploads would go.
    BG_E_SERVER_EXECUTE_ENABLE = 0x8020_0023;
    /// No byte arrived within the time that was set.
    BG_E_NO_PROGRESS = 0x8020_0024;
    /// The user name is too long.
    BG_E_USERNAME_TOO_LARGE = 0x8020_0025;
    /// The password is too long.
    BG_E_PASSWORD_TOO_LARGE = 0x8020_0026;
    /// Credentials are for a server or a proxy, nothing else.
    BG_E_INVALID_AUTH_TARGET = 0x8020_0027;
    /// The authentication scheme is not known.
    BG_E_INVALID_AUTH_SCHEME = 0x8020_0028;
    /// The job has no such file.
    BG_E_FILE_NOT_FOUND = 0x8020_0029;
    /// A range is not inside the file.
    BG_E_INVALID_RANGE = 0x8020_002B;
    /// Two ranges share bytes.
    BG_E_OVERLAPPING_RANGES = 0x8020_002C;
    /// The connection could not be made.
    BG_E_CONNECT_FAILURE = 0x8020_002D;
    /// The connection was closed too early.
    BG_E_CONNECTION_CLOSED = 0x8020_002E;
    /// A policy forbids transfers at the moment.
    BG_E_BLOCKED_BY_POLICY = 0x8020_003E;
    /// The proxy settings are not valid.
    BG_E_INVALID_PROXY_INFO = 0x8020_003F;
    /// The credentials are malformed.
    BG_E_INVALID_CREDENTIALS = 0x8020_0040;
    /// The hash algorithm cannot be used.
    BG_E_INVALID_HASH_ALGORITHM = 0x8020_0041;
    /// The cached file was deleted.
    BG_E_RECORD_DELETED = 0x8020_0042;
    /// Another process is putting the file into the cache.
    BG_E_COMMIT_IN_PROGRESS = 0x8020_0043;
    /// Peers are still being looked for.
    BG_E_DISCOVERY_IN_PROGRESS = 0x8020_0044;
    /// The gateway's UPnP failed.
    BG_E_UPNP_ERROR = 0x8020_0045;
    /// An option for tests forbids the download.
    BG_E_TEST_OPTION_BLOCKED_DOWNLOAD = 0x8020_0046;
    /// The peer cache is switched off.
    BG_E_PEERCACHING_DISABLED = 0x8020_0047;
    /// The cached file is in use.
    BG_E_BUSYCACHERECORD = 0x8020_0048;
    /// The user has as many jobs as there may be.
    BG_E_TOO_MANY_JOBS_PER_USER = 0x8020_0049;
    /// The machine has as many jobs as there may be.
    BG_E_TOO_MANY_JOBS_PER_MACHINE = 0x8020_0050;
    /// The job has as many files as there may be.
    BG_E_TOO_MANY_FILES_IN_JOB = 0x8020_0051;
    /// The file has as many ranges as there may be.
    BG_E_TOO_MANY_RANGES_IN_FILE = 0x8020_0052;
    /// The content was verified and is not the right one.
    BG_E_VALIDATION_FAILED = 0x8020_0053;
    /// The job took longer than it may.
    BG_E_MAXDOWNLOAD_TIMEOUT = 0x8020_0054;
    /// A helper token is needed first.
    BG_E_TOKEN_REQUIRED = 0x8020_0056;
    /// There is no such property.
    BG_E_UNKNOWN_PROPERTY_ID = 0x8020_0057;
    /// The property can be read but not set.
    BG_E_READ_ONLY_PROPERTY = 0x8020_0058;
    /// The cost policy forbids transfers on this network.
    BG_E_BLOCKED_BY_COST_TRANSFER_POLICY = 0x8020_0059;
    /// Only jobs that download have the property.
    BG_E_PROPERTY_SUPPORTED_FOR_DOWNLOAD_JOBS_ONLY = 0x8020_0060;
    /// The property is fixed once the job has a file.
    BG_E_READ_ONLY_PROPERTY_AFTER_ADDFILE = 0x8020_0061;
    /// The property is fixed once the job was started.
    BG_E_READ_ONLY_PROPERTY_AFTER_RESUME = 0x8020_0062;
    /// The limit of the download size is not valid.
    BG_E_MAX_DOWNLOAD_SIZE_INVALID_VALUE = 0x8020_0063;
    /// The download is larger than its limit.
    BG_E_MAX_DOWNLOAD_SIZE_LIMIT_REACHED = 0x8020_0064;
    /// The machine is in standby.
    BG_E_STANDBY_MODE = 0x8020_0065;
    /// Stored credentials cannot be used for this job.
    BG_E_USE_STORED_CREDENTIALS_NOT_SUPPORTED = 0x8020_0066;
    /// The policy forbids transfers on battery.
    BG_E_BLOCKED_BY_BATTERY_POLICY = 0x8020_0067;
    /// The battery saver forbids transfers.
    BG_E_BLOCKED_BY_BATTERY_SAVER = 0x8020_0068;
    /// The service hung and was stopped.
    BG_E_WATCHDOG_TIMEOUT = 0x8020_0069;
    /// The caller's package is not known.
    BG_E_APP_PACKAGE_NOT_FOUND = 0x8020_006A;
    /// Packaged applications cannot do this.
    BG_E_APP_PACKAGE_SCENARIO_NOT_SUPPORTED = 0x8020_006B;
    /// The database of jobs is damaged.
    BG_E_DATABASE_CORRUPT = 0x8020_006C;
    /// The file cannot be read out of order.
    BG_E_RANDOM_ACCESS_NOT_SUPPORTED = 0x8020_006D;
    /// The application may not work in the background.
    BG_E_BLOCKED_BY_BACKGROUND_ACCESS_POLICY = 0x8020_006E;
    /// Transfers wait while a game runs.
    BG_E_BLOCKED_BY_GAME_MODE = 0x8020_006F;
    /// The system's policy forbids transfers at the moment.
    BG_E_BLOCKED_BY_SYSTEM_POLICY = 0x8020_0070;
    /// Another method than GET does not allow this.
    BG_E_NOT_SUPPORTED_WITH_CUSTOM_HTTP_METHOD = 0x8020_0071;
    /// The job's settings contradict each other.
    BG_E_UNSUPPORTED_JOB_CONFIGURATION = 0x8020_0072;
    /// The remote file changed during the transfer.
    BG_E_REMOTE_FILE_CHANGED = 0x8020_0073;
    /// The job needs a callback that checks the server's certificate.
    BG_E_SERVER_CERT_VALIDATION_INTERFACE_REQUIRED = 0x8020_0074;
    /// The property is fixed while the job is active.
    BG_E_READ_ONLY_WHEN_JOB_ACTIVE = 0x8020_0075;
    /// The error happened in the callback that checks the server's certificate.
    BG_E_ERROR_CONTEXT_SERVER_CERTIFICATE_CALLBACK = 0x8020_0076;
}
