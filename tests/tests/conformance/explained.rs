//! Codes of Delivery Optimization that haul never returns, about peers and cloud services. `explain` still covers them, because
//! logs may contain them.

use crate::codes::*;
use crate::sources::ERRORS;
use crate::statement::statements;
use crate::world::World;

/// Asserts that haul can explain `code`.
async fn is_explained(code: Code) {
    let world = World::new().await;
    let explanation = world.engine.explain(code.number).await.unwrap().expect("an explanation");
    assert_eq!((explanation.code, explanation.name.as_str()), (code.number, code.name));
    assert!(!explanation.meaning.is_empty());
}

/// Each entry has the name of its test, the code, and its meaning.
macro_rules! explained {
    ($($name:ident $code:ident $said:literal;)+) => {
        statements! {
            "Codes of Delivery Optimization that haul only explains";
            $(
                #[doc = $said]
                Idl(ERRORS), Chosen("haul never returns it; `explain` knows it.");
                async fn $name() {
                    is_explained($code).await;
                }
            )+
        }
    };
}

explained! {
    do_e_localpath_not_set DO_E_LOCALPATH_NOT_SET
        "0x80D0200D, DO_E_LOCALPATH_NOT_SET: no local path is set.";
    do_e_file_size_unknown_http_200 DO_E_FILE_SIZE_UNKNOWN_HTTP_200
        "0x80D0201A, DO_E_FILE_SIZE_UNKNOWN_HTTP_200: a response with 200 does not have the size.";
    do_e_file_size_unknown_http_206 DO_E_FILE_SIZE_UNKNOWN_HTTP_206
        "0x80D0201C, DO_E_FILE_SIZE_UNKNOWN_HTTP_206: a response with 206 does not have the size.";
    do_e_file_size_unknown_http_2xx DO_E_FILE_SIZE_UNKNOWN_HTTP_2XX
        "0x80D0201D, DO_E_FILE_SIZE_UNKNOWN_HTTP_2XX: another successful response does not have the size.";
    do_e_network_access_consent_needed DO_E_NETWORK_ACCESS_CONSENT_NEEDED
        "0x80D0201E, DO_E_NETWORK_ACCESS_CONSENT_NEEDED: the user must consent to the use of the network.";
    do_e_download_no_content_id DO_E_DOWNLOAD_NO_CONTENT_ID
        "0x80D02201, DO_E_DOWNLOAD_NO_CONTENT_ID: the download was started without a content id.";
    do_e_no_download_participation DO_E_NO_DOWNLOAD_PARTICIPATION
        "0x80D03001, DO_E_NO_DOWNLOAD_PARTICIPATION: the limits on participation forbid the download.";
    do_e_no_download_extsettings DO_E_NO_DOWNLOAD_EXTSETTINGS
        "0x80D03002, DO_E_NO_DOWNLOAD_EXTSETTINGS: settings forbid the download.";
    do_e_downloadmode_set_by_cp DO_E_DOWNLOADMODE_SET_BY_CP
        "0x80D03802, DO_E_DOWNLOADMODE_SET_BY_CP: the content's policy limits the mode.";
    do_e_blocked_by_power_state DO_E_BLOCKED_BY_POWER_STATE
        "0x80D03804, DO_E_BLOCKED_BY_POWER_STATE: the device is not on mains power.";
    do_e_downloadmode_set_by_policy DO_E_DOWNLOADMODE_SET_BY_POLICY
        "0x80D03806, DO_E_DOWNLOADMODE_SET_BY_POLICY: a policy limits the mode.";
    do_e_blocked_by_vpn_policy DO_E_BLOCKED_BY_VPN_POLICY
        "0x80D03807, DO_E_BLOCKED_BY_VPN_POLICY: the download must not use a VPN.";
    do_e_blocked_by_critical_memory_usage DO_E_BLOCKED_BY_CRITICAL_MEMORY_USAGE
        "0x80D03808, DO_E_BLOCKED_BY_CRITICAL_MEMORY_USAGE: memory is low.";
    do_e_downloadmode_set_by_cache_absence DO_E_DOWNLOADMODE_SET_BY_CACHE_ABSENCE
        "0x80D03809, DO_E_DOWNLOADMODE_SET_BY_CACHE_ABSENCE: the cache has no folder.";
    do_e_cloud_services_unreachable DO_E_CLOUD_SERVICES_UNREACHABLE
        "0x80D0380A, DO_E_CLOUD_SERVICES_UNREACHABLE: the cloud services cannot be reached.";
    do_e_downloadmode_set_for_unreg_caller DO_E_DOWNLOADMODE_SET_FOR_UNREG_CALLER
        "0x80D0380B, DO_E_DOWNLOADMODE_SET_FOR_UNREG_CALLER: the caller is not registered for peering.";
    do_e_downloadmode_set_for_simple_ranges DO_E_DOWNLOADMODE_SET_FOR_SIMPLE_RANGES
        "0x80D0380C, DO_E_DOWNLOADMODE_SET_FOR_SIMPLE_RANGES: ranges are downloaded in simple mode.";
    do_e_uploading_bad_pieces DO_E_UPLOADING_BAD_PIECES
        "0x80D06800, DO_E_UPLOADING_BAD_PIECES: too many bad pieces were uploaded.";
    do_e_fatal_core_error DO_E_FATAL_CORE_ERROR
        "0x80D06802, DO_E_FATAL_CORE_ERROR: the engine itself failed.";
    do_e_services_response_empty DO_E_SERVICES_RESPONSE_EMPTY
        "0x80D06803, DO_E_SERVICES_RESPONSE_EMPTY: the response of the cloud services is empty.";
    do_e_bad_piece_hash_no_ban DO_E_BAD_PIECE_HASH_NO_BAN
        "0x80D06806, DO_E_BAD_PIECE_HASH_NO_BAN: the hash of a piece does not match, and its source is not banned yet.";
    do_e_already_have_piece DO_E_ALREADY_HAVE_PIECE
        "0x80D06807, DO_E_ALREADY_HAVE_PIECE: the piece is already stored.";
    do_e_missing_piece DO_E_MISSING_PIECE
        "0x80D06808, DO_E_MISSING_PIECE: a piece is missing from the cache.";
    do_e_metainfo_version DO_E_METAINFO_VERSION
        "0x80D0680A, DO_E_METAINFO_VERSION: the version of the metadata is unknown.";
    do_e_swarm_not_running DO_E_SWARM_NOT_RUNNING
        "0x80D0680B, DO_E_SWARM_NOT_RUNNING: the swarm is not running.";
    do_e_unrecognized_conn DO_E_UNRECOGNIZED_CONN
        "0x80D0680C, DO_E_UNRECOGNIZED_CONN: the connection of a peer is unknown.";
    do_e_peer_banned DO_E_PEER_BANNED
        "0x80D0680D, DO_E_PEER_BANNED: the peer is banned.";
    do_e_connect_to_self DO_E_CONNECT_TO_SELF
        "0x80D0680E, DO_E_CONNECT_TO_SELF: the peer is the client itself.";
    do_e_already_connected DO_E_ALREADY_CONNECTED
        "0x80D0680F, DO_E_ALREADY_CONNECTED: the peer is already connected.";
    do_e_no_more_connections DO_E_NO_MORE_CONNECTIONS
        "0x80D06810, DO_E_NO_MORE_CONNECTIONS: the limit of connections is reached.";
    do_e_lost_connection DO_E_LOST_CONNECTION
        "0x80D06811, DO_E_LOST_CONNECTION: the connection was lost.";
    do_e_unrecognized_swarm DO_E_UNRECOGNIZED_SWARM
        "0x80D06812, DO_E_UNRECOGNIZED_SWARM: the swarm is unknown.";
    do_e_invalid_handshake_len DO_E_INVALID_HANDSHAKE_LEN
        "0x80D06813, DO_E_INVALID_HANDSHAKE_LEN: a handshake has a wrong length.";
    do_e_socket_closed DO_E_SOCKET_CLOSED
        "0x80D06814, DO_E_SOCKET_CLOSED: the socket was closed.";
    do_e_peer_msg_too_long DO_E_PEER_MSG_TOO_LONG
        "0x80D06815, DO_E_PEER_MSG_TOO_LONG: the message of a peer is too long.";
    do_e_invalid_peer_msg DO_E_INVALID_PEER_MSG
        "0x80D06816, DO_E_INVALID_PEER_MSG: the message of a peer is invalid.";
    do_e_peer_is_upload DO_E_PEER_IS_UPLOAD
        "0x80D06817, DO_E_PEER_IS_UPLOAD: the peer only uploads.";
    do_e_pin_fail_no_peering DO_E_PIN_FAIL_NO_PEERING
        "0x80D06818, DO_E_PIN_FAIL_NO_PEERING: only content shared with peers can be pinned.";
    do_e_delete_pinned_swarm DO_E_DELETE_PINNED_SWARM
        "0x80D06819, DO_E_DELETE_PINNED_SWARM: pinned content is not deleted without force.";
    do_e_metainfo_hoh_final_match DO_E_METAINFO_HOH_FINAL_MATCH
        "0x80D0681C, DO_E_METAINFO_HOH_FINAL_MATCH: the hash of hashes does not match at the last check.";
    do_e_metainfo_content_length DO_E_METAINFO_CONTENT_LENGTH
        "0x80D0681D, DO_E_METAINFO_CONTENT_LENGTH: the length in the metadata is wrong.";
    do_e_metainfo_piece_size DO_E_METAINFO_PIECE_SIZE
        "0x80D0681E, DO_E_METAINFO_PIECE_SIZE: the size of pieces in the metadata is wrong.";
    do_e_metainfo_parse_hoh DO_E_METAINFO_PARSE_HOH
        "0x80D0681F, DO_E_METAINFO_PARSE_HOH: the hash of hashes cannot be parsed.";
    do_e_metainfo_parse_piecehashes DO_E_METAINFO_PARSE_PIECEHASHES
        "0x80D06820, DO_E_METAINFO_PARSE_PIECEHASHES: the list of hashes cannot be parsed.";
    do_e_metainfo_parse_one_piecehash DO_E_METAINFO_PARSE_ONE_PIECEHASH
        "0x80D06821, DO_E_METAINFO_PARSE_ONE_PIECEHASH: one of the hashes cannot be parsed.";
}
