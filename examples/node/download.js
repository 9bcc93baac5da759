// `node download.js URL FILE [SHA256]`: downloads a URL to a file in the current directory, and goes on where an earlier run was.

import './wasi.js';
import { readFile } from 'node:fs/promises';
import { WASIShim } from '@bytecodealliance/preview2-shim/instantiation';
import { instantiate } from './haul/haul.js';

const [url, path, sha256] = process.argv.slice(2);

// The component gets the current directory and the network, and nothing else.
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
    // Bytes move while the engine is driven, and at no other time.
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
  // What the component refuses is a failure of WIT.
  if (!error.payload) throw error;
  console.error(`${error.payload.name}: ${error.payload.description}`);
  process.exitCode = 1;
}
