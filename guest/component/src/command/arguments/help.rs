//! The text of `get --help`.

pub const HELP: &str = "\
Usage: haul.wasm get [OPTIONS] <URL>...

Files:
  -o, --output FILE        name of the file, below the directory of --dir; one URL only;
                           - for standard output
  -d, --dir DIR            directory of the files [default: .]
      --state-dir DIR      directory of the key and of the records of finished files, inside a
                           directory that wasmtime grants; without it, only --checksum lets a
                           later run resume, or recognise a complete file
  -i, --input FILE         list of URLs, one on each line; after a tab a name; # starts a comment
                           line; - for standard input
      --metalink FILE      download the files of a Metalink document; - for standard input
      --mirror URL         another URL of the same file; repeatable; one URL only
      --range FIRST-LAST   bytes to download, counted from 0; also FIRST- and -SUFFIX; repeatable.
                           The parts are written one after the other
      --max-filesize BYTES  largest size of a file in bytes (suffix K, M or G). A larger one fails:
                           before its first byte if the server declares the length, else at the
                           limit
      --content-disposition  let the server name the file; it never replaces a file and never
                           leaves the directory
      --overwrite          replace an existing file, even a complete one
      --fresh              ignore the bytes that an earlier run kept
      --refresh            the URL is a new one for the bytes that an earlier run kept, such as a
                           signed URL in place of an expired one; one URL only
      --no-sync            do not sync: kept bytes survive the death of the process, but not a
                           power loss

Integrity:
      --checksum ALGO:HEX  digest of the file: sha256, sha512, sha1, md5 or blake3; one URL only
      --pieces FILE        piece-hash file of Delivery Optimization; - for standard input; one URL
                           only
      --integrity-info FILE  JSON text with the URL of the piece-hash file and, if known, its
                           digests; - for standard input; one URL only
      --require-integrity  fail if the piece-hash file of --integrity-info cannot be used
      --decrypt FILE       JSON text with the key of an encrypted file; - for standard input; one
                           URL only

Requests:
  -H, --header HEADER      request header; @FILE reads headers from a file, one on each line, and
                           @- from standard input; repeatable
      --auth-header HEADER  like --header, but sent only after the server has answered 401;
                           repeatable
      --correlation-vector TEXT  sent as the header MS-CV, to find the download in the server's logs
      --allow-insecure-redirect  follow a redirect from https to http

TLS (stock wasmtime decides which certificates to trust, so these fail with E_NOTIMPL):
  -E, --client-certificate FILE  client certificate and private key, as PEM text in one file
      --insecure WHAT      accept these faults of a certificate: unknown-ca, wrong-usage,
                           wrong-name, wrong-date; separated by commas; repeatable
      --check-revocation   refuse a certificate that was revoked, or that no list of --crl covers
      --crl FILE           certificate revocation list, PEM or DER; repeatable

Limits:
  -c, --connections N      segments in flight for each file [default: chosen by the engine]
  -j, --jobs N             files in flight [default: 5]
      --max-per-origin N   connections to one server, of all files together
      --limit-rate BYTES   bytes per second of all files together (suffix K, M or G)
      --limit-rate-per-file BYTES  bytes per second of each file (suffix K, M or G)
      --min-rate BYTES     bytes per second (suffix K, M or G); a slower connection counts as
                           silent, also for --timeout
      --retries N          failures in a row, without a byte between them, after which a file
                           fails [default: 10]
      --timeout SECONDS    seconds without a byte after which a file fails; waits that a server
                           asks for do not count [default: 60]
      --max-time SECONDS   seconds after which the command ends; kept bytes can be resumed
      --background         background priority; the cost policy is standard unless --cost-policy
                           is given

Network cost:
      --cost-policy POLICY  allowed networks: always, unrestricted, standard, no-roaming,
                           no-surcharge or no-cellular [default: always; with --background:
                           standard]
      --no-cellular        never download over a cellular network, even if the policy allows it
      --network COST,...   cost of the present network, which haul cannot detect: unrestricted,
                           capped-usage-unknown, below-cap, near-cap, over-cap-charged,
                           over-cap-throttled or usage-based; after commas roaming, cellular,
                           offline

Output:
      --json               one JSON object on each line of standard output: progress, then one
                           result for each URL
  -q, --quiet              no progress; errors and JSON lines remain
  -v, --verbose            retries and their causes
  -h, --help

Grant each directory that files go to: wasmtime run -S http --dir DIR haul.wasm get ...
";
