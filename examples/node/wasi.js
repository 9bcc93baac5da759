// What preview2-shim 0.26 does otherwise than WASI says, put right for every component of this process.

import { filesystem, http, io } from '@bytecodealliance/preview2-shim';

const { Descriptor } = filesystem.types;
const { InputStream, OutputStream } = io.streams;

// The shim compares handles, and calls two handles of one file different files.
Descriptor.prototype.isSameObject = function (other) {
  const [one, two] = [this.metadataHash(), other.metadataHash()];
  return one.lower === two.lower && one.upper === two.upper;
};

// The shim throws where an error is none of the file system.
const { filesystemErrorCode } = filesystem.types;
filesystem.types.filesystemErrorCode = (error) => {
  try {
    return filesystemErrorCode(error);
  } catch {
    return undefined;
  }
};

// The shim gives a body that was cut off no code of HTTP.
http.types.httpErrorCode = (error) => (error.payload?.tag ? error.payload : { tag: 'connection-terminated' });

// The shim returns bytes in the place of their number.
InputStream.prototype.skip = function (length) {
  return BigInt(this.read(length).byteLength);
};

// The shim moves more than it was asked for, and does not wait until it is written.
OutputStream.prototype.blockingSplice = function (source, length) {
  const room = this.checkWrite();
  const bytes = source.read(length < room ? length : room);
  if (bytes.byteLength > 0) this.blockingWriteAndFlush(bytes);
  return BigInt(bytes.byteLength);
};
