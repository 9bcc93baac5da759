// Corrections of preview2-shim 0.26 to match WASI, for every component of this process.

import { filesystem, http, io } from '@bytecodealliance/preview2-shim';

const { Descriptor } = filesystem.types;
const { InputStream, OutputStream } = io.streams;

// The shim compares handles, so two handles of one file count as different files.
Descriptor.prototype.isSameObject = function (other) {
  const [one, two] = [this.metadataHash(), other.metadataHash()];
  return one.lower === two.lower && one.upper === two.upper;
};

// The shim throws if an error is not one of the file system.
const { filesystemErrorCode } = filesystem.types;
filesystem.types.filesystemErrorCode = (error) => {
  try {
    return filesystemErrorCode(error);
  } catch {
    return undefined;
  }
};

// The shim has no HTTP error code for a truncated body.
http.types.httpErrorCode = (error) => (error.payload?.tag ? error.payload : { tag: 'connection-terminated' });

// The shim returns the bytes instead of their number.
InputStream.prototype.skip = function (length) {
  return BigInt(this.read(length).byteLength);
};

// The shim moves more bytes than requested, and does not wait until they are written.
OutputStream.prototype.blockingSplice = function (source, length) {
  const room = this.checkWrite();
  const bytes = source.read(length < room ? length : room);
  if (bytes.byteLength > 0) this.blockingWriteAndFlush(bytes);
  return BigInt(bytes.byteLength);
};
