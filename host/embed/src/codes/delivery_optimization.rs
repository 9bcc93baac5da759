//! The codes of Delivery Optimization.

use super::codes;

codes! {
    /// The service cannot be used at the moment.
    DO_E_NO_SERVICE = 0x80D0_1001;
    /// No byte arrived within the time that was set.
    DO_E_DOWNLOAD_NO_PROGRESS = 0x80D0_2002;
    /// There is no such job.
    DO_E_JOB_NOT_FOUND = 0x80D0_2003;
    /// The job has no file.
    DO_E_JOB_EMPTY = 0x80D0_2004;
    /// There is no download to list.
    DO_E_NO_DOWNLOADS = 0x80D0_2005;
    /// A memory stream cannot take this download.
    DO_E_MEMORYSTREAM_DOWNLOAD_NOT_SUPPORTED = 0x80D0_200B;
    /// The job was neither completed nor cancelled before it got too old.
    DO_E_JOB_TOO_OLD = 0x80D0_200C;
    /// No local path was set.
    DO_E_LOCALPATH_NOT_SET = 0x80D0_200D;
    /// The error belongs to no particular file.
    DO_E_FILE_NOT_AVAILABLE = 0x80D0_2010;
    /// There is no such property.
    DO_E_UNKNOWN_PROPERTY_ID = 0x80D0_2011;
    /// The property can be read but not set.
    DO_E_READ_ONLY_PROPERTY = 0x80D0_2012;
    /// The present state does not allow the call.
    DO_E_INVALID_STATE = 0x80D0_2013;
    /// No error is on record.
    DO_E_ERROR_INFORMATION_UNAVAILABLE = 0x80D0_2014;
    /// The property can be set but not read.
    DO_E_WRITE_ONLY_PROPERTY = 0x80D0_2015;
    /// The integrity check is mandatory, and nothing was given to check against.
    DO_E_INTEGRITYCHECKINFO_UNSPECIFIED = 0x80D0_2016;
    /// The integrity check is mandatory, and what to check against cannot be had.
    DO_E_INTEGRITYCHECKINFO_UNAVAILABLE = 0x80D0_2017;
    /// Nothing was set that takes the bytes.
    DO_E_FILE_DOWNLOADSINK_UNSPECIFIED = 0x80D0_2018;
    /// Another kind of sink takes the bytes already.
    DO_E_FILE_DOWNLOADSINK_ALREADY_SET = 0x80D0_2019;
    /// The answer with status 200 does not say how large the file is.
    DO_E_FILE_SIZE_UNKNOWN_HTTP_200 = 0x80D0_201A;
    /// A key was given, but the content is not encrypted.
    DO_E_FILE_ENCRYPTION_EXPECTED = 0x80D0_201B;
    /// The answer with status 206 does not say how large the file is.
    DO_E_FILE_SIZE_UNKNOWN_HTTP_206 = 0x80D0_201C;
    /// An answer of success does not say how large the file is.
    DO_E_FILE_SIZE_UNKNOWN_HTTP_2XX = 0x80D0_201D;
    /// The user has to agree before the network is used.
    DO_E_NETWORK_ACCESS_CONSENT_NEEDED = 0x80D0_201E;
    /// The download was started without a URL.
    DO_E_DOWNLOAD_NO_URI = 0x80D0_2200;
    /// The download was started without a content id.
    DO_E_DOWNLOAD_NO_CONTENT_ID = 0x80D0_2201;
    /// The content id is malformed.
    DO_E_INVALID_CONTENT_ID = 0x80D0_2202;
    /// Ranges were given where none can be used.
    DO_E_DOWNLOAD_RANGES_UNEXPECTED = 0x80D0_2203;
    /// Ranges are needed, and none were given.
    DO_E_DOWNLOAD_RANGES_EXPECTED = 0x80D0_2204;
    /// Downloads are throttled while participation is limited.
    DO_E_NO_DOWNLOAD_PARTICIPATION = 0x80D0_3001;
    /// Settings of the user or the administrator forbid it.
    DO_E_NO_DOWNLOAD_EXTSETTINGS = 0x80D0_3002;
    /// The cost policy forbids transfers on this network.
    DO_E_BLOCKED_BY_COST_TRANSFER_POLICY = 0x80D0_3801;
    /// The content's policy limits the download mode.
    DO_E_DOWNLOADMODE_SET_BY_CP = 0x80D0_3802;
    /// The policy forbids transfers on cellular networks.
    DO_E_BLOCKED_BY_CELLULAR_POLICY = 0x80D0_3803;
    /// The machine does not run on mains power.
    DO_E_BLOCKED_BY_POWER_STATE = 0x80D0_3804;
    /// There is no network.
    DO_E_BLOCKED_BY_NO_NETWORK = 0x80D0_3805;
    /// A policy limits the download mode.
    DO_E_DOWNLOADMODE_SET_BY_POLICY = 0x80D0_3806;
    /// Nothing is uploaded for a finished job while a VPN is in use.
    DO_E_BLOCKED_BY_VPN_POLICY = 0x80D0_3807;
    /// Nothing is uploaded for a finished job while memory is short.
    DO_E_BLOCKED_BY_CRITICAL_MEMORY_USAGE = 0x80D0_3808;
    /// The download mode is limited: there is no cache folder.
    DO_E_DOWNLOADMODE_SET_BY_CACHE_ABSENCE = 0x80D0_3809;
    /// The cloud services do not answer.
    DO_E_CLOUD_SERVICES_UNREACHABLE = 0x80D0_380A;
    /// The download mode is limited: the caller is not registered for peering.
    DO_E_DOWNLOADMODE_SET_FOR_UNREG_CALLER = 0x80D0_380B;
    /// The download mode is limited: simple ranges are downloaded.
    DO_E_DOWNLOADMODE_SET_FOR_SIMPLE_RANGES = 0x80D0_380C;
    /// The origin answered success, but sent no file.
    DO_E_UNEXPECTED_HTTP_STATUS_2XX = 0x80D0_380D;
    /// The answer is not as long as the request asked for.
    DO_E_HTTP_BLOCKSIZE_MISMATCH = 0x80D0_5001;
    /// The origin's certificate is not trusted.
    DO_E_HTTP_CERT_VALIDATION = 0x80D0_5002;
    /// A range is not inside the file.
    DO_E_INVALID_RANGE = 0x80D0_5010;
    /// The origin does not serve ranges as it has to.
    DO_E_INSUFFICIENT_RANGE_SUPPORT = 0x80D0_5011;
    /// Two ranges share bytes.
    DO_E_OVERLAPPING_RANGES = 0x80D0_5012;
    /// Too many bad pieces were sent to peers.
    DO_E_UPLOADING_BAD_PIECES = 0x80D0_6800;
    /// The engine itself failed.
    DO_E_FATAL_CORE_ERROR = 0x80D0_6802;
    /// The cloud services sent an empty answer.
    DO_E_SERVICES_RESPONSE_EMPTY = 0x80D0_6803;
    /// The data that came in is not what it should be.
    DO_E_BAD_INCOMING_DATA = 0x80D0_6804;
    /// A piece does not have its digest.
    DO_E_BAD_PIECE_HASH = 0x80D0_6805;
    /// A piece does not have its digest; its source may go on.
    DO_E_BAD_PIECE_HASH_NO_BAN = 0x80D0_6806;
    /// The piece is here already.
    DO_E_ALREADY_HAVE_PIECE = 0x80D0_6807;
    /// A piece is no longer in the cache.
    DO_E_MISSING_PIECE = 0x80D0_6808;
    /// The document that describes the content cannot be read.
    DO_E_METAINFO_CONTENT = 0x80D0_6809;
    /// The document that describes the content is of an unknown version.
    DO_E_METAINFO_VERSION = 0x80D0_680A;
    /// The swarm is not running.
    DO_E_SWARM_NOT_RUNNING = 0x80D0_680B;
    /// The connection belongs to no known peer.
    DO_E_UNRECOGNIZED_CONN = 0x80D0_680C;
    /// The peer is banned.
    DO_E_PEER_BANNED = 0x80D0_680D;
    /// The peer's address is this machine's own.
    DO_E_CONNECT_TO_SELF = 0x80D0_680E;
    /// The peer is connected already.
    DO_E_ALREADY_CONNECTED = 0x80D0_680F;
    /// There are as many connections as there may be.
    DO_E_NO_MORE_CONNECTIONS = 0x80D0_6810;
    /// The connection to the peer was lost.
    DO_E_LOST_CONNECTION = 0x80D0_6811;
    /// The peer asks for a swarm that is not known here.
    DO_E_UNRECOGNIZED_SWARM = 0x80D0_6812;
    /// The peer's handshake has the wrong length.
    DO_E_INVALID_HANDSHAKE_LEN = 0x80D0_6813;
    /// The peer closed the connection.
    DO_E_SOCKET_CLOSED = 0x80D0_6814;
    /// A message of the peer is too long.
    DO_E_PEER_MSG_TOO_LONG = 0x80D0_6815;
    /// A message of the peer is malformed.
    DO_E_INVALID_PEER_MSG = 0x80D0_6816;
    /// The peer only uploads, as this side does.
    DO_E_PEER_IS_UPLOAD = 0x80D0_6817;
    /// Without peering, content cannot be pinned in the cache.
    DO_E_PIN_FAIL_NO_PEERING = 0x80D0_6818;
    /// Pinned content is only deleted by force.
    DO_E_DELETE_PINNED_SWARM = 0x80D0_6819;
    /// The piece-hash file does not have its digest.
    DO_E_METAINFO_DIGEST_MATCH = 0x80D0_681A;
    /// The piece-hash file states another hash of hashes.
    DO_E_METAINFO_HOH_MATCH = 0x80D0_681B;
    /// The digests of the pieces do not add up to the hash of hashes.
    DO_E_METAINFO_HOH_FINAL_MATCH = 0x80D0_681C;
    /// The piece-hash file states no usable length of the content.
    DO_E_METAINFO_CONTENT_LENGTH = 0x80D0_681D;
    /// The piece-hash file states no usable size of pieces.
    DO_E_METAINFO_PIECE_SIZE = 0x80D0_681E;
    /// The hash of hashes cannot be read.
    DO_E_METAINFO_PARSE_HOH = 0x80D0_681F;
    /// The list of piece digests cannot be read.
    DO_E_METAINFO_PARSE_PIECEHASHES = 0x80D0_6820;
    /// The digest of one piece cannot be read.
    DO_E_METAINFO_PARSE_ONE_PIECEHASH = 0x80D0_6821;
    /// The length is not known, or is not the one that was described.
    DO_E_METAINFO_FILE_SIZE = 0x80D0_6822;
}
