// `node download.js URL FILE [SHA256]`: downloads a URL to a file in the current directory, and resumes an earlier run.

import './wasi.js';
import { readFile } from 'node:fs/promises';
import { WASIShim } from '@bytecodealliance/preview2-shim/instantiation';
import { instantiate } from './haul/haul.js';

const [url, path, sha256] = process.argv.slice(2);

// The component has access to the current directory and the network only.
const wasi = new WASIShim({ sandbox: { preopens: { '.': '.' }, env: {}, args: [] } });
const compile = async (name) => WebAssembly.compile(await readFile(new URL(`haul/${name}`, import.meta.url)));
const { engine, doManager } = await instantiate(compile, wasi.getImportObject());

const driver = {
  computesDigests: false,
  locksFiles: false,
  takesExchangeFields: false,
  resolvesContent: false,
  waitsForCallers: false,
};

const options = {
  overwrite: false,
  fresh: false,
  expected: sha256 ? [{ algorithm: 'sha256', value: Buffer.from(sha256, 'hex') }] : [],
  durability: 'power',
  mirrors: [],
  refreshed: false,
  originNames: false,
};

function fetch() {
  engine.open({ driver });
  const download = doManager.createDownload();
  download.setProperty({ tag: 'uri', val: url });
  download.setProperty({ tag: 'local-path', val: path });
  engine.setTransferOptions(download, options);
  download.start({ tag: 'whole-file' });
  for (;;) {
    const { state, error, bytesTransferred, bytesTotal } = download.getStatus();
    if (state === 'transferred') break;
    if (error) throw { payload: error };
    console.log(`${bytesTransferred} of ${bytesTotal} bytes`);
    // Bytes move only if the program calls `drive`.
    engine.drive();
  }
  download.finalize();
  const { bytesFetched, bytesResumed } = engine.getReport(download);
  console.log(`${path}: ${bytesFetched} bytes fetched, ${bytesResumed} kept from an earlier run`);
  engine.close();
}

try {
  fetch();
} catch (error) {
  // A refusal of the component is a `failure` of WIT.
  if (!error.payload) throw error;
  console.error(`${error.payload.name}: ${error.payload.description}`);
  process.exitCode = 1;
}
