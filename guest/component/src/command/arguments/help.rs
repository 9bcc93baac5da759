//! What `get --help` says.

pub const HELP: &str = "\
Usage: haul.wasm get [OPTIONS] <URL>...

What, and where it goes:
  -o, --output FILE        where the file goes, in the directory of --dir; one URL only;
                           - for standard output
  -d, --dir DIR            directory for the files [default: .]
  -i, --input FILE         list of URLs, - for standard input; a name may follow after a tab
      --metalink FILE      download what a Metalink document describes
      --mirror URL         another URL for the same content; repeatable; one URL only
      --range FIRST-LAST   bytes to fetch; repeatable; FIRST- and -SUFFIX too
      --max-filesize BYTES  fail for a file that is larger, with K, M or G
      --content-disposition  let the origin name the file
      --overwrite          replace an existing file
      --fresh              ignore what an earlier run kept
      --refresh            the URL is a new one for what an earlier run kept
      --no-sync            survive the death of the process only, not a loss of power

What the bytes must be:
      --checksum ALGO:HEX  sha256, sha512, sha1, md5 or blake3; one URL only
      --pieces FILE        piece-hash file of the content; one URL only
      --integrity-info FILE  JSON text that says where the piece-hash file is; one URL only
      --require-integrity  fail where that piece-hash file cannot be had
      --decrypt FILE       JSON text with the key of an encrypted content; one URL only

What origins are told:
  -H, --header 'Name: value'
      --auth-header 'Name: value'  sent only once the origin has answered 401;
                           @FILE for either: the lines of a file, @- of standard input
      --correlation-vector TEXT  sent as the header MS-CV
      --allow-insecure-redirect  follow a redirect from https to http

TLS, which the stock runtime leaves no choice about: these fail here, and work with the native haul
  -E, --client-certificate FILE  certificate and private key, as PEM text
      --insecure WHAT      unknown-ca, wrong-usage, wrong-name, wrong-date
      --check-revocation   refuse a certificate that was revoked
      --crl FILE           certificate revocation list

How much, how fast, how long:
  -c, --connections N      segments in flight per file [default: chosen by the engine]
  -j, --jobs N             files in flight [default: 5]
      --max-per-origin N   connections to one origin, all files together
      --limit-rate BYTES   per second, all files together, with K, M or G
      --limit-rate-per-file BYTES
      --min-rate BYTES     per second; less counts as nothing
      --retries N          failures in a row before giving up [default: 10]
      --timeout SECONDS    give up after this long without a byte [default: 60]
      --max-time SECONDS   end the whole run after this long; what is kept can be resumed
      --background         background priority

What the network costs:
      --cost-policy POLICY  always, unrestricted, standard, no-roaming, no-surcharge or
                           no-cellular [default: always; with --background: standard]
      --no-cellular        never over a cellular network
      --network COST,...   unrestricted, capped-usage-unknown, below-cap, near-cap,
                           over-cap-charged, over-cap-throttled or usage-based; after commas
                           roaming, cellular, offline

What is said:
      --json               one JSON object per line on standard output
  -q, --quiet              no progress
  -v, --verbose            retries and their causes too
  -h, --help

A directory that files go to must be granted: wasmtime run -S http --dir DIR haul.wasm get ...
";
